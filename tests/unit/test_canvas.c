/* tui/canvas: columns, clipping, never half of a wide character. */
#include "config.h"

#include "tui/canvas.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct yz_grid grid;

static int set_up(void **state)
{
	(void)state;
	yz_grid_init(&grid);
	yz_grid_reset(&grid, 3, 10);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	yz_grid_fini(&grid);
	return 0;
}

static const char *row(int n)
{
	static char text[400];

	yz_grid_row_text(&grid, n, text, sizeof(text));
	return text;
}

static void a_text_that_does_not_fit_is_cut_between_characters_and_marked(void **state)
{
	struct yz_canvas c = yz_canvas_all(&grid);

	(void)state;
	assert_int_equal(yz_canvas_text(&c, 0, 0, 5, YZ_LOOK_NORMAL, "黄泥坡"), 5);
	assert_string_equal(row(0), "黄泥~");
	assert_int_equal(yz_canvas_text(&c, 1, 0, 4, YZ_LOOK_NORMAL, "黄泥坡"), 3);
	assert_string_equal(row(1), "黄~");
	assert_int_equal(yz_canvas_text(&c, 2, 7, -1, YZ_LOOK_NORMAL, "ab黄"), 3);
	assert_string_equal(row(2), "       ab~");
}

static void writing_into_a_wide_character_leaves_no_half(void **state)
{
	struct yz_canvas c = yz_canvas_all(&grid);

	(void)state;
	(void)yz_canvas_text(&c, 0, 0, -1, YZ_LOOK_NORMAL, "黄泥坡");
	(void)yz_canvas_text(&c, 0, 1, 1, YZ_LOOK_NORMAL, "X");
	assert_string_equal(row(0), " X泥坡");
	(void)yz_canvas_text(&c, 0, 3, 2, YZ_LOOK_NORMAL, "金");
	assert_string_equal(row(0), " X 金");
}

static void nothing_is_drawn_outside_a_part(void **state)
{
	struct yz_canvas c = yz_canvas_all(&grid), part = yz_canvas_part(&c, 1, 2, 1, 4);

	(void)state;
	assert_int_equal(yz_canvas_text(&part, 0, 0, -1, YZ_LOOK_NORMAL, "abcdefgh"), 4);
	assert_int_equal(yz_canvas_text(&part, 1, 0, -1, YZ_LOOK_NORMAL, "x"), 0);
	assert_int_equal(yz_canvas_text(&part, -1, 0, -1, YZ_LOOK_NORMAL, "x"), 0);
	assert_string_equal(row(1), "  abc~");
	assert_string_equal(row(0), "");
	part = yz_canvas_part(&c, 5, 50, 9, 9);
	assert_int_equal(yz_canvas_text(&part, 0, 0, -1, YZ_LOOK_NORMAL, "x"), 0);
}

static void what_may_not_reach_a_terminal_is_a_question_mark(void **state)
{
	struct yz_canvas c = yz_canvas_all(&grid);

	(void)state;
	(void)yz_canvas_text(&c, 0, 0, -1, YZ_LOOK_NORMAL, "a\033[2Jb");
	assert_string_equal(row(0), "a?[2Jb");
	(void)yz_canvas_text(&c, 1, 0, -1, YZ_LOOK_NORMAL, "\xFF\xE2\x80\xAEz");
	assert_string_equal(row(1), "??z");
}

static void a_combining_mark_stays_with_its_letter(void **state)
{
	struct yz_canvas c = yz_canvas_all(&grid);

	(void)state;
	assert_int_equal(yz_canvas_text(&c, 0, 0, -1, YZ_LOOK_NORMAL, "e\xCC\x81z"), 2);
	assert_string_equal(row(0), "e\xCC\x81z");
	assert_int_equal(yz_canvas_text(&c, 1, 0, -1, YZ_LOOK_NORMAL, "\xCC\x81z"),
	        1); /* no base: dropped */
	assert_string_equal(row(1), "z");
}

static void right_and_field_fill_their_columns(void **state)
{
	struct yz_canvas c = yz_canvas_all(&grid);

	(void)state;
	(void)yz_canvas_text(&c, 0, 0, -1, YZ_LOOK_NORMAL, "##########");
	yz_canvas_right(&c, 0, 1, 6, YZ_LOOK_FIELD, "12.5");
	assert_string_equal(row(0), "#  12.5###");
	yz_canvas_field(&c, 0, 1, 6, YZ_LOOK_FIELD, "黄");
	assert_string_equal(row(0), "#黄    ###");
	assert_int_equal(grid.cells[6].look, YZ_LOOK_FIELD);
}

static void the_cursor_stays_inside(void **state)
{
	struct yz_canvas c = yz_canvas_all(&grid), part = yz_canvas_part(&c, 1, 2, 1, 4);

	(void)state;
	yz_canvas_cursor(&part, 5, 0);
	assert_int_equal(grid.cursor_row, -1);
	yz_canvas_cursor(&part, 0, 9);
	assert_int_equal(grid.cursor_row, 1);
	assert_int_equal(grid.cursor_col, 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(
	                a_text_that_does_not_fit_is_cut_between_characters_and_marked, set_up,
	                tear_down),
	        cmocka_unit_test_setup_teardown(
	                writing_into_a_wide_character_leaves_no_half, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(nothing_is_drawn_outside_a_part, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(
	                what_may_not_reach_a_terminal_is_a_question_mark, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(
	                a_combining_mark_stays_with_its_letter, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(
	                right_and_field_fill_their_columns, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(the_cursor_stays_inside, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
