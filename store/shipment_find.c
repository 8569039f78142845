#include "config.h"

#include "store/db.h"
#include "store/shipment.h"

#define BRIEF(X)                                    \
	X(yz_shipment_brief, ID, id)                \
	X(yz_shipment_brief, NUM, booked_ms)        \
	X(yz_shipment_brief, NUM, weight_g)         \
	X(yz_shipment_brief, NUM, total_fen)        \
	X(yz_shipment_brief, TEXT, station_no)      \
	X(yz_shipment_brief, TEXT, waybill_no)      \
	X(yz_shipment_brief, TEXT, courier)         \
	X(yz_shipment_brief, TEXT, sender)          \
	X(yz_shipment_brief, TEXT, receiver)        \
	X(yz_shipment_brief, TEXT, receiver_region) \
	X(yz_shipment_brief, TEXT, goods)           \
	X(yz_shipment_brief, NUM, state)            \
	X(yz_shipment_brief, NUM, op_state)         \
	X(yz_shipment_brief, NUM, print_state)
YZ_COLS_SEQ(brief, yz_shipment_brief, BRIEF);
#define BRIEF_NAMES BRIEF(YZ_COL_NAME)

static enum yz_status total_of(
        struct yz_store *st, const char *like, size_t *total, struct yz_error *err)
{
	struct yz_q q = yz_q_start(st,
	        "SELECT count(*) FROM shipment_search WHERE ?1 = '%%'"
	        " OR text LIKE ?1 ESCAPE '\\'",
	        err);
	int64_t n = 0;
	enum yz_status status;

	yz_q_text(&q, like);
	status = yz_q_value(&q, &n);
	if (status == YZ_OK)
		*total = (size_t)n;
	return status;
}

enum yz_status yz_shipment_find(struct yz_store *st, const char *text, size_t skip,
        struct yz_shipment_brief *rows, size_t max, size_t *n, size_t *total, struct yz_error *err)
{
	char like[YZ_LIKE_SIZE];
	struct yz_q q;

	(void)yz_like(like, text);
	if (total) {
		enum yz_status status = total_of(st, like, total, err);

		if (status != YZ_OK)
			return status;
	}
	/* The page first, on the narrow table; then its rows. */
	q = yz_q_start(st,
	        "SELECT seq" BRIEF_NAMES " FROM (SELECT s.*, a.name AS sender, b.name AS receiver,"
	        " b.region AS receiver_region, coalesce((SELECT name FROM line"
	        " WHERE shipment = s.seq ORDER BY pos"
	        " LIMIT 1), '') AS goods, coalesce((SELECT state FROM outbox"
	        " WHERE id = s.op), -1) AS op_state, coalesce((SELECT state"
	        " FROM print_job WHERE shipment = s.id AND paper = 'waybill'"
	        " ORDER BY seq DESC LIMIT 1), -1) AS print_state FROM"
	        " (SELECT shipment AS found FROM shipment_search WHERE ?1 = '%%'"
	        " OR text LIKE ?1 ESCAPE '\\' ORDER BY shipment DESC"
	        " LIMIT ?2 OFFSET ?3) CROSS JOIN shipment s ON s.seq = found"
	        " JOIN party a ON a.shipment = s.seq AND a.role = 0"
	        " JOIN party b ON b.shipment = s.seq AND b.role = 1)"
	        " ORDER BY seq DESC",
	        err);
	yz_q_text(&q, like);
	yz_q_num(&q, (int64_t)max);
	yz_q_num(&q, (int64_t)skip);
	return yz_q_all(&q, &brief, rows, max, n);
}

enum yz_status yz_shipment_gave_back(struct yz_store *st, const char *waybill_no,
        const char *courier, struct yz_id *id, struct yz_error *err)
{
	struct yz_q q = yz_q_start(st,
	        "SELECT id FROM shipment WHERE state = 2 AND waybill_no = ? AND courier = ?"
	        " ORDER BY seq DESC LIMIT 1",
	        err);

	yz_q_text(&q, waybill_no);
	yz_q_text(&q, courier);
	if (yz_q_next(&q))
		yz_q_get_id(&q, id);
	else if (q.st == YZ_OK)
		q.st = yz_fail(err, YZ_E_NOTFOUND, "no parcel gave this number back");
	return yz_q_end(&q);
}
