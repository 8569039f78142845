/* What a page can be written as: one file (format_NAME.c) and one row of the table (formats.c) for
 * each printer language. A format is a function from pages of marks to bytes; its resolution
 * belongs to the language. */
#ifndef YZ_PRINT_FORMAT_H
#define YZ_PRINT_FORMAT_H

#include "base/buf.h"
#include "print/display.h"

struct yz_format {
	const char *name; /* as in --as and in the configuration */
	const char *mime; /* what CUPS is told */
	struct yz_res res;
	bool many; /* may hold more than one page */
	/* Adds count pages (all laid out at res) to out. Errors as yz_paint. */
	enum yz_status (*encode)(const struct yz_display *pages, size_t count, struct yz_buf *out,
	        struct yz_error *err);
};

extern const struct yz_format yz_format_pdf; /* vectors, the page exact to 0.1 mm */
extern const struct yz_format yz_format_png; /* for people to look at, 203 dpi */
extern const struct yz_format yz_format_pwg; /* PWG raster black_1, 203 dpi */

/* The i-th format, NULL behind the last. */
const struct yz_format *yz_format_at(size_t i);

/* By name, NULL if there is none. */
const struct yz_format *yz_format_by_name(const char *name);

#endif
