#include "config.h"

#include "net/settle.h"

#include "base/log.h"
#include "store/outbox.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TRIES = 3, RESEND_STEP = 2000 };

#define HOUR_MS ((int64_t)3600 * 1000)
#define DAY_MS (24 * HOUR_MS)

_Static_assert(DAY_MS / (TRIES - 1) + HOUR_MS <= YZ_PUT_OFF_MAX_MS,
        "what is put off for longer is taken for a leap of the clock");

static double chance(void)
{
	return (double)randombytes_random() / 4294967296.0;
}

int64_t yz_settle_put_off_ms(int64_t age_ms, int64_t period_ms, double u)
{
	int64_t top = age_ms / 2, half;

	if (top > HOUR_MS)
		top = HOUR_MS;
	if (top < period_ms)
		top = period_ms;
	half = top / 2;
	return half + (int64_t)(u * (double)(top - half));
}

int64_t yz_settle_now_ms(const struct yz_settle *s)
{
	struct yz_now now = yz_clock_now(0);

	return s->skew ? yz_skew_now_ms(s->skew, &now) : now.wall_ms;
}

/* The codes of doc/platform-api.yaml with which one operation is refused. */
static bool is_known(const char *code)
{
	static const char *const codes[] = {"malformed", "too-large", "validation", "unknown-kind",
	        "key-reused-different-body", "version-conflict", "waybill-taken",
	        "unknown-shipment", "already-cancelled", "tombstone"};

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (!strcmp(code, codes[i]))
			return true;
	return false;
}

bool yz_settle_is_final(const struct yz_verdict *v, const struct yz_op *op, int64_t now_ms)
{
	if (v->http < 400 || v->http == 422 || is_known(v->code))
		return true;
	return op->attempts + 1 >= TRIES && now_ms - op->created_ms >= DAY_MS;
}

/* meta "resend": the next seq to look at, the last, and since when; "" for nothing. */
struct resend {
	long long from, to, since_ms;
};

static enum yz_status read_resend(
        struct yz_settle *s, struct resend *r, bool *any, struct yz_error *err)
{
	char text[80];
	enum yz_status st = yz_meta_get(s->store, "resend", text, sizeof(text), err);

	/* NOLINTNEXTLINE(cert-err34-c): write_resend wrote it */
	*any = st == YZ_OK && sscanf(text, "%lld %lld %lld", &r->from, &r->to, &r->since_ms) == 3;
	return st;
}

static enum yz_status write_resend(struct yz_tx *tx, const struct resend *r, struct yz_error *err)
{
	char text[80];

	(void)snprintf(text, sizeof(text), "%lld %lld %lld", r->from, r->to, r->since_ms);
	return yz_meta_put(tx, "resend", text, err);
}

enum yz_status yz_settle_start(struct yz_settle *s, struct yz_error *err)
{
	struct resend r = {0};
	enum yz_status st = read_resend(s, &r, &s->in_order, err);

	s->resends = s->in_order && r.from <= r.to;
	return st;
}

/* One answer while it is written down. */
struct writing {
	struct yz_settle *s;
	struct yz_tx *tx;
	const struct yz_http_reply *r;
	bool rejoined; /* one that went alone went through */
	bool restored; /* the request went out before we knew of the platform's restore */
	int64_t soonest_ms;
};

/* When the platform took it, by its clock. */
static int64_t taken_ms(const struct writing *w)
{
	return w->r->date_ms ? w->r->date_ms : yz_settle_now_ms(w->s);
}

static enum yz_status put_off(struct writing *w, const struct yz_op *op, const char *code,
        int64_t wait_ms, struct yz_error *err)
{
	if (!w->soonest_ms || wait_ms < w->soonest_ms)
		w->soonest_ms = wait_ms;
	return yz_outbox_defer(w->tx, &op->id, yz_settle_now_ms(w->s) + wait_ms, code, false, err);
}

static enum yz_status refuse(
        struct writing *w, const struct yz_op *op, const struct yz_verdict *v, struct yz_error *err)
{
	int64_t now_ms = yz_clock_now(0).wall_ms, period_ms = (int64_t)w->s->poll_s * 1000;

	if (op->acked_ms && !strcmp(v->code, "version-conflict"))
		return yz_outbox_ack_at(w->tx, &op->id, op->server_id, taken_ms(w), err);
	if (w->restored)
		return put_off(w, op, v->code, period_ms, err);
	yz_log(YZ_LOG_WARN, "operation %lld was refused: %s %s", (long long)op->seq, v->code,
	        v->field);
	if (yz_settle_is_final(v, op, now_ms))
		return yz_outbox_refuse(w->tx, &op->id, v->code, v->reason, v->field, err);
	return yz_outbox_defer(w->tx, &op->id,
	        yz_settle_now_ms(w->s) + DAY_MS / (TRIES - 1) +
	                (int64_t)(chance() * (double)HOUR_MS),
	        v->code, true, err);
}

/* An operation that was replaced meanwhile is left as it is. */
static enum yz_status settle(
        struct writing *w, const struct yz_op *op, const struct yz_verdict *v, struct yz_error *err)
{
	int64_t period_ms = (int64_t)w->s->poll_s * 1000, now_ms = yz_clock_now(0).wall_ms;
	enum yz_status st = YZ_OK;

	switch (v->status) {
	case YZ_WIRE_APPLIED:
	case YZ_WIRE_REPLAYED:
		st = yz_outbox_ack_at(w->tx, &op->id, v->server_id, taken_ms(w), err);
		w->rejoined = w->rejoined || !strcmp(op->code, YZ_OP_ALONE);
		break;
	case YZ_WIRE_REJECTED:
		st = refuse(w, op, v, err);
		break;
	case YZ_WIRE_BLOCKED:
	case YZ_WIRE_RETRY:
	case YZ_WIRE_STATUS_COUNT:
		st = put_off(w, op, v->code,
		        strcmp(v->code, YZ_OP_ALONE)
		                ? (int64_t)((0.25 + 0.75 * chance()) * (double)period_ms)
		                : yz_settle_put_off_ms(
		                          now_ms - op->created_ms, period_ms, chance()),
		        err);
		break;
	}
	return st == YZ_E_STATE ? YZ_OK : st;
}

/* From when on the platform may have lost what it confirmed: 14 days, or less if the last operation
 * that it knows is one that it confirmed before: what it took before that one it has. A day covers
 * confirmations that came late. */
static enum yz_status lost_since(
        struct writing *w, int64_t high_seq, int64_t *since_ms, struct yz_error *err)
{
	int64_t now_ms = taken_ms(w), known_ms = 0;
	enum yz_status st =
	        high_seq > 0 ? yz_outbox_acked_ms(w->s->store, high_seq, &known_ms, err) : YZ_OK;

	*since_ms = now_ms - YZ_RESEND_DAYS * DAY_MS;
	if (known_ms && known_ms - DAY_MS > *since_ms)
		*since_ms = known_ms - DAY_MS;
	return st;
}

static enum yz_status note_epoch(struct writing *w, int64_t high_seq, struct yz_error *err)
{
	struct yz_settle *s = w->s;
	char epoch[64];
	int64_t since_ms, to;
	enum yz_status st = yz_meta_get(s->store, "platform.epoch", epoch, sizeof(epoch), err);

	w->restored = w->r->began_ms < s->epoch_ms;
	if (st != YZ_OK || !*w->r->epoch || !strcmp(epoch, w->r->epoch))
		return st;
	if (*epoch) {
		w->restored = true;
		st = lost_since(w, high_seq, &since_ms, err);
		if (st == YZ_OK)
			st = yz_outbox_high(s->store, &to, err);
		if (st == YZ_OK)
			st = write_resend(w->tx, &(struct resend){1, to, since_ms}, err);
	}
	return st == YZ_OK ? yz_meta_put(w->tx, "platform.epoch", w->r->epoch, err) : st;
}

/* The platform's clock against ours. */
static enum yz_status note_clock(struct writing *w, struct yz_error *err)
{
	const struct yz_http_reply *r = w->r;
	char text[24];

	if (!r->date_ms)
		return YZ_OK;
	/* Date is cut to seconds: half a second on average is missing */
	(void)snprintf(text, sizeof(text), "%lld",
	        (long long)(r->date_ms + 500 - (r->started_ms + yz_clock_now(0).wall_ms) / 2));
	return yz_meta_put(w->tx, "clock.offset_ms", text, err);
}

static enum yz_status write_down(
        struct writing *w, const struct yz_settle_batch *b, bool online, struct yz_error *err)
{
	bool changed;
	enum yz_status st = note_epoch(w, b->high_seq, err);

	for (size_t i = 0; i < b->n && st == YZ_OK; i++)
		st = settle(w, &b->ops[i], &b->verdicts[i], err);
	if (st == YZ_OK && w->rejoined)
		st = yz_outbox_rejoin(w->tx, err);
	if (st == YZ_OK)
		st = note_clock(w, err);
	if (st == YZ_OK && online)
		st = yz_link_put(&w->s->link, w->tx, "online", "", &changed, err);
	return st;
}

static void remember(struct yz_settle *s, const struct writing *w, bool was_restored)
{
	int64_t now_ms = yz_clock_now(0).mono_ms;

	if (w->restored && !was_restored) {
		yz_log(YZ_LOG_WARN, "the platform was restored from a backup: what it confirmed "
		                    "lately is sent again");
		s->epoch_ms = now_ms;
		s->resends = s->in_order = true;
	}
	if (w->soonest_ms && (s->due_ms <= now_ms || now_ms + w->soonest_ms < s->due_ms))
		s->due_ms = now_ms + w->soonest_ms;
}

static enum yz_status finish(struct yz_tx *tx, enum yz_status st, struct yz_error *err)
{
	if (st == YZ_OK)
		return yz_tx_commit(tx, err);
	yz_tx_rollback(tx);
	return st;
}

enum yz_status yz_settle_batch(struct yz_settle *s, const struct yz_settle_batch *b,
        const struct yz_http_reply *r, bool online, struct yz_error *err)
{
	struct yz_now now = yz_clock_now(s->test_now_ms);
	struct writing w = {.s = s, .r = r};
	bool was_restored = r->began_ms < s->epoch_ms;
	enum yz_status st = yz_tx_begin(s->store, &now, &w.tx, err);

	if (st != YZ_OK)
		return st;
	st = finish(w.tx, write_down(&w, b, online, err), err);
	s->link.known = s->link.known && st == YZ_OK;
	if (st != YZ_OK)
		return st;
	remember(s, &w, was_restored);
	yz_link_ring(s->store);
	return YZ_OK;
}

enum yz_status yz_settle_probe(
        struct yz_settle *s, const struct yz_http_reply *r, struct yz_error *err)
{
	const struct yz_settle_batch none = {.high_seq = -1};
	char epoch[64];
	enum yz_status st = yz_meta_get(s->store, "platform.epoch", epoch, sizeof(epoch), err);

	if (st != YZ_OK || !*r->epoch || !strcmp(epoch, r->epoch))
		return st;
	return yz_settle_batch(s, &none, r, false, err);
}

/* Runs in its transaction; *left: there is more. */
static enum yz_status resend_some(
        struct yz_settle *s, struct yz_tx *tx, int64_t *n, bool *left, struct yz_error *err)
{
	struct resend r = {0};
	int64_t end;
	enum yz_status st = read_resend(s, &r, left, err);

	*n = 0;
	if (st != YZ_OK || !*left)
		return st;
	end = r.from + RESEND_STEP < r.to ? r.from + RESEND_STEP : r.to;
	st = yz_outbox_resend(tx, r.from, end, r.since_ms, n, err);
	r.from = end + 1;
	*left = r.from <= r.to;
	return st == YZ_OK ? write_resend(tx, &r, err) : st;
}

enum yz_status yz_settle_resend(struct yz_settle *s, struct yz_error *err)
{
	struct yz_now now = yz_clock_now(s->test_now_ms);
	struct yz_tx *tx = NULL;
	int64_t n = 0;
	bool left = false;
	enum yz_status st = yz_tx_begin(s->store, &now, &tx, err);

	if (st == YZ_OK)
		st = finish(tx, resend_some(s, tx, &n, &left, err), err);
	if (st != YZ_OK)
		return st;
	if (n)
		yz_log(YZ_LOG_INFO, "%lld operations are sent again", (long long)n);
	s->resends = left;
	return YZ_OK;
}

enum yz_status yz_settle_resent(struct yz_settle *s, struct yz_error *err)
{
	struct yz_now now = yz_clock_now(s->test_now_ms);
	struct yz_tx *tx = NULL;
	enum yz_status st = yz_tx_begin(s->store, &now, &tx, err);

	if (st == YZ_OK)
		st = finish(tx, yz_meta_put(tx, "resend", "", err), err);
	s->in_order = s->in_order && st != YZ_OK;
	return st;
}
