/* station: mending what the platform refused, on a real store: a new operation takes the place of
 * the old one, and nothing older follows it. */
#include "config.h"

#include "base/buf.h"
#include "station/booking.h"
#include "station/queue.h"
#include "station/register.h"
#include "station/repair.h"
#include "store/audit.h"
#include "store/outbox.h"
#include "store/print_job.h"
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

/* The operations of one state, oldest first; returns how many. */
static size_t list(struct fixture *f, enum yz_op_state state, struct yz_op *rows)
{
	size_t n = 0, total = 0;

	assert_int_equal(
	        yz_outbox_list(f->desk.store, 1U << state, 0, rows, 8, &n, &total, NULL), YZ_OK);
	return n;
}

static void refuse(struct fixture *f, const struct yz_id *op, const char *code)
{
	struct yz_tx *tx = NULL;

	assert_int_equal(yz_tx_begin(f->desk.store, &f->now, &tx, NULL), YZ_OK);
	assert_int_equal(yz_outbox_refuse(tx, op, code, "平台不收", "/data/phone", NULL), YZ_OK);
	assert_int_equal(yz_tx_commit(tx, NULL), YZ_OK);
}

static void ack(struct fixture *f, const struct yz_id *op)
{
	struct yz_tx *tx = NULL;

	assert_int_equal(yz_tx_begin(f->desk.store, &f->now, &tx, NULL), YZ_OK);
	assert_int_equal(yz_outbox_ack(tx, op, "1", NULL), YZ_OK);
	assert_int_equal(yz_tx_commit(tx, NULL), YZ_OK);
}

static void save_product(struct fixture *f, struct yz_product *p, const char *name)
{
	(void)yz_copy(p->name, sizeof(p->name), name);
	(void)yz_copy(p->unit, sizeof(p->unit), "075");
	assert_int_equal(yz_product_save(&f->desk, &f->now, p, NULL), YZ_OK);
}

static void a_record_saved_again_takes_the_place_of_the_refused_one(void **state)
{
	struct fixture *f = *state;
	struct yz_product p = {0};
	struct yz_op rows[8], *ops = NULL;
	size_t n;

	save_product(f, &p, "小黄姜");
	assert_int_equal(list(f, YZ_OP_PENDING, rows), 1);
	refuse(f, &rows[0].id, "validation");
	save_product(f, &p, "罗平小黄姜");
	assert_int_equal(list(f, YZ_OP_DEAD, rows), 0);
	assert_int_equal(list(f, YZ_OP_SUPERSEDED, rows), 1);
	assert_int_equal(
	        yz_outbox_claim(f->desk.store, f->now.wall_ms, 50, 1 << 20, &ops, &n, NULL), YZ_OK);
	assert_int_equal(n, 1);
	assert_true(yz_id_equal(&ops[0].supersedes, &rows[0].id));
	assert_non_null(strstr(ops[0].body, "罗平小黄姜"));
	yz_ops_free(ops, n);
}

/* Two saves on a dead line, the first is refused: the second must not undo what is mended. */
static void nothing_older_follows_what_was_mended(void **state)
{
	struct fixture *f = *state;
	struct yz_product p = {0};
	struct yz_op rows[8], *ops = NULL;
	size_t n;

	save_product(f, &p, "姜一");
	save_product(f, &p, "姜二");
	assert_int_equal(list(f, YZ_OP_PENDING, rows), 2);
	refuse(f, &rows[0].id, "validation");
	save_product(f, &p, "姜三");
	assert_int_equal(
	        yz_outbox_claim(f->desk.store, f->now.wall_ms, 50, 1 << 20, &ops, &n, NULL), YZ_OK);
	assert_int_equal(n, 2);
	for (size_t i = 0; i < n; i++)
		assert_non_null(strstr(ops[i].body, "姜三"));
	yz_ops_free(ops, n);
	assert_int_equal(list(f, YZ_OP_SUPERSEDED, rows), 2);
}

static void a_refused_consent_is_given_again_with_the_farmer(void **state)
{
	struct fixture *f = *state;
	struct yz_farmer_form form = {.consent_upload = true};
	struct yz_op rows[8];
	size_t n;

	(void)yz_copy(form.contact.name, sizeof(form.contact.name), "李桂花");
	(void)yz_copy(form.contact.phone, sizeof(form.contact.phone), "13800004412");
	(void)yz_copy(form.contact.code, sizeof(form.contact.code), "530381100");
	(void)yz_copy(form.contact.detail, sizeof(form.contact.detail), "三组12号");
	(void)yz_copy(form.farmer.kind, sizeof(form.farmer.kind), "household");
	assert_int_equal(yz_farmer_save(&f->desk, &f->now, &form, NULL), YZ_OK);
	n = list(f, YZ_OP_PENDING, rows);
	assert_int_equal(n, 3);
	ack(f, &rows[0].id);
	refuse(f, &rows[1].id, "validation");
	assert_int_equal(yz_farmer_save(&f->desk, &f->now, &form, NULL), YZ_OK);
	assert_int_equal(list(f, YZ_OP_DEAD, rows), 0);
	n = list(f, YZ_OP_PENDING, rows);
	assert_int_equal(n, 4); /* farmer twice: one waits behind the other; contact, consent */
	for (size_t i = 0; i < n; i++) {
		struct yz_op blocker;

		assert_int_equal(yz_outbox_blocker(f->desk.store, &rows[i].id, &blocker, NULL),
		        YZ_E_NOTFOUND);
	}
}

static void a_withdrawal_needs_a_reason_and_unblocks_what_waits(void **state)
{
	struct fixture *f = *state;
	struct yz_product p = {0};
	struct yz_op rows[8], *ops = NULL;
	struct yz_error err = {0};
	size_t n;

	save_product(f, &p, "小黄姜");
	(void)list(f, YZ_OP_PENDING, rows);
	assert_int_equal(yz_queue_withdraw(&f->desk, &f->now, &rows[0].id, "登记错了", &err),
	        YZ_E_STATE); /* it may be on its way */
	refuse(f, &rows[0].id, "validation");
	assert_int_equal(yz_queue_withdraw(&f->desk, &f->now, &rows[0].id, "x", &err), YZ_E_RANGE);
	assert_string_equal(err.field, "reason");
	assert_int_equal(
	        yz_queue_withdraw(&f->desk, &f->now, &rows[0].id, "登记错了", &err), YZ_OK);
	assert_int_equal(
	        yz_outbox_claim(f->desk.store, f->now.wall_ms, 50, 1 << 20, &ops, &n, NULL), YZ_OK);
	assert_int_equal(n, 1);
	assert_string_equal(ops[0].kind, "operation.cancel");
	assert_true(yz_id_equal(&ops[0].supersedes, &rows[0].id));
	assert_string_equal(ops[0].agg, rows[0].agg);
	assert_non_null(strstr(ops[0].body, "登记错了"));
	yz_ops_free(ops, n);
	assert_int_equal(yz_audit_verify(f->desk.store, NULL, &err), YZ_OK);
}

static void book(struct fixture *f, struct yz_booking *b, struct yz_shipment *s)
{
	struct yz_error err = {0};

	if (yz_booking_save(&f->desk, f->books, &f->now, b, s, &err) != YZ_OK)
		fail_msg("%s %s", yz_status_name(err.status), err.text);
}

static void a_refused_parcel_is_voided_and_booked_anew_in_one(void **state)
{
	struct fixture *f = *state;
	struct yz_booking b;
	struct yz_shipment old, anew;
	struct yz_print_job jobs[8];
	struct yz_op rows[8], *ops = NULL;
	struct yz_error err = {0};
	size_t n;

	fixture_booking(&b);
	(void)yz_copy(b.courier, sizeof(b.courier), "YTO");
	book(f, &b, &old);
	refuse(f, &old.op, "validation");
	assert_int_equal(
	        yz_queue_withdraw(&f->desk, &f->now, &old.op, "登记错了", &err), YZ_E_STATE);
	fixture_booking(&b);
	(void)yz_copy(b.courier, sizeof(b.courier), "YTO");
	b.replaces = old.id;
	assert_int_equal(yz_booking_save(&f->desk, f->books, &f->now, &b, &anew, &err), YZ_E_RANGE);
	assert_string_equal(err.field, "reason");
	(void)yz_copy(b.replace_reason, sizeof(b.replace_reason), "平台退回");
	book(f, &b, &anew);
	assert_string_equal(anew.waybill_no, old.waybill_no); /* YTO gives it again */
	assert_int_equal(yz_shipment_get(f->desk.store, &old.id, &old, &err), YZ_OK);
	assert_int_equal(old.state, YZ_SHIPMENT_VOID);
	assert_int_equal(yz_print_job_list(f->desk.store, &old.id, jobs, 8, &n, &err), YZ_OK);
	assert_int_equal(n, 2); /* no refund slip: the money goes over to the new one */
	assert_int_equal(list(f, YZ_OP_DEAD, rows), 0);
	assert_int_equal(
	        yz_outbox_claim(f->desk.store, f->now.wall_ms, 50, 1 << 20, &ops, &n, NULL), YZ_OK);
	assert_int_equal(n, 2);
	assert_string_equal(ops[0].kind, "shipment.cancel");
	assert_string_equal(ops[1].kind, "shipment.book");
	assert_true(yz_id_equal(&ops[1].needs[0], &ops[0].id));
	yz_ops_free(ops, n);
	b.replaces = old.id;
	assert_int_equal(yz_booking_save(&f->desk, f->books, &f->now, &b, &anew, &err), YZ_E_STATE);
}

static void a_number_that_the_platform_knows_from_elsewhere_is_burned(void **state)
{
	struct fixture *f = *state;
	struct yz_booking b;
	struct yz_shipment old, anew;

	fixture_booking(&b);
	(void)yz_copy(b.courier, sizeof(b.courier), "YTO");
	book(f, &b, &old);
	refuse(f, &old.op, "waybill-taken");
	fixture_booking(&b);
	(void)yz_copy(b.courier, sizeof(b.courier), "YTO");
	b.replaces = old.id;
	(void)yz_copy(b.replace_reason, sizeof(b.replace_reason), "平台退回");
	book(f, &b, &anew);
	assert_string_not_equal(anew.waybill_no, old.waybill_no);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	        T(a_record_saved_again_takes_the_place_of_the_refused_one),
	        T(nothing_older_follows_what_was_mended),
	        T(a_refused_consent_is_given_again_with_the_farmer),
	        T(a_withdrawal_needs_a_reason_and_unblocks_what_waits),
	        T(a_refused_parcel_is_voided_and_booked_anew_in_one),
	        T(a_number_that_the_platform_knows_from_elsewhere_is_burned),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
