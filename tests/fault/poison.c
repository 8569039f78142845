/* Test 13: one operation that makes the platform refuse its whole batch, at every place of a batch
 * of 50, and 50 of them at once. The others must be delivered in at most 2 log2(50) requests a
 * poison. The twin sends the same batch again and again. */
#include "config.h"

#include "tests/fault/sync_fault.h"
#include "tests/fault/line.h"

#include <math.h>
#include <stdio.h>

enum { BATCH = 50, FEW = 5 };

struct run {
	struct world *w;
	struct line line;
	int batches, worst, worst_place, left;
	int crowd_poisons, crowd_requests;
};

static void run_open(struct run *r)
{
	r->w = fault_world();
	platform_start(r->w);
	line_open(&r->line, r->w->port, NULL);
	r->w->door = r->line.port;
	configure(r->w, true);
}

static void run_close(struct run *r)
{
	line_close(&r->line);
	fault_world_free(r->w);
}

static int most_requests(void)
{
	return (int)(2 * log2(BATCH));
}

static void save_poison(struct run *r, int n)
{
	char agg[32];

	(void)snprintf(agg, sizeof(agg), "poison:%d", n);
	(void)save(r->w, "test.schema-7", agg, "{}", NULL);
}

/* Sends all that waits; how many requests that took. */
static int send_all(struct run *r)
{
	int before = r->line.plan->posts;

	for (int i = 0; i < 3 && sync_once(r->w) != 0; i++)
		;
	r->left += (int)fault_in_state(r->w, YZ_OP_PENDING);
	return r->line.plan->posts - before;
}

static void poison_at(struct run *r, int place)
{
	int requests;

	for (int i = 0; i < BATCH; i++)
		if (i == place)
			save_poison(r, r->batches);
		else
			(void)save_product(r->w, i);
	requests = send_all(r);
	if (requests > r->worst) {
		r->worst = requests;
		r->worst_place = place;
	}
	r->batches++;
}

static void poison_crowd(struct run *r, int poisons)
{
	for (int i = 0; i < poisons; i++) {
		save_poison(r, 1000 + i);
		(void)save_product(r->w, i);
	}
	r->crowd_poisons = poisons;
	r->crowd_requests = send_all(r);
}

/* What the broken sender leaves behind after as many requests as are allowed. */
static int left_by_twin(void)
{
	struct run r = {0};
	int left;

	run_open(&r);
	save_poison(&r, 0);
	for (int i = 1; i < BATCH; i++)
		(void)save_product(r.w, i);
	for (int i = 0; i < most_requests(); i++)
		if (fault_run(r.w, "tests/fault/twin_sync", "--no-lock") != 0)
			fault_stop("the twin does not run");
	left = (int)fault_in_state(r.w, YZ_OP_PENDING);
	run_close(&r);
	return left;
}

int main(void)
{
	struct fault f = fault_begin("13", FEW);
	int rounds = (int)f.rounds, left;
	struct fault_tally t;
	struct run r = {0};

	run_open(&r);
	if (rounds > BATCH)
		rounds = BATCH;
	for (int i = 0; i < rounds && fault_more(&f, i); i++)
		poison_at(&r, rounds > 1 ? i * (BATCH - 1) / (rounds - 1) : 0);
	poison_crowd(&r, rounds);
	fault_tally(r.w, &t);
	left = left_by_twin();
	rounds = fault_end(&f,
	        r.worst <= most_requests() && !r.left && !t.lost && !t.duplicated &&
	                t.refused == r.batches + r.crowd_poisons &&
	                r.crowd_requests <= r.crowd_poisons * most_requests(),
	        left > 1,
	        "%d places of %d, at most %d requests (place %d), %d poisons at once: %d requests, "
	        "%lld set aside, %d left, %lld lost, %lld duplicated",
	        r.batches, BATCH, r.worst, r.worst_place, r.crowd_poisons, r.crowd_requests,
	        (long long)t.refused, r.left, (long long)t.lost, (long long)t.duplicated);
	run_close(&r);
	return rounds;
}
