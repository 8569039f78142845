#include "config.h"

#include "print/render.h"

#include "print/layout.h"

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

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define YZ_CLANG_ASAN 1
#endif
#endif

/* fontconfig keeps one pattern behind pointers that the leak checker cannot follow. Ending it
 * (FcFini) is no way out: pango may still be sorting fonts in a thread of its own, and fontconfig
 * then aborts. */
#if defined(__SANITIZE_ADDRESS__) || defined(YZ_CLANG_ASAN)
const char *__lsan_default_suppressions(void);
const char *__lsan_default_options(void);

const char *__lsan_default_options(void)
{
	return "print_suppressions=0";
}

const char *__lsan_default_suppressions(void)
{
	return "leak:libfontconfig.so\n";
}
#endif

void yz_render_forget(void)
{
	pango_cairo_font_map_set_default(NULL);
}
