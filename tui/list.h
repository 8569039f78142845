/* A list of any length: only the rows on the screen are held, a callback brings pages. Typing
 * filters at once; the row under the cursor has '>' and its number in reverse; what is cut ends in
 * '~'; after a refresh the cursor stays on its record. */
#ifndef YZ_TUI_LIST_H
#define YZ_TUI_LIST_H

#include "tui/app.h"

enum { YZ_LIST_COLS_MAX = 8, YZ_LIST_ROWS_MAX = 200, YZ_LIST_FILTER_MAX = 64 };

struct yz_list_column {
	const char *title; /* msgid */
	int cols;          /* 0: what is left (one column at most) */
	bool is_right;
};

struct yz_list_row {
	struct yz_id id;
	char key[40];                  /* for rows without an id: a code, a number */
	char *cells[YZ_LIST_COLS_MAX]; /* owned by the list, NULL is empty */
	enum yz_look look;             /* DIM: cannot be chosen, WARN: look here */
};

struct yz_list_page {
	struct yz_list_row *rows; /* room for `limit` rows, empty */
	size_t count;             /* filled by the callback */
	size_t total;             /* rows that match the filter, whatever the page */
};

struct yz_list_source {
	const char *name; /* for messages and tests */
	const struct yz_list_column *columns;
	size_t column_count;
	/* Fills page->rows (yz_list_cell) with up to limit rows from offset on. filter is "" or
	 * what was typed. Reads the store and may take milliseconds, not more. */
	enum yz_status (*page)(void *owner, const char *filter, size_t offset, size_t limit,
	        struct yz_list_page *page, struct yz_error *err);
	bool is_short;     /* nothing to find in it: no row for it, and typing is the screen's */
	const char *empty; /* msgid: what an empty list means; NULL: nothing here yet */
};

struct yz_list {
	const struct yz_list_source *source; /* borrowed */
	void *owner;
	struct yz_app *app;
	char filter[YZ_LIST_FILTER_MAX];
	struct yz_list_row *rows;    /* owned: the page */
	size_t count, total, offset; /* offset of rows[0] in the whole */
	size_t at;                   /* the cursor in the whole */
	int height;                  /* rows of a page */
	int above;                   /* rows of the body that the screen keeps for itself */
};

/* Reads the first page. rows: height of the list on the screen without its heading and filter row.
 */
void yz_list_init(
        struct yz_list *l, const struct yz_list_source *source, struct yz_app *app, void *owner);
void yz_list_fini(struct yz_list *l);

/* The screen draws rows of its own: the list's part of the body is that much lower. Reads anew. */
void yz_list_leave_rows(struct yz_list *l, int rows);

/* Copies a text into a cell; for page callbacks. */
void yz_list_cell(struct yz_list_row *row, size_t column, const char *text);

/* Reads the page anew; the cursor stays on its record if that is still on the page. A failure is
 * told to the clerk and the old page stays. */
void yz_list_refresh(struct yz_list *l);

/* Sets the filter as if it had been typed. */
void yz_list_search(struct yz_list *l, const char *filter);

unsigned yz_list_act(
        struct yz_list *l, enum yz_action a); /* moving, page, erase, refresh; else YZ_NEED_PASS */
unsigned yz_list_key(struct yz_list *l, const struct yz_keypress *k);

/* The row under the cursor, NULL if the list is empty; borrowed until the next call. */
const struct yz_list_row *yz_list_row(const struct yz_list *l);

/* Heading, rows, and the filter in the last row. */
void yz_list_draw(const struct yz_list *l, struct yz_canvas *c);

/* "3/402" */
void yz_list_position(const struct yz_list *l, char *out, size_t size);

/* A list in a view of its own that answers with the row chosen: answer.code 1, id, text = the row's
 * key. */
struct yz_picker {
	const char *title; /* translated */
	const struct yz_list_source *source;
	void *owner;        /* must live as long as the view that asks */
	const char *filter; /* to begin with; "" or NULL: none */
};
extern const struct yz_view_ops yz_view_picker; /* arg: struct yz_picker */
extern const struct yz_keymap yz_keymap_picker;

#endif
