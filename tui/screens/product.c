/* A product: what is sold, by what unit, at what price. */
#include "config.h"

#include "base/buf.h"
#include "station/check.h"
#include "station/money.h"
#include "station/pinyin.h"
#include "station/register.h"
#include "station/units.h"
#include "tui/screens/checks.h"
#include "tui/screens/record.h"
#include "tui/screens/screens.h"
#include "tui/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum product_field {
	PF_ITEM_NO,
	PF_NAME,
	PF_FARMER,
	PF_CLASS,
	PF_ORIGIN,
	PF_UNIT,
	PF_CONTENT,
	PF_PRICE,
	PF_GRADES,
	PF_SHELF,
	PF_GTIN,
	PF_STORAGE,
	PF_DOC_RULE,
	PF_COUNT
};
enum { CONTENT_ROW = 6 };

struct product_view {
	struct yz_record record; /* first: see record.h */
	struct yz_product saved; /* what has no field */
};

static const char *const storage_words[] = {"normal", "cold", "frozen", NULL};
static const char *const storages[] = {N_("normal"), N_("chilled"), N_("frozen"), NULL};
static const char *const rule_words[] = {"none", "certificate", "sc", "quarantine", NULL};
static const char *const rules[] = {
        N_("none"), N_("farm certificate"), N_("SC licence"), N_("quarantine"), NULL};

static enum yz_status check_gtin(const char *typed, char *normal, size_t size, struct yz_error *err)
{
	enum yz_status st = yz_check_gtin(typed, err);

	if (st == YZ_OK)
		(void)yz_copy(normal, size, typed);
	return st;
}

static const struct yz_entry_spec specs[PF_COUNT] = {
        {.name = "item_no",
                .label = N_("Item no."),
                .hint = N_("Digits, capital letters and dashes; empty: the station gives one."),
                .kind = YZ_ENTRY_CODE,
                .row = 0,
                .col = 2,
                .cols = 22,
                .max_chars = 20},
        {.name = "name",
                .label = N_("Item name"),
                .hint = N_("What it is called on papers, such as yellow ginger, special grade."),
                .flags = YZ_ENTRY_REQUIRED,
                .row = 1,
                .col = 2,
                .cols = 60,
                .max_chars = 40},
        {.name = "farmer",
                .label = N_("Farmer"),
                .hint = N_("Whose it is: name, initials or phone; F4 shows all. May stay empty."),
                .row = 2,
                .col = 2,
                .cols = 24,
                .max_chars = 40},
        {.name = "class",
                .label = N_("Class"),
                .hint = N_("Product class (NY/T 3177), digits; may stay empty."),
                .kind = YZ_ENTRY_CODE,
                .row = 2,
                .col = 42,
                .cols = 12,
                .max_chars = 12},
        {.name = "origin",
                .label = N_("Origin"),
                .hint = N_("The county it comes from: type it or choose it with F4."),
                .row = 3,
                .col = 2,
                .cols = 60,
                .max_chars = 60},
        {.name = "unit",
                .label = N_("Unit"),
                .hint = N_("What is sold at the price: jin, kg, box; F4 shows all."),
                .flags = YZ_ENTRY_REQUIRED,
                .row = 5,
                .col = 2,
                .cols = 10,
                .max_chars = 8},
        {.name = "content_g",
                .label = N_("Content"),
                .hint = N_("What one unit holds: 10 jin, 5kg, 125g; a bare number is "
                           "kilograms."),
                .kind = YZ_ENTRY_MASS,
                .row = CONTENT_ROW,
                .col = 2,
                .cols = 10,
                .max_chars = 16,
                .check = yz_entry_check_weight},
        {.name = "price",
                .label = N_("Price yuan"),
                .hint = N_("Yuan for one unit; empty: no price yet."),
                .kind = YZ_ENTRY_MONEY,
                .row = 5,
                .col = 42,
                .cols = 12,
                .max_chars = 12,
                .check = yz_entry_check_money},
        {.name = "grades",
                .label = N_("Grades"),
                .hint = N_("Grades with a semicolon between them; may stay empty."),
                .row = 8,
                .col = 2,
                .cols = 24,
                .max_chars = 40},
        {.name = "shelf_days",
                .label = N_("Shelf days"),
                .hint = N_("Days that it keeps, 1 to 3650; empty: not known."),
                .kind = YZ_ENTRY_NUMBER,
                .row = 8,
                .col = 42,
                .cols = 5,
                .max_chars = 4},
        {.name = "gtin",
                .label = N_("Barcode"),
                .hint = N_("Scan it or type 8, 12, 13 or 14 digits; may stay empty."),
                .kind = YZ_ENTRY_CODE,
                .row = 9,
                .col = 2,
                .cols = 15,
                .max_chars = 14,
                .check = check_gtin},
        {.name = "storage",
                .label = N_("Storage"),
                .hint = N_("How it is kept: choose by its digit."),
                .kind = YZ_ENTRY_CHOICE,
                .row = 10,
                .col = 2,
                .cols = 60,
                .choices = storages},
        {.name = "doc_rule",
                .label = N_("Documents"),
                .hint = N_("What must lie with the goods: choose by its digit."),
                .kind = YZ_ENTRY_CHOICE,
                .row = 11,
                .col = 2,
                .cols = 64,
                .choices = rules},
};

static struct yz_product *saved_of(struct yz_record *r)
{
	return &((struct product_view *)r->view->state)->saved;
}

static const char *text_of(const struct yz_record *r, enum product_field field)
{
	return r->form.entries[field].text;
}

static void put(struct yz_record *r, enum product_field field, const char *text)
{
	yz_entry_set(&r->form.entries[field], text);
}

/* NULL if there is none; a missing book is told. */
static const struct yz_unit_row *find_unit(struct yz_record *r, const char *text)
{
	const struct yz_units *units;
	const struct yz_unit_row *found = NULL;
	struct yz_error err = {0};
	size_t matches = 0;

	if (yz_books_units(yz_kiosk(r->view)->books, &units, &err) != YZ_OK) {
		yz_say_error(r->view->app, &err);
		return NULL;
	}
	found = yz_units_find(units, text);
	for (size_t i = 0; !found && i < units->count; i++)
		if (yz_pinyin_match(units->rows[i].name, text) && matches++ == 0)
			found = &units->rows[i];
	return matches > 1 ? NULL : found;
}

/* Codes from 120 on (case, pack, basket, bag, box, bottle) are containers: they hold something. */
static bool is_container(const char *unit_code)
{
	return strcmp(unit_code, "120") >= 0;
}

static void set_unit(struct yz_record *r, const struct yz_unit_row *u)
{
	yz_record_code_set(r, PF_UNIT, u->code, u->name);
	r->form.entries[PF_UNIT].fault = NULL;
	r->form.entries[PF_CONTENT].is_off = u->grams > 0; /* a jin holds a jin */
}

static void unit_left(struct yz_record *r)
{
	const struct yz_unit_row *u =
	        text_of(r, PF_UNIT)[0] ? find_unit(r, text_of(r, PF_UNIT)) : NULL;

	if (u) {
		set_unit(r, u);
		return;
	}
	yz_record_code_set(r, PF_UNIT, "", NULL);
	if (text_of(r, PF_UNIT)[0])
		yz_record_fault(r, PF_UNIT, N_("No unit is called so. F4 shows them all."));
}

static void set_farmer(struct yz_record *r, const struct yz_contact *c)
{
	char id[YZ_ID_TEXT_SIZE];

	yz_record_code_set(r, PF_FARMER, yz_id_text(&c->id, id), c->name);
	if (!text_of(r, PF_ORIGIN)[0] && strlen(c->code) >= 6) {
		char county[7];

		(void)yz_copy(county, sizeof(county), c->code);
		yz_record_place_set(r, PF_ORIGIN, county);
	}
}

static void farmer_left(struct yz_record *r)
{
	struct yz_contact_query q = {.text = text_of(r, PF_FARMER), .farmers_only = true};
	struct yz_contact c;
	struct yz_error err = {0};
	size_t n = 0, total = 0;

	yz_record_code_set(r, PF_FARMER, "", NULL);
	if (!q.text[0])
		return;
	if (yz_contact_find(yz_kiosk(r->view)->store, &q, &c, 1, &n, &total, &err) != YZ_OK)
		yz_say_error(r->view->app, &err);
	else if (total == 1)
		set_farmer(r, &c);
	else if (total > 1)
		yz_record_fault(r, PF_FARMER, N_("More than one farmer fits: F4 shows them."));
	else
		yz_record_fault(r, PF_FARMER,
		        N_("No farmer is called so. Register the farmer first, or leave it "
		           "empty."));
}

static enum yz_status product_load(struct yz_record *r, struct yz_error *err)
{
	struct yz_product *p = saved_of(r);
	struct yz_contact c;
	const struct yz_unit_row *u;
	char text[YZ_WEIGHT_TEXT_SIZE + 3], kg[YZ_WEIGHT_TEXT_SIZE], id[YZ_ID_TEXT_SIZE];
	enum yz_status st;

	memset(p, 0, sizeof(*p));
	r->form.entries[PF_CONTENT].is_off = false;
	put(r, PF_STORAGE, "1");
	put(r, PF_DOC_RULE, "1");
	if (yz_id_is_none(&r->id))
		return YZ_OK;
	if ((st = yz_product_get(yz_kiosk(r->view)->store, &r->id, p, err)) != YZ_OK)
		return st;
	put(r, PF_ITEM_NO, p->item_no);
	put(r, PF_NAME, p->name);
	put(r, PF_CLASS, p->class_code);
	if (p->origin[0])
		yz_record_place_set(r, PF_ORIGIN, p->origin);
	if ((u = find_unit(r, p->unit)))
		set_unit(r, u);
	else
		yz_record_code_set(r, PF_UNIT, p->unit, p->unit);
	(void)snprintf(text, sizeof(text), "%skg", yz_weight_kg(p->content_g, kg));
	put(r, PF_CONTENT, p->content_g ? text : "");
	put(r, PF_PRICE, p->price_fen ? yz_money_text(p->price_fen, text) : "");
	put(r, PF_GRADES, p->grades);
	(void)snprintf(text, sizeof(text), "%d", p->shelf_days);
	put(r, PF_SHELF, p->shelf_days ? text : "");
	put(r, PF_GTIN, p->gtin);
	yz_record_choice_set(r, PF_STORAGE, storage_words, p->storage);
	yz_record_choice_set(r, PF_DOC_RULE, rule_words, p->doc_rule);
	if (!yz_id_is_none(&p->farmer) &&
	        yz_contact_get(yz_kiosk(r->view)->store, &p->farmer, &c, NULL) == YZ_OK)
		yz_record_code_set(r, PF_FARMER, yz_id_text(&p->farmer, id), c.name);
	return YZ_OK;
}

static void product_restored(struct yz_record *r)
{
	const struct yz_unit_row *u =
	        yz_record_code(r, PF_UNIT)[0] ? find_unit(r, yz_record_code(r, PF_UNIT)) : NULL;

	r->form.entries[PF_CONTENT].is_off = u && u->grams > 0;
}

static void product_left(struct yz_record *r, size_t index)
{
	switch (index) {
	case PF_FARMER:
		farmer_left(r);
		break;
	case PF_ORIGIN:
		yz_record_place_left(r, PF_ORIGIN, true, NULL);
		break;
	case PF_UNIT:
		unit_left(r);
		break;
	default:
		break;
	}
}

/* ---- F4 */

static enum yz_status units_page(void *owner, const char *filter, size_t offset, size_t limit,
        struct yz_list_page *page, struct yz_error *err)
{
	const struct yz_units *units;
	enum yz_status st = yz_books_units(((struct yz_kiosk *)owner)->books, &units, err);

	for (size_t i = 0; st == YZ_OK && i < units->count; i++) {
		const struct yz_unit_row *u = &units->rows[i];
		struct yz_list_row *row = &page->rows[page->count];

		if (*filter && !strstr(u->name, filter) && !strstr(u->name_en, filter) &&
		        strncmp(u->code, filter, strlen(filter)) != 0 &&
		        !yz_pinyin_match(u->name, filter))
			continue;
		if (page->total++ < offset || page->count == limit)
			continue;
		page->count++;
		(void)yz_copy(row->key, sizeof(row->key), u->code);
		yz_list_cell(row, 0, u->name);
		yz_list_cell(row, 1, u->name_en);
		yz_list_cell(row, 2, u->code);
	}
	return st;
}

static const struct yz_list_column unit_columns[] = {
        {N_("Unit"), 16, false}, {N_("English"), 24, false}, {N_("Code"), 0, false}};
static const struct yz_list_source units_source = {
        "units", unit_columns, 3, units_page, false, NULL};

static void unit_picked(struct yz_view *v, const struct yz_answer *a)
{
	struct yz_record *r = v->state;
	const struct yz_unit_row *u = a->code ? find_unit(r, a->text) : NULL;

	if (!u)
		return;
	set_unit(r, u);
	yz_record_touch(r);
	(void)yz_form_act(&r->form, YZ_ACT_NEXT);
}

static void farmer_picked(struct yz_view *v, const struct yz_answer *a)
{
	struct yz_record *r = v->state;
	struct yz_contact c;

	if (!yz_contact_picked(v, a, &c))
		return;
	set_farmer(r, &c);
	r->form.entries[PF_FARMER].fault = NULL;
	yz_record_touch(r);
	(void)yz_form_act(&r->form, YZ_ACT_NEXT);
}

static bool product_pick(struct yz_record *r, size_t index)
{
	struct yz_kiosk *k = yz_kiosk(r->view);
	struct yz_picker p = {_("Units"), &units_source, k, ""};
	char city[5];

	switch (index) {
	case PF_UNIT:
		(void)yz_view_push(r->view->app, &yz_view_picker, &p, unit_picked);
		return true;
	case PF_FARMER:
		p = (struct yz_picker){_("Farmers"), &yz_farmers_source, k,
		        yz_record_code(r, index)[0] ? "" : text_of(r, PF_FARMER)};
		(void)yz_view_push(r->view->app, &yz_view_picker, &p, farmer_picked);
		return true;
	case PF_ORIGIN:
		(void)yz_copy(city, sizeof(city), k->desk.station.code);
		yz_record_place_pick(r, index, city);
		return true;
	default:
		return false;
	}
}

/* A place chosen deeper than the county is its county. */
static void product_placed(struct yz_record *r, size_t index)
{
	const char *code = yz_record_code(r, index);
	char county[7];

	if (strlen(code) <= 6)
		return;
	(void)yz_copy(county, sizeof(county), code);
	yz_record_place_set(r, index, county);
}

/* ---- saving */

static enum yz_status build(struct yz_record *r, struct yz_product *p, struct yz_error *err)
{
	struct yz_weight w = {.grams = 0};

	(void)yz_copy(p->item_no, sizeof(p->item_no), text_of(r, PF_ITEM_NO));
	(void)yz_copy(p->name, sizeof(p->name), text_of(r, PF_NAME));
	(void)yz_copy(p->class_code, sizeof(p->class_code), text_of(r, PF_CLASS));
	(void)yz_copy(p->origin, sizeof(p->origin), yz_record_code(r, PF_ORIGIN));
	if (text_of(r, PF_ORIGIN)[0] && !p->origin[0])
		return yz_fail_field(err, YZ_E_RANGE, "origin",
		        N_("Choose the place down to the county with F4."));
	(void)yz_copy(p->unit, sizeof(p->unit), yz_record_code(r, PF_UNIT));
	if (!p->unit[0])
		return yz_fail_field(
		        err, YZ_E_RANGE, "unit", N_("No unit is called so. F4 shows them all."));
	if (!r->form.entries[PF_CONTENT].is_off && text_of(r, PF_CONTENT)[0] &&
	        yz_weight_parse(text_of(r, PF_CONTENT), YZ_WEIGHT_KG, &w, err) != YZ_OK)
		return yz_fail_field(err, YZ_E_RANGE, "content_g", yz_error_say(err));
	p->content_g = w.grams;
	if (!w.grams && is_container(p->unit))
		return yz_fail_field(err, YZ_E_RANGE, "content_g",
		        N_("Say what one unit holds, such as 5kg: the unit alone has no weight."));
	p->price_fen = 0;
	if (text_of(r, PF_PRICE)[0] &&
	        yz_money_parse(text_of(r, PF_PRICE), &p->price_fen, err) != YZ_OK)
		return yz_fail_field(err, YZ_E_RANGE, "price", yz_error_say(err));
	(void)yz_copy(p->grades, sizeof(p->grades), text_of(r, PF_GRADES));
	p->shelf_days = (int)strtol(text_of(r, PF_SHELF), NULL, 10);
	(void)yz_copy(p->gtin, sizeof(p->gtin), text_of(r, PF_GTIN));
	(void)yz_copy(
	        p->storage, sizeof(p->storage), yz_record_choice(r, PF_STORAGE, storage_words));
	(void)yz_copy(
	        p->doc_rule, sizeof(p->doc_rule), yz_record_choice(r, PF_DOC_RULE, rule_words));
	p->farmer = (struct yz_id){{0}};
	if (text_of(r, PF_FARMER)[0] && !yz_id_parse(yz_record_code(r, PF_FARMER), &p->farmer))
		return yz_fail_field(err, YZ_E_RANGE, "farmer",
		        N_("No farmer is called so. Register the farmer first, or leave it "
		           "empty."));
	return YZ_OK;
}

static enum yz_status product_save(struct yz_record *r, struct yz_error *err)
{
	struct yz_product p = *saved_of(r);
	enum yz_status st = build(r, &p, err);

	if (st == YZ_OK)
		st = yz_product_save(&yz_kiosk(r->view)->desk, &r->view->app->now, &p, err);
	if (st == YZ_E_EXISTS)
		return yz_fail_field(err, st, "item_no",
		        N_("Another product has this item number: take another or leave it "
		           "empty."));
	if (st == YZ_OK) {
		r->id = p.id;
		put(r, PF_ITEM_NO, p.item_no); /* the station's own, to be told */
	}
	return st;
}

static const struct yz_record_kind kind = {
        .name = "product",
        .specs = specs,
        .count = PF_COUNT,
        .fresh = N_("New product"),
        .known = N_("Product"),
        .load = product_load,
        .left = product_left,
        .pick = product_pick,
        .save = product_save,
        .placed = product_placed,
        .restored = product_restored,
};

static bool product_open(struct yz_view *v, const void *arg)
{
	return yz_record_open(v, &kind, arg);
}

static void product_draw(const struct yz_view *v, struct yz_canvas *c)
{
	const struct yz_record *r = v->state;
	struct yz_canvas body = yz_canvas_part(c, 1, 0, c->rows - 1, c->cols);
	struct yz_weight w;
	char both[YZ_WEIGHT_TEXT_SIZE];

	yz_record_draw(v, c);
	if (r->form.entries[PF_CONTENT].is_off)
		(void)yz_canvas_text(
		        &body, CONTENT_ROW, 28, -1, YZ_LOOK_DIM, _("the unit is a weight itself"));
	else if (text_of(r, PF_CONTENT)[0] &&
	         yz_weight_parse(text_of(r, PF_CONTENT), YZ_WEIGHT_KG, &w, NULL) == YZ_OK)
		(void)yz_canvas_text(
		        &body, CONTENT_ROW, 28, -1, YZ_LOOK_NORMAL, yz_weight_both(&w, both));
}

const struct yz_view_ops yz_view_product = {
        .name = "product",
        .title = N_("Product"),
        .state_size = sizeof(struct product_view),
        .keymap = &yz_keymap_record,
        .open = product_open,
        .draw = product_draw,
        .act = yz_record_act,
        .key = yz_record_key,
        .event = yz_record_event,
        .hint = yz_record_hint,
        .close = yz_record_close,
};
