/* Type setting with pango: one setting for layout and painter, in dots, hinted for printers without
 * grey. Fonts: those of the template, then WenQuanYi Micro Hei, Noto Sans CJK and HanaMin, each
 * opened only when a character needs it. */
#ifndef YZ_PRINT_TYPE_H
#define YZ_PRINT_TYPE_H

#include "base/error.h"
#include "print/template.h"

#include <cairo.h>
#include <stdbool.h>
#include <stdint.h>

struct yz_type;

struct yz_type_text {
	const char *text; /* UTF-8 */
	int size;         /* em, dots */
	int width;        /* where it wraps, dots */
	int height;       /* cut here with an ellipsis, dots; 0: not cut */
	bool bold;
	enum yz_align align;
};

struct yz_type_extent {
	int w, h;        /* dots */
	int32_t missing; /* a character that no installed font has, or 0 */
};

/* font: families to try first ("A, B") or NULL. YZ_E_CONFIG if no font at all is installed. Free
 * with yz_type_close. */
enum yz_status yz_type_open(struct yz_type **out, const char *font, struct yz_error *err);
void yz_type_close(struct yz_type *t); /* NULL is fine */

struct yz_type_extent yz_type_measure(struct yz_type *t, const struct yz_type_text *text);

/* Paints with the source of cr, top left corner at x, y; cr is in dots. */
void yz_type_paint(struct yz_type *t, cairo_t *cr, const struct yz_type_text *text, int x, int y);

#endif
