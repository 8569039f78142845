/* station: searching names by pinyin. */
#include "config.h"

#include "station/pinyin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void initials_are_those_of_the_usual_reading(void **state)
{
	char out[32];

	(void)state;
	yz_pinyin_initials("罗平小黄姜", out, sizeof(out));
	assert_string_equal(out, "lpxhj");
	yz_pinyin_initials("5G·宣威 A3", out, sizeof(out));
	assert_string_equal(out, "5gxwa3");
	yz_pinyin_initials("罗平小黄姜", out, 3);
	assert_string_equal(out, "lp");
	yz_pinyin_initials("", out, sizeof(out));
	assert_string_equal(out, "");
}

static void every_reading_of_a_character_is_found(void **state)
{
	(void)state;
	assert_true(yz_pinyin_match("曾小丽", "zxl"));
	assert_true(yz_pinyin_match("曾小丽", "cxl"));
	assert_true(yz_pinyin_match("单雄", "shan"));
	assert_true(yz_pinyin_match("单雄", "dan"));
	assert_true(yz_pinyin_match("重庆市", "cq"));
	assert_true(yz_pinyin_match("会泽县", "huiz"));
	assert_true(yz_pinyin_match("吕梁", "lv"));
}

static void a_query_may_mix_whole_syllables_and_initials(void **state)
{
	static const char *const right[] = {
	        "luoping", "LP", "luop", "lping", "lup", "lp x", "p", "xian", ""};

	(void)state;
	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++)
		if (yz_pinyin_match("罗平县", right[i]) == !strcmp(right[i], "lup"))
			fail_msg("%s", right[i]);
	assert_false(yz_pinyin_match("罗平县", "pl"));
	assert_false(yz_pinyin_match("罗平县", "罗"));
	assert_false(yz_pinyin_match("", "l"));
}

static void a_search_text_holds_the_variants_and_the_full_pinyin(void **state)
{
	char out[128];

	(void)state;
	yz_pinyin_search_text("罗平", out, sizeof(out));
	assert_string_equal(out, "lp luoping");
	yz_pinyin_search_text("曾丽", out, sizeof(out));
	assert_non_null(strstr(out, "cl"));
	assert_non_null(strstr(out, "zl"));
	yz_pinyin_search_text("罗平", out, 6);
	assert_string_equal(out, "lp");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(initials_are_those_of_the_usual_reading),
	        cmocka_unit_test(every_reading_of_a_character_is_found),
	        cmocka_unit_test(a_query_may_mix_whole_syllables_and_initials),
	        cmocka_unit_test(a_search_text_holds_the_variants_and_the_full_pinyin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
