/* The booking form as a booking, and as a draft on the disk. */
#include "config.h"

#include "tui/screens/booking.h"

#include "base/buf.h"
#include "base/fields.h"
#include "base/log.h"
#include "station/money.h"
#include "store/draft.h"
#include "tui/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* the words of a booking behind the digits of the form; the first is the default */
static const char *const id_types[] = {"id_card", "passport", "other"};
static const char *const payers[] = {"sender", "receiver", "monthly"};
static const char *const methods[] = {"cash", "wechat", "alipay"};

const char *yz_booking_text(const struct yz_booking_view *b, enum yz_booking_field field)
{
	return b->form.entries[field].text;
}

void yz_booking_put(struct yz_booking_view *b, enum yz_booking_field field, const char *text)
{
	yz_entry_set(&b->form.entries[field], text);
}

static const char *word_of(
        const struct yz_booking_view *b, enum yz_booking_field field, const char *const words[3])
{
	char digit = yz_booking_text(b, field)[0];

	return digit >= '1' && digit <= '3' ? words[digit - '1'] : "";
}

static int64_t fen_of(const struct yz_booking_view *b, enum yz_booking_field field)
{
	int64_t fen = 0;

	return yz_money_parse(yz_booking_text(b, field), &fen, NULL) == YZ_OK ? fen : 0;
}

static void build_party(const struct yz_booking_view *b, int side, struct yz_party *p)
{
	const struct yz_booking_side *s = &b->sides[side];
	const struct yz_entry *e = &b->form.entries[(size_t)side * YZ_BOOKING_PARTY];

	p->contact = s->contact;
	(void)yz_copy(p->name, sizeof(p->name), e[YZ_BF_SENDER_NAME].text);
	(void)yz_copy(p->phone, sizeof(p->phone), e[YZ_BF_SENDER_PHONE].text);
	(void)yz_copy(p->company, sizeof(p->company), s->company);
	(void)yz_copy(p->code, sizeof(p->code), s->code);
	(void)yz_copy(p->region, sizeof(p->region), e[YZ_BF_SENDER_PLACE].text);
	(void)yz_copy(p->detail, sizeof(p->detail), e[YZ_BF_SENDER_DETAIL].text);
	(void)yz_copy(p->postcode, sizeof(p->postcode), s->postcode);
}

void yz_booking_build(const struct yz_booking_view *b, struct yz_booking *out)
{
	const struct yz_offer *o = yz_booking_offer(b);

	memset(out, 0, sizeof(*out));
	build_party(b, 0, &out->sender);
	build_party(b, 1, &out->receiver);
	out->keep_sender = out->keep_receiver = true;
	(void)yz_copy(
	        out->lines[0].name, sizeof(out->lines[0].name), yz_booking_text(b, YZ_BF_GOODS));
	out->lines[0].qty_milli = 1000;
	out->lines[0].mass_g = b->weight.grams;
	out->line_count = 1;
	out->pieces = (int)strtol(yz_booking_text(b, YZ_BF_PIECES), NULL, 10);
	out->weight_g = b->weight.grams;
	(void)yz_copy(out->courier, sizeof(out->courier), o ? o->courier : "");
	(void)yz_copy(out->payer, sizeof(out->payer), word_of(b, YZ_BF_PAYER, payers));
	(void)yz_copy(out->method, sizeof(out->method), word_of(b, YZ_BF_METHOD, methods));
	out->insured_fen = fen_of(b, YZ_BF_INSURED);
	out->insurance_fen = fen_of(b, YZ_BF_INSURANCE);
	out->packing_fen = fen_of(b, YZ_BF_PACKING);
	(void)yz_copy(out->id_type, sizeof(out->id_type), word_of(b, YZ_BF_ID_TYPE, id_types));
	(void)yz_copy(out->id_last4, sizeof(out->id_last4), yz_booking_text(b, YZ_BF_ID_TAIL));
	out->identity_seen = yz_entry_is_ticked(&b->form.entries[YZ_BF_IDENTITY]);
	out->inspected = yz_entry_is_ticked(&b->form.entries[YZ_BF_INSPECTED]);
	out->terms_read = yz_entry_is_ticked(&b->form.entries[YZ_BF_TERMS]);
	(void)yz_copy(out->remark, sizeof(out->remark), yz_booking_text(b, YZ_BF_REMARK));
	(void)yz_copy(out->draft, sizeof(out->draft), b->draft);
	out->replaces = b->replaces;
	if (!yz_id_is_none(&b->replaces))
		(void)yz_copy(out->replace_reason, sizeof(out->replace_reason),
		        _("refused by the platform, booked anew"));
}

static void put_word(struct yz_booking_view *b, enum yz_booking_field field,
        const char *const words[3], const char *word)
{
	for (int i = 0; i < 3; i++) {
		const char digit[2] = {(char)('1' + i), '\0'};

		if (!strcmp(words[i], word))
			yz_booking_put(b, field, digit);
	}
}

static void fill_party(struct yz_booking_view *b, int side, const struct yz_party *p)
{
	struct yz_booking_side *s = &b->sides[side];
	struct yz_entry *e = &b->form.entries[(size_t)side * YZ_BOOKING_PARTY];

	yz_entry_set(&e[YZ_BF_SENDER_NAME], p->name);
	yz_entry_set(&e[YZ_BF_SENDER_PHONE], p->phone);
	yz_entry_set(&e[YZ_BF_SENDER_PLACE], p->region);
	yz_entry_set(&e[YZ_BF_SENDER_DETAIL], p->detail);
	(void)yz_copy(s->code, sizeof(s->code), p->code);
	(void)yz_copy(s->postcode, sizeof(s->postcode), p->postcode);
	(void)yz_copy(s->company, sizeof(s->company), p->company);
	s->contact = p->contact;
}

static void put_fen(struct yz_booking_view *b, enum yz_booking_field field, int64_t fen)
{
	char text[YZ_MONEY_TEXT_SIZE];

	yz_booking_put(b, field, fen ? yz_money_text(fen, text) : "");
}

/* The courier's digit among the prices of now; none if it cannot be had. */
static void choose_courier(struct yz_booking_view *b, const char *courier)
{
	for (size_t i = 0; i < b->offer_count && i < YZ_BOOKING_OFFERS_SHOWN; i++) {
		const char digit[2] = {(char)('1' + i), '\0'};

		if (b->offers[i].can_book && !strcmp(b->offers[i].courier, courier))
			yz_booking_put(b, YZ_BF_COURIER, digit);
	}
}

void yz_booking_fill(struct yz_booking_view *b)
{
	const struct yz_shipment *s = &b->old;
	struct yz_payment pay[1];
	size_t n = 0;
	char text[YZ_WEIGHT_TEXT_SIZE + 8], kg[YZ_WEIGHT_TEXT_SIZE];

	fill_party(b, 0, &s->sender);
	fill_party(b, 1, &s->receiver);
	yz_booking_put(b, YZ_BF_GOODS, s->lines[0].name);
	(void)snprintf(text, sizeof(text), "%d", s->pieces);
	yz_booking_put(b, YZ_BF_PIECES, text);
	(void)snprintf(text, sizeof(text), "%skg", yz_weight_kg(s->weight_g, kg));
	(void)yz_weight_parse(text, YZ_WEIGHT_KG, &b->weight, NULL);
	yz_booking_put(b, YZ_BF_WEIGHT, text);
	put_fen(b, YZ_BF_INSURED, s->insured_fen);
	put_fen(b, YZ_BF_INSURANCE, s->insurance_fen);
	put_fen(b, YZ_BF_PACKING, s->packing_fen);
	put_word(b, YZ_BF_ID_TYPE, id_types, s->id_type);
	yz_booking_put(b, YZ_BF_ID_TAIL, s->id_last4);
	put_word(b, YZ_BF_PAYER, payers, s->payer);
	if (yz_payment_list(yz_kiosk(b->view)->store, &s->id, pay, 1, &n, NULL) == YZ_OK && n > 0)
		put_word(b, YZ_BF_METHOD, methods, pay[0].method);
	yz_booking_put(b, YZ_BF_REMARK, s->remark);
	b->form.entries[YZ_BF_METHOD].is_off = !yz_booking_is_paid_here(b);
	yz_booking_reprice(b);
	choose_courier(b, s->courier);
}

static const char *const side_names[] = {"sender", "receiver"};

/* Everything but the ticks, which are of this visit, and the number of the paper. The courier's
 * digit is kept as its code: prices may stand in another order tomorrow. */
void yz_booking_keep(struct yz_booking_view *b)
{
	struct yz_fields f = YZ_FIELDS_INIT;
	const struct yz_offer *o = yz_booking_offer(b);
	char name[32], id[YZ_ID_TEXT_SIZE];

	if (!b->is_touched)
		return;
	b->is_touched = false;
	b->view->due_ms = 0;
	for (int i = 0; i < YZ_BF_COUNT; i++)
		if (!(yz_booking_specs[i].flags & YZ_ENTRY_NO_DRAFT) && i != YZ_BF_COURIER)
			yz_fields_set(&f, yz_booking_specs[i].name, b->form.entries[i].text);
	yz_fields_set(&f, "courier", o ? o->courier : "");
	for (int side = 0; side < 2; side++) {
		(void)snprintf(name, sizeof(name), "%s.division", side_names[side]);
		yz_fields_set(&f, name, b->sides[side].code);
		(void)snprintf(name, sizeof(name), "%s.contact", side_names[side]);
		yz_fields_set(&f, name,
		        yz_id_is_none(&b->sides[side].contact)
		                ? ""
		                : yz_id_text(&b->sides[side].contact, id));
	}
	yz_kiosk_draft_put(b->view, b->draft, &f);
	yz_fields_free(&f);
}

static void restore_sides(struct yz_booking_view *b, const struct yz_fields *f)
{
	char name[32];

	for (int side = 0; side < 2; side++) {
		const char *v;

		(void)snprintf(name, sizeof(name), "%s.division", side_names[side]);
		if ((v = yz_fields_get(f, name)))
			(void)yz_copy(b->sides[side].code, sizeof(b->sides[side].code), v);
		(void)snprintf(name, sizeof(name), "%s.contact", side_names[side]);
		if ((v = yz_fields_get(f, name)))
			(void)yz_id_parse(v, &b->sides[side].contact);
	}
}

bool yz_booking_restore(struct yz_booking_view *b)
{
	struct yz_kiosk *k = yz_kiosk(b->view);
	struct yz_fields f = YZ_FIELDS_INIT;
	struct yz_error err = {0};
	enum yz_status st;

	yz_kiosk_draft_settle(b->view->app);
	st = yz_draft_load(k->store, &k->desk.clerk.id, b->draft, &f, &err);
	if (st != YZ_OK) {
		if (st != YZ_E_NOTFOUND)
			yz_say_error(b->view->app, &err);
		yz_fields_free(&f);
		return false;
	}
	for (int i = 0; i < YZ_BF_COUNT; i++) {
		const char *v = yz_fields_get(&f, yz_booking_specs[i].name);

		if (v && i != YZ_BF_COURIER && !(yz_booking_specs[i].flags & YZ_ENTRY_NO_DRAFT))
			yz_booking_put(b, (enum yz_booking_field)i, v);
	}
	restore_sides(b, &f);
	if (yz_weight_parse(yz_booking_text(b, YZ_BF_WEIGHT), YZ_WEIGHT_KG, &b->weight, NULL) !=
	        YZ_OK)
		b->weight.grams = 0;
	yz_booking_reprice(b);
	if (yz_fields_get(&f, "courier"))
		choose_courier(b, yz_fields_get(&f, "courier"));
	yz_fields_free(&f);
	return true;
}

void yz_booking_forget(struct yz_booking_view *b)
{
	struct yz_kiosk *k = yz_kiosk(b->view);
	struct yz_tx *tx = NULL;
	struct yz_error err = {0};
	enum yz_status st;

	yz_kiosk_draft_settle(b->view->app);
	st = yz_tx_begin(k->store, &b->view->app->now, &tx, &err);
	if (st == YZ_OK && (st = yz_draft_drop(tx, &k->desk.clerk.id, b->draft, &err)) == YZ_OK)
		st = yz_tx_commit(tx, &err);
	else
		yz_tx_rollback(tx);
	if (st != YZ_OK)
		yz_say_error(b->view->app, &err);
}

static void read_last(struct yz_booking_view *b)
{
	struct yz_store *s = yz_kiosk(b->view)->store;
	struct yz_shipment_brief row;
	size_t n = 0, total = 0;

	memset(&b->last, 0, sizeof(b->last));
	if (yz_shipment_find(s, "", 0, &row, 1, &n, &total, NULL) == YZ_OK && n > 0)
		(void)yz_shipment_get(
		        s, &row.id, &b->last, NULL); /* without it F7 has nothing: no fault */
}

void yz_booking_reset(struct yz_booking_view *b)
{
	for (int i = 0; i < YZ_BF_COUNT; i++)
		yz_booking_put(b, (enum yz_booking_field)i, "");
	memset(b->sides, 0, sizeof(b->sides));
	b->weight.grams = 0;
	b->offer_count = 0;
	b->is_touched = b->is_begun = false;
	b->view->due_ms = 0;
	yz_booking_put(b, YZ_BF_PIECES, "1");
	yz_booking_put(b, YZ_BF_ID_TYPE, "1");
	yz_booking_put(b, YZ_BF_PAYER, "1");
	yz_booking_put(b, YZ_BF_METHOD, "1");
	b->form.entries[YZ_BF_METHOD].is_off = false;
	b->form.active = YZ_BF_SENDER_NAME;
	yz_entry_enter(&b->form.entries[YZ_BF_SENDER_NAME]);
	read_last(b);
}
