/* Signed requests (RFC 9421) against a platform that verifies them. */
#include "config.h"

#include "tests/e2e/sync_world.h"

#include "base/file.h"
#include "net/tls.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { YEAR_S = 365 * 24 * 3600 };

/* A pool of its own whose clock stands in 2000, and what its hooks do about it. */
struct signer {
	struct yz_skew skew;
	struct yz_tls *tls;
	struct yz_http *http;
	struct yz_http_hooks real;
	bool repeats;        /* the twin: every request has the first one's signature */
	struct yz_buf lines; /* of the first request */
};

static void sign(struct yz_buf *lines, const struct yz_http_outgoing *o, void *user)
{
	struct signer *s = user;

	if (!s->repeats || !s->lines.len) {
		yz_buf_clear(&s->lines);
		s->real.sign(&s->lines, o, s->real.user);
	}
	yz_buf_add(lines, s->lines.data, s->lines.len);
}

static const char *learn(void *easy, int code, const struct yz_http_reply *r, void *user)
{
	struct signer *s = user;

	return s->real.ended(easy, code, r, s->real.user);
}

static void signer_open(const struct world *w, struct signer *s, bool learns)
{
	char url[64], secret[96];
	struct yz_tls_setup tls = {.url = url,
	        .ca_file = "",
	        .pins = "",
	        .files = {"", ""},
	        .sign_key_file = secret,
	        .station = "QJ1",
	        .skew = &s->skew};
	struct yz_http_setup setup = {.url = url, .ca_file = "", .station = "QJ1"};
	struct yz_error err;

	(void)snprintf(url, sizeof(url), "http://127.0.0.1:%d", w->port);
	(void)snprintf(secret, sizeof(secret), "%s/secret", w->dir);
	assert_int_equal(yz_tls_open(&s->tls, &tls, &err), YZ_OK);
	s->real = yz_tls_hooks(s->tls);
	setup.hooks = (struct yz_http_hooks){NULL, sign, learns ? learn : NULL, s};
	assert_int_equal(yz_http_open(&s->http, &setup, &err), YZ_OK);
}

static void signer_close(struct signer *s)
{
	yz_http_close(s->http);
	yz_tls_close(s->tls);
	yz_buf_free(&s->lines);
}

/* The status of a signed GET; code gets the problem's. */
static int signed_get(const struct world *w, struct signer *s, char *code, size_t size)
{
	struct yz_http_request r = {.path = "/v1/changes/notices?limit=5"};
	const struct yz_http_reply *reply = NULL;
	struct yz_buf token = YZ_BUF_INIT;
	struct yz_exchange *x;
	const char *at;
	int status;

	read_in(w, "token", &token);
	r.token = yz_buf_str(&token);
	x = yz_http_start(s->http, YZ_HTTP_PUSH, &r);
	assert_non_null(x);
	while (!(reply = yz_http_done(x)))
		yz_http_wait(s->http, NULL, 0, 100);
	status = reply->status;
	at = strstr(yz_buf_str(&reply->body), "\"code\":\"");
	(void)snprintf(code, size, "%.*s", at ? (int)strcspn(at + 8, "\"") : 0, at ? at + 8 : "");
	yz_http_release(x);
	yz_buf_free(&token);
	return status;
}

static void serve_signed(struct world *w)
{
	static char secret[96];

	(void)snprintf(secret, sizeof(secret), "%s/secret", w->dir);
	w->platform_args[0] = "--sign-key-file";
	w->platform_args[1] = secret;
	w->conf = "sign_key_file = secret\n";
	platform_start(w);
}

static struct yz_skew year_2000(void)
{
	struct yz_now now = yz_clock_now(0);
	struct yz_skew s = {
	        .known = true, .true_ms = INT64_C(946684800000), .mono_ms = now.mono_ms};

	(void)yz_copy(s.boot_id, sizeof(s.boot_id), now.boot_id);
	return s;
}

/* A client that signs anew from the same bad clock fails for ever: the twin. */
static void a_wrong_clock_is_corrected_once_and_the_request_signed_anew(void **state)
{
	struct world *w = *state;
	char code[40];

	serve_signed(w);
	for (int twin = 0; twin < 2; twin++) {
		struct signer s = {.skew = year_2000(), .lines = YZ_BUF_INIT};

		signer_open(w, &s, !twin);
		assert_int_equal(signed_get(w, &s, code, sizeof(code)), 401);
		assert_string_equal(code, "clock-skew");
		assert_int_equal(signed_get(w, &s, code, sizeof(code)), twin ? 401 : 200);
		signer_close(&s);
	}
}

static void each_request_has_a_signature_of_its_own(void **state)
{
	struct world *w = *state;
	char code[40];

	serve_signed(w);
	for (int twin = 0; twin < 2; twin++) {
		struct signer s = {.repeats = twin, .lines = YZ_BUF_INIT};

		signer_open(w, &s, true);
		assert_int_equal(signed_get(w, &s, code, sizeof(code)), 200);
		assert_int_equal(signed_get(w, &s, code, sizeof(code)), twin ? 401 : 200);
		assert_string_equal(code, twin ? "nonce-reused" : "");
		signer_close(&s);
	}
}

static void a_station_signs_and_one_with_another_secret_is_turned_away(void **state)
{
	static const char other[] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
	struct world *w = *state;
	char path[96];
	struct yz_error err;
	struct yz_id id;

	serve_signed(w);
	id = save_product(w, 1);
	clock_off(w, -26 * (int64_t)YEAR_S);
	sync_start(w);
	assert_true(comes_to(w, &id, YZ_OP_ACKED));
	assert_in_range(stat_of(w, "sends_applied"), 1, 2);
	assert_int_equal(stop(&w->sync, SIGTERM), 0);
	(void)snprintf(path, sizeof(path), "%s/secret", w->dir);
	assert_int_equal(yz_file_write(path, other, strlen(other), 0600, &err), YZ_OK);
	id = save_product(w, 2);
	assert_int_equal(sync_once(w), 75);
	assert_int_equal(op_of(w, &id).state, YZ_OP_PENDING);
	assert_true(fact_becomes(w, "link.why", "bad-signature"));
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)
	const struct CMUnitTest tests[] = {
	        CASE(a_wrong_clock_is_corrected_once_and_the_request_signed_anew),
	        CASE(each_request_has_a_signature_of_its_own),
	        CASE(a_station_signs_and_one_with_another_secret_is_turned_away),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
