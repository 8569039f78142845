/* tui/entry: typing, editing and leaving one field. */
#include "config.h"

#include "tui/entry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static enum yz_status check_even(const char *typed, char *normal, size_t size, struct yz_error *err)
{
	if ((typed[strlen(typed) - 1] - '0') % 2)
		return yz_fail_field(err, YZ_E_RANGE, "n", "must be even");
	(void)snprintf(normal, size, "%s.00", typed);
	return YZ_OK;
}

static const char *const payers[] = {"sender", "receiver", "monthly", NULL};
static const struct yz_entry_spec text_spec = {
        .name = "t", .label = "text", .cols = 6, .max_chars = 8};
static const struct yz_entry_spec lines_spec = {
        .name = "a", .label = "addr", .cols = 6, .flags = YZ_ENTRY_LINES | YZ_ENTRY_APPEND};
static const struct yz_entry_spec money_spec = {
        .name = "m", .label = "money", .kind = YZ_ENTRY_MONEY, .cols = 8, .check = check_even};
static const struct yz_entry_spec phone_spec = {
        .name = "p", .label = "phone", .kind = YZ_ENTRY_PHONE, .cols = 14};
static const struct yz_entry_spec code_spec = {
        .name = "c", .label = "code", .kind = YZ_ENTRY_CODE, .cols = 14};
static const struct yz_entry_spec choice_spec = {
        .name = "h", .label = "payer", .kind = YZ_ENTRY_CHOICE, .cols = 30, .choices = payers};
static const struct yz_entry_spec tick_spec = {
        .name = "k", .label = "seen", .kind = YZ_ENTRY_TICK, .cols = 3};

static enum yz_entry_reply press(struct yz_entry *e, int32_t key)
{
	const struct yz_keypress k = {key, false};

	return yz_entry_key(e, &k);
}

static void type(struct yz_entry *e, const char *ascii, bool pasted)
{
	for (; *ascii; ascii++) {
		const struct yz_keypress k = {*ascii, pasted};

		(void)yz_entry_key(e, &k);
	}
}

static void editing_moves_by_whole_characters(void **state)
{
	struct yz_entry e;

	(void)state;
	yz_entry_init(&e, &text_spec);
	yz_entry_set(&e, "黄e\xCC\x81𠮷");
	yz_entry_enter(&e);
	(void)press(&e, YZ_KEY_BACKSPACE);
	assert_string_equal(e.text, "黄e\xCC\x81");
	(void)press(&e, YZ_KEY_LEFT); /* over the letter and its mark */
	(void)press(&e, 'X');
	assert_string_equal(e.text, "黄Xe\xCC\x81");
	(void)press(&e, YZ_KEY_DELETE);
	assert_string_equal(e.text, "黄X");
	(void)press(&e, YZ_KEY_HOME);
	(void)press(&e, YZ_KEY_DELETE);
	assert_string_equal(e.text, "X");
}

static void typing_into_a_field_again_replaces_it_and_into_a_long_text_goes_on(void **state)
{
	struct yz_entry e;

	(void)state;
	yz_entry_init(&e, &money_spec);
	yz_entry_set(&e, "15.00");
	yz_entry_enter(&e);
	type(&e, "8", false);
	assert_string_equal(e.text, "8");
	yz_entry_init(&e, &lines_spec);
	yz_entry_set(&e, "ab");
	yz_entry_enter(&e);
	type(&e, "c", false);
	assert_string_equal(e.text, "abc");
	yz_entry_init(&e, &text_spec);
	yz_entry_set(&e, "ab");
	yz_entry_enter(&e);
	(void)press(&e, YZ_KEY_END); /* an arrow says that the old text is to be edited */
	type(&e, "c", false);
	assert_string_equal(e.text, "abc");
	assert_true(e.is_changed);
}

static void a_full_field_says_so_and_keeps_its_text(void **state)
{
	struct yz_entry e;

	(void)state;
	yz_entry_init(&e, &text_spec);
	yz_entry_enter(&e);
	type(&e, "12345678", false);
	assert_int_equal(press(&e, '9'), YZ_ENTRY_FULL);
	assert_string_equal(e.text, "12345678");
}

static void characters_that_do_not_fit_the_kind_are_told(void **state)
{
	struct yz_entry e;

	(void)state;
	yz_entry_init(&e, &phone_spec);
	yz_entry_enter(&e);
	assert_int_equal(press(&e, 'x'), YZ_ENTRY_UNFIT);
	assert_int_equal(press(&e, 0xFF11), YZ_ENTRY_DONE); /* １ with the input method still on */
	assert_string_equal(e.text, "1");
	yz_entry_init(&e, &code_spec);
	yz_entry_enter(&e);
	(void)press(&e, 'x');
	assert_string_equal(e.text, "X");
	assert_int_equal(press(&e, 0x9EC4), YZ_ENTRY_UNFIT);
}

static void leaving_checks_and_keeps_what_was_typed(void **state)
{
	struct yz_entry e;

	(void)state;
	yz_entry_init(&e, &money_spec);
	yz_entry_enter(&e);
	type(&e, "13", false);
	assert_int_equal(yz_entry_leave(&e, NULL), YZ_E_RANGE);
	assert_string_equal(e.text, "13");
	assert_string_equal(e.fault, "must be even");
	yz_entry_enter(&e);
	type(&e, "14", false);
	assert_null(e.fault);
	assert_int_equal(yz_entry_leave(&e, NULL), YZ_OK);
	assert_string_equal(e.text, "14.00");
}

static void a_pasted_newline_is_dropped_or_in_an_address_a_blank(void **state)
{
	struct yz_entry e;

	(void)state;
	yz_entry_init(&e, &text_spec);
	yz_entry_enter(&e);
	type(&e, "ab\ncd", true);
	assert_string_equal(e.text, "abcd");
	yz_entry_init(&e, &lines_spec);
	yz_entry_enter(&e);
	type(&e, "ab\ncd", true);
	assert_string_equal(e.text, "ab cd");
}

static void a_huge_paste_ends_at_the_field_s_size(void **state)
{
	struct yz_entry e;

	(void)state;
	yz_entry_init(&e, &lines_spec);
	yz_entry_enter(&e);
	for (int i = 0; i < 100000; i++) {
		const struct yz_keypress k = {0x9EC4, true};

		(void)yz_entry_key(&e, &k);
	}
	assert_true(strlen(e.text) < YZ_ENTRY_BYTES);
}

static void a_choice_takes_its_digits_and_no_other(void **state)
{
	struct yz_entry e;

	(void)state;
	yz_entry_init(&e, &choice_spec);
	yz_entry_enter(&e);
	assert_int_equal(press(&e, '2'), YZ_ENTRY_DONE);
	assert_string_equal(e.text, "2");
	assert_int_equal(press(&e, '4'), YZ_ENTRY_UNFIT);
	assert_string_equal(e.text, "2");
	(void)press(&e, ' ');
	(void)press(&e, ' ');
	assert_string_equal(e.text, "1");
}

static void a_tick_starts_at_no(void **state)
{
	struct yz_entry e;

	(void)state;
	yz_entry_init(&e, &tick_spec);
	yz_entry_enter(&e);
	assert_false(yz_entry_is_ticked(&e));
	type(&e, " ", true); /* a paste ticks nothing */
	assert_false(yz_entry_is_ticked(&e));
	(void)press(&e, ' ');
	assert_true(yz_entry_is_ticked(&e));
	(void)press(&e, 'n');
	assert_false(yz_entry_is_ticked(&e));
}

static void the_cursor_stays_in_sight_in_a_long_text(void **state)
{
	struct yz_entry e;
	struct yz_grid g;
	struct yz_canvas c;
	char row[200];

	(void)state;
	yz_grid_init(&g);
	yz_grid_reset(&g, 1, 30);
	c = yz_canvas_all(&g);
	yz_entry_init(&e, &lines_spec);
	yz_entry_set(&e, "黄泥坡村二组");
	yz_entry_enter(&e);
	yz_entry_draw(&e, &c, 0, true);
	yz_grid_row_text(&g, 0, row, sizeof(row));
	assert_string_equal(row, "addr      > 二组");
	assert_int_equal(g.cursor_col, 16);
	yz_entry_draw(&e, &c, 0, false);
	yz_grid_row_text(&g, 0, row, sizeof(row));
	assert_non_null(strstr(row, "黄泥~"));
	yz_grid_fini(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(editing_moves_by_whole_characters),
	        cmocka_unit_test(
	                typing_into_a_field_again_replaces_it_and_into_a_long_text_goes_on),
	        cmocka_unit_test(a_full_field_says_so_and_keeps_its_text),
	        cmocka_unit_test(characters_that_do_not_fit_the_kind_are_told),
	        cmocka_unit_test(leaving_checks_and_keeps_what_was_typed),
	        cmocka_unit_test(a_pasted_newline_is_dropped_or_in_an_address_a_blank),
	        cmocka_unit_test(a_huge_paste_ends_at_the_field_s_size),
	        cmocka_unit_test(a_choice_takes_its_digits_and_no_other),
	        cmocka_unit_test(a_tick_starts_at_no),
	        cmocka_unit_test(the_cursor_stays_in_sight_in_a_long_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
