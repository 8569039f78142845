/* Kills writers at random moments and looks whether every row they called saved is there.
 *
 * kill_store [--rounds N] [--writers N] [--early]
 * A writer adds an operation and its counter in one transaction, commits, then writes the id into a
 * pipe: that is the receipt. With --early (the broken twin) the receipt goes out before the commit:
 * the run must find lost rows, else the test itself is blind. Exit 0 if that which must hold holds.
 */
#include "config.h"

#include "store/outbox.h"

#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WRITERS_MAX = 16 };

struct run {
	char dir[64];
	int rounds, writers;
	bool early;
	int64_t receipts, lost;
	unsigned seed; /* fixed: a run can be repeated, as far as the scheduler repeats itself */
};

_Noreturn static void stop(const char *what)
{
	(void)fprintf(stderr, "kill_store: %s\n", what);
	_exit(3);
}

static void receipt(int fd, const struct yz_op *op)
{
	if (write(fd, &op->id, sizeof(op->id)) !=
	        (ssize_t)sizeof(op->id)) /* below PIPE_BUF: whole or not at all */
		_exit(3);
}

static void write_one(const struct run *r, struct yz_store *s, int fd)
{
	static char body[] = "{\"goods\":\"小黄姜\"}";
	struct yz_now now = yz_clock_now(0);
	struct yz_op op = {
	        .kind = "test.kill", .schema = 1, .body = body, .body_len = strlen(body)};
	struct yz_tx *tx;
	int64_t n;

	op.id = yz_id_new(now.wall_ms);
	(void)snprintf(op.agg, sizeof(op.agg), "writer/%ld", (long)getpid());
	if (yz_tx_begin(s, &now, &tx, NULL) != YZ_OK || yz_outbox_add(tx, &op, NULL) != YZ_OK ||
	        yz_counter_next(tx, "kill", &n, NULL) != YZ_OK)
		_exit(3);
	if (r->early)
		receipt(fd, &op);
	if (yz_tx_commit(tx, NULL) != YZ_OK)
		_exit(3);
	if (!r->early)
		receipt(fd, &op);
}

static pid_t start_writer(const struct run *r, int fd)
{
	struct yz_store *s;
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	if (yz_store_open(&s, r->dir, 0, NULL) != YZ_OK)
		_exit(3);
	for (;;)
		write_one(r, s, fd);
}

static void nap(int ms)
{
	struct timespec ts = {ms / 1000, ms % 1000 * 1000000L};

	(void)nanosleep(&ts, NULL);
}

/* Each id that comes out of the pipe must be in the store. */
static void compare(struct run *r, int fd, struct yz_store *s)
{
	struct yz_id id;

	while (read(fd, &id, sizeof(id)) == (ssize_t)sizeof(id)) {
		struct yz_op op;
		enum yz_status st = yz_outbox_get(s, &id, &op, NULL);

		r->receipts++;
		if (st == YZ_OK)
			free(op.body);
		else
			r->lost++;
	}
}

static void look(struct run *r, int fd)
{
	struct yz_store *s;
	struct yz_error err;

	if (yz_store_open(&s, r->dir, 0, &err) != YZ_OK || yz_store_check(s, &err) != YZ_OK)
		stop(err.text);
	compare(r, fd, s);
	yz_store_close(s);
}

static void play_round(struct run *r)
{
	pid_t pid[WRITERS_MAX];
	int pipe_fd[2];

	if (pipe(pipe_fd) != 0 || fcntl(pipe_fd[0], F_SETFL, O_NONBLOCK) != 0)
		stop("no pipe");
	(void)fcntl(pipe_fd[1], F_SETPIPE_SZ, 1 << 20);
	for (int i = 0; i < r->writers; i++)
		pid[i] = start_writer(r, pipe_fd[1]);
	(void)close(pipe_fd[1]);
	r->seed = r->seed * 1103515245 + 12345;
	/* On a slow disk the first receipt may take its time. */
	if (poll(&(struct pollfd){.fd = pipe_fd[0], .events = POLLIN}, 1, 20000) != 1)
		stop("no writer gave a receipt");
	nap((int)(r->seed >> 16) % 60);
	for (int i = 0; i < r->writers; i++)
		(void)kill(pid[i], SIGKILL);
	for (int i = 0; i < r->writers; i++) {
		int status;

		if (waitpid(pid[i], &status, 0) != pid[i] || !WIFSIGNALED(status))
			stop("a writer ended by itself");
	}
	look(r, pipe_fd[0]);
	(void)close(pipe_fd[0]);
}

/* As many operations as the counter says: no half transaction. */
static bool is_whole(const struct run *r)
{
	struct yz_now now = yz_clock_now(0);
	struct yz_store *s;
	struct yz_tx *tx;
	size_t n = 0, total = 0;
	struct yz_op row;
	int64_t counted = 0;

	if (yz_store_open(&s, r->dir, 0, NULL) != YZ_OK ||
	        yz_outbox_list(s, 1U << YZ_OP_PENDING, 0, &row, 1, &n, &total, NULL) != YZ_OK ||
	        yz_tx_begin(s, &now, &tx, NULL) != YZ_OK ||
	        yz_counter_next(tx, "kill", &counted, NULL) != YZ_OK)
		stop("cannot count");
	yz_tx_rollback(tx);
	yz_store_close(s);
	return (int64_t)total == counted - 1;
}

static int drop(const char *path, const struct stat *sb, int flag, struct FTW *ftw)
{
	(void)sb;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static int number(const char *text, int most)
{
	char *end;
	long n = text ? strtol(text, &end, 10) : 0;

	if (n < 1 || n > most || *end)
		stop("a number is wrong");
	return (int)n;
}

int main(int argc, char **argv)
{
	struct run r = {.dir = "/tmp/yizhan-XXXXXX", .rounds = 20, .writers = 4, .seed = 1};
	struct yz_store *s;
	int played = 0;
	bool whole, good;

	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--early"))
			r.early = true;
		else if (!strcmp(argv[i], "--rounds"))
			r.rounds = number(argv[++i], 100000);
		else if (!strcmp(argv[i], "--writers"))
			r.writers = number(argv[++i], WRITERS_MAX);
		else
			stop("usage: kill_store [--rounds N] [--writers N] [--early]");
	}
	if (!mkdtemp(r.dir) || yz_store_open(&s, r.dir, YZ_STORE_CREATE, NULL) != YZ_OK)
		stop("no folder");
	yz_store_close(s);
	/* on a slow machine a round gives few receipts: on until there is something to lose, and
	 * until the twin has lost it */
	while (played < r.rounds ||
	        (played < r.rounds * 50 && (r.early ? !r.lost : r.receipts < r.rounds))) {
		play_round(&r);
		played++;
	}
	whole = is_whole(&r);
	(void)nftw(r.dir, drop, 8, FTW_DEPTH | FTW_PHYS);
	good = whole && r.receipts > 0 && (r.early ? r.lost > 0 : r.lost == 0);
	(void)printf("kill_store: %d rounds, %d writers%s: %lld receipts, %lld lost, %s: %s\n",
	        played, r.writers, r.early ? " (broken twin)" : "", (long long)r.receipts,
	        (long long)r.lost, whole ? "no half transaction" : "HALF TRANSACTIONS",
	        good ? "as it must be" : "NOT as it must be");
	return good ? 0 : 1;
}
