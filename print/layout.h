/* Template and fields to a page of marks in whole dots. Finds all that keeps a paper from being
 * right before a dot is painted. */
#ifndef YZ_PRINT_LAYOUT_H
#define YZ_PRINT_LAYOUT_H

#include "base/fields.h"
#include "print/display.h"
#include "print/template.h"

/* Lays t out at res into *out (free with yz_display_free; untouched on error). Errors name the
 * template's file, line and element, the field, never its value: YZ_E_RANGE (text does not fit, off
 * the page, bar code too small), YZ_E_PARSE (value not of its format's kind), YZ_E_NOTFOUND (a
 * required field is empty), YZ_E_GLYPH (U+XXXX that no font has), YZ_E_CONFIG (no font). Reads
 * fonts from the disk. */
enum yz_status yz_layout(struct yz_display *out, const struct yz_template *t,
        const struct yz_fields *fields, struct yz_res res, struct yz_error *err);

#endif
