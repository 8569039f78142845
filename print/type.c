#include "config.h"

#include "print/type.h"

#include "base/buf.h"

#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>
#include <stdlib.h>

static const char families[] = "WenQuanYi Micro Hei, Noto Sans CJK SC, HanaMinA, HanaMinB";

struct yz_type {
	PangoContext *context;
	PangoLayout *layout; /* used again for every text: making one costs more than setting it */
	PangoFontDescription *desc;
};

static bool has_fonts(void)
{
	const FcFontSet *set = FcConfigGetFonts(NULL, FcSetSystem);

	return set && set->nfont > 0;
}

enum yz_status yz_type_open(struct yz_type **out, const char *font, struct yz_error *err)
{
	struct yz_buf list = YZ_BUF_INIT;
	cairo_font_options_t *options;
	struct yz_type *t;

	if (!has_fonts()) {
		(void)yz_fail(err, YZ_E_CONFIG,
		        "no font is installed: apt install fonts-wqy-microhei fonts-noto-cjk");
		if (err)
			err->say = N_("No font is installed. Run: apt install fonts-wqy-microhei "
			              "fonts-noto-cjk");
		return YZ_E_CONFIG;
	}
	t = yz_alloc(sizeof(*t));
	t->context = pango_font_map_create_context(pango_cairo_font_map_get_default());
	options = cairo_font_options_create();
	cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_NONE);
	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_FULL);
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_ON);
	pango_cairo_context_set_font_options(t->context, options);
	cairo_font_options_destroy(options);
	pango_context_set_language(t->context, pango_language_from_string("zh-cn"));
	pango_context_set_base_dir(t->context, PANGO_DIRECTION_LTR);
	t->layout = pango_layout_new(t->context);
	pango_layout_set_wrap(t->layout, PANGO_WRAP_WORD_CHAR);
	pango_layout_set_auto_dir(t->layout, FALSE);
	yz_buf_printf(&list, "%s%s%s", font ? font : "", font ? ", " : "", families);
	t->desc = pango_font_description_new();
	pango_font_description_set_family(t->desc, yz_buf_str(&list));
	yz_buf_free(&list);
	*out = t;
	return YZ_OK;
}

void yz_type_close(struct yz_type *t)
{
	if (!t)
		return;
	pango_font_description_free(t->desc);
	g_object_unref(t->layout);
	g_object_unref(t->context);
	free(t);
}

static void set(struct yz_type *t, const struct yz_type_text *text)
{
	static const PangoAlignment aligns[] = {
	        PANGO_ALIGN_LEFT, PANGO_ALIGN_CENTER, PANGO_ALIGN_RIGHT};

	pango_font_description_set_absolute_size(t->desc, (double)text->size * PANGO_SCALE);
	pango_font_description_set_weight(
	        t->desc, text->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
	pango_layout_set_font_description(t->layout, t->desc);
	pango_layout_set_alignment(t->layout, aligns[text->align]);
	pango_layout_set_width(t->layout, text->width * PANGO_SCALE);
	pango_layout_set_height(t->layout, text->height ? text->height * PANGO_SCALE : -1);
	pango_layout_set_ellipsize(
	        t->layout, text->height ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE);
	pango_layout_set_text(t->layout, text->text, -1);
}

static int32_t find_missing(PangoLayout *layout)
{
	PangoLayoutIter *iter = pango_layout_get_iter(layout);
	int32_t missing = 0;

	do {
		const PangoLayoutRun *run = pango_layout_iter_get_run_readonly(iter);

		for (int i = 0; run && i < run->glyphs->num_glyphs && !missing; i++) {
			PangoGlyph g = run->glyphs->glyphs[i].glyph;

			if (g & PANGO_GLYPH_UNKNOWN_FLAG)
				missing = (int32_t)(g & ~PANGO_GLYPH_UNKNOWN_FLAG);
		}
	} while (!missing && pango_layout_iter_next_run(iter));
	pango_layout_iter_free(iter);
	return missing;
}

struct yz_type_extent yz_type_measure(struct yz_type *t, const struct yz_type_text *text)
{
	struct yz_type_extent e = {0, 0, 0};
	PangoRectangle logical;

	set(t, text);
	pango_layout_get_extents(t->layout, NULL, &logical);
	e.w = PANGO_PIXELS_CEIL(logical.width);
	e.h = PANGO_PIXELS_CEIL(logical.height);
	if (pango_layout_get_unknown_glyphs_count(t->layout))
		e.missing = find_missing(t->layout);
	return e;
}

void yz_type_paint(struct yz_type *t, cairo_t *cr, const struct yz_type_text *text, int x, int y)
{
	set(t, text);
	cairo_move_to(cr, x, y);
	pango_cairo_show_layout(cr, t->layout);
}
