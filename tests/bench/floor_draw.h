/* The floor of the label's bars: cairo alone puts the label's words at their places through its
 * plainest call, once each; no template, no checks, no layout, no bar codes. */
#ifndef YZ_TESTS_BENCH_FLOOR_DRAW_H
#define YZ_TESTS_BENCH_FLOOR_DRAW_H

#include <cairo-pdf.h>

/* words: "WIDTH HEIGHT" of the page in dots, then a line "X Y SIZE TEXT" each, at 203 dpi. Writes a
 * PDF of that many pages through write. */
void floor_draw(const char *words, int pages, cairo_write_func_t write, void *data);

#endif
