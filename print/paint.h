/* The one painter: marks in dots through cairo, onto anything cairo draws on, or into a bitmap
 * without greys. */
#ifndef YZ_PRINT_PAINT_H
#define YZ_PRINT_PAINT_H

#include "print/display.h"

#include <cairo.h>

struct yz_bitmap {
	int w, h;      /* dots */
	int stride;    /* bytes a row: (w + 7) / 8 */
	uint8_t *bits; /* leftmost dot in the highest bit, 1 is black; owned */
};

/* Paints d onto cr, whose unit is a dot; black is the source "over", white takes it away again. */
enum yz_status yz_paint(const struct yz_display *d, cairo_t *cr, struct yz_error *err);

/* Paints d into *out (free with yz_bitmap_free). Errors: YZ_E_CONFIG (no font), YZ_E_RANGE (too
 * large a page). */
enum yz_status yz_paint_bitmap(
        struct yz_bitmap *out, const struct yz_display *d, struct yz_error *err);
void yz_bitmap_free(struct yz_bitmap *b);

#endif
