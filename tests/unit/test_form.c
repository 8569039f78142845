/* tui/form on the view stack: moving, refusing to save, copying; and dialogs that answer. */
#include "config.h"

#include "base/buf.h"
#include "tui/ask.h"
#include "tui/form.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static enum yz_status check_phone(
        const char *typed, char *normal, size_t size, struct yz_error *err)
{
	if (strlen(typed) != 11)
		return yz_fail_field(err, YZ_E_RANGE, "phone", "a phone has 11 digits");
	(void)snprintf(normal, size, "%s", typed);
	return YZ_OK;
}

static const struct yz_entry_spec specs[] = {
        {.name = "name",
                .label = "name",
                .flags = YZ_ENTRY_REQUIRED,
                .row = 0,
                .col = 2,
                .cols = 20},
        {.name = "phone",
                .label = "phone",
                .kind = YZ_ENTRY_PHONE,
                .row = 1,
                .col = 2,
                .cols = 14,
                .check = check_phone},
        {.name = "no",
                .label = "number",
                .flags = YZ_ENTRY_READONLY,
                .row = 2,
                .col = 2,
                .cols = 20},
        {.name = "remark", .label = "remark", .row = 3, .col = 2, .cols = 40},
};
enum { COUNT = sizeof(specs) / sizeof(specs[0]) };

struct fixture {
	struct yz_form form;
	struct yz_message message;
	size_t left[8];
	size_t left_count;
};

static void note_left(void *owner, size_t index)
{
	struct fixture *x = owner;

	if (x->left_count < 8)
		x->left[x->left_count++] = index;
}

static bool copy_last(void *owner, size_t index)
{
	struct fixture *x = owner;

	if (index != 3)
		return false;
	yz_form_set(&x->form, "remark", "as yesterday");
	return true;
}

static int set_up(void **state)
{
	struct fixture *x = yz_alloc(sizeof(*x));

	yz_form_init(&x->form, specs, COUNT, &x->message, x);
	x->form.left = note_left;
	x->form.copy = copy_last;
	*state = x;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *x = *state;

	yz_form_fini(&x->form);
	free(x);
	return 0;
}

static void type(struct yz_form *f, const char *ascii)
{
	for (; *ascii; ascii++) {
		const struct yz_keypress k = {*ascii, false};

		(void)yz_form_key(f, &k);
	}
}

static void enter_goes_on_and_skips_what_is_read_only(void **state)
{
	struct fixture *x = *state;

	type(&x->form, "Wang");
	(void)yz_form_act(&x->form, YZ_ACT_NEXT);
	assert_int_equal(x->form.active, 1);
	(void)yz_form_act(&x->form, YZ_ACT_NEXT);
	assert_int_equal(x->form.active, 3);
	(void)yz_form_act(&x->form, YZ_ACT_PREV);
	assert_int_equal(x->form.active, 1);
	assert_int_equal(x->left_count, 1); /* only the name was changed */
	assert_int_equal(x->left[0], 0);
}

static void a_fault_is_told_and_is_no_lock(void **state)
{
	struct fixture *x = *state;

	(void)yz_form_go(&x->form, 1);
	type(&x->form, "139");
	(void)yz_form_act(&x->form, YZ_ACT_NEXT);
	assert_int_equal(x->form.active, 3);
	assert_int_equal(x->message.level, YZ_SAY_WARN);
	assert_non_null(strstr(x->message.text, "11 digits"));
	assert_string_equal(yz_form_get(&x->form, "phone"), "139");
	assert_int_equal(x->left_count, 0);
}

static void saving_is_refused_with_the_cursor_on_the_first_fault(void **state)
{
	struct fixture *x = *state;

	(void)yz_form_go(&x->form, 1);
	type(&x->form, "139");
	(void)yz_form_go(&x->form, 3);
	assert_false(yz_form_check(&x->form));
	assert_int_equal(x->form.active, 0); /* the name is required and stands first */
	type(&x->form, "Wang");
	assert_false(yz_form_check(&x->form));
	assert_int_equal(x->form.active, 1);
	(void)yz_form_act(&x->form, YZ_ACT_ERASE);
	assert_true(yz_form_check(&x->form));
}

static void f7_copies_from_the_last_one(void **state)
{
	struct fixture *x = *state;

	(void)yz_form_act(&x->form, YZ_ACT_COPY);
	assert_string_equal(yz_form_get(&x->form, "name"), "");
	assert_int_equal(x->message.level, YZ_SAY_INFO);
	(void)yz_form_go(&x->form, 3);
	(void)yz_form_act(&x->form, YZ_ACT_COPY);
	assert_string_equal(yz_form_get(&x->form, "remark"), "as yesterday");
}

static void the_fault_of_a_use_case_goes_to_its_field(void **state)
{
	struct fixture *x = *state;
	struct yz_error err = {0};

	(void)yz_fail_field(&err, YZ_E_RANGE, "remark", "too rude");
	yz_form_fault(&x->form, &err);
	assert_int_equal(x->form.active, 3);
	assert_string_equal(x->message.text, "too rude");
}

static void a_field_that_is_off_is_skipped_and_not_checked(void **state)
{
	struct fixture *x = *state;

	yz_form_entry(&x->form, "name")->is_off = true;
	assert_true(yz_form_check(&x->form));
	assert_false(yz_form_go(&x->form, 0));
}

static const struct yz_binding base_keys[] = {
        {YZ_KEY_F8, YZ_ACT_UNDO, N_("Void")}, {0, YZ_ACT_NONE, NULL}};
static const struct yz_keymap base_map = {&yz_keymap_kiosk, base_keys};
static const struct yz_view_ops base_view = {.name = "base", .title = "Base", .keymap = &base_map};

static int answered_code;
static char answered_text[64];

static void answered(struct yz_view *below, const struct yz_answer *a)
{
	assert_string_equal(below->ops->name, "base");
	answered_code = a->code;
	(void)yz_copy(answered_text, sizeof(answered_text), a->text);
}

static void press(struct yz_app *app, int32_t key)
{
	const struct yz_keypress k = {key, false};

	yz_app_key(app, &k);
}

static void a_dialog_answers_through_its_callback(void **state)
{
	static const char *const reasons[] = {"typed wrong", "farmer changed mind", NULL};
	const struct yz_question q = {"Void it?", "reason", reasons, NULL};
	struct yz_app app;

	(void)state;
	yz_app_init(&app, NULL);
	assert_true(yz_view_push(&app, &base_view, NULL, NULL));
	assert_true(yz_view_push(&app, &yz_view_ask, &q, answered));
	press(&app, YZ_KEY_F2); /* no reason yet */
	assert_string_equal(app.top->ops->name, "ask");
	press(&app, '2');
	press(&app, YZ_KEY_F2);
	assert_string_equal(app.top->ops->name, "base");
	assert_int_equal(answered_code, 1);
	assert_string_equal(answered_text, "farmer changed mind");
	assert_true(yz_view_push(&app, &yz_view_ask, &q, answered));
	press(&app, YZ_KEY_ESC);
	assert_int_equal(answered_code, 0);
	yz_app_fini(&app);
}

static void help_is_made_from_the_screen_s_own_keys(void **state)
{
	struct yz_app app;
	struct yz_grid g;
	char row[400];
	bool found = false;

	(void)state;
	yz_app_init(&app, NULL);
	app.rows = 24;
	app.cols = 80;
	assert_true(yz_view_push(&app, &base_view, NULL, NULL));
	yz_grid_init(&g);
	yz_grid_reset(&g, 24, 80);
	yz_app_draw(&app, &g);
	yz_grid_row_text(&g, 23, row, sizeof(row));
	assert_string_equal(row, " F1Help F8Void F9Command F12Back");
	press(&app, YZ_KEY_F1);
	yz_grid_reset(&g, 24, 80);
	yz_app_draw(&app, &g);
	for (int i = 0; i < 24; i++) {
		yz_grid_row_text(&g, i, row, sizeof(row));
		found = found || strstr(row, "F8        Undo, void or park (Void)");
	}
	assert_true(found);
	press(&app, YZ_KEY_F1);
	assert_string_equal(app.top->ops->name, "base");
	yz_grid_reset(&g, 20, 60);
	yz_app_draw(&app, &g);
	yz_grid_row_text(&g, 0, row, sizeof(row));
	assert_non_null(strstr(row, "too small"));
	yz_grid_fini(&g);
	yz_app_fini(&app);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(
	                enter_goes_on_and_skips_what_is_read_only, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(a_fault_is_told_and_is_no_lock, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(
	                saving_is_refused_with_the_cursor_on_the_first_fault, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(f7_copies_from_the_last_one, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(
	                the_fault_of_a_use_case_goes_to_its_field, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(
	                a_field_that_is_off_is_skipped_and_not_checked, set_up, tear_down),
	        cmocka_unit_test(a_dialog_answers_through_its_callback),
	        cmocka_unit_test(help_is_made_from_the_screen_s_own_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
