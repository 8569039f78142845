/* On a disk where a sync takes as long as it likes: keys are answered meanwhile, a save is not
 * called saved before. Run by tests/e2e/slow_disk.sh, which makes the station (YZ_KIOSK_CONF). */
#include "config.h"

#include "tests/e2e/slow_disk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { WAIT_MS = 60000, NOT_YET_MS = 1500, SYNCS_MAX = 3 };

static char dir[64], real[256], twin[256];
static struct slow_disk disk;

/* A form that keeps drafts, and the keys that open it. */
static const struct form {
	const char *keys, *title;
} forms[] = {{"1", "收寄开单"}, {"NH\016", "新农户"}, {"SP\016", "新商品"}};
enum { FORM_COUNT = sizeof(forms) / sizeof(forms[0]) };

static void type(struct yz_pty *p, const char *text)
{
	assert_int_equal(yz_pty_send(p, text, strlen(text), NULL), YZ_OK);
}

static bool shows(struct yz_pty *p, const char *text, int wait_ms)
{
	return yz_pty_wait(p, text, true, wait_ms, NULL) == YZ_OK;
}

static struct yz_pty *at_menu(const char *program)
{
	struct yz_pty *p = slow_disk_sign_in(program, getenv("YZ_KIOSK_CONF"));

	assert_non_null(p);
	return p;
}

static void throw_away(struct yz_pty *p, const char *title)
{
	type(p, "\033[19~"); /* F8 */
	assert_true(shows(p, "要重填吗", WAIT_MS));
	type(p, "\033OQ");
	assert_true(shows(p, title, WAIT_MS));
	assert_true(slow_disk_wait(&disk, p, false));
	yz_pty_free(p);
}

/* Whether keys and a field move are answered while a draft's sync is held. */
static bool answers(const char *program, const struct form *f, int wait_ms)
{
	struct yz_pty *p = at_menu(program);
	bool is_shown;

	type(p, f->keys);
	assert_true(shows(p, f->title, WAIT_MS));
	type(p, "Q1");
	assert_true(shows(p, "Q1", WAIT_MS));
	slow_disk_hold(&disk);
	type(p, "\t\033[Z");
	assert_true(slow_disk_wait(&disk, p, true));
	type(p, "W2"); /* in the place of what stood there */
	is_shown = shows(p, "W2", wait_ms);
	if (is_shown) {
		type(p, "\t\033[ZE3"); /* another draft waits behind the first */
		is_shown = shows(p, "E3", wait_ms);
	}
	assert_true(slow_disk_wait(&disk, p, true)); /* it is still held */
	slow_disk_let_go(&disk);
	assert_true(shows(p, is_shown ? "E3" : "W2", WAIT_MS));
	throw_away(p, f->title);
	return is_shown;
}

static void keys_are_answered_while_a_draft_is_written(void **state)
{
	(void)state;
	for (int i = 0; i < FORM_COUNT; i++)
		if (!answers(real, &forms[i], WAIT_MS))
			fail_msg("%s: a key waits for the disk", forms[i].title);
}

static void a_kiosk_that_writes_drafts_in_its_loop_is_found(void **state)
{
	(void)state;
	for (int i = 0; i < FORM_COUNT; i++)
		if (answers(twin, &forms[i], NOT_YET_MS))
			fail_msg("%s: the twin did not wait", forms[i].title);
}

static void a_parcel_is_saved_after_its_sync_and_in_three_at_most(void **state)
{
	struct yz_pty *p = at_menu(real);
	struct slow_count before, after;

	(void)state;
	type(p, "1");
	assert_true(shows(p, "收寄开单", WAIT_MS));
	assert_true(slow_disk_fill(p));
	assert_true(slow_disk_wait(&disk, p, false));
	before = slow_disk_count(&disk, yz_pty_pid(p));
	slow_disk_hold(&disk);
	type(p, "\033OQ");
	assert_true(slow_disk_wait(&disk, p, true));
	assert_false(shows(p, "已保存", NOT_YET_MS));
	slow_disk_let_go(&disk);
	assert_true(shows(p, "已保存", WAIT_MS));
	after = slow_disk_count(&disk, yz_pty_pid(p));
	assert_in_range(after.main - before.main, 1, SYNCS_MAX);
	yz_pty_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(keys_are_answered_while_a_draft_is_written),
	        cmocka_unit_test(a_kiosk_that_writes_drafts_in_its_loop_is_found),
	        cmocka_unit_test(a_parcel_is_saved_after_its_sync_and_in_three_at_most),
	};
	const char *build = getenv("YZ_BUILDDIR");

	if (!build || !getenv("YZ_KIOSK_CONF")) {
		(void)fprintf(stderr, "run tests/e2e/slow_disk.sh\n");
		return 77;
	}
	(void)snprintf(
	        dir, sizeof(dir), "%.60s", getenv("YZ_SLOW_DIR") ? getenv("YZ_SLOW_DIR") : ".");
	(void)snprintf(real, sizeof(real), "%s/yizhan", build);
	(void)snprintf(twin, sizeof(twin), "%s/twin_drafts", dir);
	if (!slow_disk_set(&disk, build, dir, 0))
		return 99;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
