#include "config.h"

#include "station/bundle_pieces.h"

#include "base/base45.h"

#include <lzma.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CRC = 4, HEAD_MAX = 32 };

static const char mark[] = "YZ1:";

static size_t pages_of(size_t count)
{
	return (count + YZ_PIECES_A_PAGE - 1) / YZ_PIECES_A_PAGE;
}

size_t yz_pieces_of_page(size_t count, size_t page, size_t *first)
{
	*first = page * YZ_PIECES_A_PAGE;
	return count - *first < YZ_PIECES_A_PAGE ? count - *first : YZ_PIECES_A_PAGE;
}

static void put_crc(struct yz_buf *b, uint32_t crc)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		yz_buf_putc(b, (char)(crc >> shift & 255));
}

static uint32_t crc_of(uint32_t crc, const void *bytes, size_t len)
{
	return lzma_crc32(bytes, len, crc);
}

/* The text of code i (from 0) with its piece of the bundle. */
static char *text_of(const struct yz_pieces *c, size_t i, const void *piece, size_t len)
{
	struct yz_buf text = YZ_BUF_INIT, data = YZ_BUF_INIT;
	uint32_t crc;

	yz_buf_printf(&text, "%s%s:%zu/%zu:%zu/%zu:", mark, c->id, i / YZ_PIECES_A_PAGE + 1,
	        c->pages, i + 1, c->count);
	crc = crc_of(crc_of(0, text.data, text.len), piece, len);
	yz_buf_add(&data, piece, len);
	put_crc(&data, crc);
	yz_base45_encode(&text, data.data, data.len);
	yz_buf_putc(&text, '.');
	yz_buf_free(&data);
	return text.data;
}

enum yz_status yz_pieces_cut(
        struct yz_pieces *out, const void *bundle, size_t len, struct yz_error *err)
{
	struct yz_pieces c = {.count = (len + YZ_PIECE_BYTES - 1) / YZ_PIECE_BYTES};
	size_t each;

	if (!c.count || c.count > YZ_PIECES_MAX)
		return yz_fail_say(err, YZ_E_RANGE,
		        N_("This is too much for paper: use a USB stick."), "%zu codes, at most %d",
		        c.count, (int)YZ_PIECES_MAX);
	yz_bundle_id(c.id, bundle, len);
	c.pages = pages_of(c.count);
	c.texts = yz_alloc(c.count * sizeof(*c.texts));
	each = (len + c.count - 1) / c.count;
	for (size_t i = 0; i < c.count; i++) {
		size_t from = i * each < len ? i * each : len;
		size_t n = len - from < each ? len - from : each;

		c.texts[i] = text_of(&c, i, (const char *)bundle + from, n);
	}
	*out = c;
	return YZ_OK;
}

void yz_pieces_free(struct yz_pieces *c)
{
	for (size_t i = 0; c->texts && i < c->count; i++)
		free(c->texts[i]);
	free(c->texts);
	memset(c, 0, sizeof(*c));
}

void yz_pieces_check(const struct yz_pieces *c, size_t page, char out[YZ_PIECE_CHECK_SIZE])
{
	size_t first, n = yz_pieces_of_page(c->count, page, &first);
	uint32_t crc = 0;

	for (size_t i = first; i < first + n; i++) {
		const char *text = c->texts[i] ? c->texts[i] : "";

		crc = crc_of(crc_of(crc, text, strlen(text)), "\n", 1);
	}
	(void)snprintf(out, YZ_PIECE_CHECK_SIZE, "%08X", (unsigned)crc);
}

/* What stands in front of the data of a code. */
struct head {
	char id[YZ_BUNDLE_ID_SIZE];
	unsigned page, pages, code, codes;
	size_t len; /* characters */
};

static bool read_head(struct head *h, const char *text)
{
	int len = 0;

	/* NOLINTNEXTLINE(cert-err34-c): the widths bound the numbers */
	if (sscanf(text, "YZ1:%8[0-9A-F]:%2u/%2u:%3u/%3u:%n", h->id, &h->page, &h->pages, &h->code,
	            &h->codes, &len) < 5 ||
	        len <= 0 || strlen(h->id) != YZ_BUNDLE_ID_SIZE - 1)
		return false;
	h->len = (size_t)len;
	return h->code && h->code <= h->codes && h->codes <= YZ_PIECES_MAX &&
	       h->pages == pages_of(h->codes) && h->page == (h->code - 1) / YZ_PIECES_A_PAGE + 1;
}

/* The piece in a code's text, added to out; false if its check does not fit. */
static bool read_piece(struct yz_buf *out, const char *text, size_t head, size_t len)
{
	struct yz_buf data = YZ_BUF_INIT, want = YZ_BUF_INIT;
	bool ok = len > head && text[len - 1] == '.' &&
	          yz_base45_decode(&data, text + head, len - head - 1) && data.len > CRC;

	if (ok) {
		size_t n = data.len - CRC;

		put_crc(&want, crc_of(crc_of(0, text, head), data.data, n));
		ok = !memcmp(want.data, data.data + n, CRC);
		if (ok)
			yz_buf_add(out, data.data, n);
	}
	yz_buf_free(&data);
	yz_buf_free(&want);
	return ok;
}

static void begin(struct yz_pieces *c, const struct head *h)
{
	memcpy(c->id, h->id, sizeof(c->id));
	c->count = h->codes;
	c->pages = h->pages;
	c->texts = yz_alloc(c->count * sizeof(*c->texts));
}

enum yz_scan yz_pieces_scan(struct yz_pieces *c, const char *line)
{
	const char *text = strstr(line, mark);
	struct yz_buf piece = YZ_BUF_INIT;
	struct head h = {.len = 0};
	size_t len;
	bool ok;

	if (!text)
		return YZ_SCAN_FOREIGN;
	for (len = strlen(text); len && (unsigned char)text[len - 1] <= ' '; len--)
		;
	ok = read_head(&h, text) && read_piece(&piece, text, h.len, len);
	yz_buf_free(&piece);
	if (!ok)
		return YZ_SCAN_DAMAGED;
	if (!c->texts)
		begin(c, &h);
	if (strcmp(c->id, h.id) != 0 || c->count != h.codes)
		return YZ_SCAN_OTHER;
	if (c->texts[h.code - 1])
		return YZ_SCAN_AGAIN;
	c->texts[h.code - 1] = yz_alloc(len + 1);
	memcpy(c->texts[h.code - 1], text, len);
	return YZ_SCAN_NEW;
}

size_t yz_pieces_missing(const struct yz_pieces *c, size_t page, char *out, size_t size)
{
	size_t first, n = yz_pieces_of_page(c->count, page, &first), missing = 0;
	struct yz_buf list = YZ_BUF_INIT;

	for (size_t i = first; i < first + n; i++) {
		size_t from = i;

		while (i < first + n && !c->texts[i])
			i++;
		if (i == from)
			continue;
		missing += i - from;
		yz_buf_printf(&list, "%s%zu", list.len ? ", " : "", from + 1);
		if (i - from > 1)
			yz_buf_printf(&list, "-%zu", i);
	}
	(void)yz_copy(out, size, yz_buf_str(&list));
	yz_buf_free(&list);
	return missing;
}

static enum yz_status fail_missing(const struct yz_pieces *c, struct yz_error *err)
{
	struct yz_buf where = YZ_BUF_INIT;
	char list[64];
	enum yz_status st = YZ_OK;

	for (size_t page = 0; page < c->pages; page++)
		if (yz_pieces_missing(c, page, list, sizeof(list)))
			yz_buf_printf(
			        &where, "%spage %zu: %s", where.len ? "; " : "", page + 1, list);
	if (where.len)
		st = yz_fail_say(err, YZ_E_EMPTY,
		        N_("Codes are missing: scan these too, then import all of them again."),
		        "%s", where.data);
	yz_buf_free(&where);
	return st;
}

enum yz_status yz_pieces_join(struct yz_buf *out, const struct yz_pieces *c, struct yz_error *err)
{
	char id[YZ_BUNDLE_ID_SIZE];
	enum yz_status st;

	if (!c->texts)
		return yz_fail_say(err, YZ_E_EMPTY,
		        N_("There is no code of a bundle in the scans."), "no line with %s", mark);
	if ((st = fail_missing(c, err)) != YZ_OK)
		return st;
	yz_buf_clear(out);
	for (size_t i = 0; i < c->count; i++) {
		struct head h;

		if (!read_head(&h, c->texts[i]) ||
		        !read_piece(out, c->texts[i], h.len, strlen(c->texts[i])))
			return yz_fail(err, YZ_E_PARSE, "code %zu cannot be read", i + 1);
	}
	yz_bundle_id(id, out->data, out->len);
	return strcmp(id, c->id)
	               ? yz_fail(err, YZ_E_PARSE, "the codes give bundle %s, not %s", id, c->id)
	               : YZ_OK;
}
