/* station: clerks and PINs. */
#include "config.h"

#include "base/buf.h"
#include "station/signin.h"
#include "tests/unit/station_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static int setup(void **state)
{
	struct fixture *f = yz_alloc(sizeof(*f));

	fixture_open(f);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	fixture_close(*state);
	free(*state);
	return 0;
}

static void the_right_pin_opens_and_a_wrong_one_does_not_say_which(void **state)
{
	struct fixture *f = *state;
	struct yz_clerk c;
	struct yz_error wrong, unknown;

	assert_int_equal(yz_sign_in(f->desk.store, &f->now, "demo", "275918", &c, &wrong), YZ_OK);
	assert_string_equal(c.name, "演示员");
	assert_null(strstr(c.pin_hash, "275918"));
	assert_int_equal(
	        yz_sign_in(f->desk.store, &f->now, "demo", "275919", &c, &wrong), YZ_E_DENIED);
	assert_int_equal(
	        yz_sign_in(f->desk.store, &f->now, "nobody", "275918", &c, &unknown), YZ_E_DENIED);
	assert_string_equal(wrong.say, unknown.say);
}

static void five_wrong_pins_make_the_clerk_wait(void **state)
{
	struct fixture *f = *state;
	struct yz_now later = f->now;
	struct yz_clerk c;
	struct yz_error err;

	for (int i = 0; i < 5; i++)
		assert_int_equal(yz_sign_in(f->desk.store, &f->now, "demo", "000000", &c, &err),
		        YZ_E_DENIED);
	assert_int_equal(
	        yz_sign_in(f->desk.store, &f->now, "demo", "275918", &c, &err), YZ_E_DENIED);
	later.wall_ms += 61 * 1000;
	assert_int_equal(yz_sign_in(f->desk.store, &later, "demo", "275918", &c, &err), YZ_OK);
}

static void a_weak_pin_or_a_wrong_name_is_refused(void **state)
{
	static const char *const pins[] = {"12345", "123456", "654321", "111111", ""};
	struct fixture *f = *state;
	struct yz_clerk c = {.login = "wang", .name = "王秀英", .role = "clerk"};
	struct yz_error err;

	for (size_t i = 0; i < sizeof(pins) / sizeof(pins[0]); i++)
		assert_int_equal(
		        yz_clerk_new(f->desk.store, &f->now, &c, pins[i], &err), YZ_E_RANGE);
	(void)yz_copy(c.login, sizeof(c.login), "Wang X");
	assert_int_equal(yz_clerk_new(f->desk.store, &f->now, &c, "739105", &err), YZ_E_RANGE);
	assert_string_equal(err.field, "login");
	(void)yz_copy(c.login, sizeof(c.login), "demo");
	assert_int_equal(yz_clerk_new(f->desk.store, &f->now, &c, "739105", &err), YZ_E_EXISTS);
}

static void a_new_pin_takes_the_place_of_the_old(void **state)
{
	struct fixture *f = *state;
	struct yz_clerk c;
	struct yz_error err;

	assert_int_equal(yz_clerk_set_pin(f->desk.store, &f->now, "demo", "739105", &err), YZ_OK);
	assert_int_equal(
	        yz_sign_in(f->desk.store, &f->now, "demo", "275918", &c, &err), YZ_E_DENIED);
	assert_int_equal(yz_sign_in(f->desk.store, &f->now, "demo", "739105", &c, &err), YZ_OK);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	        T(the_right_pin_opens_and_a_wrong_one_does_not_say_which),
	        T(five_wrong_pins_make_the_clerk_wait),
	        T(a_weak_pin_or_a_wrong_name_is_refused),
	        T(a_new_pin_takes_the_place_of_the_old),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
