#include "config.h"

#include "ctl/outbox.h"

#include "net/http.h"
#include "net/tls.h"
#include "net/token.h"
#include "net/wire.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 50, WAIT_MS = 1000 };

struct post {
	struct yz_posting *to;
	struct yz_http *http;
	char token[YZ_TOKEN_SIZE];
};

static void count(struct yz_posting *to, const struct yz_op *op, const struct yz_verdict *v)
{
	if (v->status == YZ_WIRE_APPLIED) {
		to->applied++;
		return;
	}
	if (v->status == YZ_WIRE_REPLAYED) {
		to->replayed++;
		return;
	}
	if (v->status == YZ_WIRE_REJECTED)
		to->rejected++;
	else
		to->blocked++;
	to->refused(to->user, op, v->code, v->field, v->reason);
}

static enum yz_status line_failed(const struct yz_http_reply *r, struct yz_error *err)
{
	return yz_fail_say(err, YZ_E_NET,
	        N_("The platform did not answer as it should. Import the same again later: nothing "
	           "is counted twice."),
	        "%s %d %s", r->why, r->status, r->type);
}

/* True if it may be one operation that spoils the batch. */
static bool may_split(const char *code)
{
	return !strcmp(code, "malformed") || !strcmp(code, "validation") ||
	       !strcmp(code, "too-large") || !strcmp(code, "key-reused-different-body");
}

/* Counts what the answer says of each operation. A refusal of the whole batch goes to *whole, whose
 * code is "" otherwise. */
static enum yz_status judge(struct post *p, const struct yz_op *ops, size_t n,
        const struct yz_http_reply *r, struct yz_verdict *whole, struct yz_error *err)
{
	struct yz_answer a = {r->type, yz_buf_str(&r->body), r->body.len};
	struct yz_verdict verdicts[BATCH];

	*whole = (struct yz_verdict){.status = YZ_WIRE_REJECTED};
	if (r->status == 200 && yz_wire_read(verdicts, ops, n, &a, err) == YZ_OK) {
		for (size_t i = 0; i < n; i++)
			count(p->to, &ops[i], &verdicts[i]);
		return YZ_OK;
	}
	if (r->status < 400 || r->status >= 500 || r->status == 429 ||
	        yz_wire_problem(whole, &a, NULL) != YZ_OK)
		return line_failed(r, err);
	return YZ_OK;
}

static enum yz_status exchange(struct post *p, const struct yz_op *ops, size_t n,
        struct yz_verdict *whole, struct yz_error *err)
{
	struct yz_buf body = YZ_BUF_INIT;
	static const char *const is_bundle[] = {"Bundle: ?1", NULL};
	struct yz_http_request r = {
	        .path = "/v1/batches", .token = p->token, .body = &body, .headers = is_bundle};
	const struct yz_http_reply *reply;
	struct yz_exchange *x;
	enum yz_status st;

	r.key = yz_id_new(yz_clock_now(0).wall_ms);
	yz_wire_batch(&body, &r.key, ops, n);
	x = yz_http_start(p->http, YZ_HTTP_PUSH, &r);
	yz_buf_free(&body);
	assert(x); /* there is one at a time */
	while (!(reply = yz_http_done(x)))
		yz_http_wait(p->http, NULL, 0, WAIT_MS);
	st = judge(p, ops, n, reply, whole, err);
	yz_http_release(x);
	return st;
}

/* A batch that is refused as a whole is halved until the one at fault stands alone: deep at most
 * log2(BATCH). */
static enum yz_status post_batch(
        struct post *p, const struct yz_op *ops, size_t n, struct yz_error *err)
{
	struct yz_verdict whole;
	enum yz_status st = exchange(p, ops, n, &whole, err);

	if (st != YZ_OK || !whole.code[0])
		return st;
	if (!may_split(whole.code))
		return yz_fail_say(err, YZ_E_DENIED,
		        N_("The platform does not take it: see its reason; nothing more was sent."),
		        "%s: %s", whole.code, whole.reason);
	if (n == 1) {
		count(p->to, ops, &whole);
		return YZ_OK;
	}
	st = post_batch(p, ops, n / 2, err);
	return st == YZ_OK ? post_batch(p, ops + n / 2, n - n / 2, err) : st;
}

enum yz_status yz_outbox_post(
        struct yz_posting *to, const struct yz_op *ops, size_t n, struct yz_error *err)
{
	struct yz_skew skew = {.known = false};
	const struct yz_tls_setup trust = {.url = to->url,
	        .ca_file = to->ca_file,
	        .pins = to->pins,
	        .files = {"", ""},
	        .sign_key_file = "",
	        .station = to->from->station,
	        .skew = &skew};
	struct yz_http_setup setup = {.url = to->url,
	        .ca_file = to->ca_file,
	        .station = to->from->station,
	        .agent_epoch = to->from->agent_epoch};
	struct yz_tls *tls = NULL;
	struct post p = {.to = to};
	enum yz_status st = yz_token_read(p.token, to->token_file, err);

	if (st == YZ_OK && !strncmp(to->url, "https:", 6) && !*to->ca_file && !*to->pins)
		st = yz_fail_say(err, YZ_E_CONFIG,
		        N_("Say by what the platform is known: --ca-file or --pins. Without one "
		           "anybody could answer in its place."),
		        "%s: neither ca-file nor pins", to->url);
	if (st == YZ_OK)
		st = yz_tls_open(&tls, &trust, err);
	if (st == YZ_OK) {
		setup.hooks = yz_tls_hooks(tls);
		st = yz_http_open(&p.http, &setup, err);
	}
	for (size_t i = 0; st == YZ_OK && i < n; i += BATCH)
		st = post_batch(&p, ops + i, n - i < BATCH ? n - i : BATCH, err);
	yz_http_close(p.http);
	yz_tls_close(tls);
	sodium_memzero(p.token, sizeof(p.token));
	return st;
}
