/* station: splitting a pasted line. Invented people, real places: the first corpus is checked line
 * by line; of the second, 216 lines are by hand and the others are line shapes filled with
 * divisions drawn at random, answered before the parser saw them. */
#include "config.h"

#include "base/buf.h"
#include "base/csv.h"
#include "base/file.h"
#include "station/address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct yz_divisions *divisions;

static const char *source_dir(void)
{
	return getenv("YZ_SRCDIR") ? getenv("YZ_SRCDIR") : ".";
}

static int load(void **state)
{
	char dir[4096];

	(void)state;
	(void)snprintf(dir, sizeof(dir), "%s/data", source_dir());
	return yz_divisions_load(&divisions, dir, NULL) == YZ_OK ? 0 : -1;
}

static int unload(void **state)
{
	(void)state;
	yz_divisions_free(divisions);
	return 0;
}

/* True if the split is what the row says, else prints both. */
static bool is_right(const struct yz_csv *csv, const struct yz_address *a)
{
	char places[512];
	const struct {
		const char *column, *got;
	} rows[] = {{"name", a->name}, {"phone", a->phone}, {"code", a->code}, {"places", places},
	        {"detail", a->detail}, {"postcode", a->postcode}};
	bool right = true;

	(void)snprintf(places, sizeof(places), "%s/%s/%s/%s/%s", a->province, a->city, a->county,
	        a->town, a->village);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(rows[i].got, yz_csv_get(csv, rows[i].column)) != 0) {
			print_message("line %d (%.2f): %s is \"%s\", not \"%s\"\n",
			        yz_csv_line(csv), a->confidence, rows[i].column, rows[i].got,
			        yz_csv_get(csv, rows[i].column));
			right = false;
		}
	return right;
}

static void judge(const char *corpus, int least_lines)
{
	struct yz_buf text = YZ_BUF_INIT;
	struct yz_csv *csv = NULL;
	char path[4096];
	int all = 0, right = 0, sure = 0, surely_wrong = 0;
	bool more;

	(void)snprintf(path, sizeof(path), "%s/tests/fixtures/%s", source_dir(), corpus);
	assert_int_equal(yz_file_read(&text, path, 1 << 20, NULL), YZ_OK);
	assert_int_equal(yz_csv_open(&csv, text.data, "corpus", NULL), YZ_OK);
	while (yz_csv_next(csv, &more, NULL) == YZ_OK && more) {
		struct yz_address a;
		bool ok;

		yz_address_parse(divisions, yz_csv_get(csv, "line"), &a);
		ok = is_right(csv, &a);
		all++;
		right += ok;
		sure += a.confidence >= 0.9;
		surely_wrong += !ok && a.confidence >= 0.9;
	}
	yz_csv_free(csv);
	yz_buf_free(&text);
	print_message(
	        "%d lines, %d right, %d sure, %d surely wrong\n", all, right, sure, surely_wrong);
	assert_true(all >= least_lines);
	assert_int_equal(surely_wrong, 0);
	assert_true(right * 100 >= all * 98);
	/* doubting everything would be easy */
	assert_true(sure * 100 >= all * 75);
}

static void the_corpus_is_split_right_and_never_wrong_with_confidence(void **state)
{
	(void)state;
	judge("address-corpus.csv", 300);
}

static void the_second_corpus_is_split_as_well(void **state)
{
	(void)state;
	judge("address-corpus-2.csv", 400);
}

static void an_unclear_line_is_not_trusted(void **state)
{
	static const char *const lines[] = {
	        "",
	        "   ",
	        "你好",
	        "13800000000",
	        "陈晨",
	        "鼓楼区中山路1号 陈晨 13800000000",
	        "云南省贵阳市南明区 陈晨 13800000000",
	        "陈晨 138****0000 云南省曲靖市麒麟区子午路1号",
	        "云南省曲靖市麒麟区子午路1号 13800000000",
	        "云南省曲靖市麒麟区子午路1号 刘洋 刘涛 13800000000",
	        "城关镇 陈晨 13800000000",
	        "陈晨 13800000000 13900000000 云南省曲靖市麒麟区子午路1号",
	        "\xFF\xFE\x80",
	        ",,,;;;",
	        "朝阳区建国路1号 王磊 13988740101",
	        "鼓楼区湖东路2号 王磊 13988740102",
	        "城关区团结路3号 王磊 13988740103",
	        "新华区和平路4号 王磊 13988740104",
	        "昆明市麒麟区建设路5号 王磊 13988740105",
	        "四川省曲靖市麒麟区建设路6号 王磊 13988740106",
	        "云南省曲靖市西湖区建设路7号 王磊 13988740107",
	        "湖南省成都市武侯区建设路8号 王磊 13988740108",
	        "王磊 13988740109 13988740110 云南省曲靖市麒麟区建设路9号",
	        "云南省曲靖市麒麟区建设路10号 王磊 李雷 13988740111",
	        ("王磊 13988740112 云南省曲靖市麒麟区建设路11号 李雷 13988740113 "
	         "云南省昆明市五华区人民路1号"),
	        "云南省曲靖市麒麟区建设路12号 王磊、李雷 13988740114 13988740115",
	        "王磊 1398874011 云南省曲靖市麒麟区建设路13号",
	        "王磊 云南省曲靖市麒麟区建设路14号",
	        "13988740116 云南省曲靖市麒麟区建设路15号",
	        "云南省曲靖市宣威市宝山镇 龙潭村 13887451234",
	        "人民路1号 王磊 13988740117",
	        "今天天气真好，姜什么价？",
	        "asdf qwer zxcv 1234567890123",
	        "西湖区 王磊 13988740118",
	        "开发区长江路1号 王磊 13988740119",
	        "王磊 139****0120 云南省曲靖市麒麟区建设路16号",
	        "云南省 王磊 13988740121",
	        "人民医院 王磊 13988740122",
	};
	struct yz_address a;

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		yz_address_parse(divisions, lines[i], &a);
		if (a.confidence >= 0.9)
			fail_msg("%.2f for: %s", a.confidence, lines[i]);
	}
}

static void a_line_of_any_length_is_answered(void **state)
{
	char *line = yz_alloc(100001);
	struct yz_address a;
	static const char *const pieces[] = {"云南省曲靖市", "13800000000", "张三", " ", "1", "("};

	(void)state;
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		size_t used = 0, n = strlen(pieces[i]);

		for (; used + n < 100000; used += n)
			memcpy(line + used, pieces[i], n);
		line[used] = '\0';
		yz_address_parse(divisions, line, &a);
		assert_true(a.confidence >= 0 && a.confidence <= 1);
	}
	free(line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(the_corpus_is_split_right_and_never_wrong_with_confidence),
	        cmocka_unit_test(the_second_corpus_is_split_as_well),
	        cmocka_unit_test(an_unclear_line_is_not_trusted),
	        cmocka_unit_test(a_line_of_any_length_is_answered),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
