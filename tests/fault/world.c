#include "config.h"

#include "tests/fault/world.h"

#include "base/buf.h"
#include "store/db.h"
#include "store/outbox.h"
#include "store/pool.h"
#include "store/verify.h"
#include "tests/fault/fault.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void world_make(struct world *w)
{
	struct yz_pool p = {.courier = "EMS",
	        .source = "range",
	        .prefix = "30",
	        .check_rule = "none",
	        .width = 8,
	        .lo = 1,
	        .hi = 99999999,
	        .next = 1};
	struct yz_tx *tx;

	fixture_open(&w->f);
	if (yz_tx_begin(w->f.desk.store, &w->f.now, &tx, NULL) != YZ_OK ||
	        yz_pool_add(tx, &p, NULL) != YZ_OK || yz_tx_commit(tx, NULL) != YZ_OK)
		fault_stop("no numbers");
	world_shut(w);
}

enum yz_status world_open(struct world *w, struct yz_error *err)
{
	enum yz_status st = yz_store_open(&w->f.desk.store, w->f.dir, 0, err);

	if (st == YZ_OK)
		w->f.books = yz_books_new(w->f.desk.store);
	return st;
}

void world_shut(struct world *w)
{
	yz_books_free(w->f.books);
	yz_store_close(w->f.desk.store);
	w->f.books = NULL;
	w->f.desk.store = NULL;
}

void world_drop(struct world *w)
{
	fault_remove(w->f.dir);
}

enum yz_status world_book(struct world *w, struct world_receipt *out, struct yz_error *err)
{
	struct yz_shipment *s = yz_alloc(sizeof(*s));
	struct yz_booking *b = yz_alloc(sizeof(*b));
	enum yz_status st;

	fixture_booking(b);
	st = yz_booking_save(&w->f.desk, w->f.books, &w->f.now, b, s, err);
	if (st == YZ_OK) {
		memset(out, 0, sizeof(*out)); /* it goes through a pipe */
		out->shipment = s->id;
		out->op = s->op;
		(void)yz_copy(out->waybill_no, sizeof(out->waybill_no), s->waybill_no);
	}
	free(b);
	free(s);
	return st;
}

bool world_has(struct world *w, const struct world_receipt *r)
{
	struct yz_shipment *s = yz_alloc(sizeof(*s));
	struct yz_op op;
	bool yes = yz_shipment_get(w->f.desk.store, &r->shipment, s, NULL) == YZ_OK &&
	           yz_id_equal(&s->op, &r->op) && !strcmp(s->waybill_no, r->waybill_no) &&
	           yz_outbox_get(w->f.desk.store, &r->op, &op, NULL) == YZ_OK;

	if (yes)
		free(op.body);
	free(s);
	return yes;
}

bool world_is_acked(struct world *w, const struct yz_id *id)
{
	struct yz_op op;
	bool yes = yz_outbox_get(w->f.desk.store, id, &op, NULL) == YZ_OK;

	if (!yes)
		return false;
	free(op.body);
	return op.state == YZ_OP_ACKED;
}

/* Each statement's first value is a number that must be 0. */
static const char *const half_rows[] = {
        "SELECT count(*) FROM shipment s WHERE NOT EXISTS (SELECT 1 FROM outbox o"
        " JOIN outbox_body b ON b.seq = o.seq WHERE o.id = s.op)",
        "SELECT count(*) FROM (SELECT s.seq FROM shipment s LEFT JOIN party p ON p.shipment = s.seq"
        " GROUP BY s.seq HAVING count(p.shipment) <> 2)",
        "SELECT count(*) FROM (SELECT s.id FROM shipment s LEFT JOIN payment p"
        " ON p.shipment = s.id GROUP BY s.id HAVING count(p.shipment) <> 1)",
        "SELECT abs((SELECT count(*) FROM outbox WHERE kind = 'shipment.book') -"
        " (SELECT count(*) FROM shipment))",
        "SELECT abs((SELECT count(*) FROM line) - (SELECT count(*) FROM shipment))",
        "SELECT abs((SELECT count(*) FROM print_job) - 2 * (SELECT count(*) FROM shipment))",
        "SELECT abs((SELECT count(*) FROM audit WHERE action = 'shipment.book') -"
        " (SELECT count(*) FROM shipment))",
        "SELECT abs((SELECT sum(next - lo) FROM pool) - (SELECT count(*) FROM shipment))",
        "SELECT count(*) - count(DISTINCT waybill_no) FROM shipment",
};

static int64_t value(struct yz_store *s, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	int64_t n = -1;

	if (sqlite3_prepare_v2(s->db, sql, -1, &stmt, NULL) == SQLITE_OK &&
	        sqlite3_step(stmt) == SQLITE_ROW)
		n = sqlite3_column_int64(stmt, 0);
	(void)sqlite3_finalize(stmt);
	return n;
}

void world_look(struct world *w, struct world_look *out)
{
	struct yz_store *s = w->f.desk.store;
	struct yz_error err = {0};

	memset(out, 0, sizeof(*out));
	if (yz_store_verify(s, &err) != YZ_OK)
		(void)snprintf(out->why, sizeof(out->why), "%s", err.text);
	out->bookings = value(s, "SELECT count(*) FROM shipment");
	for (size_t i = 0; i < sizeof(half_rows) / sizeof(half_rows[0]); i++) {
		int64_t n = value(s, half_rows[i]);

		if (n < 0 && !*out->why)
			(void)snprintf(out->why, sizeof(out->why), "cannot read: %s",
			        sqlite3_errmsg(s->db));
		out->halves += n > 0 ? n : 0;
	}
}
