#include "config.h"

#include "base/buf.h"
#include "store/op.h"

#include <stdlib.h>
#include <string.h>

static const struct yz_col columns[] = {YZ_OP_COLUMNS(YZ_COL_OF)};
const struct yz_cols yz_op_cols = {columns, sizeof(columns) / sizeof(columns[0]),
        sizeof(struct yz_op), true, offsetof(struct yz_op, seq)};

enum yz_status yz_op_needs(struct yz_store *s, struct yz_op *op, struct yz_error *err)
{
	struct yz_q q = yz_q_start(s,
	        "SELECT o.id FROM outbox_need n JOIN outbox o ON o.seq = n.need"
	        " WHERE n.op = ? ORDER BY n.pos",
	        err);

	op->need_count = 0;
	yz_q_num(&q, op->seq);
	while (op->need_count < YZ_NEEDS_MAX && yz_q_next(&q))
		yz_q_get_id(&q, &op->needs[op->need_count++]);
	return yz_q_end(&q);
}

static bool is_whole(const struct yz_op *op, const void *body, size_t len)
{
	uint8_t digest[32];

	yz_digest(digest, body, len);
	return memcmp(digest, op->digest, sizeof(digest)) == 0;
}

/* Without the mark the sender would meet it again at every claim, and nobody would be told. */
static enum yz_status damaged(struct yz_store *s, const struct yz_op *op, struct yz_error *err)
{
	struct yz_error why;
	char text[YZ_ID_TEXT_SIZE];

	(void)yz_fail(&why, YZ_E_CORRUPT, "%s: the body of operation %s is damaged", s->path,
	        yz_id_text(&op->id, text));
	yz_db_damaged(s, why.text);
	if (err)
		*err = why;
	return why.status;
}

enum yz_status yz_op_body(struct yz_store *s, struct yz_op *op, struct yz_error *err)
{
	struct yz_q q = yz_q_start(s, "SELECT body FROM outbox_body WHERE seq = ?", err);
	bool found = false;

	yz_q_num(&q, op->seq);
	if (yz_q_next(&q)) {
		size_t len;
		const void *body = yz_q_get_bytes(&q, &len);

		found = !body || is_whole(op, body, len);
		if (body && found) {
			op->body = yz_alloc(
			        len + 1); /* a NUL behind it, for those who read it as text */
			memcpy(op->body, body, len);
			op->body_len = len;
		}
	}
	if (q.st == YZ_OK && !found)
		q.st = damaged(s, op, err);
	return yz_q_end(&q);
}

void yz_ops_free(struct yz_op *ops, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(ops[i].body);
	free(ops);
}

enum yz_status yz_outbox_get(
        struct yz_store *s, const struct yz_id *id, struct yz_op *out, struct yz_error *err)
{
	struct yz_op op = {0};
	bool view = yz_view_begin(s);
	struct yz_q q = yz_q_start(s, YZ_SELECT_OP " WHERE id = ?", err);
	enum yz_status st;

	yz_q_id(&q, id);
	st = yz_q_one(&q, &yz_op_cols, &op, "operation");
	if (st == YZ_OK)
		st = yz_op_needs(s, &op, err);
	if (st == YZ_OK)
		st = yz_op_body(s, &op, err);
	yz_view_end(s, view);
	if (st == YZ_OK)
		*out = op;
	return st;
}

enum yz_status yz_outbox_last(
        struct yz_store *s, const char *agg, struct yz_op *out, struct yz_error *err)
{
	struct yz_op op = {0};
	struct yz_q q =
	        yz_q_start(s, YZ_SELECT_OP " WHERE agg = ? ORDER BY agg_ver DESC LIMIT 1", err);
	enum yz_status st;

	yz_q_text(&q, agg);
	st = yz_q_one(&q, &yz_op_cols, &op, "operation");
	if (st == YZ_OK)
		st = yz_op_needs(s, &op, err);
	if (st == YZ_OK)
		*out = op;
	return st;
}

/* Two of each: only the words of the partial index let SQLite use it, and the sent ones are many.
 */
static const char count_open[] =
        "SELECT count(*) FROM outbox WHERE " YZ_OP_OPEN " AND (?1 >> state) & 1";
static const char count_any[] = "SELECT count(*) FROM outbox WHERE (?1 >> state) & 1";
static const char list_open[] =
        YZ_SELECT_OP " INDEXED BY outbox_open WHERE " YZ_OP_OPEN
                     " AND (?1 >> state) & 1 ORDER BY seq LIMIT ?2 OFFSET ?3";
static const char list_any[] =
        YZ_SELECT_OP " WHERE (?1 >> state) & 1 ORDER BY seq LIMIT ?2 OFFSET ?3";

static enum yz_status total_of(
        struct yz_store *s, bool open_only, unsigned states, size_t *total, struct yz_error *err)
{
	struct yz_q q = yz_q_start(s, open_only ? count_open : count_any, err);
	int64_t n = 0;
	enum yz_status st;

	yz_q_num(&q, states);
	st = yz_q_value(&q, &n);
	if (st == YZ_OK)
		*total = (size_t)n;
	return st;
}

enum yz_status yz_outbox_list(struct yz_store *s, unsigned states, size_t skip, struct yz_op *rows,
        size_t max, size_t *n, size_t *total, struct yz_error *err)
{
	bool open_only = !(states & (1U << YZ_OP_ACKED | 1U << YZ_OP_SUPERSEDED));
	bool view = yz_view_begin(s);
	size_t got = 0;
	struct yz_q q = yz_q_start(s, open_only ? list_open : list_any, err);
	enum yz_status st;

	yz_q_num(&q, states);
	yz_q_num(&q, (int64_t)max);
	yz_q_num(&q, (int64_t)skip);
	st = yz_q_all(&q, &yz_op_cols, rows, max, &got);
	for (size_t i = 0; st == YZ_OK && i < got; i++)
		st = yz_op_needs(s, &rows[i], err);
	if (st == YZ_OK && total)
		st = total_of(s, open_only, states, total, err);
	yz_view_end(s, view);
	if (st == YZ_OK)
		*n = got;
	return st;
}

enum yz_status yz_outbox_count(
        struct yz_store *s, struct yz_outbox_counts *out, struct yz_error *err)
{
	struct yz_q q = yz_q_start(s,
	        "SELECT coalesce(sum(state = 0), 0), coalesce(sum(state = 2), 0),"
	        " coalesce(sum(state = 4), 0), (SELECT created_ms FROM outbox"
	        " WHERE " YZ_OP_OPEN
	        " AND state = 0 ORDER BY ord LIMIT 1) FROM outbox WHERE " YZ_OP_OPEN,
	        err);

	if (yz_q_next(&q)) {
		out->pending = yz_q_get_num(&q);
		out->dead = yz_q_get_num(&q);
		out->held = yz_q_get_num(&q);
		out->oldest_pending_ms = yz_q_get_num(&q);
	}
	return yz_q_end(&q);
}
