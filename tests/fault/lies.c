/* Test 06: answers that look like a yes and are none, to the real yizhan-sync. Nothing may be
 * marked as sent or refused, and nothing may grow without bound. The twin takes status 200 for a
 * yes. */
#include "config.h"

#include "tests/fault/sync_fault.h"
#include "tests/fault/lie.h"

#include <stdio.h>
#include <sys/resource.h>

enum { OPS = 5, RSS_MAX_KIB = 64 * 1024 };

struct run {
	struct world *w;
	struct line line;
	int cases, believed;
	int64_t settled; /* by what was believed */
	char first[64];  /* the first lie that was believed */
};

/* All of one product, so that they go in one batch of which the lies know the length. */
static void save_one(struct run *r)
{
	(void)save(r->w, "product.upsert", "product:018bcfe5-6800-7a11-8c01-0242ac120015",
	        "{\"item_no\":\"JH-1\",\"name\":\"小黄姜\",\"price_fen\":880,"
	        "\"product_id\":\"018bcfe5-6800-7a11-8c01-0242ac120015\",\"unit\":\"035\"}",
	        NULL);
}

static void run_open(struct run *r)
{
	r->w = fault_world();
	platform_start(r->w);
	line_open(&r->line, r->w->port, lie_tell);
	r->w->door = r->line.port;
	configure(r->w, true);
	for (int i = 0; i < OPS; i++)
		save_one(r);
}

static void run_close(struct run *r)
{
	line_close(&r->line);
	fault_world_free(r->w);
}

/* Operations that do not wait any more. */
static int64_t settled(struct run *r)
{
	return fault_ask(r->w, "SELECT count(*) FROM station.outbox WHERE state <> 0");
}

static void look(struct run *r, int lie)
{
	int64_t n = settled(r) - r->settled;

	r->cases++;
	if (!n)
		return;
	r->settled += n;
	r->believed++;
	if (!r->first[0])
		(void)yz_copy(r->first, sizeof(r->first), lie_name(lie));
	(void)fprintf(stderr, "%s: %lld of %d no longer wait\n", lie_name(lie), (long long)n, OPS);
	while (n--)
		save_one(r);
}

/* Tells every lie to the real program. A slow one holds it for half a minute: only in long runs. */
static void tell_all(struct run *r, bool patient)
{
	for (int lie = 0; lie_name(lie); lie++) {
		int posts = r->line.plan->posts;

		if (lie_is_slow(lie) && !patient)
			continue;
		r->line.plan->lie = lie;
		(void)sync_once(r->w);
		if (r->line.plan->posts == posts)
			fault_stop("%s: nothing was posted: see %s/log", lie_name(lie), r->w->dir);
		look(r, lie);
	}
	r->line.plan->lie = LINE_OFF;
}

/* The first few lies are enough for one that believes. */
static void tell_twin(struct run *r)
{
	for (int lie = 0; lie < 3; lie++) {
		r->line.plan->lie = lie;
		if (fault_run(r->w, "tests/fault/twin_sync", "--trust") != 0)
			fault_stop("the twin does not run");
		r->believed += settled(r) > 0;
	}
}

int main(void)
{
	struct run real = {0}, twin = {0};
	struct rusage used;
	struct fault_tally t;
	struct fault f = fault_begin("06", 1);
	bool slim;
	int rc;

	run_open(&real);
	tell_all(&real, f.rounds > 1);
	(void)getrusage(RUSAGE_CHILDREN, &used);
	slim = used.ru_maxrss <= RSS_MAX_KIB || LIE_IGNORES_RSS;
	if (sync_once(real.w) != 0)
		(void)sync_once(real.w);
	fault_tally(real.w, &t);
	run_open(&twin);
	tell_twin(&twin);
	rc = fault_end(&f,
	        !real.believed && !t.waiting && !t.refused && !t.lost && !t.duplicated && slim,
	        twin.believed > 0,
	        "%d lies, %d believed%s%s, then %lld of %lld sent, %lld duplicated, %ld MiB",
	        real.cases, real.believed, real.first[0] ? ": " : "", real.first,
	        (long long)(t.saved - t.waiting - t.refused), (long long)t.saved,
	        (long long)t.duplicated, used.ru_maxrss / 1024);
	run_close(&real);
	run_close(&twin);
	return rc;
}
