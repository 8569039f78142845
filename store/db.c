#include "config.h"

#include "store/db.h"

#include "base/buf.h"
#include "store/guard.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static enum yz_status constraint(int extended)
{
	switch (extended) {
	case SQLITE_CONSTRAINT_UNIQUE:
	case SQLITE_CONSTRAINT_PRIMARYKEY:
	case SQLITE_CONSTRAINT_ROWID:
		return YZ_E_EXISTS;
	case SQLITE_CONSTRAINT_FOREIGNKEY:
		return YZ_E_NOTFOUND;
	case SQLITE_CONSTRAINT_TRIGGER:
		return YZ_E_STATE;
	default:
		return YZ_E_RANGE;
	}
}

static enum yz_status status_of(sqlite3 *db, int rc)
{
	switch (rc & 0xFF) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return YZ_E_BUSY;
	case SQLITE_FULL:
		return YZ_E_FULL;
	case SQLITE_CONSTRAINT:
		return constraint(sqlite3_extended_errcode(db));
	case SQLITE_TOOBIG:
		return YZ_E_RANGE;
	case SQLITE_ERROR: /* our SQL is tested: a table is missing or not ours */
	case SQLITE_SCHEMA:
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_MISMATCH:
		return YZ_E_CORRUPT;
	case SQLITE_NOMEM:
		abort();
	default:
		return YZ_E_IO;
	}
}

/* A page that cannot be read however often is as lost as one that is wrong. */
static bool is_damage(struct yz_store *s, int rc)
{
	int all = s->db ? sqlite3_extended_errcode(s->db) : rc;

	if (rc == SQLITE_IOERR_READ || ((rc & 0xFF) == SQLITE_IOERR && all == SQLITE_IOERR_READ))
		return ++s->read_faults >= YZ_READ_FAULTS_MAX;
	return (rc & 0xFF) == SQLITE_CORRUPT || (rc & 0xFF) == SQLITE_NOTADB;
}

enum yz_status yz_db_fail(struct yz_store *s, int rc, struct yz_error *err)
{
	enum yz_status st = status_of(s->db, rc);

	struct yz_error why;

	if (s->tx.open && s->tx.lost == YZ_OK && sqlite3_get_autocommit(s->db))
		s->tx.lost = st;
	(void)yz_fail(&why, st, "%s: %s (SQLite %d)", s->path,
	        s->db ? sqlite3_errmsg(s->db) : sqlite3_errstr(rc),
	        s->db ? sqlite3_extended_errcode(s->db) : rc);
	if (st == YZ_E_FULL)
		yz_ballast_drop(s->dir);
	if (is_damage(s, rc))
		yz_db_damaged(s, why.text);
	if (err)
		*err = why;
	return st;
}

enum yz_status yz_db_exec(struct yz_store *s, const char *sql, struct yz_error *err)
{
	int rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? YZ_OK : yz_db_fail(s, rc, err);
}

static sqlite3_stmt *prepare(struct yz_q *q, const char *sql)
{
	struct yz_store *s = q->s;
	sqlite3_stmt *stmt = NULL;
	const char *rest = NULL;
	int rc;

	for (int i = 0; i < s->kept_count; i++)
		if (s->kept[i].sql == sql)
			return s->kept[i].stmt;
	rc = sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, &rest);
	if (rc != SQLITE_OK) {
		q->st = yz_db_fail(s, rc, q->err);
		return NULL;
	}
	assert(!*rest && s->kept_count < YZ_STATEMENTS_MAX);
	s->kept[s->kept_count].sql = sql;
	s->kept[s->kept_count++].stmt = stmt;
	return stmt;
}

struct yz_q yz_q_start(struct yz_store *s, const char *sql, struct yz_error *err)
{
	struct yz_q q = {.s = s, .err = err};

	/* After SQLite rolled back by itself, a write would be saved alone. */
	if (s->tx.open && sqlite3_get_autocommit(s->db))
		q.st = yz_fail(err, s->tx.lost ? s->tx.lost : YZ_E_IO,
		        "%s: the transaction was rolled back", s->path);
	else
		q.stmt = prepare(&q, sql);
	assert(!q.stmt || !sqlite3_stmt_busy(q.stmt));
	return q;
}

static void check(struct yz_q *q, int rc)
{
	if (rc != SQLITE_OK && q->st == YZ_OK)
		q->st = yz_db_fail(q->s, rc, q->err);
}

void yz_q_num(struct yz_q *q, int64_t n)
{
	if (q->st == YZ_OK)
		check(q, sqlite3_bind_int64(q->stmt, ++q->at, n));
}

void yz_q_text(struct yz_q *q, const char *text)
{
	if (q->st == YZ_OK)
		check(q, sqlite3_bind_text(q->stmt, ++q->at, text, -1, SQLITE_STATIC));
}

void yz_q_bytes(struct yz_q *q, const void *bytes, size_t len)
{
	if (q->st == YZ_OK)
		check(q, sqlite3_bind_blob64(
		                 q->stmt, ++q->at, len ? bytes : "", len, SQLITE_STATIC));
}

void yz_q_id(struct yz_q *q, const struct yz_id *id)
{
	if (q->st != YZ_OK)
		return;
	if (!id || yz_id_is_none(id))
		check(q, sqlite3_bind_null(q->stmt, ++q->at));
	else
		yz_q_bytes(q, id->b, sizeof(id->b));
}

bool yz_q_next(struct yz_q *q)
{
	int rc;

	bool writes, starts;

	if (q->st != YZ_OK)
		return false;
	writes = q->s->tx.open && !sqlite3_stmt_readonly(q->stmt);
	starts = writes && !sqlite3_stmt_busy(q->stmt);
	if (starts)
		yz_tally_mark(q->s);
	rc = sqlite3_step(q->stmt);
	q->at = 0;
	if (rc == SQLITE_ROW)
		return true;
	if (rc != SQLITE_DONE && writes)
		yz_tally_back(q->s);
	if (rc != SQLITE_DONE)
		check(q, rc);
	return false;
}

int64_t yz_q_get_num(struct yz_q *q)
{
	return sqlite3_column_int64(q->stmt, q->at++);
}

void yz_q_get_text(struct yz_q *q, char *out, size_t size)
{
	const char *text = (const char *)sqlite3_column_text(q->stmt, q->at++);

	(void)yz_copy(out, size, text ? text : "");
}

const void *yz_q_get_bytes(struct yz_q *q, size_t *len)
{
	const void *bytes = sqlite3_column_blob(q->stmt, q->at);

	*len = (size_t)sqlite3_column_bytes(q->stmt, q->at);
	if (!bytes && sqlite3_column_type(q->stmt, q->at) != SQLITE_NULL)
		bytes = "";
	q->at++;
	return bytes;
}

void yz_q_get_id(struct yz_q *q, struct yz_id *out)
{
	size_t len;
	const void *bytes = yz_q_get_bytes(q, &len);

	memset(out, 0, sizeof(*out));
	if (bytes && len == sizeof(out->b))
		memcpy(out->b, bytes, sizeof(out->b));
}

enum yz_status yz_q_end(struct yz_q *q)
{
	if (q->stmt) {
		(void)sqlite3_reset(q->stmt); /* its error was seen by step */
		(void)sqlite3_clear_bindings(q->stmt);
	}
	return q->st;
}

enum yz_status yz_q_run(struct yz_q *q)
{
	while (yz_q_next(q))
		;
	return yz_q_end(q);
}

bool yz_view_begin(struct yz_store *s)
{
	struct yz_q q;

	if (!sqlite3_get_autocommit(s->db))
		return false;
	q = yz_q_start(s, "BEGIN", NULL);
	return yz_q_run(&q) == YZ_OK;
}

void yz_view_end(struct yz_store *s, bool began)
{
	struct yz_q q;

	if (!began)
		return;
	q = yz_q_start(s, "COMMIT", NULL);
	(void)yz_q_run(&q); /* nothing was written: cannot lose anything */
}

enum yz_status yz_q_insert(struct yz_q *q, int64_t *seq)
{
	enum yz_status st = yz_q_run(q);

	if (st == YZ_OK)
		*seq = sqlite3_last_insert_rowid(q->s->db);
	return st;
}

enum yz_status yz_q_change(struct yz_q *q, const char *what)
{
	enum yz_status st = yz_q_run(q);

	if (st == YZ_OK && sqlite3_changes(q->s->db) == 0)
		st = yz_fail(q->err, YZ_E_NOTFOUND, "no such %s", what);
	return st;
}

enum yz_status yz_q_value(struct yz_q *q, int64_t *n)
{
	if (yz_q_next(q))
		*n = yz_q_get_num(q);
	return yz_q_end(q);
}

static void bind_num(struct yz_q *q, const char *p, size_t size)
{
	int64_t wide;
	int32_t narrow;

	if (size == sizeof(wide)) {
		memcpy(&wide, p, sizeof(wide));
	} else if (size == sizeof(narrow)) {
		memcpy(&narrow, p, sizeof(narrow));
		wide = narrow;
	} else {
		wide = *p != 0;
	}
	yz_q_num(q, wide);
}

static void read_num(struct yz_q *q, char *p, size_t size)
{
	int64_t wide = yz_q_get_num(q);
	int32_t narrow = (int32_t)wide;
	bool yes = wide != 0;

	if (size == sizeof(wide))
		memcpy(p, &wide, sizeof(wide));
	else if (size == sizeof(narrow))
		memcpy(p, &narrow, sizeof(narrow));
	else
		memcpy(p, &yes, sizeof(yes));
}

void yz_q_record(struct yz_q *q, const struct yz_cols *cols, const void *record)
{
	for (size_t i = 0; i < cols->count; i++) {
		const struct yz_col *c = &cols->col[i];
		const char *p = (const char *)record + c->offset;

		switch (c->kind) {
		case YZ_COL_NUM:
			bind_num(q, p, c->size);
			break;
		case YZ_COL_TEXT:
			yz_q_text(q, p);
			break;
		case YZ_COL_ID:
			yz_q_id(q, (const struct yz_id *)(const void *)p);
			break;
		case YZ_COL_BYTES:
			yz_q_bytes(q, p, c->size);
			break;
		}
	}
}

static void read_bytes(struct yz_q *q, char *p, size_t size)
{
	size_t len;
	const void *bytes = yz_q_get_bytes(q, &len);

	if (bytes)
		memcpy(p, bytes, len < size ? len : size);
}

void yz_q_get_record(struct yz_q *q, const struct yz_cols *cols, void *record)
{
	int64_t seq = sqlite3_column_int64(q->stmt, 0);

	memset(record, 0, cols->record_size);
	if (cols->has_seq)
		memcpy((char *)record + cols->seq, &seq, sizeof(seq));
	q->at = 1;
	for (size_t i = 0; i < cols->count; i++) {
		const struct yz_col *c = &cols->col[i];
		char *p = (char *)record + c->offset;

		if (c->kind == YZ_COL_NUM)
			read_num(q, p, c->size);
		else if (c->kind == YZ_COL_TEXT)
			yz_q_get_text(q, p, c->size);
		else
			read_bytes(q, p, c->size);
	}
}

enum yz_status yz_q_one(struct yz_q *q, const struct yz_cols *cols, void *record, const char *what)
{
	if (yz_q_next(q))
		yz_q_get_record(q, cols, record);
	else if (q->st == YZ_OK)
		q->st = yz_fail(q->err, YZ_E_NOTFOUND, "no such %s", what);
	return yz_q_end(q);
}

enum yz_status yz_q_all(
        struct yz_q *q, const struct yz_cols *cols, void *rows, size_t max, size_t *n)
{
	size_t got = 0;

	while (got < max && yz_q_next(q))
		yz_q_get_record(q, cols, (char *)rows + got++ * cols->record_size);
	if (q->st == YZ_OK)
		*n = got;
	return yz_q_end(q);
}

const char *yz_like(char *out, const char *text)
{
	char *p = out;

	*p++ = '%';
	for (size_t i = 0; i < YZ_SEARCH_SIZE && text[i]; i++) {
		if (text[i] == '%' || text[i] == '_' || text[i] == '\\')
			*p++ = '\\';
		*p++ = text[i];
	}
	*p++ = '%';
	*p = '\0';
	return out;
}

void yz_digest(uint8_t *out, const void *bytes, size_t len)
{
	(void)crypto_hash_sha256(out, bytes, len); /* cannot fail */
}
