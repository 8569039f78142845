/* Test 11: a clerk works and yizhan-sync sends under wrong, stepping and dead clocks. The order
 * must stay, the price must be that of the true day, and the queue must never stall. Certificates
 * under a wrong clock are the matter of tests/e2e/test_tls.c. The twin sends in the order of the
 * wall clock. */
#include "config.h"

#include "tests/fault/sync_fault.h"

#include "base/file.h"
#include "store/reference.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FEW = 40, FEW_MORE = 4, STEPS = 4, PUT_OFF_S = 20, DRAIN_S = 60, WORK_S = 300 };

#define HOUR (3600LL)
#define DAY (24 * HOUR)
#define YEAR (365 * DAY)
#define SINCE(year) (-((2026 - (year)) * YEAR))

/* The clock of both programs is off by at[i] seconds in the i-th quarter of the work. */
struct scene {
	const char *name;
	int64_t at[STEPS];
	int64_t sender_s; /* the sender's own clock is off by so much more */
	const char *zone; /* TZ, or NULL */
	bool reboot;      /* another boot id in the second half */
};

static const struct scene scenes[] = {
        {"ten years behind", {-10 * YEAR, -10 * YEAR, -10 * YEAR, -10 * YEAR}, 0, NULL, false},
        {"ten years ahead", {10 * YEAR, 10 * YEAR, 10 * YEAR, 10 * YEAR}, 0, NULL, false},
        {"1970", {SINCE(1970), SINCE(1970), SINCE(1970), SINCE(1970)}, 0, NULL, false},
        {"a step back of an hour", {0, 0, -HOUR, -HOUR}, 0, NULL, false},
        {"a step back of ten years", {0, 0, -10 * YEAR, -10 * YEAR}, 0, NULL, false},
        {"ten years ahead, then right", {10 * YEAR, 10 * YEAR, 0, 0}, 0, NULL, false},
        {"to and fro", {-DAY, DAY, -2 * DAY, 3 * HOUR}, 0, NULL, false},
        {"summer time ends", {0, 0, -HOUR, -HOUR}, 0, "America/New_York", false},
        {"an hour of another zone", {HOUR, 0, HOUR, 0}, 0, "Asia/Kathmandu", false},
        {"clerk and sender differ", {-10 * YEAR, 0, 0, 10 * YEAR}, 10 * YEAR, NULL, false},
        {"past 2038", {13 * YEAR, 13 * YEAR, 13 * YEAR, 13 * YEAR}, 0, NULL, false},
        {"a dead battery and a restart", {0, 0, SINCE(2000), SINCE(2000)}, 0, NULL, true},
};

struct stage {
	struct world *w;
	pid_t sync;
	char clerk_file[160], sync_file[160], boot_file[160], conf[160];
};

static void write_file(const char *path, const char *text)
{
	struct yz_error err;

	if (yz_file_write(path, text, strlen(text), 0644, &err) != YZ_OK)
		fault_stop("%s", err.text);
}

static void set_clock(struct stage *g, const struct scene *s, int quarter)
{
	char text[32];

	(void)snprintf(text, sizeof(text), "%lld", (long long)s->at[quarter]);
	write_file(g->clerk_file, text);
	(void)snprintf(text, sizeof(text), "%lld", (long long)(s->at[quarter] + s->sender_s));
	write_file(g->sync_file, text);
	if (s->reboot && quarter == STEPS / 2)
		write_file(g->boot_file, "018bcfe5-6800-7a11-8c01-0242ac120042\n");
}

/* What is started from here on sees the clock of that file. */
static void see_clock(const struct stage *g, const char *file)
{
	const char *build = getenv("YZ_BUILDDIR"), *asan = getenv("ASAN_OPTIONS");
	char text[512];

	(void)snprintf(text, sizeof(text), "%s/tests/fixtures/wrongclock.so", build ? build : ".");
	if (access(text, R_OK) != 0)
		fault_stop("%s is missing", text);
	(void)setenv("LD_PRELOAD", text, 1);
	(void)snprintf(text, sizeof(text), "verify_asan_link_order=0:%s", asan ? asan : "");
	(void)setenv("ASAN_OPTIONS", text, 1);
	(void)setenv("YZ_CLOCK_FILE", file, 1);
	(void)setenv("YZ_BOOT_FILE", g->boot_file, 1);
}

static void see_true_clock(void)
{
	(void)unsetenv("LD_PRELOAD");
}

/* Sheets before and after: a wrong day is a wrong price. */
static void put_sheet(struct world *w, const char *name, const char *from, const char *until)
{
	struct yz_reference ref = {.rows = 1};
	struct yz_now now = yz_clock_now(0);
	struct yz_tx *tx = NULL;
	struct yz_error err;
	char text[400];

	(void)yz_copy(ref.kind, sizeof(ref.kind), "tariff");
	(void)yz_copy(ref.name, sizeof(ref.name), name);
	(void)snprintf(text, sizeof(text),
	        "tariff,courier,service,zone,to,product_line,no_ship,first_g,first_fen,step_g,"
	        "step_fen,max_g,valid_from,valid_until,note\n"
	        "%s,EMS,标快,省内,53,,,1000,9900,1000,900,30000,%s,%s,\n",
	        name, from, until);
	if (yz_tx_begin(w->s, &now, &tx, &err) != YZ_OK ||
	        yz_reference_put(tx, &ref, text, strlen(text), &err) != YZ_OK ||
	        yz_tx_commit(tx, &err) != YZ_OK)
		fault_stop("%s", err.text);
}

static void stage_open(struct stage *g)
{
	char dir[FAULT_DIR_SIZE];

	memset(g, 0, sizeof(*g));
	see_true_clock();
	fault_clerk_station(dir);
	g->w = fault_world_at(dir);
	put_sheet(g->w, "T0", "1970-01-01", "2025-12-31");
	put_sheet(g->w, "T9", "2031-01-01", "");
	platform_start(g->w);
	(void)snprintf(g->clerk_file, sizeof(g->clerk_file), "%s/clerk.clock", dir);
	(void)snprintf(g->sync_file, sizeof(g->sync_file), "%s/sync.clock", dir);
	(void)snprintf(g->boot_file, sizeof(g->boot_file), "%s/boot_id", dir);
	(void)snprintf(g->conf, sizeof(g->conf), "%s/yizhan.conf", dir);
}

static void stage_close(struct stage *g)
{
	(void)stop(&g->sync, SIGTERM);
	see_true_clock();
	fault_world_free(g->w);
}

static void start_sync(struct stage *g)
{
	see_clock(g, g->sync_file);
	g->sync = fault_spawn(g->w, "yizhan-sync", "-c", g->conf, (char *)NULL);
	see_true_clock();
}

/* The clerk does her part of a quarter; false if she could not. */
static bool work(struct stage *g, int count)
{
	char text[16];
	pid_t pid;
	int status = -1;

	(void)snprintf(text, sizeof(text), "%d", count);
	see_clock(g, g->clerk_file);
	pid = fault_spawn(g->w, "tests/fault/clerk", g->w->dir, "0", text, (char *)NULL);
	see_true_clock();
	for (int i = 0; i < WORK_S * 100 && waitpid(pid, &status, WNOHANG) == 0; i++)
		fault_nap_us(10000);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Has some put off under the clock of now; true if they are when it returns, so that the clock
 * steps over them. */
static bool put_off(struct stage *g)
{
	bool are = false;

	fault(g->w, "{\"fault\":\"retry\",\"kind\":\"shipment.book\",\"count\":3}");
	if (!work(g, FEW_MORE))
		return false;
	for (int i = 0; i < PUT_OFF_S * 50 && !are; i++) {
		are = fault_ask(g->w, "SELECT count(*) FROM station.outbox WHERE state = 0 AND"
		                      " next_ms > 0") > 0;
		fault_nap_us(20000);
	}
	return are;
}

struct found {
	int64_t operations, lost, disordered, wrong_prices;
	int put_off;       /* times that the clock stepped over what was put off */
	int stalled, idle; /* scenes in which the queue stood, the clerk could not work */
};

static void play(const struct scene *s, int count, struct found *f)
{
	struct fault_tally t;
	struct stage g;
	bool worked = true, drained;

	stage_open(&g);
	if (s->zone)
		(void)setenv("TZ", s->zone, 1);
	set_clock(&g, s, 0);
	start_sync(&g);
	if (!fact_becomes(g.w, "link.state", "online"))
		fault_stop("%s: no exchange: see %s/log", s->name, g.w->dir);
	for (int i = 0; i < STEPS && worked; i++) {
		set_clock(&g, s, i);
		if (s->reboot && i == STEPS / 2) {
			(void)stop(&g.sync, SIGKILL);
			start_sync(&g);
		}
		worked = work(&g, count / STEPS);
		if (worked && i + 1 < STEPS && put_off(&g))
			f->put_off++;
	}
	drained = fault_drained(g.w, DRAIN_S);
	(void)unsetenv("TZ");
	fault_tally(g.w, &t);
	f->operations += t.saved;
	f->lost += t.lost + t.duplicated + t.refused;
	f->disordered += t.disordered;
	f->wrong_prices +=
	        fault_ask(g.w, "SELECT count(*) FROM station.shipment WHERE tariff <> 'T1'");
	f->stalled += !drained;
	f->idle += !worked;
	if (!drained || !worked || t.disordered)
		(void)fprintf(stderr, "%s: clerk %s, %lld wait, see %s/log\n", s->name,
		        worked ? "worked" : "could not work", (long long)t.waiting, g.w->dir);
	stage_close(&g);
}

/* A queue in the order of the wall clock gets stuck or turns round at a step back. */
static bool order_by_clock_fails(void)
{
	static const struct scene back = {"", {0, 0, -DAY, -DAY}, 0, NULL, false};
	struct fault_tally t;
	struct stage g;

	stage_open(&g);
	configure(g.w, true);
	for (int i = 1; i < STEPS; i++) {
		struct yz_now now = yz_clock_now(0);

		now.wall_ms += back.at[i] * 1000;
		fault_save_revision(g.w, &now, i);
	}
	for (int i = 0; i < 3; i++)
		(void)fault_run(g.w, "tests/fault/twin_sync", "--by-clock");
	fault_tally(g.w, &t);
	stage_close(&g);
	return t.waiting > 0 || t.disordered > 0;
}

int main(void)
{
	enum { SCENES = sizeof(scenes) / sizeof(scenes[0]) };
	struct fault f = fault_begin("11", FEW);
	struct found found = {0};
	int played = 0;

	for (; played < SCENES && fault_more(&f, 0); played++)
		play(&scenes[played], (int)f.rounds, &found);
	return fault_end(&f,
	        played == SCENES && !found.lost && !found.disordered && !found.wrong_prices &&
	                !found.stalled && !found.idle && found.put_off >= played,
	        order_by_clock_fails(),
	        "%d clocks, %lld operations, %d steps over waiting ones, %lld lost or doubled, "
	        "%lld out of order, %lld wrong "
	        "prices, %d queues stood, %d clerks could not work",
	        played, (long long)found.operations, found.put_off, (long long)found.lost,
	        (long long)found.disordered, (long long)found.wrong_prices, found.stalled,
	        found.idle);
}
