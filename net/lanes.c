#include "config.h"

#include "base/log.h"
#include "net/lane.h"
#include "net/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BODIES_MAX = 512 * 1024, POISON_AT = 3, POISONS_MAX = 4 };

enum { UNDER_WAY_MAX = 2 * YZ_BATCH_MAX * (YZ_HTTP_EXCHANGES - 1) };

/* What the other lanes send, or suspect. */
static size_t under_way(const struct yz_push *p, const struct yz_lane *l, int64_t *seqs)
{
	size_t n = 0;

	for (int i = 0; i < YZ_HTTP_EXCHANGES; i++) {
		const struct yz_lane *other = &p->lanes[i];

		if (other == l)
			continue;
		for (size_t k = 0; k < other->batch.n; k++)
			seqs[n++] = other->batch.ops[k].seq;
		for (size_t k = 0; k < other->suspects.n; k++)
			seqs[n++] = other->suspects.seqs[k];
	}
	return n;
}

static bool fill_from(struct yz_push *p, struct yz_lane *l, unsigned from, struct yz_claim *want)
{
	struct yz_error err;

	want->lane = from;
	want->lanes = p->settle.in_order || want->only ? 0 : YZ_HTTP_EXCHANGES;
	if (yz_batch_fill(&l->batch, p->setup.store, want, p->identity, &err) == YZ_OK)
		return true;
	yz_push_trouble(p, &err);
	return false;
}

/* A lane that has nothing left helps the others: one that stands still on a bad line must not be
 * the last for long. */
static bool help(struct yz_push *p, struct yz_lane *l, struct yz_claim *want)
{
	bool well = !p->retry.failures && !p->settle.in_order;

	for (unsigned i = 1; well && !l->batch.n && i < YZ_HTTP_EXCHANGES; i++) {
		const struct yz_lane *other = &p->lanes[(l->no + i) % YZ_HTTP_EXCHANGES];

		if (other->x && !other->suspects.n && !other->whole)
			well = fill_from(p, l, other->no, want);
	}
	return well;
}

static bool fill(struct yz_push *p, struct yz_lane *l)
{
	int64_t busy[UNDER_WAY_MAX];
	struct yz_claim want = {.now_ms = yz_settle_now_ms(&p->settle),
	        .max_bytes = BODIES_MAX,
	        .under_way = busy,
	        .n_under_way = under_way(p, l, busy)};

	do {
		l->tried = yz_bisect_next(&l->suspects);
		want.max = l->tried ? l->tried : p->pace.limit;
		want.n_only = l->tried;
		want.only = l->tried ? l->suspects.seqs : NULL;
		if (!fill_from(p, l, l->no, &want))
			return false;
		if (!l->batch.n)
			yz_bisect_clear(&l->suspects, l->tried);
	} while (!l->batch.n && l->tried);
	if (!l->batch.n)
		(void)help(p, l, &want);
	l->dry = !l->batch.n;
	return !l->dry;
}

/* A disk that cannot note the answer must not send: it would post the same batch for ever. */
static bool beat(struct yz_push *p)
{
	struct yz_now now = yz_clock_now(p->setup.test_now_ms);
	struct yz_error err;

	if (!p->beaten && yz_outbox_heartbeat(p->setup.store, &now, &err) != YZ_OK) {
		yz_push_trouble(p, &err);
		return false;
	}
	p->beaten = true;
	return true;
}

void yz_lane_start(struct yz_push *p, struct yz_lane *l)
{
	struct yz_http_request r = {
	        .path = "/v1/batches", .token = p->token, .body = &l->batch.body};

	if (fill(p, l) && beat(p)) {
		r.key = l->batch.key;
		r.gzip = l->batch.gzip;
		l->x = yz_http_start(p->setup.http, YZ_HTTP_PUSH, &r);
	}
	if (!l->x)
		yz_batch_drop(&l->batch);
}

static void keep(struct yz_push *p, struct yz_lane *l, const struct yz_settle_batch *b,
        const struct yz_http_reply *r, bool online)
{
	int64_t now_ms = yz_clock_now(0).mono_ms;
	struct yz_error err;

	if (yz_settle_batch(&p->settle, b, r, online, &err) != YZ_OK) {
		p->unnoted = true;
		yz_push_trouble(p, &err); /* sent again: the platform replays */
		return;
	}
	yz_bisect_clear(&l->suspects, l->tried);
	l->whole = 0;
	p->probe_at_ms = now_ms + 2 * (int64_t)p->setup.poll_s * 1000;
	if (!online)
		return;
	l->fails = l->poisons = 0;
	p->ok_ms = now_ms;
	p->failed = false;
	if (p->unnoted && yz_retry_wait_ms(&p->retry, now_ms))
		return; /* another answer could not be: the pause for that stands */
	p->unnoted = false;
	yz_retry_ok(&p->retry);
}

/* The batch was refused as a whole: halve it, until the one that spoils it stands alone. */
static void split(struct yz_push *p, struct yz_lane *l, const struct yz_verdict *whole,
        const struct yz_http_reply *r)
{
	struct yz_settle_batch b = {.ops = l->batch.ops, .verdicts = whole, .n = 1, .high_seq = -1};

	if (l->batch.n == 1) {
		keep(p, l, &b, r, whole->status == YZ_WIRE_REJECTED);
		return;
	}
	yz_log(YZ_LOG_WARN, "a batch of %zu was refused whole: %s; looking for the cause",
	        l->batch.n, whole->code);
	yz_bisect_failed(&l->suspects, l->batch.ops, l->batch.n);
	l->whole = 0;
}

/* The search is quick while it finds good ones. Where nothing passes, not even operations on their
 * own, the platform is what fails: the search ends and the line waits as ever. */
static void failed_in_search(
        struct yz_push *p, struct yz_lane *l, const struct yz_http_reply *r, const char *why)
{
	int64_t now_ms = yz_clock_now(0).mono_ms;

	if (l->batch.n == 1)
		l->poisons++;
	if (l->poisons >= POISONS_MAX && l->tried)
		yz_bisect_clear(&l->suspects, l->suspects.n - l->tried);
	if (r->retry_after_ms || l->poisons >= POISONS_MAX)
		yz_push_failed(p, l, r, why);
	else
		l->next_ms = now_ms + yz_retry_delay_ms(&p->retry, l->poisons, yz_push_chance());
}

/* It may pass, or one of the operations may be the reason: three times, then the cause is looked
 * for. It is put off, never refused. */
static void failed_whole(
        struct yz_push *p, struct yz_lane *l, const struct yz_http_reply *r, const char *why)
{
	const struct yz_verdict later = {.status = YZ_WIRE_RETRY, .code = YZ_OP_ALONE};

	if (l->tried || !strcmp(l->batch.ops[0].code, YZ_OP_ALONE)) {
		failed_in_search(p, l, r, why);
		split(p, l, &later, r);
		return;
	}
	yz_push_failed(p, l, r, why);
	if (++l->whole >= POISON_AT)
		split(p, l, &later, r);
}

static void answered_200(struct yz_push *p, struct yz_lane *l, const struct yz_http_reply *r)
{
	struct yz_answer a = {r->type, yz_buf_str(&r->body), r->body.len};
	struct yz_verdict *verdicts = yz_alloc(l->batch.n * sizeof(*verdicts));
	struct yz_settle_batch b = {.ops = l->batch.ops, .verdicts = verdicts, .n = l->batch.n};

	if (yz_wire_read(verdicts, b.ops, b.n, &a, NULL) == YZ_OK) {
		b.high_seq = yz_wire_high_seq(&a);
		if (!l->tried)
			yz_pace_good(&p->pace, b.n, r->took_ms);
		keep(p, l, &b, r, true);
	} else {
		yz_push_failed(p, l, r, strncmp(a.type, "text/html", 9) ? "bad-answer" : "portal");
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

static void answered_problem(struct yz_push *p, struct yz_lane *l, const struct yz_http_reply *r,
        const struct yz_verdict *problem)
{
	static const char *const halts[] = {"unauthorised", "bad-signature", "cert-expired",
	        "station-suspended", "stale-agent-epoch", "upgrade-required", NULL};
	static const char *const splits[] = {
	        "malformed", "too-large", "validation", "key-reused-different-body", NULL};

	if (is_one_of(problem->code, halts)) {
		yz_push_halted(p, problem->code);
	} else if (is_one_of(problem->code, splits)) {
		if (r->status == 413)
			yz_pace_bad(&p->pace, l->batch.n);
		split(p, l, problem, r);
	} else if (!strcmp(problem->code, "encoding") && !p->identity) {
		p->identity = true;
	} else if (!strcmp(problem->code, "in-progress")) {
		l->next_ms = yz_clock_now(0).mono_ms + 1000 + (int64_t)(4000 * yz_push_chance());
	} else if (r->status == 401 || r->status == 403) {
		yz_push_failed(p, l, r, problem->code);
	} else {
		failed_whole(p, l, r, problem->code);
	}
}

void yz_lane_end(struct yz_push *p, struct yz_lane *l, const struct yz_http_reply *r)
{
	struct yz_answer a = {r->type, yz_buf_str(&r->body), r->body.len};
	struct yz_verdict problem;
	char why[24];

	(void)snprintf(why, sizeof(why), "http-%d", r->status);
	if (!r->status) {
		if (!strcmp(r->why, "timeout") || !strcmp(r->why, "cut"))
			yz_pace_bad(&p->pace, l->batch.n);
		yz_push_failed(p, l, r, r->why);
	} else if (r->status == 200) {
		answered_200(p, l, r);
	} else if (r->status == 500) {
		failed_whole(p, l, r, why);
	} else if (r->status > 500 || r->status == 429) {
		yz_push_failed(p, l, r, why);
	} else if (yz_wire_problem(&problem, &a, NULL) == YZ_OK) {
		answered_problem(p, l, r, &problem);
	} else {
		yz_push_failed(p, l, r, why); /* a proxy or a portal spoke, not the platform */
	}
	yz_batch_drop(&l->batch);
}
