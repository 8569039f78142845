#include "config.h"

#include "print/render.h"

#include "print/layout.h"

#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>

enum yz_status yz_render(const char *template_path, const struct yz_fields *fields,
        const struct yz_format *format, struct yz_buf *out, struct yz_page *page,
        struct yz_error *err)
{
	struct yz_template *t = NULL;
	struct yz_display d = {0};
	enum yz_status st = yz_template_load(&t, template_path, err);

	if (st == YZ_OK)
		st = yz_layout(&d, t, fields, format->res, err);
	if (st == YZ_OK)
		st = format->encode(&d, 1, out, err);
	if (st == YZ_OK && page)
		*page = d.page;
	yz_display_free(&d);
	yz_template_free(t);
	return st;
}

void yz_render_forget(void)
{
	pango_cairo_font_map_set_default(NULL);
	cairo_debug_reset_static_data();
	FcFini();
}
