/* tui/list: pages, filter, stable position. */
#include "config.h"

#include "tui/list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* 10,000 numbered rows; `first` rows have been added in front since; a filter keeps those whose
 * number contains it */
struct book {
	size_t first, most_asked;
};

static enum yz_status page(void *owner, const char *filter, size_t offset, size_t limit,
        struct yz_list_page *out, struct yz_error *err)
{
	struct book *b = owner;
	size_t seen = 0;
	char text[32];

	(void)err;
	if (limit > b->most_asked)
		b->most_asked = limit;
	for (size_t i = 0; i < 10000 + b->first; i++) {
		long number = (long)i - (long)b->first;

		(void)snprintf(text, sizeof(text), "%ld", number);
		if (*filter && !strstr(text, filter))
			continue;
		if (seen >= offset && out->count < limit) {
			struct yz_list_row *r = &out->rows[out->count++];

			(void)snprintf(r->key, sizeof(r->key), "%s", text);
			yz_list_cell(r, 0, text);
			yz_list_cell(r, 1, "小黄姜(特级)小黄姜(特级)");
		}
		seen++;
	}
	out->total = seen;
	return YZ_OK;
}

static const struct yz_list_column columns[] = {{N_("number"), 8, false}, {N_("goods"), 13, false}};
static const struct yz_list_source source = {"book", columns, 2, page, false, NULL};

static const char *key(const struct yz_list *l)
{
	return yz_list_row(l) ? yz_list_row(l)->key : "";
}

static void moving_reads_pages_and_not_the_whole(void **state)
{
	struct book b = {0, 0};
	struct yz_list l;

	(void)state;
	yz_list_init(&l, &source, NULL, &b);
	assert_int_equal(l.total, 10000);
	(void)yz_list_act(&l, YZ_ACT_DOWN);
	assert_string_equal(key(&l), "1");
	(void)yz_list_act(&l, YZ_ACT_PAGE_DOWN);
	assert_string_equal(key(&l), "17");
	(void)yz_list_act(&l, YZ_ACT_LAST);
	assert_string_equal(key(&l), "9999");
	(void)yz_list_act(&l, YZ_ACT_DOWN);
	assert_string_equal(key(&l), "9999");
	(void)yz_list_act(&l, YZ_ACT_FIRST);
	(void)yz_list_act(&l, YZ_ACT_UP);
	assert_string_equal(key(&l), "0");
	assert_true(b.most_asked <= 24);
	yz_list_fini(&l);
}

static void typing_filters_at_once_and_backspace_undoes(void **state)
{
	struct book b = {0, 0};
	struct yz_list l;
	const struct yz_keypress nine = {'9', false}, back = {YZ_KEY_BACKSPACE, false};

	(void)state;
	yz_list_init(&l, &source, NULL, &b);
	for (int i = 0; i < 4; i++)
		(void)yz_list_key(&l, &nine);
	assert_int_equal(l.total, 1);
	assert_string_equal(key(&l), "9999");
	(void)yz_list_key(&l, &nine);
	assert_int_equal(l.total, 0);
	assert_null(yz_list_row(&l));
	(void)yz_list_key(&l, &back);
	assert_int_equal(l.total, 1);
	(void)yz_list_act(&l, YZ_ACT_ERASE);
	assert_int_equal(l.total, 10000);
	yz_list_fini(&l);
}

static void after_a_refresh_the_cursor_stays_on_its_record(void **state)
{
	struct book b = {0, 0};
	struct yz_list l;

	(void)state;
	yz_list_init(&l, &source, NULL, &b);
	for (int i = 0; i < 5; i++)
		(void)yz_list_act(&l, YZ_ACT_DOWN);
	b.first = 3;
	yz_list_refresh(&l);
	assert_string_equal(key(&l), "5");
	assert_int_equal(l.at, 8);
	yz_list_fini(&l);
}

static void a_row_is_cut_with_a_tilde_and_the_cursor_is_marked(void **state)
{
	struct book b = {0, 0};
	struct yz_list l;
	struct yz_grid g;
	struct yz_canvas c;
	char row[400];

	(void)state;
	yz_list_init(&l, &source, NULL, &b);
	yz_grid_init(&g);
	yz_grid_reset(&g, 18, 80);
	c = yz_canvas_all(&g);
	yz_list_draw(&l, &c);
	yz_grid_row_text(&g, 1, row, sizeof(row));
	assert_string_equal(row, " >    1 0        小黄姜(特级)~");
	assert_int_equal(g.cursor_row, 1);
	yz_grid_fini(&g);
	yz_list_fini(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(moving_reads_pages_and_not_the_whole),
	        cmocka_unit_test(typing_filters_at_once_and_backspace_undoes),
	        cmocka_unit_test(after_a_refresh_the_cursor_stays_on_its_record),
	        cmocka_unit_test(a_row_is_cut_with_a_tilde_and_the_cursor_is_marked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
