/* The peer of a printed label: Chromium printing the same marks at the same places. */
#ifndef YZ_TESTS_BENCH_BROWSER_H
#define YZ_TESTS_BENCH_BROWSER_H

#include "print/display.h"

#include <stdbool.h>
#include <stdint.h>

struct browser {
	const char *html, *pdf, *profile; /* files to use */
	int64_t until_ns;                 /* of bar_now_ns; a run still going then is ended */
};

bool browser_is_installed(void);

/* Writes d as a page of HTML, so many times. */
void browser_write(const struct browser *b, const struct yz_display *d, int pages);

/* Prints html to pdf in a new process. Returns milliseconds, or -1 if it failed or had no time. */
double browser_print_ms(const struct browser *b);

/* Does that too, reading on the way what all its processes hold (PSS). Returns the peak in
 * kilobytes, or -1. */
double browser_peak_kb(const struct browser *b);

#endif
