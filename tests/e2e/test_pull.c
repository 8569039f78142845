/* Leases and pulls: a station's folder, a real platform and a real yizhan-sync. */
#include "config.h"

#include "tests/e2e/sync_world.h"

#include "base/file.h"
#include "store/notice.h"
#include "store/pool_lease.h"
#include "store/reference.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char couriers[] =
        "code,name,name_en,number_mode,void_rule,service_default,volumetric_divisor,"
        "max_weight_g,phone,claim_rule,number_format,sort\n"
        "ZTO,中通,ZTO,range,return,标快,6000,30000,95311,civil,^[0-9]{14}$,1\n"
        "SF,顺丰,SF,online,burn,标快,6000,30000,95338,civil,^SF[0-9]{13}$,2\n";
#define SHEET(version, price)                                                                    \
	"tariff,courier,service,zone,to,product_line,no_ship,first_g,first_fen,step_g,"          \
	"step_fen,max_g,valid_from,valid_until,note\n" version ",ZTO,标快,省内,53,,,1000," price \
	",1000,200,30000,2026-01-01,,\n"

static void reference(struct yz_tx *tx, const char *kind, const char *name, const char *text)
{
	struct yz_reference ref = {.rows = 1};

	(void)yz_copy(ref.kind, sizeof(ref.kind), kind);
	(void)yz_copy(ref.name, sizeof(ref.name), name);
	assert_int_equal(yz_reference_put(tx, &ref, text, strlen(text), NULL), YZ_OK);
}

static struct yz_tx *begin(struct world *w)
{
	struct yz_now now = yz_clock_now(0);
	struct yz_tx *tx = NULL;

	assert_int_equal(yz_tx_begin(w->s, &now, &tx, NULL), YZ_OK);
	return tx;
}

static int set_up(void **state)
{
	struct world *w;
	struct yz_tx *tx;

	if (world_setup(state) != 0)
		return -1;
	w = *state;
	tx = begin(w);
	reference(tx, "couriers", "", couriers);
	reference(tx, "tariff", "T1", SHEET("T1", "800"));
	assert_int_equal(yz_tx_commit(tx, NULL), YZ_OK);
	platform_start(w);
	return 0;
}

static void show_log(const struct world *w)
{
	struct yz_buf b = YZ_BUF_INIT;
	char path[80];

	(void)snprintf(path, sizeof(path), "%s/log", w->dir);
	if (yz_file_read(&b, path, 1 << 20, NULL) == YZ_OK)
		print_message("%s", yz_buf_str(&b));
	yz_buf_free(&b);
}

/* Until it has nothing more to do; a failure is tried again some times. */
static void settle(struct world *w)
{
	int rc = 75;

	for (int i = 0; i < 8 && rc; i++)
		rc = sync_once(w);
	if (rc != 0)
		show_log(w);
	assert_int_equal(rc, 0);
}

static struct yz_stock stock(struct world *w)
{
	struct yz_stock rows[4];
	size_t n = 0;

	assert_int_equal(yz_pool_stock(w->s, rows, 4, &n, NULL), YZ_OK);
	if (!n)
		memset(&rows[0], 0, sizeof(rows[0]));
	return rows[0];
}

/* How often a text stands in what the side door answers. */
static int times(struct world *w, const char *path, const char *needle)
{
	struct yz_buf out = YZ_BUF_INIT;
	int n = 0;

	side_door(w, path, NULL, &out);
	for (const char *at = yz_buf_str(&out); (at = strstr(at, needle)); at++)
		n++;
	yz_buf_free(&out);
	return n;
}

static void post(struct world *w, const char *path, const char *json)
{
	struct yz_buf out = YZ_BUF_INIT;

	side_door(w, path, json, &out);
	assert_string_equal(yz_buf_str(&out), "");
	yz_buf_free(&out);
}

static void change(
        struct world *w, const char *stream, const char *id, int version, const char *data)
{
	struct yz_buf b = YZ_BUF_INIT;

	yz_buf_printf(&b, "{\"stream\":\"%s\",\"item\":{\"id\":\"%s\",\"version\":%d,", stream, id,
	        version);
	if (data)
		yz_buf_printf(&b, "\"op\":\"put\",\"data\":%s}}", data);
	else
		yz_buf_puts(&b, "\"op\":\"delete\"}}");
	post(w, "/test/changes", yz_buf_str(&b));
	yz_buf_free(&b);
}

/* n notices in one go. */
static void many_notices(struct world *w, int from, int n)
{
	struct yz_buf b = YZ_BUF_INIT;

	yz_buf_puts(&b, "{\"stream\":\"notices\",\"items\":[");
	for (int i = from; i < from + n; i++)
		yz_buf_printf(&b,
		        "%s{\"id\":\"n%d\",\"version\":1,\"op\":\"put\",\"data\":{\"title\":"
		        "\"通知%d\",\"text\":\"春节期间停收,请提前寄出。春节期间停收,"
		        "请提前寄出。\"}}",
		        i > from ? "," : "", i, i);
	yz_buf_puts(&b, "]}");
	post(w, "/test/changes", yz_buf_str(&b));
	yz_buf_free(&b);
}

static size_t notices(struct world *w)
{
	struct yz_notice *rows = yz_alloc(3000 * sizeof(*rows));
	size_t n = 0;

	assert_int_equal(yz_notice_list(w->s, rows, 3000, &n, NULL), YZ_OK);
	free(rows);
	return n;
}

static struct yz_feed feed(struct world *w, const char *stream)
{
	struct yz_feed f;

	assert_int_equal(yz_feed_get(w->s, stream, &f, NULL), YZ_OK);
	return f;
}

static void two_leases_are_held_and_a_lost_answer_costs_no_numbers(void **state)
{
	struct world *w = *state;

	fault(w, "{\"fault\":\"drop\",\"path\":\"/v1/number-leases\",\"count\":2}");
	settle(w);
	assert_int_equal(stock(w).left, 1000);
	assert_int_equal(times(w, "/test/leases", "\"courier\":\"ZTO\""), 2);
	assert_int_equal(times(w, "/test/leases", "\"lo\":1500,\"hi\":1999"), 1);
	settle(w);
	assert_int_equal(times(w, "/test/leases", "\"courier\""), 2);
}

static void a_lease_that_may_not_be_used_is_refused_and_told(void **state)
{
	static const struct {
		const char *how, *code;
	} cases[] = {{"width", "bad-lease"}, {"check", "bad-lease"}, {"more", "bad-lease"},
	        {"overlap", "overlap"}};
	struct world *w = *state;
	struct yz_lease last;
	char json[128];

	settle(w);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct yz_tx *tx = begin(w);

		assert_int_equal(yz_lease_ask(tx, "ZTO", 100, &last, NULL), YZ_OK);
		assert_int_equal(yz_tx_commit(tx, NULL), YZ_OK);
		(void)snprintf(json, sizeof(json),
		        "{\"fault\":\"lease\",\"path\":\"/v1/number-leases\",\"code\":\"%s\"}",
		        cases[i].how);
		fault(w, json);
		settle(w);
		assert_int_equal(yz_lease_last(w->s, "ZTO", &last, NULL), YZ_OK);
		assert_int_equal(last.state, YZ_LEASE_REFUSED);
		assert_string_equal(last.code, cases[i].code);
		assert_int_equal(stock(w).left, 1000);
	}
	settle(w); /* and goes back, so that nobody else misses it */
	assert_int_equal(times(w, "/test/leases", "\"used_to\""), 4);
}

static void leases_that_the_owner_gives_back_are_reported_and_not_replaced(void **state)
{
	struct world *w = *state;
	int64_t leases = 0, burned = 0, number;
	struct yz_pool from;
	struct yz_tx *tx;

	settle(w);
	tx = begin(w);
	for (int i = 0; i < 3; i++)
		assert_int_equal(yz_pool_take(tx, "ZTO", &from, &number, NULL), YZ_OK);
	assert_int_equal(yz_lease_return(tx, "ZTO", &leases, &burned, NULL), YZ_OK);
	assert_int_equal(yz_tx_commit(tx, NULL), YZ_OK);
	assert_int_equal(leases, 2);
	fault(w, "{\"fault\":\"drop\",\"path\":\"/v1/number-leases\",\"count\":1}");
	settle(w);
	settle(w);
	assert_int_equal(times(w, "/test/leases", "\"courier\""), 2);
	assert_int_equal(times(w, "/test/leases", "\"used_to\":1002"), 1);
	assert_int_equal(times(w, "/test/leases", "\"used_to\":1499"), 1);
	assert_int_equal(yz_lease_next(w->s, &(struct yz_lease){.count = 0}, NULL), YZ_E_NOTFOUND);
}

static void what_the_platform_hands_out_comes_in_page_by_page(void **state)
{
	struct world *w = *state;
	struct yz_reference ref;
	struct yz_buf text = YZ_BUF_INIT;
	struct yz_feed_fault faults[2];
	size_t n = 0;

	many_notices(w, 0, 1200);
	change(w, "notices", "n7", 2, NULL);
	change(w, "tariffs", "T2", 1, "{\"text\":\"no sheet\"}");
	change(w, "tariffs", "T3", 1,
	        "{\"text\":\"tariff,courier,service,zone,to,product_line,no_ship,first_g,"
	        "first_fen,step_g,step_fen,max_g,valid_from,valid_until,note\\nT3,ZTO,标快,省内,"
	        "53,,,1000,700,1000,200,30000,2026-01-01,,\\n\"}");
	settle(w);
	assert_int_equal(notices(w), 1199);
	assert_int_equal(yz_reference_get(w->s, "tariff", "T3", &text, &ref, NULL), YZ_OK);
	assert_int_equal(ref.rows, 1);
	assert_int_equal(yz_feed_faults(w->s, faults, 2, &n, NULL), YZ_OK);
	assert_int_equal(n, 1);
	assert_string_equal(faults[0].id, "T2");
	yz_buf_free(&text);
}

static void a_portal_and_a_cut_page_change_nothing(void **state)
{
	struct world *w = *state;

	many_notices(w, 0, 3);
	settle(w);
	many_notices(w, 3, 3);
	fault(w, "{\"fault\":\"html\",\"path\":\"/v1/changes\",\"count\":1}");
	assert_int_equal(sync_once(w), 75);
	assert_int_equal(notices(w), 3);
	assert_string_equal(feed(w, "notices").cursor, "3");
	fault(w, "{\"fault\":\"truncate\",\"path\":\"/v1/changes/notices\",\"count\":1}");
	(void)sync_once(w);
	settle(w);
	assert_int_equal(notices(w), 6);
}

static void an_expired_cursor_is_replaced_by_a_snapshot_in_pieces(void **state)
{
	struct world *w = *state;

	many_notices(w, 0, 600);
	settle(w);
	many_notices(w, 600, 1200);
	change(w, "notices", "n5", 2, NULL);
	post(w, "/test/expire", "{\"stream\":\"notices\"}");
	fault(w, "{\"fault\":\"drop\",\"path\":\"/v1/snapshots\",\"count\":2}");
	settle(w);
	assert_int_equal(notices(w), 1799);
	assert_string_not_equal(feed(w, "notices").etag, "");
	assert_false(feed(w, "notices").wants_snapshot);
	many_notices(w, 2000, 1);
	settle(w);
	assert_int_equal(notices(w), 1800);
	assert_string_equal(feed(w, "notices").etag, "");
}

/* Kills yizhan-sync when some pieces of a snapshot of 1,000 notices are there, not all. */
static int64_t kill_within_a_snapshot(struct world *w)
{
	const struct timespec t = {0, 10000000L};
	int64_t have = 0;

	many_notices(w, 0, 1000);
	post(w, "/test/expire", "{\"stream\":\"notices\"}");
	fault(w, "{\"fault\":\"delay\",\"path\":\"/v1/snapshots\",\"delay_ms\":300,\"count\":-1}");
	sync_start(w);
	for (int i = 0; i < 3000 && !have; i++) {
		(void)nanosleep(&t, NULL);
		assert_int_equal(yz_feed_part_len(w->s, "notices", &have, NULL), YZ_OK);
	}
	(void)stop(&w->sync, SIGKILL);
	assert_int_equal(yz_feed_part_len(w->s, "notices", &have, NULL), YZ_OK);
	assert_true(have > 0);
	assert_int_equal(notices(w), 0);
	fault(w, "{\"fault\":\"clear\"}");
	return have;
}

static int requests(struct world *w)
{
	struct yz_buf out = YZ_BUF_INIT;
	const char *at;
	int n;

	side_door(w, "/test/stats", NULL, &out);
	at = strstr(yz_buf_str(&out), "\"requests\":");
	assert_non_null(at);
	n = (int)strtol(at + strlen("\"requests\":"), NULL, 10);
	yz_buf_free(&out);
	return n;
}

static void a_snapshot_goes_on_where_a_kill_cut_it(void **state)
{
	struct world *w = *state;
	int64_t have = kill_within_a_snapshot(w), whole;
	struct yz_buf out = YZ_BUF_INIT;
	int before = requests(w), after;

	side_door(w, "/test/streams/notices", NULL, &out);
	whole = (int64_t)out.len;
	settle(w);
	after = requests(w);
	assert_int_equal(notices(w), 1000);
	assert_string_equal(feed(w, "notices").part_etag, "");
	/* the pieces that were missing, the probe, two leases at most, the other streams */
	assert_true(after - before <= (whole - have) / 64000 + 1 + 1 + 2 + 4);
	yz_buf_free(&out);
}

static void a_snapshot_that_changes_meanwhile_begins_anew(void **state)
{
	struct world *w = *state;

	(void)kill_within_a_snapshot(w);
	many_notices(w, 1000, 1);
	settle(w);
	assert_int_equal(notices(w), 1001);
}

static void a_platform_that_was_restored_is_read_anew(void **state)
{
	struct world *w = *state;
	struct yz_feed before;

	many_notices(w, 0, 5);
	settle(w);
	before = feed(w, "notices");
	change(w, "notices", "n1", 2, NULL);
	post(w, "/test/epoch", "{}");
	settle(w);
	assert_int_equal(notices(w), 4);
	assert_string_not_equal(feed(w, "notices").epoch, before.epoch);
	/* nothing changed since the snapshot: 304, and nothing is written anew */
	post(w, "/test/epoch", "{}");
	before = feed(w, "notices");
	assert_string_not_equal(before.etag, "");
	settle(w);
	assert_int_equal(notices(w), 4);
	assert_string_not_equal(feed(w, "notices").epoch, before.epoch);
	assert_string_equal(feed(w, "notices").cursor, before.cursor);
	assert_string_equal(feed(w, "notices").etag, "");
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	        T(two_leases_are_held_and_a_lost_answer_costs_no_numbers),
	        T(a_lease_that_may_not_be_used_is_refused_and_told),
	        T(leases_that_the_owner_gives_back_are_reported_and_not_replaced),
	        T(what_the_platform_hands_out_comes_in_page_by_page),
	        T(a_portal_and_a_cut_page_change_nothing),
	        T(an_expired_cursor_is_replaced_by_a_snapshot_in_pieces),
	        T(a_snapshot_goes_on_where_a_kill_cut_it),
	        T(a_snapshot_that_changes_meanwhile_begins_anew),
	        T(a_platform_that_was_restored_is_read_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
