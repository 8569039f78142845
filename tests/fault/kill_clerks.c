/* Test 1: eight clerks book parcels, each is killed at a moment of its own, and whatever was said
 * to be saved must be there, whole.
 *
 * A clerk books through the product's use case and writes the receipt into a pipe once it returned.
 * The twin gives the receipt before the commit (yz_tx_commit is wrapped by the linker): the same
 * look at the database must miss some of its parcels. */
#include "config.h"

#include "store/db.h"
#include "tests/fault/fault.h"
#include "tests/fault/world.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CLERKS = 8, ROUNDS_A_STATION = 40 };

struct tally {
	int64_t rounds, kills, receipts, lost, halves, unsound;
};

static int early_fd = -1; /* in a clerk of the twin: the pipe */

static void receipt(int fd, const struct world_receipt *r)
{
	if (write(fd, r, sizeof(*r)) !=
	        (ssize_t)sizeof(*r)) /* below PIPE_BUF: whole or not at all */
		_exit(3);
}

enum yz_status __real_yz_tx_commit(struct yz_tx *tx, struct yz_error *err);
enum yz_status __wrap_yz_tx_commit(struct yz_tx *tx, struct yz_error *err);

enum yz_status __wrap_yz_tx_commit(struct yz_tx *tx, struct yz_error *err)
{
	if (early_fd >= 0) {
		struct world_receipt r;
		struct yz_q q = yz_q_start(yz_tx_store(tx),
		        "SELECT id, op, waybill_no FROM shipment ORDER BY seq DESC LIMIT 1", NULL);

		memset(&r, 0, sizeof(r));
		if (!yz_q_next(&q))
			_exit(3);
		yz_q_get_id(&q, &r.shipment);
		yz_q_get_id(&q, &r.op);
		yz_q_get_text(&q, r.waybill_no, sizeof(r.waybill_no));
		(void)yz_q_end(&q);
		receipt(early_fd, &r);
	}
	return __real_yz_tx_commit(tx, err);
}

_Noreturn static void clerk(struct world *w, int fd, bool early)
{
	struct yz_error err = {0};

	if (world_open(w, &err) != YZ_OK)
		fault_stop("a clerk cannot open the store: %s", err.text);
	early_fd = early ? fd : -1;
	for (;;) {
		struct world_receipt r;

		w->f.now = yz_clock_now(0);
		if (world_book(w, &r, &err) != YZ_OK)
			fault_stop("a clerk cannot book: %s", err.text);
		if (!early)
			receipt(fd, &r);
	}
}

/* Looks for the parcel of each receipt. */
static void look(struct world *w, int fd, bool all, struct tally *t)
{
	struct world_receipt r;
	struct world_look seen;
	struct yz_error err = {0};

	if (world_open(w, &err) != YZ_OK) {
		(void)fprintf(stderr, "after a kill: %s\n", err.text);
		t->unsound++;
		return;
	}
	while (read(fd, &r, sizeof(r)) == (ssize_t)sizeof(r)) {
		t->receipts++;
		t->lost += !world_has(w, &r);
	}
	if (all) {
		world_look(w, &seen);
		t->halves += seen.halves;
		t->unsound += *seen.why != '\0';
		if (*seen.why)
			(void)fprintf(
			        stderr, "after %lld kills: %s\n", (long long)t->kills, seen.why);
	}
	world_shut(w);
}

static void kill_all(struct fault *f, const pid_t *pid, struct tally *t)
{
	bool dead[CLERKS] = {false};

	for (int left = CLERKS; left > 0; left--) {
		uint32_t i = fault_chance(f, CLERKS);
		int status;

		while (dead[i])
			i = (i + 1) % CLERKS;
		dead[i] = true;
		(void)kill(pid[i], SIGKILL);
		if (waitpid(pid[i], &status, 0) != pid[i] || !WIFSIGNALED(status))
			fault_stop("a clerk ended by itself");
		t->kills++;
		fault_nap_us(fault_chance(f, 3000));
	}
}

static void play_round(struct fault *f, struct world *w, bool early, bool all, struct tally *t)
{
	pid_t pid[CLERKS];
	int fd[2];

	if (pipe2(fd, O_CLOEXEC) != 0 || fcntl(fd[0], F_SETFL, O_NONBLOCK) != 0)
		fault_stop("no pipe");
	(void)fcntl(fd[1], F_SETPIPE_SZ, 1 << 20);
	for (int i = 0; i < CLERKS; i++) {
		pid[i] = fork();
		if (pid[i] < 0)
			fault_stop("fork: %s", strerror(errno));
		if (pid[i] == 0)
			clerk(w, fd[1], early);
	}
	(void)close(fd[1]);
	/* On a slow disk the first receipt may take its time. */
	if (poll(&(struct pollfd){.fd = fd[0], .events = POLLIN}, 1, 60000) != 1)
		fault_stop("no clerk gave a receipt");
	fault_nap_us(5000 + (int64_t)fault_chance(f, 145000));
	kill_all(f, pid, t);
	t->rounds++;
	look(w, fd[0], all, t);
	(void)close(fd[0]);
}

static bool failed(const struct tally *t)
{
	return t->lost > 0 || t->halves > 0 || t->unsound > 0;
}

/* A station is left behind when it has grown, else each look at it would take longer. */
static struct tally play(struct fault *f, bool early, long rounds)
{
	struct tally t = {0};
	struct world w;
	long at = 0;

	while (early ? t.rounds < rounds && !failed(&t)
	             : t.rounds < rounds && fault_more(f, t.rounds)) {
		bool all = at + 1 == ROUNDS_A_STATION || t.rounds + 1 == rounds;

		if (at == 0)
			world_make(&w);
		play_round(f, &w, early, all || f->rounds < ROUNDS_A_STATION, &t);
		if (++at == ROUNDS_A_STATION) {
			world_drop(&w);
			at = 0;
		}
	}
	if (at > 0)
		world_drop(&w);
	return t;
}

int main(void)
{
	struct fault f = fault_begin("01", 4);
	struct tally t = play(&f, false, f.rounds), twin = play(&f, true, 400);

	return fault_end(&f, t.receipts > 0 && !failed(&t), twin.lost > 0,
	        "%lld rounds, %lld kills, %lld receipts, %lld lost, %lld half, %lld unsound",
	        (long long)t.rounds, (long long)t.kills, (long long)t.receipts, (long long)t.lost,
	        (long long)t.halves, (long long)t.unsound);
}
