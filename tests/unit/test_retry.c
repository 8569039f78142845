/* net/retry: when the platform is tried again. */
#include "config.h"

#include "net/retry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void the_wait_is_full_jitter_that_doubles_up_to_a_cap(void **state)
{
	const struct yz_retry r = {.poll_s = 30};
	const struct {
		int n;
		double u;
		int64_t ms;
	} rows[] = {{1, 0.0, 0}, {1, 0.5, 1000}, {2, 0.5, 2000}, {5, 0.25, 8000}, {9, 0.5, 150000},
	        {60, 0.5, 150000}, {1000000, 0.999, 299700}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(yz_retry_delay_ms(&r, rows[i].n, rows[i].u), rows[i].ms);
}

static void the_first_request_goes_at_once(void **state)
{
	const struct yz_retry r = {.poll_s = 30};

	(void)state;
	assert_int_equal(yz_retry_wait_ms(&r, 123456), 0);
	assert_false(r.open);
}

static void the_fifth_failure_opens_the_breaker_for_15_to_60_seconds(void **state)
{
	struct yz_retry r = {.poll_s = 30};

	(void)state;
	for (int i = 0; i < 4; i++)
		yz_retry_fail(&r, 1000, 0, 0.0);
	assert_false(r.open);
	yz_retry_fail(&r, 1000, 0, 0.0);
	assert_true(r.open);
	assert_int_equal(yz_retry_wait_ms(&r, 1000), 15000);
	yz_retry_fail(&r, 1000, 0, 0.9999);
	assert_in_range(yz_retry_wait_ms(&r, 1000), 59000, 60000);
}

static void a_probe_that_is_answered_allows_one_try(void **state)
{
	struct yz_retry r = {.poll_s = 30, .failures = 7, .open = true, .next_ms = 99000};

	(void)state;
	yz_retry_probed(&r);
	assert_false(r.open);
	assert_int_equal(yz_retry_wait_ms(&r, 1000), 0);
	yz_retry_fail(&r, 1000, 0, 0.5);
	assert_true(r.open);
}

static void success_forgets_all_failures(void **state)
{
	struct yz_retry r = {.poll_s = 30, .failures = 9, .open = true, .next_ms = 99000};

	(void)state;
	yz_retry_ok(&r);
	assert_int_equal(r.failures, 0);
	assert_false(r.open);
	assert_int_equal(yz_retry_wait_ms(&r, 0), 0);
}

static void retry_after_is_a_floor_with_dice_and_has_a_ceiling(void **state)
{
	struct yz_retry r = {.poll_s = 30};

	(void)state;
	yz_retry_fail(&r, 5000, 120000, 0.5);
	assert_int_equal(yz_retry_wait_ms(&r, 5000), 150000);
	yz_retry_ok(&r);
	yz_retry_fail(&r, 5000, 10, 0.5);
	assert_int_equal(yz_retry_wait_ms(&r, 5000), 1000);
	yz_retry_fail(&r, 5000, 86400000, 0.5);
	assert_int_equal(yz_retry_wait_ms(&r, 5000), YZ_RETRY_AFTER_MAX_MS + 30000);
}

static void a_pause_is_not_a_failure(void **state)
{
	struct yz_retry r = {.poll_s = 30};

	(void)state;
	yz_retry_pause(&r, 2000, 3000);
	assert_int_equal(yz_retry_wait_ms(&r, 2000), 3000);
	assert_int_equal(yz_retry_wait_ms(&r, 5000), 0);
	assert_int_equal(r.failures, 0);
}

static void a_thousand_stations_do_not_come_back_together(void **state)
{
	int per_second[60] = {0}, most = 0;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		struct yz_retry r = {.poll_s = 30, .failures = 10};

		yz_retry_fail(&r, 0, 0, (double)(i * 7919 % 1000) / 1000.0);
		per_second[r.next_ms / 1000]++;
	}
	for (int i = 0; i < 60; i++)
		most = per_second[i] > most ? per_second[i] : most;
	assert_in_range(most, 1, 2 * 1000 / 45);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(the_wait_is_full_jitter_that_doubles_up_to_a_cap),
	        cmocka_unit_test(the_first_request_goes_at_once),
	        cmocka_unit_test(the_fifth_failure_opens_the_breaker_for_15_to_60_seconds),
	        cmocka_unit_test(a_probe_that_is_answered_allows_one_try),
	        cmocka_unit_test(success_forgets_all_failures),
	        cmocka_unit_test(retry_after_is_a_floor_with_dice_and_has_a_ceiling),
	        cmocka_unit_test(a_pause_is_not_a_failure),
	        cmocka_unit_test(a_thousand_stations_do_not_come_back_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
