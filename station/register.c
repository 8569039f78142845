#include "config.h"

#include "station/register.h"

#include "base/buf.h"
#include "base/text.h"
#include "station/check.h"
#include "station/opbody.h"
#include "station/person.h"
#include "station/pinyin.h"
#include "station/record.h"
#include "station/repair.h"
#include "station/seal.h"
#include "store/audit.h"
#include "store/draft.h"

#include <stdio.h>
#include <string.h>

/* another text is another version */
#define CONSENT_WORDING "2026-11"

const char *yz_consent_upload_wording(void)
{
	return N_("The farmer agrees that name, phone, place and what is grown here go to the "
	          "city's e-commerce "
	          "platform, to sell and to trace the goods. Without it all is registered here and "
	          "nothing goes out. "
	          "It can be taken back at any time.");
}

void yz_register_draft(const char *kind, const struct yz_id *id, char out[YZ_SHORT_SIZE])
{
	char text[YZ_ID_TEXT_SIZE];

	if (yz_id_is_none(id))
		(void)snprintf(out, YZ_SHORT_SIZE, "%s", kind);
	else /* the random end of the id */
		(void)snprintf(out, YZ_SHORT_SIZE, "%.10s/%.12s", kind, yz_id_text(id, text) + 24);
}

static bool is_digits(const char *s, size_t n)
{
	return strlen(s) == n && strspn(s, "0123456789") == n;
}

enum yz_status yz_contact_check(struct yz_contact *c, struct yz_error *err)
{
	struct yz_person person = {c->name, c->phone, c->detail, c->code, ""};
	enum yz_status st = yz_person_check(&person, err);

	yz_text_halve(c->postcode);
	if (st == YZ_OK && *c->postcode && !is_digits(c->postcode, 6))
		return yz_fail_field(err, YZ_E_RANGE, "postcode",
		        N_("A postcode has 6 digits, or leave it empty."));
	return st;
}

void yz_contact_make_search(struct yz_contact *c)
{
	char pinyin[256];

	yz_pinyin_search_text(c->name, pinyin, sizeof(pinyin));
	(void)snprintf(c->search, sizeof(c->search), "%s %s %s", c->name, c->phone, pinyin);
}

/* Posts the contact if its owner agreed to the upload. */
static enum yz_status post_contact(
        struct yz_tx *tx, const struct yz_contact *c, struct yz_id *op, struct yz_error *err)
{
	struct yz_opbody_post p = {
	        .kind = "contact.upsert", .agg_prefix = "contact", .agg = c->id, .clerk = c->clerk};

	return yz_repair_post(tx, &p, yz_opbody_contact(c), op, err);
}

enum yz_status yz_contact_save(
        struct yz_desk *desk, const struct yz_now *now, struct yz_contact *c, struct yz_error *err)
{
	struct yz_tx *tx = NULL;
	struct yz_consent consent;
	char ref[64], draft[YZ_SHORT_SIZE];
	enum yz_status st = yz_contact_check(c, err);

	if (st != YZ_OK)
		return st;
	yz_register_draft("contact", &c->id, draft);
	yz_contact_make_search(c);
	c->clerk = desk->clerk.id;
	if ((st = yz_tx_begin(desk->store, now, &tx, err)) != YZ_OK)
		return st;
	if ((st = yz_contact_put(tx, c, err)) != YZ_OK)
		goto done;
	st = yz_consent_get(yz_tx_store(tx), &c->id, "platform_upload", &consent, err);
	if (st == YZ_OK)
		st = post_contact(tx, c, NULL, err);
	else if (st == YZ_E_NOTFOUND)
		st = YZ_OK; /* nobody agreed to an upload: it stays in the station's own address
		               book */
	yz_desk_ref(ref, "contact", &c->id);
	if (st == YZ_OK)
		st = yz_audit_add(tx, &desk->clerk.id, "contact.save", ref, "", err);
	if (st == YZ_OK)
		st = yz_draft_drop(tx, &desk->clerk.id, draft, err);
done:
	return yz_desk_finish(desk, tx, st, err);
}

static enum yz_status check_farm(struct yz_farmer *f, struct yz_error *err)
{
	static const char *const kinds[] = {
	        "household", "family_farm", "cooperative", "company", "buyer"};
	bool known = false, firm = !strcmp(f->kind, "cooperative") || !strcmp(f->kind, "company");
	enum yz_status st;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		known = known || !strcmp(f->kind, kinds[i]);
	if (!known)
		return yz_fail_field(
		        err, YZ_E_RANGE, "kind", N_("Choose what kind of producer this is."));
	yz_text_halve(f->uscc);
	if (firm && !*f->uscc)
		return yz_fail_field(err, YZ_E_RANGE, "uscc",
		        N_("A cooperative or company needs its 18-character social credit code."));
	if (*f->uscc && (st = yz_check_uscc(f->uscc, err)) != YZ_OK) {
		if (err)
			(void)yz_copy(err->field, sizeof(err->field), "uscc");
		return st;
	}
	if (*f->village && !is_digits(f->village, strlen(f->village)))
		return yz_fail_field(err, YZ_E_RANGE, "village", N_("Choose the village with F4."));
	return YZ_OK;
}

static enum yz_status give_consent(struct yz_tx *tx, const struct yz_farmer_form *f,
        const struct yz_id *contact_op, struct yz_id *op, struct yz_error *err)
{
	struct yz_consent c;
	struct yz_opbody_post p = {
	        .kind = "consent.give", .agg_prefix = "consent", .clerk = f->contact.clerk};
	bool is_due = false;
	enum yz_status st =
	        yz_consent_get(yz_tx_store(tx), &f->contact.id, "platform_upload", &c, err);

	if (st == YZ_OK) { /* given before: posted again only if that was refused */
		st = yz_repair_is_due(tx, "consent", &c.id, &is_due, err);
		if (st == YZ_OK && !is_due)
			return yz_opbody_last(tx, "consent", &c.id, op, err);
	} else if (st == YZ_E_NOTFOUND) {
		c = (struct yz_consent){.contact = f->contact.id, .clerk = f->contact.clerk};
		(void)yz_copy(c.purpose, sizeof(c.purpose), "platform_upload");
		(void)yz_copy(c.wording, sizeof(c.wording), CONSENT_WORDING);
		(void)yz_copy(c.how, sizeof(c.how), "spoken");
		st = yz_consent_add(tx, &c, err);
	}
	if (st != YZ_OK)
		return st;
	p.agg = c.id;
	p.needs[p.need_count++] = *contact_op;
	return yz_repair_post(tx, &p, yz_opbody_consent(&c), op, err);
}

/* The contact goes out first, then the consent, then the farm profile. */
static enum yz_status post_farm(
        struct yz_tx *tx, const struct yz_farmer_form *f, struct yz_error *err)
{
	struct yz_id contact_op, consent_op;
	struct yz_opbody_post p = {.kind = "farmer.upsert",
	        .agg_prefix = "farmer",
	        .agg = f->contact.id,
	        .clerk = f->contact.clerk};
	enum yz_status st;

	if ((st = post_contact(tx, &f->contact, &contact_op, err)) != YZ_OK ||
	        (st = give_consent(tx, f, &contact_op, &consent_op, err)) != YZ_OK)
		return st;
	p.needs[p.need_count++] = contact_op;
	p.needs[p.need_count++] = consent_op;
	return yz_repair_post(tx, &p, yz_opbody_farmer(&f->farmer), NULL, err);
}

/* A withdrawal is told to the platform too (PIPL Art. 15). */
static enum yz_status withdraw(
        struct yz_tx *tx, const struct yz_contact *contact, struct yz_error *err)
{
	struct yz_consent c;
	struct yz_opbody_post p = {
	        .kind = "consent.give", .agg_prefix = "consent", .clerk = contact->clerk};
	enum yz_status st =
	        yz_consent_get(yz_tx_store(tx), &contact->id, "platform_upload", &c, err);

	if (st != YZ_OK)
		return st == YZ_E_NOTFOUND ? YZ_OK : st;
	if ((st = yz_consent_withdraw(tx, &c.id, err)) != YZ_OK)
		return st;
	c.withdrawn_ms = yz_tx_now(tx)->wall_ms;
	p.agg = c.id;
	return yz_repair_post(tx, &p, yz_opbody_consent(&c), NULL, err);
}

enum yz_status yz_farmer_save(struct yz_desk *desk, const struct yz_now *now,
        struct yz_farmer_form *f, struct yz_error *err)
{
	struct yz_tx *tx = NULL;
	char ref[64], draft[YZ_SHORT_SIZE];
	enum yz_status st;

	if ((st = yz_contact_check(&f->contact, err)) != YZ_OK ||
	        (st = check_farm(&f->farmer, err)) != YZ_OK)
		return st;
	yz_register_draft("farmer", &f->contact.id, draft);
	yz_contact_make_search(&f->contact);
	f->contact.clerk = f->farmer.clerk = desk->clerk.id;
	if ((st = yz_tx_begin(desk->store, now, &tx, err)) != YZ_OK)
		return st;
	if ((st = yz_contact_put(tx, &f->contact, err)) != YZ_OK)
		goto done;
	f->farmer.contact = f->contact.id;
	if ((st = yz_farmer_put(tx, &f->farmer, err)) != YZ_OK)
		goto done;
	st = f->consent_upload ? post_farm(tx, f, err) : withdraw(tx, &f->contact, err);
	yz_desk_ref(ref, "farmer", &f->contact.id);
	if (st == YZ_OK)
		st = yz_audit_add(tx, &desk->clerk.id, "farmer.save", ref,
		        f->consent_upload ? "consent" : "", err);
	if (st == YZ_OK)
		st = yz_draft_drop(tx, &desk->clerk.id, draft, err);
done:
	return yz_desk_finish(desk, tx, st, err);
}

enum yz_status yz_farmer_take_id(struct yz_desk *desk, const struct yz_now *now, char *id_no,
        struct yz_farmer *f, struct yz_error *err)
{
	struct yz_farmer got = *f;
	enum yz_status st;

	yz_text_halve(id_no);
	if ((st = yz_check_id(id_no, now->wall_ms, err)) != YZ_OK)
		return st;
	(void)yz_copy(got.id_type, sizeof(got.id_type), "id_card");
	(void)yz_copy(got.id_last4, sizeof(got.id_last4), id_no + strlen(id_no) - 4);
	st = yz_seal(desk->store, "purchase", id_no, got.id_sealed, sizeof(got.id_sealed),
	        &got.id_sealed_len, err);
	if (st == YZ_OK)
		(void)yz_copy(got.id_recipient, sizeof(got.id_recipient),
		        got.id_sealed_len ? "purchase" : "");
	yz_wipe(id_no);
	if (st == YZ_OK)
		*f = got;
	return st;
}

enum yz_status yz_product_check(struct yz_product *p, struct yz_error *err)
{
	static const char item_chars[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-";
	size_t n;
	enum yz_status st;

	yz_text_halve(p->item_no);
	yz_text_clean(p->name);
	yz_text_trim(p->name);
	if (strspn(p->item_no, item_chars) != strlen(p->item_no))
		return yz_fail_field(err, YZ_E_RANGE, "item_no",
		        N_("An item number has up to 20 digits, capital letters and dashes, or "
		           "leave it empty."));
	n = yz_text_chars(p->name);
	if (n < 1 || n > 40)
		return yz_fail_field(err, YZ_E_RANGE, "name",
		        N_("The name of the goods needs 1 to 40 characters."));
	if (!is_digits(p->unit, 3))
		return yz_fail_field(err, YZ_E_RANGE, "unit", N_("Choose the unit with F4."));
	if (p->content_g < 0 || p->content_g > 1000000000)
		return yz_fail_field(err, YZ_E_RANGE, "content_g",
		        N_("Say how much one unit weighs, up to 1000 t."));
	if (p->price_fen < 0 || p->price_fen > 100000000)
		return yz_fail_field(
		        err, YZ_E_RANGE, "price", N_("The price is from 0 to 1000000 yuan."));
	if (p->shelf_days < 0 || p->shelf_days > 3650)
		return yz_fail_field(err, YZ_E_RANGE, "shelf_days",
		        N_("The shelf life is from 0 to 3650 days."));
	if (*p->gtin && (st = yz_check_gtin(p->gtin, err)) != YZ_OK)
		return st;
	return YZ_OK;
}

void yz_product_make_search(struct yz_product *p)
{
	char pinyin[256];

	yz_pinyin_search_text(p->name, pinyin, sizeof(pinyin));
	(void)snprintf(
	        p->search, sizeof(p->search), "%s %s %s %s", p->name, p->item_no, p->gtin, pinyin);
}

static enum yz_status write_product(
        struct yz_desk *desk, struct yz_tx *tx, struct yz_product *p, struct yz_error *err)
{
	struct yz_opbody_post post = {
	        .kind = "product.upsert", .agg_prefix = "product", .clerk = desk->clerk.id};
	char ref[64];
	int64_t no;
	enum yz_status st = YZ_OK;

	if (!*p->item_no) {
		if ((st = yz_counter_next(tx, "item", &no, err)) != YZ_OK)
			return st;
		(void)snprintf(p->item_no, sizeof(p->item_no), "SP%06lld", (long long)no);
	}
	yz_product_make_search(p);
	p->clerk = desk->clerk.id;
	if ((st = yz_product_put(tx, p, err)) != YZ_OK)
		return st;
	post.agg = p->id;
	if (!yz_id_is_none(&p->farmer) && (st = yz_opbody_last(tx, "farmer", &p->farmer,
	                                           &post.needs[post.need_count++], err)) != YZ_OK)
		return st;
	if ((st = yz_repair_post(tx, &post, yz_opbody_product(p), NULL, err)) != YZ_OK)
		return st;
	yz_desk_ref(ref, "product", &p->id);
	return yz_audit_add(tx, &desk->clerk.id, "product.save", ref, "", err);
}

enum yz_status yz_product_save(
        struct yz_desk *desk, const struct yz_now *now, struct yz_product *p, struct yz_error *err)
{
	struct yz_tx *tx = NULL;
	char draft[YZ_SHORT_SIZE];
	enum yz_status st = yz_product_check(p, err);

	yz_register_draft("product", &p->id, draft);
	if (st != YZ_OK || (st = yz_tx_begin(desk->store, now, &tx, err)) != YZ_OK)
		return st;
	st = write_product(desk, tx, p, err);
	if (st == YZ_OK)
		st = yz_draft_drop(tx, &desk->clerk.id, draft, err);
	return yz_desk_finish(desk, tx, st, err);
}
