#include "config.h"

#define SQLITE_ENABLE_PREUPDATE_HOOK 1 /* Debian's library has it; the header wants to be asked */

#include "store/tally.h"

#include "store/db.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { PACKED = 24 }; /* bytes of one sum in the database */

#define SCHEMA "sqlite_schema" /* the tables' own definitions count as one more table */

static const uint8_t key[crypto_shorthash_siphashx24_KEYBYTES] = "yizhan tally 1";

static uint64_t get64(const uint8_t *p)
{
	uint64_t n = 0;

	for (int i = 0; i < 8; i++)
		n = n << 8 | p[i];
	return n;
}

static void put64(uint8_t *p, uint64_t n)
{
	for (int i = 0; i < 8; i++)
		p[i] = (uint8_t)(n >> (56 - 8 * i));
}

static struct yz_tally_sum hash(const void *bytes, size_t len)
{
	uint8_t out[crypto_shorthash_siphashx24_BYTES];

	(void)crypto_shorthash_siphashx24(out, bytes, len, key);
	return (struct yz_tally_sum){.lo = get64(out), .hi = get64(out + 8)};
}

static uint64_t name_of(const char *table)
{
	return hash(table, strlen(table)).lo;
}

static struct yz_tally_sum *sum_of(struct yz_tally_sheet *sheet, uint64_t table)
{
	for (size_t i = 0; i < sheet->count; i++)
		if (sheet->sum[i].table == table)
			return &sheet->sum[i];
	if (sheet->count == YZ_TALLIES_MAX) /* a damaged sheet: nothing will fit it */
		sheet->count--;
	sheet->sum[sheet->count] = (struct yz_tally_sum){.table = table};
	return &sheet->sum[sheet->count++];
}

static void add_num(struct yz_buf *row, char type, uint64_t n)
{
	uint8_t b[9] = {(uint8_t)type};

	put64(b + 1, n);
	yz_buf_add(row, b, sizeof(b));
}

/* Type, length and bytes of a value, so that no two rows give the same bytes. */
static void add_value(struct yz_buf *row, sqlite3_value *v)
{
	int type = sqlite3_value_type(v);
	const void *bytes;
	double real;
	uint64_t n;

	if (type == SQLITE_INTEGER) {
		add_num(row, 'i', (uint64_t)sqlite3_value_int64(v));
	} else if (type == SQLITE_FLOAT) {
		real = sqlite3_value_double(v);
		memcpy(&n, &real, sizeof(n));
		add_num(row, 'r', n);
	} else if (type == SQLITE_NULL) {
		yz_buf_putc(row, 'n');
	} else {
		bytes = type == SQLITE_TEXT ? (const void *)sqlite3_value_text(v)
		                            : sqlite3_value_blob(v);
		n = (uint64_t)sqlite3_value_bytes(v);
		add_num(row, type == SQLITE_TEXT ? 't' : 'b', n);
		if (n > 0)
			yz_buf_add(row, bytes, (size_t)n);
	}
}

static void add(struct yz_tally_sum *to, const struct yz_buf *row)
{
	struct yz_tally_sum h = hash(row->data, row->len);

	to->lo += h.lo;
	to->hi += h.hi;
}

static void take(struct yz_tally_sum *to, const struct yz_buf *row)
{
	struct yz_tally_sum h = hash(row->data, row->len);

	to->lo -= h.lo;
	to->hi -= h.hi;
}

static const struct yz_buf *row_of(
        struct yz_store *s, int (*column)(sqlite3 *, int, sqlite3_value **))
{
	struct yz_buf *row = &s->tally.row;
	int count = sqlite3_preupdate_count(s->db);

	yz_buf_clear(row);
	for (int i = 0; i < count; i++) {
		sqlite3_value *v = NULL;
		int rc = column(s->db, i, &v);

		if (rc == SQLITE_NOMEM)
			abort(); /* as everywhere; half a row would be a wrong sum */
		if (rc == SQLITE_OK && v)
			add_value(row, v);
		else
			s->tally.missed = true;
	}
	return row;
}

static void row_changes(void *arg, sqlite3 *db, int op, const char *schema, const char *table,
        sqlite3_int64 old_row, sqlite3_int64 new_row)
{
	struct yz_store *s = arg;
	struct yz_tally_sum *sum;

	(void)db;
	(void)old_row;
	(void)new_row;
	if (!s->tx.open || strcmp(schema, "main") != 0 || !strcmp(table, "tally"))
		return;
	sum = sum_of(&s->tally.now, name_of(table));
	if (op != SQLITE_INSERT)
		take(sum, row_of(s, sqlite3_preupdate_old));
	if (op != SQLITE_DELETE)
		add(sum, row_of(s, sqlite3_preupdate_new));
}

void yz_tally_watch(struct yz_store *s)
{
	(void)sqlite3_preupdate_hook(s->db, row_changes, s);
}

void yz_tally_begin(struct yz_store *s)
{
	s->tally.now.count = s->tally.before.count = 0;
	s->tally.missed = false;
}

static void copy(struct yz_tally_sheet *to, const struct yz_tally_sheet *from)
{
	memcpy(to->sum, from->sum, from->count * sizeof(from->sum[0]));
	to->count = from->count;
}

void yz_tally_mark(struct yz_store *s)
{
	copy(&s->tally.before, &s->tally.now);
}

void yz_tally_back(struct yz_store *s)
{
	copy(&s->tally.now, &s->tally.before);
}

static void unpack(struct yz_tally_sheet *sheet, const uint8_t *bytes, size_t len)
{
	sheet->count = 0;
	for (size_t at = 0; at + PACKED <= len && sheet->count < YZ_TALLIES_MAX; at += PACKED)
		sheet->sum[sheet->count++] = (struct yz_tally_sum){
		        get64(bytes + at), get64(bytes + at + 8), get64(bytes + at + 16)};
}

static size_t pack(uint8_t *bytes, const struct yz_tally_sheet *sheet)
{
	for (size_t i = 0; i < sheet->count; i++) {
		put64(bytes + i * PACKED, sheet->sum[i].table);
		put64(bytes + i * PACKED + 8, sheet->sum[i].lo);
		put64(bytes + i * PACKED + 16, sheet->sum[i].hi);
	}
	return sheet->count * PACKED;
}

static enum yz_status load(struct yz_store *s, struct yz_tally_sheet *sheet, struct yz_error *err)
{
	struct yz_q q = yz_q_start(s, "SELECT sums FROM tally", err);
	const void *bytes;
	size_t len;

	sheet->count = 0;
	if (yz_q_next(&q)) {
		bytes = yz_q_get_bytes(&q, &len);
		unpack(sheet, bytes, len);
	} else if (q.st == YZ_OK) {
		q.st = yz_fail(err, YZ_E_CORRUPT, "%s: the tally is gone", s->path);
	}
	return yz_q_end(&q);
}

static enum yz_status store(
        struct yz_store *s, const struct yz_tally_sheet *sheet, struct yz_error *err)
{
	uint8_t bytes[YZ_TALLIES_MAX * PACKED];
	struct yz_q q = yz_q_start(s, "UPDATE tally SET sums = ?", err);

	yz_q_bytes(&q, bytes, pack(bytes, sheet));
	return yz_q_change(&q, "tally");
}

enum yz_status yz_tally_save(struct yz_store *s, struct yz_error *err)
{
	struct yz_tally_sheet saved;
	enum yz_status st;

	if (s->tally.missed)
		return yz_fail(err, YZ_E_IO, "%s: a row could not be counted", s->path);
	if (s->tally.now.count == 0)
		return YZ_OK;
	st = load(s, &saved, err);
	if (st != YZ_OK)
		return st;
	for (size_t i = 0; i < s->tally.now.count; i++) {
		const struct yz_tally_sum *d = &s->tally.now.sum[i];
		struct yz_tally_sum *sum = sum_of(&saved, d->table);

		sum->lo += d->lo;
		sum->hi += d->hi;
	}
	return store(s, &saved, err);
}

/* SQL made for one table: not one of the kept statements. */
static sqlite3_stmt *prepare(struct yz_store *s, const char *fmt, const char *a, const char *b)
{
	char *sql = sqlite3_mprintf(fmt, a, b);
	sqlite3_stmt *stmt = NULL;

	if (sql && sqlite3_prepare_v2(s->db, sql, -1, &stmt, NULL) != SQLITE_OK)
		stmt = NULL;
	sqlite3_free(sql);
	return stmt;
}

/* The sum of all rows that a statement gives; it is finalized. */
static enum yz_status count_rows(
        struct yz_store *s, sqlite3_stmt *stmt, struct yz_tally_sum *sum, struct yz_error *err)
{
	int rc = stmt ? SQLITE_ROW : SQLITE_ERROR;
	enum yz_status st = YZ_OK;

	while (stmt && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		int columns = sqlite3_column_count(stmt);

		yz_buf_clear(&s->tally.row);
		for (int i = 0; i < columns; i++)
			add_value(&s->tally.row, sqlite3_column_value(stmt, i));
		add(sum, &s->tally.row);
	}
	if (rc != SQLITE_DONE)
		st = yz_db_fail(s, stmt ? rc : sqlite3_errcode(s->db), err);
	(void)sqlite3_finalize(stmt);
	return st;
}

static enum yz_status count_table(
        struct yz_store *s, const char *table, struct yz_tally_sum *sum, struct yz_error *err)
{
	*sum = (struct yz_tally_sum){.table = name_of(table)};
	return count_rows(s, prepare(s, "SELECT * FROM main.\"%w\"", table, ""), sum, err);
}

/* Definitions and version; not the root pages, which another layout of the same file changes. */
static enum yz_status count_schema(
        struct yz_store *s, int64_t version, struct yz_tally_sum *sum, struct yz_error *err)
{
	struct yz_buf row = YZ_BUF_INIT;
	enum yz_status st;

	*sum = (struct yz_tally_sum){.table = name_of(SCHEMA)};
	st = count_rows(
	        s, prepare(s, "SELECT type, name, tbl_name, sql FROM " SCHEMA, "", ""), sum, err);
	add_num(&row, 'v', (uint64_t)version);
	add(sum, &row);
	yz_buf_free(&row);
	return st;
}

/* Calls each for every table; stops at the first that does not say YZ_OK. */
static enum yz_status for_tables(struct yz_store *s,
        enum yz_status (*each)(struct yz_store *s, const char *table, void *arg, struct yz_error *),
        void *arg, struct yz_error *err)
{
	sqlite3_stmt *stmt = prepare(s,
	        "SELECT name FROM " SCHEMA " WHERE type = 'table' AND name <> 'tally'"
	        " AND name NOT LIKE 'sqlite\\_%%' ESCAPE '\\'",
	        "", "");
	enum yz_status st = YZ_OK;
	int rc = SQLITE_ERROR;

	while (stmt && st == YZ_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW)
		st = each(s, (const char *)sqlite3_column_text(stmt, 0), arg, err);
	if (st == YZ_OK && rc != SQLITE_DONE)
		st = yz_db_fail(s, rc, err);
	(void)sqlite3_finalize(stmt);
	return st;
}

static enum yz_status note_table(
        struct yz_store *s, const char *table, void *arg, struct yz_error *err)
{
	struct yz_tally_sum sum;
	enum yz_status st = count_table(s, table, &sum, err);

	if (st == YZ_OK)
		*sum_of(arg, sum.table) = sum;
	return st;
}

static bool has_tally(struct yz_store *s)
{
	sqlite3_stmt *stmt = prepare(s, "SELECT sums FROM tally", "", "");
	bool has = stmt != NULL;

	(void)sqlite3_finalize(stmt);
	return has;
}

enum yz_status yz_tally_make(struct yz_store *s, int64_t version, struct yz_error *err)
{
	struct yz_tally_sheet *sheet;
	struct yz_tally_sum sum;
	enum yz_status st;

	if (!has_tally(s))
		return YZ_OK;
	sheet = yz_alloc(sizeof(*sheet));
	st = for_tables(s, note_table, sheet, err);
	if (st == YZ_OK)
		st = count_schema(s, version, &sum, err);
	if (st == YZ_OK) {
		*sum_of(sheet, sum.table) = sum;
		st = store(s, sheet, err);
	}
	free(sheet);
	return st;
}

static enum yz_status differs(struct yz_store *s, const char *table, struct yz_error *err)
{
	return yz_fail(err, YZ_E_CORRUPT, "%s: the rows of %s are not those that were written",
	        s->path, table);
}

static bool is_same(struct yz_tally_sheet *sheet, const struct yz_tally_sum *sum)
{
	struct yz_tally_sum *want = sum_of(sheet, sum->table);

	return want->lo == sum->lo && want->hi == sum->hi;
}

static enum yz_status check_table(
        struct yz_store *s, const char *table, void *arg, struct yz_error *err)
{
	struct yz_tally_sum sum;
	enum yz_status st = count_table(s, table, &sum, err);

	if (st == YZ_OK && !is_same(arg, &sum))
		st = differs(s, table, err);
	return st;
}

/* A sum of a table that is not there any more: its rows cannot be. */
static enum yz_status check_schema(
        struct yz_store *s, struct yz_tally_sheet *sheet, struct yz_error *err)
{
	struct yz_tally_sum sum;
	struct yz_q q = yz_q_start(s, "PRAGMA user_version", err);
	int64_t version = 0;
	enum yz_status st = yz_q_value(&q, &version);

	if (st == YZ_OK)
		st = count_schema(s, version, &sum, err);
	if (st == YZ_OK && !is_same(sheet, &sum))
		st = differs(s, SCHEMA, err);
	return st;
}

enum yz_status yz_tally_check(struct yz_store *s, struct yz_error *err)
{
	struct yz_tally_sheet *sheet;
	bool view;
	enum yz_status st;

	if (!has_tally(s) && sqlite3_errcode(s->db) == SQLITE_ERROR) /* older than the tally */
		return YZ_OK;
	sheet = yz_alloc(sizeof(*sheet));
	view = yz_view_begin(s);
	st = load(s, sheet, err);
	if (st == YZ_OK)
		st = check_schema(s, sheet, err);
	if (st == YZ_OK)
		st = for_tables(s, check_table, sheet, err);
	yz_view_end(s, view);
	free(sheet);
	return st;
}

bool yz_tally_fits(struct yz_store *s, const char *table)
{
	struct yz_tally_sheet *sheet = yz_alloc(sizeof(*sheet));
	struct yz_tally_sum sum;
	bool fits = has_tally(s) && load(s, sheet, NULL) == YZ_OK &&
	            count_table(s, table, &sum, NULL) == YZ_OK && is_same(sheet, &sum);

	free(sheet);
	return fits;
}
