/* Layout, painter and formats: what comes out, dot by dot. */
#include "config.h"

#include "base/buf.h"
#include "base/file.h"
#include "print/layout.h"
#include "print/paint.h"
#include "print/render.h"
#include "print/symbol.h"
#include "print/value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static const struct yz_res dpi203 = {203, 25400};

static const char *const waybill[][2] = {{"station.name", "罗平县九龙街道乡镇电商公共服务站"},
        {"station.id", "QJ530324001"}, {"station.phone", "0874-8212345"},
        {"waybill.no", "73100118865046"}, {"courier.name", "中通快递"},
        {"routing.code", "356-01-02 AOF3"}, {"sender.name", "李桂芬"},
        {"sender.phone", "13887412345"}, {"sender.region", "云南省曲靖市罗平县九龙街道"},
        {"sender.detail", "新村村委会大明槽村12号"}, {"receiver.name", "王小明"},
        {"receiver.phone", "13905711234"}, {"receiver.region", "浙江省杭州市西湖区古荡街道"},
        {"receiver.detail", "文二路391号3栋2单元501室"}, {"goods", "小黄姜、火腿"}, {"pieces", "1"},
        {"weight_g", "5350"}, {"billed_g", "6000"}, {"freight_fen", "2300"}, {"total_fen", "2300"},
        {"payer", "sender"}, {"paid_by", "cash"}, {"print_no", "1"},
        {"booked_at", "2026-11-24T15:04:05+08:00"}, {"line.0.name", "罗平小黄姜"},
        {"line.0.qty", "1 箱"}, {"line.0.mass_g", "5000"}, {"void.reason", "改寄"},
        {"void.at", "2026-11-24T16:00:00+08:00"}, {"refund_fen", "2300"}};

static struct yz_fields fill(void)
{
	struct yz_fields f = YZ_FIELDS_INIT;

	for (size_t i = 0; i < sizeof(waybill) / sizeof(waybill[0]); i++)
		yz_fields_set(&f, waybill[i][0], waybill[i][1]);
	return f;
}

static const char *paper(char *out, size_t size, const char *name)
{
	(void)snprintf(out, size, "%s/data/templates/%s.xml", getenv("YZ_SRCDIR"), name);
	return out;
}

static void render(const char *name, const struct yz_fields *f, const char *as, struct yz_buf *out,
        struct yz_page *page)
{
	struct yz_error err = {0};
	char path[500];

	if (yz_render(paper(path, sizeof(path), name), f, yz_format_by_name(as), out, page, &err))
		fail_msg("%s", err.text);
}

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

static size_t ink(const struct yz_bitmap *b)
{
	size_t n = 0;

	for (int i = 0; i < b->stride * b->h; i++)
		n += (size_t)__builtin_popcount(b->bits[i]);
	return n;
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
	n = ink(&b);
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

/* What zbarimg reads in bytes, one symbol a line. */
static void scan(const struct yz_buf *png, char *out, size_t size)
{
	char dir[] = "/tmp/yizhan-XXXXXX", path[80], command[200];
	size_t n;
	FILE *p;

	assert_non_null(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/a.png", dir);
	assert_int_equal(yz_file_write(path, png->data, png->len, 0600, NULL), YZ_OK);
	(void)snprintf(command, sizeof(command), "zbarimg -q --raw %s 2>/dev/null", path);
	p = popen(command, "r");
	assert_non_null(p);
	n = fread(out, 1, size - 1, p);
	out[n] = '\0';
	(void)pclose(p);
	(void)unlink(path);
	(void)rmdir(dir);
}

static void a_scanner_reads_the_number_on_every_paper(void **state)
{
	static const char *const papers[] = {"waybill-100x180", "receipt-80", "refund-80"};
	static const char *const numbers[] = {"73100118865046", "SF1234567890123",
	        "JT0000131754417", "QJ530324001261124", "EA123456785CN"};

	(void)state;
	for (size_t i = 0; i < 15; i++) {
		struct yz_fields f = fill();
		struct yz_buf png = YZ_BUF_INIT;
		const char *number = numbers[i % 5];
		char text[400];
		size_t lines = 0;

		yz_fields_set(&f, "waybill.no", number);
		render(papers[i / 5], &f, "png", &png, NULL);
		scan(&png, text, sizeof(text));
		for (char *save = NULL, *l = strtok_r(text, "\n", &save); l;
		        l = strtok_r(NULL, "\n", &save), lines++)
			assert_string_equal(l, number);
		assert_true(lines >= 1);
		yz_buf_free(&png);
		yz_fields_free(&f);
	}
}

static void the_pdf_page_is_exact(void **state)
{
	struct yz_fields f = fill();
	struct yz_buf pdf = YZ_BUF_INIT;
	struct yz_page page;
	double w = 0, h = 0;
	char *box;

	(void)state;
	render("waybill-100x180", &f, "pdf", &pdf, &page);
	assert_int_equal(page.width_um, 100000);
	assert_int_equal(page.height_um, 180000);
	assert_string_equal(page.media, "om_waybill_100x180mm");
	box = memmem(pdf.data, pdf.len, "/MediaBox [", 11);
	assert_non_null(box);
	assert_int_equal(sscanf(box, "/MediaBox [ 0 0 %lf %lf ]", &w, &h), 2);
	assert_true(w > 283.4646 - 0.02 && w < 283.4646 + 0.02);
	assert_true(h > 510.2362 - 0.02 && h < 510.2362 + 0.02);
	yz_buf_free(&pdf);
	yz_fields_free(&f);
}

static void a_roll_is_cut_where_the_content_ends(void **state)
{
	struct yz_fields f = fill();
	struct yz_buf pdf = YZ_BUF_INIT;
	struct yz_page one, three;
	double points;

	(void)state;
	render("receipt-80", &f, "pdf", &pdf, &one);
	yz_fields_set(&f, "line.1.name", "宣威火腿");
	yz_fields_set(&f, "line.2.name", "会泽土豆");
	render("receipt-80", &f, "pdf", &pdf, &three);
	assert_int_equal(one.width_um, 72000);
	assert_true(three.height_um > one.height_um + 6000);
	assert_true(three.height_um < one.height_um + 12000);
	points = one.height_um * 72.0 / 25400.0;
	assert_true(points - (double)(int)(points + 0.5) < 0.001);
	assert_int_equal(strncmp(one.media, "om_receipt_72x", 14), 0);
	yz_buf_free(&pdf);
	yz_fields_free(&f);
}

static unsigned get32(const struct yz_buf *b, size_t at)
{
	const unsigned char *p = (const unsigned char *)b->data + at;

	return (unsigned)p[0] << 24 | (unsigned)p[1] << 16 | (unsigned)p[2] << 8 | p[3];
}

/* A reader of PWG 5102.4 written from the standard, not from the writer. */
static void unpack_pwg(const struct yz_buf *pwg, size_t at, struct yz_bitmap *b)
{
	const unsigned char *p = (const unsigned char *)pwg->data + at;

	for (int y = 0; y < b->h;) {
		int repeat = *p++ + 1;
		uint8_t *row = b->bits + (size_t)y * (size_t)b->stride;

		for (int x = 0; x < b->stride;) {
			if (*p < 128) {
				int n = *p + 1;

				assert_true(x + n <= b->stride);
				memset(row + x, p[1], (size_t)n);
				p += 2;
				x += n;
			} else {
				int n = 257 - *p;

				assert_true(x + n <= b->stride);
				memcpy(row + x, p + 1, (size_t)n);
				p += 1 + n;
				x += n;
			}
		}
		assert_true(y + repeat <= b->h);
		for (int i = 1; i < repeat; i++)
			memcpy(row + (size_t)i * (size_t)b->stride, row, (size_t)b->stride);
		y += repeat;
	}
	assert_ptr_equal(p, pwg->data + pwg->len);
}

static void the_raster_holds_the_painted_dots(void **state)
{
	struct yz_fields f = fill();
	struct yz_buf pwg = YZ_BUF_INIT;
	struct yz_template *t = NULL;
	struct yz_display d = {0};
	struct yz_bitmap painted = {0}, read = {0};
	char path[500];

	(void)state;
	render("waybill-100x180", &f, "pwg", &pwg, NULL);
	assert_memory_equal(pwg.data, "RaS2PwgRaster", 14);
	assert_int_equal(get32(&pwg, 4 + 276), 203);
	assert_int_equal(get32(&pwg, 4 + 352), 283);
	assert_int_equal(get32(&pwg, 4 + 356), 510);
	assert_int_equal(get32(&pwg, 4 + 372), 799);
	assert_int_equal(get32(&pwg, 4 + 376), 1438);
	assert_int_equal(get32(&pwg, 4 + 388), 1);
	assert_int_equal(get32(&pwg, 4 + 400), 3);
	assert_string_equal(pwg.data + 4 + 1732, "om_waybill_100x180mm");
	assert_int_equal(
	        yz_template_load(&t, paper(path, sizeof(path), "waybill-100x180"), NULL), YZ_OK);
	assert_int_equal(yz_layout(&d, t, &f, dpi203, NULL), YZ_OK);
	assert_int_equal(yz_paint_bitmap(&painted, &d, NULL), YZ_OK);
	read = painted;
	read.bits = yz_alloc((size_t)read.stride * (size_t)read.h);
	unpack_pwg(&pwg, 4 + 1796, &read);
	assert_memory_equal(read.bits, painted.bits, (size_t)read.stride * (size_t)read.h);
	assert_true(ink(&read) > 50000);
	yz_bitmap_free(&read);
	yz_bitmap_free(&painted);
	yz_display_free(&d);
	yz_template_free(t);
	yz_buf_free(&pwg);
	yz_fields_free(&f);
}

/* All texts of a paper, one a line. */
static void texts(const char *name, const struct yz_fields *f, struct yz_buf *out)
{
	struct yz_template *t = NULL;
	struct yz_display d = {0};
	struct yz_error err = {0};
	char path[500];

	if (yz_template_load(&t, paper(path, sizeof(path), name), &err) ||
	        yz_layout(&d, t, f, dpi203, &err))
		fail_msg("%s", err.text);
	yz_buf_clear(out);
	for (size_t i = 0; i < d.count; i++)
		if (d.marks[i].text)
			yz_buf_printf(out, "%s\n", d.marks[i].text);
	yz_display_free(&d);
	yz_template_free(t);
}

static void no_paper_shows_a_party_in_full(void **state)
{
	static const char *const papers[] = {"waybill-100x180", "receipt-80", "refund-80"};
	static const char *const hidden[] = {"13887412345", "13905711234", "1388", "1390",
	        "12345\n", "1234\n", "李桂芬", "王小明", "501", "2单元"};
	struct yz_fields f = fill();
	struct yz_buf out = YZ_BUF_INIT;

	(void)state;
	yz_fields_set(&f, "station.phone", "0874-8219999");
	for (size_t i = 0; i < 3; i++) {
		texts(papers[i], &f, &out);
		for (size_t h = 0; h < sizeof(hidden) / sizeof(hidden[0]); h++)
			if (strstr(out.data, hidden[h]))
				fail_msg("%s shows %s", papers[i], hidden[h]);
		assert_non_null(strstr(out.data, "138******45"));
	}
	yz_fields_set(&f, "masked", "no");
	texts("waybill-100x180", &f, &out);
	assert_non_null(strstr(out.data, "13905711234"));
	yz_buf_free(&out);
	yz_fields_free(&f);
}

static void a_station_number_says_that_it_is_no_waybill(void **state)
{
	struct yz_fields f = fill();
	struct yz_buf out = YZ_BUF_INIT;

	(void)state;
	texts("waybill-100x180", &f, &out);
	assert_null(strstr(out.data, "不是快递运单"));
	assert_non_null(strstr(out.data, "356-01-02 AOF3"));
	yz_fields_set(&f, "routing.code", "");
	texts("waybill-100x180", &f, &out);
	assert_non_null(strstr(out.data, "待分拣"));
	yz_fields_set(&f, "waybill.provisional", "yes");
	texts("waybill-100x180", &f, &out);
	assert_non_null(strstr(out.data, "站内编号 不是快递运单"));
	assert_null(strstr(out.data, "待分拣"));
	texts("receipt-80", &f, &out);
	assert_non_null(strstr(out.data, "不是快递单号"));
	yz_buf_free(&out);
	yz_fields_free(&f);
}

static void marks_stand_only_when_they_are_true(void **state)
{
	static const char *const marks[][2] = {{"inspected", "已验视"}, {"identity_seen", "已实名"},
	        {"reprint", "补打"}, {"offline", "离线收寄"}};
	struct yz_buf out = YZ_BUF_INIT;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct yz_fields f = fill();

		texts("waybill-100x180", &f, &out);
		assert_null(strstr(out.data, marks[i][1]));
		yz_fields_set(&f, marks[i][0], "no");
		texts("waybill-100x180", &f, &out);
		assert_null(strstr(out.data, marks[i][1]));
		yz_fields_set(&f, marks[i][0], "yes");
		texts("waybill-100x180", &f, &out);
		assert_non_null(strstr(out.data, marks[i][1]));
		yz_fields_free(&f);
	}
	yz_buf_free(&out);
}

static void a_missing_value_that_the_paper_needs_is_named(void **state)
{
	static const char *const needed[] = {
	        "station.name", "courier.name", "receiver.name", "sender.phone"};
	char path[500];

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct yz_fields f = fill();
		struct yz_buf out = YZ_BUF_INIT;
		struct yz_error err = {0};

		yz_fields_set(&f, needed[i], "");
		assert_int_equal(yz_render(paper(path, sizeof(path), "waybill-100x180"), &f,
		                         &yz_format_png, &out, NULL, &err),
		        YZ_E_NOTFOUND);
		assert_string_equal(err.field, needed[i]);
		assert_int_equal(out.len, 0);
		yz_fields_free(&f);
	}
}

static void repeat(struct yz_fields *f, const char *name, const char *one, int times)
{
	struct yz_buf b = YZ_BUF_INIT;

	for (int i = 0; i < times; i++)
		yz_buf_puts(&b, one);
	yz_fields_set(f, name, yz_buf_str(&b));
	yz_buf_free(&b);
}

/* The limits of the store: a booking that was saved must print. */
static void the_longest_values_still_print(void **state)
{
	static const char *const papers[] = {"waybill-100x180", "receipt-80", "refund-80"};
	static const char *const parties[] = {"sender", "receiver"};
	struct yz_fields f = fill();

	(void)state;
	for (int i = 0; i < 2; i++) {
		char name[40];

		(void)snprintf(name, sizeof(name), "%s.name", parties[i]);
		repeat(&f, name, "龘", 40);
		(void)snprintf(name, sizeof(name), "%s.region", parties[i]);
		repeat(&f, name, "靖", 60);
		(void)snprintf(name, sizeof(name), "%s.detail", parties[i]);
		repeat(&f, name, "镇", 80);
		(void)snprintf(name, sizeof(name), "%s.phone", parties[i]);
		yz_fields_set(&f, name, "008613905711234-12345678");
	}
	yz_fields_set(&f, "waybill.no", "20261124123456789012345678901234");
	repeat(&f, "goods", "姜", 40);
	repeat(&f, "station.name", "站", 40);
	repeat(&f, "courier.name", "达", 20);
	repeat(&f, "carrier.name", "达", 30);
	repeat(&f, "service", "急", 16);
	repeat(&f, "remark", "急", 80);
	repeat(&f, "special_line", "线", 16);
	repeat(&f, "void.reason", "退", 80);
	yz_fields_set(&f, "total_fen", "99999999");
	yz_fields_set(&f, "freight_fen", "99999999");
	yz_fields_set(&f, "insured_fen", "99999999");
	yz_fields_set(&f, "weight_g", "999999");
	for (size_t i = 0; i < 3; i++) {
		struct yz_buf out = YZ_BUF_INIT;

		render(papers[i], &f, "png", &out, NULL);
		yz_buf_free(&out);
	}
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
	        cmocka_unit_test(a_scanner_reads_the_number_on_every_paper),
	        cmocka_unit_test(the_pdf_page_is_exact),
	        cmocka_unit_test(a_roll_is_cut_where_the_content_ends),
	        cmocka_unit_test(the_raster_holds_the_painted_dots),
	        cmocka_unit_test(no_paper_shows_a_party_in_full),
	        cmocka_unit_test(a_station_number_says_that_it_is_no_waybill),
	        cmocka_unit_test(marks_stand_only_when_they_are_true),
	        cmocka_unit_test(a_missing_value_that_the_paper_needs_is_named),
	        cmocka_unit_test(the_longest_values_still_print),
	        cmocka_unit_test(values_are_written_as_paper_wants_them),
	        cmocka_unit_test(without_any_font_the_remedy_is_told),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	yz_render_forget();
	return failed;
}
