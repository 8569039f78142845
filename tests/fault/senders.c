/* Test 10: many yizhan-sync are started for one station at once, the one that runs is killed while
 * others start, and its folder is copied to another computer. There must be one sender at any time,
 * and of two copies only the one that was enrolled last may send. The twins: senders without the
 * lock, and a copy that keeps the old epoch. */
#include "config.h"

#include "tests/fault/line.h"
#include "tests/fault/sync_fault.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

enum { RACERS = 8, FEW = 40, ROUNDS_A_CLONE = 25, ANSWER_MS = 30, DEADLINE_MS = 60000 };

struct race {
	struct world *w;
	struct line line;
	char conf[160];
	pid_t pid[RACERS];
	int starts, turned_away, odd, unsent, crowds; /* crowds: more than one stayed */
	int epoch, clones, old_sent;
};

static void race_open(struct race *r)
{
	memset(r, 0, sizeof(*r));
	r->epoch = 1;
	r->w = fault_world();
	platform_start(r->w);
	line_open(&r->line, r->w->port, NULL);
	r->line.plan->delay_ms = ANSWER_MS;
	r->w->door = r->line.port;
	configure(r->w, true);
	(void)snprintf(r->conf, sizeof(r->conf), "%s/yizhan.conf", r->w->dir);
}

static void race_close(struct race *r)
{
	line_close(&r->line);
	fault_world_free(r->w);
}

static void start(struct race *r, int i, const char *program, const char *mode)
{
	r->pid[i] = mode ? fault_spawn(r->w, program, "-c", r->conf, mode, (char *)NULL)
	                 : fault_spawn(r->w, program, "-c", r->conf, (char *)NULL);
	r->line.plan->sender[r->starts % LINE_SENDERS] = r->pid[i];
	r->starts++;
}

/* Buries those that ended by themselves; how many still run. */
static int running(struct race *r)
{
	int n = 0;

	for (int i = 0; i < RACERS; i++) {
		int status;

		if (!r->pid[i])
			continue;
		if (waitpid(r->pid[i], &status, WNOHANG) != r->pid[i]) {
			n++;
			continue;
		}
		r->pid[i] = 0;
		if (WIFEXITED(status) && WEXITSTATUS(status) == 75)
			r->turned_away++;
		else
			r->odd++;
	}
	return n;
}

/* Waits until at most one of them is left. */
static int settle(struct race *r)
{
	int64_t end = fault_ms() + DEADLINE_MS;
	int n;

	while ((n = running(r)) > 1 && fault_ms() < end)
		fault_nap_us(5000);
	return n;
}

static pid_t *survivor(struct race *r)
{
	for (int i = 0; i < RACERS; i++)
		if (r->pid[i])
			return &r->pid[i];
	return NULL;
}

/* Starts the others at the moment that the one is killed; if all were too early, one more. */
static void race(struct race *r)
{
	pid_t *old = survivor(r), dying = 0;
	struct yz_id id = save_product(r->w, r->starts);

	if (old) {
		dying = *old;
		*old = 0;
	}
	for (int i = 0; i < RACERS; i++) {
		start(r, i, "yizhan-sync", NULL);
		if (i == r->starts / RACERS % RACERS && dying)
			(void)kill(dying, SIGKILL);
	}
	if (dying)
		(void)stop(&dying, SIGKILL);
	if (settle(r) == 0)
		start(r, 0, "yizhan-sync", NULL);
	r->unsent += !comes_to(r->w, &id, YZ_OP_ACKED);
	r->crowds += running(r) != 1;
}

static void end_all(struct race *r)
{
	for (int i = 0; i < RACERS; i++)
		if (r->pid[i])
			(void)stop(&r->pid[i], SIGTERM);
}

static void set_epoch(struct world *w, int epoch)
{
	struct yz_now now = yz_clock_now(0);
	struct yz_tx *tx = NULL;
	struct yz_error err;
	char text[16];

	(void)snprintf(text, sizeof(text), "%d", epoch);
	if (yz_tx_begin(w->s, &now, &tx, &err) != YZ_OK ||
	        yz_meta_put(tx, "agent.epoch", text, &err) != YZ_OK ||
	        yz_tx_commit(tx, &err) != YZ_OK)
		fault_stop("%s", err.text);
}

static struct world *copy_of(const struct race *r)
{
	char dir[FAULT_DIR_SIZE], command[256];
	struct world *copy;

	fault_folder(dir);
	(void)snprintf(command, sizeof(command), "cp -a %s/. %s/", r->w->dir, dir);
	if (system(command) != 0)
		fault_stop("%s", command);
	copy = fault_world_at(dir);
	copy->port = r->w->port;
	copy->door = r->w->door;
	return copy;
}

/* True if the old folder could not send any more once its copy, enrolled anew or not, had. */
static bool copy_takes_over(struct race *r, bool enrolled)
{
	struct world *copy;
	struct yz_id theirs, ours;
	bool alone;

	end_all(r);
	copy = copy_of(r);
	r->epoch += enrolled;
	set_epoch(copy, r->epoch);
	theirs = save_product(copy, 1);
	(void)sync_once(copy);
	alone = op_of(copy, &theirs).state == YZ_OP_ACKED;
	ours = save_product(r->w, 2);
	(void)sync_once(r->w);
	alone = alone && op_of(r->w, &ours).state == YZ_OP_PENDING && !held(r->w, &ours, NULL) &&
	        fact_becomes(r->w, "link.why", "stale-agent-epoch");
	fault_world_free(copy);
	r->epoch++;
	set_epoch(r->w, r->epoch);
	(void)sync_once(r->w);
	r->clones++;
	return alone;
}

static bool two_without_lock_are_seen(void)
{
	struct race r;
	bool seen;

	race_open(&r);
	for (int i = 0; i < 60; i++)
		(void)save_product(r.w, i);
	start(&r, 0, "tests/fault/twin_sync", "--no-lock");
	start(&r, 1, "tests/fault/twin_sync", "--no-lock");
	(void)fault_drained(r.w, 60);
	end_all(&r);
	seen = r.line.plan->overlaps > 0;
	race_close(&r);
	return seen;
}

static bool a_copy_with_the_old_epoch_is_seen(void)
{
	struct race r;
	bool seen;

	race_open(&r);
	seen = !copy_takes_over(&r, false);
	race_close(&r);
	return seen;
}

int main(void)
{
	struct fault f = fault_begin("10", FEW);
	struct fault_tally t;
	struct race r;
	int rc;

	race_open(&r);
	for (int round = 0; r.starts < f.rounds && fault_more(&f, r.starts); round++) {
		race(&r);
		if (round % ROUNDS_A_CLONE == 2)
			r.old_sent += !copy_takes_over(&r, true);
	}
	end_all(&r);
	(void)sync_once(r.w);
	fault_tally(r.w, &t);
	rc = fault_end(&f,
	        !r.line.plan->overlaps && !r.crowds && !r.unsent && !r.odd && r.clones &&
	                !r.old_sent && !t.lost && !t.waiting && !t.refused && !t.duplicated,
	        two_without_lock_are_seen() && a_copy_with_the_old_epoch_is_seen(),
	        "%d starts, %d turned away, %d senders at once, %d copied folders, %d sent by the "
	        "old one, %lld lost, %lld duplicated",
	        r.starts, r.turned_away, (int)r.line.plan->overlaps + r.crowds, r.clones,
	        r.old_sent, (long long)(t.lost + t.waiting + r.unsent), (long long)t.duplicated);
	race_close(&r);
	return rc;
}
