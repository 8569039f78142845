/* What an operation waits for. */
#include "config.h"

#include "store/op.h"

enum yz_status yz_outbox_open_of(struct yz_store *s, const char *agg, struct yz_op *rows,
        size_t max, size_t *n, struct yz_error *err)
{
	struct yz_q q = yz_q_start(s,
	        YZ_SELECT_OP " INDEXED BY outbox_agg WHERE agg = ? AND " YZ_OP_OPEN
	                     " ORDER BY ord, seq LIMIT ?",
	        err);

	yz_q_text(&q, agg);
	yz_q_num(&q, (int64_t)max);
	return yz_q_all(&q, &yz_op_cols, rows, max, n);
}

enum yz_status yz_outbox_blocker(
        struct yz_store *s, const struct yz_id *id, struct yz_op *out, struct yz_error *err)
{
	struct yz_op op = {0};
	struct yz_q q = yz_q_start(s,
	        "WITH RECURSIVE w(seq, agg, ord) AS ("
	        " SELECT seq, agg, ord FROM outbox WHERE id = ?1"
	        " UNION SELECT o.seq, o.agg, o.ord FROM w JOIN outbox_need n ON n.op = w.seq"
	        " JOIN outbox o ON o.seq = n.need WHERE o.state NOT IN (1, 3)"
	        " UNION SELECT o.seq, o.agg, o.ord FROM w JOIN outbox o INDEXED BY outbox_agg"
	        " ON o.agg = w.agg WHERE o.ord < w.ord AND o.state NOT IN (1, 3)) " YZ_SELECT_OP
	        " WHERE seq IN (SELECT seq FROM w) AND state IN (2, 4) AND id <> ?1"
	        " ORDER BY ord LIMIT 1",
	        err);
	enum yz_status st;

	yz_q_id(&q, id);
	st = yz_q_one(&q, &yz_op_cols, &op, "operation in the way");
	if (st == YZ_OK)
		*out = op;
	return st;
}
