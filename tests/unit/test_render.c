/* Layout, painter and formats: what comes out, dot by dot. */
#include "config.h"

#include "base/buf.h"
#include "base/file.h"
#include "print/layout.h"
#include "print/paint.h"
#include "print/render.h"
#include "print/symbol.h"
#include "print/value.h"
#include "tests/unit/paper_fixture.h"

#include <fontconfig/fontconfig.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static const struct yz_res dpi203 = {203, 25400};

/* A label of one element of 60 x 20 mm, laid out; the caller frees *d. */
static enum yz_status lay(
        struct yz_display *d, const char *element, const struct yz_fields *f, struct yz_error *err)
{
	struct yz_template *t = NULL;
	struct yz_buf xml = YZ_BUF_INIT;
	enum yz_status st;

	yz_buf_printf(&xml,
	        "<label name=\"t\" width=\"60\" height=\"20\" media=\"om_t_60x20mm\">%s</label>",
	        element);
	st = yz_template_parse(&t, xml.data, xml.len, "t.xml", err);
	if (st == YZ_OK)
		st = yz_layout(d, t, f, dpi203, err);
	yz_template_free(t);
	yz_buf_free(&xml);
	return st;
}

static enum yz_status lay_words(struct yz_display *d, const char *goods, struct yz_error *err)
{
	struct yz_fields f = YZ_FIELDS_INIT;
	enum yz_status st;

	yz_fields_set(&f, "goods", goods);
	st = lay(d, "<text x=\"5\" y=\"5\" w=\"50\" h=\"6\" size=\"4\" field=\"goods\"/>", &f, err);
	yz_fields_free(&f);
	return st;
}

static size_t ink_of(const char *goods)
{
	struct yz_display d = {0};
	struct yz_bitmap b = {0};
	struct yz_error err = {0};
	size_t n;

	if (lay_words(&d, goods, &err) != YZ_OK)
		fail_msg("%s", err.text);
	assert_int_equal(yz_paint_bitmap(&b, &d, NULL), YZ_OK);
	n = test_ink(&b);
	yz_bitmap_free(&b);
	yz_display_free(&d);
	return n;
}

static void every_character_has_ink(void **state)
{
	static const char *const characters[] = {"一", "罗", "龘", "圆", "通", "速", "递", "䶮",
	        "𠮷", "㐀", "㛃", "𬭎", "𰻞", "𫟼", "·", "A", "1", "*", "¥", "☑", "　中"};

	(void)state;
	for (size_t i = 0; i < sizeof(characters) / sizeof(characters[0]); i++)
		if (ink_of(characters[i]) < 4)
			fail_msg("no ink for %s", characters[i]);
	assert_int_equal(ink_of("　"), 0);
}

static void a_character_that_no_font_has_is_refused_by_its_code_point(void **state)
{
	struct yz_display d = {0};
	struct yz_error err = {0};

	(void)state;
	assert_int_equal(lay_words(&d, "王\xF4\x8F\xBF\xBD明", &err), YZ_E_GLYPH);
	assert_non_null(strstr(err.text, "goods: no installed font has U+10FFFD"));
	assert_null(strstr(err.text, "王"));
	assert_null(strstr(err.text, "\xF4\x8F\xBF\xBD"));
	assert_string_equal(err.field, "goods");
}

static void a_text_that_does_not_fit_is_refused_without_telling_it(void **state)
{
	struct yz_display d = {0};
	struct yz_error err = {0};

	(void)state;
	assert_int_equal(
	        lay_words(&d, "云南省曲靖市罗平县九龙街道新村村委会大明槽村", &err), YZ_E_RANGE);
	assert_non_null(strstr(err.text, "t.xml:1: text: goods: too long"));
	assert_null(strstr(err.text, "云"));
	assert_string_equal(err.field, "goods");
}

static void shrinking_stops_at_the_least_size(void **state)
{
	static const char element[] = "<text x=\"0\" y=\"0\" w=\"30\" h=\"5\" size=\"4\" min=\"3\" "
	                              "overflow=\"shrink\" field=\"goods\"/>";
	struct yz_fields f = YZ_FIELDS_INIT;
	struct yz_display d = {0};

	(void)state;
	yz_fields_set(&f, "goods", "一二三四五六七八九");
	assert_int_equal(lay(&d, element, &f, NULL), YZ_OK);
	assert_true(d.marks[0].size < 32 && d.marks[0].size >= 24);
	yz_display_free(&d);
	yz_fields_set(&f, "goods", "一二三四五六七八九十一二");
	assert_int_equal(lay(&d, element, &f, NULL), YZ_E_RANGE);
	yz_fields_free(&f);
}

static void a_bar_code_below_its_least_module_is_refused(void **state)
{
	struct yz_fields f = YZ_FIELDS_INIT;
	struct yz_display d = {0};
	struct yz_error err = {0};

	(void)state;
	yz_fields_set(&f, "waybill.no", "ABCDEFGHIJKLMNOPQRST");
	assert_int_equal(lay(&d, "<barcode x=\"0\" y=\"0\" w=\"30\" h=\"9\" field=\"waybill.no\"/>",
	                         &f, &err),
	        YZ_E_RANGE);
	assert_non_null(strstr(err.text, "t.xml:1: barcode: waybill.no: "));
	yz_fields_set(&f, "waybill.no", "运单");
	assert_int_equal(lay(&d, "<barcode x=\"0\" y=\"0\" w=\"60\" h=\"9\" field=\"waybill.no\"/>",
	                         &f, &err),
	        YZ_E_RANGE);
	yz_fields_set(&f, "waybill.no", "");
	assert_int_equal(lay(&d, "<barcode x=\"0\" y=\"0\" w=\"60\" h=\"9\" field=\"waybill.no\"/>",
	                         &f, &err),
	        YZ_E_RANGE);
	yz_fields_free(&f);
}

static bool is_black(const struct yz_bitmap *b, int x, int y)
{
	return b->bits[y * b->stride + x / 8] << (x & 7) & 0x80;
}

/* Against zint's own modules, quiet zones and all: the largest whole module that fits. */
static void bars_are_whole_modules(void **state)
{
	struct yz_fields f = YZ_FIELDS_INIT;
	struct yz_display d = {0};
	struct yz_bitmap b = {0};
	struct yz_symbol s = {0};
	int left, module;

	(void)state;
	yz_fields_set(&f, "waybill.no", "SF1234567890123");
	assert_int_equal(lay(&d, "<barcode x=\"0\" y=\"0\" w=\"60\" h=\"9\" field=\"waybill.no\"/>",
	                         &f, NULL),
	        YZ_OK);
	assert_int_equal(yz_paint_bitmap(&b, &d, NULL), YZ_OK);
	assert_int_equal(yz_symbol_make(&s, YZ_SYMBOL_CODE128, "SF1234567890123", NULL), YZ_OK);
	module = 479 / (s.cols + 20); /* 60 mm are 479 dots, quiet zones 10 modules each */
	assert_true(module >= 2);
	left = (479 - s.cols * module) / 2;
	for (int x = 0; x < 479; x++) {
		bool inside = x >= left && x < left + s.cols * module;
		bool dark = inside && s.dark[(x - left) / module];

		assert_int_equal(is_black(&b, x, 0), dark);
		assert_int_equal(is_black(&b, x, 71), dark);
	}
	yz_symbol_free(&s);
	yz_bitmap_free(&b);
	yz_display_free(&d);
	yz_fields_free(&f);
}

static void values_are_written_as_paper_wants_them(void **state)
{
	static const struct {
		enum yz_value_format format;
		const char *value, *shown; /* NULL: refused */
	} rows[] = {
	        {YZ_VALUE_MONEY, "2305", "¥23.05"},
	        {YZ_VALUE_MONEY, "0", "¥0.00"},
	        {YZ_VALUE_MONEY, "-2300", "-¥23.00"},
	        {YZ_VALUE_MONEY, "-5", "-¥0.05"},
	        {YZ_VALUE_MONEY, "23.05", NULL},
	        {YZ_VALUE_MONEY, "many", NULL},
	        {YZ_VALUE_MASS, "5350", "5.35 kg (10.7斤)"},
	        {YZ_VALUE_MASS, "500", "0.5 kg (1斤)"},
	        {YZ_VALUE_MASS, "6000", "6 kg (12斤)"},
	        {YZ_VALUE_MASS, "5", "0.005 kg (0.01斤)"},
	        {YZ_VALUE_MASS, "-5", NULL},
	        {YZ_VALUE_DATE, "2026-11-24T07:04:05Z", "2026-11-24 15:04"},
	        {YZ_VALUE_DATE, "2026-11-24", "2026-11-24"},
	        {YZ_VALUE_DATE, "2026-02-30", NULL},
	        {YZ_VALUE_PAYER, "receiver", "到付"},
	        {YZ_VALUE_PAYER, "nobody", NULL},
	        {YZ_VALUE_PAID_BY, "wechat", "微信"},
	        {YZ_VALUE_MASK_PHONE, "13905711234", "139******34"},
	        {YZ_VALUE_MASK_NAME, "王小明", "王*明"},
	        {YZ_VALUE_MASK_NAME, "", ""},
	        {YZ_VALUE_MONEY, "", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct yz_buf out = YZ_BUF_INIT;
		enum yz_status st = yz_value_add(&out, rows[i].format, rows[i].value, true, NULL);

		assert_int_equal(st, rows[i].shown ? YZ_OK : YZ_E_PARSE);
		assert_string_equal(yz_buf_str(&out), rows[i].shown ? rows[i].shown : "");
		yz_buf_free(&out);
	}
}

/* Last: it takes the fonts away from the whole program. */
static void without_any_font_the_remedy_is_told(void **state)
{
	static const char none[] = "<?xml version=\"1.0\"?><fontconfig></fontconfig>";
	char dir[] = "/tmp/yizhan-XXXXXX", path[80];
	struct yz_display d = {0};
	struct yz_error err = {0};

	(void)state;
	assert_non_null(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/fonts.conf", dir);
	assert_int_equal(yz_file_write(path, none, strlen(none), 0600, NULL), YZ_OK);
	yz_render_forget();
	assert_int_equal(setenv("FONTCONFIG_FILE", path, 1), 0);
	assert_true(FcInitReinitialize());
	assert_int_equal(lay_words(&d, "姜", &err), YZ_E_CONFIG);
	assert_non_null(strstr(err.say, "apt install fonts-wqy-microhei"));
	(void)unlink(path);
	(void)rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(every_character_has_ink),
	        cmocka_unit_test(a_character_that_no_font_has_is_refused_by_its_code_point),
	        cmocka_unit_test(a_text_that_does_not_fit_is_refused_without_telling_it),
	        cmocka_unit_test(shrinking_stops_at_the_least_size),
	        cmocka_unit_test(a_bar_code_below_its_least_module_is_refused),
	        cmocka_unit_test(bars_are_whole_modules),
	        cmocka_unit_test(values_are_written_as_paper_wants_them),
	        cmocka_unit_test(without_any_font_the_remedy_is_told),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	yz_render_forget();
	return failed;
}
