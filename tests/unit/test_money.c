/* money: reading yuan, sums, and the capitals of receipts. */
#include "config.h"

#include "station/money.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void an_amount_reads_as_a_clerk_types_it(void **state)
{
	static const struct {
		const char *typed;
		int64_t fen;
	} rows[] = {
	        {"12", 1200},
	        {"12.5", 1250},
	        {"12.50", 1250},
	        {".5", 50},
	        {"0", 0},
	        {"12+3.5", 1550},
	        {"20 - 1.5 + 0.01", 1851},
	        {"１２．５０", 1250},
	        {"¥12.50元", 1250},
	        {"12元+3元", 1500},
	        {"999999999999.99", YZ_MONEY_MAX_FEN},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t fen = -1;

		assert_int_equal(yz_money_parse(rows[i].typed, &fen, NULL), YZ_OK);
		assert_int_equal(fen, rows[i].fen);
	}
}

static void a_wrong_amount_is_refused_and_changes_nothing(void **state)
{
	static const struct {
		const char *typed;
		enum yz_status st;
	} rows[] = {
	        {"", YZ_E_PARSE},
	        {"abc", YZ_E_PARSE},
	        {"1.234", YZ_E_PARSE},
	        {"1.2.3", YZ_E_PARSE},
	        {"12+", YZ_E_PARSE},
	        {"-5", YZ_E_PARSE},
	        {"12 3", YZ_E_PARSE},
	        {"3-5", YZ_E_RANGE},
	        {"1000000000000", YZ_E_RANGE},
	        {"99999999999999999999999999", YZ_E_RANGE},
	        {"999999999999+1", YZ_E_RANGE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t fen = 7;
		struct yz_error err;

		assert_int_equal(yz_money_parse(rows[i].typed, &fen, &err), rows[i].st);
		assert_int_equal(fen, 7);
		assert_string_equal(err.field, "amount");
	}
}

static void fen_are_written_with_two_decimals(void **state)
{
	char out[YZ_MONEY_TEXT_SIZE];

	(void)state;
	assert_string_equal(yz_money_text(1250, out), "12.50");
	assert_string_equal(yz_money_text(5, out), "0.05");
	assert_string_equal(yz_money_text(-5, out), "-0.05");
	assert_string_equal(yz_money_text(-1250, out), "-12.50");
}

static void capitals_follow_the_rules_for_bills(void **state)
{
	static const struct {
		int64_t fen;
		const char *han;
	} rows[] = {
	        {0, "零元整"},
	        {5, "伍分"},
	        {50, "伍角整"},
	        {55, "伍角伍分"},
	        {105, "壹元零伍分"},
	        {1400, "壹拾肆元整"},
	        {10530, "壹佰零伍元叁角整"},
	        {32504, "叁佰贰拾伍元零肆分"},
	        {140950, "壹仟肆佰零玖元伍角整"},
	        {600714, "陆仟零柒元壹角肆分"},
	        {1000000, "壹万元整"},
	        {1000500, "壹万零伍元整"},
	        {10000000, "壹拾万元整"},
	        {100010000, "壹佰万零壹佰元整"},
	        {10000000100, "壹亿零壹元整"},
	        {-1400, "负壹拾肆元整"},
	};
	char out[YZ_MONEY_HAN_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(yz_money_han(rows[i].fen, out), rows[i].han);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(an_amount_reads_as_a_clerk_types_it),
	        cmocka_unit_test(a_wrong_amount_is_refused_and_changes_nothing),
	        cmocka_unit_test(fen_are_written_with_two_decimals),
	        cmocka_unit_test(capitals_follow_the_rules_for_bills),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
