/* What lies between layout and painter: a page as a list of marks in whole printer dots. Everything
 * that could go wrong has been found by then; painting cannot fail for what is on the page. Owned
 * by print/. */
#ifndef YZ_PRINT_DISPLAY_H
#define YZ_PRINT_DISPLAY_H

#include "print/template.h"

#include <stdint.h>

/* A resolution as a fraction of whole numbers: 203 dots in 25400 um, or 8 in 1000. */
struct yz_res {
	int dots, um;
};

/* Whole dots nearest to um. */
int yz_res_dots(struct yz_res res, int um);

struct yz_page {
	int width_um, height_um;
	char media[80]; /* PWG name of the size, "om_waybill_100x180mm" */
};

enum yz_mark_kind { YZ_MARK_RECT, YZ_MARK_TEXT };

struct yz_mark {
	enum yz_mark_kind kind;
	int x, y, w, h; /* dots from the top left corner; text: w is where it wraps */
	bool white;
	/* text */
	char *text; /* owned */
	int size;   /* em, dots */
	bool bold;
	bool clip; /* cut to w x h with an ellipsis */
	enum yz_align align;
};

struct yz_display {
	struct yz_page page;
	struct yz_res res;
	int w, h;              /* dots */
	char *font;            /* families to try before ours, or NULL; owned */
	struct yz_mark *marks; /* owned */
	size_t count, cap;
};

/* Adds a mark, all zero but for kind; borrowed until the next call. */
struct yz_mark *yz_display_add(struct yz_display *d, enum yz_mark_kind kind);
void yz_display_rect(struct yz_display *d, int x, int y, int w, int h);
void yz_display_free(struct yz_display *d);

#endif
