/* tui/keymap: one list of actions, tables with parents, one meaning for a function key. */
#include "config.h"

#include "tui/ask.h"
#include "tui/keymap.h"
#include "tui/list.h"
#include "tui/pager.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

static const struct yz_keymap *const toolkit_maps[] = {
        &yz_keymap_kiosk,
        &yz_keymap_form,
        &yz_keymap_list,
        &yz_keymap_picker,
        &yz_keymap_pager,
        &yz_keymap_ask,
        NULL,
};

static bool has_one_meaning(const struct yz_keymap *map)
{
	for (; map; map = map->parent)
		for (const struct yz_binding *b = map->keys; b->key; b++)
			if (b->key >= YZ_KEY_F1 && b->key <= YZ_KEY_F12 &&
			        b->action != yz_keymap_meaning(b->key))
				return false;
	return true;
}

static void a_function_key_has_one_meaning_everywhere(void **state)
{
	static const struct yz_binding second[] = {
	        {YZ_KEY_F8, YZ_ACT_PRINT, NULL}, {0, YZ_ACT_NONE, NULL}};
	const struct yz_keymap broken = {&yz_keymap_form, second};

	(void)state;
	for (size_t i = 0; toolkit_maps[i]; i++)
		assert_true(has_one_meaning(toolkit_maps[i]));
	assert_false(has_one_meaning(&broken));
}

static void a_key_the_screen_lacks_falls_to_the_parent(void **state)
{
	static const struct yz_binding own[] = {
	        {'k', YZ_ACT_UP, NULL}, {YZ_KEY_UP, YZ_ACT_FIRST, NULL}, {0, 0, NULL}};
	const struct yz_keymap map = {&yz_keymap_list, own};

	(void)state;
	assert_int_equal(yz_keymap_find(&map, 'k'), YZ_ACT_UP);
	assert_int_equal(yz_keymap_find(&map, YZ_KEY_UP), YZ_ACT_FIRST);
	assert_int_equal(yz_keymap_find(&map, YZ_KEY_F1), YZ_ACT_HELP);
	assert_int_equal(yz_keymap_find(&map, 'z'), YZ_ACT_NONE);
}

static void walking_a_map_leaves_out_what_a_child_hides(void **state)
{
	static const struct yz_binding own[] = {{YZ_KEY_F12, YZ_ACT_BACK, N_("No")}, {0, 0, NULL}};
	const struct yz_keymap map = {&yz_keymap_kiosk, own};
	const struct yz_binding *b;
	size_t at = 0, f12 = 0;

	(void)state;
	while ((b = yz_keymap_next(&map, &at)))
		f12 += b->key == YZ_KEY_F12;
	assert_int_equal(f12, 1);
	at = 0;
	assert_string_equal(yz_keymap_next(&map, &at)->bar, "No");
}

static void every_key_that_is_bound_has_a_name_that_reads_back(void **state)
{
	const struct yz_binding *b;
	char name[16];

	(void)state;
	for (size_t i = 0; toolkit_maps[i]; i++)
		for (size_t at = 0; (b = yz_keymap_next(toolkit_maps[i], &at));)
			assert_int_equal(
			        yz_key_parse(yz_key_name(b->key, name, sizeof(name))), b->key);
}

static void every_action_has_a_name_and_a_help_sentence(void **state)
{
	(void)state;
	for (int a = YZ_ACT_NONE + 1; a < YZ_ACT_COUNT; a++) {
		assert_true(strlen(yz_action_name((enum yz_action)a)) > 0);
		assert_true(strlen(yz_action_help((enum yz_action)a)) > 0);
	}
	assert_string_equal(yz_action_name(YZ_ACT_PAGE_UP), "page-up");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_function_key_has_one_meaning_everywhere),
	        cmocka_unit_test(a_key_the_screen_lacks_falls_to_the_parent),
	        cmocka_unit_test(walking_a_map_leaves_out_what_a_child_hides),
	        cmocka_unit_test(every_key_that_is_bound_has_a_name_that_reads_back),
	        cmocka_unit_test(every_action_has_a_name_and_a_help_sentence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
