/* Our papers: what stands on them, what must not, and whether a scanner reads them. */
#include "config.h"

#include "base/buf.h"
#include "print/layout.h"
#include "tests/unit/paper_fixture.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static const struct yz_res dpi203 = {203, 25400};

static void write_temp(const struct yz_buf *png, char *path)
{
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, png->data, png->len), png->len);
	(void)close(fd);
}

static void exec_zbar(const char *path, int out)
{
	int null = open("/dev/null", O_WRONLY);

	(void)dup2(out, STDOUT_FILENO);
	(void)dup2(null, STDERR_FILENO);
	(void)execlp("zbarimg", "zbarimg", "-q", "--raw", path, (char *)NULL);
	_exit(127);
}

/* What zbarimg reads, one symbol a line. */
static void scan(const struct yz_buf *png, char *out, size_t size)
{
	char path[] = "/tmp/yizhan-XXXXXX";
	int ends[2], status;
	size_t used = 0;
	ssize_t n;
	pid_t pid;

	write_temp(png, path);
	assert_int_equal(pipe(ends), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid)
		exec_zbar(path, ends[1]);
	(void)close(ends[1]);
	while ((n = read(ends[0], out + used, size - 1 - used)) > 0)
		used += (size_t)n;
	out[used] = '\0';
	(void)close(ends[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	(void)unlink(path);
}

static void a_scanner_reads_the_number_on_every_paper(void **state)
{
	static const char *const papers[] = {"waybill-100x180", "receipt-80", "refund-80"};
	static const char *const numbers[] = {"73100118865046", "SF1234567890123",
	        "JT0000131754417", "QJ530324001261124", "EA123456785CN"};

	(void)state;
	for (size_t i = 0; i < 15; i++) {
		struct yz_fields f = test_paper_fields();
		struct yz_buf png = YZ_BUF_INIT;
		const char *number = numbers[i % 5];
		char text[400];
		size_t lines = 0;

		yz_fields_set(&f, "waybill.no", number);
		test_paper_render(papers[i / 5], &f, "png", &png, NULL);
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
	struct yz_fields f = test_paper_fields();
	struct yz_buf pdf = YZ_BUF_INIT;
	struct yz_page page;
	double w = 0, h = 0;
	char *box;

	(void)state;
	test_paper_render("waybill-100x180", &f, "pdf", &pdf, &page);
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
	struct yz_fields f = test_paper_fields();
	struct yz_buf pdf = YZ_BUF_INIT;
	struct yz_page one, three;
	double points;

	(void)state;
	test_paper_render("receipt-80", &f, "pdf", &pdf, &one);
	yz_fields_set(&f, "line.1.name", "宣威火腿");
	yz_fields_set(&f, "line.2.name", "会泽土豆");
	test_paper_render("receipt-80", &f, "pdf", &pdf, &three);
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
	struct yz_fields f = test_paper_fields();
	struct yz_buf pwg = YZ_BUF_INIT;
	struct yz_template *t = NULL;
	struct yz_display d = {0};
	struct yz_bitmap painted = {0}, read = {0};
	char path[500];

	(void)state;
	test_paper_render("waybill-100x180", &f, "pwg", &pwg, NULL);
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
	        yz_template_load(&t, test_paper_path(path, sizeof(path), "waybill-100x180"), NULL),
	        YZ_OK);
	assert_int_equal(yz_layout(&d, t, &f, dpi203, NULL), YZ_OK);
	assert_int_equal(yz_paint_bitmap(&painted, &d, NULL), YZ_OK);
	read = painted;
	read.bits = yz_alloc((size_t)read.stride * (size_t)read.h);
	unpack_pwg(&pwg, 4 + 1796, &read);
	assert_memory_equal(read.bits, painted.bits, (size_t)read.stride * (size_t)read.h);
	assert_true(test_ink(&read) > 50000);
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

	if (yz_template_load(&t, test_paper_path(path, sizeof(path), name), &err) ||
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
	struct yz_fields f = test_paper_fields();
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
	struct yz_fields f = test_paper_fields();
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
		struct yz_fields f = test_paper_fields();

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
		struct yz_fields f = test_paper_fields();
		struct yz_buf out = YZ_BUF_INIT;
		struct yz_error err = {0};

		yz_fields_set(&f, needed[i], "");
		assert_int_equal(yz_render(test_paper_path(path, sizeof(path), "waybill-100x180"),
		                         &f, &yz_format_png, &out, NULL, &err),
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
	struct yz_fields f = test_paper_fields();

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

		test_paper_render(papers[i], &f, "png", &out, NULL);
		yz_buf_free(&out);
	}
	yz_fields_free(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_scanner_reads_the_number_on_every_paper),
	        cmocka_unit_test(the_pdf_page_is_exact),
	        cmocka_unit_test(a_roll_is_cut_where_the_content_ends),
	        cmocka_unit_test(the_raster_holds_the_painted_dots),
	        cmocka_unit_test(no_paper_shows_a_party_in_full),
	        cmocka_unit_test(a_station_number_says_that_it_is_no_waybill),
	        cmocka_unit_test(marks_stand_only_when_they_are_true),
	        cmocka_unit_test(a_missing_value_that_the_paper_needs_is_named),
	        cmocka_unit_test(the_longest_values_still_print),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	yz_render_forget();
	return failed;
}
