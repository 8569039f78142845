/* What a booking costs when many book at once, and what the outbox costs when it is long.
 *
 * bench_crowd [ROUNDS]: prints one JSON object a bar (see bar.h). Each round measures the floor and
 * the thing itself, one after the other. Clerks are processes that book through the product. */
#include "config.h"

#include "tests/bench/bar.h"

#include "base/buf.h"
#include "store/db.h"
#include "store/outbox.h"
#include "tests/fault/fault.h"
#include "tests/fault/world.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	ROUNDS = 15,
	ALONE = 60, /* bookings that give the floor */
	CLERKS = 50,
	A_SECOND = 10, /* bookings of each */
	SECONDS = 2,
	WRITERS = 8,
	SATURATE_MS = 2000,
	WAITS_MAX = 20000,
	FEW = 1000,
	MANY = 1000000,
	CLAIMS = 20
};

struct board {            /* shared by the processes of a round */
	int64_t start_ns; /* 0 until all are ready */
	int ready, busy, failed;
	int count[CLERKS];
	float ms[CLERKS][WAITS_MAX / CLERKS];
	float worst_ms[CLERKS];
};

static void must(enum yz_status st)
{
	if (st != YZ_OK)
		bar_stop(yz_status_name(st));
}

static double book_ms(struct world *w, enum yz_status *st)
{
	struct world_receipt r;
	int64_t start;

	w->f.now = yz_clock_now(0);
	start = bar_now_ns();
	*st = world_book(w, &r, NULL);
	return (double)(bar_now_ns() - start) / 1e6;
}

/* The median of one clerk who books alone, in ms. */
static double alone_ms(struct world *w)
{
	double ms[ALONE];
	enum yz_status st;

	must(world_open(w, NULL));
	for (int i = 0; i < ALONE; i++) {
		ms[i] = book_ms(w, &st);
		must(st);
	}
	world_shut(w);
	return bar_median(ms, ALONE);
}

static void sleep_until(int64_t ns)
{
	int64_t left = ns - bar_now_ns();

	if (left > 0)
		fault_nap_us(left / 1000);
}

/* A clerk of the crowd: every 100 ms one booking, or one after the other for so long. */
_Noreturn static void clerk(struct world *w, struct board *b, int me, bool paced)
{
	int64_t every = 1000000000 / A_SECOND;
	int64_t first, end;
	enum yz_status st;

	must(world_open(w, NULL));
	(void)book_ms(w, &st); /* the first one prepares the statements, as the floor's has */
	must(st);
	(void)__sync_fetch_and_add(&b->ready, 1);
	while (!__sync_fetch_and_add(&b->start_ns, 0))
		fault_nap_us(1000);
	sleep_until(b->start_ns);
	first = b->start_ns + every * me / CLERKS;
	end = b->start_ns + (paced ? SECONDS * 1000 : SATURATE_MS) * (int64_t)1000000;
	for (int n = 0; n < WAITS_MAX / CLERKS || !paced; n++) {
		float ms;

		if (paced)
			sleep_until(first + n * every);
		if (bar_now_ns() >= end)
			break;
		ms = (float)book_ms(w, &st);
		if (st == YZ_E_BUSY)
			(void)__sync_fetch_and_add(&b->busy, 1);
		else if (st != YZ_OK)
			(void)__sync_fetch_and_add(&b->failed, 1);
		if (paced)
			b->ms[me][n] = ms;
		if (ms > b->worst_ms[me])
			b->worst_ms[me] = ms;
		b->count[me]++;
	}
	_exit(0);
}

static void crowd(struct world *w, struct board *b, int clerks, bool paced)
{
	pid_t pid[CLERKS];

	memset(b, 0, sizeof(*b));
	for (int i = 0; i < clerks; i++) {
		pid[i] = fork();
		if (pid[i] < 0)
			bar_stop(strerror(errno));
		if (pid[i] == 0)
			clerk(w, b, i, paced);
	}
	while (__sync_fetch_and_add(&b->ready, 0) < clerks) {
		if (waitpid(-1, NULL, WNOHANG) > 0)
			bar_stop("a clerk ended before it began");
		fault_nap_us(1000);
	}
	(void)__sync_fetch_and_add(&b->start_ns, bar_now_ns() + 100000000);
	for (int i = 0; i < clerks; i++) {
		int status;

		if (waitpid(pid[i], &status, 0) != pid[i] || status != 0)
			bar_stop("a clerk ended by itself");
	}
	if (b->failed)
		bar_stop("a booking failed");
}

static int by_size(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return (x > y) - (x < y);
}

static double p99_ms(const struct board *b)
{
	float *all = yz_alloc(WAITS_MAX * sizeof(*all));
	size_t n = 0;
	double p99;

	for (int i = 0; i < CLERKS; i++)
		for (int k = 0; k < b->count[i]; k++)
			all[n++] = b->ms[i][k];
	if (!n)
		bar_stop("nobody booked");
	qsort(all, n, sizeof(*all), by_size);
	p99 = (double)all[n * 99 / 100];
	free(all);
	return p99;
}

static void bars_crowd(struct world *w, struct board *b, int rounds)
{
	struct bar p99 = {.name = "store.50-clerks-p99-ms", .goal = 15},
	           busy = {.name = "store.50-clerks-busy-errors", .goal = 0};

	for (int i = 0; i < rounds; i++) {
		double alone = alone_ms(w);

		crowd(w, b, CLERKS, true);
		bar_note(&p99, p99_ms(b), alone);
		bar_note(&busy, b->busy, 0);
	}
	(void)bar_print(&p99);
	(void)bar_print(&busy);
}

static void bars_writers(struct world *w, struct board *b, int rounds)
{
	struct bar worst = {.name = "store.8-writers-worst-wait-ms", .goal = 150},
	           fair = {.name = "store.8-writers-fewest-per-most",
	                   .goal = 0.4,
	                   .is_higher = true},
	           busy = {.name = "store.8-writers-busy-errors", .goal = 0};

	for (int i = 0; i < rounds; i++) {
		double alone = alone_ms(w), longest = 0;
		int least, most;

		crowd(w, b, WRITERS, false);
		least = most = b->count[0];
		for (int k = 0; k < WRITERS; k++) {
			least = b->count[k] < least ? b->count[k] : least;
			most = b->count[k] > most ? b->count[k] : most;
			if ((double)b->worst_ms[k] > longest)
				longest = (double)b->worst_ms[k];
		}
		bar_note(&worst, longest, alone * WRITERS);
		bar_note(&fair, least, most);
		bar_note(&busy, b->busy, 0);
	}
	(void)bar_print(&worst);
	(void)bar_print(&fair);
	(void)bar_print(&busy);
}

/* A station with so many operations that all wait. */
static void make_queue(struct world *w, int64_t count)
{
	static const char sql[] =
	        "PRAGMA synchronous=OFF; PRAGMA cache_size=-64000; BEGIN; WITH RECURSIVE n(i) AS"
	        " (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %lld)"
	        " INSERT INTO outbox(seq, id, ord, agg, agg_ver, kind, schema, digest, created_ms,"
	        " mono_ms, boot_id, trust, state, attempts, next_ms, code, reason, field,"
	        " server_id) SELECT i, CAST(printf('%%016d', i) AS BLOB), i,"
	        " printf('shipment:%%036d', i), 1, 'shipment.book', 1,"
	        " x'2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881',"
	        " 1795485600000 + i, i, 'boot', 0, 0, 0, 0, '', '', '', '' FROM n;"
	        "INSERT INTO outbox_body SELECT seq, CAST('x' AS BLOB) FROM outbox; COMMIT;"
	        "PRAGMA wal_checkpoint(TRUNCATE)";
	char *filled = sqlite3_mprintf(sql, (long long)count);

	world_make(w);
	must(world_open(w, NULL));
	must(yz_db_exec(w->f.desk.store, filled, NULL));
	sqlite3_free(filled);
	world_shut(w);
	must(world_open(w, NULL));
}

static double claim_ms(struct world *w)
{
	double ms[CLAIMS];

	for (int i = 0; i < CLAIMS; i++) {
		int64_t start = bar_now_ns();
		struct yz_op *ops;
		size_t n;

		must(yz_outbox_claim(w->f.desk.store, 1900000000000, 50, 1 << 20, &ops, &n, NULL));
		ms[i] = (double)(bar_now_ns() - start) / 1e6;
		if (n != 50)
			bar_stop("a claim of 50 gave fewer");
		yz_ops_free(ops, n);
	}
	return bar_median(ms, CLAIMS);
}

static double enqueue_ms(struct world *w)
{
	double ms[ALONE];
	enum yz_status st;

	for (int i = 0; i < ALONE; i++) {
		ms[i] = book_ms(w, &st);
		must(st);
	}
	return bar_median(ms, ALONE);
}

static void bars_long(int rounds)
{
	struct bar claim = {.name = "store.claim-50-of-1000000-ms", .goal = 1.3},
	           enqueue = {.name = "store.booking-on-1000000-ms", .goal = 1.3};
	struct world few, many;

	make_queue(&few, FEW);
	make_queue(&many, MANY);
	for (int i = 0; i < rounds; i++) {
		double floor = claim_ms(&few);

		bar_note(&claim, claim_ms(&many), floor);
		floor = enqueue_ms(&few);
		bar_note(&enqueue, enqueue_ms(&many), floor);
	}
	(void)bar_print(&claim);
	(void)bar_print(&enqueue);
	world_shut(&few);
	world_shut(&many);
	world_drop(&few);
	world_drop(&many);
}

int main(int argc, char **argv)
{
	long rounds = argc > 1 ? strtol(argv[1], NULL, 10) : ROUNDS;
	struct board *b =
	        mmap(NULL, sizeof(*b), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct world w;

	if (rounds < 1 || rounds > BAR_ROUNDS_MAX)
		bar_stop("usage: bench_crowd [ROUNDS], 1 to 99");
	if (b == MAP_FAILED)
		bar_stop("no memory");
	world_make(&w);
	bars_crowd(&w, b, (int)rounds);
	bars_writers(&w, b, (int)rounds);
	world_drop(&w);
	bars_long((int)rounds);
	(void)munmap(b, sizeof(*b));
	return 0;
}
