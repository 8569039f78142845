/* tariff: which row decides, what it costs, and why a parcel cannot go. */
#include "config.h"

#include "base/buf.h"
#include "station/tariff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const char couriers_csv[] =
        "code,name,name_en,number_mode,void_rule,service_default,volumetric_divisor,max_weight_g,"
        "phone,"
        "claim_rule,number_format,sort\n"
        "AA,甲快递,A Express,range,burn,标快,6000,30000,95000,civil,^A[0-9]+$,1\n"
        "BB,乙快递,B Express,online,return,标快,,50000,95001,civil,^B[0-9]+$,2\n";

#define HEAD                                                                                     \
	"tariff,courier,service,zone,to,product_line,no_ship,first_g,first_fen,step_g,step_fen," \
	"max_g,"                                                                                 \
	"valid_from,valid_until,note\n"

static const char sheet_csv[] =
        HEAD "T1,AA,标快,全国,*,,,1000,1000,1000,400,20000,2026-01-01,2026-06-30,\n"
             "T1,AA,标快,省内,53,,,1000,800,500,100,20000,2026-01-01,2026-06-30,\n"
             "T1,AA,标快,市内,5303,,,1000,500,1000,80,20000,2026-01-01,2026-06-30,\n"
             "T1,AA,标快,偏远,54;65,,,1000,2000,1000,1500,20000,2026-01-01,2026-06-30,\n"
             "T1,AA,标快,偏远生鲜,54;65,生鲜,路上太久,,,,,,2026-01-01,2026-06-30,\n"
             "T1,AA,标快,港澳台,71;81;82,,不收寄,,,,,,2026-01-01,2026-06-30,\n"
             "T2,AA,标快,市内,5303,,,1000,600,1000,90,20000,2026-07-01,,\n"
             "T1,BB,标快,省内小件,53,,,1000,700,1000,200,3000,2026-01-01,,\n"
             "T1,BB,标快,省内大件,53,,,3000,1000,1000,150,40000,2026-01-01,,\n"
             "T1,BB,专线,广东,44,专线,,3000,700,1000,180,40000,2026-01-01,,\n";

struct fixture {
	struct yz_couriers couriers;
	struct yz_tariff tariff;
};

static int set_up(void **state)
{
	struct fixture *f = yz_alloc(sizeof(*f));
	char *couriers = yz_strdup(couriers_csv), *sheet = yz_strdup(sheet_csv);
	struct yz_ref_source a = {couriers, "c.csv", NULL}, b = {sheet, "t.csv", NULL};
	struct yz_error err = {0};
	enum yz_status st = yz_couriers_load(&f->couriers, &a, &err);

	if (st == YZ_OK)
		st = yz_tariff_add(&f->tariff, &b, &f->couriers, &err);
	if (st != YZ_OK)
		(void)fprintf(stderr, "%s\n", err.text);
	free(couriers);
	free(sheet);
	*state = f;
	return st == YZ_OK ? 0 : -1;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	yz_tariff_free(&f->tariff);
	yz_couriers_free(&f->couriers);
	free(f);
	return 0;
}

/* The quote of one courier's service. */
static struct yz_quote ask(
        struct fixture *f, struct yz_quote_ask a, const char *courier, const char *service)
{
	struct yz_quotes quotes = {NULL, 0};
	struct yz_quote found = {.courier = NULL};
	struct yz_error err;

	assert_int_equal(yz_tariff_quote(&quotes, &f->tariff, &f->couriers, &a, &err), YZ_OK);
	for (size_t i = 0; i < quotes.count; i++)
		if (!strcmp(quotes.rows[i].courier->code, courier) &&
		        !strcmp(quotes.rows[i].service, service))
			found = quotes.rows[i];
	yz_quotes_free(&quotes);
	return found;
}

static void price_is_first_weight_and_whole_steps_above_it(void **state)
{
	static const struct {
		int64_t weight_g, price_fen, billed_g;
	} rows[] = {
	        {1, 800, 1000},
	        {1000, 800, 1000},
	        {1001, 900, 1500},
	        {1500, 900, 1500},
	        {1501, 1000, 2000},
	        {20000, 4600, 20000},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct yz_quote_ask a = {"530102", rows[i].weight_g, 0, "", "2026-03-01"};
		struct yz_quote q = ask(*state, a, "AA", "标快");

		assert_int_equal(q.reason, YZ_QUOTE_OK);
		assert_int_equal(q.price_fen, rows[i].price_fen);
		assert_int_equal(q.billed_g, rows[i].billed_g);
	}
}

static void the_longest_code_decides_at_every_level(void **state)
{
	static const struct {
		const char *to;
		int line;
	} rows[] = {
	        {"53", 3},
	        {"5301", 3},
	        {"5303", 4},
	        {"530324", 4},
	        {"530324102", 4},
	        {"530324102001", 4},
	        {"440106", 2},
	        {"540102", 5},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct yz_quote_ask a = {rows[i].to, 500, 0, "", "2026-03-01"};
		struct yz_quote q = ask(*state, a, "AA", "标快");

		assert_int_equal(q.row->line, rows[i].line);
		assert_string_equal(q.row->tariff, "T1");
	}
}

static void a_sheet_counts_on_its_first_and_last_day_only(void **state)
{
	struct yz_quote_ask a = {"530324", 500, 0, "", "2026-06-30"};

	assert_int_equal(ask(*state, a, "AA", "标快").price_fen, 500);
	a.date = "2026-07-01";
	assert_int_equal(ask(*state, a, "AA", "标快").price_fen, 600);
	a.date = "2025-12-31";
	assert_int_equal(ask(*state, a, "AA", "标快").reason, YZ_QUOTE_NOT_VALID);
	a.date = "2026-07-01";
	a.to_code = "440106";
	assert_int_equal(ask(*state, a, "AA", "标快").reason, YZ_QUOTE_NO_ZONE);
}

static void weight_ranges_choose_the_smallest_that_takes_it(void **state)
{
	struct yz_quote_ask a = {"530102", 2500, 0, "", "2026-03-01"};

	assert_int_equal(ask(*state, a, "BB", "标快").row->line, 9);
	a.weight_g = 3001;
	assert_int_equal(ask(*state, a, "BB", "标快").row->line, 10);
	assert_int_equal(ask(*state, a, "BB", "标快").price_fen, 1150);
}

static void a_parcel_too_heavy_or_closed_off_has_price_0_and_a_reason(void **state)
{
	struct yz_quote_ask a = {"530102", 45000, 0, "", "2026-03-01"};
	struct yz_quote q = ask(*state, a, "BB", "标快");
	char why[256];

	assert_int_equal(q.reason, YZ_QUOTE_TOO_HEAVY);
	assert_int_equal(q.price_fen, 0);
	assert_string_equal(
	        yz_quote_why(&q, why, sizeof(why)), "Too heavy: 乙快递 takes at most 40.000 kg.");
	a = (struct yz_quote_ask){"71", 500, 0, "", "2026-03-01"};
	q = ask(*state, a, "AA", "标快");
	assert_int_equal(q.reason, YZ_QUOTE_NO_SHIP);
	assert_int_equal(q.billed_g, 0);
	assert_string_equal(
	        yz_quote_why(&q, why, sizeof(why)), "Nothing can be sent there: 不收寄");
}

static void a_product_line_has_rows_of_its_own(void **state)
{
	struct yz_quote_ask a = {"650102", 500, 0, "", "2026-03-01"};

	assert_int_equal(ask(*state, a, "AA", "标快").reason, YZ_QUOTE_OK);
	a.product_line = "生鲜";
	assert_int_equal(ask(*state, a, "AA", "标快").reason, YZ_QUOTE_NO_SHIP);
	a = (struct yz_quote_ask){"440106", 500, 0, "", "2026-03-01"};
	assert_null(ask(*state, a, "BB", "专线").courier);
	a.product_line = "专线";
	assert_int_equal(ask(*state, a, "BB", "专线").price_fen, 700);
}

static void room_is_charged_where_the_courier_has_a_divisor(void **state)
{
	struct yz_quote_ask a = {
	        "530102", 1000, 12001, "", "2026-03-01"}; /* 2000.2 g by 6000 cm3/kg */

	assert_int_equal(ask(*state, a, "AA", "标快").billed_g, 2500);
	assert_int_equal(ask(*state, a, "BB", "标快").billed_g, 1000);
}

static void what_can_be_sent_comes_first_and_cheapest_first(void **state)
{
	struct fixture *f = *state;
	struct yz_quote_ask a = {"530102", 1000, 0, "专线", "2026-03-01"};
	struct yz_quotes q = {NULL, 0};

	assert_int_equal(yz_tariff_quote(&q, &f->tariff, &f->couriers, &a, NULL), YZ_OK);
	assert_int_equal(q.count, 3);
	assert_int_equal(q.rows[0].price_fen, 700);
	assert_int_equal(q.rows[1].price_fen, 800);
	assert_int_equal(q.rows[2].reason, YZ_QUOTE_NO_ZONE);
	yz_quotes_free(&q);
}

static void a_senseless_question_is_refused_by_field(void **state)
{
	static const struct {
		struct yz_quote_ask ask;
		const char *field;
	} rows[] = {
	        {{"5", 500, 0, "", "2026-03-01"}, "to_code"},
	        {{"53x", 500, 0, "", "2026-03-01"}, "to_code"},
	        {{"53", 0, 0, "", "2026-03-01"}, "weight_g"},
	        {{"53", -1, 0, "", "2026-03-01"}, "weight_g"},
	        {{"53", INT64_MAX, 0, "", "2026-03-01"}, "weight_g"},
	        {{"53", 500, -1, "", "2026-03-01"}, "volume_cm3"},
	        {{"53", 500, 0, "", "2026-02-30"}, "date"},
	        {{"53", 500, 0, "", NULL}, "date"},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct yz_quotes q = {NULL, 0};
		struct yz_error err;

		assert_int_not_equal(
		        yz_tariff_quote(&q, &f->tariff, &f->couriers, &rows[i].ask, &err), YZ_OK);
		assert_string_equal(err.field, rows[i].field);
		assert_null(q.rows);
	}
}

static void a_bad_row_is_named_and_nothing_is_added(void **state)
{
	static const struct {
		const char *row, *says;
	} rows[] = {
	        {"T,ZZ,s,z,53,,,1,1,1,1,1,2026-01-01,,",
	                "t.csv:3: courier: the couriers do not list this code"},
	        {"T,AA,s,z,5,,,1,1,1,1,1,2026-01-01,,",
	                "t.csv:3: to: \"5\" is not a division code (2, 4, 6, 9 or 12 digits)"},
	        {"T,AA,s,z,53;,,,1,1,1,1,1,2026-01-01,,",
	                "t.csv:3: to: \"\" is not a division code (2, 4, 6, 9 or 12 digits)"},
	        {"T,AA,s,z,53,,,1,1.5,1,1,1,2026-01-01,,",
	                "t.csv:3: first_fen: must be a whole number from 0 to 100000000"},
	        {"T,AA,s,z,53,,,1,1,0,1,1,2026-01-01,,",
	                "t.csv:3: step_g: must be a whole number from 1 to 100000000"},
	        {"T,AA,s,z,53,,,2,1,1,1,1,2026-01-01,,", "t.csv:3: max_g: is less than first_g"},
	        {"T,AA,s,z,53,,,1,1,1,1,1,2026-1-1,,",
	                "t.csv:3: valid_from: must be a day as YYYY-MM-DD"},
	        {"T,AA,s,z,53,,,1,1,1,1,1,2026-02-01,2026-01-01,",
	                "t.csv:3: valid_until: lies before valid_from"},
	        {",AA,s,z,53,,,1,1,1,1,1,2026-01-01,,", "t.csv:3: tariff: must not be empty"},
	};
	struct fixture *f = *state;
	size_t before = f->tariff.count;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct yz_buf b = YZ_BUF_INIT;
		struct yz_error err;

		yz_buf_puts(&b, HEAD "T,AA,s,z,53,,,1,1,1,1,1,2026-01-01,,\n");
		yz_buf_puts(&b, rows[i].row);
		struct yz_ref_source src = {b.data, "t.csv", NULL};
		assert_int_equal(yz_tariff_add(&f->tariff, &src, &f->couriers, &err), YZ_E_PARSE);
		assert_string_equal(err.text, rows[i].says);
		assert_int_equal(f->tariff.count, before);
		yz_buf_free(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(price_is_first_weight_and_whole_steps_above_it),
	        cmocka_unit_test(the_longest_code_decides_at_every_level),
	        cmocka_unit_test(a_sheet_counts_on_its_first_and_last_day_only),
	        cmocka_unit_test(weight_ranges_choose_the_smallest_that_takes_it),
	        cmocka_unit_test(a_parcel_too_heavy_or_closed_off_has_price_0_and_a_reason),
	        cmocka_unit_test(a_product_line_has_rows_of_its_own),
	        cmocka_unit_test(room_is_charged_where_the_courier_has_a_divisor),
	        cmocka_unit_test(what_can_be_sent_comes_first_and_cheapest_first),
	        cmocka_unit_test(a_senseless_question_is_refused_by_field),
	        cmocka_unit_test(a_bad_row_is_named_and_nothing_is_added),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
