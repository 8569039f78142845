/* A bundle on paper: A4 pages of QR codes with a heading that a person can read. The paper is for
 * the centre and in Chinese, as the other papers are. */
#ifndef YZ_PRINT_SHEETS_H
#define YZ_PRINT_SHEETS_H

#include "base/buf.h"
#include "base/error.h"
#include "station/bundle_pieces.h"

struct yz_sheets {
	const struct yz_pieces *codes;
	const char *station_id, *station_name;
	int64_t created_ms;
	size_t operations;
};

/* Adds the PDF to out. Modules are 0.5 mm: 4 dots at 203 dpi, 6 at 300, 12 at 600; error correction
 * M, so that a code with a seventh of its area spoiled still reads. Errors: YZ_E_CONFIG (no font),
 * YZ_E_RANGE (a code takes more than version 25). */
enum yz_status yz_sheets_pdf(struct yz_buf *out, const struct yz_sheets *s, struct yz_error *err);

#endif
