/* net/sign: signatures of RFC 9421. */
#include "config.h"

#include "base/file.h"
#include "net/sign.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static const struct yz_sign_moment moment = {1618884473, "abc"};

static struct yz_sign_key key_of(const char *id)
{
	struct yz_sign_key key = {.len = 32};

	memset(key.bytes, 7, key.len);
	(void)snprintf(key.id, sizeof(key.id), "%s", id);
	return key;
}

/* The signature over a base that stands here in full, as section 2.5 draws it. */
static void check(const struct yz_http_outgoing *o, const char *input, const char *base)
{
	struct yz_sign_key key = key_of("QJ1");
	struct yz_buf lines = YZ_BUF_INIT, want = YZ_BUF_INIT;
	unsigned char mac[crypto_auth_hmacsha256_BYTES];
	char b64[64];

	(void)crypto_auth_hmacsha256(mac, (const unsigned char *)base, strlen(base), key.bytes);
	(void)sodium_bin2base64(b64, sizeof(b64), mac, sizeof(mac), sodium_base64_VARIANT_ORIGINAL);
	yz_buf_printf(&want, "Signature-Input: sig=%s\nSignature: sig=:%s:\n", input, b64);
	yz_sign_lines(&lines, &key, o, &moment);
	assert_string_equal(yz_buf_str(&lines), yz_buf_str(&want));
	yz_buf_free(&lines);
	yz_buf_free(&want);
}

static void a_post_is_signed_with_its_digest_and_its_key(void **state)
{
	const struct yz_http_outgoing o = {"POST", "/v1/batches", "sha-256=:AAAA:", "\"k\""};

	(void)state;
	check(&o,
	        "(\"@method\" \"@path\" \"@query\" \"content-digest\" \"idempotency-key\")"
	        ";created=1618884473;nonce=\"abc\";keyid=\"QJ1\";alg=\"hmac-sha256\"",
	        "\"@method\": POST\n\"@path\": /v1/batches\n\"@query\": ?\n"
	        "\"content-digest\": sha-256=:AAAA:\n\"idempotency-key\": \"k\"\n"
	        "\"@signature-params\": (\"@method\" \"@path\" \"@query\" \"content-digest\" "
	        "\"idempotency-key\");created=1618884473;nonce=\"abc\";keyid=\"QJ1\";alg=\"hmac-"
	        "sha256\"");
}

static void a_get_is_signed_with_its_query(void **state)
{
	const struct yz_http_outgoing o = {"GET", "/v1/changes/notices?cursor=7&limit=500", "", ""};

	(void)state;
	check(&o,
	        "(\"@method\" \"@path\" \"@query\");created=1618884473;nonce=\"abc\";keyid=\"QJ1\";"
	        "alg=\"hmac-sha256\"",
	        "\"@method\": GET\n\"@path\": /v1/changes/notices\n\"@query\": "
	        "?cursor=7&limit=500\n\"@signature-params\": (\"@method\" \"@path\" \"@query\")"
	        ";created=1618884473;nonce=\"abc\";keyid=\"QJ1\";alg=\"hmac-sha256\"");
}

/* The mac itself, against the secret and the answer of RFC 9421, B.2.5: its base, our function. */
static void the_mac_is_that_of_the_standard(void **state)
{
	static const char secret[] =
	        "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBt"
	        "bmHhIDi6pcl8jsasjlTMtDQ==";
	static const char base[] =
	        "\"date\": Tue, 20 Apr 2021 02:07:55 GMT\n\"@authority\": example.com\n"
	        "\"content-type\": application/json\n\"@signature-params\": (\"date\" "
	        "\"@authority\" \"content-type\");created=1618884473;keyid=\"test-shared-secret\"";
	char dir[] = "/tmp/yizhan-XXXXXX", path[64], b64[64];
	unsigned char mac[crypto_auth_hmacsha256_BYTES];
	crypto_auth_hmacsha256_state sum;
	struct yz_sign_key key;
	struct yz_error err;

	(void)state;
	assert_non_null(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/secret", dir);
	assert_int_equal(yz_file_write(path, secret, strlen(secret), 0600, &err), YZ_OK);
	assert_int_equal(yz_sign_read(&key, path, "QJ1", &err), YZ_OK);
	assert_int_equal(key.len, 64);
	(void)crypto_auth_hmacsha256_init(&sum, key.bytes, key.len);
	(void)crypto_auth_hmacsha256_update(&sum, (const unsigned char *)base, strlen(base));
	(void)crypto_auth_hmacsha256_final(&sum, mac);
	(void)sodium_bin2base64(b64, sizeof(b64), mac, sizeof(mac), sodium_base64_VARIANT_ORIGINAL);
	assert_string_equal(b64, "pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=");
	(void)unlink(path);
	(void)rmdir(dir);
}

static void a_secret_is_long_and_base64_and_private(void **state)
{
	static const struct {
		const char *text;
		unsigned mode;
	} rows[] = {
	        {"AAAA", 0600},
	        {"not base64 at all, and long enough to be thirty-two bytes", 0600},
	        {"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", 0644},
	};
	char dir[] = "/tmp/yizhan-XXXXXX", path[64];
	struct yz_sign_key key = {.len = 99};
	struct yz_error err;

	(void)state;
	assert_non_null(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/secret", dir);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		(void)unlink(path);
		assert_int_equal(
		        yz_file_write(path, rows[i].text, strlen(rows[i].text), rows[i].mode, &err),
		        YZ_OK);
		assert_int_equal(yz_sign_read(&key, path, "QJ1", &err), YZ_E_CONFIG);
		assert_int_equal(key.len, 99);
	}
	assert_int_equal(yz_sign_read(&key, "", "QJ1", &err), YZ_OK);
	assert_int_equal(key.len, 0);
	(void)unlink(path);
	(void)rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_post_is_signed_with_its_digest_and_its_key),
	        cmocka_unit_test(a_get_is_signed_with_its_query),
	        cmocka_unit_test(the_mac_is_that_of_the_standard),
	        cmocka_unit_test(a_secret_is_long_and_base64_and_private),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
