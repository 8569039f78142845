#include "config.h"

#include "print/format.h"
#include "print/paint.h"

#include <string.h>

/* PWG 5102.4: a page header of 1796 bytes, all numbers big-endian. Ours, because libcups 3 has
 * another call for it. */
enum {
	HEADER_BYTES = 1796,
	AT_MEDIA_TYPE = 128,
	AT_RESOLUTION_X = 276,
	AT_RESOLUTION_Y = 280,
	AT_NUM_COPIES = 340,
	AT_PAGE_POINTS_X = 352,
	AT_PAGE_POINTS_Y = 356,
	AT_WIDTH = 372,
	AT_HEIGHT = 376,
	AT_BITS_PER_COLOR = 384,
	AT_BITS_PER_PIXEL = 388,
	AT_BYTES_PER_LINE = 392,
	AT_COLOR_SPACE = 400,
	AT_NUM_COLORS = 420,
	AT_TOTAL_PAGES = 452,
	AT_CROSS_FEED = 456,
	AT_FEED = 460,
	AT_QUALITY = 484,
	AT_PAGE_SIZE_NAME = 1732,
	SPACE_BLACK = 3, /* one colour, 1 is ink */
	QUALITY_NORMAL = 4,
	PAGE_SIZE_NAME_MAX = 64
};

static void put32(uint8_t *at, unsigned v)
{
	at[0] = (uint8_t)(v >> 24);
	at[1] = (uint8_t)(v >> 16);
	at[2] = (uint8_t)(v >> 8);
	at[3] = (uint8_t)v;
}

static unsigned points(int um)
{
	return (unsigned)(((int64_t)um * 72 + 12700) / 25400);
}

static void add_header(
        struct yz_buf *out, const struct yz_display *d, const struct yz_bitmap *b, size_t pages)
{
	uint8_t h[HEADER_BYTES] = {0};
	unsigned dpi = (unsigned)yz_res_dots(d->res, 25400);

	memcpy(h, "PwgRaster", sizeof("PwgRaster"));
	memcpy(h + AT_MEDIA_TYPE, "labels", sizeof("labels"));
	put32(h + AT_RESOLUTION_X, dpi);
	put32(h + AT_RESOLUTION_Y, dpi);
	put32(h + AT_NUM_COPIES, 1);
	put32(h + AT_PAGE_POINTS_X, points(d->page.width_um));
	put32(h + AT_PAGE_POINTS_Y, points(d->page.height_um));
	put32(h + AT_WIDTH, (unsigned)b->w);
	put32(h + AT_HEIGHT, (unsigned)b->h);
	put32(h + AT_BITS_PER_COLOR, 1);
	put32(h + AT_BITS_PER_PIXEL, 1);
	put32(h + AT_BYTES_PER_LINE, (unsigned)b->stride);
	put32(h + AT_COLOR_SPACE, SPACE_BLACK);
	put32(h + AT_NUM_COLORS, 1);
	put32(h + AT_TOTAL_PAGES, (unsigned)pages);
	put32(h + AT_CROSS_FEED, 1);
	put32(h + AT_FEED, 1);
	put32(h + AT_QUALITY, QUALITY_NORMAL);
	(void)yz_copy((char *)h + AT_PAGE_SIZE_NAME, PAGE_SIZE_NAME_MAX, d->page.media);
	yz_buf_add(out, h, sizeof(h));
}

/* One row, packed: a count and a byte to repeat, or 257 minus a count and that many bytes. */
static void add_row(struct yz_buf *out, const uint8_t *row, int len)
{
	for (int i = 0; i < len;) {
		int n = 1;

		while (i + n < len && n < 128 && row[i + n] == row[i])
			n++;
		if (n > 1 || i + 1 == len) {
			yz_buf_putc(out, (char)(n - 1));
			yz_buf_putc(out, (char)row[i]);
			i += n;
			continue;
		}
		while (i + n < len && n < 128 && (i + n + 1 == len || row[i + n] != row[i + n + 1]))
			n++;
		if (n == 1) {
			yz_buf_putc(out, 0);
			yz_buf_putc(out, (char)row[i]);
		} else {
			yz_buf_putc(out, (char)(257 - n));
			yz_buf_add(out, row + i, (size_t)n);
		}
		i += n;
	}
}

static void add_rows(struct yz_buf *out, const struct yz_bitmap *b)
{
	size_t stride = (size_t)b->stride;

	for (int y = 0; y < b->h;) {
		const uint8_t *row = b->bits + (size_t)y * stride;
		int n = 1;

		while (y + n < b->h && n < 256 && !memcmp(row, row + (size_t)n * stride, stride))
			n++;
		yz_buf_putc(out, (char)(n - 1));
		add_row(out, row, b->stride);
		y += n;
	}
}

static enum yz_status encode(
        const struct yz_display *pages, size_t count, struct yz_buf *out, struct yz_error *err)
{
	size_t before = out->len;
	enum yz_status st = YZ_OK;

	yz_buf_puts(out, "RaS2");
	for (size_t i = 0; i < count && st == YZ_OK; i++) {
		struct yz_bitmap b = {0};

		st = yz_paint_bitmap(&b, &pages[i], err);
		if (st == YZ_OK) {
			add_header(out, &pages[i], &b, count);
			add_rows(out, &b);
		}
		yz_bitmap_free(&b);
	}
	if (st != YZ_OK)
		out->len = before;
	return st;
}

const struct yz_format yz_format_pwg = {"pwg", "image/pwg-raster", {203, 25400}, true, encode};
