/* tui/input: bytes to keys, wherever they are split. */
#include "config.h"

#include "base/buf.h"
#include "tui/input.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { KEYS_MAX = 64 };

struct keys {
	struct yz_keypress k[KEYS_MAX];
	size_t n;
};

static void take(struct yz_input *in, struct keys *out)
{
	struct yz_keypress k;

	while (yz_input_next(in, &k))
		if (out->n < KEYS_MAX)
			out->k[out->n++] = k;
}

/* the keys of bytes that arrive in two parts */
static struct keys split(const char *bytes, size_t len, size_t at)
{
	struct yz_input in = {0};
	struct keys out = {.n = 0};

	yz_input_push(&in, bytes, at);
	take(&in, &out);
	yz_input_push(&in, bytes + at, len - at);
	take(&in, &out);
	yz_input_expire(&in);
	take(&in, &out);
	return out;
}

static const struct {
	const char *bytes;
	int32_t keys[8];
} cases[] = {
        {"a", {'a'}},
        {"\xE9\xBB\x84z", {0x9EC4, 'z'}},
        {"\xF0\xA0\xAE\xB7", {0x20BB7}},
        {"\xF0\xB1\x8D\x90", {0x31350}},
        {"\r\t\x7F\x08\x0B", {YZ_KEY_ENTER, YZ_KEY_TAB, YZ_KEY_BACKSPACE, YZ_KEY_BACKSPACE, 11}},
        {"\033[A\033OA", {YZ_KEY_UP, YZ_KEY_UP}},
        {"\033OP\033[11~\033[[A\033[M", {YZ_KEY_F1, YZ_KEY_F1, YZ_KEY_F1, YZ_KEY_F1}},
        {"\033[15~\033[[E\033OT\033[Q", {YZ_KEY_F5, YZ_KEY_F5, YZ_KEY_F5, YZ_KEY_F5}},
        {"\033[24~", {YZ_KEY_F12}},
        {"\033[5~\033[6~\033[Z", {YZ_KEY_PGUP, YZ_KEY_PGDN, YZ_KEY_BACKTAB}},
        {"\0331\0339\0330\033-\033=", {YZ_KEY_F1, YZ_KEY_F9, YZ_KEY_F10, YZ_KEY_F11, YZ_KEY_F12}},
        {"\033[1;99zk", {'k'}},       /* unknown: dropped whole */
        {"\033]0;title\007k", {'k'}}, /* an OSC string */
        {"\033Pabc\033\\k", {'k'}},   /* a DCS string */
        {"\033\033[A", {YZ_KEY_ESC, YZ_KEY_UP}},
        {"\xFFk", {YZ_KEY_BAD, 'k'}},     /* noise takes no letter with it */
        {"\xBB\xC6k", {YZ_KEY_GBK, 'k'}}, /* 黄 in GBK */
        {"\xE9k", {YZ_KEY_BAD, 'k'}},
};

static void keys_are_the_same_wherever_the_bytes_are_split(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t len = strlen(cases[i].bytes);

		for (size_t at = 0; at <= len; at++) {
			struct keys got = split(cases[i].bytes, len, at);
			size_t want = 0;

			while (want < 8 && cases[i].keys[want])
				want++;
			if (got.n != want)
				fail_msg("case %zu split at %zu: %zu keys, not %zu", i, at, got.n,
				        want);
			for (size_t k = 0; k < want; k++)
				assert_int_equal(got.k[k].key, cases[i].keys[k]);
		}
	}
}

static void a_lone_esc_is_a_key_only_after_the_waiting_time(void **state)
{
	struct yz_input in = {0};
	struct keys out = {.n = 0};

	(void)state;
	yz_input_push(&in, "\033", 1);
	take(&in, &out);
	assert_int_equal(out.n, 0);
	assert_true(yz_input_is_waiting(&in));
	yz_input_expire(&in);
	take(&in, &out);
	assert_int_equal(out.n, 1);
	assert_int_equal(out.k[0].key, YZ_KEY_ESC);
	assert_false(yz_input_is_waiting(&in));
}

static void in_a_paste_no_key_has_a_meaning(void **state)
{
	static const char bytes[] = "\033[200~a\rb\t\003\033[201~\r";
	struct keys got;

	(void)state;
	for (size_t at = 0; at < sizeof(bytes); at++) {
		got = split(bytes, sizeof(bytes) - 1, at);
		assert_int_equal(got.n, 6);
		assert_int_equal(got.k[1].key, '\n');
		assert_true(got.k[1].pasted);
		assert_int_equal(got.k[3].key, ' ');
		assert_int_equal(got.k[4].key, YZ_KEY_PASTE_END);
		assert_int_equal(got.k[5].key, YZ_KEY_ENTER);
		assert_false(got.k[5].pasted);
	}
}

/* the invariants of any bytes at all: it ends, and what is told is a key */
static void random_bytes_never_hang_or_lose_the_next_letter(void **state)
{
	struct yz_input in = {0};
	unsigned char bytes[256];
	struct yz_keypress k;
	unsigned seed = 1;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		size_t taken = 0;

		for (size_t i = 0; i < sizeof(bytes); i++) {
			seed = seed * 1103515245U + 12345U;
			bytes[i] = (unsigned char)(seed >> 16);
		}
		yz_input_push(&in, bytes, sizeof(bytes));
		while (yz_input_next(&in, &k)) {
			assert_true(k.key > 0 && k.key <= YZ_KEY_GBK);
			assert_true(++taken <= 2 * sizeof(bytes));
		}
		yz_input_expire(&in);
		while (yz_input_next(&in, &k))
			;
		in.pasting = false;
		yz_input_push(&in, "Z", 1);
		assert_true(yz_input_next(&in, &k));
		assert_int_equal(k.key, 'Z');
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(keys_are_the_same_wherever_the_bytes_are_split),
	        cmocka_unit_test(a_lone_esc_is_a_key_only_after_the_waiting_time),
	        cmocka_unit_test(in_a_paste_no_key_has_a_meaning),
	        cmocka_unit_test(random_bytes_never_hang_or_lose_the_next_letter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
