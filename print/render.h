/* From a template and fields to the bytes for a printer, in one call. What yizhan-print and
 * yizhanctl render use. */
#ifndef YZ_PRINT_RENDER_H
#define YZ_PRINT_RENDER_H

#include "base/buf.h"
#include "base/fields.h"
#include "print/display.h"
#include "print/format.h"

/* Renders template_path filled from fields as format; adds the bytes to out and tells the page's
 * size and media name in *page (may be NULL). Errors as yz_template_load and yz_layout. Blocks on
 * the disk (template, fonts), never on a printer; about 5 ms a page once the fonts are warm. */
enum yz_status yz_render(const char *template_path, const struct yz_fields *fields,
        const struct yz_format *format, struct yz_buf *out, struct yz_page *page,
        struct yz_error *err);

/* Gives back what the font libraries keep for the next page. At the end of a program, for leak
 * checkers. */
void yz_render_forget(void);

#endif
