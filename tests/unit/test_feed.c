/* store: streams of the platform, notices and tracking. */
#include "config.h"

#include "store/feed.h"
#include "store/notice.h"
#include "store/shipment.h"
#include "tests/unit/store_case.h"

#include <string.h>

static struct yz_feed_item item_of(const char *id, int64_t version)
{
	struct yz_feed_item i = {.version = version};

	(void)strncpy(i.id, id, sizeof(i.id) - 1);
	return i;
}

static void the_cursor_and_the_items_are_saved_together_or_not_at_all(void **state)
{
	struct store_case *c = *state;
	struct yz_feed f = {.stream = "notices", .cursor = "7"}, got;
	struct yz_feed_item i = item_of("a", 1), held;
	struct yz_tx *tx = begin(c);

	assert_ok(yz_feed_item_put(tx, "notices", &i, NULL));
	assert_ok(yz_feed_put(tx, &f, NULL));
	yz_tx_rollback(tx);
	assert_ok(yz_feed_get(c->s, "notices", &got, NULL));
	assert_string_equal(got.cursor, "");
	assert_string_equal(got.stream, "notices");
	assert_status(yz_feed_item_get(c->s, "notices", "a", &held, NULL), YZ_E_NOTFOUND);
	tx = begin(c);
	assert_ok(yz_feed_item_put(tx, "notices", &i, NULL));
	assert_ok(yz_feed_put(tx, &f, NULL));
	commit(tx);
	reopen(c);
	assert_ok(yz_feed_get(c->s, "notices", &got, NULL));
	assert_string_equal(got.cursor, "7");
	assert_ok(yz_feed_item_get(c->s, "notices", "a", &held, NULL));
	assert_int_equal(held.version, 1);
}

static void a_snapshot_comes_in_pieces_and_survives_a_restart(void **state)
{
	struct store_case *c = *state;
	struct yz_buf b = YZ_BUF_INIT;
	int64_t len = -1;
	struct yz_tx *tx;

	for (int i = 0; i < 3; i++) {
		tx = begin(c);
		assert_ok(yz_feed_part_add(tx, "tariffs", "abcde", (size_t)(5 - i), NULL));
		commit(tx);
		reopen(c);
	}
	assert_ok(yz_feed_part_len(c->s, "tariffs", &len, NULL));
	assert_int_equal(len, 12);
	assert_ok(yz_feed_part_read(c->s, "tariffs", &b, NULL));
	assert_string_equal(yz_buf_str(&b), "abcdeabcdabc");
	tx = begin(c);
	assert_ok(yz_feed_part_drop(tx, "tariffs", NULL));
	commit(tx);
	assert_ok(yz_feed_part_len(c->s, "tariffs", &len, NULL));
	assert_int_equal(len, 0);
	yz_buf_free(&b);
}

static void a_sweep_finds_what_was_not_seen_again(void **state)
{
	struct store_case *c = *state;
	struct yz_feed_item a = item_of("a", 1), b = item_of("b", 2), x = item_of("x", 1), left;
	struct yz_tx *tx = begin(c);
	bool found = false;

	assert_ok(yz_feed_item_put(tx, "notices", &a, NULL));
	assert_ok(yz_feed_item_put(tx, "notices", &b, NULL));
	assert_ok(yz_feed_item_put(tx, "tracking", &x, NULL));
	assert_ok(yz_feed_sweep_begin(tx, "notices", NULL));
	assert_ok(yz_feed_item_put(tx, "notices", &a, NULL));
	assert_ok(yz_feed_sweep_next(tx, "notices", &left, &found, NULL));
	assert_true(found);
	assert_string_equal(left.id, "b");
	assert_ok(yz_feed_item_drop(tx, "notices", "b", NULL));
	assert_ok(yz_feed_sweep_next(tx, "notices", &left, &found, NULL));
	assert_false(found);
	commit(tx);
	assert_ok(yz_feed_item_get(c->s, "tracking", "x", &left, NULL));
}

static void what_was_not_taken_is_listed_with_its_reason(void **state)
{
	struct store_case *c = *state;
	struct yz_feed_item good = item_of("a", 1), bad = item_of("b", 2);
	struct yz_feed_fault rows[3];
	struct yz_tx *tx = begin(c);
	size_t n = 9;

	memcpy(bad.fault, "b:2: first_g: missing", 22);
	assert_ok(yz_feed_item_put(tx, "tariffs", &good, NULL));
	assert_ok(yz_feed_item_put(tx, "tariffs", &bad, NULL));
	commit(tx);
	assert_ok(yz_feed_faults(c->s, rows, 3, &n, NULL));
	assert_int_equal(n, 1);
	assert_string_equal(rows[0].id, "b");
	assert_string_equal(rows[0].fault, "b:2: first_g: missing");
}

static void a_notice_is_unread_until_it_is_read_or_out_of_date(void **state)
{
	struct store_case *c = *state;
	struct yz_notice a = {.id = "a", .title = "停运", .text = "二月十五日停收", .until = ""};
	struct yz_notice b = {.id = "b", .title = "价格", .until = "2026-11-20"}, rows[3];
	struct yz_tx *tx = begin(c);
	int64_t unread = -1;
	size_t n = 0;

	assert_ok(yz_notice_put(tx, &a, NULL));
	assert_ok(yz_notice_put(tx, &b, NULL));
	commit(tx);
	assert_ok(yz_notice_unread(c->s, "2026-11-20", &unread, NULL));
	assert_int_equal(unread, 2);
	assert_ok(yz_notice_unread(c->s, "2026-11-21", &unread, NULL));
	assert_int_equal(unread, 1);
	tx = begin(c);
	assert_ok(yz_notice_read(tx, "a", NULL));
	assert_status(yz_notice_read(tx, "zz", NULL), YZ_E_NOTFOUND);
	commit(tx);
	assert_ok(yz_notice_unread(c->s, "2026-11-21", &unread, NULL));
	assert_int_equal(unread, 0);
	tx = begin(c);
	assert_ok(yz_notice_put(tx, &a, NULL)); /* a new version is news */
	assert_ok(yz_notice_drop(tx, "b", NULL));
	commit(tx);
	assert_ok(yz_notice_list(c->s, rows, 3, &n, NULL));
	assert_int_equal(n, 1);
	assert_string_equal(rows[0].text, "二月十五日停收");
	assert_int_equal(rows[0].read_ms, 0);
}

static struct yz_id parcel(struct store_case *c, const char *no)
{
	struct yz_shipment s = {.courier = "ZTO", .payer = "sender"};
	struct yz_tx *tx = begin(c);

	s.id = yz_id_new(c->now.wall_ms);
	(void)strncpy(s.station_no, no, sizeof(s.station_no) - 1);
	assert_ok(yz_shipment_add(tx, &s, NULL));
	commit(tx);
	return s.id;
}

static enum yz_shipment_state after(
        struct store_case *c, const struct yz_id *id, const char *word, bool *void_moves)
{
	struct yz_tracking t = {.shipment = *id};
	struct yz_shipment s;
	struct yz_tx *tx = begin(c);

	(void)strncpy(t.state, word, sizeof(t.state) - 1);
	assert_ok(yz_tracking_put(tx, &t, void_moves, NULL));
	commit(tx);
	assert_ok(yz_shipment_get(c->s, id, &s, NULL));
	return s.state;
}

static void a_parcel_that_moves_is_handed_over_and_a_void_one_stays_void(void **state)
{
	struct store_case *c = *state;
	struct yz_id a = parcel(c, "N1"), b = parcel(c, "N2"), none = yz_id_new(5);
	struct yz_tracking t;
	struct yz_tx *tx;
	bool moves = true;

	assert_int_equal(after(c, &a, "booked", &moves), YZ_SHIPMENT_BOOKED);
	assert_false(moves);
	assert_int_equal(after(c, &a, "in_transit", &moves), YZ_SHIPMENT_HANDED_OVER);
	assert_false(moves);
	tx = begin(c);
	assert_ok(yz_shipment_set_void(tx, &b, &none, "客户不寄了", NULL));
	commit(tx);
	assert_int_equal(after(c, &b, "cancelled", &moves), YZ_SHIPMENT_VOID);
	assert_false(moves);
	assert_int_equal(after(c, &b, "in_transit", &moves), YZ_SHIPMENT_VOID);
	assert_true(moves);
	assert_ok(yz_tracking_get(c->s, &b, &t, NULL));
	assert_string_equal(t.state, "in_transit");
	assert_status(yz_tracking_get(c->s, &none, &t, NULL), YZ_E_NOTFOUND);
	t.shipment = none;
	tx = begin(c);
	assert_ok(yz_tracking_put(tx, &t, &moves, NULL));
	assert_ok(yz_tracking_drop(tx, &b, NULL));
	commit(tx);
	assert_status(yz_tracking_get(c->s, &b, &t, NULL), YZ_E_NOTFOUND);
}

#define T(f) cmocka_unit_test_setup_teardown(f, store_case_setup, store_case_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	        T(the_cursor_and_the_items_are_saved_together_or_not_at_all),
	        T(a_snapshot_comes_in_pieces_and_survives_a_restart),
	        T(a_sweep_finds_what_was_not_seen_again),
	        T(what_was_not_taken_is_listed_with_its_reason),
	        T(a_notice_is_unread_until_it_is_read_or_out_of_date),
	        T(a_parcel_that_moves_is_handed_over_and_a_void_one_stays_void),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
