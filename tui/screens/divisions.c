/* Choosing a place: province, city, county, town, village. Enter goes down, F2 takes the row,
 * Backspace goes up. At the top, what is typed also finds cities and counties of the whole country.
 */
#include "config.h"

#include "base/buf.h"
#include "station/divisions.h"
#include "station/pinyin.h"
#include "tui/screens/kiosk.h"
#include "tui/screens/screens.h"
#include "tui/words.h"

#include <stdio.h>
#include <string.h>

struct places {
	struct yz_list list;
	const struct yz_divisions *divisions; /* borrowed from the books */
	char code[13];                        /* whose children are listed; "" is the country */
};

enum { CHILDREN_MAX = 1200 };

struct hits {
	const struct yz_division *rows[YZ_LIST_ROWS_MAX];
	size_t offset, limit, count, total;
};

static void take(struct hits *h, const struct yz_division *d)
{
	if (h->total++ >= h->offset && h->count < h->limit)
		h->rows[h->count++] = d;
}

static bool matches(const char *name, const char *filter)
{
	return strstr(name, filter) || yz_pinyin_match(name, filter);
}

/* Provinces, cities and counties, walked by their links: 3,200 names, some milliseconds. */
static void search_country(const struct yz_divisions *d, const struct yz_division *first,
        const char *filter, struct hits *h)
{
	for (const struct yz_division *p = first; p; p = p->next) {
		if (!p->is_placeholder && matches(p->name, filter))
			take(h, p);
		if (p->level < YZ_DIVISION_COUNTY)
			search_country(d, p->child, filter, h);
	}
}

static const struct yz_division *first_province(const struct yz_divisions *d)
{
	return yz_divisions_find(d, "11");
}

const struct yz_division *yz_place_find(const struct yz_divisions *d, const char *text)
{
	struct hits h = {.limit = YZ_LIST_ROWS_MAX};
	const struct yz_division *found = NULL;

	search_country(d, first_province(d), text, &h);
	for (size_t i = 0; i < h.count; i++) {
		bool begins = !strncmp(h.rows[i]->name, text, strlen(text)) ||
		              (unsigned char)text[0] < 0x80;

		if (!begins || h.rows[i]->level < YZ_DIVISION_COUNTY)
			continue;
		if (found)
			return NULL;
		found = h.rows[i];
	}
	return found;
}

static enum yz_status places_page(void *owner, const char *filter, size_t offset, size_t limit,
        struct yz_list_page *page, struct yz_error *err)
{
	const struct places *p = owner;
	const struct yz_division *children[CHILDREN_MAX];
	struct hits h = {.offset = offset, .limit = limit};

	(void)err;
	if (!p->code[0] && *filter) {
		search_country(p->divisions, first_province(p->divisions), filter, &h);
	} else {
		size_t n = *filter ? yz_divisions_search(
		                             p->divisions, p->code, filter, children, CHILDREN_MAX)
		                   : yz_divisions_children(
		                             p->divisions, p->code, children, CHILDREN_MAX);

		for (size_t i = 0; i < n && i < CHILDREN_MAX; i++)
			take(&h, children[i]);
	}
	for (size_t i = 0; i < h.count; i++) {
		struct yz_list_row *r = &page->rows[page->count++];
		char full[244];

		yz_divisions_full_name(p->divisions, h.rows[i]->code, full, sizeof(full));
		(void)yz_copy(r->key, sizeof(r->key), h.rows[i]->code);
		yz_list_cell(r, 0, h.rows[i]->name);
		yz_list_cell(r, 1, h.rows[i]->code);
		yz_list_cell(r, 2, full);
	}
	page->total = h.total;
	return YZ_OK;
}

static const struct yz_list_column columns[] = {
        {N_("Place"), 22, false},
        {N_("Code"), 12, false},
        {N_("In full"), 0, false},
};
static const struct yz_list_source source = {"divisions", columns, 3, places_page, false, NULL};

static void show(struct yz_view *v, const char *code)
{
	struct places *p = v->state;
	char full[244] = "";

	(void)yz_copy(p->code, sizeof(p->code), code);
	yz_divisions_full_name(p->divisions, code, full, sizeof(full));
	(void)snprintf(v->title, sizeof(v->title), _("Choose a place  %.60s"),
	        *code ? full : _("(whole country)"));
	yz_list_search(&p->list, "");
}

static bool places_open(struct yz_view *v, const void *arg)
{
	const struct yz_place_arg *a = arg;
	struct places *p = v->state;
	struct yz_error err = {0};

	if (yz_books_divisions(yz_kiosk(v)->books, &p->divisions, &err) != YZ_OK) {
		yz_say_error(v->app, &err);
		return false;
	}
	yz_list_init(&p->list, &source, v->app, p);
	show(v, a->code);
	if (a->filter[0])
		yz_list_search(&p->list, a->filter);
	return true;
}

static void places_draw(const struct yz_view *v, struct yz_canvas *c)
{
	yz_list_draw(&((const struct places *)v->state)->list, c);
}

static unsigned choose(struct yz_view *v)
{
	const struct yz_list_row *row = yz_list_row(&((struct places *)v->state)->list);

	if (!row || strlen(row->key) < 6) {
		yz_say(v->app, YZ_SAY_WARN, "%s",
		        _("Go down to the county at least: Enter opens a place."));
		return YZ_NEED_DRAW;
	}
	v->answer.code = 1;
	(void)yz_copy(v->answer.text, sizeof(v->answer.text), row->key);
	return YZ_NEED_CLOSE;
}

/* One level down; where there is none, Enter takes the place. */
static unsigned descend(struct yz_view *v)
{
	struct places *p = v->state;
	const struct yz_list_row *row = yz_list_row(&p->list);
	const struct yz_division *child[1];
	char code[13];

	if (!row)
		return YZ_NEED_DRAW;
	(void)yz_copy(code, sizeof(code), row->key);
	if (yz_divisions_children(p->divisions, code, child, 1) == 0)
		return choose(v);
	show(v, code);
	return YZ_NEED_DRAW;
}

static void ascend(struct yz_view *v)
{
	struct places *p = v->state;
	const struct yz_division *d = yz_divisions_find(p->divisions, p->code);

	if (!d)
		return;
	d = d->parent;
	while (d && d->is_placeholder)
		d = d->parent;
	show(v, d && d->level > YZ_DIVISION_COUNTRY ? d->code : "");
}

static unsigned places_act(struct yz_view *v, enum yz_action a)
{
	struct places *p = v->state;

	if (a == YZ_ACT_SAVE)
		return choose(v);
	if (a == YZ_ACT_OPEN)
		return descend(v);
	if (a == YZ_ACT_BACK && p->list.filter[0]) {
		yz_list_search(&p->list, "");
		return YZ_NEED_DRAW;
	}
	return yz_list_act(&p->list, a);
}

static unsigned places_key(struct yz_view *v, const struct yz_keypress *k)
{
	struct places *p = v->state;

	if ((k->key == YZ_KEY_BACKSPACE && !p->list.filter[0]) || k->key == YZ_KEY_LEFT) {
		ascend(v);
		return YZ_NEED_DRAW;
	}
	if (k->key == YZ_KEY_RIGHT)
		return descend(v);
	return yz_list_key(&p->list, k);
}

static void places_hint(const struct yz_view *v, char *out, size_t size)
{
	(void)v;
	(void)yz_copy(out, size,
	        _("Type Chinese or initials; Enter goes down, Backspace up; F2 takes the row."));
}

static void places_position(const struct yz_view *v, char *out, size_t size)
{
	yz_list_position(&((const struct places *)v->state)->list, out, size);
}

static void places_close(struct yz_view *v)
{
	yz_list_fini(&((struct places *)v->state)->list);
}

static const struct yz_binding places_keys[] = {
        {YZ_KEY_F2, YZ_ACT_SAVE, N_("Choose")},
        {0, YZ_ACT_NONE, NULL},
};
const struct yz_keymap yz_keymap_divisions = {&yz_keymap_list, places_keys};

const struct yz_view_ops yz_view_divisions = {
        .name = "divisions",
        .title = N_("Choose a place"),
        .state_size = sizeof(struct places),
        .keymap = &yz_keymap_divisions,
        .open = places_open,
        .draw = places_draw,
        .act = places_act,
        .key = places_key,
        .hint = places_hint,
        .position = places_position,
        .close = places_close,
};
