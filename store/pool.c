#include "config.h"

#include "store/pool.h"

#include "store/db.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { USED, FREE, BURNED };

#define POOL(X)                    \
	X(yz_pool, ID, id)         \
	X(yz_pool, TEXT, courier)  \
	X(yz_pool, TEXT, source)   \
	X(yz_pool, TEXT, lease_id) \
	X(yz_pool, TEXT, prefix)   \
	X(yz_pool, TEXT, suffix)   \
	X(yz_pool, NUM, width)     \
	X(yz_pool, NUM, lo)        \
	X(yz_pool, NUM, hi)        \
	X(yz_pool, NUM, next)      \
	X(yz_pool, TEXT, check_rule)
YZ_COLS(pool, yz_pool, POOL);
#define POOL_NAMES POOL(YZ_COL_NAME)

static bool is_sound(const struct yz_pool *p)
{
	int64_t top = 1;

	if (p->width < 1 || p->width > 18 || p->lo < 0 || p->hi < p->lo || p->next < p->lo ||
	        p->next > p->hi + 1)
		return false;
	for (int i = 0; i < p->width; i++)
		top *= 10;
	return p->hi < top;
}

enum { BOUND_SIZE = 64 };

/* The first and the last number as printed, without the suffix: the same number may be split into
 * prefix and counter in two ways. A check digit may be anything. */
static void bounds(const struct yz_pool *p, char lo[BOUND_SIZE], char hi[BOUND_SIZE])
{
	bool checked = strcmp(p->check_rule, "none") != 0 && *p->check_rule;

	(void)snprintf(lo, BOUND_SIZE, "%s%0*" PRId64 "%s", p->prefix, p->width, p->lo,
	        checked ? "0" : "");
	(void)snprintf(hi, BOUND_SIZE, "%s%0*" PRId64 "%s", p->prefix, p->width, p->hi,
	        checked ? "9" : "");
}

static enum yz_status overlaps(
        struct yz_store *s, const struct yz_pool *p, bool *yes, struct yz_error *err)
{
	struct yz_q q =
	        yz_q_start(s, YZ_SELECT("pool", POOL) " WHERE courier = ? AND suffix = ?", err);
	char lo[BOUND_SIZE], hi[BOUND_SIZE], other_lo[BOUND_SIZE], other_hi[BOUND_SIZE];
	struct yz_pool other;

	bounds(p, lo, hi);
	*yes = false;
	yz_q_text(&q, p->courier);
	yz_q_text(&q, p->suffix);
	while (yz_q_next(&q)) {
		yz_q_get_record(&q, &pool, &other);
		bounds(&other, other_lo, other_hi);
		*yes = *yes || (strlen(lo) == strlen(other_lo) && strcmp(lo, other_hi) <= 0 &&
		                       strcmp(other_lo, hi) <= 0);
	}
	return yz_q_end(&q);
}

enum yz_status yz_pool_add(struct yz_tx *tx, struct yz_pool *p, struct yz_error *err)
{
	struct yz_pool row = *p;
	bool yes = false;
	enum yz_status st;
	struct yz_q q;

	if (!is_sound(&row))
		return yz_fail(
		        err, YZ_E_RANGE, "a pool's numbers do not fit its width or each other");
	st = overlaps(tx->s, &row, &yes, err);
	if (st == YZ_OK && yes)
		st = yz_fail(err, YZ_E_EXISTS, "the pool overlaps one that is there");
	if (st != YZ_OK)
		return st;
	if (yz_id_is_none(&row.id))
		row.id = yz_id_new(tx->now.wall_ms);
	q = yz_q_start(tx->s, YZ_INSERT("pool", POOL), err);
	yz_q_record(&q, &pool, &row);
	st = yz_q_run(&q);
	if (st == YZ_OK)
		*p = row;
	return st;
}

/* A number that came back; *number stays 0 if there is none. */
static enum yz_status take_returned(struct yz_tx *tx, const char *courier, struct yz_pool *from,
        int64_t *number, bool *found, struct yz_error *err)
{
	int64_t seq = 0;
	struct yz_q q = yz_q_start(tx->s,
	        "SELECT p.seq" POOL_NAMES
	        ", f.number FROM pool_number f JOIN pool p ON p.seq = f.pool"
	        " WHERE f.state = 1 AND p.courier = ? ORDER BY f.pool, f.number"
	        " LIMIT 1",
	        err);
	enum yz_status st;

	yz_q_text(&q, courier);
	if (yz_q_next(&q)) {
		yz_q_get_record(&q, &pool, from);
		*number = yz_q_get_num(&q);
		q.at = 0;
		seq = yz_q_get_num(&q);
	}
	st = yz_q_end(&q);
	*found = seq != 0;
	if (st != YZ_OK || !*found)
		return st;
	q = yz_q_start(
	        tx->s, "UPDATE pool_number SET state = 0 WHERE pool = ? AND number = ?", err);
	yz_q_num(&q, seq);
	yz_q_num(&q, *number);
	return yz_q_run(&q);
}

/* The first number that nobody had; *p is the range as it was. */
static enum yz_status take_next(
        struct yz_tx *tx, const char *courier, struct yz_pool *p, struct yz_error *err)
{
	struct yz_q q = yz_q_start(tx->s,
	        YZ_SELECT("pool", POOL) " WHERE courier = ? AND next <= hi ORDER BY seq LIMIT 1",
	        err);
	int64_t seq = 0;
	enum yz_status st;

	memset(p, 0, sizeof(*p));
	yz_q_text(&q, courier);
	if (yz_q_next(&q)) {
		seq = sqlite3_column_int64(q.stmt, 0);
		yz_q_get_record(&q, &pool, p);
	} else if (q.st == YZ_OK) {
		q.st = yz_fail(err, YZ_E_EMPTY, "no number is left for %s", courier);
	}
	st = yz_q_end(&q);
	if (st != YZ_OK)
		return st;
	q = yz_q_start(tx->s, "UPDATE pool SET next = ? WHERE seq = ?", err);
	yz_q_num(&q, p->next + 1);
	yz_q_num(&q, seq);
	return yz_q_run(&q);
}

enum yz_status yz_pool_take(struct yz_tx *tx, const char *courier, struct yz_pool *from,
        int64_t *number, struct yz_error *err)
{
	struct yz_pool p;
	int64_t n = 0;
	bool found = false;
	enum yz_status st = take_returned(tx, courier, &p, &n, &found, err);

	if (st == YZ_OK && !found) {
		st = take_next(tx, courier, &p, err);
		n = p.next;
	}
	if (st == YZ_OK) {
		*from = p;
		*number = n;
	}
	return st;
}

enum yz_status yz_pool_note(struct yz_tx *tx, const struct yz_pool *from, int64_t number,
        const struct yz_id *shipment, struct yz_error *err)
{
	struct yz_q q = yz_q_start(tx->s,
	        "INSERT INTO pool_number(pool, number, shipment, state)"
	        " SELECT seq, ?2, ?3, 0 FROM pool WHERE id = ?1"
	        " ON CONFLICT(pool, number) DO UPDATE"
	        " SET shipment = excluded.shipment WHERE shipment IS NULL"
	        " AND state = 0",
	        err);

	yz_q_id(&q, &from->id);
	yz_q_num(&q, number);
	yz_q_id(&q, shipment);
	return yz_q_change(&q, "pool, or the number is another parcel's");
}

enum yz_status yz_pool_give_back(
        struct yz_tx *tx, const struct yz_id *shipment, bool burn, struct yz_error *err)
{
	struct yz_q q = yz_q_start(tx->s,
	        "UPDATE pool_number SET state = ?1, shipment = iif(?1 = 1, NULL, shipment)"
	        " WHERE (pool, number) = (SELECT pool, number FROM pool_number"
	        " WHERE shipment = ?2 AND state = 0 ORDER BY pool DESC, number DESC LIMIT 1)",
	        err);

	yz_q_num(&q, burn ? BURNED : FREE);
	yz_q_id(&q, shipment);
	return yz_q_change(&q, "number of this parcel");
}

enum yz_status yz_pool_left(
        struct yz_store *s, const char *courier, int64_t *left, struct yz_error *err)
{
	struct yz_q q = yz_q_start(s,
	        "SELECT coalesce(sum(hi - next + 1), 0) + (SELECT count(*)"
	        " FROM pool_number f JOIN pool p ON p.seq = f.pool"
	        " WHERE f.state = 1 AND p.courier = ?1) FROM pool"
	        " WHERE courier = ?1",
	        err);

	yz_q_text(&q, courier);
	return yz_q_value(&q, left);
}

enum yz_status yz_pool_page(struct yz_store *s, int64_t skip, struct yz_pool *rows, size_t max,
        size_t *n, struct yz_error *err)
{
	struct yz_q q =
	        yz_q_start(s, YZ_SELECT("pool", POOL) " ORDER BY seq LIMIT -1 OFFSET ?", err);

	yz_q_num(&q, skip);
	return yz_q_all(&q, &pool, rows, max, n);
}

enum yz_status yz_pool_list(
        struct yz_store *s, struct yz_pool *rows, size_t max, size_t *n, struct yz_error *err)
{
	return yz_pool_page(s, 0, rows, max, n, err);
}
