/* store: waybill numbers come from pools, each once. */
#include "config.h"

#include "store/pool.h"
#include "store/shipment.h"
#include "tests/unit/store_case.h"

#include <string.h>

static struct yz_pool range(const char *courier, int64_t lo, int64_t hi)
{
	struct yz_pool p = {
	        .source = "range", .prefix = "SF", .width = 10, .lo = lo, .hi = hi, .next = lo};

	(void)strncpy(p.courier, courier, sizeof(p.courier) - 1);
	return p;
}

static struct yz_pool add(struct store_case *c, struct yz_pool p)
{
	struct yz_tx *tx = begin(c);

	assert_ok(yz_pool_add(tx, &p, NULL));
	commit(tx);
	return p;
}

static int64_t take(struct yz_tx *tx, const struct yz_id *shipment)
{
	struct yz_pool from;
	int64_t n = -1;

	assert_ok(yz_pool_take(tx, "SF", &from, &n, NULL));
	assert_ok(yz_pool_note(tx, &from, n, shipment, NULL));
	return n;
}

static int64_t left(struct store_case *c)
{
	int64_t n = -1;

	assert_ok(yz_pool_left(c->s, "SF", &n, NULL));
	return n;
}

static void numbers_come_in_order_and_the_oldest_pool_first(void **state)
{
	struct store_case *c = *state;
	struct yz_pool first = add(c, range("SF", 50, 51)), from, rows[3];
	struct yz_id parcel = yz_id_new(1);
	struct yz_tx *tx;
	int64_t n = -1;
	size_t count;

	(void)add(c, range("SF", 10, 10));
	(void)add(c, range("ZTO", 10, 20));
	assert_int_equal(left(c), 3);
	tx = begin(c);
	assert_ok(yz_pool_take(tx, "SF", &from, &n, NULL));
	assert_int_equal(n, 50);
	assert_int_equal(from.next, 50);
	assert_true(yz_id_equal(&from.id, &first.id));
	assert_string_equal(from.prefix, "SF");
	assert_int_equal(take(tx, &parcel), 51);
	assert_int_equal(take(tx, &parcel), 10);
	assert_status(yz_pool_take(tx, "SF", &from, &n, NULL), YZ_E_EMPTY);
	assert_status(yz_pool_take(tx, "EMS", &from, &n, NULL), YZ_E_EMPTY);
	commit(tx);
	assert_int_equal(left(c), 0);
	assert_ok(yz_pool_list(c->s, rows, 3, &count, NULL));
	assert_int_equal(count, 3);
	assert_int_equal(rows[0].next, 52);
	assert_int_equal(rows[2].next, 10);
}

static void a_pool_that_overlaps_another_is_refused(void **state)
{
	static const struct {
		int64_t lo, hi;
		enum yz_status want;
	} cases[] = {
	        {100, 199, YZ_E_EXISTS},
	        {199, 300, YZ_E_EXISTS},
	        {1, 100, YZ_E_EXISTS},
	        {120, 130, YZ_E_EXISTS},
	        {1, 300, YZ_E_EXISTS},
	        {200, 300, YZ_OK},
	        {1, 99, YZ_OK},
	};
	struct store_case *c = *state;
	struct yz_pool p;

	(void)add(c, range("SF", 100, 199));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct yz_tx *tx = begin(c);

		p = range("SF", cases[i].lo, cases[i].hi);
		assert_status(yz_pool_add(tx, &p, NULL), cases[i].want);
		yz_tx_rollback(tx);
	}
	p = range("SF", 100, 199);
	memcpy(p.prefix, "SG", 3);
	(void)add(c, p);
	(void)add(c, range("ZTO", 100, 199));
}

static void a_pool_that_makes_no_sense_is_refused(void **state)
{
	struct store_case *c = *state;
	struct yz_pool bad[6];
	struct yz_tx *tx = begin(c);

	for (int i = 0; i < 6; i++)
		bad[i] = range("SF", 100, 199);
	bad[0].hi = 99;
	bad[1].next = 99;
	bad[2].next = 201;
	bad[3].width = 2;
	bad[4].width = 0;
	bad[5].lo = -1;
	for (int i = 0; i < 6; i++)
		assert_status(yz_pool_add(tx, &bad[i], NULL), YZ_E_RANGE);
	bad[2].next = 200; /* used up, as an old one is imported */
	assert_ok(yz_pool_add(tx, &bad[2], NULL));
	commit(tx);
	assert_int_equal(left(c), 0);
}

static void a_number_taken_in_a_transaction_rolled_back_is_not_lost(void **state)
{
	struct store_case *c = *state;
	struct yz_id parcel = yz_id_new(1);
	struct yz_tx *tx;

	(void)add(c, range("SF", 1, 3));
	tx = begin(c);
	assert_int_equal(take(tx, &parcel), 1);
	yz_tx_rollback(tx);
	assert_int_equal(left(c), 3);
	tx = begin(c);
	assert_int_equal(take(tx, &parcel), 1);
	commit(tx);
	assert_int_equal(left(c), 2);
}

static void a_number_given_back_is_taken_next_and_a_burned_one_never(void **state)
{
	struct store_case *c = *state;
	struct yz_id a = yz_id_new(1), b = yz_id_new(2), d = yz_id_new(3);
	struct yz_tx *tx;

	(void)add(c, range("SF", 1, 5));
	tx = begin(c);
	assert_int_equal(take(tx, &a), 1);
	assert_int_equal(take(tx, &b), 2);
	assert_ok(yz_pool_give_back(tx, &a, false, NULL));
	assert_status(yz_pool_give_back(tx, &a, false, NULL), YZ_E_NOTFOUND);
	assert_ok(yz_pool_give_back(tx, &b, true, NULL));
	assert_status(yz_pool_give_back(tx, &d, true, NULL), YZ_E_NOTFOUND);
	commit(tx);
	assert_int_equal(left(c), 4);
	tx = begin(c);
	assert_int_equal(take(tx, &d), 1);
	assert_int_equal(take(tx, &d), 3);
	commit(tx);
	assert_int_equal(left(c), 2);
}

static void a_number_is_noted_for_one_parcel_only(void **state)
{
	struct store_case *c = *state;
	struct yz_id a = yz_id_new(1), b = yz_id_new(2);
	struct yz_pool from, none = range("SF", 1, 1);
	struct yz_tx *tx;
	int64_t n;

	(void)add(c, range("SF", 1, 5));
	none.id = yz_id_new(9);
	tx = begin(c);
	assert_ok(yz_pool_take(tx, "SF", &from, &n, NULL));
	assert_ok(yz_pool_note(tx, &from, n, &a, NULL));
	assert_status(yz_pool_note(tx, &from, n, &b, NULL), YZ_E_NOTFOUND);
	assert_status(yz_pool_note(tx, &none, 1, &b, NULL), YZ_E_NOTFOUND);
	commit(tx);
}

#define T(f) cmocka_unit_test_setup_teardown(f, store_case_setup, store_case_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	        T(numbers_come_in_order_and_the_oldest_pool_first),
	        T(a_pool_that_overlaps_another_is_refused),
	        T(a_pool_that_makes_no_sense_is_refused),
	        T(a_number_taken_in_a_transaction_rolled_back_is_not_lost),
	        T(a_number_given_back_is_taken_next_and_a_burned_one_never),
	        T(a_number_is_noted_for_one_parcel_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
