#include "config.h"

#include "store/db.h"
#include "store/shipment.h"

#define PAYMENT(X)                     \
	X(yz_payment, ID, id)          \
	X(yz_payment, ID, shipment)    \
	X(yz_payment, TEXT, method)    \
	X(yz_payment, NUM, amount_fen) \
	X(yz_payment, ID, reverses)    \
	X(yz_payment, ID, clerk)       \
	X(yz_payment, NUM, at_ms)
YZ_COLS(payment, yz_payment, PAYMENT);
#define PAYMENT_NAMES PAYMENT(YZ_COL_NAME)
#define PAYMENT_MARKS PAYMENT(YZ_COL_MARK)

enum yz_status yz_payment_add(struct yz_tx *tx, struct yz_payment *p, struct yz_error *err)
{
	struct yz_payment row = *p;
	enum yz_status st;
	struct yz_q q;

	if (yz_id_is_none(&row.id))
		row.id = yz_id_new(tx->now.wall_ms);
	row.at_ms = tx->now.wall_ms;
	q = yz_q_start(tx->s,
	        "INSERT INTO payment(pos" PAYMENT_NAMES ") VALUES((SELECT coalesce(max(pos), 0) + 1"
	        " FROM payment WHERE shipment = ?)" PAYMENT_MARKS ")",
	        err);
	yz_q_id(&q, &row.shipment);
	yz_q_record(&q, &payment, &row);
	st = yz_q_run(&q);
	if (st == YZ_OK)
		*p = row;
	return st;
}

enum yz_status yz_payment_list(struct yz_store *st, const struct yz_id *shipment,
        struct yz_payment *rows, size_t max, size_t *n, struct yz_error *err)
{
	struct yz_q q = yz_q_start(st,
	        "SELECT pos" PAYMENT_NAMES " FROM payment WHERE shipment = ? ORDER BY pos", err);

	yz_q_id(&q, shipment);
	return yz_q_all(&q, &payment, rows, max, n);
}

/* Money moves when a parcel is booked or voided: those of the day, and their payments. */
enum yz_status yz_day_get(
        struct yz_store *st, int64_t from_ms, struct yz_day *out, struct yz_error *err)
{
	struct yz_q q = yz_q_start(st,
	        "WITH moved(id) AS (SELECT id FROM shipment WHERE booked_ms >= ?1 UNION SELECT id"
	        " FROM shipment WHERE state = 2 AND voided_ms >= ?1), money(cash, other) AS"
	        " (SELECT sum(iif(method = 'cash', amount_fen, 0)), sum(iif(method = 'cash', 0,"
	        " amount_fen)) FROM moved CROSS JOIN payment ON shipment = moved.id"
	        " WHERE at_ms >= ?1) SELECT (SELECT count(*) FROM shipment"
	        " WHERE booked_ms >= ?1), (SELECT count(*) FROM shipment WHERE state = 2"
	        " AND voided_ms >= ?1), coalesce(cash, 0), coalesce(other, 0),"
	        " (SELECT count(*) FROM print_job"
	        " WHERE state NOT IN (2, 5) AND state IN (0, 1)),"
	        " (SELECT count(*) FROM print_job WHERE state NOT IN (2, 5)"
	        " AND state IN (3, 4)), (SELECT count(*) FROM draft) FROM money",
	        err);

	yz_q_num(&q, from_ms);
	if (yz_q_next(&q)) {
		out->booked = yz_q_get_num(&q);
		out->voided = yz_q_get_num(&q);
		out->cash_fen = yz_q_get_num(&q);
		out->other_fen = yz_q_get_num(&q);
		out->prints_waiting = yz_q_get_num(&q);
		out->prints_failed = yz_q_get_num(&q);
		out->drafts = yz_q_get_num(&q);
	}
	return yz_q_end(&q);
}
