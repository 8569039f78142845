/* station/pulled and station/lease: what the platform hands out is taken as an import would take
 * it, and numbers are asked for and accepted by rule. */
#include "config.h"

#include "base/buf.h"
#include "station/lease.h"
#include "station/pulled.h"
#include "store/notice.h"
#include "store/product.h"
#include "store/reference.h"
#include "store/shipment.h"
#include "tests/unit/station_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define SHEET_HEAD                                                                      \
	"tariff,courier,service,zone,to,product_line,no_ship,first_g,first_fen,step_g," \
	"step_fen,max_g,valid_from,valid_until,note\n"
#define SHEET(version, price) \
	SHEET_HEAD version ",EMS,标快,省内,53,,,1000," price ",1000,200,30000,2026-02-01,,\n"

/* Up to 15 fields as name, value, name, value ... */
struct made {
	struct yz_pulled item;
	struct yz_pulled_field fields[16];
};

static struct yz_pulled *make(
        struct made *m, const char *id, int64_t version, const char *const *pairs)
{
	memset(m, 0, sizeof(*m));
	(void)yz_copy(m->item.id, sizeof(m->item.id), id);
	m->item.version = version;
	m->item.digest[0] = (uint8_t)version;
	m->item.gone = !pairs;
	m->item.fields = m->fields;
	for (; pairs && pairs[0]; pairs += 2) {
		struct yz_pulled_field *f = &m->fields[m->item.field_count++];

		f->name = (char *)(uintptr_t)pairs[0];
		f->value = (char *)(uintptr_t)pairs[1];
	}
	return &m->item;
}

static struct yz_pulled_count take(
        struct fixture *f, const char *stream, const struct yz_pulled *items, size_t n)
{
	struct yz_pulled_count count = {9, 9};
	struct yz_tx *tx;

	assert_int_equal(yz_tx_begin(f->desk.store, &f->now, &tx, NULL), YZ_OK);
	assert_int_equal(yz_pulled_take(&f->desk, tx, stream, items, n, &count, NULL), YZ_OK);
	assert_int_equal(yz_tx_commit(tx, NULL), YZ_OK);
	return count;
}

static struct yz_pulled_count take_text(
        struct fixture *f, const char *stream, const char *id, int64_t version, const char *text)
{
	const char *const pairs[] = {"text", text, "title", "题", NULL};
	struct made m;

	return take(f, stream, make(&m, id, version, pairs), 1);
}

static int64_t price(struct fixture *f)
{
	struct yz_offer offers[YZ_OFFERS_MAX];
	size_t n = 0;

	assert_int_equal(
	        yz_booking_offers(&f->desk, f->books, &f->now, "530102", 900, offers, &n, NULL),
	        YZ_OK);
	for (size_t i = 0; i < n; i++)
		if (!strcmp(offers[i].courier, "EMS"))
			return offers[i].price_fen;
	return -1;
}

static void a_sheet_that_was_pulled_is_in_force_at_once(void **state)
{
	struct fixture f;
	struct made m;

	(void)state;
	fixture_open(&f);
	assert_int_equal(price(&f), 800);
	assert_int_equal(take_text(&f, "tariffs", "T1", 1, SHEET("T1", "700")).taken, 1);
	assert_int_equal(price(&f), 700);
	assert_int_equal(take_text(&f, "tariffs", "T1", 3, SHEET("T1", "650")).taken, 1);
	assert_int_equal(price(&f), 650);
	/* not newer */
	assert_int_equal(take_text(&f, "tariffs", "T1", 2, SHEET("T1", "1")).taken, 0);
	assert_int_equal(price(&f), 650);
	(void)take_text(&f, "tariffs", "T2", 1, SHEET("T2", "600"));
	(void)take(&f, "tariffs", make(&m, "T1", 4, NULL), 1);
	assert_int_equal(price(&f), 600);
	fixture_close(&f);
}

static void a_parcel_keeps_the_sheet_that_it_was_priced_with(void **state)
{
	struct yz_booking b;
	struct yz_shipment s, again;
	struct fixture f;

	(void)state;
	fixture_open(&f);
	fixture_booking(&b);
	assert_int_equal(yz_booking_save(&f.desk, f.books, &f.now, &b, &s, NULL), YZ_OK);
	(void)take_text(&f, "tariffs", "T1", 1, SHEET("T1", "700"));
	(void)take_text(&f, "tariffs", "T2", 1, SHEET("T2", "600"));
	assert_int_equal(yz_shipment_get(f.desk.store, &s.id, &again, NULL), YZ_OK);
	assert_string_equal(again.tariff, "T1");
	assert_int_equal(again.freight_fen, s.freight_fen);
	fixture_close(&f);
}

static void a_sheet_that_the_loader_refuses_stays_out_and_the_others_go_on(void **state)
{
	static const char *const bad[] = {"text", SHEET_HEAD "T9,EMS,x\n", NULL};
	static const char *const other[] = {"text", SHEET("T5", "1"), NULL};
	static const char *const good[] = {"text", SHEET("T7", "500"), NULL};
	struct made m[4];
	struct yz_pulled items[4];
	struct yz_pulled_count count;
	struct yz_feed_fault faults[4];
	struct fixture f;
	size_t n = 0;

	(void)state;
	fixture_open(&f);
	items[0] = *make(&m[0], "T9", 1, bad);
	items[1] = *make(&m[1], "T8", 1, other);
	items[2] = *make(&m[2], "T6", 1, good);
	items[2].odd = true;
	items[3] = *make(&m[3], "T7", 1, good);
	count = take(&f, "tariffs", items, 4);
	assert_int_equal(count.taken, 1);
	assert_int_equal(count.refused, 3);
	assert_int_equal(price(&f), 500);
	assert_int_equal(yz_feed_faults(f.desk.store, faults, 4, &n, NULL), YZ_OK);
	assert_int_equal(n, 3);
	assert_string_equal(faults[2].id, "T9");
	assert_non_null(strstr(faults[2].fault, "T9:2"));
	/* the next version mends it */
	assert_int_equal(take_text(&f, "tariffs", "T9", 2, SHEET("T9", "400")).taken, 1);
	assert_int_equal(yz_feed_faults(f.desk.store, faults, 4, &n, NULL), YZ_OK);
	assert_int_equal(n, 2);
	fixture_close(&f);
}

static void a_product_of_the_catalogue_becomes_the_stations(void **state)
{
	static const char *pairs[] = {"item_no", "JH-9", "name", "小黄姜, \"大\"", "class", "",
	        "origin_county", "530381", "tier314", "", "leading", "county", "unit", "035",
	        "content_g", "", "grades", "一级;二级", "price_fen", "", "shelf_days", "60",
	        "storage", "normal", "doc_rule", "none", "gtin", "", "hs10", "", NULL};
	struct yz_product p;
	struct made m;
	struct fixture f;

	(void)state;
	fixture_open(&f);
	assert_int_equal(take(&f, "catalogue", make(&m, "JH-9", 1, pairs), 1).taken, 1);
	assert_int_equal(yz_product_by_item(f.desk.store, "JH-9", &p, NULL), YZ_OK);
	assert_string_equal(p.name, "小黄姜, \"大\"");
	assert_int_equal(p.shelf_days, 60);
	assert_int_equal(take(&f, "catalogue", make(&m, "JH-8", 1, pairs), 1).refused, 1);
	pairs[15] = "";
	pairs[7] = "53038";
	assert_int_equal(take(&f, "catalogue", make(&m, "JH-9", 2, pairs), 1).refused, 1);
	(void)take(&f, "catalogue", make(&m, "JH-9", 3, NULL), 1);
	assert_int_equal(yz_product_by_item(f.desk.store, "JH-9", &p, NULL), YZ_OK);
	fixture_close(&f);
}

static void a_void_parcel_that_moves_becomes_a_notice_for_the_clerk(void **state)
{
	static const char *const moved[] = {
	        "state", "in_transit", "text", "已发往昆明", "waybill_no", "1000000001", NULL};
	char id[YZ_ID_TEXT_SIZE];
	struct yz_booking b;
	struct yz_shipment s;
	struct yz_notice rows[3];
	struct fixture f;
	struct made m;
	struct yz_tx *tx;
	size_t n = 0;

	(void)state;
	fixture_open(&f);
	fixture_booking(&b);
	assert_int_equal(yz_booking_save(&f.desk, f.books, &f.now, &b, &s, NULL), YZ_OK);
	(void)yz_id_text(&s.id, id);
	assert_int_equal(take(&f, "tracking", make(&m, "no-id", 1, moved), 1).refused, 1);
	assert_int_equal(take(&f, "tracking", make(&m, id, 1, moved), 1).taken, 1);
	assert_int_equal(yz_shipment_get(f.desk.store, &s.id, &s, NULL), YZ_OK);
	assert_int_equal(s.state, YZ_SHIPMENT_HANDED_OVER);
	assert_string_equal(s.waybill_no, "1000000001");
	assert_int_equal(yz_notice_list(f.desk.store, rows, 3, &n, NULL), YZ_OK);
	assert_int_equal(n, 0);
	fixture_booking(&b);
	assert_int_equal(yz_booking_save(&f.desk, f.books, &f.now, &b, &s, NULL), YZ_OK);
	assert_int_equal(yz_tx_begin(f.desk.store, &f.now, &tx, NULL), YZ_OK);
	assert_int_equal(yz_shipment_set_void(tx, &s.id, &s.clerk, "不寄了", NULL), YZ_OK);
	assert_int_equal(yz_tx_commit(tx, NULL), YZ_OK);
	(void)yz_id_text(&s.id, id);
	assert_int_equal(take(&f, "tracking", make(&m, id, 1, moved), 1).taken, 1);
	assert_int_equal(yz_notice_list(f.desk.store, rows, 3, &n, NULL), YZ_OK);
	assert_int_equal(n, 1);
	assert_string_equal(rows[0].title, "void-parcel-moves");
	fixture_close(&f);
}

static void a_replaced_stream_holds_what_came_and_nothing_else(void **state)
{
	static const char *const pairs[] = {"title", "一", "text", "二", NULL};
	struct made m[2];
	struct yz_pulled items[2];
	struct yz_pulled_count count = {9, 9};
	struct yz_notice rows[4];
	struct yz_feed_item held;
	struct fixture f;
	struct yz_tx *tx;
	size_t n = 0;

	(void)state;
	fixture_open(&f);
	(void)take_text(&f, "notices", "a", 7, "甲");
	(void)take_text(&f, "notices", "b", 7, "乙");
	(void)take_text(&f, "notices", "c", 7, "丙");
	items[0] = *make(&m[0], "b", 7, pairs); /* held as it is */
	items[1] = *make(&m[1], "c", 2, pairs); /* the platform went back */
	assert_int_equal(yz_tx_begin(f.desk.store, &f.now, &tx, NULL), YZ_OK);
	assert_int_equal(yz_pulled_replace(&f.desk, tx, "notices", items, 2, &count, NULL), YZ_OK);
	assert_int_equal(yz_tx_commit(tx, NULL), YZ_OK);
	assert_int_equal(count.taken, 1);
	assert_int_equal(yz_notice_list(f.desk.store, rows, 4, &n, NULL), YZ_OK);
	assert_int_equal(n, 2);
	assert_int_equal(yz_feed_item_get(f.desk.store, "notices", "c", &held, NULL), YZ_OK);
	assert_int_equal(held.version, 2);
	assert_int_equal(
	        yz_feed_item_get(f.desk.store, "notices", "a", &held, NULL), YZ_E_NOTFOUND);
	fixture_close(&f);
}

static void a_lease_lasts_14_busy_days_and_the_third_is_asked_for_at_half_of_the_first(void **state)
{
	(void)state;
	assert_int_equal(yz_lease_size(0), 500);
	assert_int_equal(yz_lease_size(35), 500);
	assert_int_equal(yz_lease_size(120), 1680);
	assert_int_equal(yz_lease_size(50000), 100000);
	assert_true(yz_lease_is_wanted(0, 120));
	assert_true(yz_lease_is_wanted(1680, 120));
	assert_true(yz_lease_is_wanted(2519, 120));
	assert_false(yz_lease_is_wanted(2520, 120));
	assert_true(yz_lease_is_low(839, 120));
	assert_false(yz_lease_is_low(840, 120));
	assert_true(yz_lease_is_low(49, 0));
	assert_false(yz_lease_is_low(50, 0));
}

static void numbers_are_asked_for_where_they_come_from_a_range(void **state)
{
	struct fixture f;
	struct yz_lease l;
	struct yz_tx *tx;
	bool asked = false;

	(void)state;
	fixture_open(&f);
	assert_int_equal(yz_lease_plan(f.desk.store, f.books, &f.now, &asked, NULL), YZ_OK);
	assert_true(asked);
	assert_int_equal(yz_lease_last(f.desk.store, "EMS", &l, NULL), YZ_OK);
	assert_int_equal(l.count, 500);
	assert_int_equal(yz_lease_last(f.desk.store, "YTO", &l, NULL), YZ_OK);
	assert_int_equal(yz_lease_last(f.desk.store, "SF", &l, NULL), YZ_E_NOTFOUND);
	assert_int_equal(yz_lease_plan(f.desk.store, f.books, &f.now, &asked, NULL), YZ_OK);
	assert_false(asked); /* both are open */
	(void)yz_copy(l.code, sizeof(l.code), "no-numbers");
	assert_int_equal(yz_tx_begin(f.desk.store, &f.now, &tx, NULL), YZ_OK);
	assert_int_equal(yz_lease_end(tx, &l, YZ_LEASE_REFUSED, NULL), YZ_OK);
	assert_int_equal(yz_tx_commit(tx, NULL), YZ_OK);
	assert_int_equal(yz_lease_plan(f.desk.store, f.books, &f.now, &asked, NULL), YZ_OK);
	assert_false(asked);
	f.now.wall_ms += 3600 * 1000;
	assert_int_equal(yz_lease_plan(f.desk.store, f.books, &f.now, &asked, NULL), YZ_OK);
	assert_true(asked);
	fixture_close(&f);
}

static void a_bought_range_that_lasts_needs_no_lease(void **state)
{
	struct yz_pool p = {.courier = "EMS",
	        .source = "range",
	        .prefix = "10",
	        .width = 8,
	        .lo = 1000,
	        .hi = 2000,
	        .next = 1000,
	        .check_rule = "none"};
	struct fixture f;
	struct yz_lease l;
	struct yz_tx *tx;
	bool asked = false;

	(void)state;
	fixture_open(&f);
	assert_int_equal(yz_tx_begin(f.desk.store, &f.now, &tx, NULL), YZ_OK);
	assert_int_equal(yz_pool_add(tx, &p, NULL), YZ_OK);
	assert_int_equal(yz_tx_commit(tx, NULL), YZ_OK);
	assert_int_equal(yz_lease_plan(f.desk.store, f.books, &f.now, &asked, NULL), YZ_OK);
	assert_int_equal(yz_lease_last(f.desk.store, "EMS", &l, NULL), YZ_E_NOTFOUND);
	assert_int_equal(yz_lease_last(f.desk.store, "YTO", &l, NULL), YZ_OK);
	fixture_close(&f);
}

static void a_lease_that_does_not_fit_is_refused(void **state)
{
	static const struct yz_lease ask = {.courier = "ZTO", .count = 500, .high_water = 999};
	static const struct yz_courier zto = {.code = "ZTO", .number_format = "^[0-9]{14}$"};
	struct yz_pool good = {.courier = "ZTO",
	        .prefix = "78",
	        .width = 12,
	        .lo = 1000,
	        .hi = 1499,
	        .next = 1000,
	        .check_rule = "none"};
	struct yz_pool bad[9];

	(void)state;
	assert_int_equal(yz_lease_check(&ask, &zto, &good, NULL), YZ_OK);
	for (size_t i = 0; i < 9; i++)
		bad[i] = good;
	(void)yz_copy(bad[0].courier, sizeof(bad[0].courier), "YTO");
	bad[1].hi = 1500; /* one too many */
	bad[2].hi = 999;
	bad[3].lo = 999; /* may be used already */
	bad[4].width = 11;
	bad[5].width = 19;
	(void)yz_copy(bad[6].check_rule, sizeof(bad[6].check_rule), "s10");
	(void)yz_copy(bad[7].check_rule, sizeof(bad[7].check_rule), "mod7");
	(void)yz_copy(bad[8].prefix, sizeof(bad[8].prefix), "YT");
	for (size_t i = 0; i < 9; i++)
		assert_int_equal(yz_lease_check(&ask, &zto, &bad[i], NULL), YZ_E_RANGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_sheet_that_was_pulled_is_in_force_at_once),
	        cmocka_unit_test(a_parcel_keeps_the_sheet_that_it_was_priced_with),
	        cmocka_unit_test(a_sheet_that_the_loader_refuses_stays_out_and_the_others_go_on),
	        cmocka_unit_test(a_product_of_the_catalogue_becomes_the_stations),
	        cmocka_unit_test(a_void_parcel_that_moves_becomes_a_notice_for_the_clerk),
	        cmocka_unit_test(a_replaced_stream_holds_what_came_and_nothing_else),
	        cmocka_unit_test(
	                a_lease_lasts_14_busy_days_and_the_third_is_asked_for_at_half_of_the_first),
	        cmocka_unit_test(numbers_are_asked_for_where_they_come_from_a_range),
	        cmocka_unit_test(a_bought_range_that_lasts_needs_no_lease),
	        cmocka_unit_test(a_lease_that_does_not_fit_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
