/* A bundle as the texts of QR codes, and back from what a scanner read. A text is
 *
 *   YZ1:7F3A90C1:2/3:13/31:DATA.
 *
 * bundle id, page of pages, code of codes, then base45 of a piece of the bundle and the CRC-32 of
 * the text up to DATA and the piece (highest byte first). All of it is in the alphanumeric set of
 * QR; the point at the end keeps a blank before it from being trimmed. Each code, and each page,
 * can be checked alone. Pure. */
#ifndef YZ_STATION_BUNDLE_PIECES_H
#define YZ_STATION_BUNDLE_PIECES_H

#include "station/bundle.h"

enum {
	YZ_PIECE_BYTES =
	        944, /* of the bundle in a code: version 25, level M, takes 1451 characters */
	YZ_PIECE_TEXT_MAX = 1451,
	YZ_PIECES_A_PAGE = 12,
	YZ_PIECES_MAX = 999,
	YZ_PIECE_CHECK_SIZE = 9 /* eight hexadecimal digits and the NUL */
};

struct yz_pieces {
	char id[YZ_BUNDLE_ID_SIZE];
	size_t count, pages;
	char **texts; /* owned, count of them, each at most YZ_PIECE_TEXT_MAX characters */
};

/* Cuts a bundle into codes of equal size. Free with yz_pieces_free. Errors: YZ_E_RANGE with
 * err->say (more than YZ_PIECES_MAX: too much for paper). */
enum yz_status yz_pieces_cut(
        struct yz_pieces *out, const void *bundle, size_t len, struct yz_error *err);
void yz_pieces_free(struct yz_pieces *c);

/* The codes of a page (from 0): *first (from 0) and how many. */
size_t yz_pieces_of_page(size_t count, size_t page, size_t *first);

/* What is printed on a page and told again after scanning: the CRC-32 of the page's texts, one a
 * line. */
void yz_pieces_check(const struct yz_pieces *c, size_t page, char out[YZ_PIECE_CHECK_SIZE]);

/* What a line from the scanner was. */
enum yz_scan {
	YZ_SCAN_NEW,
	YZ_SCAN_AGAIN,   /* had it already */
	YZ_SCAN_FOREIGN, /* no code of a bundle at all */
	YZ_SCAN_DAMAGED, /* one of ours, but read wrongly or cut */
	YZ_SCAN_OTHER    /* of another bundle than the first code */
};

/* Takes one line (without its newline; anything before "YZ1:" is passed over) into c, which begins
 * as all zero. After the first code c->id, count and pages are known, and texts[i] is NULL for a
 * code that is still missing. */
enum yz_scan yz_pieces_scan(struct yz_pieces *c, const char *line);

/* The codes that are missing on a page, as "3, 7-9", into out; returns how many. */
size_t yz_pieces_missing(const struct yz_pieces *c, size_t page, char *out, size_t size);

/* Joins the pieces; out is cleared first. Errors: YZ_E_EMPTY with err->say (no codes, or some are
 * missing: err->text names pages and codes), YZ_E_PARSE (the pieces do not give the bundle of that
 * id). */
enum yz_status yz_pieces_join(struct yz_buf *out, const struct yz_pieces *c, struct yz_error *err);

#endif
