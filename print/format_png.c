#include "config.h"

#include "print/format.h"
#include "print/paint.h"

#include <assert.h>
#include <cairo.h>

static cairo_status_t write_bytes(void *data, const unsigned char *bytes, unsigned len)
{
	yz_buf_add(data, bytes, len);
	return CAIRO_STATUS_SUCCESS;
}

/* Black on white, from the very bits that a printer gets. */
static void fill(cairo_surface_t *surface, const struct yz_bitmap *b)
{
	unsigned char *data = cairo_image_surface_get_data(surface);
	int stride = cairo_image_surface_get_stride(surface);

	for (int y = 0; y < b->h; y++) {
		const uint8_t *from = b->bits + (size_t)y * (size_t)b->stride;
		unsigned char *to = data + (size_t)y * (size_t)stride;

		for (int x = 0; x < b->w; x++)
			if (!(from[x / 8] << (x & 7) & 0x80)) {
				uint32_t *word = (uint32_t *)(void *)(to + (size_t)(x / 32) * 4);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
				*word |= UINT32_C(1) << (31 - x % 32);
#else
				*word |= UINT32_C(1) << (x % 32);
#endif
			}
	}
	cairo_surface_mark_dirty(surface);
}

static enum yz_status encode(
        const struct yz_display *pages, size_t count, struct yz_buf *out, struct yz_error *err)
{
	struct yz_bitmap b = {0};
	cairo_surface_t *surface;
	cairo_status_t cs;
	enum yz_status st;

	assert(count == 1);
	(void)count;
	st = yz_paint_bitmap(&b, pages, err);
	if (st != YZ_OK)
		return st;
	surface = cairo_image_surface_create(CAIRO_FORMAT_A1, b.w, b.h);
	cs = cairo_surface_status(surface);
	if (cs == CAIRO_STATUS_SUCCESS) {
		cairo_surface_flush(surface);
		fill(surface, &b);
		cs = cairo_surface_write_to_png_stream(surface, write_bytes, out);
	}
	if (cs != CAIRO_STATUS_SUCCESS)
		st = yz_fail(err, YZ_E_RANGE, "png: %s", cairo_status_to_string(cs));
	cairo_surface_destroy(surface);
	yz_bitmap_free(&b);
	return st;
}

const struct yz_format yz_format_png = {"png", "image/png", {203, 25400}, false, encode};
