/* linkem: a bad line between two network namespaces of its own. Two TUN devices, joined packet by
 * packet: a serialiser of a given rate with a drop-tail queue, then loss, then delay, the same each
 * way; outages on a clock. Nothing leaves the two namespaces. One command runs at either end; the
 * line ends with the first one, whose exit status is passed on. See usage below. */
#include "config.h"

#include "base/buf.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char usage[] =
        "usage: linkem [OPTION...] NEAR FAR\n"
        "Runs the shell commands NEAR (10.77.0.1) and FAR (10.77.0.2), a bad line between them.\n"
        "  --rate-kbit N      0, the default: no limit\n"
        "  --delay-ms N       one way\n"
        "  --loss-permille N  each way\n"
        "  --queue-ms N       what waits longer is dropped; 2000\n"
        "  --up-ms N --down-ms N  outages\n"
        "  --seed N           of the losses\n"
        "  --counts FILE      bytes and packets each way, as JSON\n"
        "Exit: that of NEAR; 77 where namespaces or TUN devices are not allowed.\n";

enum { PACKET_MAX = 2048, HELD_MAX = 8192, MTU = 1400, SKIPPED = 77 };

struct packet {
	int64_t due_ns;
	size_t len;
	unsigned char bytes[PACKET_MAX];
};

struct way {
	int from, to; /* TUN descriptors */
	struct packet *held;
	size_t first, count;
	int64_t free_ns; /* when the serialiser is done with all it took */
	int64_t bytes, packets, dropped, lost;
};

struct line {
	int64_t rate_kbit, delay_ms, loss_permille, queue_ms, up_ms, down_ms;
	uint64_t seed;
	const char *counts;
	int64_t start_ns;
	struct way up, down;
};

static int64_t now_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void stop(const char *what, int status)
{
	(void)fprintf(stderr, "linkem: %s: %s\n", what, strerror(errno));
	exit(status);
}

static void set_address(int s, const char *name, const char *address, int bits)
{
	struct ifreq r = {.ifr_flags = 0};
	struct sockaddr_in in = {.sin_family = AF_INET};

	(void)yz_copy(r.ifr_name, sizeof(r.ifr_name), name);
	(void)inet_pton(AF_INET, address, &in.sin_addr);
	memcpy(&r.ifr_addr, &in, sizeof(in));
	if (ioctl(s, SIOCSIFADDR, &r) < 0)
		stop("address", SKIPPED);
	in.sin_addr.s_addr = htonl(~0u << (32 - bits));
	memcpy(&r.ifr_netmask, &in, sizeof(in));
	if (ioctl(s, SIOCSIFNETMASK, &r) < 0)
		stop("netmask", SKIPPED);
}

static void bring_up(int s, const char *name)
{
	struct ifreq r = {.ifr_flags = IFF_UP | IFF_RUNNING};

	(void)yz_copy(r.ifr_name, sizeof(r.ifr_name), name);
	if (ioctl(s, SIOCSIFFLAGS, &r) < 0)
		stop("interface", SKIPPED);
}

/* A namespace of its own for this process from now on, with a loopback and one end of the line. The
 * descriptor outlives the stay. */
static int enter(const char *address)
{
	struct ifreq r = {.ifr_flags = IFF_TUN | IFF_NO_PI};
	int fd, s;

	if (unshare(geteuid() ? CLONE_NEWUSER | CLONE_NEWNET : CLONE_NEWNET) < 0)
		stop("no network namespace", SKIPPED);
	fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
	(void)yz_copy(r.ifr_name, sizeof(r.ifr_name), "line");
	if (fd < 0 || ioctl(fd, TUNSETIFF, &r) < 0)
		stop("no TUN device", SKIPPED);
	s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	r.ifr_mtu = MTU;
	if (s < 0 || ioctl(s, SIOCSIFMTU, &r) < 0)
		stop("mtu", SKIPPED);
	set_address(s, "line", address, 30);
	bring_up(s, "line");
	bring_up(s, "lo");
	(void)close(s);
	return fd;
}

static pid_t start(const char *command)
{
	pid_t pid = fork();

	if (pid == 0) {
		(void)setpgid(0, 0);
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		(void)execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	(void)setpgid(pid, pid);
	return pid;
}

/* xorshift64*: the same losses for the same seed and traffic. */
static uint64_t chance(struct line *l)
{
	l->seed ^= l->seed >> 12;
	l->seed ^= l->seed << 25;
	l->seed ^= l->seed >> 27;
	return (l->seed * 2685821657736338717u) >> 33;
}

static bool is_down(const struct line *l, int64_t t)
{
	int64_t period_ms = l->up_ms + l->down_ms;

	return l->down_ms && (t - l->start_ns) / 1000000 % period_ms >= l->up_ms;
}

static void take(struct line *l, struct way *w)
{
	struct packet *p = &w->held[(w->first + w->count) % HELD_MAX];
	ssize_t n = read(w->from, p->bytes, sizeof(p->bytes));
	int64_t t = now_ns();

	if (n <= 0)
		return;
	w->bytes += n;
	w->packets++;
	if (w->free_ns < t)
		w->free_ns = t;
	if (w->count == HELD_MAX || w->free_ns - t > l->queue_ms * 1000000 || is_down(l, t)) {
		w->dropped++;
		return;
	}
	if (l->rate_kbit)
		w->free_ns += (int64_t)n * 8 * 1000000 / l->rate_kbit;
	if ((int64_t)(chance(l) % 1000) < l->loss_permille) {
		w->lost++;
		return;
	}
	p->len = (size_t)n;
	p->due_ns = w->free_ns + l->delay_ms * 1000000;
	w->count++;
}

static void give(struct way *w)
{
	int64_t t = now_ns();

	while (w->count && w->held[w->first].due_ns <= t) {
		const struct packet *p = &w->held[w->first];

		if (write(w->to, p->bytes, p->len) < 0)
			w->dropped++;
		w->first = (w->first + 1) % HELD_MAX;
		w->count--;
	}
}

static int64_t due_ns(const struct way *w)
{
	return w->count ? w->held[w->first].due_ns : INT64_MAX;
}

/* Carries packets until the near command ends. */
static int carry(struct line *l, pid_t near)
{
	int status = 0;

	while (waitpid(near, &status, WNOHANG) == 0) {
		struct pollfd fds[] = {{l->up.from, POLLIN, 0}, {l->down.from, POLLIN, 0}};
		int64_t next =
		        due_ns(&l->up) < due_ns(&l->down) ? due_ns(&l->up) : due_ns(&l->down);
		int64_t wait = next == INT64_MAX ? 20000000 : next - now_ns();
		struct timespec t;

		wait = wait < 0 ? 0 : wait > 20000000 ? 20000000 : wait;
		t = (struct timespec){0, (long)wait};
		if (ppoll(fds, 2, &t, NULL) > 0) {
			if (fds[0].revents)
				take(l, &l->up);
			if (fds[1].revents)
				take(l, &l->down);
		}
		give(&l->up);
		give(&l->down);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 3;
}

static void write_counts(const struct line *l)
{
	FILE *f = l->counts ? fopen(l->counts, "w") : NULL;

	if (!f)
		return;
	(void)fprintf(f,
	        "{\"up_bytes\":%lld,\"up_packets\":%lld,\"up_lost\":%lld,\"up_dropped\":%lld,"
	        "\"down_bytes\":%lld,\"down_packets\":%lld,\"down_lost\":%lld,\"down_dropped\":%"
	        "lld}\n",
	        (long long)l->up.bytes, (long long)l->up.packets, (long long)l->up.lost,
	        (long long)l->up.dropped, (long long)l->down.bytes, (long long)l->down.packets,
	        (long long)l->down.lost, (long long)l->down.dropped);
	(void)fclose(f);
}

static int read_options(int argc, char **argv, struct line *l)
{
	static const struct option longs[] = {{"rate-kbit", 1, NULL, 'r'},
	        {"delay-ms", 1, NULL, 'd'}, {"loss-permille", 1, NULL, 'l'},
	        {"queue-ms", 1, NULL, 'q'}, {"up-ms", 1, NULL, 'u'}, {"down-ms", 1, NULL, 'o'},
	        {"seed", 1, NULL, 's'}, {"counts", 1, NULL, 'c'}, {NULL, 0, NULL, 0}};
	int c;

	while ((c = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		int64_t n = optarg ? strtoll(optarg, NULL, 10) : 0;
		int64_t *to = c == 'r'   ? &l->rate_kbit
		              : c == 'd' ? &l->delay_ms
		              : c == 'l' ? &l->loss_permille
		              : c == 'q' ? &l->queue_ms
		              : c == 'u' ? &l->up_ms
		              : c == 'o' ? &l->down_ms
		                         : NULL;

		if (to)
			*to = n;
		else if (c == 's')
			l->seed = (uint64_t)n * 2654435761u + 1;
		else if (c == 'c')
			l->counts = optarg;
		else
			return -1;
	}
	return argc - optind == 2 ? optind : -1;
}

int main(int argc, char **argv)
{
	struct line l = {.queue_ms = 2000, .seed = 88172645463325252u};
	int at = read_options(argc, argv, &l), near_fd, far_fd, status;
	pid_t near, far;

	if (at < 0) {
		(void)fputs(usage, stderr);
		return 2;
	}
	near_fd = enter("10.77.0.1");
	near = start(argv[at]);
	far_fd = enter("10.77.0.2");
	far = start(argv[at + 1]);
	l.up = (struct way){.from = near_fd, .to = far_fd};
	l.down = (struct way){.from = far_fd, .to = near_fd};
	l.up.held = yz_alloc(HELD_MAX * sizeof(*l.up.held));
	l.down.held = yz_alloc(HELD_MAX * sizeof(*l.down.held));
	l.start_ns = now_ns();
	status = carry(&l, near);
	(void)kill(-far, SIGTERM);
	(void)waitpid(far, NULL, 0);
	write_counts(&l);
	free(l.up.held);
	free(l.down.held);
	return status;
}
