/* What the kiosk owes its terminal: bytes, sizes, noise, signals, odd TERMs. Run by
 * tests/e2e/kiosk.sh, which makes the station (YZ_KIOSK_CONF, clerk demo, PIN 246802). */
#include "config.h"

#include "tests/e2e/ptydrive.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { WAIT_MS = 20000, QUIET_MS = 150 };

static char program[4096];
static char conf[4096];

static struct yz_pty *start(const char *term)
{
	char opt[] = "-c";
	char *const argv[] = {program, opt, conf, NULL};
	struct yz_pty *p = NULL;
	struct yz_error err = {0};

	assert_int_equal(yz_pty_start(&p, argv, term, 24, 80, &err), YZ_OK);
	return p;
}

static void send(struct yz_pty *p, const char *text)
{
	assert_int_equal(yz_pty_send(p, text, strlen(text), NULL), YZ_OK);
}

static void press(struct yz_pty *p, const char *name)
{
	char bytes[16];

	assert_non_null(yz_pty_key(name, bytes, sizeof(bytes)));
	send(p, bytes);
}

static void see(struct yz_pty *p, const char *text)
{
	struct yz_error err = {0};

	if (yz_pty_wait(p, text, true, WAIT_MS, &err) != YZ_OK)
		fail_msg("\"%s\": %s", text, err.text);
}

static struct yz_pty *signed_in(const char *term)
{
	struct yz_pty *p = start(term);

	see(p, "登录名");
	send(p, "demo\r246802\r");
	see(p, "今日");
	return p;
}

static struct yz_pty *booking(const char *term)
{
	struct yz_pty *p = signed_in(term);

	send(p, "1");
	see(p, "收寄开单");
	yz_pty_settle(p, QUIET_MS);
	return p;
}

/* bytes that the program sends for some input */
static long cost(struct yz_pty *p, const char *text)
{
	long before;

	yz_pty_settle(p, QUIET_MS);
	before = yz_pty_bytes(p);
	send(p, text);
	for (int i = 0; i < 100 && yz_pty_bytes(p) == before; i++)
		yz_pty_settle(
		        p, QUIET_MS); /* a busy machine may take its time for the first byte */
	yz_pty_settle(p, QUIET_MS);
	return yz_pty_bytes(p) - before;
}

static void a_typed_character_costs_its_own_bytes(void **state)
{
	struct yz_pty *p = booking("xterm-256color");

	(void)state;
	(void)cost(p, "a");
	assert_in_range(cost(p, "b"), 1, 3);
	assert_in_range(cost(p, "黄"), 3, 9);
	assert_in_range(cost(p, "\r"), 1, 400);
	yz_pty_free(p);
}

static void an_idle_kiosk_sends_nothing(void **state)
{
	struct yz_pty *p = booking("xterm-256color");
	long before = yz_pty_bytes(p);

	(void)state;
	yz_pty_settle(p, 11000); /* longer than from one look at the store to the next */
	assert_int_equal(yz_pty_bytes(p), before);
	yz_pty_free(p);
}

static void keys_typed_ahead_end_in_the_same_screen_as_one_by_one(void **state)
{
	static const char *const keys[] = {
	        "王秀英", "\r", "13888888888", "\r", "\033[Z", "9", "\177", "\r"};
	char once[2][YZ_PTY_ROW_BYTES];

	(void)state;
	for (int way = 0; way < 2; way++) {
		struct yz_pty *p = booking("xterm-256color");
		char all[200] = "";

		for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
			size_t len = strlen(all);

			if (way == 0)
				(void)cost(p, keys[i]);
			else
				(void)snprintf(all + len, sizeof(all) - len, "%s", keys[i]);
		}
		if (way == 1)
			(void)cost(p, all);
		see(p, "13888888888");
		yz_pty_settle(p, QUIET_MS);
		yz_pty_row(p, 2, once[way]);
		/* leave no draft behind */
		press(p, "F8");
		see(p, "要重填吗");
		press(p, "F2");
		see(p, "填好收件地和重量后");
		yz_pty_free(p);
	}
	assert_string_equal(once[0], once[1]);
}

static void odd_terminals_show_the_same_words(void **state)
{
	static const char *const terms[] = {
	        "putty", "no-such-terminal", "vt100", "linux", "screen", "xterm"};

	(void)state;
	for (size_t i = 0; i < sizeof(terms) / sizeof(terms[0]); i++) {
		struct yz_pty *p = start(terms[i]);

		see(p, "登录名");
		see(p, "宝山镇电商公共服务站");
		yz_pty_free(p);
	}
}

static void a_small_window_says_so_and_comes_back(void **state)
{
	struct yz_pty *p = booking("xterm-256color");
	static const int sizes[][2] = {{1, 1}, {23, 80}, {24, 79}, {200, 300}, {5, 10}};

	(void)state;
	yz_pty_resize(p, 20, 60);
	see(p, "窗口太小");
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		yz_pty_resize(p, sizes[i][0], sizes[i][1]);
		yz_pty_settle(p, QUIET_MS);
	}
	yz_pty_resize(p, 24, 80);
	see(p, "收寄开单");
	yz_pty_free(p);
}

static void noise_and_signals_do_not_end_it(void **state)
{
	struct yz_pty *p = start("xterm-256color");
	char noise[4096];
	unsigned seed = 7;

	(void)state;
	see(p, "登录名");
	for (int round = 0; round < 20; round++) {
		for (size_t i = 0; i < sizeof(noise); i++) {
			seed = seed * 1103515245U + 12345U;
			noise[i] = (char)(seed >> 16);
			/* an Esc could spell F10, which ends it rightly; an Enter or Tab tries a
			 * PIN and takes its time */
			if (strchr("\033\r\n\t", noise[i]))
				noise[i] = '\001';
		}
		assert_int_equal(yz_pty_send(p, noise, sizeof(noise), NULL), YZ_OK);
	}
	assert_int_equal(kill(yz_pty_pid(p), SIGINT), 0);
	assert_int_equal(kill(yz_pty_pid(p), SIGQUIT), 0);
	assert_int_equal(kill(yz_pty_pid(p), SIGTSTP), 0);
	send(p, "\003\032\034\023\021");
	yz_pty_settle(p, QUIET_MS);
	send(p, "\014");
	see(p, "登录名");
	yz_pty_free(p);
}

static void a_terminal_set_to_gbk_is_told_so(void **state)
{
	struct yz_pty *p = booking("xterm-256color");

	(void)state;
	send(p, "\xBB\xC6");
	see(p, "GBK");
	send(p, "x");
	see(p, "x");
	press(p, "F8");
	see(p, "要重填吗");
	press(p, "F2");
	see(p, "填好收件地和重量后");
	yz_pty_free(p);
}

static void a_rare_character_of_a_name_reaches_the_screen(void **state)
{
	struct yz_pty *p = booking("xterm-256color");

	(void)state;
	send(p, "\xF0\xB1\x8D\x90\xF0\xA0\xAE\xB7"); /* Extension H, which glibc has no width for,
	                                                and 𠮷 */
	see(p, "\xF0\xB1\x8D\x90\xF0\xA0\xAE\xB7");
	press(p, "F8");
	see(p, "要重填吗");
	press(p, "F2");
	see(p, "填好收件地和重量后");
	yz_pty_free(p);
}

static void sigterm_ends_it_in_order(void **state)
{
	struct yz_pty *p = signed_in("xterm-256color");
	int code = -1;

	(void)state;
	assert_int_equal(kill(yz_pty_pid(p), SIGTERM), 0);
	assert_int_equal(yz_pty_wait_end(p, WAIT_MS, &code, NULL), YZ_OK);
	assert_int_equal(code, 0);
	yz_pty_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_typed_character_costs_its_own_bytes),
	        cmocka_unit_test(an_idle_kiosk_sends_nothing),
	        cmocka_unit_test(keys_typed_ahead_end_in_the_same_screen_as_one_by_one),
	        cmocka_unit_test(odd_terminals_show_the_same_words),
	        cmocka_unit_test(a_small_window_says_so_and_comes_back),
	        cmocka_unit_test(noise_and_signals_do_not_end_it),
	        cmocka_unit_test(a_terminal_set_to_gbk_is_told_so),
	        cmocka_unit_test(a_rare_character_of_a_name_reaches_the_screen),
	        cmocka_unit_test(sigterm_ends_it_in_order),
	};

	if (!getenv("YZ_BUILDDIR") || !getenv("YZ_KIOSK_CONF")) {
		(void)fprintf(stderr, "run tests/e2e/kiosk.sh\n");
		return 77;
	}
	(void)snprintf(program, sizeof(program), "%s/yizhan", getenv("YZ_BUILDDIR"));
	(void)snprintf(conf, sizeof(conf), "%s", getenv("YZ_KIOSK_CONF"));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
