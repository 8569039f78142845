/* refdata: every file that is shipped loads, its codes exist, and bad rows are named. */
#include "config.h"

#include "base/buf.h"
#include "base/csv.h"
#include "base/file.h"
#include "station/codes.h"
#include "station/couriers.h"
#include "station/refdata.h"
#include "station/tariff.h"
#include "station/units.h"

#include <regex.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { FILE_MAX_BYTES = 8 << 20 };

/* The bytes of a shipped file; the caller frees. */
static struct yz_buf shipped(const char *name)
{
	const char *top = getenv("YZ_SRCDIR");
	struct yz_buf b = YZ_BUF_INIT;
	char path[600];

	(void)snprintf(path, sizeof(path), "%s/data/%s", top ? top : ".", name);
	if (yz_file_read(&b, path, FILE_MAX_BYTES, NULL) != YZ_OK)
		fail_msg("%s cannot be read", path);
	return b;
}

static int set_up(void **state)
{
	struct yz_buf b = shipped("divisions.csv");
	struct yz_codes *codes = NULL;
	struct yz_error err;

	if (yz_codes_load(&codes, b.data, "divisions.csv", &err) != YZ_OK)
		(void)fprintf(stderr, "%s\n", err.text);
	yz_buf_free(&b);
	*state = codes;
	return codes ? 0 : -1;
}

static int tear_down(void **state)
{
	yz_codes_free(*state);
	return 0;
}

static void the_divisions_are_whole(void **state)
{
	const struct yz_codes *codes = *state;

	assert_int_equal(yz_codes_count(codes), 46394);
	assert_true(yz_codes_has(codes, "53"));
	assert_true(yz_codes_has(codes, "530303"));
	assert_true(yz_codes_has(codes, "530302010001"));
	assert_false(yz_codes_has(codes, "530328"));
	assert_false(yz_codes_has(codes, "530302010999"));
	assert_true(yz_codes_has(codes, "110101001999")); /* its villages are not in the file */
	assert_false(yz_codes_has(codes, "110101099001"));
	assert_false(yz_codes_has(codes, "5303020"));
	assert_false(yz_codes_has(codes, ""));
}

static enum yz_status count_old(
        void *arg, const struct yz_old_division_row *row, struct yz_error *err)
{
	int *n = arg;

	(void)err;
	(*n)++;
	assert_null(strstr(row->source, "common knowledge"));
	if (!strcmp(row->name, "沾益县"))
		assert_string_equal(row->now_code, "530303");
	if (!strcmp(row->name, "中甸县"))
		assert_string_equal(row->now_code, "533401");
	return YZ_OK;
}

static void old_names_lead_to_codes_of_today(void **state)
{
	struct yz_buf b = shipped("divisions-old.csv");
	struct yz_ref_source src = {b.data, "divisions-old.csv", *state};
	struct yz_error err = {0};
	int n = 0;

	if (yz_old_divisions_read(&src, count_old, &n, &err) != YZ_OK)
		fail_msg("%s", err.text);
	assert_true(n > 300);
	yz_buf_free(&b);
}

static enum yz_status count_unit(
        void *arg, const struct yz_reporting_unit_row *row, struct yz_error *err)
{
	int *n = arg;

	(void)err;
	(*n)++;
	if (!strcmp(row->name, "曲靖经济技术开发区"))
		assert_string_equal(row->divisions, "530302005;530302010;530304001011");
	return YZ_OK;
}

static void reporting_units_are_nine_counties_and_the_zone(void **state)
{
	struct yz_buf b = shipped("reporting-units.csv");
	struct yz_ref_source src = {b.data, "reporting-units.csv", *state};
	struct yz_error err = {0};
	int n = 0;

	if (yz_reporting_units_read(&src, count_unit, &n, &err) != YZ_OK)
		fail_msg("%s", err.text);
	assert_int_equal(n, 10);
	yz_buf_free(&b);
}

static struct yz_couriers load_couriers(void)
{
	struct yz_buf b = shipped("couriers.csv");
	struct yz_ref_source src = {b.data, "couriers.csv", NULL};
	struct yz_couriers couriers = {NULL, 0};
	struct yz_error err = {0};

	if (yz_couriers_load(&couriers, &src, &err) != YZ_OK)
		fail_msg("%s", err.text);
	yz_buf_free(&b);
	return couriers;
}

static void the_nine_couriers_load_in_their_order(void **state)
{
	static const char *const codes[] = {
	        "SF", "JD", "EMS", "POST", "ZTO", "YTO", "STO", "YUNDA", "JT"};
	struct yz_couriers c = load_couriers();

	(void)state;
	assert_int_equal(c.count, 9);
	for (size_t i = 0; i < c.count; i++)
		assert_string_equal(c.rows[i].code, codes[i]);
	assert_int_equal(yz_couriers_find(&c, "SF")->number_mode, YZ_NUMBERS_ONLINE);
	assert_int_equal(yz_couriers_find(&c, "POST")->number_mode, YZ_NUMBERS_RANGE);
	assert_int_equal(yz_couriers_find(&c, "POST")->claim_rule, YZ_CLAIM_POSTAL_47);
	assert_non_null(strstr(yz_claim_say(YZ_CLAIM_POSTAL_47), "three times"));
	assert_non_null(strstr(yz_claim_say(YZ_CLAIM_CIVIL), "civil law"));
	yz_couriers_free(&c);
}

static bool fits(const char *format, const char *number)
{
	regex_t re;
	bool yes;

	assert_int_equal(regcomp(&re, format, REG_EXTENDED | REG_NOSUB), 0);
	yes = regexec(&re, number, 0, NULL, 0) == 0;
	regfree(&re);
	return yes;
}

static void the_example_numbers_look_like_their_couriers(void **state)
{
	struct yz_couriers c = load_couriers();
	struct yz_buf b = shipped("numbers-example.csv");
	struct yz_csv *csv = NULL;
	bool more = false;
	int n = 0;

	(void)state;
	assert_int_equal(strncmp(b.data, "# EXAMPLE", 9), 0);
	assert_int_equal(yz_csv_open(&csv, b.data, "numbers-example.csv", NULL), YZ_OK);
	while (yz_csv_next(csv, &more, NULL) == YZ_OK && more) {
		const struct yz_courier *courier = yz_couriers_find(&c, yz_csv_get(csv, "courier"));

		assert_non_null(courier);
		assert_int_equal(courier->number_mode, YZ_NUMBERS_RANGE);
		assert_true(fits(courier->number_format, yz_csv_get(csv, "first")));
		assert_true(fits(courier->number_format, yz_csv_get(csv, "last")));
		n++;
	}
	assert_int_equal(n, 4);
	yz_csv_free(csv);
	yz_couriers_free(&c);
	yz_buf_free(&b);
}

static void the_example_tariff_says_that_it_is_one_and_prices_all(void **state)
{
	struct yz_couriers c = load_couriers();
	struct yz_buf b = shipped("tariff-example.csv");
	struct yz_ref_source src = {b.data, "tariff-example.csv", *state};
	struct yz_tariff t = {NULL, 0};
	struct yz_quotes q = {NULL, 0};
	struct yz_quote_ask ask = {"440106", 2500, 0, "", "2026-11-24"};
	struct yz_error err = {0};

	assert_int_equal(strncmp(b.data, "# EXAMPLE", 9), 0);
	if (yz_tariff_add(&t, &src, &c, &err) != YZ_OK)
		fail_msg("%s", err.text);
	for (size_t i = 0; i < t.count; i++)
		assert_int_equal(strncmp(t.rows[i].tariff, "EXAMPLE", 7), 0);
	assert_int_equal(yz_tariff_quote(&q, &t, &c, &ask, NULL), YZ_OK);
	assert_int_equal(q.count, 9);
	for (size_t i = 0; i < q.count; i++)
		assert_int_equal(q.rows[i].reason, YZ_QUOTE_OK);
	yz_quotes_free(&q);
	ask.to_code = "81";
	assert_int_equal(yz_tariff_quote(&q, &t, &c, &ask, NULL), YZ_OK);
	for (size_t i = 0; i < q.count; i++)
		assert_int_equal(q.rows[i].reason, YZ_QUOTE_NO_SHIP);
	yz_quotes_free(&q);
	yz_tariff_free(&t);
	yz_couriers_free(&c);
	yz_buf_free(&b);
}

static void units_agree_with_the_weights_that_the_program_reads(void **state)
{
	static const struct {
		const char *code;
		enum yz_weight_unit unit;
	} same[] = {{"035", YZ_WEIGHT_KG}, {"036", YZ_WEIGHT_G}, {"070", YZ_WEIGHT_T},
	        {"075", YZ_WEIGHT_JIN}, {"080", YZ_WEIGHT_LIANG}};
	struct yz_buf b = shipped("units.csv");
	struct yz_ref_source src = {b.data, "units.csv", NULL};
	struct yz_units units = {NULL, 0};
	struct yz_error err = {0};

	(void)state;
	if (yz_units_load(&units, &src, &err) != YZ_OK)
		fail_msg("%s", err.text);
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		assert_int_equal(
		        yz_units_find(&units, same[i].code)->grams, yz_weight_unit_g(same[i].unit));
	assert_int_equal(yz_units_find(&units, "箱")->grams, 0);
	yz_units_free(&units);
	yz_buf_free(&b);
}

struct catalogue {
	struct yz_units units;
	char counties[16][7];
	int county_count, rows;
};

static enum yz_status check_product(
        void *arg, const struct yz_catalogue_row *row, struct yz_error *err)
{
	struct catalogue *c = arg;
	int i = 0;

	(void)err;
	c->rows++;
	assert_non_null(yz_units_find(&c->units, row->unit));
	while (i < c->county_count && strcmp(c->counties[i], row->origin_county))
		i++;
	if (i == c->county_count && i < 16)
		(void)yz_copy(c->counties[c->county_count++], 7, row->origin_county);
	return YZ_OK;
}

static void the_catalogue_covers_the_nine_counties(void **state)
{
	struct yz_buf b = shipped("catalogue.csv"), u = shipped("units.csv");
	struct yz_ref_source src = {b.data, "catalogue.csv", *state},
	                     usrc = {u.data, "units.csv", NULL};
	struct catalogue c = {.rows = 0};
	struct yz_error err = {0};

	assert_int_equal(yz_units_load(&c.units, &usrc, NULL), YZ_OK);
	if (yz_catalogue_read(&src, check_product, &c, &err) != YZ_OK)
		fail_msg("%s", err.text);
	assert_int_equal(c.county_count, 9);
	assert_true(c.rows > 25);
	yz_units_free(&c.units);
	yz_buf_free(&b);
	yz_buf_free(&u);
}

static enum yz_status count_group(
        void *arg, const struct yz_prohibited_row *row, struct yz_error *err)
{
	int *n = arg;

	(void)err;
	assert_int_equal(row->group, ++*n);
	return YZ_OK;
}

static void the_prohibited_groups_are_eighteen(void **state)
{
	struct yz_buf b = shipped("prohibited.csv");
	struct yz_ref_source src = {b.data, "prohibited.csv", NULL};
	struct yz_error err = {0};
	int n = 0;

	(void)state;
	if (yz_prohibited_read(&src, count_group, &n, &err) != YZ_OK)
		fail_msg("%s", err.text);
	assert_int_equal(n, 18);
	yz_buf_free(&b);
}

static enum yz_status ignore_product(
        void *arg, const struct yz_catalogue_row *row, struct yz_error *err)
{
	int *n = arg;

	(void)row;
	(void)err;
	(*n)++;
	return YZ_OK;
}

static void a_bad_product_is_named_by_line_and_column(void **state)
{
	static const struct {
		const char *row, *says;
	} rows[] = {
	        {"a b,x,,530324,,none,075,,,,,normal,none,,",
	                "c.csv:3: item_no: may hold only these characters"},
	        {"A,,,530324,,none,075,,,,,normal,none,,", "c.csv:3: name: must not be empty"},
	        {"A,x,010,530324,,none,075,,,,,normal,none,,",
	                "c.csv:3: class: must be pairs of digits"},
	        {"A,x,,530328,,none,075,,,,,normal,none,,",
	                "c.csv:3: origin_county: the divisions do not list the code 530328"},
	        {"A,x,,5303,,none,075,,,,,normal,none,,",
	                "c.csv:3: origin_county: must be the 6 digits of a county"},
	        {"A,x,,530324,huge,none,075,,,,,normal,none,,", "c.csv:3: tier314: must be one of"},
	        {"A,x,,530324,,none,075,0,,,,normal,none,,",
	                "c.csv:3: content_g: must be a whole number"},
	        {"A,x,,530324,,none,075,,,,4000,normal,none,,",
	                "c.csv:3: shelf_days: must be a whole number"},
	        {"A,x,,530324,,none,075,,,,,warm,none,,", "c.csv:3: storage: must be one of"},
	        {"A,x,,530324,,none,075,,,,,normal,none,6901234567893,",
	                "c.csv:3: gtin: is not a GTIN"},
	        {"A,x,,530324,,none,075,,,,,normal,none,,123",
	                "c.csv:3: hs10: must be empty or 10 digits"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct yz_buf b = YZ_BUF_INIT;
		struct yz_error err = {0};
		int n = 0;

		yz_buf_puts(&b, "item_no,name,class,origin_county,tier314,leading,unit,content_g,"
		                "grades,price_fen,"
		                "shelf_days,storage,doc_rule,gtin,hs10\n"
		                "GOOD,x,,530324,,none,075,,,,,normal,none,6901234567892,\n");
		yz_buf_puts(&b, rows[i].row);
		struct yz_ref_source src = {b.data, "c.csv", *state};
		assert_int_equal(yz_catalogue_read(&src, ignore_product, &n, &err), YZ_E_PARSE);
		if (strncmp(err.text, rows[i].says, strlen(rows[i].says)))
			fail_msg("row %zu says: %s", i, err.text);
		assert_int_equal(n, 1);
		yz_buf_free(&b);
	}
}

static void a_division_twice_or_without_parent_is_named(void **state)
{
	char twice[] = "code,name\n53,云南省\n5303,曲靖市\n53,云南\n",
	     orphan[] = "code,name\n53,云南省\n530324,罗平县\n";
	struct yz_codes *codes = NULL;
	struct yz_error err;

	(void)state;
	assert_int_equal(yz_codes_load(&codes, twice, "d.csv", &err), YZ_E_PARSE);
	assert_string_equal(err.text, "d.csv:4: code: 53 is already on line 2");
	assert_int_equal(yz_codes_load(&codes, orphan, "d.csv", &err), YZ_E_PARSE);
	assert_string_equal(err.text, "d.csv:3: code: 530324 has no parent 5303 in the file");
	assert_null(codes);
}

static void a_wrong_courier_is_named(void **state)
{
	static const struct {
		const char *row, *says;
	} rows[] = {
	        {"AA,甲,A,range,burn,s,6000,1,95,civil,^A$,1",
	                "k.csv:3: code: stands in the file already"},
	        {"BB,乙,B,free,burn,s,6000,1,95,civil,^A$,1",
	                "k.csv:3: number_mode: must be one of"},
	        {"BB,乙,B,range,burn,s,6000,,95,civil,^A$,1",
	                "k.csv:3: max_weight_g: must be a whole number"},
	        {"BB,乙,B,range,burn,s,6000,1,call,civil,^A$,1", "k.csv:3: phone: may hold only"},
	        {"BB,乙,B,range,burn,s,6000,1,95,civil,(A,1",
	                "k.csv:3: number_format: is not an extended"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct yz_buf b = YZ_BUF_INIT;
		struct yz_couriers c = {NULL, 0};
		struct yz_error err = {0};

		yz_buf_puts(&b, "code,name,name_en,number_mode,void_rule,service_default,"
		                "volumetric_divisor,"
		                "max_weight_g,phone,claim_rule,number_format,sort\n"
		                "AA,甲,A,range,burn,s,6000,1,95,civil,^A$,1\n");
		yz_buf_puts(&b, rows[i].row);
		struct yz_ref_source src = {b.data, "k.csv", NULL};
		assert_int_equal(yz_couriers_load(&c, &src, &err), YZ_E_PARSE);
		if (strncmp(err.text, rows[i].says, strlen(rows[i].says)))
			fail_msg("row %zu says: %s", i, err.text);
		assert_null(c.rows);
		yz_buf_free(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(the_divisions_are_whole),
	        cmocka_unit_test(old_names_lead_to_codes_of_today),
	        cmocka_unit_test(reporting_units_are_nine_counties_and_the_zone),
	        cmocka_unit_test(the_nine_couriers_load_in_their_order),
	        cmocka_unit_test(the_example_numbers_look_like_their_couriers),
	        cmocka_unit_test(the_example_tariff_says_that_it_is_one_and_prices_all),
	        cmocka_unit_test(units_agree_with_the_weights_that_the_program_reads),
	        cmocka_unit_test(the_catalogue_covers_the_nine_counties),
	        cmocka_unit_test(the_prohibited_groups_are_eighteen),
	        cmocka_unit_test(a_bad_product_is_named_by_line_and_column),
	        cmocka_unit_test(a_division_twice_or_without_parent_is_named),
	        cmocka_unit_test(a_wrong_courier_is_named),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
