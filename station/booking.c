#include "config.h"

#include "station/booking.h"

#include "base/buf.h"
#include "station/couriers.h"
#include "station/number.h"
#include "station/opbody.h"
#include "station/record.h"
#include "station/void.h"
#include "store/audit.h"
#include "store/contact.h"
#include "store/draft.h"
#include "store/guard.h"
#include "store/print_job.h"

#include <inttypes.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

struct saving { /* one booking on its way to the disk */
	struct yz_desk *desk;
	struct yz_tx *tx;
	struct yz_booking *b;
	struct yz_shipment *s;
	const struct yz_courier *courier;
	const struct yz_couriers *couriers;
	struct yz_payment payment;
	size_t payment_count;
	struct yz_id cancel; /* the operation that ends the parcel replaced, or none */
};

static bool same_party(const struct yz_contact *c, const struct yz_party *p)
{
	return !strcmp(c->name, p->name) && !strcmp(c->phone, p->phone) &&
	       !strcmp(c->company, p->company) && !strcmp(c->code, p->code) &&
	       !strcmp(c->region, p->region) && !strcmp(c->detail, p->detail) &&
	       !strcmp(c->postcode, p->postcode);
}

static void fill_contact(struct yz_contact *c, const struct yz_party *p)
{
	(void)yz_copy(c->name, sizeof(c->name), p->name);
	(void)yz_copy(c->phone, sizeof(c->phone), p->phone);
	(void)yz_copy(c->company, sizeof(c->company), p->company);
	(void)yz_copy(c->code, sizeof(c->code), p->code);
	(void)yz_copy(c->region, sizeof(c->region), p->region);
	(void)yz_copy(c->detail, sizeof(c->detail), p->detail);
	(void)yz_copy(c->postcode, sizeof(c->postcode), p->postcode);
}

/* Keeps a party for the next time: the same person is found again by name and phone; a changed
 * address is a revision. */
static enum yz_status keep_party(struct saving *v, struct yz_party *p, struct yz_error *err)
{
	struct yz_contact c;
	enum yz_status st;

	if (yz_id_is_none(&p->contact))
		st = yz_contact_same(yz_tx_store(v->tx), p->name, p->phone, &c, err);
	else
		st = yz_contact_get(yz_tx_store(v->tx), &p->contact, &c, err);
	if (st == YZ_E_NOTFOUND)
		memset(&c, 0, sizeof(c));
	else if (st != YZ_OK)
		return st;
	if (st == YZ_E_NOTFOUND || !same_party(&c, p)) {
		fill_contact(&c, p);
		yz_contact_make_search(&c);
		c.clerk = v->desk->clerk.id;
		if ((st = yz_contact_put(v->tx, &c, err)) != YZ_OK)
			return st;
	}
	p->contact = c.id;
	return YZ_OK;
}

static enum yz_status give_numbers(struct saving *v, struct yz_error *err)
{
	struct yz_pool pool;
	int64_t order, counter;
	enum yz_status st = yz_counter_next(v->tx, "order", &order, err);

	if (st != YZ_OK)
		return st;
	(void)snprintf(v->s->station_no, sizeof(v->s->station_no), "%.20s%06" PRId64,
	        v->desk->station.id, order);
	if (v->courier->number_mode != YZ_NUMBERS_RANGE)
		return YZ_OK; /* the station's number stands in */
	if ((st = yz_pool_take(v->tx, v->courier->code, &pool, &counter, err)) != YZ_OK ||
	        (st = yz_number_format(&pool, counter, v->s->waybill_no, err)) != YZ_OK)
		return st;
	return yz_pool_note(v->tx, &pool, counter, &v->s->id, err);
}

static void build(struct saving *v, const struct yz_offer *offer, const struct yz_now *now)
{
	struct yz_shipment *s = v->s;
	const struct yz_booking *b = v->b;

	memset(s, 0, sizeof(*s));
	s->id = yz_id_new(now->wall_ms);
	(void)yz_copy(s->courier, sizeof(s->courier), offer->courier);
	(void)yz_copy(s->carrier, sizeof(s->carrier), offer->courier);
	(void)yz_copy(s->service, sizeof(s->service), offer->service);
	s->sender = b->sender;
	s->receiver = b->receiver;
	memcpy(s->lines, b->lines, sizeof(s->lines));
	s->line_count = b->line_count;
	s->pieces = b->pieces;
	s->weight_g = b->weight_g;
	s->billed_g = offer->billed_g;
	s->freight_fen = offer->price_fen;
	s->insured_fen = b->insured_fen;
	s->insurance_fen = b->insurance_fen;
	s->packing_fen = b->packing_fen;
	s->total_fen = s->freight_fen + s->insurance_fen + s->packing_fen;
	(void)yz_copy(s->tariff, sizeof(s->tariff), offer->tariff);
	s->tariff_row = offer->row;
	(void)yz_copy(s->payer, sizeof(s->payer), b->payer);
	(void)yz_copy(s->id_type, sizeof(s->id_type), *b->id_type ? b->id_type : "id_card");
	(void)yz_copy(s->id_last4, sizeof(s->id_last4), b->id_last4);
	s->identity_seen = b->identity_seen;
	s->inspected = b->inspected;
	s->terms_read = b->terms_read;
	(void)yz_copy(s->remark, sizeof(s->remark), b->remark);
	s->clerk = v->desk->clerk.id;
	s->booked_ms = now->wall_ms;
}

/* The last operation about something must be at the platform before this one. */
static enum yz_status need_last(struct yz_tx *tx, struct yz_opbody_post *p, const char *prefix,
        const struct yz_id *about, struct yz_error *err)
{
	struct yz_id need;
	enum yz_status st = yz_opbody_last(tx, prefix, about, &need, err);

	if (st != YZ_OK || yz_id_is_none(&need) || p->need_count == YZ_NEEDS_MAX)
		return st;
	for (int i = 0; i < p->need_count; i++)
		if (yz_id_equal(&p->needs[i], &need))
			return YZ_OK;
	p->needs[p->need_count++] = need;
	return YZ_OK;
}

/* A number that came back from a void parcel is free at the platform only after its void. */
static enum yz_status need_free_number(
        struct saving *v, struct yz_opbody_post *p, struct yz_error *err)
{
	struct yz_id before;
	enum yz_status st;

	if (!*v->s->waybill_no)
		return YZ_OK;
	st = yz_shipment_gave_back(
	        yz_tx_store(v->tx), v->s->waybill_no, v->s->courier, &before, err);
	if (st == YZ_E_NOTFOUND)
		return YZ_OK;
	return st == YZ_OK ? need_last(v->tx, p, "shipment", &before, err) : st;
}

/* The products' operations go out first, where they have not gone yet. */
static enum yz_status post(struct saving *v, struct yz_error *err)
{
	struct yz_opbody_post p = {.kind = "shipment.book",
	        .agg_prefix = "shipment",
	        .agg = v->s->id,
	        .clerk = v->s->clerk};
	struct yz_opbody_money money = {&v->payment, v->payment_count, v->desk->clerk.login};
	const char *source = v->courier->number_mode == YZ_NUMBERS_RANGE    ? "range"
	                     : v->courier->number_mode == YZ_NUMBERS_ONLINE ? "online"
	                                                                    : "station";
	enum yz_status st;

	if (!yz_id_is_none(&v->cancel)) /* first the old one goes: it may bear the same number */
		p.needs[p.need_count++] = v->cancel;
	st = need_free_number(v, &p, err);
	for (int i = 0; i < v->s->line_count && st == YZ_OK; i++)
		if (!yz_id_is_none(&v->s->lines[i].product))
			st = need_last(v->tx, &p, "product", &v->s->lines[i].product, err);
	if (st != YZ_OK)
		return st;
	return yz_opbody_post(v->tx, &p, yz_opbody_shipment(v->s, source, &money), &v->s->op, err);
}

static enum yz_status queue_paper(struct yz_tx *tx, const struct yz_shipment *s, const char *paper,
        const char *template, struct yz_error *err)
{
	struct yz_print_job j = {.shipment = s->id, .clerk = s->clerk};

	(void)yz_copy(j.paper, sizeof(j.paper), paper);
	(void)yz_copy(j.template, sizeof(j.template), template);
	return yz_print_job_add(tx, &j, err);
}

/* The parcel that this one takes the place of. */
static enum yz_status end_replaced(struct saving *v, struct yz_error *err)
{
	struct yz_shipment *old;
	enum yz_status st;

	if (yz_id_is_none(&v->b->replaces))
		return YZ_OK;
	old = yz_alloc(sizeof(*old));
	if ((st = yz_shipment_get(yz_tx_store(v->tx), &v->b->replaces, old, err)) == YZ_OK) {
		struct yz_voiding voiding = {
		        v->desk, v->tx, yz_couriers_find(v->couriers, old->courier), old, true};

		(void)yz_copy(old->void_reason, sizeof(old->void_reason), v->b->replace_reason);
		old->voided_ms = yz_tx_now(v->tx)->wall_ms;
		st = yz_void_write(&voiding, &v->cancel, err);
	}
	free(old);
	return st;
}

static enum yz_status write_all(struct saving *v, struct yz_error *err)
{
	char ref[64];
	enum yz_status st;

	if (v->b->keep_sender && (st = keep_party(v, &v->s->sender, err)) != YZ_OK)
		return st;
	if (v->b->keep_receiver && (st = keep_party(v, &v->s->receiver, err)) != YZ_OK)
		return st;
	if ((st = end_replaced(v, err)) != YZ_OK || (st = give_numbers(v, err)) != YZ_OK)
		return st;
	if (!strcmp(v->s->payer, "sender") && v->s->total_fen > 0) {
		v->payment = (struct yz_payment){.id = yz_id_new(yz_tx_now(v->tx)->wall_ms),
		        .shipment = v->s->id,
		        .amount_fen = v->s->total_fen,
		        .clerk = v->s->clerk};
		(void)yz_copy(v->payment.method, sizeof(v->payment.method), v->b->method);
		v->payment_count = 1;
	}
	if ((st = post(v, err)) != YZ_OK || (st = yz_shipment_add(v->tx, v->s, err)) != YZ_OK)
		return st;
	if (v->payment_count && (st = yz_payment_add(v->tx, &v->payment, err)) != YZ_OK)
		return st;
	if ((st = queue_paper(v->tx, v->s, "waybill", "waybill-100x180", err)) != YZ_OK ||
	        (st = queue_paper(v->tx, v->s, "receipt", "receipt-80", err)) != YZ_OK ||
	        (st = yz_draft_drop(v->tx, &v->s->clerk, *v->b->draft ? v->b->draft : "booking",
	                 err)) != YZ_OK)
		return st;
	yz_desk_ref(ref, "shipment", &v->s->id);
	return yz_audit_add(v->tx, &v->s->clerk, "shipment.book", ref, v->s->courier, err);
}

static enum yz_status find_offer(struct yz_desk *desk, struct yz_books *books,
        const struct yz_now *now, const struct yz_booking *b, struct yz_offer *out,
        struct yz_error *err)
{
	struct yz_offer *offers = yz_alloc(YZ_OFFERS_MAX * sizeof(*offers)), *o = NULL;
	size_t n = 0;
	enum yz_status st =
	        yz_booking_offers(desk, books, now, b->receiver.code, b->weight_g, offers, &n, err);

	for (size_t i = 0; st == YZ_OK && i < n && !o; i++)
		if (!strcmp(offers[i].courier, b->courier))
			o = &offers[i];
	if (st == YZ_OK && !o)
		st = yz_fail_field(err, YZ_E_STATE, "courier",
		        N_("This courier is not in the station's list."));
	else if (o && !o->can_book)
		st = yz_fail_field(err, YZ_E_STATE, "courier", o->why_say);
	else if (o)
		*out = *o;
	free(offers);
	return st;
}

enum yz_status yz_booking_save(struct yz_desk *desk, struct yz_books *books,
        const struct yz_now *now, struct yz_booking *b, struct yz_shipment *out,
        struct yz_error *err)
{
	struct yz_shipment *s = NULL;
	struct saving v = {.desk = desk, .b = b};
	struct yz_offer offer = {.row = 0};
	enum yz_status st;

	if ((st = yz_space_check(desk->store, err)) != YZ_OK ||
	        (st = yz_booking_check(b, err)) != YZ_OK ||
	        (!yz_id_is_none(&b->replaces) &&
	                (st = yz_desk_check_reason(b->replace_reason, err)) != YZ_OK) ||
	        (st = find_offer(desk, books, now, b, &offer, err)) != YZ_OK ||
	        (st = yz_books_couriers(books, &v.couriers, err)) != YZ_OK)
		return st;
	v.courier = yz_couriers_find(v.couriers, b->courier);
	v.s = s = yz_alloc(sizeof(*s));
	build(&v, &offer, now);
	st = yz_tx_begin(desk->store, now, &v.tx, err);
	if (st == YZ_OK)
		st = yz_desk_finish(desk, v.tx, write_all(&v, err), err);
	if (st == YZ_OK)
		*out = *s;
	free(s);
	return st;
}
