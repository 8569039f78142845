/* station: a sealed file opens to the same bytes, and to nothing when a byte of it was changed. */
#include "config.h"

#include "base/buf.h"
#include "base/file.h"
#include "station/vault.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct vault_case {
	char dir[32], plain[48], sealed[48], again[48];
	uint8_t public[YZ_VAULT_KEY], secret[YZ_VAULT_KEY];
};

static int setup(void **state)
{
	struct vault_case *c = yz_alloc(sizeof(*c));

	(void)snprintf(c->dir, sizeof(c->dir), "/tmp/yizhan-XXXXXX");
	assert_non_null(mkdtemp(c->dir));
	(void)snprintf(c->plain, sizeof(c->plain), "%s/plain", c->dir);
	(void)snprintf(c->sealed, sizeof(c->sealed), "%s/sealed", c->dir);
	(void)snprintf(c->again, sizeof(c->again), "%s/again", c->dir);
	assert_true(sodium_init() >= 0);
	assert_int_equal(crypto_box_keypair(c->public, c->secret), 0);
	*state = c;
	return 0;
}

static int teardown(void **state)
{
	struct vault_case *c = *state;

	(void)unlink(c->plain);
	(void)unlink(c->sealed);
	(void)unlink(c->again);
	(void)rmdir(c->dir); /* fails if a part was left behind: the next line tells */
	assert_int_not_equal(access(c->dir, F_OK), 0);
	free(c);
	return 0;
}

static void seal_bytes(struct vault_case *c, size_t len)
{
	uint8_t *bytes = yz_alloc(len + 1);

	for (size_t i = 0; i < len; i++)
		bytes[i] = (uint8_t)(i * 7 + i / 256);
	assert_int_equal(yz_file_write(c->plain, bytes, len, 0600, NULL), YZ_OK);
	assert_int_equal(yz_vault_seal(c->plain, c->sealed, c->public, NULL), YZ_OK);
	free(bytes);
}

static void a_file_of_any_size_comes_back_as_it_was(void **state)
{
	static const size_t sizes[] = {0, 1, 65535, 65536, 65537, 196608, 300000};
	struct vault_case *c = *state;
	struct yz_buf a = YZ_BUF_INIT, b = YZ_BUF_INIT;

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		seal_bytes(c, sizes[i]);
		assert_int_equal(yz_vault_open(c->sealed, c->again, c->secret, NULL), YZ_OK);
		assert_int_equal(yz_file_read(&a, c->plain, 1 << 20, NULL), YZ_OK);
		assert_int_equal(yz_file_read(&b, c->again, 1 << 20, NULL), YZ_OK);
		assert_int_equal(a.len, sizes[i]);
		assert_int_equal(b.len, sizes[i]);
		if (a.len)
			assert_memory_equal(a.data, b.data, a.len);
	}
	yz_buf_free(&a);
	yz_buf_free(&b);
}

static void a_changed_byte_or_a_cut_is_noticed(void **state)
{
	struct vault_case *c = *state;
	struct yz_buf whole = YZ_BUF_INIT;

	seal_bytes(c, 70000);
	assert_int_equal(yz_file_read(&whole, c->sealed, 1 << 20, NULL), YZ_OK);
	for (size_t at = 0; at < whole.len; at += at < 130 ? 1 : 977) {
		enum yz_status st;

		whole.data[at] = (char)(whole.data[at] ^ 4);
		assert_int_equal(
		        yz_file_write(c->sealed, whole.data, whole.len, 0600, NULL), YZ_OK);
		whole.data[at] = (char)(whole.data[at] ^ 4);
		st = yz_vault_open(c->sealed, c->again, c->secret, NULL);
		assert_true(st == YZ_E_PARSE || st == YZ_E_DENIED);
		assert_false(yz_file_exists(c->again));
	}
	for (size_t len = 0; len < whole.len; len += 1 + len / 3) {
		assert_int_equal(yz_file_write(c->sealed, whole.data, len, 0600, NULL), YZ_OK);
		assert_int_equal(yz_vault_open(c->sealed, c->again, c->secret, NULL), YZ_E_PARSE);
	}
	yz_buf_add(&whole, "x", 1);
	assert_int_equal(yz_file_write(c->sealed, whole.data, whole.len, 0600, NULL), YZ_OK);
	assert_int_equal(yz_vault_open(c->sealed, c->again, c->secret, NULL), YZ_E_PARSE);
	yz_buf_free(&whole);
}

static void another_key_opens_nothing(void **state)
{
	struct vault_case *c = *state;
	struct yz_error err;
	uint8_t public[YZ_VAULT_KEY], secret[YZ_VAULT_KEY];

	seal_bytes(c, 10);
	assert_int_equal(crypto_box_keypair(public, secret), 0);
	assert_int_equal(yz_vault_open(c->sealed, c->again, secret, &err), YZ_E_DENIED);
	assert_non_null(err.say);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	        T(a_file_of_any_size_comes_back_as_it_was),
	        T(a_changed_byte_or_a_cut_is_noticed),
	        T(another_key_opens_nothing),
	};

	return cmocka_run_group_tests_name("vault", tests, NULL, NULL);
}
