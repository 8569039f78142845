#include "config.h"

#include "store/outbox.h"

#include "base/buf.h"
#include "store/op.h"

#include <string.h>

#define OP_NAMES YZ_OP_COLUMNS(YZ_COL_NAME)
#define OP_MARKS YZ_OP_COLUMNS(YZ_COL_MARK)

_Static_assert(YZ_OP_PENDING == 0 && YZ_OP_ACKED == 1 && YZ_OP_DEAD == 2 && YZ_OP_SUPERSEDED == 3 &&
                       YZ_OP_HELD == 4,
        "the numbers stand in the database and in this file's SQL");

struct place {
	int64_t seq, ord;
};

static enum yz_status find(struct yz_tx *tx, const struct yz_id *id, struct yz_op *op, int64_t *by,
        struct yz_error *err)
{
	struct yz_q q =
	        yz_q_start(tx->s, "SELECT seq, state, superseded_by FROM outbox WHERE id = ?", err);

	yz_q_id(&q, id);
	if (yz_q_next(&q)) {
		op->seq = yz_q_get_num(&q);
		op->state = (enum yz_op_state)yz_q_get_num(&q);
		*by = yz_q_get_num(&q);
	} else if (q.st == YZ_OK) {
		q.st = yz_fail(err, YZ_E_NOTFOUND, "no such operation");
	}
	return yz_q_end(&q);
}

/* The operation that stands for id today: a superseded one is followed to its repair. */
static enum yz_status need_seq(
        struct yz_tx *tx, const struct yz_op *op, int i, int64_t *seq, struct yz_error *err)
{
	struct yz_op need = {0};
	int64_t by;
	enum yz_status st = find(tx, &op->needs[i], &need, &by, err);

	if (st == YZ_OK && yz_id_equal(&op->needs[i], &op->supersedes))
		return yz_fail(err, YZ_E_STATE, "an operation cannot need the one it supersedes");
	while (st == YZ_OK && need.state == YZ_OP_SUPERSEDED) {
		struct yz_q q = yz_q_start(
		        tx->s, "SELECT state, superseded_by FROM outbox WHERE seq = ?", err);

		need.seq = by;
		yz_q_num(&q, by);
		if (yz_q_next(&q)) {
			need.state = (enum yz_op_state)yz_q_get_num(&q);
			by = yz_q_get_num(&q);
		}
		st = yz_q_end(&q);
	}
	if (st == YZ_OK)
		*seq = need.seq;
	return st;
}

static enum yz_status add_needs(
        struct yz_tx *tx, const struct yz_op *op, const int64_t *needs, struct yz_error *err)
{
	for (int i = 0; i < op->need_count; i++) {
		struct yz_q q = yz_q_start(
		        tx->s, "INSERT INTO outbox_need(op, pos, need) VALUES(?, ?, ?)", err);
		enum yz_status st;

		yz_q_num(&q, op->seq);
		yz_q_num(&q, i);
		yz_q_num(&q, needs[i]);
		st = yz_q_run(&q);
		if (st != YZ_OK)
			return st;
	}
	return YZ_OK;
}

/* The place in the queue: the end, or where the superseded operation stands. */
static enum yz_status find_place(
        struct yz_tx *tx, const struct yz_op *op, struct place *p, struct yz_error *err)
{
	struct yz_q q = yz_q_start(tx->s, "SELECT coalesce(max(seq), 0) + 1 FROM outbox", err);
	enum yz_status st = yz_q_value(&q, &p->seq);

	p->ord = p->seq;
	if (st != YZ_OK || yz_id_is_none(&op->supersedes))
		return st;
	q = yz_q_start(tx->s, "SELECT state, ord FROM outbox WHERE id = ?", err);
	yz_q_id(&q, &op->supersedes);
	if (yz_q_next(&q)) {
		int64_t state = yz_q_get_num(&q);

		p->ord = yz_q_get_num(&q);
		if (state != YZ_OP_DEAD && state != YZ_OP_HELD)
			q.st = yz_fail(
			        err, YZ_E_STATE, "only a refused or held operation is superseded");
	} else if (q.st == YZ_OK) {
		q.st = yz_fail(err, YZ_E_NOTFOUND, "the operation to supersede does not exist");
	}
	return yz_q_end(&q);
}

static enum yz_status supersede(struct yz_tx *tx, const struct yz_op *op, struct yz_error *err)
{
	struct yz_q q;
	enum yz_status st;

	if (yz_id_is_none(&op->supersedes))
		return YZ_OK;
	q = yz_q_start(tx->s,
	        "UPDATE outbox_need SET need = ? WHERE need = (SELECT seq"
	        " FROM outbox WHERE id = ?)",
	        err);
	yz_q_num(&q, op->seq);
	yz_q_id(&q, &op->supersedes);
	st = yz_q_run(&q);
	if (st != YZ_OK)
		return st;
	q = yz_q_start(tx->s, "UPDATE outbox SET state = 3, superseded_by = ? WHERE id = ?", err);
	yz_q_num(&q, op->seq);
	yz_q_id(&q, &op->supersedes);
	return yz_q_run(&q);
}

static enum yz_status next_version(struct yz_tx *tx, struct yz_op *op, struct yz_error *err)
{
	struct yz_q q = yz_q_start(
	        tx->s, "SELECT coalesce(max(agg_ver), 0) + 1 FROM outbox WHERE agg = ?", err);

	yz_q_text(&q, op->agg);
	return yz_q_value(&q, &op->agg_ver);
}

static enum yz_status insert(
        struct yz_tx *tx, const struct yz_op *op, int64_t ord, struct yz_error *err)
{
	struct yz_q q = yz_q_start(
	        tx->s, "INSERT INTO outbox(seq" OP_NAMES ", ord) VALUES(?" OP_MARKS ",?)", err);
	enum yz_status st;

	yz_q_num(&q, op->seq);
	yz_q_record(&q, &yz_op_cols, op);
	yz_q_num(&q, ord);
	st = yz_q_run(&q);
	if (st != YZ_OK)
		return st;
	q = yz_q_start(tx->s, "INSERT INTO outbox_body(seq, body) VALUES(?, ?)", err);
	yz_q_num(&q, op->seq);
	yz_q_bytes(&q, op->body, op->body_len);
	return yz_q_run(&q);
}

/* What the station says of a new operation; what the platform says is empty. */
static void stamp(struct yz_op *op, const struct yz_now *now)
{
	if (yz_id_is_none(&op->id))
		op->id = yz_id_new(now->wall_ms);
	yz_digest(op->digest, op->body, op->body_len);
	op->created_ms = now->wall_ms;
	op->mono_ms = now->mono_ms;
	(void)yz_copy(op->boot_id, sizeof(op->boot_id), now->boot_id);
	op->state = YZ_OP_PENDING;
	op->attempts = 0;
	op->next_ms = op->acked_ms = 0;
	op->code[0] = op->reason[0] = op->field[0] = op->server_id[0] = '\0';
}

enum yz_status yz_outbox_add(struct yz_tx *tx, struct yz_op *op, struct yz_error *err)
{
	struct yz_op row = *op;
	struct place place;
	int64_t needs[YZ_NEEDS_MAX] = {0};
	enum yz_status st;

	if (row.body_len > YZ_BODY_MAX || row.need_count < 0 || row.need_count > YZ_NEEDS_MAX)
		return yz_fail(err, YZ_E_RANGE, "an operation has %zu bytes and %d needs",
		        row.body_len, row.need_count);
	st = find_place(tx, &row, &place, err);
	for (int i = 0; st == YZ_OK && i < row.need_count; i++)
		st = need_seq(tx, &row, i, &needs[i], err);
	if (st == YZ_OK)
		st = next_version(tx, &row, err);
	if (st != YZ_OK)
		return st;
	row.seq = place.seq;
	stamp(&row, &tx->now);
	st = insert(tx, &row, place.ord, err);
	if (st == YZ_OK)
		st = supersede(tx, &row, err);
	if (st == YZ_OK)
		st = add_needs(tx, &row, needs, err);
	if (st == YZ_OK)
		*op = row;
	return st;
}

enum yz_status yz_outbox_heartbeat(
        struct yz_store *s, const struct yz_now *now, struct yz_error *err)
{
	struct yz_tx *tx;
	int64_t beat;
	enum yz_status st = yz_tx_begin(s, now, &tx, err);

	if (st != YZ_OK)
		return st;
	st = yz_counter_next(tx, "heartbeat", &beat, err);
	if (st == YZ_OK)
		return yz_tx_commit(tx, err);
	yz_tx_rollback(tx);
	return st;
}

/* Ends a change of one operation's state: no row is either an unknown operation or one in another
 * state. */
static enum yz_status changed(
        struct yz_tx *tx, struct yz_q *q, const struct yz_id *id, struct yz_error *err)
{
	struct yz_op op = {0};
	int64_t by;
	enum yz_status st = yz_q_run(q);

	if (st != YZ_OK || sqlite3_changes(tx->s->db) > 0)
		return st;
	st = find(tx, id, &op, &by, err);
	return st == YZ_OK ? yz_fail(err, YZ_E_STATE, "the operation is in state %d", (int)op.state)
	                   : st;
}

enum yz_status yz_outbox_ack_at(struct yz_tx *tx, const struct yz_id *id, const char *server_id,
        int64_t acked_ms, struct yz_error *err)
{
	/* The platform has it, whatever the clerk did meanwhile; only a replaced one stays
	 * replaced. */
	struct yz_q q = yz_q_start(tx->s,
	        "UPDATE outbox SET state = 1, server_id = ?, acked_ms = ?, next_ms = 0, code ="
	        " '', reason = '', field = '' WHERE id = ? AND state <> 3",
	        err);

	yz_q_text(&q, server_id ? server_id : "");
	yz_q_num(&q, acked_ms);
	yz_q_id(&q, id);
	return changed(tx, &q, id, err);
}

enum yz_status yz_outbox_ack(
        struct yz_tx *tx, const struct yz_id *id, const char *server_id, struct yz_error *err)
{
	return yz_outbox_ack_at(tx, id, server_id, tx->now.wall_ms, err);
}

enum yz_status yz_outbox_refuse(struct yz_tx *tx, const struct yz_id *id, const char *code,
        const char *reason, const char *field, struct yz_error *err)
{
	struct yz_q q = yz_q_start(tx->s,
	        "UPDATE outbox SET state = 2, attempts = attempts + 1, next_ms ="
	        " 0, code = ?, reason = ?, field = ? WHERE id = ?"
	        " AND state IN (0, 4)",
	        err);

	yz_q_text(&q, code);
	yz_q_text(&q, reason);
	yz_q_text(&q, field ? field : "");
	yz_q_id(&q, id);
	return changed(tx, &q, id, err);
}

enum yz_status yz_outbox_defer(struct yz_tx *tx, const struct yz_id *id, int64_t next_ms,
        const char *code, bool counts, struct yz_error *err)
{
	struct yz_q q = yz_q_start(tx->s,
	        "UPDATE outbox SET next_ms = ?, code = ?, attempts = attempts + ?"
	        " WHERE id = ? AND state = 0",
	        err);

	yz_q_num(&q, next_ms);
	yz_q_text(&q, code);
	yz_q_num(&q, counts);
	yz_q_id(&q, id);
	return changed(tx, &q, id, err);
}

enum yz_status yz_outbox_hold(struct yz_tx *tx, const struct yz_id *id, struct yz_error *err)
{
	struct yz_q q = yz_q_start(
	        tx->s, "UPDATE outbox SET state = 4 WHERE id = ? AND state IN (0, 2)", err);

	yz_q_id(&q, id);
	return changed(tx, &q, id, err);
}

enum yz_status yz_outbox_retry(struct yz_tx *tx, const struct yz_id *id, struct yz_error *err)
{
	struct yz_q q = yz_q_start(tx->s,
	        "UPDATE outbox SET state = 0, next_ms = 0, attempts = 0, code = '', reason ="
	        " '', field = '' WHERE id = ? AND state IN (2, 4) AND NOT EXISTS (SELECT 1"
	        " FROM outbox_body b WHERE b.seq = outbox.seq AND b.body IS NULL)",
	        err); /* a body that a rescue could not bring back cannot be sent */

	yz_q_id(&q, id);
	return changed(tx, &q, id, err);
}
