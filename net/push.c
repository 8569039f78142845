#include "config.h"

#include "net/push.h"

#include "base/log.h"
#include "net/link.h"
#include "net/retry.h"
#include "net/token.h"
#include "net/wire.h"
#include "store/outbox.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { START_WITH = 25, BODIES_MAX = 512 * 1024, POISON_AT = 3 };

enum doing { IDLE, PROBE, BATCH };

struct yz_push {
	struct yz_push_setup setup;
	char token[YZ_TOKEN_SIZE];
	struct yz_retry retry;
	struct yz_link link;
	enum doing doing;
	struct yz_op *ops; /* the batch under way, or NULL */
	size_t n;
	size_t limit; /* of the next batch: grows with success, halves when a batch is refused whole
	               */
	int failed_whole;    /* answers 500 in a row to the same batch */
	bool answered;       /* the last probe was */
	int64_t probe_at_ms; /* monotonic: the line is looked at again when idle */
	enum yz_push_outcome outcome;
	char trouble[YZ_ERROR_TEXT_MAX];   /* last one logged, so that it is logged once */
	struct yz_exchange *x;             /* under way, or NULL */
	const struct yz_http_reply *reply; /* borrowed while it is worked on */
};

struct yz_push *yz_push_new(const struct yz_push_setup *setup)
{
	struct yz_push *p = yz_alloc(sizeof(*p));

	p->setup = *setup;
	p->retry.poll_s = setup->poll_s;
	p->limit = START_WITH;
	return p;
}

static void drop_batch(struct yz_push *p)
{
	yz_ops_free(p->ops, p->n);
	p->ops = NULL;
	p->n = 0;
}

void yz_push_free(struct yz_push *p)
{
	if (!p)
		return;
	drop_batch(p);
	yz_http_release(p->x);
	sodium_memzero(p->token, sizeof(p->token));
	free(p);
}

static double chance(void)
{
	return (double)randombytes_random() / 4294967296.0;
}

static int64_t period_ms(const struct yz_push *p)
{
	return (int64_t)p->setup.poll_s * 1000;
}

/* Something on this computer stands in the way (disk, key file): said once, tried again after a
 * period. */
static void trouble(struct yz_push *p, const struct yz_error *err)
{
	if (strcmp(p->trouble, err->text) != 0)
		yz_log_error("push", err);
	(void)yz_copy(p->trouble, sizeof(p->trouble), err->text);
	yz_retry_pause(&p->retry, yz_clock_now(0).mono_ms, period_ms(p));
	p->outcome = YZ_PUSH_FAILED;
}

static void show(struct yz_push *p, const char *state, const char *why)
{
	struct yz_now now = yz_clock_now(p->setup.test_now_ms);
	struct yz_error err;

	if (yz_link_set(&p->link, p->setup.store, &now, state, why, &err) != YZ_OK)
		trouble(p, &err);
}

/* The line or the platform failed: nothing is held against the operations. */
static void failed(struct yz_push *p, const char *why, int64_t retry_after_ms)
{
	yz_retry_fail(&p->retry, yz_clock_now(0).mono_ms, retry_after_ms, chance());
	p->answered = false;
	p->outcome = YZ_PUSH_FAILED;
	show(p, "offline", why);
}

/* The platform will not talk to this station: stop, tell, look again now and then (with the key
 * read anew). */
static void halted(struct yz_push *p, const char *why)
{
	yz_log(YZ_LOG_ERROR, "the platform refuses this station: %s; sending stops", why);
	yz_retry_pause(&p->retry, yz_clock_now(0).mono_ms, period_ms(p) * 10);
	p->token[0] = '\0';
	p->outcome = YZ_PUSH_FAILED;
	show(p, "offline", why);
}

static void start(struct yz_push *p, enum doing what, const struct yz_http_request *r)
{
	p->outcome = YZ_PUSH_BUSY;
	p->x = yz_http_start(p->setup.http, YZ_HTTP_PUSH, r);
	if (p->x)
		p->doing = what;
	else
		drop_batch(p);
}

static void start_probe(struct yz_push *p)
{
	struct yz_http_request r = {.path = "/v1/time", .token = ""};

	start(p, PROBE, &r);
}

static void start_batch(struct yz_push *p)
{
	struct yz_now now = yz_clock_now(p->setup.test_now_ms);
	struct yz_buf body = YZ_BUF_INIT;
	struct yz_http_request r = {.path = "/v1/batches", .token = p->token, .body = &body};
	struct yz_error err;

	/* a disk that cannot note the answer must not send: it would post the same batch for ever
	 */
	if (yz_outbox_heartbeat(p->setup.store, &now, &err) != YZ_OK) {
		drop_batch(p);
		trouble(p, &err);
		return;
	}
	r.key = yz_id_new(yz_clock_now(0).wall_ms);
	yz_wire_batch(&body, &r.key, p->ops, p->n);
	start(p, BATCH, &r);
	yz_buf_free(&body);
}

static void begin(struct yz_push *p)
{
	struct yz_now now = yz_clock_now(0);
	struct yz_error err;

	if (!p->token[0] && (*p->setup.token_file || !p->setup.by_certificate) &&
	        yz_token_read(p->token, p->setup.token_file, &err) != YZ_OK) {
		trouble(p, &err);
		show(p, "offline", "token");
		return;
	}
	if (p->retry.open) {
		start_probe(p);
		return;
	}
	if (yz_outbox_claim(p->setup.store, now.wall_ms, p->limit, BODIES_MAX, &p->ops, &p->n,
	            &err) != YZ_OK) {
		p->ops = NULL;
		p->n = 0;
		trouble(p, &err);
		return;
	}
	p->trouble[0] = '\0';
	if (p->n) {
		start_batch(p);
		return;
	}
	drop_batch(p);
	p->outcome = YZ_PUSH_DRAINED;
	if (p->answered && p->retry.failures) {
		yz_retry_ok(&p->retry);
		show(p, "online", "");
	}
	if (now.mono_ms >= p->probe_at_ms)
		start_probe(p);
}

/* Runs in the transaction of the batch. An operation that was replaced meanwhile is left as it is.
 */
static enum yz_status settle(struct yz_push *p, struct yz_tx *tx, const struct yz_op *op,
        const struct yz_verdict *v, struct yz_error *err)
{
	int64_t later = yz_clock_now(0).wall_ms +
	                (int64_t)((0.25 + 0.75 * chance()) * (double)period_ms(p));
	enum yz_status st = YZ_OK;

	switch (v->status) {
	case YZ_WIRE_APPLIED:
	case YZ_WIRE_REPLAYED:
		st = yz_outbox_ack(tx, &op->id, v->server_id, err);
		break;
	case YZ_WIRE_REJECTED:
		st = yz_outbox_refuse(tx, &op->id, v->code, v->reason, v->field, err);
		yz_log(YZ_LOG_WARN, "operation %lld was refused: %s %s", (long long)op->seq,
		        v->code, v->field);
		break;
	case YZ_WIRE_BLOCKED:
	case YZ_WIRE_RETRY:
	case YZ_WIRE_STATUS_COUNT:
		st = yz_outbox_defer(tx, &op->id, later, v->code, false, err);
		break;
	}
	return st == YZ_E_STATE ? YZ_OK : st;
}

/* The platform's clock against ours, and its epoch, which changes when it was restored from a
 * backup. */
static enum yz_status note_platform(struct yz_push *p, struct yz_tx *tx, struct yz_error *err)
{
	const struct yz_http_reply *r = p->reply;
	char text[64] = "";
	enum yz_status st = YZ_OK;

	if (r->date_ms) {
		/* Date is cut to seconds: half a second on average is missing */
		(void)snprintf(text, sizeof(text), "%lld",
		        (long long)(r->date_ms + 500 -
		                    (r->started_ms + yz_clock_now(0).wall_ms) / 2));
		st = yz_meta_put(tx, "clock.offset_ms", text, err);
	}
	if (st != YZ_OK || !*r->epoch)
		return st;
	st = yz_meta_get(p->setup.store, "platform.epoch", text, sizeof(text), err);
	if (st != YZ_OK || !strcmp(text, r->epoch))
		return st;
	if (*text)
		yz_log(YZ_LOG_WARN, "the platform's epoch changed: it was restored from a backup");
	return yz_meta_put(tx, "platform.epoch", r->epoch, err);
}

/* All verdicts and what else was learnt, or nothing. */
static enum yz_status record(
        struct yz_push *p, const struct yz_verdict *verdicts, bool online, struct yz_error *err)
{
	struct yz_now now = yz_clock_now(p->setup.test_now_ms);
	struct yz_tx *tx = NULL;
	bool changed;
	enum yz_status st = yz_tx_begin(p->setup.store, &now, &tx, err);

	if (st != YZ_OK)
		return st;
	for (size_t i = 0; i < p->n && st == YZ_OK; i++)
		st = settle(p, tx, &p->ops[i], &verdicts[i], err);
	if (st == YZ_OK)
		st = note_platform(p, tx, err);
	if (st == YZ_OK && online)
		st = yz_link_put(&p->link, tx, "online", "", &changed, err);
	if (st != YZ_OK)
		yz_tx_rollback(tx);
	else
		st = yz_tx_commit(tx, err);
	p->link.known = p->link.known && st == YZ_OK;
	if (st == YZ_OK)
		yz_link_ring(p->setup.store);
	return st;
}

static void keep(struct yz_push *p, const struct yz_verdict *verdicts, bool online)
{
	struct yz_error err;

	p->failed_whole = 0;
	if (record(p, verdicts, online, &err) != YZ_OK)
		trouble(p, &err); /* sent again: the platform replays */
	else if (online)
		yz_retry_ok(&p->retry);
	p->probe_at_ms = yz_clock_now(0).mono_ms + 2 * period_ms(p);
}

/* The batch was refused as a whole: halve it, until the one that spoils it stands alone. */
static void split(struct yz_push *p, const struct yz_verdict *whole, bool online)
{
	if (p->n == 1) {
		keep(p, whole, online);
		return;
	}
	yz_log(YZ_LOG_WARN, "a batch of %zu was refused whole: %s; halving", p->n, whole->code);
	p->limit = p->n / 2;
	p->failed_whole = 0;
}

static void answered_200(struct yz_push *p, const struct yz_answer *a)
{
	struct yz_verdict *verdicts = yz_alloc(p->n * sizeof(*verdicts));
	struct yz_error err;

	if (yz_wire_read(verdicts, p->ops, p->n, a, &err) == YZ_OK) {
		keep(p, verdicts, true);
		if (p->n == p->limit && p->limit < YZ_PUSH_MAX)
			p->limit = p->limit * 2 < YZ_PUSH_MAX ? p->limit * 2 : YZ_PUSH_MAX;
	} else {
		failed(p, strncmp(a->type, "text/html", 9) ? "bad-answer" : "portal", 0);
	}
	free(verdicts);
}

static bool is_one_of(const char *code, const char *const *codes)
{
	for (; *codes; codes++)
		if (!strcmp(code, *codes))
			return true;
	return false;
}

/* Three times 500 to the same batch: one of its operations may be the reason. It is put off, never
 * refused. */
static void answered_500(struct yz_push *p)
{
	struct yz_verdict later = {.status = YZ_WIRE_RETRY, .code = "http-500"};

	if (++p->failed_whole < POISON_AT)
		return;
	split(p, &later, false);
}

static void answered_problem(
        struct yz_push *p, const struct yz_http_reply *r, const struct yz_verdict *problem)
{
	static const char *const halts[] = {"unauthorised", "bad-signature", "cert-expired",
	        "station-suspended", "stale-agent-epoch", "upgrade-required", NULL};
	static const char *const splits[] = {
	        "malformed", "too-large", "validation", "key-reused-different-body", NULL};

	if (is_one_of(problem->code, halts))
		halted(p, problem->code);
	else if (is_one_of(problem->code, splits))
		split(p, problem, true);
	else if (!strcmp(problem->code, "in-progress"))
		yz_retry_pause(
		        &p->retry, yz_clock_now(0).mono_ms, 1000 + (int64_t)(4000 * chance()));
	else
		failed(p, problem->code, r->retry_after_ms);
}

static void end_batch(struct yz_push *p, const struct yz_http_reply *r)
{
	struct yz_answer a = {r->type, yz_buf_str(&r->body), r->body.len};
	struct yz_verdict problem;
	char why[24];

	p->reply = r;
	(void)snprintf(why, sizeof(why), "http-%d", r->status);
	if (!r->status) {
		failed(p, r->why, 0);
	} else if (r->status == 200) {
		answered_200(p, &a);
	} else if (r->status == 500) {
		failed(p, why, 0);
		answered_500(p);
	} else if (r->status > 500 || r->status == 429) {
		failed(p, why, r->retry_after_ms);
	} else if (yz_wire_problem(&problem, &a, NULL) == YZ_OK) {
		answered_problem(p, r, &problem);
	} else {
		failed(p, why, 0); /* a proxy or a portal spoke, not the platform */
	}
	p->reply = NULL;
	drop_batch(p);
}

static void end_probe(struct yz_push *p, const struct yz_http_reply *r)
{
	char why[24];

	p->probe_at_ms = yz_clock_now(0).mono_ms + 2 * period_ms(p);
	(void)snprintf(why, sizeof(why), r->status == 200 ? "portal" : "http-%d", r->status);
	if (r->status != 204) {
		failed(p, r->status ? why : r->why, r->retry_after_ms);
		return;
	}
	p->answered = true;
	p->outcome = YZ_PUSH_BUSY;
	yz_retry_probed(&p->retry);
	if (!p->retry.failures)
		show(p, "online", "");
}

enum yz_push_outcome yz_push_step(struct yz_push *p, int64_t *wait_ms)
{
	const struct yz_http_reply *r = p->x ? yz_http_done(p->x) : NULL;
	enum doing was = p->doing;

	*wait_ms = period_ms(p);
	if (r) {
		p->doing = IDLE;
		if (was == BATCH)
			end_batch(p, r);
		else
			end_probe(p, r);
		yz_http_release(p->x);
		p->x = NULL;
	}
	if (p->doing != IDLE)
		return p->outcome;
	if (!yz_retry_wait_ms(&p->retry, yz_clock_now(0).mono_ms))
		begin(p);
	if (p->doing == IDLE && p->retry.next_ms)
		*wait_ms = yz_retry_wait_ms(&p->retry, yz_clock_now(0).mono_ms);
	return p->outcome;
}

void yz_push_stop(struct yz_push *p)
{
	show(p, "offline", "stopped");
}
