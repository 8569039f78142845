#include "config.h"

#include "print/sheets.h"

#include "base/clock.h"
#include "print/format.h"
#include "print/symbol.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	A4_W_UM = 210000,
	A4_H_UM = 297000,
	MARGIN_UM = 8000, /* more than any laser printer leaves white */
	COLS = 3,
	ROWS = 4,
	VERSION_25 = 117, /* modules a side */
	MODULE = 4,       /* dots; 0.5 mm */
	QUIET = 4 * MODULE,
	LABEL = 20, /* em of a code's number, dots */
	LABEL_H = 26
};

_Static_assert(COLS *ROWS == YZ_PIECES_A_PAGE, "a page full of codes");

static void text(struct yz_display *d, const char *words, int x, int y, int w, int size)
{
	struct yz_mark *m = yz_display_add(d, YZ_MARK_TEXT);

	m->x = x;
	m->y = y;
	m->w = w;
	m->h = size * 3 / 2;
	m->clip = true;
	m->size = size;
	m->text = yz_strdup(words);
}

/* Where the heading ends. */
static int heading(struct yz_display *d, const struct yz_sheets *s, size_t page, int margin)
{
	size_t first, n = yz_pieces_of_page(s->codes->count, page, &first);
	char line[512], date[16], time[8], check[YZ_PIECE_CHECK_SIZE];
	int w = d->w - 2 * margin, y = margin;

	yz_clock_date(s->created_ms, date, sizeof(date));
	yz_clock_hhmm(s->created_ms, time, sizeof(time));
	yz_pieces_check(s->codes, page, check);
	(void)snprintf(line, sizeof(line), "%s（%s）待传记录", s->station_name, s->station_id);
	text(d, line, margin, y, w * 3 / 4, 40);
	d->marks[d->count - 1].bold = true;
	(void)snprintf(line, sizeof(line), "第 %zu 页，共 %zu 页", page + 1, s->codes->pages);
	text(d, line, margin, y, w, 40);
	d->marks[d->count - 1].bold = true;
	d->marks[d->count - 1].align = YZ_ALIGN_RIGHT;
	y += 54;
	(void)snprintf(line, sizeof(line),
	        "制作 %s %s   记录 %zu 条   包号 %s   本页二维码 %zu–%zu，共 %zu   本页校验 %s",
	        date, time, s->operations, s->codes->id, first + 1, first + n, s->codes->count,
	        check);
	text(d, line, margin, y, w, 26);
	y += 36;
	text(d,
	        "内容已加密，只有中心能打开。逐个扫描，或整页扫描（200 dpi "
	        "以上）；先后不限，重复无妨。线路恢复后站点照常上传，不会重复入账。",
	        margin, y, w, 22);
	return y + 34;
}

static void paint_code(struct yz_display *d, const struct yz_symbol *c, int x, int y)
{
	for (int r = 0; r < c->rows; r++) {
		const uint8_t *row = c->dark + (size_t)r * (size_t)c->cols;

		for (int from = 0, to; from < c->cols; from = to) {
			for (to = from + 1; to < c->cols && row[to] == row[from]; to++)
				;
			if (row[from])
				yz_display_rect(d, x + from * MODULE, y + r * MODULE,
				        (to - from) * MODULE, MODULE);
		}
	}
}

/* Code i of the bundle in the k-th place of a page whose codes begin at top. */
static enum yz_status place(struct yz_display *d, const struct yz_sheets *s, size_t i, int k,
        int top, struct yz_error *err)
{
	const int side = VERSION_25 * MODULE, margin = yz_res_dots(d->res, MARGIN_UM);
	const int gap_x = (d->w - 2 * margin - COLS * side) / (COLS - 1);
	const int pitch_y = (d->h - margin - top) / ROWS;
	int x = margin + k % COLS * (side + gap_x), y = top + k / COLS * pitch_y;
	struct yz_symbol code;
	char label[32];
	enum yz_status st = yz_symbol_make(&code, YZ_SYMBOL_QR, s->codes->texts[i], err);

	if (st != YZ_OK)
		return st;
	(void)snprintf(label, sizeof(label), "%zu / %zu", i + 1, s->codes->count);
	text(d, label, x, y, side, LABEL);
	if (code.cols > VERSION_25)
		st = yz_fail(err, YZ_E_RANGE, "code %zu has %d modules a side", i + 1, code.cols);
	else
		paint_code(d, &code, x, y + LABEL_H + QUIET);
	yz_symbol_free(&code);
	return st;
}

static enum yz_status lay_out(
        struct yz_display *d, const struct yz_sheets *s, size_t page, struct yz_error *err)
{
	size_t first, n = yz_pieces_of_page(s->codes->count, page, &first);
	enum yz_status st = YZ_OK;
	int top;

	d->page = (struct yz_page){A4_W_UM, A4_H_UM, "iso_a4_210x297mm"};
	d->res = yz_format_pdf.res;
	d->w = yz_res_dots(d->res, A4_W_UM);
	d->h = yz_res_dots(d->res, A4_H_UM);
	top = heading(d, s, page, yz_res_dots(d->res, MARGIN_UM));
	for (size_t k = 0; k < n && st == YZ_OK; k++)
		st = place(d, s, first + k, (int)k, top, err);
	return st;
}

enum yz_status yz_sheets_pdf(struct yz_buf *out, const struct yz_sheets *s, struct yz_error *err)
{
	struct yz_display *pages = yz_alloc(s->codes->pages * sizeof(*pages));
	enum yz_status st = YZ_OK;

	for (size_t i = 0; i < s->codes->pages && st == YZ_OK; i++)
		st = lay_out(&pages[i], s, i, err);
	if (st == YZ_OK)
		st = yz_format_pdf.encode(pages, s->codes->pages, out, err);
	for (size_t i = 0; i < s->codes->pages; i++)
		yz_display_free(&pages[i]);
	free(pages);
	return st;
}
