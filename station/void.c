#include "config.h"

#include "station/booking.h"

#include "base/buf.h"
#include "base/text.h"
#include "station/couriers.h"
#include "station/opbody.h"
#include "station/void.h"
#include "store/audit.h"
#include "store/pool.h"
#include "store/print_job.h"

#include <stdlib.h>
#include <string.h>

enum { PAYMENTS_MAX = 20 };

/* A reversal for each payment that still stands. */
static enum yz_status reverse_payments(struct yz_tx *tx, const struct yz_shipment *s,
        const struct yz_id *clerk, struct yz_payment *reversals, size_t *count,
        struct yz_error *err)
{
	struct yz_payment rows[PAYMENTS_MAX];
	size_t n = 0;
	enum yz_status st = yz_payment_list(yz_tx_store(tx), &s->id, rows, PAYMENTS_MAX, &n, err);

	*count = 0;
	for (size_t i = 0; st == YZ_OK && i < n; i++) {
		struct yz_payment *r = &reversals[*count];

		if (rows[i].amount_fen <= 0)
			continue;
		*r = rows[i];
		r->id = yz_id_new(yz_tx_now(tx)->wall_ms);
		r->amount_fen = -rows[i].amount_fen;
		r->reverses = rows[i].id;
		r->clerk = *clerk;
		st = yz_payment_add(tx, r, err);
		(*count)++;
	}
	return st;
}

/* What is told to the platform: needs the booking, or takes the place of one that was refused. */
static enum yz_status post_cancel(const struct yz_voiding *v, const struct yz_op *booking,
        const char *number, const struct yz_opbody_money *money, struct yz_id *op,
        struct yz_error *err)
{
	struct yz_opbody_post p = {.kind = "shipment.cancel",
	        .agg_prefix = "shipment",
	        .agg = v->s->id,
	        .clerk = v->desk->clerk.id};

	if (booking->state == YZ_OP_DEAD || booking->state == YZ_OP_HELD)
		p.supersedes = v->s->op;
	else if (booking->state == YZ_OP_PENDING)
		p.needs[p.need_count++] = v->s->op;
	return yz_opbody_post(v->tx, &p, yz_opbody_cancel(v->s, number, money), op, err);
}

/* A number that the platform knows from elsewhere is burned, whatever the courier's rule: the next
 * parcel would be refused for it again. */
static enum yz_status settle_number(const struct yz_voiding *v, const struct yz_op *booking,
        const char **fate, struct yz_error *err)
{
	bool burn = !v->courier || v->courier->void_rule == YZ_VOID_BURN ||
	            !strcmp(booking->code, "waybill-taken");

	*fate = "none";
	if (!*v->s->waybill_no)
		return YZ_OK;
	*fate = burn ? "burned" : "returned";
	return yz_pool_give_back(v->tx, &v->s->id, burn, err);
}

enum yz_status yz_void_write(const struct yz_voiding *v, struct yz_id *cancel, struct yz_error *err)
{
	struct yz_payment reversals[PAYMENTS_MAX];
	struct yz_opbody_money money = {reversals, 0, v->desk->clerk.login};
	struct yz_op booking;
	const char *fate = "none";
	char ref[64];
	enum yz_status st = yz_outbox_get(yz_tx_store(v->tx), &v->s->op, &booking, err);

	if (st != YZ_OK)
		return st;
	free(booking.body);
	if ((st = yz_shipment_set_void(
	             v->tx, &v->s->id, &v->desk->clerk.id, v->s->void_reason, err)) != YZ_OK ||
	        (st = reverse_payments(
	                 v->tx, v->s, &v->desk->clerk.id, reversals, &money.count, err)) != YZ_OK ||
	        (st = settle_number(v, &booking, &fate, err)) != YZ_OK ||
	        (st = post_cancel(v, &booking, fate, &money, cancel, err)) != YZ_OK)
		return st;
	if (money.count && !v->no_slip) {
		struct yz_print_job j = {.shipment = v->s->id, .clerk = v->desk->clerk.id};

		(void)yz_copy(j.paper, sizeof(j.paper), "refund");
		(void)yz_copy(j.template, sizeof(j.template), "refund-80");
		if ((st = yz_print_job_add(v->tx, &j, err)) != YZ_OK)
			return st;
	}
	yz_desk_ref(ref, "shipment", &v->s->id);
	return yz_audit_add(v->tx, &v->desk->clerk.id, "shipment.void", ref, fate, err);
}

enum yz_status yz_shipment_void(struct yz_desk *desk, struct yz_books *books,
        const struct yz_now *now, const struct yz_id *id, const char *reason, struct yz_error *err)
{
	const struct yz_couriers *couriers;
	struct yz_shipment *s = yz_alloc(sizeof(*s));
	struct yz_tx *tx = NULL;
	enum yz_status st;

	if ((st = yz_desk_check_reason(reason, err)) != YZ_OK ||
	        (st = yz_books_couriers(books, &couriers, err)) != YZ_OK ||
	        (st = yz_tx_begin(desk->store, now, &tx, err)) != YZ_OK)
		goto done;
	if ((st = yz_shipment_get(yz_tx_store(tx), id, s, err)) == YZ_OK) {
		(void)yz_copy(s->void_reason, sizeof(s->void_reason), reason);
		s->voided_ms = now->wall_ms;
		st = yz_void_write(&(struct yz_voiding){desk, tx,
		                           yz_couriers_find(couriers, s->courier), s, false},
		        NULL, err);
	}
	st = yz_desk_finish(desk, tx, st, err);
done:
	free(s);
	return st;
}

enum yz_status yz_shipment_reprint(struct yz_desk *desk, const struct yz_now *now,
        const struct yz_id *id, const char *paper, const char *reason, struct yz_error *err)
{
	static const struct {
		const char *paper, *template;
	} papers[] = {
	        {"waybill", "waybill-100x180"}, {"receipt", "receipt-80"}, {"refund", "refund-80"}};
	struct yz_print_job j = {.shipment = *id, .clerk = desk->clerk.id};
	struct yz_shipment *s = yz_alloc(sizeof(*s));
	struct yz_tx *tx = NULL;
	char ref[64];
	enum yz_status st;

	for (size_t i = 0; i < sizeof(papers) / sizeof(papers[0]); i++)
		if (!strcmp(papers[i].paper, paper))
			(void)yz_copy(j.template, sizeof(j.template), papers[i].template);
	(void)yz_copy(j.paper, sizeof(j.paper), paper);
	(void)yz_copy(j.reason, sizeof(j.reason), reason);
	if ((st = yz_desk_check_reason(reason, err)) != YZ_OK ||
	        (st = yz_tx_begin(desk->store, now, &tx, err)) != YZ_OK)
		goto done;
	if ((st = yz_shipment_get(yz_tx_store(tx), id, s, err)) == YZ_OK &&
	        s->state == YZ_SHIPMENT_VOID && strcmp(paper, "refund") != 0)
		st = yz_fail_field(err, YZ_E_STATE, "",
		        N_("This shipment was voided; its papers are not printed."));
	if (st == YZ_OK)
		st = yz_print_job_add(tx, &j, err);
	yz_desk_ref(ref, "shipment", id);
	if (st == YZ_OK)
		st = yz_audit_add(tx, &desk->clerk.id, "print.again", ref, paper, err);
	st = yz_desk_finish(desk, tx, st, err);
done:
	free(s);
	return st;
}

/* Reads the job inside a transaction and checks that it is in the state asked for. */
static enum yz_status take_job(struct yz_desk *desk, const struct yz_now *now,
        const struct yz_id *job, enum yz_print_state wanted, struct yz_tx **tx,
        struct yz_print_job *j, struct yz_error *err)
{
	enum yz_status st = yz_tx_begin(desk->store, now, tx, err);

	if (st == YZ_OK)
		st = yz_print_job_get(yz_tx_store(*tx), job, j, err);
	if (st == YZ_OK && j->state != wanted)
		st = yz_fail(err, YZ_E_STATE, "the print job is in state %d", (int)j->state);
	return st;
}

enum yz_status yz_print_retry(struct yz_desk *desk, const struct yz_now *now,
        const struct yz_id *job, struct yz_error *err)
{
	struct yz_print_job j;
	struct yz_tx *tx = NULL;
	char ref[64];
	enum yz_status st = take_job(desk, now, job, YZ_PRINT_FAILED, &tx, &j, err);

	if (st == YZ_OK) {
		j.state = YZ_PRINT_WAITING;
		j.cups_job = 0;
		j.trouble[0] = j.message[0] = '\0';
		st = yz_print_job_update(tx, &j, err);
	}
	yz_desk_ref(ref, "print", job);
	if (st == YZ_OK)
		st = yz_audit_add(tx, &desk->clerk.id, "print.retry", ref, "", err);
	return yz_desk_finish(desk, tx, st, err);
}

enum yz_status yz_print_answer(struct yz_desk *desk, const struct yz_now *now,
        const struct yz_id *job, bool came_out, struct yz_error *err)
{
	struct yz_print_job j;
	struct yz_tx *tx = NULL;
	char ref[64];
	enum yz_status st = take_job(desk, now, job, YZ_PRINT_ASK, &tx, &j, err);

	if (st == YZ_OK) {
		j.state = came_out ? YZ_PRINT_DONE : YZ_PRINT_CANCELLED;
		st = yz_print_job_update(tx, &j, err);
	}
	if (st == YZ_OK && !came_out) {
		/* what may have come out is never sent again unmarked */
		struct yz_print_job again = {.shipment = j.shipment, .clerk = desk->clerk.id};

		memcpy(again.paper, j.paper, sizeof(again.paper));
		memcpy(again.template, j.template, sizeof(again.template));
		(void)yz_copy(again.reason, sizeof(again.reason), N_("did not come out"));
		st = yz_print_job_add(tx, &again, err);
	}
	yz_desk_ref(ref, "print", job);
	if (st == YZ_OK)
		st = yz_audit_add(
		        tx, &desk->clerk.id, "print.answer", ref, came_out ? "yes" : "no", err);
	return yz_desk_finish(desk, tx, st, err);
}
