#include "config.h"

#include "tui/screens/repair.h"

#include "base/buf.h"
#include "store/contact.h"
#include "tui/screens/kiosk.h"
#include "tui/screens/queue_rows.h"
#include "tui/screens/record.h"
#include "tui/screens/screens.h"
#include "tui/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct field {
	const char *pointer, *name, *label;
};

static const struct field contact_fields[] = {
        {"/data/name", "name", N_("Name")},
        {"/data/org", "company", N_("Company")},
        {"/data/phone", "phone", N_("Phone")},
        {"/data/code", "code", N_("Place")},
        {"/data/detail", "detail", N_("Address")},
        {"/data/postcode", "postcode", N_("Postcode")},
        {NULL, NULL, NULL},
};
static const struct field farmer_fields[] = {
        {"/data/kind", "kind", N_("Kind")},
        {"/data/uscc", "uscc", N_("Licence no")},
        {"/data/village_code", "village", N_("Village")},
        {"/data/payee", "payee", N_("Payee")},
        {"/data/account_last4", "account", N_("Account")},
        {"/data/sealed", "id_no", N_("ID number")},
        {"/data/contact_id", "name", N_("Name")},
        {NULL, NULL, NULL},
};
static const struct field consent_fields[] = {
        {"/data", "consent", N_("Agreed")},
        {NULL, NULL, NULL},
};
static const struct field product_fields[] = {
        {"/data/item_no", "item_no", N_("Item no.")},
        {"/data/name", "name", N_("Item name")},
        {"/data/farmer_id", "farmer", N_("Farmer")},
        {"/data/class", "class", N_("Class")},
        {"/data/origin_code", "origin", N_("Origin")},
        {"/data/unit", "unit", N_("Unit")},
        {"/data/content_g", "content_g", N_("Content")},
        {"/data/grades", "grades", N_("Grades")},
        {"/data/price_fen", "price", N_("Price yuan")},
        {"/data/shelf_days", "shelf_days", N_("Shelf days")},
        {"/data/storage", "storage", N_("Storage")},
        {"/data/doc_rule", "doc_rule", N_("Documents")},
        {"/data/gtin", "gtin", N_("Barcode")},
        {NULL, NULL, NULL},
};
static const struct field parcel_fields[] = {
        {"/data/sender/name", "sender.name", N_("Sender's name")},
        {"/data/sender/phone", "sender.phone", N_("Sender's phone")},
        {"/data/sender/code", "sender.code", N_("Sender's place")},
        {"/data/sender/detail", "sender.detail", N_("Sender's address")},
        {"/data/sender", "sender.name", N_("Sender")},
        {"/data/receiver/name", "receiver.name", N_("Receiver's name")},
        {"/data/receiver/phone", "receiver.phone", N_("Receiver's phone")},
        {"/data/receiver/code", "receiver.code", N_("Receiver's place")},
        {"/data/receiver/detail", "receiver.detail", N_("Receiver's address")},
        {"/data/receiver", "receiver.name", N_("Receiver")},
        {"/data/lines", "lines.0.name", N_("Goods")},
        {"/data/pieces", "pieces", N_("Pieces")},
        {"/data/gross_g", "weight_g", N_("Weight")},
        {"/data/billed_g", "weight_g", N_("Weight")},
        {"/data/insured_fen", "insured_fen", N_("Insured")},
        {"/data/insurance_fen", "insurance_fen", N_("Ins. fee")},
        {"/data/packing_fen", "packing_fen", N_("Packing")},
        {"/data/courier", "courier", N_("Courier")},
        {"/data/service", "courier", N_("Courier")},
        {"/data/waybill_no", "courier", N_("Waybill")},
        {"/data/payer", "payer", N_("Paid by")},
        {"/data/payments", "method", N_("Payment")},
        {"/data/note", "remark", N_("Remark")},
        {NULL, NULL, NULL},
};

static const struct {
	const char *kind;
	const struct field *fields;
	const struct yz_view_ops *form;
} kinds[] = {
        {"contact.upsert", contact_fields, &yz_view_contact},
        {"farmer.upsert", farmer_fields, &yz_view_farmer},
        {"consent.give", consent_fields, &yz_view_farmer},
        {"product.upsert", product_fields, &yz_view_product},
        {"shipment.book", parcel_fields, &yz_view_booking},
};
enum { KIND_COUNT = sizeof(kinds) / sizeof(kinds[0]) };

static size_t find_kind(const char *kind)
{
	size_t i = 0;

	while (i < KIND_COUNT && strcmp(kinds[i].kind, kind) != 0)
		i++;
	return i;
}

/* "/data/lines" also stands for "/data/lines/0/name". */
static bool is_at(const char *pointer, const char *field)
{
	size_t n = strlen(field);

	return !strncmp(pointer, field, n) && (!pointer[n] || pointer[n] == '/');
}

static const struct field *find_field(const char *kind, const char *pointer)
{
	size_t i = find_kind(kind);

	if (i == KIND_COUNT)
		return NULL;
	for (const struct field *f = kinds[i].fields; f->pointer; f++)
		if (is_at(pointer, f->pointer))
			return f;
	return NULL;
}

const char *yz_repair_label(const char *kind, const char *pointer)
{
	const struct field *f = find_field(kind, pointer);
	const char *last = strrchr(pointer, '/');

	if (f)
		return _(f->label);
	return last ? last + 1 : "";
}

const char *yz_repair_field(const char *kind, const char *pointer)
{
	const struct field *f = find_field(kind, pointer);

	return f ? f->name : "";
}

bool yz_repair_has_form(const char *kind)
{
	return find_kind(kind) < KIND_COUNT;
}

/* The contact behind a consent. */
static bool find_record(struct yz_view *v, const struct yz_op *op, struct yz_id *id)
{
	struct yz_consent c;
	struct yz_error err = {0};

	if (!yz_queue_record(op->agg, id))
		return false;
	if (strcmp(op->kind, "consent.give") != 0)
		return true;
	if (yz_consent_by_id(yz_kiosk(v)->store, id, &c, &err) != YZ_OK) {
		yz_say_error(v->app, &err);
		return false;
	}
	*id = c.contact;
	return true;
}

void yz_repair_open(struct yz_view *v, const struct yz_op *op,
        void (*done)(struct yz_view *below, const struct yz_answer *answer))
{
	size_t i = find_kind(op->kind);
	struct yz_record_arg record = {.field = yz_repair_field(op->kind, op->field)};
	struct yz_booking_arg parcel = {.field = record.field};
	bool is_parcel = i < KIND_COUNT && kinds[i].form == &yz_view_booking;
	const char *label = yz_repair_label(op->kind, op->field);
	struct yz_id id;

	if (i == KIND_COUNT || !find_record(v, op, &id))
		return;
	record.id = parcel.replaces = id;
	if (!yz_view_push(v->app, kinds[i].form,
	            is_parcel ? (const void *)&parcel : (const void *)&record, done))
		return;
	if (op->reason[0])
		yz_say(v->app, YZ_SAY_WARN, _("Refused: %s%s%s"), label, *label ? ": " : "",
		        op->reason);
}
