/* store: leased numbers, their requests, and what a restore and a closing station do to them. */
#include "config.h"

#include "store/pool_lease.h"
#include "store/shipment.h"
#include "tests/unit/store_case.h"

#include <stdio.h>
#include <string.h>

static struct yz_lease ask_for(struct store_case *c, const char *courier, int64_t count)
{
	struct yz_tx *tx = begin(c);
	struct yz_lease l;

	assert_ok(yz_lease_ask(tx, courier, count, &l, NULL));
	commit(tx);
	return l;
}

static struct yz_pool answer(const char *lease_id, int64_t lo, int64_t hi)
{
	struct yz_pool p = {
	        .prefix = "73", .width = 12, .lo = lo, .hi = hi, .next = lo, .check_rule = "none"};

	(void)strncpy(p.lease_id, lease_id, sizeof(p.lease_id) - 1);
	return p;
}

static enum yz_status fill(struct store_case *c, const struct yz_lease *l, struct yz_pool p)
{
	struct yz_tx *tx = begin(c);
	enum yz_status st = yz_lease_fill(tx, l, &p, NULL);

	if (st == YZ_OK)
		commit(tx);
	else
		yz_tx_rollback(tx);
	return st;
}

static int64_t take(struct store_case *c, const char *courier, const struct yz_id *parcel)
{
	struct yz_tx *tx = begin(c);
	struct yz_pool from;
	int64_t n = -1;

	if (yz_pool_take(tx, courier, &from, &n, NULL) == YZ_OK && parcel)
		assert_ok(yz_pool_note(tx, &from, n, parcel, NULL));
	commit(tx);
	return n;
}

static void a_request_is_on_disk_with_its_key_before_it_can_be_sent(void **state)
{
	struct store_case *c = *state;
	struct yz_lease l = ask_for(c, "ZTO", 500), found;

	reopen(c);
	assert_ok(yz_lease_next(c->s, &found, NULL));
	assert_true(yz_id_equal(&found.id, &l.id));
	assert_string_equal(found.what, "take");
	assert_int_equal(found.count, 500);
	assert_int_equal(found.high_water, 0);
	assert_true(is_refused(c, "UPDATE lease SET count = 5"));
	assert_true(is_refused(c, "DELETE FROM lease"));
}

static void one_request_a_courier_is_open(void **state)
{
	struct store_case *c = *state;
	struct yz_lease l = ask_for(c, "ZTO", 500), again;
	struct yz_tx *tx = begin(c);

	assert_status(yz_lease_ask(tx, "ZTO", 500, &again, NULL), YZ_E_EXISTS);
	assert_ok(yz_lease_ask(tx, "EMS", 500, &again, NULL));
	commit(tx);
	assert_ok(fill(c, &l, answer("one", 1000, 1499)));
	(void)ask_for(c, "ZTO", 600);
}

static void an_answer_that_comes_twice_adds_its_numbers_once(void **state)
{
	struct store_case *c = *state;
	struct yz_lease l = ask_for(c, "ZTO", 500), last;
	int64_t left = 0;

	assert_ok(fill(c, &l, answer("one", 1000, 1499)));
	assert_status(fill(c, &l, answer("one", 1000, 1499)), YZ_E_STATE);
	assert_ok(yz_pool_left(c->s, "ZTO", &left, NULL));
	assert_int_equal(left, 500);
	assert_ok(yz_lease_last(c->s, "ZTO", &last, NULL));
	assert_int_equal(last.state, YZ_LEASE_DONE);
	assert_string_equal(last.lease_id, "one");
	assert_status(yz_lease_next(c->s, &last, NULL), YZ_E_NOTFOUND);
}

static void an_answer_that_overlaps_changes_nothing_and_the_request_stays(void **state)
{
	struct store_case *c = *state;
	struct yz_lease l = ask_for(c, "ZTO", 500), next;
	struct yz_pool other_way = answer("three", 0, 99999);

	assert_ok(fill(c, &l, answer("one", 1000, 1499)));
	l = ask_for(c, "ZTO", 500);
	assert_status(fill(c, &l, answer("two", 1499, 1998)), YZ_E_EXISTS);
	/* the same numbers, split in another place */
	memcpy(other_way.prefix, "7300000", 8);
	other_way.width = 7;
	other_way.hi = 1000;
	assert_status(fill(c, &l, other_way), YZ_E_EXISTS);
	assert_ok(yz_lease_next(c->s, &next, NULL));
	assert_true(yz_id_equal(&next.id, &l.id));
}

static void the_highest_used_number_goes_into_the_next_request(void **state)
{
	struct store_case *c = *state;
	struct yz_lease l = ask_for(c, "ZTO", 500);

	assert_ok(fill(c, &l, answer("one", 1000, 1499)));
	for (int i = 0; i < 3; i++)
		(void)take(c, "ZTO", NULL);
	assert_int_equal(ask_for(c, "ZTO", 500).high_water, 1002);
}

static void after_a_restore_no_number_and_no_open_request_is_used_again(void **state)
{
	struct store_case *c = *state;
	struct yz_lease l = ask_for(c, "ZTO", 500), open;
	struct yz_id parcel = yz_id_new(1);
	int64_t burned = 0, left = -1;
	struct yz_tx *tx;

	assert_ok(fill(c, &l, answer("one", 1000, 1499)));
	(void)take(c, "ZTO", &parcel);
	tx = begin(c);
	assert_ok(yz_pool_give_back(tx, &parcel, false, NULL));
	commit(tx);
	open = ask_for(c, "ZTO", 500);
	tx = begin(c);
	assert_ok(yz_pool_after_restore(tx, &burned, NULL));
	commit(tx);
	assert_int_equal(burned, 500);
	assert_ok(yz_pool_left(c->s, "ZTO", &left, NULL));
	assert_int_equal(left, 0);
	assert_int_equal(take(c, "ZTO", NULL), -1);
	/* its answer may have come and been used up after the backup was made */
	assert_status(fill(c, &open, answer("two", 1500, 1999)), YZ_E_STATE);
	assert_int_equal(ask_for(c, "ZTO", 500).high_water, 1499);
}

static void a_closing_station_reports_what_it_used_and_burns_the_rest(void **state)
{
	struct store_case *c = *state;
	struct yz_lease l = ask_for(c, "ZTO", 500), back;
	int64_t leases = 0, burned = 0, left = -1;
	struct yz_stock stock[4];
	struct yz_pool bought = answer("", 7, 8);
	struct yz_tx *tx;
	size_t n = 9;

	assert_ok(fill(c, &l, answer("one", 1000, 1499)));
	l = ask_for(c, "ZTO", 500);
	assert_ok(fill(c, &l, answer("two", 1500, 1999)));
	for (int i = 0; i < 10; i++)
		(void)take(c, "ZTO", NULL);
	memcpy(bought.courier, "EMS", 4);
	tx = begin(c);
	assert_ok(yz_pool_add(tx, &bought, NULL));
	assert_ok(yz_lease_return(tx, "ZTO", &leases, &burned, NULL));
	commit(tx);
	assert_int_equal(leases, 2);
	assert_int_equal(burned, 990);
	assert_ok(yz_pool_left(c->s, "ZTO", &left, NULL));
	assert_int_equal(left, 0);
	assert_ok(yz_lease_next(c->s, &back, NULL));
	assert_string_equal(back.what, "return");
	assert_string_equal(back.lease_id, "one");
	assert_int_equal(back.used_to, 1009);
	tx = begin(c);
	assert_ok(yz_lease_end(tx, &back, YZ_LEASE_DONE, NULL));
	assert_status(yz_lease_end(tx, &back, YZ_LEASE_DONE, NULL), YZ_E_NOTFOUND);
	assert_ok(yz_lease_return(tx, "ZTO", &leases, &burned, NULL));
	commit(tx);
	assert_int_equal(leases, 0);
	assert_ok(yz_lease_next(c->s, &back, NULL));
	assert_string_equal(back.lease_id, "two");
	assert_int_equal(back.used_to, 1499);
	assert_ok(yz_pool_stock(c->s, stock, 4, &n, NULL));
	assert_int_equal(n, 1); /* ZTO is closed, EMS is not */
	assert_string_equal(stock[0].courier, "EMS");
	assert_int_equal(stock[0].left, 2);
}

static void what_was_asked_for_before_the_return_goes_back_when_it_comes(void **state)
{
	struct store_case *c = *state;
	struct yz_lease l = ask_for(c, "ZTO", 500), back, last;
	struct yz_pool pool = answer("one", 1000, 1499);
	int64_t leases = 0, burned = 0, left = -1;
	struct yz_stock stock[4];
	struct yz_tx *tx = begin(c);
	size_t n = 9;

	assert_ok(yz_lease_return(tx, "ZTO", &leases, &burned, NULL));
	commit(tx);
	assert_int_equal(leases, 1);
	assert_ok(yz_lease_next(c->s, &back, NULL));
	assert_true(yz_id_equal(&back.id, &l.id)); /* the platform may have made it already */
	assert_ok(fill(c, &l, pool));
	assert_ok(yz_pool_left(c->s, "ZTO", &left, NULL));
	assert_int_equal(left, 0);
	assert_ok(yz_lease_next(c->s, &back, NULL));
	assert_string_equal(back.what, "return");
	assert_string_equal(back.lease_id, "one");
	assert_int_equal(back.used_to, 999);
	assert_ok(yz_lease_last(c->s, "ZTO", &last, NULL));
	assert_string_equal(last.code, YZ_LEASE_RETURNED);
	assert_ok(yz_pool_stock(c->s, stock, 4, &n, NULL));
	assert_int_equal(n, 0);
}

static void numbers_that_cannot_be_used_go_back_but_never_those_in_use(void **state)
{
	struct store_case *c = *state;
	struct yz_lease l = ask_for(c, "ZTO", 500), back, last;
	struct yz_pool bad = answer("two", 1499, 1998), twice = answer("one", 1000, 1499);
	struct yz_tx *tx;

	assert_ok(fill(c, &l, answer("one", 1000, 1499)));
	l = ask_for(c, "ZTO", 500);
	memcpy(l.code, "overlap", 8);
	tx = begin(c);
	assert_ok(yz_lease_decline(tx, &l, &bad, NULL));
	commit(tx);
	assert_ok(yz_lease_next(c->s, &back, NULL));
	assert_string_equal(back.what, "return");
	assert_string_equal(back.lease_id, "two");
	assert_int_equal(back.used_to, 1498);
	assert_ok(yz_lease_last(c->s, "ZTO", &last, NULL));
	assert_string_equal(last.code, "overlap"); /* the courier is not closed by it */
	l = ask_for(c, "ZTO", 500);
	tx = begin(c);
	assert_ok(yz_lease_end(tx, &back, YZ_LEASE_DONE, NULL));
	assert_ok(yz_lease_decline(tx, &l, &twice, NULL));
	commit(tx);
	assert_status(yz_lease_next(c->s, &back, NULL), YZ_E_NOTFOUND);
}

static void parcels(struct store_case *c, int64_t day, int count)
{
	static int made;

	for (int i = 0; i < count; i++) {
		struct yz_shipment s = {.courier = "ZTO", .payer = "sender"};
		struct yz_tx *tx;

		c->now.wall_ms = day * 86400000 + 3600000;
		s.id = yz_id_new(1);
		s.booked_ms = c->now.wall_ms;
		(void)snprintf(s.station_no, sizeof(s.station_no), "N%d", made++);
		tx = begin(c);
		assert_ok(yz_shipment_add(tx, &s, NULL));
		commit(tx);
	}
}

static void the_busy_day_is_the_one_that_95_of_100_stay_below(void **state)
{
	struct store_case *c = *state;
	struct yz_stock stock[2];
	struct yz_pool p = answer("", 1, 9);
	struct yz_tx *tx;
	int64_t n = -1;
	size_t count = 0;

	assert_ok(yz_pool_busy_day(c->s, "ZTO", 0, &n, NULL));
	assert_int_equal(n, 0);
	for (int day = 0; day < 19; day++)
		parcels(c, 20000 + day, 1 + day % 3);
	parcels(c, 20030, 9);
	assert_ok(yz_pool_busy_day(c->s, "ZTO", 0, &n, NULL));
	assert_int_equal(n, 3); /* of 20 days the 19th, not the one of 9 */
	assert_ok(yz_pool_busy_day(c->s, "ZTO", (int64_t)20025 * 86400000, &n, NULL));
	assert_int_equal(n, 9);
	memcpy(p.courier, "ZTO", 4);
	tx = begin(c);
	assert_ok(yz_pool_add(tx, &p, NULL));
	assert_ok(yz_pool_note_busy_day(tx, "ZTO", 3, NULL));
	commit(tx);
	assert_ok(yz_pool_stock(c->s, stock, 2, &count, NULL));
	assert_int_equal(count, 1);
	assert_int_equal(stock[0].busy_day, 3);
}

#define T(f) cmocka_unit_test_setup_teardown(f, store_case_setup, store_case_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	        T(a_request_is_on_disk_with_its_key_before_it_can_be_sent),
	        T(one_request_a_courier_is_open),
	        T(an_answer_that_comes_twice_adds_its_numbers_once),
	        T(an_answer_that_overlaps_changes_nothing_and_the_request_stays),
	        T(the_highest_used_number_goes_into_the_next_request),
	        T(after_a_restore_no_number_and_no_open_request_is_used_again),
	        T(a_closing_station_reports_what_it_used_and_burns_the_rest),
	        T(what_was_asked_for_before_the_return_goes_back_when_it_comes),
	        T(numbers_that_cannot_be_used_go_back_but_never_those_in_use),
	        T(the_busy_day_is_the_one_that_95_of_100_stay_below),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
