#include "config.h"

#include "print/paint.h"

#include "base/buf.h"
#include "print/type.h"

#include <cairo.h>
#include <stdlib.h>
#include <string.h>

/* A mask has no white: what is white there is taken out. */
static void take_ink(cairo_t *cr, bool is_white, bool is_mask)
{
	if (is_mask)
		cairo_set_operator(cr, is_white ? CAIRO_OPERATOR_DEST_OUT : CAIRO_OPERATOR_OVER);
	if (is_white)
		cairo_set_source_rgb(cr, 1, 1, 1);
	else
		cairo_set_source_rgb(cr, 0, 0, 0);
}

/* Rectangles of one ink are filled together: a PDF page of codes has thousands, and Cairo's time
 * for a page grows with the square of its fills. Returns where the next mark is. */
static size_t paint_from(const struct yz_display *d, size_t i, struct yz_type *type, cairo_t *cr)
{
	const struct yz_mark *m = &d->marks[i];
	struct yz_type_text text = {m->text, m->size, m->w, m->clip ? m->h : 0, m->bold, m->align};
	bool is_white = m->white;

	if (m->kind != YZ_MARK_RECT) {
		yz_type_paint(type, cr, &text, m->x, m->y);
		return i + 1;
	}
	for (; i < d->count && m->kind == YZ_MARK_RECT && m->white == is_white; m++, i++)
		cairo_rectangle(cr, m->x, m->y, m->w, m->h);
	cairo_fill(cr);
	return i;
}

enum yz_status yz_paint(const struct yz_display *d, cairo_t *cr, struct yz_error *err)
{
	struct yz_type *type;
	enum yz_status st = yz_type_open(&type, d->font, err);
	bool is_mask = cairo_surface_get_content(cairo_get_target(cr)) == CAIRO_CONTENT_ALPHA;

	if (st != YZ_OK)
		return st;
	cairo_set_antialias(cr, CAIRO_ANTIALIAS_NONE);
	for (size_t i = 0; i < d->count;) {
		take_ink(cr, d->marks[i].white, is_mask);
		i = paint_from(d, i, type, cr);
	}
	yz_type_close(type);
	if (cairo_status(cr) != CAIRO_STATUS_SUCCESS)
		return yz_fail(
		        err, YZ_E_RANGE, "painting: %s", cairo_status_to_string(cairo_status(cr)));
	return YZ_OK;
}

/* Eight bytes of 0 or 255 to the bits of one, the first in the highest: one multiply gathers them.
 */
static uint8_t pack8(const unsigned char *gray)
{
	uint64_t v;

	memcpy(&v, gray, sizeof(v));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	v = __builtin_bswap64(v);
#endif
	v = v >> 7 & UINT64_C(0x0101010101010101);
	return (uint8_t)(v * UINT64_C(0x8040201008040201) >> 56);
}

static void pack(struct yz_bitmap *b, const unsigned char *gray, int gray_stride)
{
	for (int y = 0; y < b->h; y++) {
		const unsigned char *from = gray + (size_t)y * (size_t)gray_stride;
		uint8_t *to = b->bits + (size_t)y * (size_t)b->stride;
		int x = 0;

		for (; x + 8 <= b->w; x += 8)
			to[x / 8] = pack8(from + x);
		for (; x < b->w; x++)
			if (from[x] & 0x80)
				to[x / 8] = (uint8_t)(to[x / 8] | 0x80 >> (x & 7));
	}
}

enum yz_status yz_paint_bitmap(
        struct yz_bitmap *out, const struct yz_display *d, struct yz_error *err)
{
	cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_A8, d->w, d->h);
	cairo_t *cr = cairo_create(surface);
	struct yz_bitmap b = {d->w, d->h, (d->w + 7) / 8, NULL};
	enum yz_status st = yz_paint(d, cr, err);

	if (st == YZ_OK) {
		cairo_surface_flush(surface);
		b.bits = yz_alloc((size_t)b.stride * (size_t)b.h);
		pack(&b, cairo_image_surface_get_data(surface),
		        cairo_image_surface_get_stride(surface));
		*out = b;
	}
	cairo_destroy(cr);
	cairo_surface_destroy(surface);
	return st;
}

void yz_bitmap_free(struct yz_bitmap *b)
{
	free(b->bits);
	memset(b, 0, sizeof(*b));
}
