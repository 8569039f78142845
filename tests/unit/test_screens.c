/* tui/screens: the tables behind the screens. */
#include "config.h"

#include "base/buf.h"
#include "base/lang.h"
#include "base/text.h"
#include "tui/app.h"
#include "tui/frame.h"
#include "tui/screens/booking.h"
#include "tui/screens/queue_head.h"
#include "tui/screens/repair.h"
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

/* One row of a drawn canvas as text; static. */
static const char *row_text(const struct yz_grid *g, int row)
{
	static char text[YZ_SCREEN_COLS_MIN * 16];

	yz_grid_row_text(g, row, text, sizeof(text));
	return text;
}

static void draw_head(const struct yz_pulse *p, int64_t now_ms, struct yz_grid *g)
{
	struct yz_canvas c;

	yz_grid_reset(g, YZ_QUEUE_HEAD_ROWS, YZ_SCREEN_COLS_MIN);
	c = yz_canvas_all(g);
	yz_queue_head_draw(p, now_ms, "", &c);
}

/* '~' marks a sentence that was cut. */
static void every_reason_of_the_line_fits_with_its_remedy(void **state)
{
	static const char *const whys[] = {"dns", "network", "refused", "timeout", "cut",
	        "bad-answer", "portal", "in-progress", "rate-limited", "unavailable", "tls",
	        "tls-name", "tls-ca", "tls-version", "tls-pin", "tls-expired", "tls-client",
	        "clock", "clock-skew", "no-space", "damaged", "unauthorised", "bad-signature",
	        "cert-expired", "station-suspended", "stale-agent-epoch", "upgrade-required",
	        "token", "not-running", "http-503", "http-429", "http-418",
	        "something-quite-new-of-32-letters", ""};
	struct yz_grid g;
	int64_t since = 0;

	(void)state;
	yz_grid_init(&g);
	assert_true(yz_clock_parse("2026-11-20T14:20:00+08:00", &since));
	for (size_t l = 0; l < 2; l++) {
		speak(langs[l]);
		for (size_t i = 0; i < sizeof(whys) / sizeof(whys[0]); i++) {
			struct yz_pulse p = {.sync_runs = true,
			        .print_runs = true,
			        .offline_since_ms = since,
			        .ops = {99999, 999, 99, since},
			        .prints_waiting = 99,
			        .prints_failed = 9};

			(void)yz_copy(p.why, sizeof(p.why), whys[i]);
			draw_head(&p, since + INT64_C(3) * 86400000, &g);
			for (int row = 0; row < YZ_QUEUE_HEAD_ROWS; row++)
				if (strchr(row_text(&g, row), '~'))
					fail_msg("cut: %s", row_text(&g, row));
			assert_non_null(strstr(row_text(&g, 1), "11-20 14:20"));
			assert_true(row_text(&g, 2)[1] != '\0');
		}
	}
	yz_grid_fini(&g);
}

static void the_head_of_the_queue_says_what_is_true(void **state)
{
	struct yz_pulse p = {.sync_runs = true, .print_runs = true, .online = true};
	struct yz_grid g;

	(void)state;
	speak("en");
	yz_grid_init(&g);
	draw_head(&p, 0, &g);
	assert_non_null(strstr(row_text(&g, 2), "Nothing waits"));
	p.ops.pending = 2;
	draw_head(&p, 0, &g);
	assert_non_null(strstr(row_text(&g, 2), "sent by itself."));
	p.ops.dead = 1; /* then not all that waits goes by itself */
	draw_head(&p, 0, &g);
	assert_non_null(strstr(row_text(&g, 2), "not what needs"));
	assert_non_null(strstr(row_text(&g, 4), "Refused ones"));
	p.online = false;
	p.sync_runs = false;
	(void)yz_copy(p.why, sizeof(p.why), "not-running");
	draw_head(&p, 0, &g);
	assert_non_null(strstr(row_text(&g, 1), "does not run"));
	assert_non_null(strstr(row_text(&g, 2), "yizhan-sync"));
	p.sync_runs = true; /* the line is good, so nobody looks at a cable */
	(void)yz_copy(p.why, sizeof(p.why), "http-503");
	draw_head(&p, 0, &g);
	assert_non_null(strstr(row_text(&g, 1), "out of order (503)"));
	assert_non_null(strstr(row_text(&g, 2), "when the platform is back"));
	(void)yz_copy(p.why, sizeof(p.why), "http-429");
	draw_head(&p, 0, &g);
	assert_non_null(strstr(row_text(&g, 1), "asks to wait"));
	yz_grid_fini(&g);
}

static void offer(struct yz_booking_view *b, const char *name, const char *why)
{
	struct yz_offer *o = &b->offers[b->offer_count++];

	(void)yz_copy(o->name, sizeof(o->name), name);
	(void)yz_copy(o->why_not, sizeof(o->why_not), why);
	o->can_book = !*why;
	o->price_fen = 2650;
}

/* Seven that can be had leave two cells: the others' reasons must be seen all the same. */
static void a_courier_that_cannot_be_had_is_seen_with_its_reason(void **state)
{
	struct yz_booking_view *b = yz_alloc(sizeof(*b));
	struct yz_view v = {.state = b};
	struct yz_canvas c;
	struct yz_grid g;
	char all[256];

	(void)state;
	speak("zh_CN");
	yz_form_init(&b->form, yz_booking_specs, YZ_BF_COUNT, NULL, b);
	for (int i = 0; i < 7; i++)
		offer(b, "中通快递", "");
	offer(b, "中国邮政EMS", _("No waybill numbers are left."));
	offer(b, "邮政包裹", _("No waybill numbers are left."));
	yz_grid_init(&g);
	yz_grid_reset(&g, 18, YZ_SCREEN_COLS_MIN);
	c = yz_canvas_all(&g);
	yz_booking_draw(&v, &c);
	assert_non_null(strstr(
	        row_text(&g, YZ_BOOKING_OFFERS_ROW + 2), "中国邮政EMS, 邮政包裹: 单号已用完"));
	assert_true(yz_booking_reasons(b, all, sizeof(all)));
	assert_string_equal(all, "中国邮政EMS, 邮政包裹: 单号已用完");
	offer(b, "京东快递", _("The line is down, and its numbers come online."));
	assert_true(yz_booking_reasons(b, all, sizeof(all)));
	assert_non_null(strstr(all, "; 京东快递: 单号要联网取"));
	yz_grid_fini(&g);
	yz_form_fini(&b->form);
	free(b);
}

static void a_field_that_the_platform_names_has_its_form_and_label(void **state)
{
	(void)state;
	speak("en");
	assert_string_equal(yz_repair_label("contact.upsert", "/data/phone"), "Phone");
	assert_string_equal(yz_repair_field("shipment.book", "/data/lines/0/name"), "lines.0.name");
	assert_string_equal(
	        yz_repair_label("shipment.book", "/data/receiver/detail"), "Receiver's address");
	assert_string_equal(yz_repair_label("product.upsert", "/data/odd_one"), "odd_one");
	assert_string_equal(yz_repair_label("product.upsert", ""), "");
	assert_string_equal(yz_repair_field("shipment.cancel", "/data/reason"), "");
	assert_true(yz_repair_has_form("consent.give"));
	assert_false(yz_repair_has_form("shipment.cancel"));
}

/* What the print program writes is no word for a clerk. */
static void every_trouble_of_a_paper_is_said_in_words(void **state)
{
	static const char *const words[] = {"cover-open", "media-jam", "media-empty",
	        "supply-empty", "offline", "printer-gone", "stopped", "raw-queue", "queue-gone",
	        "cups-gone", "render", "aborted", "canceled", "forgotten"};

	(void)state;
	speak("zh_CN");
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		assert_true((unsigned char)yz_kiosk_printer_say(words[i])[0] >= 0x80);
}

static int keys_seen;

static unsigned count_act(struct yz_view *v, enum yz_action a)
{
	(void)v;
	(void)a;
	keys_seen++;
	return YZ_NEED_NOTHING;
}

/* Nobody sees what a key would do there: it does nothing. */
static void in_a_window_too_small_no_key_does_anything(void **state)
{
	static const struct yz_view_ops ops = {
	        .name = "count", .title = N_("Help"), .keymap = &yz_keymap_kiosk, .act = count_act};
	struct yz_app app;
	const struct yz_keypress f9 = {.key = YZ_KEY_F9};

	(void)state;
	keys_seen = 0;
	yz_app_init(&app, NULL);
	assert_true(yz_view_push(&app, &ops, NULL, NULL));
	app.rows = 24;
	app.cols = 79;
	yz_app_key(&app, &f9);
	assert_int_equal(keys_seen, 0);
	app.cols = 80;
	yz_app_key(&app, &f9);
	assert_int_equal(keys_seen, 1);
	yz_app_fini(&app);
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
	        cmocka_unit_test(every_reason_of_the_line_fits_with_its_remedy),
	        cmocka_unit_test(the_head_of_the_queue_says_what_is_true),
	        cmocka_unit_test(a_courier_that_cannot_be_had_is_seen_with_its_reason),
	        cmocka_unit_test(a_field_that_the_platform_names_has_its_form_and_label),
	        cmocka_unit_test(every_trouble_of_a_paper_is_said_in_words),
	        cmocka_unit_test(in_a_window_too_small_no_key_does_anything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
