#include "config.h"

#include "print/format.h"
#include "print/paint.h"

#include <cairo-pdf.h>

static cairo_status_t write_bytes(void *data, const unsigned char *bytes, unsigned len)
{
	yz_buf_add(data, bytes, len);
	return CAIRO_STATUS_SUCCESS;
}

static double points(int um)
{
	return um * 72.0 / 25400.0;
}

/* The dot grid of a 203 dpi head is kept, so that a printer of that grain gets whole dots from the
 * PDF too. */
static enum yz_status encode(
        const struct yz_display *pages, size_t count, struct yz_buf *out, struct yz_error *err)
{
	struct yz_buf pdf = YZ_BUF_INIT;
	cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(
	        write_bytes, &pdf, points(pages[0].page.width_um), points(pages[0].page.height_um));
	cairo_t *cr = cairo_create(surface);
	enum yz_status st = YZ_OK;

	for (size_t i = 0; i < count && st == YZ_OK; i++) {
		const struct yz_display *d = &pages[i];
		double scale = 72.0 * d->res.um / (25400.0 * d->res.dots);

		cairo_pdf_surface_set_size(
		        surface, points(d->page.width_um), points(d->page.height_um));
		cairo_identity_matrix(cr);
		cairo_scale(cr, scale, scale);
		st = yz_paint(d, cr, err);
		cairo_show_page(cr);
	}
	cairo_destroy(cr);
	cairo_surface_finish(surface);
	if (st == YZ_OK && cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS)
		st = yz_fail(err, YZ_E_RANGE, "pdf: %s",
		        cairo_status_to_string(cairo_surface_status(surface)));
	cairo_surface_destroy(surface);
	if (st == YZ_OK)
		yz_buf_add(out, pdf.data, pdf.len);
	yz_buf_free(&pdf);
	return st;
}

const struct yz_format yz_format_pdf = {"pdf", "application/pdf", {203, 25400}, true, encode};
