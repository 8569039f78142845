#include "config.h"

#include "store/notice.h"

#include "store/db.h"
#include "store/shipment.h"

#include <string.h>

#define NOTICE(X)                 \
	X(yz_notice, TEXT, id)    \
	X(yz_notice, TEXT, title) \
	X(yz_notice, TEXT, text)  \
	X(yz_notice, TEXT, until) \
	X(yz_notice, NUM, at_ms)  \
	X(yz_notice, NUM, read_ms)
YZ_COLS(notice, yz_notice, NOTICE);

#define TRACKING(X)                    \
	X(yz_tracking, ID, shipment)   \
	X(yz_tracking, TEXT, state)    \
	X(yz_tracking, TEXT, text)     \
	X(yz_tracking, TEXT, moved_at) \
	X(yz_tracking, NUM, at_ms)
YZ_COLS(tracking, yz_tracking, TRACKING);

enum yz_status yz_notice_put(struct yz_tx *tx, const struct yz_notice *n, struct yz_error *err)
{
	struct yz_notice row = *n;
	struct yz_q q =
	        yz_q_start(tx->s, "INSERT OR REPLACE INTO notice VALUES(?, ?, ?, ?, ?, ?)", err);

	row.at_ms = tx->now.wall_ms;
	row.read_ms = 0;
	yz_q_record(&q, &notice, &row);
	return yz_q_run(&q);
}

enum yz_status yz_notice_drop(struct yz_tx *tx, const char *id, struct yz_error *err)
{
	struct yz_q q = yz_q_start(tx->s, "DELETE FROM notice WHERE id = ?", err);

	yz_q_text(&q, id);
	return yz_q_run(&q);
}

enum yz_status yz_notice_read(struct yz_tx *tx, const char *id, struct yz_error *err)
{
	struct yz_q q = yz_q_start(tx->s,
	        "UPDATE notice SET read_ms = iif(read_ms = 0, ?, read_ms) WHERE id = ?", err);

	yz_q_num(&q, tx->now.wall_ms);
	yz_q_text(&q, id);
	return yz_q_change(&q, "notice");
}

enum yz_status yz_notice_list(
        struct yz_store *s, struct yz_notice *rows, size_t max, size_t *n, struct yz_error *err)
{
	struct yz_q q = yz_q_start(
	        s, "SELECT 0" NOTICE(YZ_COL_NAME) " FROM notice ORDER BY at_ms DESC, id", err);

	return yz_q_all(&q, &notice, rows, max, n);
}

enum yz_status yz_notice_unread(
        struct yz_store *s, const char *today, int64_t *n, struct yz_error *err)
{
	struct yz_q q = yz_q_start(s,
	        "SELECT count(*) FROM notice WHERE read_ms = 0 AND (until = '' OR until >= ?)",
	        err);

	yz_q_text(&q, today);
	return yz_q_value(&q, n);
}

enum yz_status yz_tracking_put(
        struct yz_tx *tx, const struct yz_tracking *t, bool *void_moves, struct yz_error *err)
{
	struct yz_tracking row = *t;
	int64_t state = -1;
	struct yz_q q =
	        yz_q_start(tx->s, "INSERT OR REPLACE INTO tracking VALUES(?, ?, ?, ?, ?)", err);
	enum yz_status st;

	row.at_ms = tx->now.wall_ms;
	yz_q_record(&q, &tracking, &row);
	if ((st = yz_q_run(&q)) != YZ_OK)
		return st;
	q = yz_q_start(tx->s, "SELECT state FROM shipment WHERE id = ?", err);
	yz_q_id(&q, &t->shipment);
	st = yz_q_value(&q, &state);
	if (st == YZ_OK && state == YZ_SHIPMENT_BOOKED && strcmp(t->state, "booked") != 0) {
		q = yz_q_start(tx->s, "UPDATE shipment SET state = 1 WHERE id = ?", err);
		yz_q_id(&q, &t->shipment);
		st = yz_q_run(&q);
	}
	if (st == YZ_OK)
		*void_moves = state == YZ_SHIPMENT_VOID && strcmp(t->state, "booked") != 0 &&
		              strcmp(t->state, "cancelled") != 0;
	return st;
}

enum yz_status yz_tracking_drop(
        struct yz_tx *tx, const struct yz_id *shipment, struct yz_error *err)
{
	struct yz_q q = yz_q_start(tx->s, "DELETE FROM tracking WHERE shipment = ?", err);

	yz_q_id(&q, shipment);
	return yz_q_run(&q);
}

enum yz_status yz_tracking_get(struct yz_store *s, const struct yz_id *shipment,
        struct yz_tracking *out, struct yz_error *err)
{
	struct yz_q q = yz_q_start(
	        s, "SELECT 0" TRACKING(YZ_COL_NAME) " FROM tracking WHERE shipment = ?", err);

	yz_q_id(&q, shipment);
	return yz_q_one(&q, &tracking, out, "tracking of this parcel");
}
