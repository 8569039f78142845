/* Test 05: the line is cut after every byte of the request and of its answer, softly and by a
 * reset. Each operation must be at the platform once, and the station must know it. The twin is a
 * platform that does not remember what it has seen. */
#include "config.h"

#include "tests/fault/sync_fault.h"
#include "tests/fault/line.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

enum { OPS = 3, FEW = 24 };

struct run {
	struct world *w;
	struct line line;
	int points, unsettled, made;
};

static void run_open(struct run *r, bool forgetful)
{
	r->w = fault_world();
	r->w->forgetful = forgetful;
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

static void save_some(struct run *r, struct yz_id *ids)
{
	for (int i = 0; i < OPS; i++)
		ids[i] = save_product(r->w, r->made++);
}

/* Saves, has the line cut once, tries again on a whole line. */
static void cut_at(struct run *r, bool reply, bool reset, int byte)
{
	struct yz_id ids[OPS];

	save_some(r, ids);
	r->line.plan->reset = reset;
	if (reply)
		r->line.plan->reply_cut = byte;
	else
		r->line.plan->request_cut = byte;
	(void)sync_once(r->w);
	r->line.plan->reply_cut = r->line.plan->request_cut = LINE_OFF;
	if (sync_once(r->w) != 0)
		(void)sync_once(r->w);
	for (int i = 0; i < OPS; i++)
		if (op_of(r->w, &ids[i]).state != YZ_OP_ACKED)
			r->unsettled++;
	r->points++;
}

/* point counts through both directions and both ways to cut. */
static void cut_point(struct run *r, int point)
{
	int request = r->line.plan->request_len, reply = r->line.plan->reply_len;
	bool reset = false;

	if (point >= request + reply) {
		point -= request + reply;
		reset = true;
	}
	if (point < reply)
		cut_at(r, true, !reset, point);
	else
		cut_at(r, false, reset, point - reply);
}

static int all_points(struct run *r)
{
	struct yz_id ids[OPS];

	save_some(r, ids);
	if (sync_once(r->w) != 0 || !r->line.plan->reply_len)
		fault_stop("nothing arrives on a whole line: see %s/log", r->w->dir);
	return 2 * (r->line.plan->request_len + r->line.plan->reply_len);
}

/* As many points as asked for, spread over all of them. */
static int cut_everywhere(struct run *r, const struct fault *f)
{
	int all = all_points(r), n = f->rounds < all ? (int)f->rounds : all;

	for (int i = 0; i < n && fault_more(f, i); i++)
		cut_point(r, (int)((int64_t)i * all / n));
	return all;
}

int main(void)
{
	struct run real = {0}, twin = {0};
	struct fault_tally t, broken;
	struct fault f = fault_begin("05", FEW);
	int all, rc;

	run_open(&real, false);
	all = cut_everywhere(&real, &f);
	fault_tally(real.w, &t);
	run_open(&twin, true);
	(void)all_points(&twin);
	for (int i = 1; i < 20; i++)
		cut_at(&twin, true, i % 2, twin.line.plan->reply_len * i / 20);
	fault_tally(twin.w, &broken);
	rc = fault_end(&f,
	        !t.lost && !t.waiting && !t.refused && !t.duplicated && !t.disordered &&
	                !real.unsettled && real.line.plan->cuts >= real.points * 9 / 10,
	        broken.duplicated > 0,
	        "%d of %d cut points, %d cuts, %lld operations, %lld lost, %lld duplicated",
	        real.points, all, (int)real.line.plan->cuts, (long long)t.saved,
	        (long long)(t.lost + t.waiting + real.unsettled), (long long)t.duplicated);
	run_close(&real);
	run_close(&twin);
	return rc;
}
