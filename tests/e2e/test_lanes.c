/* yizhan-sync over its four lanes against the stand-in platform: a full queue goes out compressed
 * and in order, a poison holds up nobody, and a platform restored from a backup gets back what it
 * lost. */
#include "config.h"

#include "tests/e2e/sync_world.h"

#include "base/buf.h"

#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void nap_ms(long ms)
{
	const struct timespec t = {ms / 1000, ms % 1000 * 1000000};

	(void)nanosleep(&t, NULL);
}

static void nap(long s)
{
	nap_ms(s * 1000);
}

static struct yz_id save_contact(struct world *w, int who, int version, const struct yz_id *needs)
{
	char body[256], agg[64];

	(void)snprintf(body, sizeof(body),
	        "{\"code\":\"530381\",\"contact_id\":\"018bcfe5-6800-7a11-8c01-0242ac12%04d\","
	        "\"detail\":\"%d组12号\",\"name\":\"李桂花\",\"phone\":\"13800004412\"}",
	        who, version);
	(void)snprintf(agg, sizeof(agg), "contact:018bcfe5-6800-7a11-8c01-0242ac12%04d", who);
	return save(w, "contact.upsert", agg, body, needs);
}

static struct yz_outbox_counts count(struct world *w)
{
	struct yz_outbox_counts n;
	struct yz_error err;

	assert_int_equal(yz_outbox_count(w->s, &n, &err), YZ_OK);
	return n;
}

/* Where the platform's dump names the operation, -1 for nowhere. */
static long place_of(const struct yz_buf *dump, const struct yz_id *id)
{
	char text[YZ_ID_TEXT_SIZE], needle[64];
	const char *at;

	(void)snprintf(needle, sizeof(needle), "\"op_id\":\"%s\"", yz_id_text(id, text));
	at = strstr(yz_buf_str(dump), needle);
	return at ? at - yz_buf_str(dump) : -1;
}

static void a_full_queue_goes_out_in_few_compressed_requests(void **state)
{
	enum { OPS = 400 };
	struct world *w = *state;
	struct yz_id ids[OPS];
	int64_t requests;

	platform_start(w);
	for (int i = 0; i < OPS; i++)
		ids[i] = save_product(w, i);
	assert_int_equal(sync_once(w), 0);
	for (int i = 0; i < OPS; i++)
		assert_int_equal(op_of(w, &ids[i]).state, YZ_OP_ACKED);
	assert_int_equal(held(w, &ids[0], NULL), 1);
	requests = stat_of(w, "sends");
	assert_in_range(requests, 4, 20);
	assert_in_range(stat_of(w, "gzipped"), 4, requests);
}

static void the_versions_of_one_thing_arrive_in_order(void **state)
{
	enum { WHO = 7, VERSIONS = 30 };
	struct world *w = *state;
	struct yz_id ids[WHO][VERSIONS];
	struct yz_buf dump = YZ_BUF_INIT;

	platform_start(w);
	sync_start(w); /* they go out in whatever batches the moment gives */
	for (int v = 0; v < VERSIONS; v++)
		for (int who = 0; who < WHO; who++)
			ids[who][v] = save_contact(w, who, v, NULL);
	for (int who = 0; who < WHO; who++)
		assert_true(comes_to(w, &ids[who][VERSIONS - 1], YZ_OP_ACKED));
	side_door(w, "/test/dump", NULL, &dump);
	for (int who = 0; who < WHO; who++)
		for (int v = 0; v < VERSIONS; v++) {
			assert_true(place_of(&dump, &ids[who][v]) >= 0);
			if (v)
				assert_true(place_of(&dump, &ids[who][v - 1]) <
				            place_of(&dump, &ids[who][v]));
		}
	assert_int_equal(count(w).dead, 0);
	assert_int_equal(stat_of(w, "rejected"), 0);
	yz_buf_free(&dump);
}

static void what_is_needed_arrives_first_whatever_lane_it_takes(void **state)
{
	enum { CHAIN = 12, BESIDE = 60 };
	struct world *w = *state;
	struct yz_id chain[CHAIN];
	struct yz_buf dump = YZ_BUF_INIT;

	platform_start(w);
	for (int i = 0; i < CHAIN; i++) {
		chain[i] = save_contact(w, 100 + i, 1, i ? &chain[i - 1] : NULL);
		for (int k = 0; k < BESIDE / CHAIN; k++)
			(void)save_product(w, i * 100 + k);
	}
	assert_int_equal(sync_once(w), 0);
	side_door(w, "/test/dump", NULL, &dump);
	for (int i = 0; i < CHAIN; i++) {
		assert_int_equal(op_of(w, &chain[i]).state, YZ_OP_ACKED);
		if (i)
			assert_true(place_of(&dump, &chain[i - 1]) < place_of(&dump, &chain[i]));
	}
	assert_int_equal(count(w).pending, 0);
	yz_buf_free(&dump);
}

static void a_platform_that_cannot_inflate_is_sent_plain_bodies(void **state)
{
	struct world *w = *state;
	struct yz_id id, later;

	platform_start(w);
	fault(w, "{\"fault\":\"status\",\"status\":415,\"count\":1}");
	id = save_product(w, 1);
	sync_start(w);
	assert_true(comes_to(w, &id, YZ_OP_ACKED));
	assert_int_equal(stat_of(w, "gzipped"), 1);
	later = save_product(w, 2);
	assert_true(comes_to(w, &later, YZ_OP_ACKED));
	assert_int_equal(stat_of(w, "gzipped"), 1);
}

static void a_batch_that_fails_with_500_gives_up_only_its_poison(void **state)
{
	enum { GOOD = 60 };
	struct world *w = *state;
	struct yz_id good[GOOD], bad;

	platform_start(w);
	fault(w, "{\"fault\":\"spoil\",\"kind\":\"contact.upsert\",\"status\":500,\"count\":-1}");
	for (int i = 0; i < GOOD / 2; i++)
		good[i] = save_product(w, i);
	bad = save_contact(w, 1, 1, NULL);
	for (int i = GOOD / 2; i < GOOD; i++)
		good[i] = save_product(w, i);
	sync_start(w);
	for (int i = 0; i < GOOD; i++)
		assert_true(comes_to(w, &good[i], YZ_OP_ACKED));
	assert_int_equal(op_of(w, &bad).state, YZ_OP_PENDING);
	assert_int_equal(op_of(w, &bad).attempts, 0);
	fault(w, "{\"fault\":\"clear\"}");
	assert_true(comes_to(w, &bad, YZ_OP_ACKED));
}

static void the_search_for_a_poison_waits_as_long_as_the_platform_asks(void **state)
{
	enum { OPS = 240, SEARCH = 40, SECONDS = 6, MOST = 6 };
	struct world *w = *state;
	struct yz_id last = {{0}};
	int64_t sends;

	platform_start(w);
	fault(w, "{\"fault\":\"status\",\"status\":500,\"count\":-1}");
	for (int i = 0; i < OPS; i++)
		last = save_product(w, i);
	sync_start(w);
	for (int i = 0; i < 600 && stat_of(w, "sends") < SEARCH; i++)
		nap_ms(50);
	fault(w, "{\"fault\":\"clear\"}");
	fault(w, "{\"fault\":\"status\",\"status\":500,\"retry_after_s\":2,\"count\":-1}");
	nap(1);
	sends = stat_of(w, "sends");
	nap(SECONDS);
	assert_in_range(stat_of(w, "sends") - sends, 0, MOST);
	fault(w, "{\"fault\":\"clear\"}");
	assert_true(comes_to(w, &last, YZ_OP_ACKED));
}

static void meddle(const struct world *w, const char *sql)
{
	char path[96];
	sqlite3 *db = NULL;

	(void)snprintf(path, sizeof(path), "%s/station.db", w->dir);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	(void)sqlite3_busy_timeout(db, 10000);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	(void)sqlite3_close(db);
}

static void a_queue_that_cannot_be_read_is_told_on_the_screen(void **state)
{
	struct world *w = *state;
	struct yz_id id;

	platform_start(w);
	(void)save_contact(w, 1, 1, NULL);
	assert_int_equal(sync_once(w), 0);
	assert_true(fact_becomes(w, "link.state", "online"));
	id = save_contact(w, 2, 1, NULL);
	meddle(w, "CREATE TABLE aside AS SELECT * FROM outbox_body;"
	          "UPDATE outbox_body SET body = NULL");
	assert_int_equal(sync_once(w), 75);
	assert_true(fact_becomes(w, "link.state", "offline"));
	assert_true(fact_becomes(w, "link.why", "damaged"));
	meddle(w, "DROP TRIGGER outbox_body_fixed; UPDATE outbox_body AS o SET body ="
	          " (SELECT body FROM aside WHERE seq = o.seq)");
	assert_int_equal(sync_once(w), 0);
	assert_true(fact_becomes(w, "link.state", "online"));
	assert_int_equal(held(w, &id, NULL), 1);
}

static void a_copied_station_stops_and_says_so(void **state)
{
	struct world *w = *state;
	struct yz_now now = yz_clock_now(0);
	struct yz_tx *tx = NULL;
	struct yz_error err;
	struct yz_id id;

	platform_start(w);
	assert_int_equal(yz_tx_begin(w->s, &now, &tx, &err), YZ_OK);
	assert_int_equal(yz_meta_put(tx, "agent.epoch", "2", &err), YZ_OK);
	assert_int_equal(yz_tx_commit(tx, &err), YZ_OK);
	(void)save_product(w, 1);
	assert_int_equal(sync_once(w), 0);
	assert_int_equal(yz_tx_begin(w->s, &now, &tx, &err), YZ_OK);
	assert_int_equal(yz_meta_put(tx, "agent.epoch", "1", &err), YZ_OK);
	assert_int_equal(yz_tx_commit(tx, &err), YZ_OK);
	id = save_product(w, 2);
	assert_int_equal(sync_once(w), 75);
	assert_true(fact_becomes(w, "link.why", "stale-agent-epoch"));
	assert_int_equal(op_of(w, &id).state, YZ_OP_PENDING);
	assert_int_equal(held(w, &id, NULL), 0);
}

/* True if all that was confirmed is at the platform once after it went back to a backup. */
static bool a_restore_loses_nothing(struct world *w, const char *restore)
{
	enum { OPS = 60 };
	struct yz_id ids[OPS], late;
	bool whole = true, silent = strstr(restore, "silent");

	platform_start(w);
	for (int i = 0; i < OPS; i++) {
		if (i == OPS / 3) {
			assert_int_equal(sync_once(w), 0);
			fault(w, "{\"fault\":\"backup\"}");
		}
		ids[i] = i % 2 ? save_contact(w, i % 5, i, i ? &ids[i - 1] : NULL)
		               : save_product(w, i);
	}
	assert_int_equal(sync_once(w), 0);
	for (int i = 0; i < OPS; i++)
		assert_int_equal(op_of(w, &ids[i]).state, YZ_OP_ACKED);
	fault(w, restore);
	assert_int_equal(held(w, &ids[OPS - 1], NULL), 0);
	late = save_product(w, OPS);
	sync_start(w);
	assert_true(comes_to(w, &late, YZ_OP_ACKED));
	for (int i = 0; i < OPS && whole; i++) {
		for (int s = 0; s < 30 && !silent && held(w, &ids[i], NULL) != 1; s++)
			nap(1);
		whole = comes_to(w, &ids[i], YZ_OP_ACKED) && held(w, &ids[i], NULL) == 1;
	}
	assert_int_equal(count(w).dead, 0);
	return whole;
}

static void a_platform_restored_from_a_backup_gets_back_what_it_lost(void **state)
{
	assert_true(a_restore_loses_nothing(*state, "{\"fault\":\"restore\"}"));
}

static void broken_twin_a_restore_that_keeps_its_epoch_loses_records(void **state)
{
	assert_false(
	        a_restore_loses_nothing(*state, "{\"fault\":\"restore\",\"kind\":\"silent\"}"));
}

static long switches_of(pid_t pid)
{
	char path[64], line[128];
	long n = -1;
	FILE *f;

	(void)snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	f = fopen(path, "re");
	assert_non_null(f);
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "voluntary_ctxt_switches: %ld", &n) == 1)
			break;
	(void)fclose(f);
	return n;
}

static void an_idle_sender_sleeps(void **state)
{
	enum { SECONDS = 6 };
	struct world *w = *state;
	int64_t requests;
	long before;

	w->conf = "poll_s = 30\n";
	platform_start(w);
	sync_start(w);
	assert_true(fact_becomes(w, "link.state", "online"));
	nap(1);
	requests = stat_of(w, "sends");
	before = switches_of(w->sync);
	nap(SECONDS);
	assert_in_range(switches_of(w->sync) - before, 0, SECONDS);
	assert_int_equal(stat_of(w, "sends"), requests);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)
	const struct CMUnitTest tests[] = {
	        CASE(a_full_queue_goes_out_in_few_compressed_requests),
	        CASE(the_versions_of_one_thing_arrive_in_order),
	        CASE(what_is_needed_arrives_first_whatever_lane_it_takes),
	        CASE(a_platform_that_cannot_inflate_is_sent_plain_bodies),
	        CASE(a_batch_that_fails_with_500_gives_up_only_its_poison),
	        CASE(the_search_for_a_poison_waits_as_long_as_the_platform_asks),
	        CASE(a_queue_that_cannot_be_read_is_told_on_the_screen),
	        CASE(a_copied_station_stops_and_says_so),
	        CASE(a_platform_restored_from_a_backup_gets_back_what_it_lost),
	        CASE(broken_twin_a_restore_that_keeps_its_epoch_loses_records),
	        CASE(an_idle_sender_sleeps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
