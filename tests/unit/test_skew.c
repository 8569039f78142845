/* station/skew: what time it is when the computer does not know. */
#include "config.h"

#include "net/http.h"
#include "station/skew.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <cmocka.h>

enum { YEAR_S = 365 * 24 * 3600 };
#define TRUE_MS INT64_C(1795000000000) /* in November 2026 */
#define YEARS(n) (INT64_C(n) * YEAR_S * 1000)

static struct yz_now at(int64_t wall_ms, int64_t mono_ms, const char *boot)
{
	struct yz_now now = {.wall_ms = wall_ms, .mono_ms = mono_ms};

	(void)snprintf(now.boot_id, sizeof(now.boot_id), "%s", boot);
	return now;
}

static struct yz_skew learnt(int64_t wall_ms)
{
	struct yz_http_reply r = {.date_ms = TRUE_MS - 500, .took_ms = 0};
	struct yz_now now = at(wall_ms, 5000, "a");
	struct yz_skew s = {.known = false};

	yz_skew_learn(&s, r.date_ms, r.took_ms, &now);
	return s;
}

static void the_time_goes_on_whatever_the_wall_clock_does(void **state)
{
	static const int64_t walls[] = {
	        TRUE_MS, TRUE_MS - YEARS(26), TRUE_MS + YEARS(14), TRUE_MS - 3600000, 0};

	(void)state;
	for (size_t i = 0; i < sizeof(walls) / sizeof(walls[0]); i++) {
		struct yz_skew s = learnt(walls[i]);

		for (size_t k = 0; k < sizeof(walls) / sizeof(walls[0]); k++) {
			struct yz_now now = at(walls[k], 65000, "a");

			assert_int_equal(yz_skew_now_ms(&s, &now), TRUE_MS + 60000);
		}
	}
}

static void half_the_way_of_an_answer_is_added(void **state)
{
	struct yz_http_reply r = {.date_ms = TRUE_MS, .took_ms = 3000};
	struct yz_now now = at(1, 1, "a");
	struct yz_skew s = {.known = false};

	(void)state;
	yz_skew_learn(&s, r.date_ms, r.took_ms, &now);
	assert_int_equal(yz_skew_now_ms(&s, &now), TRUE_MS + 2000);
}

static void an_answer_without_a_date_teaches_nothing(void **state)
{
	struct yz_http_reply r = {.date_ms = 0};
	struct yz_now now = at(77, 1, "a");
	struct yz_skew s = {.known = false};

	(void)state;
	yz_skew_learn(&s, r.date_ms, r.took_ms, &now);
	assert_false(s.known);
	assert_int_equal(yz_skew_now_ms(&s, &now), 77);
}

static void after_a_reboot_the_offset_holds_but_never_before_the_last_answer(void **state)
{
	struct yz_skew s = learnt(TRUE_MS - YEARS(10));
	struct yz_now steady = at(TRUE_MS - YEARS(10) + 86400000, 10, "b");
	struct yz_now dead = at(TRUE_MS - YEARS(26), 10, "b");

	(void)state;
	assert_int_equal(yz_skew_now_ms(&s, &steady), TRUE_MS + 86400000);
	assert_int_equal(yz_skew_now_ms(&s, &dead), TRUE_MS);
}

static void trust_is_a_matter_of_two_minutes_and_of_this_boot(void **state)
{
	struct yz_skew right = learnt(TRUE_MS + 119000), wrong = learnt(TRUE_MS + 121000);
	struct yz_now now = at(TRUE_MS + 119000, 5000, "a");

	(void)state;
	assert_int_equal(yz_skew_trust(&right, &now), YZ_CLOCK_CHECKED);
	now.wall_ms = TRUE_MS - 125000; /* stepped */
	assert_int_equal(yz_skew_trust(&right, &now), YZ_CLOCK_WRONG);
	now.wall_ms = TRUE_MS + 121000;
	assert_int_equal(yz_skew_trust(&wrong, &now), YZ_CLOCK_WRONG);
	now = at(TRUE_MS, 5000, "b");
	assert_int_equal(yz_skew_trust(&right, &now), YZ_CLOCK_UNKNOWN);
}

static void only_what_differs_is_news(void **state)
{
	struct yz_http_reply r = {.date_ms = TRUE_MS - 500};
	struct yz_now now = at(TRUE_MS, 5000, "a");
	struct yz_skew s = learnt(TRUE_MS);

	(void)state;
	assert_true(s.news);
	s.news = false;
	yz_skew_learn(&s, r.date_ms, r.took_ms, &now);
	assert_false(s.news);
	r.date_ms += 1000; /* the second ended meanwhile */
	yz_skew_learn(&s, r.date_ms, r.took_ms, &now);
	assert_false(s.news);
	now.wall_ms -= 3600000; /* stepped: the next run must know */
	yz_skew_learn(&s, r.date_ms, r.took_ms, &now);
	assert_true(s.news);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(the_time_goes_on_whatever_the_wall_clock_does),
	        cmocka_unit_test(half_the_way_of_an_answer_is_added),
	        cmocka_unit_test(an_answer_without_a_date_teaches_nothing),
	        cmocka_unit_test(after_a_reboot_the_offset_holds_but_never_before_the_last_answer),
	        cmocka_unit_test(trust_is_a_matter_of_two_minutes_and_of_this_boot),
	        cmocka_unit_test(only_what_differs_is_news),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
