#include "config.h"

#include "store/shipment.h"

#include "base/buf.h"
#include "store/db.h"
#include "store/use.h"

#include <stdlib.h>

_Static_assert(YZ_SHIPMENT_VOID == 2, "the number stands in the database and in SQL");

#define SHIPMENT(X)                        \
	X(yz_shipment, ID, id)             \
	X(yz_shipment, TEXT, station_no)   \
	X(yz_shipment, TEXT, waybill_no)   \
	X(yz_shipment, TEXT, courier)      \
	X(yz_shipment, TEXT, carrier)      \
	X(yz_shipment, TEXT, service)      \
	X(yz_shipment, TEXT, product_line) \
	X(yz_shipment, NUM, pieces)        \
	X(yz_shipment, NUM, weight_g)      \
	X(yz_shipment, NUM, billed_g)      \
	X(yz_shipment, NUM, freight_fen)   \
	X(yz_shipment, NUM, insured_fen)   \
	X(yz_shipment, NUM, insurance_fen) \
	X(yz_shipment, NUM, packing_fen)   \
	X(yz_shipment, NUM, total_fen)     \
	X(yz_shipment, TEXT, tariff)       \
	X(yz_shipment, NUM, tariff_row)    \
	X(yz_shipment, TEXT, payer)        \
	X(yz_shipment, TEXT, id_type)      \
	X(yz_shipment, TEXT, id_last4)     \
	X(yz_shipment, NUM, identity_seen) \
	X(yz_shipment, NUM, inspected)     \
	X(yz_shipment, NUM, terms_read)    \
	X(yz_shipment, TEXT, remark)       \
	X(yz_shipment, NUM, state)         \
	X(yz_shipment, TEXT, void_reason)  \
	X(yz_shipment, ID, clerk)          \
	X(yz_shipment, ID, void_clerk)     \
	X(yz_shipment, NUM, booked_ms)     \
	X(yz_shipment, NUM, voided_ms)     \
	X(yz_shipment, ID, op)
YZ_COLS_SEQ(shipment, yz_shipment, SHIPMENT);
#define SELECT_SHIPMENT YZ_SELECT("shipment", SHIPMENT)

#define PARTY(X)                   \
	X(yz_party, ID, contact)   \
	X(yz_party, TEXT, name)    \
	X(yz_party, TEXT, phone)   \
	X(yz_party, TEXT, company) \
	X(yz_party, TEXT, code)    \
	X(yz_party, TEXT, region)  \
	X(yz_party, TEXT, detail)  \
	X(yz_party, TEXT, postcode)
YZ_COLS(party, yz_party, PARTY);
#define PARTY_NAMES PARTY(YZ_COL_NAME)
#define PARTY_MARKS PARTY(YZ_COL_MARK)

#define LINE(X)                    \
	X(yz_line, ID, product)    \
	X(yz_line, TEXT, name)     \
	X(yz_line, NUM, qty_milli) \
	X(yz_line, TEXT, unit)     \
	X(yz_line, NUM, mass_g)
YZ_COLS(line, yz_line, LINE);
#define LINE_NAMES LINE(YZ_COL_NAME)
#define LINE_MARKS LINE(YZ_COL_MARK)

static enum yz_status add_party(
        struct yz_tx *tx, int64_t seq, int role, const struct yz_party *p, struct yz_error *err)
{
	struct yz_q q = yz_q_start(tx->s,
	        "INSERT INTO party(shipment, role" PARTY_NAMES ") VALUES(?, ?" PARTY_MARKS ")",
	        err);
	enum yz_status st;

	yz_q_num(&q, seq);
	yz_q_num(&q, role);
	yz_q_record(&q, &party, p);
	st = yz_q_run(&q);
	if (st == YZ_OK && !yz_id_is_none(&p->contact))
		st = yz_contact_used(tx, &p->contact, err);
	return st;
}

static enum yz_status add_line(
        struct yz_tx *tx, int64_t seq, int pos, const struct yz_line *l, struct yz_error *err)
{
	struct yz_q q = yz_q_start(tx->s,
	        "INSERT INTO line(shipment, pos" LINE_NAMES ") VALUES(?, ?" LINE_MARKS ")", err);

	yz_q_num(&q, seq);
	yz_q_num(&q, pos);
	yz_q_record(&q, &line, l);
	return yz_q_run(&q);
}

/* The words under which the order list finds it: numbers, both parties, and the search words
 * (pinyin, initials) of the contacts they came from. */
static enum yz_status add_search(
        struct yz_tx *tx, const struct yz_shipment *s, struct yz_error *err)
{
	struct yz_buf text = YZ_BUF_INIT;
	struct yz_q q = yz_q_start(tx->s,
	        "INSERT INTO shipment_search(shipment, text)"
	        " VALUES(?1, ?2 || char(10)"
	        " || coalesce((SELECT search FROM contact WHERE current = 1 AND id = ?3), '')"
	        " || char(10)"
	        " || coalesce((SELECT search FROM contact WHERE current = 1 AND id = ?4), ''))",
	        err);
	enum yz_status st;

	yz_buf_printf(&text, "%s\n%s\n%s\n%s\n%s\n%s", s->station_no, s->waybill_no, s->sender.name,
	        s->sender.phone, s->receiver.name, s->receiver.phone);
	yz_q_num(&q, s->seq);
	yz_q_text(&q, text.data);
	yz_q_id(&q, &s->sender.contact);
	yz_q_id(&q, &s->receiver.contact);
	st = yz_q_run(&q);
	yz_buf_free(&text);
	return st;
}

enum yz_status yz_shipment_add(struct yz_tx *tx, struct yz_shipment *s, struct yz_error *err)
{
	struct yz_q q;
	int64_t seq, booked_ms;
	enum yz_status st;

	if (yz_id_is_none(&s->id) || s->line_count < 0 || s->line_count > YZ_LINES_MAX)
		return yz_fail(err, YZ_E_RANGE, "a shipment has no id, or %d lines", s->line_count);
	booked_ms = s->booked_ms;
	s->booked_ms = tx->now.wall_ms;
	q = yz_q_start(tx->s, YZ_INSERT("shipment", SHIPMENT), err);
	yz_q_record(&q, &shipment, s);
	st = yz_q_insert(&q, &seq);
	if (st != YZ_OK) {
		s->booked_ms = booked_ms;
		return st;
	}
	s->seq = seq;
	st = add_party(tx, seq, 0, &s->sender, err);
	if (st == YZ_OK)
		st = add_party(tx, seq, 1, &s->receiver, err);
	for (int i = 0; st == YZ_OK && i < s->line_count; i++)
		st = add_line(tx, seq, i, &s->lines[i], err);
	if (st == YZ_OK)
		st = add_search(tx, s, err);
	return st;
}

static enum yz_status read_parts(struct yz_store *st, struct yz_shipment *s, struct yz_error *err)
{
	struct yz_q q = yz_q_start(
	        st, "SELECT role" PARTY_NAMES " FROM party WHERE shipment = ? ORDER BY role", err);
	size_t n = 0;
	enum yz_status status;

	yz_q_num(&q, s->seq);
	while (yz_q_next(&q))
		yz_q_get_record(
		        &q, &party, sqlite3_column_int(q.stmt, 0) ? &s->receiver : &s->sender);
	status = yz_q_end(&q);
	if (status != YZ_OK)
		return status;
	q = yz_q_start(
	        st, "SELECT pos" LINE_NAMES " FROM line WHERE shipment = ? ORDER BY pos", err);
	yz_q_num(&q, s->seq);
	status = yz_q_all(&q, &line, s->lines, YZ_LINES_MAX, &n);
	s->line_count = (int)n;
	return status;
}

/* Ends q, whose first row is the shipment; reads the rest of it. */
static enum yz_status finish(struct yz_q *q, struct yz_shipment *out)
{
	struct yz_shipment *s = yz_alloc(sizeof(*s)); /* too big for a small stack */
	enum yz_status st = yz_q_one(q, &shipment, s, "shipment");

	if (st == YZ_OK)
		st = read_parts(q->s, s, q->err);
	if (st == YZ_OK)
		*out = *s;
	free(s);
	return st;
}

enum yz_status yz_shipment_get(
        struct yz_store *st, const struct yz_id *id, struct yz_shipment *out, struct yz_error *err)
{
	bool view = yz_view_begin(st);
	struct yz_q q = yz_q_start(st, SELECT_SHIPMENT " WHERE id = ?", err);
	enum yz_status status;

	yz_q_id(&q, id);
	status = finish(&q, out);
	yz_view_end(st, view);
	return status;
}

enum yz_status yz_shipment_by_number(
        struct yz_store *st, const char *number, struct yz_shipment *out, struct yz_error *err)
{
	bool view = yz_view_begin(st);
	/* Three indexes, three parts; a live parcel before a void one with the same number. */
	struct yz_q q = yz_q_start(st,
	        SELECT_SHIPMENT " WHERE seq IN (SELECT seq FROM shipment WHERE station_no = ?1"
	                        " UNION SELECT seq FROM shipment WHERE waybill_no = ?1"
	                        " AND waybill_no <> '' AND state <> 2 UNION SELECT seq"
	                        " FROM shipment WHERE waybill_no = ?1 AND state = 2) AND ?1 <> ''"
	                        " ORDER BY state = 2, seq DESC LIMIT 1",
	        err);
	enum yz_status status;

	yz_q_text(&q, number);
	status = finish(&q, out);
	yz_view_end(st, view);
	return status;
}

static enum yz_status changed(
        struct yz_tx *tx, struct yz_q *q, const struct yz_id *id, struct yz_error *err)
{
	int64_t state = -1;
	enum yz_status st = yz_q_run(q);

	if (st != YZ_OK || sqlite3_changes(tx->s->db) > 0)
		return st;
	*q = yz_q_start(tx->s, "SELECT state FROM shipment WHERE id = ?", err);
	yz_q_id(q, id);
	st = yz_q_value(q, &state);
	if (st != YZ_OK)
		return st;
	return state < 0 ? yz_fail(err, YZ_E_NOTFOUND, "no such shipment")
	                 : yz_fail(err, YZ_E_STATE,
	                           "the shipment is in state %d, or has its number", (int)state);
}

enum yz_status yz_shipment_set_void(struct yz_tx *tx, const struct yz_id *id,
        const struct yz_id *clerk, const char *reason, struct yz_error *err)
{
	struct yz_q q = yz_q_start(tx->s,
	        "UPDATE shipment SET state = 2, void_clerk = ?, void_reason = ?,"
	        " voided_ms = ? WHERE id = ? AND state = 0",
	        err);

	yz_q_id(&q, clerk);
	yz_q_text(&q, reason);
	yz_q_num(&q, tx->now.wall_ms);
	yz_q_id(&q, id);
	return changed(tx, &q, id, err);
}

enum yz_status yz_shipment_set_number(
        struct yz_tx *tx, const struct yz_id *id, const char *waybill_no, struct yz_error *err)
{
	struct yz_q q = yz_q_start(tx->s,
	        "UPDATE shipment SET waybill_no = ? WHERE id = ?"
	        " AND waybill_no = '' AND state = 0",
	        err);
	enum yz_status st;

	yz_q_text(&q, waybill_no);
	yz_q_id(&q, id);
	st = changed(tx, &q, id, err);
	if (st != YZ_OK)
		return st;
	q = yz_q_start(tx->s,
	        "UPDATE shipment_search SET text = ? || char(10) || text"
	        " WHERE shipment = (SELECT seq FROM shipment WHERE id = ?)",
	        err);
	yz_q_text(&q, waybill_no);
	yz_q_id(&q, id);
	return yz_q_run(&q);
}
