#include "config.h"

#include "tui/list.h"

#include "base/buf.h"
#include "base/text.h"
#include "tui/frame.h"
#include "tui/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* rows of the body that are not list rows: the heading and the filter */
enum { FURNITURE = 2, PAGE_MIN = YZ_SCREEN_ROWS_MIN - YZ_FRAME_TOP - YZ_FRAME_BOTTOM - FURNITURE };

static void free_rows(struct yz_list_row *rows)
{
	if (!rows)
		return;
	for (size_t i = 0; i < YZ_LIST_ROWS_MAX; i++)
		for (size_t c = 0; c < YZ_LIST_COLS_MAX; c++)
			free(rows[i].cells[c]);
	free(rows);
}

void yz_list_cell(struct yz_list_row *row, size_t column, const char *text)
{
	free(row->cells[column]);
	row->cells[column] = yz_strdup(text);
	yz_text_clean(row->cells[column]);
}

static bool load(struct yz_list *l, size_t offset)
{
	struct yz_list_page page = {yz_alloc(YZ_LIST_ROWS_MAX * sizeof(*page.rows)), 0, 0};
	struct yz_error err = {0};

	if (l->source->page(l->owner, l->filter, offset, (size_t)l->height, &page, &err) != YZ_OK) {
		free_rows(page.rows);
		if (l->app)
			yz_say_error(l->app, &err);
		return false;
	}
	free_rows(l->rows);
	l->rows = page.rows;
	l->count = page.count;
	l->total = page.total;
	l->offset = offset;
	return true;
}

/* Brings the page that holds the cursor, moving as little as possible. */
static void show_cursor(struct yz_list *l)
{
	size_t height = (size_t)l->height;

	if (l->total == 0)
		l->at = 0;
	else if (l->at >= l->total)
		l->at = l->total - 1;
	if (l->at < l->offset)
		(void)load(l, l->at);
	else if (l->at >= l->offset + height)
		(void)load(l, l->at - height + 1);
}

static void fit_height(struct yz_list *l)
{
	int rows = l->app ? l->app->rows : 0;

	l->height = rows > YZ_SCREEN_ROWS_MIN ? PAGE_MIN + rows - YZ_SCREEN_ROWS_MIN : PAGE_MIN;
	l->height -= l->above;
	if (l->height > YZ_LIST_ROWS_MAX)
		l->height = YZ_LIST_ROWS_MAX;
}

void yz_list_init(
        struct yz_list *l, const struct yz_list_source *source, struct yz_app *app, void *owner)
{
	memset(l, 0, sizeof(*l));
	l->source = source;
	l->app = app;
	l->owner = owner;
	fit_height(l);
	(void)load(l, 0);
}

void yz_list_leave_rows(struct yz_list *l, int rows)
{
	l->above = rows;
	yz_list_refresh(l);
}

void yz_list_fini(struct yz_list *l)
{
	free_rows(l->rows);
	memset(l, 0, sizeof(*l));
}

static bool is_same(const struct yz_list_row *a, const struct yz_id *id, const char *key)
{
	return yz_id_is_none(id) ? key[0] && !strcmp(a->key, key) : yz_id_equal(&a->id, id);
}

void yz_list_refresh(struct yz_list *l)
{
	const struct yz_list_row *row = yz_list_row(l);
	struct yz_id id = {{0}};
	char key[sizeof(row->key)] = "";

	if (row) {
		id = row->id;
		(void)yz_copy(key, sizeof(key), row->key);
	}
	fit_height(l);
	if (!load(l, l->offset))
		return;
	for (size_t i = 0; i < l->count; i++)
		if (is_same(&l->rows[i], &id, key))
			l->at = l->offset + i;
	if (l->count == 0 && l->total > 0)
		(void)load(l, l->total > (size_t)l->height ? l->total - (size_t)l->height : 0);
	show_cursor(l);
}

static void refilter(struct yz_list *l)
{
	l->at = 0;
	(void)load(l, 0);
}

void yz_list_search(struct yz_list *l, const char *filter)
{
	(void)yz_copy(l->filter, sizeof(l->filter), filter);
	yz_text_clean(l->filter);
	refilter(l);
}

static void move_to(struct yz_list *l, size_t at)
{
	l->at = at;
	show_cursor(l);
}

unsigned yz_list_act(struct yz_list *l, enum yz_action a)
{
	size_t page = (size_t)l->height, last = l->total ? l->total - 1 : 0;

	switch (a) {
	case YZ_ACT_UP:
		move_to(l, l->at ? l->at - 1 : 0);
		break;
	case YZ_ACT_DOWN:
		move_to(l, l->at < last ? l->at + 1 : last);
		break;
	case YZ_ACT_PAGE_UP:
		move_to(l, l->at > page ? l->at - page : 0);
		break;
	case YZ_ACT_PAGE_DOWN:
		if (l->offset + page < l->total)
			(void)load(l, l->offset + page);
		move_to(l, l->at + page < last ? l->at + page : last);
		break;
	case YZ_ACT_FIRST:
		move_to(l, 0);
		break;
	case YZ_ACT_LAST:
		move_to(l, last);
		break;
	case YZ_ACT_ERASE:
		yz_list_search(l, "");
		break;
	case YZ_ACT_REFRESH:
		yz_list_refresh(l);
		break;
	default:
		return YZ_NEED_PASS;
	}
	return YZ_NEED_DRAW;
}

unsigned yz_list_key(struct yz_list *l, const struct yz_keypress *k)
{
	size_t len = strlen(l->filter);

	if (l->source->is_short)
		return YZ_NEED_NOTHING;
	if (k->key == YZ_KEY_BACKSPACE) {
		if (len == 0)
			return YZ_NEED_NOTHING;
		do
			len--;
		while (len > 0 && ((unsigned char)l->filter[len] & 0xC0) == 0x80);
		l->filter[len] = '\0';
	} else {
		if (k->key < 32 || k->key >= YZ_KEY_BASE || yz_char_cols(k->key) < 0 ||
		        len + 5 >= sizeof(l->filter) || (k->key == ' ' && len == 0))
			return YZ_NEED_NOTHING;
		l->filter[len + yz_utf8_put(k->key, l->filter + len)] = '\0';
	}
	refilter(l);
	return YZ_NEED_DRAW;
}

const struct yz_list_row *yz_list_row(const struct yz_list *l)
{
	return l->at >= l->offset && l->at < l->offset + l->count ? &l->rows[l->at - l->offset]
	                                                          : NULL;
}

void yz_list_position(const struct yz_list *l, char *out, size_t size)
{
	(void)snprintf(out, size, _("No. %zu of %zu"), l->total ? l->at + 1 : 0, l->total);
}

enum { NUMBER_COLS = 5, FIRST_COL = 8 };

static int column_cols(const struct yz_list *l, size_t i, int all)
{
	const struct yz_list_source *s = l->source;

	if (s->columns[i].cols)
		return s->columns[i].cols;
	all -= FIRST_COL;
	for (size_t c = 0; c < s->column_count; c++)
		all -= s->columns[c].cols + 1;
	return all > 4 ? all : 4;
}

static void draw_row(const struct yz_list *l, struct yz_canvas *c, int row, size_t i)
{
	const struct yz_list_row *r = &l->rows[i];
	bool is_at = l->offset + i == l->at;
	char number[24];
	int col = FIRST_COL;

	(void)snprintf(number, sizeof(number), "%zu", l->offset + i + 1);
	(void)yz_canvas_text(c, row, 1, 1, YZ_LOOK_NORMAL, is_at ? ">" : " ");
	yz_canvas_right(c, row, 2, NUMBER_COLS, is_at ? YZ_LOOK_MARK : YZ_LOOK_NORMAL, number);
	if (is_at)
		yz_canvas_cursor(c, row, 1);
	for (size_t k = 0; k < l->source->column_count; k++) {
		int cols = column_cols(l, k, c->cols);

		if (r->cells[k] && l->source->columns[k].is_right)
			yz_canvas_right(c, row, col, cols, r->look, r->cells[k]);
		else if (r->cells[k])
			(void)yz_canvas_text(c, row, col, cols, r->look, r->cells[k]);
		col += cols + 1;
	}
}

void yz_list_draw(const struct yz_list *l, struct yz_canvas *c)
{
	int col = FIRST_COL, at;

	for (size_t k = 0; k < l->source->column_count; k++) {
		int cols = column_cols(l, k, c->cols);
		const char *title = _(l->source->columns[k].title);

		if (l->source->columns[k].is_right)
			yz_canvas_right(c, 0, col, cols, YZ_LOOK_LABEL, title);
		else
			(void)yz_canvas_text(c, 0, col, cols, YZ_LOOK_LABEL, title);
		col += cols + 1;
	}
	for (size_t i = 0; i < l->count && (int)i + FURNITURE < c->rows; i++)
		draw_row(l, c, (int)i + 1, i);
	if (l->total == 0)
		(void)yz_canvas_text(c, 2, FIRST_COL, -1, YZ_LOOK_NORMAL,
		        l->filter[0]       ? _("Nothing matches. Ctrl-U empties the search.")
		        : l->source->empty ? _(l->source->empty)
		                           : _("There is nothing here yet."));
	if (l->source->is_short) {
		if (l->total == 0)
			yz_canvas_cursor(c, 2, FIRST_COL);
		return;
	}
	at = 1 + yz_canvas_text(c, c->rows - 1, 1, -1, YZ_LOOK_LABEL, _("Find:"));
	at += 1 + yz_canvas_text(c, c->rows - 1, at + 1, 40, YZ_LOOK_NORMAL, l->filter);
	if (l->total == 0)
		yz_canvas_cursor(c, c->rows - 1, at);
}
