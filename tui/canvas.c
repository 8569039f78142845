#include "config.h"

#include "tui/canvas.h"

#include "base/buf.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

void yz_grid_init(struct yz_grid *g)
{
	memset(g, 0, sizeof(*g));
	g->cursor_row = -1;
}

void yz_grid_fini(struct yz_grid *g)
{
	free(g->cells);
	yz_grid_init(g);
}

void yz_grid_reset(struct yz_grid *g, int rows, int cols)
{
	size_t n;

	rows = rows < 1 ? 1 : rows;
	cols = cols < 1 ? 1 : cols;
	n = (size_t)rows * (size_t)cols;
	if (rows != g->rows || cols != g->cols)
		g->cells = yz_realloc(g->cells, n * sizeof(*g->cells));
	g->rows = rows;
	g->cols = cols;
	g->cursor_row = -1;
	g->cursor_col = 0;
	for (size_t i = 0; i < n; i++)
		g->cells[i] = (struct yz_cell){' ', {0, 0}, YZ_LOOK_NORMAL};
}

struct yz_canvas yz_canvas_all(struct yz_grid *g)
{
	return (struct yz_canvas){g, 0, 0, g->rows, g->cols};
}

struct yz_canvas yz_canvas_part(const struct yz_canvas *c, int row, int col, int rows, int cols)
{
	struct yz_canvas part = {c->grid, c->row + row, c->col + col, rows, cols};

	if (row < 0 || col < 0 || row > c->rows || col > c->cols) {
		part.rows = part.cols = 0;
		return part;
	}
	part.rows = rows < c->rows - row ? rows : c->rows - row;
	part.cols = cols < c->cols - col ? cols : c->cols - col;
	if (part.rows < 0 || part.cols < 0)
		part.rows = part.cols = 0;
	return part;
}

static struct yz_cell *cell_at(struct yz_grid *g, int row, int col)
{
	return &g->cells[(size_t)row * (size_t)g->cols + (size_t)col];
}

/* A cell that is overwritten may be half of a wide character: its other half becomes a blank. */
static void put_cell(struct yz_grid *g, int row, int col, struct yz_cell cell)
{
	struct yz_cell *old = cell_at(g, row, col);

	if (old->c == 0 && col > 0)
		cell_at(g, row, col - 1)->c = ' ';
	if (col + 1 < g->cols && cell_at(g, row, col + 1)->c == 0)
		cell_at(g, row, col + 1)->c = ' ';
	*old = cell;
}

static void add_mark(struct yz_grid *g, int row, int col, int32_t mark)
{
	struct yz_cell *cell = cell_at(g, row, col);

	if (cell->c == 0 && col > 0)
		cell--;
	for (int i = 0; i < YZ_CELL_MARKS_MAX; i++) {
		if (!cell->marks[i]) {
			cell->marks[i] = mark;
			return;
		}
	}
}

int yz_canvas_text(
        struct yz_canvas *c, int row, int col, int cols, enum yz_look look, const char *s)
{
	int at = col, end, whole;
	bool cut;

	if (row < 0 || row >= c->rows || col < 0 || col >= c->cols)
		return 0;
	end = cols < 0 || cols > c->cols - col ? c->cols : col + cols;
	whole = yz_text_cols(s);
	cut = whole > end - col;
	if (cut)
		end--;
	for (int32_t ch; (ch = yz_utf8_next(&s)) != 0;) {
		int w = ch < 0 ? -1 : yz_char_cols(ch);

		if (w < 0) {
			ch = '?';
			w = 1;
		}
		if (w == 0) {
			if (at > col)
				add_mark(c->grid, c->row + row, c->col + at - 1, ch);
			continue;
		}
		if (at + w > end)
			break;
		put_cell(c->grid, c->row + row, c->col + at, (struct yz_cell){ch, {0, 0}, look});
		if (w == 2) {
			put_cell(c->grid, c->row + row, c->col + at + 1,
			        (struct yz_cell){' ', {0, 0}, look});
			cell_at(c->grid, c->row + row, c->col + at + 1)->c = 0;
			cell_at(c->grid, c->row + row, c->col + at)->c = ch;
		}
		at += w;
	}
	if (cut && end >= col)
		put_cell(c->grid, c->row + row, c->col + at++, (struct yz_cell){'~', {0, 0}, look});
	return at - col;
}

static void blanks(struct yz_canvas *c, int row, int from, int to, enum yz_look look)
{
	if (row < 0 || row >= c->rows)
		return;
	for (int at = from < 0 ? 0 : from; at < to && at < c->cols; at++)
		put_cell(c->grid, c->row + row, c->col + at, (struct yz_cell){' ', {0, 0}, look});
}

void yz_canvas_field(
        struct yz_canvas *c, int row, int col, int cols, enum yz_look look, const char *s)
{
	int used = yz_canvas_text(c, row, col, cols, look, s);

	blanks(c, row, col + used, col + cols, look);
}

void yz_canvas_right(
        struct yz_canvas *c, int row, int col, int cols, enum yz_look look, const char *s)
{
	int used = yz_text_cols(s), gap = used < cols ? cols - used : 0;

	blanks(c, row, col, col + gap, look);
	(void)yz_canvas_text(c, row, col + gap, cols - gap, look, s);
}

void yz_canvas_rule(struct yz_canvas *c, int row)
{
	for (int at = 0; at < c->cols; at++)
		(void)yz_canvas_text(c, row, at, 1, YZ_LOOK_NORMAL, "-");
}

void yz_canvas_heading(struct yz_canvas *c, int row, const char *title)
{
	int at = yz_canvas_text(c, row, 2, -1, YZ_LOOK_NORMAL, "---- ") + 2;

	at += yz_canvas_text(c, row, at, -1, YZ_LOOK_NORMAL, title) + 1;
	for (; at < c->cols - 2; at++)
		(void)yz_canvas_text(c, row, at, 1, YZ_LOOK_NORMAL, "-");
}

void yz_canvas_clear(struct yz_canvas *c)
{
	for (int row = 0; row < c->rows; row++)
		blanks(c, row, 0, c->cols, YZ_LOOK_NORMAL);
}

void yz_canvas_cursor(struct yz_canvas *c, int row, int col)
{
	if (row < 0 || row >= c->rows || col < 0 || c->cols < 1)
		return;
	c->grid->cursor_row = c->row + row;
	c->grid->cursor_col = c->col + (col < c->cols ? col : c->cols - 1);
}

void yz_grid_row_text(const struct yz_grid *g, int row, char *out, size_t size)
{
	size_t len = 0, full = 0;

	for (int col = 0; col < g->cols && len + 16 < size; col++) {
		const struct yz_cell *cell = &g->cells[(size_t)row * (size_t)g->cols + (size_t)col];

		if (cell->c == 0)
			continue;
		len += yz_utf8_put(cell->c, out + len);
		for (int i = 0; i < YZ_CELL_MARKS_MAX && cell->marks[i]; i++)
			len += yz_utf8_put(cell->marks[i], out + len);
		if (cell->c != ' ')
			full = len;
	}
	out[full] = '\0';
}
