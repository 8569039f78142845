#include "config.h"

#include "print/layout.h"

#include "base/buf.h"
#include "print/symbol.h"
#include "print/type.h"
#include "print/value.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct layout {
	const struct yz_template *t;
	const struct yz_fields *fields;
	struct yz_type *type;
	struct yz_display d;
	struct yz_error *err;
	bool masked;

	/* where the pen is: top of the row (0 outside repeat), top of the element before, lowest
	 * dot so far */
	int origin, before, lowest;
	const char *group; /* repeat: its group and row, else NULL */
	size_t row;
};

struct box {
	int x, y, w, h;
};

__attribute__((format(printf, 4, 5))) static enum yz_status fail_at(
        struct layout *l, const struct yz_item *item, enum yz_status st, const char *fmt, ...)
{
	char why[220];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	(void)yz_fail(
	        l->err, st, "%s:%d: %s: %s", l->t->path, item->line, yz_item_name(item->kind), why);
	if (l->err && st == YZ_E_RANGE)
		l->err->say =
		        N_("Something is too long for the paper. Shorten it and print again.");
	else if (l->err && st == YZ_E_NOTFOUND)
		l->err->say = N_("The paper cannot be printed without a value that is missing.");
	return st;
}

static const char *field_value(const struct layout *l, const char *name)
{
	size_t n = l->group ? strlen(l->group) : 0;
	char full[160];

	if (n && !strncmp(name, l->group, n) && name[n] == '.' &&
	        !isdigit((unsigned char)name[n + 1])) {
		(void)snprintf(full, sizeof(full), "%s.%zu%s", l->group, l->row, name + n);
		name = full;
	}
	return yz_fields_get(l->fields, name);
}

/* The name of the item's field for messages, or "its words". */
static const char *what(const struct yz_item *item)
{
	for (size_t i = 0; i < item->part_count; i++)
		if (item->parts[i].field)
			return item->parts[i].field;
	return "the words";
}

static void name_field(struct layout *l, const struct yz_item *item)
{
	if (l->err)
		(void)snprintf(l->err->field, sizeof(l->err->field), "%s", what(item));
}

static enum yz_status fail_empty(struct layout *l, const struct yz_item *item, const char *field)
{
	(void)fail_at(l, item, YZ_E_NOTFOUND, "%s is empty and this paper needs it", field);
	if (l->err)
		(void)snprintf(l->err->field, sizeof(l->err->field), "%s", field);
	return YZ_E_NOTFOUND;
}

static enum yz_status item_text(struct layout *l, const struct yz_item *item, struct yz_buf *out)
{
	for (size_t i = 0; i < item->part_count; i++) {
		const struct yz_part *p = &item->parts[i];
		const char *value;
		struct yz_error why = {0};
		enum yz_status st;

		if (p->words) {
			yz_buf_puts(out, p->words);
			continue;
		}
		value = field_value(l, p->field);
		if (item->required && (!value || !*value))
			return fail_empty(l, item, p->field);
		st = yz_value_add(out, (enum yz_value_format)p->format, value, l->masked, &why);
		if (st != YZ_OK) {
			(void)fail_at(l, item, st, "%s: %s", p->field, why.text);
			name_field(l, item);
			return st;
		}
	}
	return YZ_OK;
}

/* x and w from the edges, so that neighbours that touch in mm touch in dots */
static struct box place(const struct layout *l, const struct yz_item *item)
{
	struct yz_res r = l->d.res;
	int from = item->place == YZ_PLACE_AT      ? l->origin
	           : item->place == YZ_PLACE_BELOW ? l->lowest
	                                           : l->before;
	struct box b = {yz_res_dots(r, item->x_um), from + yz_res_dots(r, item->y_um), 0, 0};

	b.w = yz_res_dots(r, item->x_um + item->w_um) - b.x;
	if (item->place == YZ_PLACE_AT)
		b.h = yz_res_dots(r, item->y_um + item->h_um) - yz_res_dots(r, item->y_um);
	else
		b.h = yz_res_dots(r, item->h_um);
	/* a page ends within its last dot: what touches the edge in mm stays on it */
	if (b.x + b.w == l->d.w + 1)
		b.w--;
	if (l->d.h && b.y + b.h == l->d.h + 1)
		b.h--;
	return b;
}

/* Moves the pen over a box that is filled. */
static enum yz_status advance(struct layout *l, const struct yz_item *item, const struct box *b)
{
	l->before = b->y;
	if (b->y + b->h > l->lowest)
		l->lowest = b->y + b->h;
	if (b->x + b->w > l->d.w || (l->d.h && b->y + b->h > l->d.h) ||
	        b->y + b->h > yz_res_dots(l->d.res, YZ_PAGE_UM_MAX))
		return fail_at(l, item, YZ_E_RANGE, "%s: off the page", what(item));
	return YZ_OK;
}

/* Finds the size at which text fits into b; b->h of 0 grows instead. */
static enum yz_status fit_text(struct layout *l, const struct yz_item *item,
        struct yz_type_text *text, struct box *b, struct yz_type_extent *e)
{
	int least = yz_res_dots(l->d.res, item->min_um);

	if (item->overflow != YZ_OVERFLOW_SHRINK || least > text->size)
		least = text->size;
	for (;; text->size--) {
		*e = yz_type_measure(l->type, text);
		if (e->missing) {
			(void)fail_at(l, item, YZ_E_GLYPH, "%s: no installed font has U+%04X",
			        what(item), (unsigned)e->missing);
			name_field(l, item);
			return YZ_E_GLYPH;
		}
		if (item->h_um == YZ_UM_AUTO)
			b->h = e->h;
		if ((e->h <= b->h && e->w <= b->w) || text->size <= least)
			break;
	}
	if ((e->h <= b->h && e->w <= b->w) || item->overflow == YZ_OVERFLOW_CLIP)
		return YZ_OK;
	(void)fail_at(l, item, YZ_E_RANGE, "%s: too long for its box even at %d dots a letter",
	        what(item), text->size);
	name_field(l, item);
	return YZ_E_RANGE;
}

static enum yz_status lay_text(struct layout *l, const struct yz_item *item, const char *words)
{
	struct box b = place(l, item);
	struct yz_type_text text = {words, yz_res_dots(l->d.res, item->size_um), b.w,
	        item->overflow == YZ_OVERFLOW_CLIP ? b.h : 0, item->bold, item->align};
	struct yz_type_extent e;
	struct yz_mark *m;
	enum yz_status st;

	if (!*words) {
		l->before = b.y;
		return YZ_OK;
	}
	st = fit_text(l, item, &text, &b, &e);
	if (st != YZ_OK)
		return st;
	m = yz_display_add(&l->d, YZ_MARK_TEXT);
	m->x = b.x;
	m->y = b.y;
	if (item->valign != YZ_VALIGN_TOP && e.h < b.h)
		m->y += item->valign == YZ_VALIGN_MIDDLE ? (b.h - e.h) / 2 : b.h - e.h;
	m->w = b.w;
	m->h = b.h;
	m->white = item->white;
	m->text = yz_strdup(words);
	m->size = text.size;
	m->bold = item->bold;
	m->clip = item->overflow == YZ_OVERFLOW_CLIP;
	m->align = item->align;
	return advance(l, item, &b);
}

/* Dark modules of one row as bars, module dots wide. */
static void add_bars(
        struct yz_display *d, const struct yz_symbol *s, int row, const struct box *b, int module)
{
	const uint8_t *dark = s->dark + (size_t)row * (size_t)s->cols;

	for (int c = 0; c < s->cols;) {
		int from = c;

		while (c < s->cols && dark[c] == dark[from])
			c++;
		if (dark[from])
			yz_display_rect(d, b->x + from * module, b->y, (c - from) * module, b->h);
	}
}

static enum yz_status lay_symbol(struct layout *l, const struct yz_item *item, const char *words)
{
	bool is_qr = item->kind == YZ_ITEM_QR;
	struct box b = place(l, item), bars;
	struct yz_symbol s = {0};
	struct yz_error why = {0};
	int module, least = yz_res_dots(l->d.res, item->module_um);
	enum yz_status st =
	        yz_symbol_make(&s, is_qr ? YZ_SYMBOL_QR : YZ_SYMBOL_CODE128, words, &why);

	if (st != YZ_OK)
		return fail_at(l, item, st, "%s: %s", what(item), why.text);
	if (is_qr)
		b.h = b.w;
	module = yz_symbol_module(&s, b.w, b.h);
	if (module < least || !module) {
		st = fail_at(l, item, YZ_E_RANGE,
		        "%s: %d modules need %d dots at %d a module, the box has %d", what(item),
		        s.cols + 2 * s.quiet_x, (s.cols + 2 * s.quiet_x) * least, least, b.w);
		goto done;
	}
	bars = b;
	bars.x += (b.w - s.cols * module) / 2;
	if (is_qr) {
		bars.y += (b.h - s.rows * module) / 2;
		bars.h = module;
	}
	for (int r = 0; r < s.rows; r++, bars.y += bars.h)
		add_bars(&l->d, &s, r, &bars, module);
	st = advance(l, item, &b);
done:
	yz_symbol_free(&s);
	return st;
}

static int at_least_one(int dots)
{
	return dots > 0 ? dots : 1;
}

static enum yz_status lay_line(struct layout *l, const struct yz_item *item)
{
	struct box b = place(l, item);
	int thick = at_least_one(yz_res_dots(l->d.res, item->thick_um));
	int dash = yz_res_dots(l->d.res, item->dash_um), length;
	bool across = item->w_um > 0;

	length = across ? b.w : b.h;
	*(across ? &b.h : &b.w) = thick;
	if (b.x + b.w > l->d.w)
		b.x = l->d.w - b.w; /* a line along the edge is on the page */
	if (l->d.h && b.y + b.h > l->d.h)
		b.y = l->d.h - b.h;
	for (int from = 0; from < length; from += dash ? dash * 2 : length) {
		int part = dash && from + dash < length ? dash : length - from;

		yz_display_rect(&l->d, across ? b.x + from : b.x, across ? b.y : b.y + from,
		        across ? part : thick, across ? thick : part);
	}
	return advance(l, item, &b);
}

static enum yz_status lay_rect(struct layout *l, const struct yz_item *item)
{
	struct box b = place(l, item);
	int thick = at_least_one(yz_res_dots(l->d.res, item->thick_um));

	if (item->fill || 2 * thick >= b.w || 2 * thick >= b.h) {
		yz_display_rect(&l->d, b.x, b.y, b.w, b.h);
		return advance(l, item, &b);
	}
	yz_display_rect(&l->d, b.x, b.y, b.w, thick);
	yz_display_rect(&l->d, b.x, b.y + b.h - thick, b.w, thick);
	yz_display_rect(&l->d, b.x, b.y + thick, thick, b.h - 2 * thick);
	yz_display_rect(&l->d, b.x + b.w - thick, b.y + thick, thick, b.h - 2 * thick);
	return advance(l, item, &b);
}

static enum yz_status lay_items(struct layout *l, const struct yz_item *items, size_t count);

static enum yz_status lay_if(struct layout *l, const struct yz_item *item)
{
	const char *value = field_value(l, item->field);
	bool holds = yz_value_is_set(value);

	if (item->is)
		holds = !strcmp(value ? value : "", item->is);
	if (item->empty)
		holds = !holds;
	return holds ? lay_items(l, item->children, item->child_count) : YZ_OK;
}

static enum yz_status lay_repeat(struct layout *l, const struct yz_item *item)
{
	size_t rows = yz_fields_repeats(l->fields, item->field);
	int top = place(l, item).y, outer = l->origin;
	enum yz_status st = YZ_OK;

	l->group = item->field;
	l->before = top;
	for (l->row = 0; l->row < rows && st == YZ_OK; l->row++) {
		l->origin = top;
		if (l->lowest < top)
			l->lowest = top;
		st = lay_items(l, item->children, item->child_count);
		if (item->pitch_um == YZ_UM_AUTO)
			top = l->lowest;
		else
			top += yz_res_dots(l->d.res, item->pitch_um);
	}
	l->group = NULL;
	l->origin = outer;
	return st;
}

static enum yz_status lay_item(struct layout *l, const struct yz_item *item)
{
	struct yz_buf words = YZ_BUF_INIT;
	enum yz_status st = YZ_OK;

	switch (item->kind) {
	case YZ_ITEM_LINE:
		return lay_line(l, item);
	case YZ_ITEM_RECT:
		return lay_rect(l, item);
	case YZ_ITEM_IF:
		return lay_if(l, item);
	case YZ_ITEM_REPEAT:
		return lay_repeat(l, item);
	default:
		break;
	}
	st = item_text(l, item, &words);
	if (st == YZ_OK && item->kind == YZ_ITEM_TEXT)
		st = lay_text(l, item, yz_buf_str(&words));
	else if (st == YZ_OK)
		st = lay_symbol(l, item, yz_buf_str(&words));
	yz_buf_free(&words);
	return st;
}

static enum yz_status lay_items(struct layout *l, const struct yz_item *items, size_t count)
{
	enum yz_status st = YZ_OK;

	for (size_t i = 0; i < count && st == YZ_OK; i++)
		st = lay_item(l, &items[i]);
	return st;
}

/* Whole dots on a length of paper: rounded down, as CUPS does, so that a page is never longer than
 * its medium. */
static int page_dots(struct yz_res res, int um)
{
	return (int)((int64_t)um * res.dots / res.um);
}

/* An automatic height rounds up to whole points: office printers' sizes are whole points. */
static void close_page(struct layout *l)
{
	struct yz_page *p = &l->d.page;
	int64_t um = (int64_t)l->lowest * l->d.res.um / l->d.res.dots + 1;
	int64_t points = (um * 72 + 25399) / 25400;

	p->width_um = l->t->width_um;
	p->height_um = l->t->height_um > 0 ? l->t->height_um : (int)((points * 25400 + 36) / 72);
	if (l->t->height_um > 0)
		(void)snprintf(p->media, sizeof(p->media), "%s", l->t->media);
	else
		(void)snprintf(p->media, sizeof(p->media), "%.50s_%gx%.2fmm", l->t->media,
		        p->width_um / 1000.0, p->height_um / 1000.0);
	l->d.h = page_dots(l->d.res, p->height_um);
}

enum yz_status yz_layout(struct yz_display *out, const struct yz_template *t,
        const struct yz_fields *fields, struct yz_res res, struct yz_error *err)
{
	struct layout l = {.t = t, .fields = fields, .err = err};
	const char *masked = yz_fields_get(fields, "masked");
	enum yz_status st = yz_type_open(&l.type, t->font, err);

	if (st != YZ_OK)
		return st;
	l.masked = !masked || strcmp(masked, "no") != 0;
	l.d.res = res;
	l.d.w = page_dots(res, t->width_um);
	l.d.h = t->height_um > 0 ? page_dots(res, t->height_um) : 0;
	l.d.font = t->font ? yz_strdup(t->font) : NULL;
	st = lay_items(&l, t->items, t->item_count);
	if (st == YZ_OK) {
		close_page(&l);
		*out = l.d;
	} else {
		yz_display_free(&l.d);
	}
	yz_type_close(l.type);
	return st;
}
