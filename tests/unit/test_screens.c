/* tui/screens: the tables behind the screens. */
#include "config.h"

#include "base/lang.h"
#include "base/text.h"
#include "tui/frame.h"
#include "tui/screens/booking.h"
#include "tui/screens/screens.h"
#include "tui/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const char *const langs[] = {"en", "zh_CN"};

/* The catalogue of this build: a test lies elsewhere than the programs that look beside themselves.
 */
static void speak(const char *lang)
{
	char dir[4096];

	(void)yz_lang_start(lang);
	(void)snprintf(
	        dir, sizeof(dir), "%s/locale", getenv("YZ_BUILDDIR") ? getenv("YZ_BUILDDIR") : ".");
	(void)bindtextdomain("yizhan", dir);
	assert_string_equal(_("Main menu"), strcmp(lang, "en") ? "主菜单" : "Main menu");
}

static void a_function_key_has_one_meaning_on_every_screen(void **state)
{
	(void)state;
	for (size_t i = 0; yz_screens_keymaps[i]; i++)
		for (const struct yz_binding *b = yz_screens_keymaps[i]->keys; b->key; b++)
			if (b->key >= YZ_KEY_F1 && b->key <= YZ_KEY_F12)
				assert_int_equal(b->action, yz_keymap_meaning(b->key));
}

static void every_screen_of_the_menu_has_its_own_digit_and_letters(void **state)
{
	(void)state;
	for (const struct yz_command *a = yz_commands; a->mnemonic; a++) {
		assert_int_equal(strlen(a->mnemonic), 2);
		for (const struct yz_command *b = a + 1; b->mnemonic; b++) {
			assert_string_not_equal(a->mnemonic, b->mnemonic);
			assert_true(!a->digit || a->digit != b->digit);
		}
	}
}

static void every_screen_s_keys_are_in_the_list_that_the_test_reads(void **state)
{
	(void)state;
	for (const struct yz_command *c = yz_commands; c->mnemonic; c++) {
		bool found = false;

		for (size_t i = 0; yz_screens_keymaps[i]; i++)
			found = found || yz_screens_keymaps[i] == c->ops->keymap;
		assert_true(found);
	}
}

/* the same arithmetic as the frame's: key, word, a blank */
static int bar_cols(const struct yz_keymap *map)
{
	int cols = 1, keys = 0;
	char key[12];

	for (int f = YZ_KEY_F1; f <= YZ_KEY_F12; f++) {
		const struct yz_binding *b;

		for (size_t at = 0; (b = yz_keymap_next(map, &at)) && (b->key != f || !b->bar);)
			;
		if (!b)
			continue;
		keys++;
		cols += yz_text_cols(yz_key_name(f, key, sizeof(key))) + yz_text_cols(_(b->bar)) +
		        1;
	}
	assert_true(keys <= YZ_BAR_KEYS_MAX);
	return cols;
}

static void every_key_bar_fits_the_screen_in_both_languages(void **state)
{
	(void)state;
	for (size_t l = 0; l < 2; l++) {
		speak(langs[l]);
		for (size_t i = 0; yz_screens_keymaps[i]; i++)
			assert_true(bar_cols(yz_screens_keymaps[i]) <= YZ_SCREEN_COLS_MIN + 1);
	}
}

static void every_label_of_the_booking_form_fits_its_columns(void **state)
{
	(void)state;
	for (size_t l = 0; l < 2; l++) {
		speak(langs[l]);
		for (size_t i = 0; i < YZ_BF_COUNT; i++) {
			const struct yz_entry_spec *s = &yz_booking_specs[i];

			assert_true(yz_text_cols(_(s->label)) <= YZ_LABEL_COLS);
			assert_true(s->col + YZ_ENTRY_INDENT + s->cols <= YZ_SCREEN_COLS_MIN);
			assert_true(s->row < YZ_SCREEN_ROWS_MIN - YZ_FRAME_TOP - YZ_FRAME_BOTTOM);
			if (s->hint)
				assert_true(yz_text_cols(_(s->hint)) <= YZ_SCREEN_COLS_MIN - 2);
		}
	}
}

static void no_two_fields_of_the_booking_form_overlap(void **state)
{
	(void)state;
	for (size_t a = 0; a < YZ_BF_COUNT; a++) {
		for (size_t b = a + 1; b < YZ_BF_COUNT; b++) {
			const struct yz_entry_spec *x = &yz_booking_specs[a],
			                           *y = &yz_booking_specs[b];

			if (x->row == y->row)
				assert_true(x->col + YZ_ENTRY_INDENT + x->cols <= y->col ||
				            y->col + YZ_ENTRY_INDENT + y->cols <= x->col);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_function_key_has_one_meaning_on_every_screen),
	        cmocka_unit_test(every_screen_of_the_menu_has_its_own_digit_and_letters),
	        cmocka_unit_test(every_screen_s_keys_are_in_the_list_that_the_test_reads),
	        cmocka_unit_test(every_key_bar_fits_the_screen_in_both_languages),
	        cmocka_unit_test(every_label_of_the_booking_form_fits_its_columns),
	        cmocka_unit_test(no_two_fields_of_the_booking_form_overlap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
