#include "config.h"

#include "store/op.h"

enum yz_status yz_outbox_high(struct yz_store *s, int64_t *seq, struct yz_error *err)
{
	struct yz_q q = yz_q_start(s, "SELECT coalesce(max(seq), 0) FROM outbox", err);

	return yz_q_value(&q, seq);
}

enum yz_status yz_outbox_acked_ms(
        struct yz_store *s, int64_t seq, int64_t *acked_ms, struct yz_error *err)
{
	struct yz_q q = yz_q_start(s,
	        "SELECT coalesce((SELECT acked_ms FROM outbox WHERE seq = ? AND state = 1), 0)",
	        err);

	yz_q_num(&q, seq);
	return yz_q_value(&q, acked_ms);
}

enum yz_status yz_outbox_resend(struct yz_tx *tx, int64_t from_seq, int64_t to_seq,
        int64_t since_ms, int64_t *n, struct yz_error *err)
{
	struct yz_q q = yz_q_start(tx->s,
	        "UPDATE outbox SET state = 0, next_ms = 0, code = '" YZ_OP_RESEND "' WHERE seq"
	        " BETWEEN ? AND ? AND state = 1 AND acked_ms >= ? AND EXISTS (SELECT 1 FROM"
	        " outbox_body b WHERE b.seq = outbox.seq AND b.body IS NOT NULL)",
	        err);
	enum yz_status st;

	yz_q_num(&q, from_seq);
	yz_q_num(&q, to_seq);
	yz_q_num(&q, since_ms);
	st = yz_q_run(&q);
	if (st == YZ_OK)
		*n = sqlite3_changes(tx->s->db);
	return st;
}

enum yz_status yz_outbox_rejoin(struct yz_tx *tx, struct yz_error *err)
{
	struct yz_q q = yz_q_start(tx->s,
	        "UPDATE outbox SET code = '', next_ms = 0 WHERE " YZ_OP_OPEN
	        " AND state = 0 AND code = '" YZ_OP_ALONE "'",
	        err);

	return yz_q_run(&q);
}
