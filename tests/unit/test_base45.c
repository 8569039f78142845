/* Base45 against the examples of RFC 9285 and against itself. */
#include "config.h"

#include "base/base45.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

static const struct {
	const char *bytes, *text;
} examples[] = {/* RFC 9285 sections 4.3 and 4.4 */
        {"AB", "BB8"}, {"Hello!!", "%69 VD92EX0"}, {"base-45", "UJCLQE7W581"},
        {"ietf!", "QED8WEX0"}, {"", ""}};

static void the_examples_of_the_rfc_come_out(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		struct yz_buf text = YZ_BUF_INIT, bytes = YZ_BUF_INIT;

		yz_base45_encode(&text, examples[i].bytes, strlen(examples[i].bytes));
		assert_string_equal(yz_buf_str(&text), examples[i].text);
		assert_true(yz_base45_decode(&bytes, examples[i].text, strlen(examples[i].text)));
		assert_string_equal(yz_buf_str(&bytes), examples[i].bytes);
		yz_buf_free(&text);
		yz_buf_free(&bytes);
	}
}

static void every_pair_of_bytes_comes_back(void **state)
{
	struct yz_buf text = YZ_BUF_INIT, bytes = YZ_BUF_INIT;

	(void)state;
	for (unsigned v = 0; v < 65536; v++) {
		const unsigned char pair[2] = {(unsigned char)(v >> 8), (unsigned char)v};

		yz_buf_clear(&text);
		yz_buf_clear(&bytes);
		yz_base45_encode(&text, pair, 2);
		assert_int_equal(text.len, 3);
		assert_true(yz_base45_decode(&bytes, text.data, text.len));
		assert_int_equal(bytes.len, 2);
		assert_memory_equal(bytes.data, pair, 2);
	}
	yz_buf_free(&text);
	yz_buf_free(&bytes);
}

static void what_no_encoder_writes_is_refused_and_adds_nothing(void **state)
{
	static const char *const wrong[] = {
	        "A", "BB8A", ":::", "GGW", "::", "6S", "bb8", "B,8", "BB\n"};
	struct yz_buf out = YZ_BUF_INIT;

	(void)state;
	yz_buf_puts(&out, "before");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_false(yz_base45_decode(&out, wrong[i], strlen(wrong[i])));
		assert_string_equal(yz_buf_str(&out), "before");
	}
	assert_false(yz_base45_decode(&out, "BB8BB8GGW", 9)); /* also behind good groups */
	assert_string_equal(yz_buf_str(&out), "before");
	assert_true(yz_base45_decode(&out, "FGW", 3)); /* 65535, the largest */
	yz_buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(the_examples_of_the_rfc_come_out),
	        cmocka_unit_test(every_pair_of_bytes_comes_back),
	        cmocka_unit_test(what_no_encoder_writes_is_refused_and_adds_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
