#include "config.h"

#include "tests/bench/floor_draw.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double dot_pt = 72.0 / 203;

static void draw_line(cairo_t *cr, const char *line, size_t len)
{
	char text[1024];
	char *at;
	long x, y, size;

	if (len >= sizeof(text))
		len = sizeof(text) - 1;
	memcpy(text, line, len);
	text[len] = '\0';
	x = strtol(text, &at, 10);
	y = strtol(at, &at, 10);
	size = strtol(at, &at, 10);
	cairo_set_font_size(cr, (double)size);
	cairo_move_to(cr, (double)x, (double)(y + size));
	cairo_show_text(cr, *at ? at + 1 : at);
}

void floor_draw(const char *words, int pages, cairo_write_func_t write, void *data)
{
	char *at;
	long w = strtol(words, &at, 10), h = strtol(at, &at, 10);
	cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(
	        write, data, (double)w * dot_pt, (double)h * dot_pt);
	cairo_t *cr = cairo_create(surface);

	cairo_scale(cr, dot_pt, dot_pt);
	cairo_select_font_face(
	        cr, "WenQuanYi Micro Hei", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
	for (int n = 0; n < pages; n++) {
		for (const char *line = at + 1; *line;) {
			size_t len = strcspn(line, "\n");

			draw_line(cr, line, len);
			line += len + (line[len] == '\n');
		}
		cairo_show_page(cr);
	}
	cairo_destroy(cr);
	cairo_surface_finish(surface);
	cairo_surface_destroy(surface);
}
