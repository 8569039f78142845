/* The lists of the registers: farmers, products, contacts. They differ in what they read and in the
 * form that Enter opens. */
#include "config.h"

#include "base/buf.h"
#include "station/money.h"
#include "station/units.h"
#include "store/product.h"
#include "tui/screens/kiosk.h"
#include "tui/screens/record.h"
#include "tui/screens/screens.h"
#include "tui/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct register_list {
	struct yz_list list;
	const struct yz_view_ops *form;
};

static void unit_name(const struct yz_units *units, const char *code, char *out, size_t size)
{
	const struct yz_unit_row *u = units ? yz_units_find(units, code) : NULL;

	(void)yz_copy(out, size, u ? u->name : code);
}

static void fill_product(
        const struct yz_units *units, const struct yz_product *p, struct yz_list_row *row)
{
	char kg[YZ_WEIGHT_TEXT_SIZE], text[80] = "", unit[24], money[YZ_MONEY_TEXT_SIZE];

	row->id = p->id;
	(void)yz_copy(row->key, sizeof(row->key), p->item_no);
	unit_name(units, p->unit, unit, sizeof(unit));
	yz_list_cell(row, 0, p->item_no);
	yz_list_cell(row, 1, p->name);
	if (p->content_g)
		(void)snprintf(text, sizeof(text), "%s kg", yz_weight_kg(p->content_g, kg));
	yz_list_cell(row, 2, unit);
	yz_list_cell(row, 3, text);
	yz_list_cell(row, 4, p->price_fen ? yz_money_text(p->price_fen, money) : "");
}

static enum yz_status products_page(void *owner, const char *filter, size_t offset, size_t limit,
        struct yz_list_page *page, struct yz_error *err)
{
	const struct yz_kiosk *k = owner;
	const struct yz_units *units = NULL;
	struct yz_product *rows = yz_alloc(limit * sizeof(*rows));
	size_t n = 0, total = 0;
	enum yz_status st = yz_product_find(k->store, filter, offset, rows, limit, &n, &total, err);

	if (st == YZ_OK) {
		(void)yz_books_units(k->books, &units, NULL); /* without them codes are shown */
		for (size_t i = 0; i < n; i++)
			fill_product(units, &rows[i], &page->rows[i]);
		page->count = n;
		page->total = total;
	}
	free(rows);
	return st;
}

static const struct yz_list_column product_columns[] = {
        {N_("Item no."), 16, false},
        {N_("Item name"), 0, false},
        {N_("Unit"), 6, false},
        {N_("Content"), 11, true},
        {N_("Yuan"), 10, true},
};
const struct yz_list_source yz_products_source = {
        "products", product_columns, 5, products_page, false, NULL};

static bool open_list(
        struct yz_view *v, const struct yz_list_source *source, const struct yz_view_ops *form)
{
	struct register_list *l = v->state;

	l->form = form;
	yz_list_init(&l->list, source, v->app, yz_kiosk(v));
	return true;
}

static bool farmers_open(struct yz_view *v, const void *arg)
{
	(void)arg;
	return open_list(v, &yz_farmers_source, &yz_view_farmer);
}

static bool products_open(struct yz_view *v, const void *arg)
{
	(void)arg;
	return open_list(v, &yz_products_source, &yz_view_product);
}

static bool contacts_open(struct yz_view *v, const void *arg)
{
	(void)arg;
	return open_list(v, &yz_contacts_source, &yz_view_contact);
}

static void list_draw(const struct yz_view *v, struct yz_canvas *c)
{
	yz_list_draw(&((const struct register_list *)v->state)->list, c);
}

/* A saved record may not match what was searched: the whole list shows it. */
static void form_closed(struct yz_view *v, const struct yz_answer *a)
{
	struct register_list *l = v->state;

	if (a->code)
		yz_list_search(&l->list, "");
}

static void open_form(struct yz_view *v, const struct yz_list_row *row)
{
	struct register_list *l = v->state;
	struct yz_record_arg arg = {.name = NULL};

	if (row)
		arg.id = row->id;
	else if ((unsigned char)l->list.filter[0] >= 0x80) /* Chinese: a name, no initials */
		arg.name = l->list.filter;
	(void)yz_view_push(v->app, l->form, &arg, form_closed);
}

static unsigned list_act(struct yz_view *v, enum yz_action a)
{
	struct register_list *l = v->state;

	switch (a) {
	case YZ_ACT_OPEN:
		open_form(v, yz_list_row(&l->list));
		return YZ_NEED_DRAW;
	case YZ_ACT_NEW:
		open_form(v, NULL);
		return YZ_NEED_DRAW;
	case YZ_ACT_QUERY:
		yz_list_search(&l->list, "");
		return YZ_NEED_DRAW;
	default:
		return yz_list_act(&l->list, a);
	}
}

static unsigned list_key(struct yz_view *v, const struct yz_keypress *k)
{
	return yz_list_key(&((struct register_list *)v->state)->list, k);
}

static unsigned list_event(struct yz_view *v, enum yz_event e)
{
	if (e == YZ_EVENT_STORE || e == YZ_EVENT_RESUME)
		yz_list_refresh(&((struct register_list *)v->state)->list);
	return YZ_NEED_DRAW;
}

static void list_hint(const struct yz_view *v, char *out, size_t size)
{
	const struct register_list *l = v->state;

	(void)yz_copy(out, size,
	        l->list.total ? _("Type to find: name, initials, number. Enter opens; Ins or "
	                          "Ctrl-N: a new one.")
	                      : _("Nothing here: Enter, Ins or Ctrl-N makes a new one."));
}

static void list_position(const struct yz_view *v, char *out, size_t size)
{
	yz_list_position(&((const struct register_list *)v->state)->list, out, size);
}

static void list_close(struct yz_view *v)
{
	yz_list_fini(&((struct register_list *)v->state)->list);
}

static const struct yz_binding registers_keys[] = {
        {YZ_KEY_INSERT, YZ_ACT_NEW, N_("New")},
        {YZ_CTRL('N'), YZ_ACT_NEW, NULL},
        {YZ_KEY_F3, YZ_ACT_QUERY, N_("Find")},
        {YZ_KEY_F5, YZ_ACT_REFRESH, N_("Refresh")},
        {0, YZ_ACT_NONE, NULL},
};
const struct yz_keymap yz_keymap_registers = {&yz_keymap_list, registers_keys};

#define LIST_VIEW(view_name, view_title, view_open)                                         \
	{                                                                                   \
		.name = (view_name), .title = (view_title),                                 \
		.state_size = sizeof(struct register_list), .keymap = &yz_keymap_registers, \
		.open = (view_open), .draw = list_draw, .act = list_act, .key = list_key,   \
		.event = list_event, .hint = list_hint, .position = list_position,          \
		.close = list_close                                                         \
	}

const struct yz_view_ops yz_view_farmers = LIST_VIEW("farmers", N_("Farmers"), farmers_open);
const struct yz_view_ops yz_view_products = LIST_VIEW("products", N_("Products"), products_open);
const struct yz_view_ops yz_view_contacts = LIST_VIEW("contacts", N_("Contacts"), contacts_open);
