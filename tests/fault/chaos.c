/* Test 04: any of four clerks, two competing senders and the platform is killed every 20 to 120 ms,
 * while the platform answers a tenth of the batches with 503 and loses a tenth of its answers.
 * Every receipt must be at the platform once, and each aggregate in order. The twins: a sender that
 * marks as sent before it posts, and a platform that does not remember. */
#include "config.h"

#include "tests/fault/sync_fault.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

enum { CLERKS = 4, SENDERS = 2, FEW = 30, TWIN_KILLS = 200, MANY = 1000, DRAIN_S = 600 };

struct chaos {
	struct world *w;
	const char *sender, *mode; /* program and its option, "" for none */
	pid_t clerk[CLERKS], sync[SENDERS];
	int64_t kills, refused, odd; /* senders that ended: because one runs; for another reason */
	bool closing;                /* enough receipts: the clerks go home */
	char conf[160];
};

static void disturb(const struct chaos *c)
{
	fault(c->w, "{\"fault\":\"drop\",\"count\":-1,\"percent\":10}");
	fault(c->w, "{\"fault\":\"status\",\"status\":503,\"count\":-1,\"percent\":10}");
}

static void start_sender(struct chaos *c, int i)
{
	c->sync[i] = *c->mode ? fault_spawn(c->w, c->sender, "-c", c->conf, c->mode, (char *)NULL)
	                      : fault_spawn(c->w, c->sender, "-c", c->conf, (char *)NULL);
}

static void start_clerk(struct chaos *c, int i)
{
	c->clerk[i] = fault_spawn(c->w, "tests/fault/clerk", c->w->dir, "1500", (char *)NULL);
}

static void chaos_open(struct chaos *c, const char *sender, const char *mode, bool forgetful)
{
	char dir[FAULT_DIR_SIZE];

	memset(c, 0, sizeof(*c));
	fault_clerk_station(dir);
	c->w = fault_world_at(dir);
	c->w->forgetful = forgetful;
	c->sender = sender;
	c->mode = mode;
	(void)snprintf(c->conf, sizeof(c->conf), "%s/yizhan.conf", dir);
	platform_start(c->w);
	disturb(c);
	for (int i = 0; i < SENDERS; i++)
		start_sender(c, i);
	for (int i = 0; i < CLERKS; i++)
		start_clerk(c, i);
}

/* The loser of two senders ends at once; it is started again, to lose again. */
static void restart_senders(struct chaos *c)
{
	for (int i = 0; i < SENDERS; i++) {
		int status;

		if (waitpid(c->sync[i], &status, WNOHANG) != c->sync[i])
			continue;
		if (WIFEXITED(status) && WEXITSTATUS(status) == 75)
			c->refused++;
		else
			c->odd++;
		start_sender(c, i);
	}
}

static void kill_one(struct chaos *c, uint32_t who)
{
	if (who < CLERKS && !c->closing) {
		int code = stop(&c->clerk[who], SIGKILL);

		if (code >= 0)
			fault_stop("a clerk ended by itself (%d): see %s/log", code, c->w->dir);
		start_clerk(c, (int)who);
	} else if (who < CLERKS + SENDERS) {
		int i = (int)who % SENDERS;

		(void)stop(&c->sync[i], SIGKILL);
		start_sender(c, i);
	} else {
		(void)stop(&c->w->platform, SIGKILL);
		platform_start(c->w);
		disturb(c);
	}
	c->kills++;
}

static void send_clerks_home(struct chaos *c)
{
	for (int i = 0; i < CLERKS; i++)
		(void)stop(&c->clerk[i], SIGKILL);
	c->closing = true;
}

/* Kills until there were enough kills and receipts, or the time is over. */
static void rage(struct chaos *c, struct fault *f, int64_t kills, int64_t wanted)
{
	while ((c->kills < kills || fault_receipts(c->w) < wanted) &&
	        fault_more(f, c->kills ? 1 : 0)) {
		fault_nap_us(20000 + fault_chance(f, 100000));
		restart_senders(c);
		kill_one(c, fault_chance(f, CLERKS + SENDERS + 1));
		if (!c->closing && fault_receipts(c->w) >= wanted)
			send_clerks_home(c);
	}
	if (!c->closing)
		send_clerks_home(c);
}

/* All is well again: what waits has to go out. */
static bool calm(struct chaos *c, int seconds)
{
	bool drained;

	fault(c->w, "{\"fault\":\"clear\"}");
	restart_senders(c);
	drained = fault_drained(c->w, seconds);
	for (int i = 0; i < SENDERS; i++)
		(void)stop(&c->sync[i], SIGKILL);
	return drained;
}

static void chaos_close(struct chaos *c)
{
	fault_world_free(c->w);
}

/* True if the broken part was seen; plays on until it is, within reason. */
static bool twin_fails(struct fault *f, const char *sender, const char *mode, bool forgetful)
{
	struct fault_tally t = {0};
	struct chaos c;
	bool seen = false;

	chaos_open(&c, sender, mode, forgetful);
	for (int kills = 10; !seen && kills <= TWIN_KILLS; kills += 10) {
		while (c.kills < kills) {
			fault_nap_us(20000 + fault_chance(f, 100000));
			restart_senders(&c);
			kill_one(&c, fault_chance(f, CLERKS + SENDERS + 1));
		}
		fault_tally(c.w, &t);
		seen = forgetful ? t.duplicated > 0 : t.lost > 25 * SENDERS;
	}
	send_clerks_home(&c);
	for (int i = 0; i < SENDERS; i++)
		(void)stop(&c.sync[i], SIGKILL);
	fault_tally(c.w, &t);
	seen = forgetful ? t.duplicated > 0 : t.lost > 0;
	chaos_close(&c);
	return seen;
}

int main(void)
{
	struct fault f = fault_begin("04", FEW);
	int64_t wanted = f.rounds >= MANY ? f.rounds * 50 : f.rounds * 5, gone;
	struct fault_tally t;
	struct chaos c;
	bool drained, broken;
	int rc;

	chaos_open(&c, "yizhan-sync", "", false);
	rage(&c, &f, f.rounds, wanted);
	drained = calm(&c, DRAIN_S);
	fault_tally(c.w, &t);
	gone = fault_missing(c.w) + t.lost;
	broken = twin_fails(&f, "tests/fault/twin_sync", "--ack-first", false) &&
	         twin_fails(&f, "yizhan-sync", "", true);
	rc = fault_end(&f,
	        drained && !gone && !t.duplicated && !t.disordered && !t.refused && !c.odd &&
	                c.refused > 0,
	        broken,
	        "%lld kills, %lld receipts, %lld lost, %lld duplicated, %lld refused, %lld out of "
	        "order, %lld left, second sender turned away %lld times",
	        (long long)c.kills, (long long)fault_receipts(c.w), (long long)gone,
	        (long long)t.duplicated, (long long)t.refused, (long long)t.disordered,
	        (long long)t.waiting, (long long)c.refused);
	chaos_close(&c);
	return rc;
}
