/* station: booking, void, reprint, the papers' fields and the operations that come of them, on a
 * real store. */
#include "config.h"

#include "base/buf.h"
#include "base/text.h"
#include "station/booking.h"
#include "station/number.h"
#include "station/paper.h"
#include "station/queue.h"
#include "station/register.h"
#include "station/skew.h"
#include "store/audit.h"
#include "store/contact.h"
#include "store/outbox.h"
#include "store/pool.h"
#include "store/print_job.h"
#include "tests/unit/station_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
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

static void book(struct fixture *f, struct yz_booking *b, struct yz_shipment *s)
{
	struct yz_error err = {0};

	if (yz_booking_save(&f->desk, f->books, &f->now, b, s, &err) != YZ_OK)
		fail_msg("%s %s", yz_status_name(err.status), err.text);
}

static void a_booking_leaves_number_money_papers_operation_and_audit(void **state)
{
	struct fixture *f = *state;
	struct yz_booking b;
	struct yz_shipment s, again;
	struct yz_payment pay[4];
	struct yz_print_job jobs[4];
	struct yz_op op;
	struct yz_error err;
	size_t n;

	fixture_booking(&b);
	book(f, &b, &s);
	assert_string_equal(s.waybill_no, "1000000001");
	assert_string_equal(s.station_no, "QJ530381000001");
	assert_int_equal(s.billed_g, 3000);
	assert_int_equal(s.total_fen, 1200); /* 8 yuan the first kilogram, 2 each further one */
	assert_int_equal(yz_shipment_get(f->desk.store, &s.id, &again, &err), YZ_OK);
	assert_string_equal(again.receiver.detail, "护国路1号3单元502室");
	assert_int_equal(yz_payment_list(f->desk.store, &s.id, pay, 4, &n, &err), YZ_OK);
	assert_int_equal(n, 1);
	assert_int_equal(pay[0].amount_fen, 1200);
	assert_int_equal(yz_print_job_list(f->desk.store, &s.id, jobs, 4, &n, &err), YZ_OK);
	assert_int_equal(n, 2);
	assert_string_equal(jobs[0].paper, "waybill");
	assert_string_equal(jobs[1].paper, "receipt");
	assert_int_equal(yz_outbox_get(f->desk.store, &s.op, &op, &err), YZ_OK);
	assert_string_equal(op.kind, "shipment.book");
	assert_int_equal(op.state, YZ_OP_PENDING);
	assert_non_null(strstr(op.body, "\"waybill_no\":\"1000000001\""));
	assert_memory_equal(op.body,
	        "{\"billed_g\":3000,\"booked_at\":\"2026-11-24T10:00:00+08:00\",\"clerk\":\"demo\"",
	        70);
	free(op.body);
	assert_int_equal(yz_audit_verify(f->desk.store, NULL, &err), YZ_OK);
}

static void the_parties_are_kept_once_and_never_as_farmers(void **state)
{
	struct fixture *f = *state;
	struct yz_booking b;
	struct yz_shipment s;
	struct yz_contact rows[8];
	struct yz_contact_query q = {.text = ""};
	struct yz_error err;
	size_t n, total;

	fixture_booking(&b);
	book(f, &b, &s);
	fixture_booking(&b);
	(void)yz_copy(b.receiver.detail, sizeof(b.receiver.detail), "护国路2号");
	book(f, &b, &s);
	assert_int_equal(yz_contact_find(f->desk.store, &q, rows, 8, &n, &total, &err), YZ_OK);
	assert_int_equal(total, 2);
	q.text = "wf"; /* 王芳 */
	assert_int_equal(yz_contact_find(f->desk.store, &q, rows, 8, &n, &total, &err), YZ_OK);
	assert_int_equal(n, 1);
	assert_int_equal(rows[0].rev, 2);
	assert_string_equal(rows[0].detail, "护国路2号");
	q.text = "";
	q.farmers_only = true;
	assert_int_equal(yz_contact_find(f->desk.store, &q, rows, 8, &n, &total, &err), YZ_OK);
	assert_int_equal(total, 0);
}

static void without_the_three_duties_nothing_is_booked(void **state)
{
	static const char *const fields[] = {"identity_seen", "inspected", "terms_read"};
	struct fixture *f = *state;
	struct yz_booking b;
	struct yz_shipment s;
	struct yz_error err;
	int64_t left;

	for (int i = 0; i < 3; i++) {
		fixture_booking(&b);
		*(i == 0 ? &b.identity_seen : i == 1 ? &b.inspected : &b.terms_read) = false;
		assert_int_equal(
		        yz_booking_save(&f->desk, f->books, &f->now, &b, &s, &err), YZ_E_RANGE);
		assert_string_equal(err.field, fields[i]);
	}
	assert_int_equal(yz_pool_left(f->desk.store, "EMS", &left, &err), YZ_OK);
	assert_int_equal(left, 3);
}

static void a_wrong_field_is_named_and_said(void **state)
{
	static const struct {
		const char *field;
		size_t at;
		const char *value;
	} rows[] = {
	        {"sender.name", offsetof(struct yz_booking, sender.name), "李"},
	        {"receiver.phone", offsetof(struct yz_booking, receiver.phone), "138****1234"},
	        {"receiver.code", offsetof(struct yz_booking, receiver.code), "53"},
	        {"receiver.detail", offsetof(struct yz_booking, receiver.detail), " "},
	        {"lines.0.name", offsetof(struct yz_booking, lines[0].name), ""},
	        {"courier", offsetof(struct yz_booking, courier), ""},
	        {"payer", offsetof(struct yz_booking, payer), "friend"},
	        {"method", offsetof(struct yz_booking, method), "gold"},
	        {"id_last4", offsetof(struct yz_booking, id_last4), "12"},
	};
	struct yz_booking b;
	struct yz_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		fixture_booking(&b);
		(void)yz_copy((char *)&b + rows[i].at, 24, rows[i].value);
		assert_int_equal(yz_booking_check(&b, &err), YZ_E_RANGE);
		assert_string_equal(err.field, rows[i].field);
		assert_non_null(err.say);
	}
}

static void numbers_run_out_with_a_sentence_and_no_half_booking(void **state)
{
	struct fixture *f = *state;
	struct yz_booking b;
	struct yz_shipment s;
	struct yz_shipment_brief rows[8];
	struct yz_error err;
	size_t n, total;

	for (int i = 0; i < 3; i++) {
		fixture_booking(&b);
		book(f, &b, &s);
	}
	fixture_booking(&b);
	assert_int_equal(yz_booking_save(&f->desk, f->books, &f->now, &b, &s, &err), YZ_E_STATE);
	assert_string_equal(err.field, "courier");
	assert_non_null(strstr(err.say, "No waybill numbers"));
	assert_int_equal(yz_shipment_find(f->desk.store, "", 0, rows, 8, &n, &total, &err), YZ_OK);
	assert_int_equal(total, 3);
}

static void an_online_courier_is_refused_while_the_line_is_down(void **state)
{
	struct fixture *f = *state;
	struct yz_offer rows[YZ_OFFERS_MAX];
	struct yz_tx *tx = NULL;
	struct yz_error err;
	size_t n;

	assert_int_equal(
	        yz_booking_offers(&f->desk, f->books, &f->now, "530102", 2600, rows, &n, &err),
	        YZ_OK);
	assert_int_equal(n, 3);
	assert_string_equal(rows[0].courier, "YTO");
	assert_int_equal(rows[0].price_fen, 900);
	assert_string_equal(rows[2].courier, "SF");
	assert_false(rows[2].can_book);
	assert_true(rows[2].why_not[0] != '\0');
	assert_int_equal(yz_tx_begin(f->desk.store, &f->now, &tx, &err), YZ_OK);
	assert_int_equal(yz_meta_put(tx, "link.state", "online", &err), YZ_OK);
	assert_int_equal(yz_tx_commit(tx, &err), YZ_OK);
	assert_int_equal(
	        yz_booking_offers(&f->desk, f->books, &f->now, "530102", 2600, rows, &n, &err),
	        YZ_OK);
	assert_true(rows[2].can_book);
	assert_true(rows[2].provisional);
}

static void a_void_gives_the_money_back_and_burns_or_returns_the_number(void **state)
{
	struct fixture *f = *state;
	struct yz_booking b;
	struct yz_shipment ems, yto, next;
	struct yz_payment pay[4];
	struct yz_print_job jobs[8];
	struct yz_op void_op, op;
	struct yz_error err;
	size_t n;

	fixture_booking(&b);
	book(f, &b, &ems);
	fixture_booking(&b);
	(void)yz_copy(b.courier, sizeof(b.courier), "YTO");
	book(f, &b, &yto);
	assert_int_equal(
	        yz_shipment_void(&f->desk, f->books, &f->now, &ems.id, "x", &err), YZ_E_RANGE);
	assert_int_equal(
	        yz_shipment_void(&f->desk, f->books, &f->now, &ems.id, "客户改主意", &err), YZ_OK);
	assert_int_equal(yz_shipment_void(&f->desk, f->books, &f->now, &ems.id, "客户改主意", &err),
	        YZ_E_STATE);
	assert_int_equal(
	        yz_shipment_void(&f->desk, f->books, &f->now, &yto.id, "客户改主意", &err), YZ_OK);
	assert_int_equal(yz_payment_list(f->desk.store, &ems.id, pay, 4, &n, &err), YZ_OK);
	assert_int_equal(n, 2);
	assert_int_equal(pay[0].amount_fen + pay[1].amount_fen, 0);
	assert_true(yz_id_equal(&pay[1].reverses, &pay[0].id));
	assert_int_equal(yz_print_job_list(f->desk.store, &ems.id, jobs, 8, &n, &err), YZ_OK);
	assert_string_equal(jobs[n - 1].paper, "refund");
	assert_int_equal(yz_outbox_last(f->desk.store, "shipment:x", &op, &err), YZ_E_NOTFOUND);
	fixture_booking(&b);
	book(f, &b, &next);
	assert_string_equal(next.waybill_no, "1000000002"); /* EMS burns */
	(void)yz_copy(b.courier, sizeof(b.courier), "YTO");
	fixture_booking(&b);
	(void)yz_copy(b.courier, sizeof(b.courier), "YTO");
	book(f, &b, &next);
	assert_string_equal(next.waybill_no, yto.waybill_no); /* YTO gives it again */
	assert_int_equal(yz_outbox_get(f->desk.store, &next.op, &op, &err), YZ_OK);
	assert_int_equal(op.need_count, 1); /* ... and the platform only after the void */
	assert_int_equal(yz_outbox_get(f->desk.store, &op.needs[0], &void_op, &err), YZ_OK);
	assert_string_equal(void_op.kind, "shipment.cancel");
	free(op.body);
	free(void_op.body);
}

static void the_cancel_goes_out_after_its_booking(void **state)
{
	struct fixture *f = *state;
	struct yz_booking b;
	struct yz_shipment s;
	struct yz_op *ops = NULL;
	struct yz_error err;
	size_t n;

	fixture_booking(&b);
	book(f, &b, &s);
	assert_int_equal(
	        yz_shipment_void(&f->desk, f->books, &f->now, &s.id, "客户改主意", &err), YZ_OK);
	assert_int_equal(
	        yz_outbox_claim(f->desk.store, f->now.wall_ms, 50, 1 << 20, &ops, &n, &err), YZ_OK);
	assert_int_equal(n, 2);
	assert_string_equal(ops[0].kind, "shipment.book");
	assert_string_equal(ops[1].kind, "shipment.cancel");
	assert_int_equal(ops[1].need_count, 1);
	assert_true(yz_id_equal(&ops[1].needs[0], &ops[0].id));
	assert_non_null(strstr(ops[1].body, "\"number\":\"burned\""));
	yz_ops_free(ops, n);
}

static void a_reprint_is_marked_and_has_its_reason(void **state)
{
	struct fixture *f = *state;
	struct yz_booking b;
	struct yz_shipment s;
	struct yz_print_job jobs[8];
	struct yz_fields fields = YZ_FIELDS_INIT;
	struct yz_error err;
	size_t n;

	fixture_booking(&b);
	book(f, &b, &s);
	assert_int_equal(
	        yz_shipment_reprint(&f->desk, &f->now, &s.id, "waybill", "", &err), YZ_E_RANGE);
	assert_int_equal(
	        yz_shipment_reprint(&f->desk, &f->now, &s.id, "waybill", "标签弄湿了", &err),
	        YZ_OK);
	assert_int_equal(yz_print_job_list(f->desk.store, &s.id, jobs, 8, &n, &err), YZ_OK);
	assert_int_equal(n, 3);
	assert_int_equal(jobs[2].print_no, 2);
	assert_int_equal(yz_paper_fields(f->desk.store, f->books, &jobs[2], &fields, &err), YZ_OK);
	assert_string_equal(yz_fields_get(&fields, "reprint"), "yes");
	assert_string_equal(yz_fields_get(&fields, "waybill.no"), s.waybill_no);
	assert_string_equal(yz_fields_get(&fields, "courier.name"), "邮政特快");
	assert_string_equal(yz_fields_get(&fields, "total_fen"), "1200");
	yz_fields_free(&fields);
}

static void many_goods_still_fit_the_label(void **state)
{
	struct fixture *f = *state;
	struct yz_booking b;
	struct yz_shipment s;
	struct yz_print_job jobs[8];
	struct yz_fields fields = YZ_FIELDS_INIT;
	struct yz_error err;
	size_t n;

	fixture_booking(&b);
	for (int i = 1; i < YZ_LINES_MAX; i++)
		(void)yz_copy(b.lines[i].name, sizeof(b.lines[i].name), "会泽马铃薯");
	b.line_count = YZ_LINES_MAX;
	book(f, &b, &s);
	assert_int_equal(yz_print_job_list(f->desk.store, &s.id, jobs, 8, &n, &err), YZ_OK);
	assert_int_equal(yz_paper_fields(f->desk.store, f->books, &jobs[0], &fields, &err), YZ_OK);
	assert_true(yz_text_chars(yz_fields_get(&fields, "goods")) <= 40);
	assert_non_null(strstr(yz_fields_get(&fields, "goods"), "等20种"));
	assert_string_equal(yz_fields_get(&fields, "line.19.name"), "会泽马铃薯");
	yz_fields_free(&fields);
}

static void a_farmer_goes_to_the_platform_only_with_consent(void **state)
{
	struct fixture *f = *state;
	struct yz_farmer_form form = {0};
	struct yz_product p = {0};
	struct yz_op *ops = NULL;
	struct yz_error err;
	size_t n;

	(void)yz_copy(form.contact.name, sizeof(form.contact.name), "李桂花");
	(void)yz_copy(form.contact.phone, sizeof(form.contact.phone), "138００004412");
	(void)yz_copy(form.contact.code, sizeof(form.contact.code), "530381100");
	(void)yz_copy(form.contact.detail, sizeof(form.contact.detail), "三组12号");
	(void)yz_copy(form.farmer.kind, sizeof(form.farmer.kind), "household");
	assert_int_equal(yz_farmer_save(&f->desk, &f->now, &form, &err), YZ_OK);
	assert_string_equal(form.contact.phone, "13800004412");
	assert_int_equal(
	        yz_outbox_claim(f->desk.store, f->now.wall_ms, 50, 1 << 20, &ops, &n, &err), YZ_OK);
	assert_int_equal(n, 0);
	yz_ops_free(ops, n);
	form.consent_upload = true;
	assert_int_equal(yz_farmer_save(&f->desk, &f->now, &form, &err), YZ_OK);
	(void)yz_copy(p.name, sizeof(p.name), "小黄姜");
	(void)yz_copy(p.unit, sizeof(p.unit), "075");
	p.farmer = form.contact.id;
	assert_int_equal(yz_product_save(&f->desk, &f->now, &p, &err), YZ_OK);
	assert_string_equal(p.item_no, "SP000001");
	assert_int_equal(
	        yz_outbox_claim(f->desk.store, f->now.wall_ms, 50, 1 << 20, &ops, &n, &err), YZ_OK);
	assert_int_equal(n, 4);
	assert_string_equal(ops[0].kind, "contact.upsert");
	assert_string_equal(ops[1].kind, "consent.give");
	assert_string_equal(ops[2].kind, "farmer.upsert");
	assert_string_equal(ops[3].kind, "product.upsert");
	assert_true(yz_id_equal(&ops[3].needs[0], &ops[2].id));
	yz_ops_free(ops, n);
	(void)yz_copy(form.farmer.kind, sizeof(form.farmer.kind), "company");
	assert_int_equal(yz_farmer_save(&f->desk, &f->now, &form, &err), YZ_E_RANGE);
	assert_string_equal(err.field, "uscc");
}

static void a_number_of_a_range_has_its_digits_and_check(void **state)
{
	struct yz_pool p = {0};
	char out[YZ_NUMBER_SIZE];
	struct yz_error err;

	(void)state;
	assert_int_equal(yz_number_s10_check(71759), 5);
	assert_int_equal(yz_number_s10_check(71758), 1);
	assert_int_equal(yz_number_s10_check(96633102), 0);
	assert_int_equal(
	        yz_number_range("EB000717595CN", "EB000717581CN", "s10", &p, &err), YZ_E_RANGE);
	assert_int_equal(yz_number_range("EB000717581CN", "EB000717595CN", "s10", &p, &err), YZ_OK);
	assert_int_equal(p.lo, 71758);
	assert_int_equal(p.hi, 71759);
	assert_int_equal(yz_number_format(&p, 71759, out, &err), YZ_OK);
	assert_string_equal(out, "EB000717595CN");
	assert_int_equal(yz_number_range("YT0001", "YT00019", "none", &p, &err), YZ_E_RANGE);
	assert_int_equal(yz_number_range("YT0099", "YT0100", "none", &p, &err), YZ_OK);
	assert_int_equal(yz_number_format(&p, 10000, out, &err), YZ_E_RANGE);
}

static void an_unclear_print_is_settled_by_the_clerk(void **state)
{
	struct fixture *f = *state;
	struct yz_booking b;
	struct yz_shipment s;
	struct yz_print_job jobs[8];
	struct yz_tx *tx = NULL;
	struct yz_error err;
	size_t n;

	fixture_booking(&b);
	book(f, &b, &s);
	assert_int_equal(yz_print_job_list(f->desk.store, &s.id, jobs, 8, &n, &err), YZ_OK);
	assert_int_equal(yz_print_answer(&f->desk, &f->now, &jobs[0].id, false, &err), YZ_E_STATE);
	jobs[0].state = YZ_PRINT_ASK;
	assert_int_equal(yz_tx_begin(f->desk.store, &f->now, &tx, &err), YZ_OK);
	assert_int_equal(yz_print_job_update(tx, &jobs[0], &err), YZ_OK);
	assert_int_equal(yz_tx_commit(tx, &err), YZ_OK);
	assert_int_equal(yz_print_answer(&f->desk, &f->now, &jobs[0].id, false, &err), YZ_OK);
	assert_int_equal(yz_print_job_list(f->desk.store, &s.id, jobs, 8, &n, &err), YZ_OK);
	assert_int_equal(n, 3);
	assert_int_equal(jobs[0].state, YZ_PRINT_CANCELLED);
	assert_int_equal(jobs[2].print_no, 2);
}

static void learn_the_time(struct fixture *f, const struct yz_now *now, int64_t date_ms)
{
	struct yz_skew skew = {.known = false};
	struct yz_tx *tx = NULL;
	struct yz_error err;

	yz_skew_learn(&skew, date_ms, 0, now);
	assert_int_equal(yz_tx_begin(f->desk.store, now, &tx, &err), YZ_OK);
	assert_int_equal(yz_skew_put(&skew, tx, &err), YZ_OK);
	assert_int_equal(yz_tx_commit(tx, &err), YZ_OK);
}

/* How far the clock is trusted in the operation of a product that is saved now. */
static enum yz_clock_trust stamped(struct fixture *f, const struct yz_now *now)
{
	struct yz_product p = {.unit = "035", .price_fen = 880, .shelf_days = 60};
	struct yz_error err;
	struct yz_op op;
	char agg[64], id[YZ_ID_TEXT_SIZE];

	(void)yz_copy(p.name, sizeof(p.name), "小黄姜");
	assert_int_equal(yz_product_save(&f->desk, now, &p, &err), YZ_OK);
	(void)snprintf(agg, sizeof(agg), "product:%s", yz_id_text(&p.id, id));
	assert_int_equal(yz_outbox_last(f->desk.store, agg, &op, &err), YZ_OK);
	return op.trust;
}

static void an_operation_says_whether_its_clock_was_right(void **state)
{
	struct fixture *f = *state;
	struct yz_now now = yz_clock_now(0);

	assert_int_equal(stamped(f, &now), YZ_CLOCK_UNKNOWN);
	learn_the_time(f, &now, now.wall_ms);
	assert_int_equal(stamped(f, &now), YZ_CLOCK_CHECKED);
	learn_the_time(f, &now, now.wall_ms + 3600000);
	assert_int_equal(stamped(f, &now), YZ_CLOCK_WRONG);
	assert_int_equal(stamped(f, &f->now), YZ_CLOCK_UNKNOWN); /* the clock of a test */
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	        T(a_booking_leaves_number_money_papers_operation_and_audit),
	        T(the_parties_are_kept_once_and_never_as_farmers),
	        T(without_the_three_duties_nothing_is_booked),
	        T(a_wrong_field_is_named_and_said),
	        T(numbers_run_out_with_a_sentence_and_no_half_booking),
	        T(an_online_courier_is_refused_while_the_line_is_down),
	        T(a_void_gives_the_money_back_and_burns_or_returns_the_number),
	        T(the_cancel_goes_out_after_its_booking),
	        T(a_reprint_is_marked_and_has_its_reason),
	        T(many_goods_still_fit_the_label),
	        T(a_farmer_goes_to_the_platform_only_with_consent),
	        T(a_number_of_a_range_has_its_digits_and_check),
	        T(an_unclear_print_is_settled_by_the_clerk),
	        T(an_operation_says_whether_its_clock_was_right),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
