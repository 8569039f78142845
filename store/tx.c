#include "config.h"

#include "base/buf.h"
#include "store/db.h"
#include "store/guard.h"
#include "store/lock.h"

#include <assert.h>

/* Kept, unlike what yz_db_exec prepares anew each time. */
static enum yz_status say(struct yz_store *s, const char *sql, struct yz_error *err)
{
	struct yz_q q = yz_q_start(s, sql, err);

	return yz_q_run(&q);
}

enum yz_status yz_tx_begin(
        struct yz_store *s, const struct yz_now *now, struct yz_tx **out, struct yz_error *err)
{
	enum yz_status st;

	assert(!s->tx.open);
	yz_db_obey(s); /* another program, or thread, may have found it meanwhile */
	if (yz_store_is_damaged(s, err))
		return YZ_E_CORRUPT;
	if (s->flags & YZ_STORE_READONLY)
		return yz_fail(err, YZ_E_IO, "%s: opened read-only", s->path);
	st = yz_lock_take(s->lock_fd, s->lock_ms, err);
	if (st != YZ_OK)
		return st;
	st = say(s, "BEGIN IMMEDIATE", err);
	if (st != YZ_OK) {
		yz_lock_release(s->lock_fd);
		return st;
	}
	s->tx = (struct yz_tx){.s = s, .now = *now, .open = true};
	yz_tally_begin(s);
	*out = &s->tx;
	return YZ_OK;
}

/* Leaves the transaction and lets the next writer in. */
static void leave(struct yz_tx *tx)
{
	tx->open = false;
	if (!sqlite3_get_autocommit(tx->s->db)) /* on a full disk SQLite has rolled back already */
		(void)sqlite3_exec(tx->s->db, "ROLLBACK", NULL, NULL,
		        NULL); /* a failed one is rolled back at the next open */
	yz_lock_release(tx->s->lock_fd);
}

enum yz_status yz_tx_commit(struct yz_tx *tx, struct yz_error *err)
{
	struct yz_store *s = tx->s;
	enum yz_status st;

	if (sqlite3_get_autocommit(s->db))
		st = yz_fail(err, tx->lost ? tx->lost : YZ_E_IO,
		        "%s: the transaction was rolled back", s->path);
	else
		st = yz_tally_save(s, err);
	if (st == YZ_OK) {
		yz_gather_start(&s->gather);
		st = say(s, "COMMIT", err);
		yz_gather_stop(&s->gather, st == YZ_OK);
	}
	leave(tx);
	return st;
}

void yz_tx_rollback(struct yz_tx *tx)
{
	if (tx)
		leave(tx);
}

const struct yz_now *yz_tx_now(const struct yz_tx *tx)
{
	return &tx->now;
}

struct yz_store *yz_tx_store(struct yz_tx *tx)
{
	return tx->s;
}

enum yz_status yz_meta_get(
        struct yz_store *s, const char *key, char *out, size_t size, struct yz_error *err)
{
	struct yz_q q = yz_q_start(s, "SELECT value FROM meta WHERE key = ?", err);

	yz_q_text(&q, key);
	if (yz_q_next(&q))
		yz_q_get_text(&q, out, size);
	else if (q.st == YZ_OK)
		(void)yz_copy(out, size, "");
	return yz_q_end(&q);
}

enum yz_status yz_meta_put(
        struct yz_tx *tx, const char *key, const char *value, struct yz_error *err)
{
	struct yz_q q = yz_q_start(tx->s,
	        "INSERT INTO meta(key, value) VALUES(?, ?) ON CONFLICT(key)"
	        " DO UPDATE SET value = excluded.value",
	        err);

	yz_q_text(&q, key);
	yz_q_text(&q, value);
	return yz_q_run(&q);
}

enum yz_status yz_counter_next(
        struct yz_tx *tx, const char *name, int64_t *out, struct yz_error *err)
{
	struct yz_q q = yz_q_start(tx->s, "SELECT value FROM counter WHERE name = ?", err);
	int64_t value = 0;
	enum yz_status st;

	yz_q_text(&q, name);
	st = yz_q_value(&q, &value);
	if (st != YZ_OK)
		return st;
	/* RETURNING would build a table in memory, which costs more than all of this */
	q = yz_q_start(tx->s,
	        "INSERT INTO counter(name, value) VALUES(?, ?) ON CONFLICT(name)"
	        " DO UPDATE SET value = excluded.value",
	        err);
	yz_q_text(&q, name);
	yz_q_num(&q, value + 1);
	st = yz_q_run(&q);
	if (st == YZ_OK)
		*out = value + 1;
	return st;
}
