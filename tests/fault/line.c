#include "config.h"

#include "tests/fault/line.h"

#include "tests/fault/sync_fault.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <dirent.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MESSAGE_MAX = 4 << 20, EXITING = 0x4 /* PF_EXITING in /proc/PID/stat */ };

/* One connection of the station, in a process of its own. */
struct wire {
	struct line_plan *plan;
	line_liar *liar;
	int client, server, port;
	int slot; /* whose it is, LINE_OFF if nobody is watched */
	unsigned seed;
	struct yz_buf request, answer;
};

const char *line_body(const struct yz_buf *message, size_t *len)
{
	const char *all = yz_buf_str(message), *end = strstr(all, "\r\n\r\n");

	*len = end ? message->len - (size_t)(end + 4 - all) : 0;
	return end ? end + 4 : all + message->len;
}

void line_header(const struct yz_buf *message, const char *name, char *out, size_t size)
{
	const char *p = strstr(yz_buf_str(message), "\r\n");
	size_t n = strlen(name);

	*out = '\0';
	while (p && strncmp(p, "\r\n\r\n", 4) != 0) {
		p += 2;
		if (!strncasecmp(p, name, n) && p[n] == ':') {
			p += n + 1;
			p += strspn(p, " ");
			(void)snprintf(out, size, "%.*s", (int)strcspn(p, "\r"), p);
			return;
		}
		p = strstr(p, "\r\n");
	}
}

static bool more(int fd, struct yz_buf *b)
{
	char chunk[65536];
	ssize_t n = read(fd, chunk, sizeof(chunk));

	if (n <= 0 || b->len + (size_t)n > MESSAGE_MAX)
		return false;
	yz_buf_add(b, chunk, (size_t)n);
	return true;
}

static bool has_no_body(const char *status_line)
{
	return !strncmp(status_line, "GET ", 4) || !strncmp(status_line + 9, "204", 3) ||
	       !strncmp(status_line + 9, "304", 3);
}

bool line_read(int fd, struct yz_buf *b)
{
	char length[24];
	size_t have;

	yz_buf_clear(b);
	while (!strstr(yz_buf_str(b), "\r\n\r\n"))
		if (!more(fd, b))
			return false;
	if (has_no_body(yz_buf_str(b)))
		return true;
	line_header(b, "Content-Length", length, sizeof(length));
	do
		(void)line_body(b, &have);
	while ((!*length || have < (size_t)strtoul(length, NULL, 10)) && more(fd, b));
	return !*length || have >= (size_t)strtoul(length, NULL, 10);
}

bool line_write(int fd, const char *p, size_t n)
{
	while (n) {
		ssize_t k = send(fd, p, n, MSG_NOSIGNAL);

		if (k <= 0)
			return false;
		p += k;
		n -= (size_t)k;
	}
	return true;
}

int line_reach(int port)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (s >= 0 && connect(s, (struct sockaddr *)&to, sizeof(to)) != 0) {
		(void)close(s);
		s = -1;
	}
	return s;
}

/* Ends both sides of the connection, hard or soft; always false. */
static bool cut(struct wire *w)
{
	const struct linger hard = {1, 0};

	w->plan->cuts++;
	if (w->plan->reset) {
		(void)setsockopt(w->client, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
		if (w->server >= 0)
			(void)setsockopt(w->server, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
	}
	return false;
}

/* Nothing moves until the plan allows it or the station hangs up. */
static bool wait_silent(struct wire *w)
{
	struct pollfd p = {.fd = w->client, .events = POLLRDHUP};

	while (w->plan->silent)
		if (poll(&p, 1, 50) > 0)
			break;
	return cut(w);
}

static bool wait_delay(struct wire *w)
{
	struct pollfd p = {.fd = w->client, .events = POLLRDHUP};

	return !w->plan->delay_ms || poll(&p, 1, w->plan->delay_ms) == 0;
}

static int chance(struct wire *w, int below)
{
	return rand_r(&w->seed) % below;
}

/* Hands a message on, or only its first bytes and then nothing more. */
static bool pass(struct wire *w, int fd, const struct yz_buf *b, int bytes)
{
	if (bytes == LINE_OFF)
		return line_write(fd, yz_buf_str(b), b->len);
	(void)line_write(fd, yz_buf_str(b), (size_t)bytes < b->len ? (size_t)bytes : b->len);
	return cut(w);
}

static bool exchange(struct wire *w, bool post)
{
	struct line_plan *plan = w->plan;
	int up = post ? atomic_exchange(&plan->request_cut, LINE_OFF) : LINE_OFF;
	int back = LINE_OFF;

	if (plan->down)
		return cut(w);
	if (plan->silent)
		return wait_silent(w);
	if (post && plan->lie != LINE_OFF) {
		yz_buf_clear(&w->answer);
		return w->liar(plan->lie, &w->request, &w->answer, w->client) &&
		       line_write(w->client, yz_buf_str(&w->answer), w->answer.len);
	}
	if (chance(w, 1000) < plan->loss_permille)
		up = chance(w, (int)w->request.len + 1);
	if (w->server < 0 && (w->server = line_reach(w->port)) < 0)
		return cut(w);
	if (!pass(w, w->server, &w->request, up))
		return false;
	if (!line_read(w->server, &w->answer))
		return cut(w);
	if (!wait_delay(w))
		return false;
	if (post) {
		plan->request_len = (int)w->request.len;
		plan->reply_len = (int)w->answer.len;
		back = atomic_exchange(&plan->reply_cut, LINE_OFF);
	}
	if (chance(w, 1000) < plan->loss_permille)
		back = chance(w, (int)w->answer.len + 1);
	return pass(w, w->client, &w->answer, back);
}

/* The inode of the station's end of the connection, from the kernel's table. */
static unsigned long inode_of_peer(int client)
{
	struct sockaddr_in peer = {0}, own = {0};
	socklen_t size = sizeof(peer);
	char line[256];
	unsigned long inode = 0;
	FILE *f = fopen("/proc/net/tcp", "re");

	(void)getpeername(client, (struct sockaddr *)&peer, &size);
	size = sizeof(own);
	(void)getsockname(client, (struct sockaddr *)&own, &size);
	while (f && !inode && fgets(line, sizeof(line), f)) {
		unsigned from, to;
		unsigned long id;

		if (sscanf(line, " %*d: %*x:%x %*x:%x %*x %*x:%*x %*x:%*x %*x %*d %*d %lu", &from,
		            &to, &id) == 3 &&
		        from == ntohs(peer.sin_port) && to == ntohs(own.sin_port))
			inode = id;
	}
	if (f)
		(void)fclose(f);
	return inode;
}

static bool has_socket(int pid, unsigned long inode)
{
	char path[300], want[64], got[64];
	struct dirent *e;
	bool found = false;
	DIR *d;

	(void)snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	(void)snprintf(want, sizeof(want), "socket:[%lu]", inode);
	d = opendir(path);
	while (d && !found && (e = readdir(d))) {
		ssize_t n;

		(void)snprintf(path, sizeof(path), "/proc/%d/fd/%s", pid, e->d_name);
		n = readlink(path, got, sizeof(got) - 1);
		got[n > 0 ? n : 0] = '\0';
		found = !strcmp(got, want);
	}
	if (d)
		(void)closedir(d);
	return found;
}

/* Which of the watched processes sends here. */
static int find_sender(const struct wire *w)
{
	unsigned long inode = 0;

	for (int i = 0; i < LINE_SENDERS; i++) {
		int pid = w->plan->sender[i];

		if (pid && !inode)
			inode = inode_of_peer(w->client);
		if (pid && inode && has_socket(pid, inode))
			return i;
	}
	return LINE_OFF;
}

static bool is_alive(int pid)
{
	char path[64], line[512] = "", state = 'X';
	unsigned flags = EXITING;
	const char *p;
	FILE *f;

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	f = fopen(path, "re");
	if (!f)
		return false;
	if (fgets(line, sizeof(line), f) && (p = strrchr(line, ')')))
		(void)sscanf(p + 1, " %c %*d %*d %*d %*d %*d %u", &state, &flags);
	(void)fclose(f);
	return state != 'Z' && state != 'X' && !(flags & EXITING);
}

/* Two that live and send at once is what must never be seen. */
static void enter(struct wire *w)
{
	struct line_plan *plan = w->plan;

	w->slot = find_sender(w);
	if (w->slot == LINE_OFF)
		return;
	plan->busy[w->slot]++;
	for (int i = 0; i < LINE_SENDERS; i++)
		if (i != w->slot && plan->busy[i] > 0 && is_alive(plan->sender[i]))
			plan->overlaps++;
}

static _Noreturn void serve(struct wire *w)
{
	bool going = true;

	while (going && line_read(w->client, &w->request)) {
		bool post = !strncmp(yz_buf_str(&w->request), "POST /v1/batches", 16);

		w->slot = LINE_OFF;
		if (post) {
			w->plan->posts++;
			enter(w);
		}
		going = exchange(w, post);
		if (w->slot != LINE_OFF)
			w->plan->busy[w->slot]--;
	}
	_exit(0);
}

static _Noreturn void run(struct wire *w, int listener)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)signal(SIGCHLD, SIG_IGN); /* the kernel buries the children */
	for (;;) {
		w->client = accept(listener, NULL, NULL);
		if (w->client < 0)
			continue;
		w->seed++;
		if (fork() == 0) {
			(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
			(void)close(listener);
			serve(w);
		}
		(void)close(w->client);
	}
}

void line_open(struct line *l, int port, line_liar *liar)
{
	struct sockaddr_in at = {.sin_family = AF_INET};
	struct wire w = {.port = port, .liar = liar, .server = -1, .seed = (unsigned)port};
	socklen_t size = sizeof(at);
	int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	l->plan = mmap(
	        NULL, sizeof(*l->plan), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (l->plan == MAP_FAILED || s < 0 || bind(s, (struct sockaddr *)&at, sizeof(at)) != 0 ||
	        listen(s, 64) != 0 || getsockname(s, (struct sockaddr *)&at, &size) != 0)
		fault_stop("no line: no memory or no port");
	l->plan->request_cut = l->plan->reply_cut = l->plan->lie = LINE_OFF;
	l->port = ntohs(at.sin_port);
	w.plan = l->plan;
	l->pid = fork();
	if (l->pid == 0)
		run(&w, s);
	(void)close(s);
}

void line_close(struct line *l)
{
	(void)kill(l->pid, SIGKILL);
	(void)waitpid(l->pid, NULL, 0);
	(void)munmap(l->plan, sizeof(*l->plan));
}
