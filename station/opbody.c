#include "config.h"

#include "station/opbody.h"

#include "base/buf.h"
#include "station/skew.h"

#include <cjson/cJSON.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static cJSON *need(cJSON *j)
{
	if (!j)
		abort(); /* no memory */
	return j;
}

/* RFC 8785 section 3.2.3: the members of every object in the order of their names (ASCII here). */
static void sort(cJSON *j)
{
	cJSON *sorted = NULL, *next;

	for (cJSON *c = j->child; c; c = next) {
		cJSON **at = &sorted;

		next = c->next;
		sort(c);
		if (!cJSON_IsObject(j))
			continue;
		while (*at && strcmp((*at)->string, c->string) < 0)
			at = &(*at)->next;
		c->next = *at;
		*at = c;
	}
	if (!sorted)
		return;
	/* cJSON's list also runs backwards, the first child pointing to the last */
	j->child = sorted;
	for (cJSON *c = sorted; c; c = c->next) {
		if (c->next)
			c->next->prev = c;
		else
			sorted->prev = c;
	}
}

static char *finish(cJSON *j)
{
	char *raw, *body;

	sort(j);
	raw = cJSON_PrintUnformatted(j);
	cJSON_Delete(j);
	if (!raw)
		abort();
	body = yz_strdup(raw); /* the caller frees with free(), whatever cJSON uses */
	cJSON_free(raw);
	return body;
}

static void text(cJSON *o, const char *name, const char *value)
{
	(void)need(cJSON_AddStringToObject(o, name, value));
}

static void text_if(cJSON *o, const char *name, const char *value)
{
	if (*value)
		text(o, name, value);
}

static void number(cJSON *o, const char *name, int64_t value)
{
	(void)need(cJSON_AddNumberToObject(o, name, (double)value));
}

static void number_if(cJSON *o, const char *name, int64_t value)
{
	if (value)
		number(o, name, value);
}

static void uuid(cJSON *o, const char *name, const struct yz_id *id)
{
	char t[YZ_ID_TEXT_SIZE];

	text(o, name, yz_id_text(id, t));
}

static void uuid_if(cJSON *o, const char *name, const struct yz_id *id)
{
	if (!yz_id_is_none(id))
		uuid(o, name, id);
}

static void moment(cJSON *o, const char *name, int64_t ms)
{
	char t[32];

	yz_clock_rfc3339(ms, t, sizeof(t));
	text(o, name, t);
}

static void day(cJSON *o, const char *name, int64_t ms)
{
	char t[16];

	yz_clock_date(ms, t, sizeof(t));
	text(o, name, t);
}

char *yz_opbody_contact(const struct yz_contact *c)
{
	cJSON *o = need(cJSON_CreateObject());

	uuid(o, "contact_id", &c->id);
	text(o, "name", c->name);
	text_if(o, "org", c->company);
	text(o, "phone", c->phone);
	text(o, "code", c->code);
	text(o, "detail", c->detail);
	text_if(o, "postcode", c->postcode);
	return finish(o);
}

static void sealed(cJSON *o, const struct yz_farmer *f)
{
	char box[sodium_base64_ENCODED_LEN(sizeof(f->id_sealed), sodium_base64_VARIANT_ORIGINAL)];
	cJSON *list, *row;

	if (!f->id_sealed_len)
		return;
	(void)sodium_bin2base64(
	        box, sizeof(box), f->id_sealed, f->id_sealed_len, sodium_base64_VARIANT_ORIGINAL);
	list = need(cJSON_AddArrayToObject(o, "sealed"));
	row = need(cJSON_CreateObject());
	text(row, "what", "id_number");
	text(row, "recipient", f->id_recipient);
	text(row, "key_id", f->id_recipient);
	text(row, "box", box);
	(void)cJSON_AddItemToArray(list, row);
}

char *yz_opbody_farmer(const struct yz_farmer *f)
{
	cJSON *o = need(cJSON_CreateObject());

	uuid(o, "farmer_id", &f->contact);
	uuid(o, "contact_id", &f->contact);
	text(o, "kind", f->kind);
	text_if(o, "uscc", f->uscc);
	text_if(o, "subject_code", f->subject_code);
	text_if(o, "village_code", strlen(f->village) == 12 ? f->village : "");
	text_if(o, "payee", f->payee);
	text_if(o, "account_last4", f->account_tail);
	sealed(o, f);
	return finish(o);
}

char *yz_opbody_consent(const struct yz_consent *c)
{
	cJSON *o = need(cJSON_CreateObject());

	uuid(o, "consent_id", &c->id);
	uuid(o, "contact_id", &c->contact);
	text(o, "purpose", c->purpose);
	text(o, "wording", c->wording);
	text(o, "how", c->how);
	day(o, "given_on", c->given_ms);
	if (c->withdrawn_ms)
		day(o, "withdrawn_on", c->withdrawn_ms);
	return finish(o);
}

static void grades(cJSON *o, const char *list)
{
	cJSON *a;

	if (!*list)
		return;
	a = need(cJSON_AddArrayToObject(o, "grades"));
	while (*list) {
		char one[64];
		size_t n = strcspn(list, ";");

		(void)snprintf(one, sizeof(one), "%.*s", (int)n, list);
		(void)cJSON_AddItemToArray(a, need(cJSON_CreateString(one)));
		list += n + (list[n] == ';');
	}
}

char *yz_opbody_product(const struct yz_product *p)
{
	cJSON *o = need(cJSON_CreateObject());

	uuid(o, "product_id", &p->id);
	text(o, "item_no", p->item_no);
	text(o, "name", p->name);
	uuid_if(o, "farmer_id", &p->farmer);
	text_if(o, "class", p->class_code);
	text_if(o, "origin_code", p->origin);
	text_if(o, "tier", p->tier314);
	text_if(o, "leading", p->leading);
	text(o, "unit", p->unit);
	number_if(o, "content_g", p->content_g);
	grades(o, p->grades);
	number(o, "price_fen", p->price_fen);
	number_if(o, "shelf_days", p->shelf_days);
	text_if(o, "storage", p->storage);
	text_if(o, "doc_rule", p->doc_rule);
	text_if(o, "gtin", p->gtin);
	return finish(o);
}

static void party(cJSON *o, const char *name, const struct yz_party *p)
{
	cJSON *j = need(cJSON_AddObjectToObject(o, name));

	uuid_if(j, "contact_id", &p->contact);
	text(j, "name", p->name);
	text_if(j, "org", p->company);
	text(j, "phone", p->phone);
	text(j, "code", p->code);
	text(j, "detail", p->detail);
	text_if(j, "postcode", p->postcode);
}

static void lines(cJSON *o, const struct yz_shipment *s)
{
	cJSON *a = need(cJSON_AddArrayToObject(o, "lines"));

	for (int i = 0; i < s->line_count; i++) {
		const struct yz_line *l = &s->lines[i];
		cJSON *j = need(cJSON_CreateObject());

		uuid_if(j, "product_id", &l->product);
		text(j, "name", l->name);
		number_if(j, "qty_milli", l->qty_milli);
		text_if(j, "unit", l->unit);
		number_if(j, "mass_g", l->mass_g);
		(void)cJSON_AddItemToArray(a, j);
	}
}

static void payments(cJSON *o, const struct yz_opbody_money *m)
{
	cJSON *a = need(cJSON_AddArrayToObject(o, "payments"));

	for (size_t i = 0; i < m->count; i++) {
		const struct yz_payment *p = &m->rows[i];
		cJSON *j = need(cJSON_CreateObject());

		uuid(j, "payment_id", &p->id);
		text(j, "method", p->method);
		/* on the wire a reversal is told by "reverses", the amount has no sign */
		number(j, "amount_fen", p->amount_fen < 0 ? -p->amount_fen : p->amount_fen);
		text(j, "clerk", m->clerk);
		uuid_if(j, "reverses", &p->reverses);
		(void)cJSON_AddItemToArray(a, j);
	}
}

char *yz_opbody_shipment(
        const struct yz_shipment *s, const char *number_source, const struct yz_opbody_money *m)
{
	cJSON *o = need(cJSON_CreateObject());

	uuid(o, "shipment_id", &s->id);
	text(o, "courier", s->courier);
	text(o, "service", s->service);
	text(o, "waybill_no", s->waybill_no);
	text(o, "number_source", number_source);
	text(o, "station_no", s->station_no);
	party(o, "sender", &s->sender);
	party(o, "receiver", &s->receiver);
	lines(o, s);
	number(o, "pieces", s->pieces);
	number(o, "gross_g", s->weight_g);
	number(o, "billed_g", s->billed_g);
	number(o, "freight_fen", s->freight_fen);
	number(o, "insured_fen", s->insured_fen);
	number(o, "insurance_fen", s->insurance_fen);
	number(o, "packing_fen", s->packing_fen);
	number(o, "total_fen", s->total_fen);
	text(o, "payer", s->payer);
	text_if(o, "tariff", s->tariff);
	if (s->tariff_row) {
		char row[16];

		(void)snprintf(row, sizeof(row), "%d", s->tariff_row);
		text(o, "tariff_row", row);
	}
	(void)need(cJSON_AddBoolToObject(o, "identity_seen", s->identity_seen));
	(void)need(cJSON_AddBoolToObject(o, "parcel_opened", s->inspected));
	(void)need(cJSON_AddBoolToObject(o, "terms_read", s->terms_read));
	text_if(o, "note", s->remark);
	moment(o, "booked_at", s->booked_ms);
	text(o, "clerk", m->clerk);
	payments(o, m);
	return finish(o);
}

char *yz_opbody_cancel(
        const struct yz_shipment *s, const char *number_fate, const struct yz_opbody_money *m)
{
	cJSON *o = need(cJSON_CreateObject());

	uuid(o, "shipment_id", &s->id);
	text(o, "reason", s->void_reason);
	text(o, "number", number_fate);
	moment(o, "cancelled_at", s->voided_ms);
	text(o, "clerk", m->clerk);
	payments(o, m);
	return finish(o);
}

char *yz_opbody_withdrawal(
        const struct yz_id *op, const char *reason, int64_t at_ms, const char *clerk)
{
	cJSON *o = need(cJSON_CreateObject());

	uuid(o, "operation_id", op);
	text(o, "reason", reason);
	moment(o, "cancelled_at", at_ms);
	text(o, "clerk", clerk);
	return finish(o);
}

static void aggregate(char *out, size_t size, const char *prefix, const struct yz_id *id)
{
	char t[YZ_ID_TEXT_SIZE];

	(void)snprintf(out, size, "%s:%s", prefix, yz_id_text(id, t));
}

enum yz_status yz_opbody_post(struct yz_tx *tx, const struct yz_opbody_post *p, char *body,
        struct yz_id *id, struct yz_error *err)
{
	struct yz_op op = {.schema = YZ_BODY_SCHEMA,
	        .body = body,
	        .body_len = strlen(body),
	        .clerk = p->clerk,
	        .supersedes = p->supersedes};
	struct yz_skew skew = {.known = false};
	enum yz_status st;

	(void)yz_copy(op.kind, sizeof(op.kind), p->kind);
	aggregate(op.agg, sizeof(op.agg), p->agg_prefix, &p->agg);
	for (int i = 0; i < p->need_count; i++)
		if (!yz_id_is_none(&p->needs[i]))
			op.needs[op.need_count++] = p->needs[i];
	st = yz_skew_load(&skew, yz_tx_store(tx), err);
	if (!yz_tx_now(tx)->played)
		op.trust = yz_skew_trust(&skew, yz_tx_now(tx));
	if (st == YZ_OK)
		st = yz_outbox_add(tx, &op, err);
	if (st == YZ_OK && id)
		*id = op.id;
	free(body);
	return st;
}

enum yz_status yz_opbody_last(struct yz_tx *tx, const char *agg_prefix, const struct yz_id *agg,
        struct yz_id *op, struct yz_error *err)
{
	struct yz_op last;
	char name[64];
	enum yz_status st;

	aggregate(name, sizeof(name), agg_prefix, agg);
	st = yz_outbox_last(yz_tx_store(tx), name, &last, err);
	memset(op, 0, sizeof(*op));
	if (st == YZ_E_NOTFOUND)
		return YZ_OK;
	if (st == YZ_OK && last.state != YZ_OP_ACKED)
		*op = last.id;
	return st;
}
