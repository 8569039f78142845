#include "config.h"

#include "store/pool_lease.h"

#include "base/buf.h"
#include "store/db.h"

#include <stdio.h>
#include <string.h>

#define LEASE(X)                     \
	X(yz_lease, ID, id)          \
	X(yz_lease, TEXT, what)      \
	X(yz_lease, TEXT, courier)   \
	X(yz_lease, NUM, count)      \
	X(yz_lease, NUM, high_water) \
	X(yz_lease, TEXT, lease_id)  \
	X(yz_lease, NUM, used_to)    \
	X(yz_lease, NUM, state)      \
	X(yz_lease, TEXT, code)      \
	X(yz_lease, TEXT, reason)    \
	X(yz_lease, NUM, at_ms)
YZ_COLS(lease, yz_lease, LEASE);

#define STOCK(X)                   \
	X(yz_stock, TEXT, courier) \
	X(yz_stock, NUM, left)     \
	X(yz_stock, NUM, busy_day)
YZ_COLS(stock, yz_stock, STOCK);

/* True of the requests l that say how the courier stands: not of a lease that went straight back
 * because it could not be used. */
#define TELLS                                                                                \
	"(l.what = 'take' OR EXISTS (SELECT 1 FROM pool p WHERE p.lease_id = l.lease_id AND" \
	" p.courier = l.courier))"

static enum yz_status add(struct yz_tx *tx, struct yz_lease *row, struct yz_error *err)
{
	struct yz_q q;

	row->id = yz_id_new(tx->now.wall_ms);
	row->at_ms = tx->now.wall_ms;
	q = yz_q_start(tx->s, YZ_INSERT("lease", LEASE), err);
	yz_q_record(&q, &lease, row);
	return yz_q_run(&q);
}

static enum yz_status is_asked(
        struct yz_store *s, const char *courier, int64_t *n, struct yz_error *err)
{
	struct yz_q q = yz_q_start(s,
	        "SELECT count(*) FROM lease WHERE courier = ? AND what = 'take' AND state = 0",
	        err);

	yz_q_text(&q, courier);
	return yz_q_value(&q, n);
}

enum yz_status yz_lease_ask(struct yz_tx *tx, const char *courier, int64_t count,
        struct yz_lease *out, struct yz_error *err)
{
	struct yz_lease row = {.what = "take", .count = count};
	int64_t n = 0;
	enum yz_status st = is_asked(tx->s, courier, &n, err);
	struct yz_q q;

	if (st == YZ_OK && n > 0)
		st = yz_fail(err, YZ_E_EXISTS, "numbers of %s are asked for already", courier);
	if (st != YZ_OK)
		return st;
	(void)yz_copy(row.courier, sizeof(row.courier), courier);
	q = yz_q_start(tx->s,
	        "SELECT coalesce(max(next - 1), 0) FROM pool WHERE courier = ? AND source ="
	        " 'lease' AND next > lo",
	        err);
	yz_q_text(&q, courier);
	if ((st = yz_q_value(&q, &row.high_water)) == YZ_OK)
		st = add(tx, &row, err);
	if (st == YZ_OK)
		*out = row;
	return st;
}

enum yz_status yz_lease_next(struct yz_store *s, struct yz_lease *out, struct yz_error *err)
{
	struct yz_q q = yz_q_start(
	        s, YZ_SELECT("lease", LEASE) " WHERE state = 0 ORDER BY seq LIMIT 1", err);

	return yz_q_one(&q, &lease, out, "open request for numbers");
}

enum yz_status yz_lease_last(
        struct yz_store *s, const char *courier, struct yz_lease *out, struct yz_error *err)
{
	struct yz_q q = yz_q_start(s,
	        YZ_SELECT("lease", LEASE) " l WHERE courier = ? AND " TELLS
	                                  " ORDER BY seq DESC LIMIT 1",
	        err);

	yz_q_text(&q, courier);
	return yz_q_one(&q, &lease, out, "request for numbers");
}

enum yz_status yz_lease_end(
        struct yz_tx *tx, const struct yz_lease *l, enum yz_lease_state state, struct yz_error *err)
{
	struct yz_q q = yz_q_start(tx->s,
	        "UPDATE lease SET state = ?, lease_id = ?, code = CASE code WHEN"
	        " '" YZ_LEASE_RETURNED "' THEN code ELSE ? END, reason = ?, at_ms = ?"
	        " WHERE id = ? AND state = 0",
	        err);

	yz_q_num(&q, state);
	yz_q_text(&q, l->lease_id);
	yz_q_text(&q, l->code);
	yz_q_text(&q, l->reason);
	yz_q_num(&q, tx->now.wall_ms);
	yz_q_id(&q, &l->id);
	return yz_q_change(&q, "open request for numbers");
}

static enum yz_status is_true(struct yz_q *q, bool *yes)
{
	int64_t n = 0;
	enum yz_status st = yz_q_value(q, &n);

	if (st == YZ_OK)
		*yes = n != 0;
	return st;
}

enum yz_status yz_lease_decline(
        struct yz_tx *tx, const struct yz_lease *l, const struct yz_pool *p, struct yz_error *err)
{
	struct yz_lease done = *l, back = {.what = "return"};
	bool held = true;
	struct yz_q q;
	enum yz_status st;

	(void)yz_copy(done.lease_id, sizeof(done.lease_id), p->lease_id);
	(void)yz_copy(back.lease_id, sizeof(back.lease_id), p->lease_id);
	(void)yz_copy(back.courier, sizeof(back.courier), l->courier);
	back.used_to = p->lo > 0 ? p->lo - 1 : 0;
	st = yz_lease_end(tx, &done, YZ_LEASE_REFUSED, err);
	if (st != YZ_OK)
		return st;
	/* a platform that gives the same lease twice must not get back what is in use */
	q = yz_q_start(tx->s,
	        "SELECT EXISTS (SELECT 1 FROM pool WHERE lease_id = ?1) OR EXISTS (SELECT 1 FROM"
	        " lease WHERE lease_id = ?1 AND what = 'return')",
	        err);
	yz_q_text(&q, p->lease_id);
	st = is_true(&q, &held);
	return st == YZ_OK && !held ? add(tx, &back, err) : st;
}

static enum yz_status is_unwanted(
        struct yz_store *s, const struct yz_lease *l, bool *yes, struct yz_error *err)
{
	struct yz_q q = yz_q_start(s,
	        "SELECT count(*) FROM lease WHERE id = ? AND state = 0 AND"
	        " code = '" YZ_LEASE_RETURNED "'",
	        err);

	yz_q_id(&q, &l->id);
	return is_true(&q, yes);
}

enum yz_status yz_lease_fill(
        struct yz_tx *tx, const struct yz_lease *l, struct yz_pool *p, struct yz_error *err)
{
	struct yz_lease done = *l;
	bool unwanted = false;
	enum yz_status st = is_unwanted(tx->s, l, &unwanted, err);

	if (st != YZ_OK || unwanted)
		return st == YZ_OK ? yz_lease_decline(tx, l, p, err) : st;
	(void)yz_copy(done.lease_id, sizeof(done.lease_id), p->lease_id);
	st = yz_lease_end(tx, &done, YZ_LEASE_DONE, err);
	if (st == YZ_E_NOTFOUND)
		return yz_fail(err, YZ_E_STATE, "the request for numbers is not open any more");
	if (st != YZ_OK)
		return st;
	(void)yz_copy(p->source, sizeof(p->source), "lease");
	(void)yz_copy(p->courier, sizeof(p->courier), l->courier);
	return yz_pool_add(tx, p, err);
}

/* What of the pools is not used is used up; courier NULL: of all. *burned grows. */
static enum yz_status burn(
        struct yz_tx *tx, const char *courier, int64_t *burned, struct yz_error *err)
{
	struct yz_q q = yz_q_start(tx->s,
	        "SELECT coalesce(sum(hi - next + 1), 0) + (SELECT count(*) FROM pool_number f"
	        " JOIN pool p ON p.seq = f.pool WHERE f.state = 1 AND (?1 IS NULL OR"
	        " p.source = 'lease' AND p.courier = ?1)) FROM pool WHERE ?1 IS NULL OR"
	        " source = 'lease' AND courier = ?1",
	        err);
	enum yz_status st;

	yz_q_text(&q, courier);
	if ((st = yz_q_value(&q, burned)) != YZ_OK)
		return st;
	q = yz_q_start(tx->s,
	        "UPDATE pool_number SET state = 2 WHERE state = 1 AND pool IN (SELECT seq FROM"
	        " pool WHERE ?1 IS NULL OR source = 'lease' AND courier = ?1)",
	        err);
	yz_q_text(&q, courier);
	if ((st = yz_q_run(&q)) != YZ_OK)
		return st;
	q = yz_q_start(tx->s,
	        "UPDATE pool SET next = hi + 1 WHERE ?1 IS NULL OR source = 'lease' AND"
	        " courier = ?1",
	        err);
	yz_q_text(&q, courier);
	return yz_q_run(&q);
}

/* The next lease that has not been given back. */
static enum yz_status next_to_return(struct yz_tx *tx, const char *courier, struct yz_lease *row,
        bool *found, struct yz_error *err)
{
	struct yz_q q = yz_q_start(tx->s,
	        "SELECT p.lease_id, p.next - 1 FROM pool p WHERE p.courier = ? AND p.source ="
	        " 'lease' AND NOT EXISTS (SELECT 1 FROM lease l WHERE l.what = 'return' AND"
	        " l.lease_id = p.lease_id AND l.courier = p.courier) ORDER BY p.seq LIMIT 1",
	        err);

	yz_q_text(&q, courier);
	*found = yz_q_next(&q);
	if (*found) {
		yz_q_get_text(&q, row->lease_id, sizeof(row->lease_id));
		row->used_to = yz_q_get_num(&q);
	}
	return yz_q_end(&q);
}

/* What was asked for may be on its way: it goes back when it comes. *n grows. */
static enum yz_status turn_away(
        struct yz_tx *tx, const char *courier, int64_t *n, struct yz_error *err)
{
	struct yz_q q = yz_q_start(tx->s,
	        "UPDATE lease SET code = '" YZ_LEASE_RETURNED "' WHERE courier = ? AND what ="
	        " 'take' AND state = 0 AND code <> '" YZ_LEASE_RETURNED "'",
	        err);
	enum yz_status st;

	yz_q_text(&q, courier);
	st = yz_q_run(&q);
	if (st == YZ_OK)
		*n += sqlite3_changes(tx->s->db);
	return st;
}

enum yz_status yz_lease_return(struct yz_tx *tx, const char *courier, int64_t *leases,
        int64_t *burned, struct yz_error *err)
{
	struct yz_lease row = {.what = "return"};
	int64_t n = 0, lost = 0;
	bool found = true;
	enum yz_status st = turn_away(tx, courier, &n, err);

	(void)yz_copy(row.courier, sizeof(row.courier), courier);
	while (st == YZ_OK) {
		st = next_to_return(tx, courier, &row, &found, err);
		if (st != YZ_OK || !found)
			break;
		st = add(tx, &row, err);
		n++;
	}
	if (st == YZ_OK)
		st = burn(tx, courier, &lost, err);
	if (st == YZ_OK) {
		*leases = n;
		*burned = lost;
	}
	return st;
}

enum yz_status yz_pool_after_restore(struct yz_tx *tx, int64_t *burned, struct yz_error *err)
{
	int64_t lost = 0;
	enum yz_status st = burn(tx, NULL, &lost, err);

	if (st == YZ_OK) {
		struct yz_q q = yz_q_start(tx->s,
		        "UPDATE lease SET state = 2, code = 'restored', at_ms = ? WHERE"
		        " state = 0 AND what = 'take'",
		        err);

		yz_q_num(&q, tx->now.wall_ms);
		st = yz_q_run(&q);
	}
	if (st == YZ_OK && burned)
		*burned = lost;
	return st;
}

enum yz_status yz_pool_stock(
        struct yz_store *s, struct yz_stock *rows, size_t max, size_t *n, struct yz_error *err)
{
	struct yz_q q = yz_q_start(s,
	        "WITH c(courier) AS (SELECT courier FROM pool UNION SELECT substr(name, 10) FROM"
	        " counter WHERE name GLOB 'busy-day.*'), k(courier, left, busy) AS (SELECT courier,"
	        " (SELECT coalesce(sum(hi - next + 1), 0) FROM pool p WHERE p.courier = c.courier)"
	        " + (SELECT count(*) FROM pool_number f JOIN pool o ON o.seq = f.pool WHERE"
	        " f.state = 1 AND o.courier = c.courier), coalesce((SELECT value FROM counter"
	        " WHERE name = 'busy-day.' || c.courier), 0) FROM c) SELECT 0, courier, left, busy"
	        " FROM k WHERE left > 0 OR coalesce((SELECT l.what = 'return' OR l.code ="
	        " '" YZ_LEASE_RETURNED "' FROM lease l WHERE l.courier = k.courier AND " TELLS
	        " ORDER BY l.seq DESC LIMIT 1), 0) = 0 ORDER BY courier",
	        err);

	return yz_q_all(&q, &stock, rows, max, n);
}

enum yz_status yz_pool_busy_day(struct yz_store *s, const char *courier, int64_t from_ms,
        int64_t *parcels, struct yz_error *err)
{
	/* days in China; of n days the one at 95 %, rounded up */
	struct yz_q q = yz_q_start(s,
	        "WITH day(n) AS (SELECT count(*) FROM shipment WHERE booked_ms >= ?1 AND"
	        " courier = ?2 GROUP BY (booked_ms + 28800000) / 86400000) SELECT n FROM day"
	        " ORDER BY n LIMIT 1 OFFSET (SELECT max(0, (count(*) * 95 + 99) / 100 - 1) FROM"
	        " day)",
	        err);
	int64_t n = 0;
	enum yz_status st;

	yz_q_num(&q, from_ms);
	yz_q_text(&q, courier);
	if ((st = yz_q_value(&q, &n)) == YZ_OK)
		*parcels = n;
	return st;
}

enum yz_status yz_pool_note_busy_day(
        struct yz_tx *tx, const char *courier, int64_t parcels, struct yz_error *err)
{
	char name[16 + YZ_SHORT_SIZE];
	struct yz_q q = yz_q_start(tx->s, "INSERT OR REPLACE INTO counter VALUES(?, ?)", err);

	(void)snprintf(name, sizeof(name), "busy-day.%s", courier);
	yz_q_text(&q, name);
	yz_q_num(&q, parcels);
	return yz_q_run(&q);
}
