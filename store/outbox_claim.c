#include "config.h"

#include "base/buf.h"
#include "store/op.h"

#include <stdlib.h>
#include <string.h>

/* What is in the list so far. */
struct claim {
	struct yz_store *s;
	struct yz_op *ops;
	size_t n, max;
	size_t bytes;
	const struct yz_claim *want;
	bool full; /* the next body does not fit: later ones must not overtake it */
};

static bool has(const struct claim *c, int64_t seq)
{
	for (size_t i = c->n; i-- > 0;) /* what is needed stands a little before */
		if (c->ops[i].seq == seq)
			return true;
	return false;
}

/* True if each seq that the query gives is in the list already. */
static enum yz_status all_in(const struct claim *c, struct yz_q *q, bool *yes)
{
	*yes = true;
	while (*yes && yz_q_next(q))
		*yes = has(c, yz_q_get_num(q));
	return yz_q_end(q);
}

static enum yz_status may_go(const struct claim *c, int64_t seq, bool *yes, struct yz_error *err)
{
	struct yz_q q = yz_q_start(c->s,
	        "SELECT n.need FROM outbox_need n JOIN outbox o ON o.seq = n.need"
	        " WHERE n.op = ? AND o.state <> 1",
	        err);
	enum yz_status st;

	yz_q_num(&q, seq);
	st = all_in(c, &q, yes);
	if (st != YZ_OK || !*yes)
		return st;
	q = yz_q_start(c->s,
	        "SELECT b.seq FROM outbox o JOIN outbox b ON b.agg = o.agg"
	        " AND b.ord < o.ord AND b." YZ_OP_OPEN " WHERE o.seq = ?",
	        err);
	yz_q_num(&q, seq);
	return all_in(c, &q, yes);
}

static enum yz_status take(struct claim *c, int64_t seq, struct yz_error *err)
{
	struct yz_op *op = &c->ops[c->n];
	struct yz_q q = yz_q_start(c->s, YZ_SELECT_OP " WHERE seq = ?", err);
	enum yz_status st;

	yz_q_num(&q, seq);
	st = yz_q_one(&q, &yz_op_cols, op, "operation");
	if (st == YZ_OK)
		st = yz_op_needs(c->s, op, err);
	if (st == YZ_OK)
		st = yz_op_body(c->s, op, err);
	if (st == YZ_OK && !op->body)
		st = yz_fail(err, YZ_E_CORRUPT, "%s: a waiting operation has no body", c->s->path);
	if (st != YZ_OK)
		return st;
	c->n++; /* from here on yz_ops_free has the body */
	if (c->n > 1 && op->body_len > c->want->max_bytes - c->bytes)
		c->full = true;
	else
		c->bytes += op->body_len < c->want->max_bytes ? op->body_len : c->want->max_bytes;
	return YZ_OK;
}

unsigned yz_outbox_lane(const char *agg, unsigned lanes)
{
	uint32_t h = 2166136261u; /* FNV-1a */

	for (; *agg; agg++)
		h = (h ^ (unsigned char)*agg) * 16777619u;
	return h % lanes;
}

/* Cheap questions before those to the database. */
static bool is_wanted(const struct claim *c, int64_t seq, const char *agg, const char *code)
{
	const struct yz_claim *w = c->want;
	bool found = !w->only;

	if (w->lanes && yz_outbox_lane(agg, w->lanes) != w->lane)
		return false;
	if (c->n && !w->mixed && !strcmp(code, YZ_OP_ALONE))
		return false;
	for (size_t i = 0; !found && i < w->n_only; i++)
		found = w->only[i] == seq;
	for (size_t i = 0; found && i < w->n_under_way; i++)
		found = w->under_way[i] != seq;
	return found;
}

static bool is_alone(const struct claim *c)
{
	return c->n && !c->want->mixed && !strcmp(c->ops[0].code, YZ_OP_ALONE);
}

static enum yz_status walk(struct claim *c, struct yz_error *err)
{
	struct yz_q q = yz_q_start(c->s,
	        "SELECT seq, agg, code FROM outbox WHERE " YZ_OP_OPEN
	        " AND state = 0 AND next_ms - ?1 NOT BETWEEN 1 AND ?2 ORDER BY ord",
	        err);

	yz_q_num(&q, c->want->now_ms);
	yz_q_num(&q, YZ_PUT_OFF_MAX_MS);
	while (c->n < c->max && !c->full && !is_alone(c) && yz_q_next(&q)) {
		int64_t seq = yz_q_get_num(&q);
		char agg[sizeof(c->ops->agg)], code[YZ_SHORT_SIZE];
		bool yes = false;

		yz_q_get_text(&q, agg, sizeof(agg));
		yz_q_get_text(&q, code, sizeof(code));
		if (!is_wanted(c, seq, agg, code))
			continue;
		q.st = may_go(c, seq, &yes, err);
		if (q.st == YZ_OK && yes)
			q.st = take(c, seq, err);
	}
	return yz_q_end(&q);
}

/* Fills c->ops, which the caller frees with yz_ops_free on YZ_OK. */
static enum yz_status collect(struct claim *c, struct yz_error *err)
{
	bool view = yz_view_begin(c->s);
	enum yz_status st;

	c->ops = yz_alloc((c->max + 1) * sizeof(*c->ops));
	st = walk(c, err);
	yz_view_end(c->s, view);
	if (st != YZ_OK)
		yz_ops_free(c->ops, c->n);
	else if (c->full)
		free(c->ops[--c->n].body);
	return st;
}

enum yz_status yz_outbox_claim_for(struct yz_store *s, const struct yz_claim *want,
        struct yz_op **ops, size_t *n, struct yz_error *err)
{
	struct claim c = {.s = s, .max = want->max, .want = want};
	enum yz_status st = collect(&c, err);

	if (st == YZ_OK) {
		*ops = c.ops;
		*n = c.n;
	}
	return st;
}

enum yz_status yz_outbox_claim(struct yz_store *s, int64_t now_ms, size_t max, size_t max_bytes,
        struct yz_op **ops, size_t *n, struct yz_error *err)
{
	const struct yz_claim want = {.now_ms = now_ms,
	        .max = max < YZ_BATCH_MAX ? max : YZ_BATCH_MAX,
	        .max_bytes = max_bytes};

	return yz_outbox_claim_for(s, &want, ops, n, err);
}

enum yz_status yz_outbox_waiting(
        struct yz_store *s, size_t max, struct yz_op **ops, size_t *n, struct yz_error *err)
{
	const struct yz_claim want = {
	        .now_ms = INT64_MAX, .max = max, .max_bytes = SIZE_MAX, .mixed = true};

	return yz_outbox_claim_for(s, &want, ops, n, err);
}
