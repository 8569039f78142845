/* units: weights as people say them, and the unit table. */
#include "config.h"

#include "station/units.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

static void a_weight_reads_in_the_unit_that_was_said(void **state)
{
	static const struct {
		const char *typed;
		int64_t grams;
	} rows[] = {
	        {"12斤", 6000},
	        {"12 斤", 6000},
	        {"6kg", 6000},
	        {"6 KG", 6000},
	        {"6公斤", 6000},
	        {"6千克", 6000},
	        {"800g", 800},
	        {"800克", 800},
	        {"3两", 150},
	        {"3斤2两", 1600},
	        {"1公斤500克", 1500},
	        {"1.5吨", 1500000},
	        {"12.5", 6250},
	        {"１２．５斤", 6250},
	        {"0.001kg", 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct yz_weight w;

		assert_int_equal(yz_weight_parse(rows[i].typed, YZ_WEIGHT_JIN, &w, NULL), YZ_OK);
		assert_int_equal(w.grams, rows[i].grams);
	}
}

static void a_bare_number_takes_the_assumed_unit(void **state)
{
	struct yz_weight w;

	(void)state;
	assert_int_equal(yz_weight_parse("12.5", YZ_WEIGHT_KG, &w, NULL), YZ_OK);
	assert_int_equal(w.grams, 12500);
	assert_true(w.assumed);
	assert_int_equal(yz_weight_parse("12.5斤", YZ_WEIGHT_KG, &w, NULL), YZ_OK);
	assert_int_equal(w.grams, 6250);
	assert_false(w.assumed);
}

static void a_wrong_weight_is_refused_and_changes_nothing(void **state)
{
	static const struct {
		const char *typed;
		enum yz_status st;
	} rows[] = {
	        {"", YZ_E_PARSE},
	        {"斤", YZ_E_PARSE},
	        {"12石", YZ_E_PARSE},
	        {"12斤5", YZ_E_PARSE},
	        {"1.2345kg", YZ_E_PARSE},
	        {"0.001斤", YZ_E_PARSE},
	        {"-3斤", YZ_E_PARSE},
	        {"0", YZ_E_RANGE},
	        {"1001吨", YZ_E_RANGE},
	        {"999999999999吨", YZ_E_RANGE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct yz_weight w = {7, YZ_WEIGHT_G, false};
		struct yz_error err;

		assert_int_equal(
		        yz_weight_parse(rows[i].typed, YZ_WEIGHT_JIN, &w, &err), rows[i].st);
		assert_int_equal(w.grams, 7);
		assert_string_equal(err.field, "weight_g");
	}
}

static void both_units_stand_side_by_side_the_typed_one_first(void **state)
{
	struct yz_weight w;
	char out[YZ_WEIGHT_TEXT_SIZE];

	(void)state;
	assert_int_equal(yz_weight_parse("12斤", YZ_WEIGHT_JIN, &w, NULL), YZ_OK);
	assert_string_equal(yz_weight_both(&w, out), "12 jin = 6.000 kg");
	assert_int_equal(yz_weight_parse("6.125kg", YZ_WEIGHT_JIN, &w, NULL), YZ_OK);
	assert_string_equal(yz_weight_both(&w, out), "6.125 kg = 12.25 jin");
	assert_string_equal(yz_weight_jin(5001, out), "10.002");
	assert_string_equal(yz_weight_jin(10000, out), "20");
}

static void the_unit_table_finds_by_code_and_name(void **state)
{
	char text[] = "code,name,name_en,grams\n075,斤,jin,500\n120,箱,case,\n";
	struct yz_ref_source src = {text, "u.csv", NULL};
	struct yz_units units = {NULL, 0};

	(void)state;
	assert_int_equal(yz_units_load(&units, &src, NULL), YZ_OK);
	assert_int_equal(yz_units_find(&units, "075")->grams, 500);
	assert_int_equal(yz_units_find(&units, "箱")->grams, 0);
	assert_string_equal(yz_units_find(&units, "Jin")->code, "075");
	assert_null(yz_units_find(&units, "999"));
	yz_units_free(&units);
}

static void a_repeated_unit_is_refused_with_both_lines(void **state)
{
	char text[] = "code,name,name_en,grams\n075,斤,jin,500\n075,市斤,jin,500\n";
	struct yz_ref_source src = {text, "u.csv", NULL};
	struct yz_units units = {NULL, 0};
	struct yz_error err;

	(void)state;
	assert_int_equal(yz_units_load(&units, &src, &err), YZ_E_PARSE);
	assert_string_equal(err.text, "u.csv:3: code: 075 is already on line 2");
	assert_null(units.rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_weight_reads_in_the_unit_that_was_said),
	        cmocka_unit_test(a_bare_number_takes_the_assumed_unit),
	        cmocka_unit_test(a_wrong_weight_is_refused_and_changes_nothing),
	        cmocka_unit_test(both_units_stand_side_by_side_the_typed_one_first),
	        cmocka_unit_test(the_unit_table_finds_by_code_and_name),
	        cmocka_unit_test(a_repeated_unit_is_refused_with_both_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
