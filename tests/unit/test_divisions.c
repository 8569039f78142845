/* station: the divisions in memory. */
#include "config.h"

#include "base/file.h"
#include "station/divisions.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

static struct yz_divisions *divisions;

static int load(void **state)
{
	char dir[4096];
	struct yz_error err;

	(void)state;
	(void)snprintf(
	        dir, sizeof(dir), "%s/data", getenv("YZ_SRCDIR") ? getenv("YZ_SRCDIR") : ".");
	if (yz_divisions_load(&divisions, dir, &err) == YZ_OK)
		return 0;
	print_error("%s\n", err.text);
	return -1;
}

static int unload(void **state)
{
	(void)state;
	yz_divisions_free(divisions);
	return 0;
}

static void a_code_leads_to_its_name_and_to_what_it_lies_in(void **state)
{
	const struct yz_division *town = yz_divisions_find(divisions, "530302001");

	(void)state;
	assert_non_null(town);
	assert_string_equal(town->name, "南宁街道");
	assert_string_equal(yz_division_above(town, YZ_DIVISION_COUNTY)->name, "麒麟区");
	assert_string_equal(yz_division_above(town, YZ_DIVISION_PROVINCE)->name, "云南省");
	assert_null(yz_division_above(town, YZ_DIVISION_VILLAGE));
	assert_true(yz_division_is_within(town, yz_divisions_find(divisions, "5303")));
	assert_false(yz_division_is_within(town, yz_divisions_find(divisions, "5301")));
	assert_null(yz_divisions_find(divisions, ""));
	assert_null(yz_divisions_find(divisions, "999999"));
	assert_null(yz_divisions_find(divisions, "5303020010010010"));
}

static void a_full_name_says_no_placeholder_and_nothing_twice(void **state)
{
	static const struct {
		const char *code, *name;
	} rows[] = {{"530302001", "云南省曲靖市麒麟区南宁街道"}, {"110105", "北京市朝阳区"},
	        {"500229", "重庆市城口县"}, {"429004", "湖北省仙桃市"},
	        {"441900003", "广东省东莞市东城街道"}, {"53", "云南省"}, {"x", ""}};
	char out[256];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		yz_divisions_full_name(divisions, rows[i].code, out, sizeof(out));
		assert_string_equal(out, rows[i].name);
	}
}

static void children_stand_in_for_placeholders(void **state)
{
	const struct yz_division *out[64];

	(void)state;
	assert_int_equal(yz_divisions_children(divisions, "", out, 64), 34);
	assert_int_equal(yz_divisions_children(divisions, "5303", out, 64), 9);
	assert_string_equal(out[0]->name, "麒麟区");
	assert_int_equal(
	        yz_divisions_children(divisions, "11", out, 2), 16); /* counts all, writes two */
	assert_string_equal(out[0]->name, "东城区");
	assert_int_equal(yz_divisions_children(divisions, "50", out, 64), 38);
	assert_int_equal(yz_divisions_children(divisions, "none", out, 64), 0);
}

static void children_are_found_by_chinese_and_by_pinyin(void **state)
{
	const struct yz_division *out[8];

	(void)state;
	assert_int_equal(yz_divisions_search(divisions, "5303", "罗", out, 8), 1);
	assert_string_equal(out[0]->code, "530324");
	assert_int_equal(yz_divisions_search(divisions, "5303", "ll", out, 8), 1);
	assert_string_equal(out[0]->name, "陆良县");
	assert_int_equal(yz_divisions_search(divisions, "", "cq", out, 8), 1);
	assert_string_equal(out[0]->name, "重庆市");
}

static void load_text(const char *text, enum yz_status want, const char *says)
{
	char dir[] = "/tmp/yizhan-XXXXXX", path[64];
	struct yz_divisions *d = NULL;
	struct yz_error err;

	assert_non_null(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/divisions.csv", dir);
	assert_int_equal(yz_file_write(path, text, strlen(text), 0600, NULL), YZ_OK);
	assert_int_equal(yz_divisions_load(&d, dir, &err), want);
	if (want != YZ_OK)
		assert_non_null(strstr(err.text, says));
	yz_divisions_free(d);
	(void)unlink(path);
	(void)rmdir(dir);
}

static void a_broken_file_is_refused_with_its_line(void **state)
{
	struct yz_divisions *d = NULL;

	(void)state;
	load_text("code,name\n53,云南省\n", YZ_OK, "");
	load_text("code,name\n53,云南省\n5a,x\n", YZ_E_PARSE, ":3: code");
	load_text("code,name\n53,\n", YZ_E_PARSE, ":2: name");
	load_text("code\n53\n", YZ_E_PARSE, "name");
	load_text("", YZ_E_PARSE, "no header");
	assert_int_equal(yz_divisions_load(&d, "/nowhere", NULL), YZ_E_NOTFOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_code_leads_to_its_name_and_to_what_it_lies_in),
	        cmocka_unit_test(a_full_name_says_no_placeholder_and_nothing_twice),
	        cmocka_unit_test(children_stand_in_for_placeholders),
	        cmocka_unit_test(children_are_found_by_chinese_and_by_pinyin),
	        cmocka_unit_test(a_broken_file_is_refused_with_its_line),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
