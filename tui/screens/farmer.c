/* A farmer: a contact with a farm profile. The identity number is sealed as soon as it was typed;
 * afterwards only its last four are here. */
#include "config.h"

#include "base/buf.h"
#include "base/text.h"
#include "station/check.h"
#include "station/register.h"
#include "tui/screens/person.h"
#include "tui/screens/screens.h"
#include "tui/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum farmer_field {
	FF_KIND = YZ_PF_COUNT,
	FF_ID_NO,
	FF_USCC,
	FF_VILLAGE,
	FF_PAYEE,
	FF_ACCOUNT,
	FF_CONSENT,
	FF_COUNT
};
enum { ID_ROW = 7, CONSENT_ROW = 12, TAIL_DIGITS = 4 };

struct farmer_view {
	struct yz_record record; /* first: see record.h */
	struct yz_farmer farm;   /* what has no field, or may not be shown */
};

static const char *const kind_words[] = {
        "household", "family_farm", "cooperative", "company", "buyer", NULL};
static const char *const kinds[] = {
        N_("household"), N_("family farm"), N_("cooperative"), N_("company"), N_("buyer"), NULL};

static enum yz_status check_uscc(const char *typed, char *normal, size_t size, struct yz_error *err)
{
	enum yz_status st = yz_check_uscc(typed, err);

	if (st == YZ_OK)
		(void)yz_copy(normal, size, typed);
	return st;
}

static enum yz_status check_tail(const char *typed, char *normal, size_t size, struct yz_error *err)
{
	if (strlen(typed) != TAIL_DIGITS || strspn(typed, "0123456789") != TAIL_DIGITS)
		return yz_fail_field(err, YZ_E_RANGE, "account",
		        N_("The last 4 digits of the account, never the whole number."));
	(void)yz_copy(normal, size, typed);
	return YZ_OK;
}

static const struct yz_entry_spec specs[FF_COUNT] = {
        YZ_PERSON_SPECS,
        {.name = "kind",
                .label = N_("Kind"),
                .hint = N_("What kind of producer: choose by its digit."),
                .kind = YZ_ENTRY_CHOICE,
                .flags = YZ_ENTRY_REQUIRED,
                .row = 6,
                .col = 2,
                .cols = 64,
                .choices = kinds},
        {.name = "id_no",
                .label = N_("ID number"),
                .hint = N_("18 characters, or empty; locked away at once, the last four stay "
                           "readable."),
                .kind = YZ_ENTRY_CODE,
                .flags = YZ_ENTRY_NO_DRAFT,
                .row = ID_ROW,
                .col = 2,
                .cols = 20,
                .max_chars = 18},
        {.name = "uscc",
                .label = N_("Licence no"),
                .hint = N_("The 18-character social credit code on the licence."),
                .kind = YZ_ENTRY_CODE,
                .row = 8,
                .col = 2,
                .cols = 20,
                .max_chars = 18,
                .check = check_uscc},
        {.name = "village",
                .label = N_("Village"),
                .hint = N_("Where it is grown: type it or choose it with F4. May stay empty."),
                .row = 9,
                .col = 2,
                .cols = 60,
                .max_chars = 60},
        {.name = "payee",
                .label = N_("Payee"),
                .hint = N_("Who is paid for the goods, if it is somebody else. May stay empty."),
                .row = 10,
                .col = 2,
                .cols = 24,
                .max_chars = 40},
        {.name = "account",
                .label = N_("Account"),
                .hint = N_("The last 4 digits of the account, never the whole number."),
                .kind = YZ_ENTRY_CODE,
                .row = 10,
                .col = 42,
                .cols = 5,
                .max_chars = TAIL_DIGITS,
                .check = check_tail},
        {.name = "consent",
                .label = N_("Agreed"),
                .hint = N_("Read the words below to the farmer; the blank ticks. No is fine too."),
                .kind = YZ_ENTRY_TICK,
                .flags = YZ_ENTRY_NO_DRAFT,
                .row = CONSENT_ROW,
                .col = 2,
                .cols = 3},
};

static struct yz_farmer *farm_of(struct yz_record *r)
{
	return &((struct farmer_view *)r->view->state)->farm;
}

/* a household has no credit code */
static void switch_uscc(struct yz_record *r)
{
	r->form.entries[FF_USCC].is_off = r->form.entries[FF_KIND].text[0] == '1';
}

static void put_text(struct yz_record *r, enum farmer_field field, const char *text)
{
	yz_entry_set(&r->form.entries[field], text);
}

static enum yz_status load_farm(struct yz_record *r, struct yz_error *err)
{
	struct yz_store *s = yz_kiosk(r->view)->store;
	struct yz_farmer *f = farm_of(r);
	struct yz_consent consent;
	enum yz_status st = yz_farmer_get(s, &r->id, f, err);

	if (st == YZ_E_NOTFOUND)
		return YZ_OK; /* a contact who becomes a farmer */
	if (st != YZ_OK)
		return st;
	yz_record_choice_set(r, FF_KIND, kind_words, f->kind);
	put_text(r, FF_USCC, f->uscc);
	if (f->village[0])
		yz_record_place_set(r, FF_VILLAGE, f->village);
	put_text(r, FF_PAYEE, f->payee);
	put_text(r, FF_ACCOUNT, f->account_tail);
	st = yz_consent_get(s, &r->id, "platform_upload", &consent, err);
	put_text(r, FF_CONSENT, st == YZ_OK ? "1" : "");
	return st == YZ_E_NOTFOUND ? YZ_OK : st;
}

static enum yz_status farmer_load(struct yz_record *r, struct yz_error *err)
{
	struct yz_contact c;
	enum yz_status st = YZ_OK;

	memset(farm_of(r), 0, sizeof(struct yz_farmer));
	put_text(r, FF_KIND, "1");
	if (!yz_id_is_none(&r->id)) {
		st = yz_contact_get(yz_kiosk(r->view)->store, &r->id, &c, err);
		if (st == YZ_OK) {
			yz_person_fill(r, &c);
			st = load_farm(r, err);
		}
	}
	switch_uscc(r);
	return st;
}

/* The draft keeps the sealed number, which nobody at the station can open. */
static void hide_id(struct yz_record *r)
{
	const struct yz_farmer *f = farm_of(r);
	char hex[2 * sizeof(f->id_sealed) + 1] = "";

	for (size_t i = 0; i < f->id_sealed_len; i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", f->id_sealed[i]);
	yz_fields_set(&r->hidden, "id.type", f->id_type);
	yz_fields_set(&r->hidden, "id.last4", f->id_last4);
	yz_fields_set(&r->hidden, "id.recipient", f->id_recipient);
	yz_fields_set(&r->hidden, "id.sealed", hex);
}

static void farmer_restored(struct yz_record *r)
{
	struct yz_farmer *f = farm_of(r);
	const char *hex = yz_record_hidden(r, "id.sealed");
	size_t n = strlen(hex) / 2;

	switch_uscc(r);
	if (!yz_record_hidden(r, "id.type")[0] || n > sizeof(f->id_sealed))
		return;
	(void)yz_copy(f->id_type, sizeof(f->id_type), yz_record_hidden(r, "id.type"));
	(void)yz_copy(f->id_last4, sizeof(f->id_last4), yz_record_hidden(r, "id.last4"));
	(void)yz_copy(
	        f->id_recipient, sizeof(f->id_recipient), yz_record_hidden(r, "id.recipient"));
	for (size_t i = 0; i < n; i++) {
		const char byte[3] = {hex[2 * i], hex[2 * i + 1], '\0'};

		f->id_sealed[i] = (uint8_t)strtoul(byte, NULL, 16);
	}
	f->id_sealed_len = n;
}

/* Seals what stands in the field and empties it; a wrong number stays, to be mended. */
static enum yz_status take_id(struct yz_record *r, struct yz_error *err)
{
	struct yz_entry *e = &r->form.entries[FF_ID_NO];
	enum yz_status st;

	if (!e->text[0])
		return YZ_OK;
	st = yz_farmer_take_id(
	        &yz_kiosk(r->view)->desk, &r->view->app->now, e->text, farm_of(r), err);
	if (st != YZ_OK)
		return yz_fail_field(err, st, "id_no", yz_error_say(err));
	yz_entry_set(e, "");
	hide_id(r);
	return YZ_OK;
}

static void farmer_left(struct yz_record *r, size_t index)
{
	struct yz_error err = {0};

	switch (index) {
	case FF_KIND:
		switch_uscc(r);
		break;
	case FF_ID_NO:
		if (take_id(r, &err) != YZ_OK)
			yz_record_fault(r, FF_ID_NO, yz_error_say(&err));
		break;
	case FF_VILLAGE:
		yz_record_place_left(r, FF_VILLAGE, false, NULL);
		break;
	default:
		if (index < YZ_PF_COUNT)
			yz_person_left(r, index);
		break;
	}
}

/* Most farmers grow where they live. */
static void farmer_placed(struct yz_record *r, size_t index)
{
	const char *code = yz_record_code(r, YZ_PF_PLACE);
	char copy[YZ_CODE_SIZE];

	if (index != YZ_PF_PLACE || strlen(code) < 9 || r->form.entries[FF_VILLAGE].text[0])
		return;
	(void)yz_copy(copy, sizeof(copy), code); /* the code belongs to the fields that grow */
	yz_record_place_set(r, FF_VILLAGE, copy);
}

static bool farmer_pick(struct yz_record *r, size_t index)
{
	char county[7];
	const char *code = yz_record_code(r, YZ_PF_PLACE);

	if (index != FF_VILLAGE)
		return yz_person_pick(r, index);
	(void)yz_copy(
	        county, sizeof(county), code[0] ? code : yz_kiosk(r->view)->desk.station.code);
	yz_record_place_pick(r, index, county);
	return true;
}

static enum yz_status farmer_save(struct yz_record *r, struct yz_error *err)
{
	struct yz_farmer_form form = {.farmer = *farm_of(r)};
	const struct yz_entry *e = r->form.entries;
	enum yz_status st = take_id(r, err);

	if (st != YZ_OK)
		return st;
	form.farmer = *farm_of(r);
	yz_person_build(r, &form.contact);
	(void)yz_copy(form.farmer.kind, sizeof(form.farmer.kind),
	        yz_record_choice(r, FF_KIND, kind_words));
	(void)yz_copy(form.farmer.uscc, sizeof(form.farmer.uscc),
	        e[FF_USCC].is_off ? "" : e[FF_USCC].text);
	(void)yz_copy(
	        form.farmer.village, sizeof(form.farmer.village), yz_record_code(r, FF_VILLAGE));
	if (e[FF_VILLAGE].text[0] && !form.farmer.village[0])
		return yz_fail_field(err, YZ_E_RANGE, "village", N_("Choose the village with F4."));
	(void)yz_copy(form.farmer.payee, sizeof(form.farmer.payee), e[FF_PAYEE].text);
	(void)yz_copy(
	        form.farmer.account_tail, sizeof(form.farmer.account_tail), e[FF_ACCOUNT].text);
	form.consent_upload = yz_entry_is_ticked(&e[FF_CONSENT]);
	st = yz_farmer_save(&yz_kiosk(r->view)->desk, &r->view->app->now, &form, err);
	if (st == YZ_OK)
		r->id = form.contact.id;
	return st;
}

static const struct yz_record_kind kind = {
        .name = "farmer",
        .specs = specs,
        .count = FF_COUNT,
        .fresh = N_("New farmer"),
        .known = N_("Farmer"),
        .load = farmer_load,
        .left = farmer_left,
        .pick = farmer_pick,
        .save = farmer_save,
        .placed = farmer_placed,
        .restored = farmer_restored,
};

static bool farmer_open(struct yz_view *v, const void *arg)
{
	return yz_record_open(v, &kind, arg);
}

/* The wording in lines of the screen's width: broken at blanks, Chinese anywhere. */
static void draw_wording(struct yz_canvas *c, int row, const char *text)
{
	int cols = c->cols - 14 - 4;

	while (*text && row < c->rows) {
		char line[512];
		size_t n = yz_text_fit(text, cols), end = n;

		while (text[n] && end > 0 && text[end] != ' ' && (text[end] & 0x80) == 0)
			end--;
		n = end > 0 ? end : n;
		(void)snprintf(line, sizeof(line), "%.*s", (int)n, text);
		(void)yz_canvas_text(c, row++, 14, -1, YZ_LOOK_LABEL, line);
		for (text += n; *text == ' '; text++)
			;
	}
}

static void farmer_draw(const struct yz_view *v, struct yz_canvas *c)
{
	const struct farmer_view *f = v->state;
	struct yz_canvas body = yz_canvas_part(c, 1, 0, c->rows - 1, c->cols);
	char line[160];

	yz_record_draw(v, c);
	if (f->farm.id_type[0]) {
		(void)snprintf(line, sizeof(line), _("%s, last four %s, on record"), _("ID card"),
		        f->farm.id_last4);
		(void)yz_canvas_text(&body, ID_ROW, 37, -1, YZ_LOOK_NORMAL, line);
	}
	draw_wording(&body, CONSENT_ROW + 1, _(yz_consent_upload_wording()));
}

const struct yz_view_ops yz_view_farmer = {
        .name = "farmer",
        .title = N_("Farmer"),
        .state_size = sizeof(struct farmer_view),
        .keymap = &yz_keymap_record,
        .open = farmer_open,
        .draw = farmer_draw,
        .act = yz_record_act,
        .key = yz_record_key,
        .event = yz_record_event,
        .hint = yz_record_hint,
        .close = yz_record_close,
};
