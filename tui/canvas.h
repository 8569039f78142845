/* A grid of cells to draw on: text by columns, clipped, never half of a wide character. Knows no
 * terminal; tui/term.c carries it over, and tests read it back as text. A canvas is a window on a
 * grid: a part of it is another canvas. */
#ifndef YZ_TUI_CANVAS_H
#define YZ_TUI_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a text is, not how it looks: the theme (tui/term.c) gives colours, or in mono other
 * attributes. */
enum yz_look {
	YZ_LOOK_NORMAL,
	YZ_LOOK_TITLE,
	YZ_LOOK_LABEL,
	YZ_LOOK_FIELD, /* a field that is not active: underlined, cyan */
	YZ_LOOK_DIM,   /* cannot be chosen; always with its reason beside it */
	YZ_LOOK_WARN,  /* always with '!' */
	YZ_LOOK_ERROR, /* reverse */
	YZ_LOOK_MARK,  /* the number of the row under the cursor, the name of a key: reverse */
	YZ_LOOK_GOOD,
	YZ_LOOK_COUNT
};

enum { YZ_CELL_MARKS_MAX = 2 };

struct yz_cell {
	int32_t c;                        /* 0: the right half of the wide character before it */
	int32_t marks[YZ_CELL_MARKS_MAX]; /* combining characters, 0 if none */
	enum yz_look look;
};

struct yz_grid {
	struct yz_cell *cells; /* owned, rows * cols */
	int rows, cols;
	int cursor_row,
	        cursor_col; /* where the terminal's own cursor stands; row -1: nowhere given */
};

struct yz_canvas {
	struct yz_grid *grid; /* borrowed */
	int row, col;         /* of the window's corner in the grid */
	int rows, cols;
};

void yz_grid_init(struct yz_grid *g);
void yz_grid_fini(struct yz_grid *g);

/* Empties the grid and gives it this size; a size below 1 is taken as 1. */
void yz_grid_reset(struct yz_grid *g, int rows, int cols);

struct yz_canvas yz_canvas_all(struct yz_grid *g);

/* The part of c from row, col (may lie outside: the part is then smaller or empty). */
struct yz_canvas yz_canvas_part(const struct yz_canvas *c, int row, int col, int rows, int cols);

/* Draws s from row, col to at most `cols` columns (below 0: to the edge); what does not fit is cut
 * and marked with '~'. Controls and broken UTF-8 are drawn as '?'. Returns the columns used. */
int yz_canvas_text(
        struct yz_canvas *c, int row, int col, int cols, enum yz_look look, const char *s);

/* As yz_canvas_text, padded with blanks to exactly cols columns of the same look. */
void yz_canvas_field(
        struct yz_canvas *c, int row, int col, int cols, enum yz_look look, const char *s);
void yz_canvas_right(
        struct yz_canvas *c, int row, int col, int cols, enum yz_look look, const char *s);

/* A row of dashes from edge to edge. */
void yz_canvas_rule(struct yz_canvas *c, int row);

/* "---- title -----": a heading inside the body. */
void yz_canvas_heading(struct yz_canvas *c, int row, const char *title);

/* Blanks a rectangle. */
void yz_canvas_clear(struct yz_canvas *c);

/* Puts the terminal's cursor there if it lies inside. */
void yz_canvas_cursor(struct yz_canvas *c, int row, int col);

/* One row of the grid as UTF-8 without blanks at its end; for tests. size: 16 bytes a column are
 * enough. */
void yz_grid_row_text(const struct yz_grid *g, int row, char *out, size_t size);

#endif
