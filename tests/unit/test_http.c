/* net/http against a rude server on the loopback: what is not a whole answer is never taken for
 * one, nothing hangs, nothing grows without bound, and pulls leave the pushes their share. */
#include "config.h"

#include "net/gzip.h"
#include "net/http.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

enum { BOMB = 8 << 20, SLOW_S = 2, TIMEOUT_MS = 20000, PATH_SIZE = 64 };

struct rude {
	pid_t server;
	struct yz_http *http;
};

static void nap(long ms)
{
	const struct timespec t = {ms / 1000, ms % 1000 * 1000000L};

	(void)nanosleep(&t, NULL);
}

static void say(int fd, const void *bytes, size_t n)
{
	if (send(fd, bytes, n, MSG_NOSIGNAL) != (ssize_t)n)
		_exit(0); /* the client has gone */
}

static void say_text(int fd, const char *text)
{
	say(fd, text, strlen(text));
}

/* A gzip answer of n zeros, or of what text says. */
static void say_gzip(int fd, const char *text, size_t n)
{
	struct yz_buf plain = YZ_BUF_INIT, z = YZ_BUF_INIT, head = YZ_BUF_INIT;
	static const char zeros[4096];

	yz_buf_puts(&plain, text);
	for (; n; n -= sizeof(zeros))
		yz_buf_add(&plain, zeros, sizeof(zeros));
	yz_gzip(&z, &plain);
	yz_buf_printf(&head,
	        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n"
	        "Content-Length: %zu\r\n\r\n",
	        z.len);
	say(fd, head.data, head.len);
	say(fd, z.data, z.len);
	yz_buf_free(&plain);
	yz_buf_free(&z);
	yz_buf_free(&head);
}

static void drip(int fd, const char *head, const char *drop, long ms)
{
	say_text(fd, head);
	for (;;) {
		say_text(fd, drop);
		nap(ms);
	}
}

static void behave(int fd, const char *path)
{
	static const char ok[] =
	        "HTTP/1.1 204 No Content\r\nDate: Tue, 24 Nov 2026 08:00:00 GMT\r\n"
	        "Platform-Epoch: e1\r\nETag: \"7\"\r\n\r\n";

	if (!strcmp(path, "/ok"))
		say_text(fd, ok);
	else if (!strcmp(path, "/hold"))
		nap(400), say_text(fd, ok);
	else if (!strcmp(path, "/gzip"))
		say_gzip(fd, "{\"a\":1}", 0);
	else if (!strcmp(path, "/bomb"))
		say_gzip(fd, "", BOMB);
	else if (!strcmp(path, "/not-gzip"))
		say_text(fd, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: "
		             "5\r\n\r\nhello");
	else if (!strcmp(path, "/garbage"))
		say_text(fd, "lalala lalala lalala\r\n\r\n"), _exit(0);
	else if (!strcmp(path, "/short"))
		say_text(fd, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"results\""),
		        _exit(0);
	else if (!strcmp(path, "/half-chunk"))
		say_text(fd, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n{\"res"),
		        _exit(0);
	else if (!strcmp(path, "/nothing"))
		_exit(0);
	else if (!strcmp(path, "/slow-headers"))
		drip(fd, "HTTP/1.1 200 OK\r\n", "X", 200);
	else if (!strcmp(path, "/slow-body"))
		drip(fd, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", "x", 200);
	else if (!strcmp(path, "/silent"))
		nap(60000);
	else if (!strcmp(path, "/endless-headers"))
		drip(fd, "HTTP/1.1 200 OK\r\n", "X-More: and more and more and more\r\n", 0);
	else if (!strcmp(path, "/endless-body"))
		drip(fd, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
		        "40\r\n0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\r"
		        "\n",
		        0);
}

/* Serves one connection: requests without a body, one after the other. */
static void converse(int fd)
{
	char text[4096], path[64];
	size_t n = 0;
	ssize_t got;

	while ((got = read(fd, text + n, sizeof(text) - 1 - n)) > 0) {
		n += (size_t)got;
		text[n] = '\0';
		if (!strstr(text, "\r\n\r\n"))
			continue;
		if (sscanf(text, "GET %63s", path) == 1)
			behave(fd, path);
		n = 0;
	}
	_exit(0);
}

static void serve(int listener)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)signal(SIGCHLD, SIG_IGN);
	for (;;) {
		int fd = accept(listener, NULL, NULL);

		if (fork() == 0) {
			(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
			converse(fd);
		}
		(void)close(fd);
	}
}

static int set_up(void **state)
{
	struct rude *r = yz_alloc(sizeof(*r));
	struct sockaddr_in at = {.sin_family = AF_INET};
	socklen_t size = sizeof(at);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char url[64];
	struct yz_http_setup setup = {.url = url,
	        .ca_file = "",
	        .station = "QJ1",
	        .agent_epoch = 1,
	        .timeout_ms = TIMEOUT_MS,
	        .slow_s = SLOW_S};

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(listener, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(listener, 20), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&at, &size), 0);
	r->server = fork();
	if (r->server == 0)
		serve(listener);
	(void)close(listener);
	(void)snprintf(url, sizeof(url), "http://127.0.0.1:%d", ntohs(at.sin_port));
	assert_int_equal(yz_http_open(&r->http, &setup, NULL), YZ_OK);
	*state = r;
	return 0;
}

static int tear_down(void **state)
{
	struct rude *r = *state;

	yz_http_close(r->http);
	(void)kill(r->server, SIGKILL);
	(void)waitpid(r->server, NULL, 0);
	free(r);
	return 0;
}

static struct yz_exchange *start(struct rude *r, enum yz_http_share share, const char *path)
{
	const struct yz_http_request q = {.path = path, .token = ""};

	return yz_http_start(r->http, share, &q);
}

static const struct yz_http_reply *finish(struct rude *r, struct yz_exchange *x)
{
	const struct yz_http_reply *reply;

	assert_non_null(x);
	while (!(reply = yz_http_done(x)))
		yz_http_wait(r->http, NULL, 0, 1000);
	return reply;
}

static void an_answer_that_is_not_whole_is_none(void **state)
{
	static const struct {
		const char *path, *why;
	} rows[] = {
	        {"/bomb", "bad-answer"},
	        {"/not-gzip", "bad-answer"},
	        {"/short", "cut"},
	        {"/half-chunk", "cut"},
	        {"/nothing", "cut"},
	        {"/endless-body", "bad-answer"},
	        {"/endless-headers", "bad-answer"},
	        {"/slow-headers", "timeout"},
	        {"/slow-body", "timeout"},
	        {"/silent", "timeout"},
	        {"/garbage", NULL},
	};
	struct rude *r = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct yz_exchange *x = start(r, YZ_HTTP_PUSH, rows[i].path);
		const struct yz_http_reply *reply = finish(r, x);

		if (reply->status || !*reply->why)
			fail_msg("%s: status %d", rows[i].path, reply->status);
		if (rows[i].why && strcmp(reply->why, rows[i].why) != 0)
			fail_msg("%s: %s, not %s", rows[i].path, reply->why, rows[i].why);
		assert_in_range(reply->body.cap, 0, 2 * YZ_HTTP_REPLY_MAX);
		yz_http_release(x);
	}
}

static void a_compressed_answer_is_read(void **state)
{
	struct rude *r = *state;
	struct yz_exchange *x = start(r, YZ_HTTP_PUSH, "/gzip");
	const struct yz_http_reply *reply = finish(r, x);

	assert_int_equal(reply->status, 200);
	assert_string_equal(yz_buf_str(&reply->body), "{\"a\":1}");
	yz_http_release(x);
}

static void headers_and_the_connection_are_kept(void **state)
{
	struct rude *r = *state;
	struct yz_exchange *x = start(r, YZ_HTTP_PUSH, "/ok");
	const struct yz_http_reply *reply = finish(r, x);
	char etag[16];

	assert_int_equal(reply->status, 204);
	assert_string_equal(reply->epoch, "e1");
	assert_int_equal(reply->date_ms, 1795507200000);
	assert_true(yz_http_header(reply, "etag", etag, sizeof(etag)));
	assert_string_equal(etag, "\"7\"");
	assert_false(yz_http_header(reply, "X-None", etag, sizeof(etag)));
	assert_true(reply->fresh);
	yz_http_release(x);
	x = start(r, YZ_HTTP_PUSH, "/ok");
	assert_false(finish(r, x)->fresh);
	yz_http_release(x);
}

static void four_go_at_once_and_a_fifth_waits(void **state)
{
	struct rude *r = *state;
	struct yz_exchange *x[YZ_HTTP_EXCHANGES];
	int64_t first_ms = INT64_MAX, last_ms = 0;

	for (int i = 0; i < YZ_HTTP_EXCHANGES; i++)
		x[i] = start(r, YZ_HTTP_PUSH, "/hold");
	assert_null(start(r, YZ_HTTP_PUSH, "/hold"));
	for (int i = 0; i < YZ_HTTP_EXCHANGES; i++) {
		const struct yz_http_reply *reply = finish(r, x[i]);

		assert_int_equal(reply->status, 204);
		if (reply->began_ms + reply->took_ms < first_ms)
			first_ms = reply->began_ms + reply->took_ms;
		if (reply->began_ms > last_ms)
			last_ms = reply->began_ms;
	}
	assert_true(last_ms < first_ms); /* all were under way at the same time */
	for (int i = 0; i < YZ_HTTP_EXCHANGES; i++)
		yz_http_release(x[i]);
	x[0] = start(r, YZ_HTTP_PUSH, "/hold");
	yz_http_release(x[0]); /* dropped under way */
	x[0] = start(r, YZ_HTTP_PUSH, "/ok");
	assert_int_equal(finish(r, x[0])->status, 204);
	yz_http_release(x[0]);
}

static void a_pull_has_one_exchange_and_rests_while_pushes_wait(void **state)
{
	struct rude *r = *state;
	struct yz_exchange *x[YZ_HTTP_EXCHANGES], *pull;

	for (int i = 0; i < YZ_HTTP_EXCHANGES; i++)
		x[i] = start(r, YZ_HTTP_PUSH, "/ok");
	yz_http_pushes_wait(r->http, true);
	assert_null(start(r, YZ_HTTP_PULL, "/hold"));
	yz_http_release(x[0]);
	assert_null(start(r, YZ_HTTP_PUSH, "/ok")); /* the pull asked first */
	pull = start(r, YZ_HTTP_PULL, "/hold");
	assert_non_null(pull);
	yz_http_release(x[1]);
	assert_null(start(r, YZ_HTTP_PULL, "/ok")); /* one at a time */
	x[1] = start(r, YZ_HTTP_PUSH, "/ok");
	assert_non_null(x[1]);
	assert_int_equal(finish(r, pull)->status, 204);
	yz_http_release(pull);
	assert_null(start(r, YZ_HTTP_PULL, "/ok")); /* it rests */
	x[0] = start(r, YZ_HTTP_PUSH, "/ok");
	assert_non_null(x[0]);
	yz_http_pushes_wait(r->http, false);
	yz_http_release(x[0]);
	pull = start(r, YZ_HTTP_PULL, "/ok"); /* nobody waits: it may */
	assert_int_equal(finish(r, pull)->status, 204);
	yz_http_release(pull);
	for (int i = 1; i < YZ_HTTP_EXCHANGES; i++)
		yz_http_release(x[i]);
}

static bool no_tls(void *easy, const struct yz_http_request *q, void *user)
{
	(void)easy, (void)q;
	++*(int *)user;
	return false;
}

static void what_the_tls_hook_refuses_is_not_sent(void **state)
{
	struct yz_http_request q = {.path = "/ok", .token = ""};
	int asked = 0;
	struct yz_http_setup setup = {.url = "http://127.0.0.1:1",
	        .ca_file = "",
	        .station = "QJ1",
	        .hooks = {.prepare = no_tls, .user = &asked}};
	struct yz_exchange *x;
	struct yz_http *h;

	(void)state;
	assert_int_equal(yz_http_open(&h, &setup, NULL), YZ_OK);
	x = yz_http_start(h, YZ_HTTP_PUSH, &q);
	assert_string_equal(yz_http_done(x)->why, "tls");
	assert_int_equal(asked, 1);
	yz_http_release(x);
	yz_http_close(h);
}

static void note_path(struct yz_buf *lines, const struct yz_http_outgoing *o, void *user)
{
	(void)lines;
	(void)yz_copy(user, PATH_SIZE, o->path);
}

/* A signature covers the path that the platform sees (RFC 9421, 2.2.6). */
static void what_is_signed_names_the_whole_path(void **state)
{
	char signed_path[PATH_SIZE] = "";
	const struct yz_http_request q = {.path = "/v1/time", .token = ""};
	struct yz_http_setup setup = {.url = "http://127.0.0.1:1/city/",
	        .ca_file = "",
	        .station = "QJ1",
	        .hooks = {.sign = note_path, .user = signed_path}};
	struct yz_http *h = NULL;
	struct yz_exchange *x;

	(void)state;
	assert_int_equal(yz_http_open(&h, &setup, NULL), YZ_OK);
	x = yz_http_start(h, YZ_HTTP_PUSH, &q);
	assert_non_null(x);
	assert_string_equal(signed_path, "/city/v1/time");
	yz_http_release(x);
	yz_http_close(h);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	        T(an_answer_that_is_not_whole_is_none),
	        T(a_compressed_answer_is_read),
	        T(headers_and_the_connection_are_kept),
	        T(four_go_at_once_and_a_fifth_waits),
	        T(a_pull_has_one_exchange_and_rests_while_pushes_wait),
	        cmocka_unit_test(what_the_tls_hook_refuses_is_not_sent),
	        cmocka_unit_test(what_is_signed_names_the_whole_path),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
