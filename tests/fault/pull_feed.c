/* Test 17: a replica is what the platform holds, however often yizhan-sync is killed between a page
 * and its cursor, whatever the platform forgets or goes back to.
 *
 * A round changes the platform's streams, now and then makes their cursors expire or restores the
 * platform from an older copy under a new epoch, and kills yizhan-sync at some moment. Then it is
 * left to finish, and every row of the station is held against the platform's. The twin saves the
 * cursor before the items (tests/fault/twin_pull.c): the same look must find rows that differ. */
#include "config.h"

#include "tests/fault/sync_fault.h"

#include "base/file.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ITEMS = 400, TWIN_ROUNDS = 60 };

struct run {
	struct fault *f;
	struct world *w;
	int version;  /* rises with each change, over all streams */
	bool has_old; /* platform.old is there */
	int64_t kills, expiries, restores, changes, differ;
};

static void post(struct run *r, const char *path, const char *json)
{
	struct yz_buf out = YZ_BUF_INIT;

	side_door(r->w, path, json, &out);
	if (out.len)
		fault_stop("%s: %s", path, yz_buf_str(&out));
	yz_buf_free(&out);
}

static void data(struct yz_buf *b, const char *stream, int id, int version)
{
	if (!strcmp(stream, "notices"))
		yz_buf_printf(b, "{\"title\":\"通知%d\",\"text\":\"第%d版\"}", id, version);
	else if (!strcmp(stream, "tracking"))
		yz_buf_printf(b, "{\"state\":\"in_transit\",\"text\":\"第%d版\"}", version);
	else if (!strcmp(stream, "catalogue"))
		yz_buf_printf(b,
		        "{\"item_no\":\"JH-%d\",\"name\":\"小黄姜%d\",\"class\":\"\","
		        "\"origin_county\":\"530381\",\"tier314\":\"\",\"leading\":\"county\","
		        "\"unit\":\"035\",\"content_g\":\"\",\"grades\":\"\",\"price_fen\":\"\","
		        "\"shelf_days\":60,\"storage\":\"normal\",\"doc_rule\":\"none\","
		        "\"gtin\":\"\",\"hs10\":\"\"}",
		        id, version);
	else
		yz_buf_printf(b,
		        "{\"text\":\"tariff,courier,service,zone,to,product_line,no_ship,first_g,"
		        "first_fen,step_g,step_fen,max_g,valid_from,valid_until,note\\nT%d,ZTO,"
		        "标快,"
		        "省内,53,,,1000,%d,1000,200,30000,2026-01-01,,\\n\"}",
		        id, 100 + version % 900);
}

static void name_of(struct yz_buf *b, const char *stream, int id)
{
	if (!strcmp(stream, "tracking"))
		yz_buf_printf(b, "018bcfe5-6800-7a11-8c01-%012d", id);
	else
		yz_buf_printf(b, "%s%d", strcmp(stream, "catalogue") ? "T" : "JH-", id);
}

/* n changes of a stream in one go: new items, new versions, and deletions. */
static void change(struct run *r, const char *stream, int n)
{
	struct yz_buf b = YZ_BUF_INIT;
	int ids = strcmp(stream, "tariffs") ? ITEMS : ITEMS / 20;

	yz_buf_printf(&b, "{\"stream\":\"%s\",\"items\":[", stream);
	for (int i = 0; i < n; i++) {
		int id = (int)fault_chance(r->f, (uint32_t)ids);

		r->version++;
		yz_buf_printf(&b, "%s{\"id\":\"", i ? "," : "");
		name_of(&b, stream, id);
		yz_buf_printf(&b, "\",\"version\":%d,\"op\":", r->version);
		if (fault_chance(r->f, 5) == 0) {
			yz_buf_puts(&b, "\"delete\"}");
		} else {
			yz_buf_puts(&b, "\"put\",\"data\":");
			data(&b, stream, id, r->version);
			yz_buf_putc(&b, '}');
		}
	}
	yz_buf_puts(&b, "]}");
	post(r, "/test/changes", yz_buf_str(&b));
	yz_buf_free(&b);
	r->changes += n;
}

static void path_of(const struct run *r, const char *name, char out[128])
{
	(void)snprintf(out, 128, "%s/%s", r->w->dir, name);
}

/* The platform loses what it learnt since its copy, and says so by a new epoch. */
static void restore_platform(struct run *r)
{
	char now[128], old[128], wal[128];

	path_of(r, "platform.db", now);
	path_of(r, "platform.old", old);
	path_of(r, "platform.db-wal", wal);
	(void)stop(&r->w->platform, SIGTERM);
	if (r->has_old) {
		(void)remove(wal);
		fault_copy(old, now);
		r->restores++;
	} else {
		fault_copy(now, old);
	}
	platform_start(r->w);
	if (r->has_old)
		post(r, "/test/epoch", "{}");
	r->has_old = !r->has_old;
}

static void trouble(struct run *r)
{
	static const char *const expire[] = {"{\"stream\":\"notices\"}",
	        "{\"stream\":\"tracking\"}", "{\"stream\":\"catalogue\"}",
	        "{\"stream\":\"tariffs\"}"};
	static const char *const faults[] = {
	        "{\"fault\":\"drop\",\"path\":\"/v1/changes\",\"count\":1}",
	        "{\"fault\":\"truncate\",\"path\":\"/v1/changes\",\"count\":1}",
	        "{\"fault\":\"truncate\",\"path\":\"/v1/snapshots\",\"count\":1}"};

	switch (fault_chance(r->f, 6)) {
	case 0:
	case 1:
		post(r, "/test/expire", expire[fault_chance(r->f, 4)]);
		r->expiries++;
		break;
	case 2:
		restore_platform(r);
		break;
	case 3:
		fault(r->w, faults[fault_chance(r->f, 3)]);
		break;
	default:
		break;
	}
}

/* Rows of either side that the other does not have as they are. Products stay with the station when
 * the platform takes them off its list. */
static int64_t difference(struct run *r)
{
#define LATEST(stream)                                                              \
	"FROM change WHERE n IN (SELECT max(n) FROM change WHERE stream = '" stream \
	"' GROUP BY item->>'id') AND item->>'op' = 'put'"
#define BOTH(ours, theirs)                                      \
	"SELECT (SELECT count(*) FROM (" ours " EXCEPT " theirs \
	")) + (SELECT count(*) FROM (" theirs " EXCEPT " ours "))"
#define HELD(stream)                                                             \
	BOTH("SELECT id, version FROM station.feed_item WHERE stream = '" stream \
	     "' AND gone = 0 AND fault = ''",                                    \
	        "SELECT item->>'id', item->>'version' " LATEST(stream))
	static const char *const looks[] = {
	        HELD("notices"),
	        HELD("tracking"),
	        HELD("catalogue"),
	        HELD("tariffs"),
	        BOTH("SELECT id, title, text FROM station.notice",
	                "SELECT item->>'id', item->>'$.data.title', item->>'$.data.text' " LATEST(
	                        "notices")),
	        BOTH("SELECT lower(hex(shipment)), state, text FROM station.tracking",
	                "SELECT replace(item->>'id', '-', ''), item->>'$.data.state',"
	                " item->>'$.data.text' " LATEST("tracking")),
	        BOTH("SELECT name, CAST(text AS TEXT) FROM station.reference JOIN"
	             " station.reference_text USING(seq) WHERE current = 1 AND kind = 'tariff'",
	                "SELECT item->>'id', item->>'$.data.text' " LATEST("tariffs")),
	        "SELECT count(*) FROM (SELECT item->>'id', item->>'$.data.name' " LATEST(
	                "catalogue") " EXCEPT SELECT item_no, name FROM station.product WHERE"
	                             " current = 1)",
	};
	int64_t n = 0;

	for (size_t i = 0; i < sizeof(looks) / sizeof(looks[0]); i++)
		n += fault_ask(r->w, looks[i]);
	return n;
}

/* Left alone, it finishes. */
static void settle(struct run *r)
{
	int64_t end = fault_ms() + 120000;

	fault(r->w, "{\"fault\":\"clear\"}");
	while (sync_once(r->w) != 0)
		if (fault_ms() > end)
			fault_stop("yizhan-sync does not come to an end: %s/log", r->w->dir);
}

/* Kills before that would only meet the program's start. */
static void await_request(struct run *r, int64_t asked)
{
	int64_t end = fault_ms() + 30000;

	while (stat_of(r->w, "requests") <= asked && fault_ms() < end)
		fault_nap_us(2000);
}

static void play_round(struct run *r)
{
	static const char *const streams[] = {"notices", "tracking", "catalogue", "tariffs"};
	int64_t asked;

	for (size_t i = 0; i < sizeof(streams) / sizeof(streams[0]); i++)
		change(r, streams[i], 1 + (int)fault_chance(r->f, i < 2 ? 900 : i < 3 ? 60 : 8));
	trouble(r);
	asked = stat_of(r->w, "requests");
	sync_start(r->w);
	await_request(r, asked);
	fault_nap_us((int64_t)fault_chance(r->f, 150000));
	(void)stop(&r->w->sync, SIGKILL);
	r->kills++;
	settle(r);
	r->differ += difference(r);
}

static struct run play(struct fault *f, const char *program, long rounds, bool until_differs)
{
	struct run r = {.f = f, .w = fault_world()};
	long played = 0;

	r.w->program = program;
	platform_start(r.w);
	while (until_differs ? played < rounds && !r.differ : fault_more(f, played)) {
		play_round(&r);
		played++;
	}
	fault_world_free(r.w);
	return r;
}

int main(void)
{
	struct fault f = fault_begin("17", 24);
	struct run r = play(&f, NULL, f.rounds, false);
	struct run twin = play(&f, "tests/fault/twin_pull", TWIN_ROUNDS, true);

	return fault_end(&f, r.kills > 0 && !r.differ, twin.differ > 0,
	        "%lld kills, %lld changes, %lld expiries, %lld restores, %lld rows differ",
	        (long long)r.kills, (long long)r.changes, (long long)r.expiries,
	        (long long)r.restores, (long long)r.differ);
}
