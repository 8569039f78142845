/* base: text by columns, ids, clock, csv, configuration. */
#include "config.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/csv.h"
#include "base/fields.h"
#include "base/file.h"
#include "base/id.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static void a_wide_character_takes_two_columns_in_every_plane(void **state)
{
	(void)state;
	assert_int_equal(yz_text_cols("黄a"), 3);
	assert_int_equal(yz_char_cols(0x20BB7), 2);
	assert_int_equal(yz_char_cols(0x31350), 2); /* Extension H, which glibc 2.36 lacks */
	assert_int_equal(yz_char_cols(0x2EBF0), 2); /* Extension I */
	assert_int_equal(yz_char_cols(0x301), 0);
	assert_int_equal(yz_char_cols(7), -1);
}

static void a_text_is_cut_between_characters_and_marked(void **state)
{
	char out[32];

	(void)state;
	assert_int_equal(yz_text_cut(out, sizeof(out), "小黄姜", 5), 5);
	assert_string_equal(out, "小黄~");
	yz_text_pad(out, sizeof(out), "小黄姜", 4, false);
	assert_string_equal(out, "小~ ");
	yz_text_pad(out, sizeof(out), "12", 4, true);
	assert_string_equal(out, "  12");
}

static void full_width_input_becomes_ascii(void **state)
{
	char s[] = "　１３８－０００　０　";

	(void)state;
	yz_text_halve(s);
	assert_string_equal(s, "138-000 0");
}

static void broken_utf8_is_seen_and_skipped(void **state)
{
	const char *p = "\xC0\x80\xED\xA0\x80x";

	(void)state;
	assert_false(yz_utf8_is_valid("\xFF"));
	while (*p && *p != 'x')
		assert_int_equal(yz_utf8_next(&p), -1);
	assert_int_equal(yz_utf8_next(&p), 'x');
}

static void an_id_is_a_uuid_of_version_7_and_reads_back(void **state)
{
	struct yz_id a = yz_id_new(1700000000000), b = yz_id_new(1700000000000), c;
	char text[YZ_ID_TEXT_SIZE];

	(void)state;
	assert_false(yz_id_equal(&a, &b));
	yz_id_text(&a, text);
	assert_int_equal(text[14], '7');
	assert_memory_equal(text, "018bcfe5-6800", 13);
	assert_true(yz_id_parse(text, &c));
	assert_true(yz_id_equal(&a, &c));
	assert_false(yz_id_parse("018bcfe5x6800-7000-8000-000000000000", &c));
}

static void dates_read_and_write_in_china_time(void **state)
{
	int64_t ms;
	char out[32];

	(void)state;
	assert_true(yz_clock_parse("2026-11-24T23:30:00Z", &ms));
	yz_clock_rfc3339(ms, out, sizeof(out));
	assert_string_equal(out, "2026-11-25T07:30:00+08:00");
	yz_clock_date(ms, out, sizeof(out));
	assert_string_equal(out, "2026-11-25");
	assert_true(yz_clock_parse("2026-11-24T23:50:00+08:00", &ms));
	yz_clock_since(ms, ms + 60000, out, sizeof(out));
	assert_string_equal(out, "23:50");
	yz_clock_since(ms, ms + 600000, out, sizeof(out)); /* past midnight in China */
	assert_string_equal(out, "11-24 23:50");
	assert_false(yz_clock_parse("2026-02-29", &ms));
	assert_true(yz_clock_parse("2024-02-29", &ms));
	assert_false(yz_clock_parse("2026-11-24 10:00", &ms));
}

static void csv_knows_quotes_notes_and_line_numbers(void **state)
{
	char text[] = "\xEF\xBB\xBF# note\ncode,name\n1,\"a, \"\"b\"\"\nc\"\n\n2, x \n3\n";
	struct yz_csv *csv = NULL;
	struct yz_error err;
	bool more;

	(void)state;
	assert_int_equal(yz_csv_open(&csv, text, "t.csv", &err), YZ_OK);
	assert_int_equal(yz_csv_next(csv, &more, &err), YZ_OK);
	assert_string_equal(yz_csv_get(csv, "name"), "a, \"b\"\nc");
	assert_int_equal(yz_csv_line(csv), 3);
	assert_int_equal(yz_csv_next(csv, &more, &err), YZ_OK);
	assert_string_equal(yz_csv_get(csv, "name"), "x");
	assert_int_equal(yz_csv_line(csv), 6);
	assert_int_equal(yz_csv_next(csv, &more, &err), YZ_E_PARSE);
	assert_string_equal(err.text, "t.csv:7: 1 columns, expected 2");
	yz_csv_free(csv);
}

static void fields_keep_order_and_count_repeats(void **state)
{
	struct yz_fields f = YZ_FIELDS_INIT;

	(void)state;
	yz_fields_set(&f, "line.0.name", "a");
	yz_fields_set(&f, "line.1.name", "b");
	yz_fields_set(&f, "line.0.name", "c");
	assert_string_equal(yz_fields_get(&f, "line.0.name"), "c");
	assert_null(yz_fields_get(&f, "line.2.name"));
	assert_int_equal(yz_fields_repeats(&f, "line"), 2);
	yz_fields_free(&f);
}

static enum yz_status conf_of(const char *text, struct yz_conf *conf, struct yz_error *err)
{
	char path[] = "/tmp/yizhan-conf-XXXXXX";
	int fd = mkstemp(path);
	enum yz_status st;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	(void)close(fd);
	st = yz_conf_read(conf, path, err);
	(void)unlink(path);
	return st;
}

static void a_wrong_configuration_is_refused_by_name(void **state)
{
	struct yz_conf conf;
	struct yz_error err;

	(void)state;
	assert_int_equal(conf_of("[station]\ndir = s\n[kiosk]\nidle_s = 9\n", &conf, &err), YZ_OK);
	assert_string_equal(conf.station_dir, "/tmp/s");
	assert_int_equal(conf.kiosk_idle_s, 9);
	assert_int_equal(conf_of("[kiosk]\nidle_s = soon\n", &conf, &err), YZ_E_CONFIG);
	assert_non_null(strstr(err.text, "[kiosk] idle_s must be a whole number"));
	assert_int_equal(conf_of("[kiosk]\ncolour = red\n", &conf, &err), YZ_E_CONFIG);
	assert_int_equal(yz_conf_read(&conf, "/nonexistent/x", &err), YZ_E_CONFIG);
	assert_int_equal(
	        conf_of("[platform]\nurl=https://a.example\n[test]\nnow=2026-01-01\n", &conf, &err),
	        YZ_E_CONFIG);
}

static void a_file_is_replaced_whole(void **state)
{
	char path[] = "/tmp/yizhan-file-XXXXXX";
	struct yz_buf b = YZ_BUF_INIT;
	struct yz_error err;
	int fd = mkstemp(path);

	(void)state;
	(void)close(fd);
	assert_int_equal(yz_file_write(path, "abc", 3, 0600, &err), YZ_OK);
	assert_int_equal(yz_file_read(&b, path, 10, &err), YZ_OK);
	assert_string_equal(yz_buf_str(&b), "abc");
	assert_int_equal(yz_file_read(&b, path, 2, &err), YZ_E_RANGE);
	(void)unlink(path);
	assert_int_equal(yz_file_read(&b, path, 2, &err), YZ_E_NOTFOUND);
	yz_buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_wide_character_takes_two_columns_in_every_plane),
	        cmocka_unit_test(a_text_is_cut_between_characters_and_marked),
	        cmocka_unit_test(full_width_input_becomes_ascii),
	        cmocka_unit_test(broken_utf8_is_seen_and_skipped),
	        cmocka_unit_test(an_id_is_a_uuid_of_version_7_and_reads_back),
	        cmocka_unit_test(dates_read_and_write_in_china_time),
	        cmocka_unit_test(csv_knows_quotes_notes_and_line_numbers),
	        cmocka_unit_test(fields_keep_order_and_count_repeats),
	        cmocka_unit_test(a_wrong_configuration_is_refused_by_name),
	        cmocka_unit_test(a_file_is_replaced_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
