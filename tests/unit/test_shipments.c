/* store: parcels and their money read back, are found by what a clerk types, and are not edited. */
#include "config.h"

#include "store/audit.h"
#include "store/contact.h"
#include "store/outbox.h"
#include "store/print_job.h"
#include "store/shipment.h"
#include "tests/unit/store_case.h"

#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct yz_shipment shipment_of(int n)
{
	struct yz_shipment s = {.courier = "SF",
	        .pieces = 1,
	        .weight_g = 2500,
	        .total_fen = 1200,
	        .payer = "sender",
	        .sender = {.name = "李明", .phone = "13800000001"},
	        .receiver = {.name = "王芳", .phone = "13900000002", .region = "上海市"},
	        .lines = {{.name = "小黄姜", .qty_milli = 2500, .unit = "035"}, {.name = "火腿"}},
	        .line_count = 2};

	s.id = yz_id_new(n);
	(void)snprintf(s.station_no, sizeof(s.station_no), "QJ1-%04d", n);
	(void)snprintf(s.waybill_no, sizeof(s.waybill_no), "SF%010d", n);
	return s;
}

static void a_parcel_reads_back_with_its_parties_and_lines(void **state)
{
	struct store_case *c = *state;
	struct yz_shipment s = shipment_of(1), got;
	struct yz_tx *tx = begin(c);

	s.identity_seen = true;
	assert_ok(yz_shipment_add(tx, &s, NULL));
	commit(tx);
	assert_int_equal(s.seq, 1);
	reopen(c);
	assert_ok(yz_shipment_get(c->s, &s.id, &got, NULL));
	assert_int_equal(got.seq, 1);
	assert_int_equal(got.booked_ms, c->now.wall_ms);
	assert_string_equal(got.receiver.region, "上海市");
	assert_string_equal(got.sender.name, "李明");
	assert_int_equal(got.line_count, 2);
	assert_string_equal(got.lines[1].name, "火腿");
	assert_int_equal(got.lines[0].qty_milli, 2500);
	assert_true(got.identity_seen);
	assert_false(got.inspected);
	assert_ok(yz_shipment_by_number(c->s, "QJ1-0001", &got, NULL));
	assert_ok(yz_shipment_by_number(c->s, "SF0000000001", &got, NULL));
	assert_status(yz_shipment_by_number(c->s, "", &got, NULL), YZ_E_NOTFOUND);
	assert_status(yz_shipment_by_number(c->s, "x", &got, NULL), YZ_E_NOTFOUND);
	s.id = yz_id_new(9);
	assert_status(yz_shipment_get(c->s, &s.id, &got, NULL), YZ_E_NOTFOUND);
}

static void a_waybill_number_is_one_parcels_until_it_is_void(void **state)
{
	struct store_case *c = *state;
	struct yz_shipment a = shipment_of(1), b = shipment_of(2), got;
	struct yz_id clerk = yz_id_new(7);
	struct yz_tx *tx = begin(c);

	memcpy(b.waybill_no, a.waybill_no, sizeof(b.waybill_no));
	assert_ok(yz_shipment_add(tx, &a, NULL));
	assert_status(yz_shipment_add(tx, &b, NULL), YZ_E_EXISTS);
	assert_ok(yz_shipment_set_void(tx, &a.id, &clerk, "写错", NULL));
	assert_status(yz_shipment_set_void(tx, &a.id, &clerk, "写错", NULL), YZ_E_STATE);
	assert_status(yz_shipment_set_void(tx, &b.id, &clerk, "写错", NULL), YZ_E_NOTFOUND);
	assert_ok(yz_shipment_by_number(c->s, a.waybill_no, &got, NULL));
	assert_true(yz_id_equal(&got.id, &a.id));
	assert_ok(yz_shipment_add(tx, &b, NULL));
	commit(tx);
	assert_ok(yz_shipment_by_number(c->s, a.waybill_no, &got, NULL));
	assert_true(yz_id_equal(&got.id, &b.id));
	assert_ok(yz_shipment_get(c->s, &a.id, &got, NULL));
	assert_int_equal(got.state, YZ_SHIPMENT_VOID);
	assert_string_equal(got.void_reason, "写错");
	assert_true(yz_id_equal(&got.void_clerk, &clerk));
	assert_int_equal(got.voided_ms, c->now.wall_ms);
}

static void an_online_couriers_number_arrives_once(void **state)
{
	struct store_case *c = *state;
	struct yz_shipment a = shipment_of(1), b = shipment_of(2), got;
	struct yz_shipment_brief rows[3];
	struct yz_tx *tx = begin(c);
	size_t n, total;

	a.waybill_no[0] = b.waybill_no[0] = '\0';
	assert_ok(yz_shipment_add(tx, &a, NULL));
	assert_ok(yz_shipment_add(tx, &b, NULL));
	assert_ok(yz_shipment_set_number(tx, &a.id, "SF9", NULL));
	assert_status(yz_shipment_set_number(tx, &a.id, "SF8", NULL), YZ_E_STATE);
	assert_status(yz_shipment_set_number(tx, &b.id, "SF9", NULL), YZ_E_EXISTS);
	commit(tx);
	assert_ok(yz_shipment_by_number(c->s, "SF9", &got, NULL));
	assert_ok(yz_shipment_find(c->s, "sf9", 0, rows, 3, &n, &total, NULL));
	assert_int_equal(total, 1);
}

static void the_order_list_finds_parcels_by_what_is_typed(void **state)
{
	struct store_case *c = *state;
	struct yz_contact who = put_contact(c, "王芳", "13900000002", "wangfang wf");
	struct yz_shipment a = shipment_of(1), b = shipment_of(2);
	struct yz_op op = {.agg = "shipment/b", .kind = "shipment.book", .body = a.remark};
	struct yz_print_job job = {.paper = "waybill", .shipment = b.id};
	struct yz_shipment_brief rows[3];
	struct yz_tx *tx = begin(c);
	size_t n, total;

	b.receiver.contact = who.id;
	(void)yz_copy(b.sender.name, sizeof(b.sender.name), "赵");
	assert_ok(yz_outbox_add(tx, &op, NULL));
	b.op = op.id;
	assert_ok(yz_shipment_add(tx, &a, NULL));
	assert_ok(yz_shipment_add(tx, &b, NULL));
	assert_ok(yz_print_job_add(tx, &job, NULL));
	commit(tx);
	assert_ok(yz_shipment_find(c->s, "", 0, rows, 3, &n, &total, NULL));
	assert_int_equal(n, 2);
	assert_int_equal(total, 2);
	assert_int_equal(rows[0].seq, 2);
	assert_string_equal(rows[0].goods, "小黄姜");
	assert_string_equal(rows[0].receiver_region, "上海市");
	assert_int_equal(rows[0].op_state, YZ_OP_PENDING);
	assert_int_equal(rows[0].print_state, YZ_PRINT_WAITING);
	assert_int_equal(rows[1].op_state, -1);
	assert_int_equal(rows[1].print_state, -1);
	assert_ok(yz_shipment_find(c->s, "WF", 0, rows, 3, &n, &total, NULL));
	assert_int_equal(total, 1);
	assert_int_equal(rows[0].seq, 2);
	assert_ok(yz_shipment_find(c->s, "李", 0, rows, 3, &n, NULL, NULL));
	assert_int_equal(rows[0].seq, 1);
	assert_ok(yz_shipment_find(c->s, "0002", 0, rows, 3, &n, &total, NULL));
	assert_int_equal(total, 2); /* a phone and a number */
	assert_ok(yz_shipment_find(c->s, "", 1, rows, 3, &n, &total, NULL));
	assert_int_equal(n, 1);
	assert_int_equal(rows[0].seq, 1);
}

static void receivers_come_newest_first_without_repeats(void **state)
{
	struct store_case *c = *state;
	struct yz_contact from = put_contact(c, "李", "1", ""), x = put_contact(c, "甲", "2", ""),
	                  y = put_contact(c, "乙", "3", "");
	struct yz_contact to[3], *rows = yz_alloc(3 * sizeof(*rows));
	struct yz_tx *tx = begin(c);
	size_t n;

	to[0] = x;
	to[1] = y;
	to[2] = x;
	for (int i = 0; i < 3; i++) {
		struct yz_shipment s = shipment_of(i + 1);

		s.sender.contact = from.id;
		s.receiver.contact = to[i].id;
		assert_ok(yz_shipment_add(tx, &s, NULL));
	}
	commit(tx);
	assert_ok(yz_contact_receivers(c->s, &from.id, rows, 3, &n, NULL));
	assert_int_equal(n, 2);
	assert_string_equal(rows[0].name, "甲");
	assert_string_equal(rows[1].name, "乙");
	find_contacts(c, "", false, "甲|李|乙", 3);
	free(rows);
}

static void money_is_given_back_once_and_the_day_adds_up(void **state)
{
	struct store_case *c = *state;
	struct yz_shipment s = shipment_of(1);
	struct yz_payment cash = {.shipment = s.id, .method = "cash", .amount_fen = 1200}, back,
	                  rows[4];
	struct yz_print_job job = {.paper = "waybill", .shipment = s.id, .state = YZ_PRINT_ASK};
	struct yz_tx *tx = begin(c);
	struct yz_day day;
	size_t n;

	assert_ok(yz_shipment_add(tx, &s, NULL));
	assert_ok(yz_payment_add(tx, &cash, NULL));
	back = cash;
	back.id = (struct yz_id){{0}};
	back.amount_fen = -1200;
	back.reverses = cash.id;
	assert_ok(yz_payment_add(tx, &back, NULL));
	back.id = (struct yz_id){{0}};
	assert_status(yz_payment_add(tx, &back, NULL), YZ_E_EXISTS);
	cash = (struct yz_payment){.shipment = s.id, .method = "wechat", .amount_fen = 300};
	assert_ok(yz_payment_add(tx, &cash, NULL));
	assert_ok(yz_print_job_add(tx, &job, NULL));
	cash = (struct yz_payment){.shipment = yz_id_new(5), .method = "cash"};
	assert_status(yz_payment_add(tx, &cash, NULL), YZ_E_NOTFOUND);
	commit(tx);
	assert_ok(yz_payment_list(c->s, &s.id, rows, 4, &n, NULL));
	assert_int_equal(n, 3);
	assert_int_equal(rows[1].amount_fen, -1200);
	assert_ok(yz_day_get(c->s, c->now.wall_ms, &day, NULL));
	assert_int_equal(day.booked, 1);
	assert_int_equal(day.voided, 0);
	assert_int_equal(day.cash_fen, 0);
	assert_int_equal(day.other_fen, 300);
	assert_int_equal(day.prints_failed, 1);
	assert_int_equal(day.prints_waiting, 0);
	assert_ok(yz_day_get(c->s, c->now.wall_ms + 1, &day, NULL));
	assert_int_equal(day.booked, 0);
}

static void nothing_that_left_the_counter_is_edited(void **state)
{
	static const char *const refused[] = {
	        "UPDATE shipment SET total_fen = 1",
	        "UPDATE shipment SET waybill_no = 'x'",
	        "DELETE FROM shipment",
	        "UPDATE party SET name = 'x' WHERE role = 0",
	        "DELETE FROM party",
	        "UPDATE line SET mass_g = 1",
	        "UPDATE payment SET amount_fen = 1",
	        "DELETE FROM payment",
	        "UPDATE outbox SET digest = zeroblob(32)",
	        "DELETE FROM outbox",
	        "UPDATE outbox_body SET body = x'00'",
	        "DELETE FROM outbox_body",
	        "UPDATE audit SET detail = 'x'",
	        "DELETE FROM audit",
	};
	struct store_case *c = *state;
	struct yz_shipment s = shipment_of(1);
	struct yz_payment pay = {.shipment = s.id, .method = "cash", .amount_fen = 1200};
	struct yz_op op = {.agg = "a", .kind = "k", .body = s.remark};
	struct yz_tx *tx = begin(c);

	assert_ok(yz_shipment_add(tx, &s, NULL));
	assert_ok(yz_payment_add(tx, &pay, NULL));
	assert_ok(yz_outbox_add(tx, &op, NULL));
	assert_ok(yz_audit_add(tx, NULL, "a", "b", "", NULL));
	commit(tx);
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		if (!is_refused(c, refused[i]))
			fail_msg("was not refused: %s", refused[i]);
	meddle(c, "UPDATE party SET name = '', phone = '', company = '', detail = ''"); /* retention
	                                                                                   may erase
	                                                                                 */
}

#define T(f) cmocka_unit_test_setup_teardown(f, store_case_setup, store_case_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	        T(a_parcel_reads_back_with_its_parties_and_lines),
	        T(a_waybill_number_is_one_parcels_until_it_is_void),
	        T(an_online_couriers_number_arrives_once),
	        T(the_order_list_finds_parcels_by_what_is_typed),
	        T(receivers_come_newest_first_without_repeats),
	        T(money_is_given_back_once_and_the_day_adds_up),
	        T(nothing_that_left_the_counter_is_edited),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
