/* net/http and net/token: which addresses and which key files are taken. No network. */
#include "config.h"

#include "base/file.h"
#include "net/http.h"
#include "net/tls.h"
#include "net/token.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static enum yz_status open_url(const char *url, const char *ca_file)
{
	struct yz_http_setup setup = {
	        .url = url, .ca_file = ca_file, .station = "QJ1", .agent_epoch = 1};
	struct yz_http *h = NULL;
	enum yz_status st = yz_http_open(&h, &setup, NULL);

	yz_http_close(h);
	return st;
}

static void plain_http_is_for_the_loopback_only(void **state)
{
	static const char *const good[] = {"https://platform.example",
	        "https://platform.example/api/", "http://127.0.0.1:8080", "http://localhost",
	        "http://[::1]:1/"};
	static const char *const bad[] = {"http://platform.example",
	        "http://127.0.0.1.evil.example", "http://localhost.evil.example",
	        "http://127.0.0.1:80@evil.example", "https://", "ftp://127.0.0.1", "127.0.0.1:8080",
	        "https://a.example/?x", "https://user:word@a.example", "file:///etc/passwd"};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		if (open_url(good[i], "") != YZ_OK)
			fail_msg("not taken: %s", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (open_url(bad[i], "") != YZ_E_CONFIG)
			fail_msg("taken: %s", bad[i]);
}

static void a_platform_that_anybody_could_vouch_for_is_refused(void **state)
{
#define PIN "sha256//YhKJKSzoTt2b5FP18fvpHo7fJYqQCjAa3HWY3tvRMwE="
	static const struct {
		const char *url, *ca_file, *pins;
		enum yz_status st;
	} rows[] = {
	        {"https://platform.example", "", "", YZ_E_CONFIG},
	        {"https://platform.example", "/etc/yizhan/ca.pem", "", YZ_OK},
	        {"https://platform.example", "", PIN, YZ_OK},
	        {"https://platform.example", "", PIN ";" PIN, YZ_OK},
	        {"https://platform.example", "", PIN "," PIN, YZ_E_CONFIG},
	        {"https://platform.example", "/ca.pem", "sha256//short=", YZ_E_CONFIG},
	        {"http://127.0.0.1:8080", "", "", YZ_OK},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct yz_skew skew = {.known = false};
		struct yz_tls_setup setup = {.url = rows[i].url,
		        .ca_file = rows[i].ca_file,
		        .pins = rows[i].pins,
		        .files = {"", ""},
		        .sign_key_file = "",
		        .station = "QJ1",
		        .skew = &skew};
		struct yz_tls *t = NULL;
		struct yz_error err;

		if (yz_tls_open(&t, &setup, &err) != rows[i].st)
			fail_msg("row %zu", i);
		yz_tls_close(t);
	}
#undef PIN
}

static void a_missing_ca_file_is_named(void **state)
{
	struct yz_http_setup setup = {.url = "https://platform.example",
	        .ca_file = "/nonexistent/ca.pem",
	        .station = "QJ1"};
	struct yz_http *h = NULL;
	struct yz_error err;

	(void)state;
	assert_int_equal(yz_http_open(&h, &setup, &err), YZ_E_CONFIG);
	assert_non_null(strstr(err.text, "/nonexistent/ca.pem"));
}

static void a_port_that_nobody_listens_on_is_refused(void **state)
{
	struct yz_http_setup setup = {
	        .url = "http://127.0.0.1:1", .ca_file = "", .station = "QJ1", .agent_epoch = 1};
	struct yz_http_request r = {.path = "/v1/time", .token = ""};
	const struct yz_http_reply *reply = NULL;
	struct yz_exchange *x;
	struct yz_http *h = NULL;

	(void)state;
	assert_int_equal(yz_http_open(&h, &setup, NULL), YZ_OK);
	x = yz_http_start(h, YZ_HTTP_PUSH, &r);
	assert_non_null(x);
	for (int i = 0; i < 100 && !reply; i++) {
		yz_http_wait(h, NULL, 0, 100);
		reply = yz_http_done(x);
	}
	assert_non_null(reply);
	assert_int_equal(reply->status, 0);
	assert_string_equal(reply->why, "refused");
	yz_http_close(h);
}

static void a_key_file_is_one_word_that_not_everybody_reads(void **state)
{
	static const struct {
		const char *text;
		unsigned mode;
		const char *key; /* NULL: not taken */
	} rows[] = {
	        {"4b1f0e6c\n", 0600, "4b1f0e6c"},
	        {"4b1f0e6c \r\n\n", 0640, "4b1f0e6c"},
	        {"4b1f0e6c", 0644, NULL},
	        {"4b1f0e6c", 0602, NULL},
	        {"", 0600, NULL},
	        {"\n", 0600, NULL},
	        {"two words", 0600, NULL},
	        {"4b1f\r\nEvil: 1", 0600, NULL},
	        {"\xE9\x92\xA5", 0600, NULL},
	};
	char dir[] = "/tmp/yizhan-XXXXXX", path[64], key[YZ_TOKEN_SIZE], lengthy[400];
	struct yz_error err;

	(void)state;
	assert_non_null(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/token", dir);
	assert_int_equal(yz_token_read(key, "", &err), YZ_E_CONFIG);
	assert_int_equal(yz_token_read(key, path, &err), YZ_E_CONFIG);
	assert_non_null(strstr(err.text, path));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(
		        yz_file_write(path, rows[i].text, strlen(rows[i].text), 0600, &err), YZ_OK);
		assert_int_equal(chmod(path, rows[i].mode), 0);
		assert_int_equal(yz_token_read(key, path, &err), rows[i].key ? YZ_OK : YZ_E_CONFIG);
		if (rows[i].key)
			assert_string_equal(key, rows[i].key);
		else
			assert_null(strstr(err.text, "4b1f"));
	}
	memset(lengthy, 'a', sizeof(lengthy));
	assert_int_equal(yz_file_write(path, lengthy, sizeof(lengthy), 0600, &err), YZ_OK);
	assert_int_equal(yz_token_read(key, path, &err), YZ_E_CONFIG);
	(void)unlink(path);
	(void)rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(plain_http_is_for_the_loopback_only),
	        cmocka_unit_test(a_platform_that_anybody_could_vouch_for_is_refused),
	        cmocka_unit_test(a_missing_ca_file_is_named),
	        cmocka_unit_test(a_port_that_nobody_listens_on_is_refused),
	        cmocka_unit_test(a_key_file_is_one_word_that_not_everybody_reads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
