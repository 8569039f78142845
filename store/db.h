/* Private to store/: the open database, and queries as short as a record's field list. A query
 * keeps its first error, so that binding and reading need no checks between; yz_q_end tells.
 * Statements are prepared once and kept. */
#ifndef YZ_STORE_DB_H
#define YZ_STORE_DB_H

#include "store/gather.h"
#include "store/store.h"
#include "store/tally.h"

#include <sqlite3.h>

enum {
	YZ_STATEMENTS_MAX = 160,
	YZ_LOCK_MS = 10000,
	YZ_PAGE = 2048,        /* of a new database; one that is there keeps its own */
	YZ_WAL_MIB = 4,        /* from then on the write-ahead log is folded into the database */
	YZ_READ_FAULTS_MAX = 3 /* so many reads that fail are damage, no passing trouble */
};

struct yz_tx {
	struct yz_store *s;
	struct yz_now now;
	bool open;
	enum yz_status lost; /* why SQLite rolled it back by itself, else YZ_OK */
};

struct yz_store {
	sqlite3 *db;
	char *dir, *path;
	unsigned flags;
	int lock_fd, use_fd;
	int lock_ms; /* longest wait for the write lock */
	struct yz_tx tx;
	struct yz_tally tally;
	struct yz_gather gather;
	char *damage;    /* why it is read-only, or NULL */
	int read_faults; /* reads that the disk refused */
	struct {
		const char *sql; /* compared by address: SQL is always a literal */
		sqlite3_stmt *stmt;
	} kept[YZ_STATEMENTS_MAX];
	int kept_count;
};

/* The status of an SQLite code; fills err with the file's name and SQLite's words. */
enum yz_status yz_db_fail(struct yz_store *s, int rc, struct yz_error *err);
/* The mark of damage is obeyed if it is there; damage found here is marked, and s writes no more.
 */
void yz_db_obey(struct yz_store *s);
void yz_db_damaged(struct yz_store *s, const char *what);
/* Runs SQL without rows, outside the kept statements. */
enum yz_status yz_db_exec(struct yz_store *s, const char *sql, struct yz_error *err);

/* One view of the data over several queries of one call. Ends with yz_view_end(s,
 * yz_view_begin(s)). */
bool yz_view_begin(struct yz_store *s);
void yz_view_end(struct yz_store *s, bool began);

struct yz_q {
	struct yz_store *s;
	sqlite3_stmt *stmt;
	int at; /* parameters bound, then columns read */
	enum yz_status st;
	struct yz_error *err;
};

struct yz_q yz_q_start(struct yz_store *s, const char *sql, struct yz_error *err);
/* Bind the next parameter; texts and bytes are borrowed until the end. An id that is none becomes
 * NULL. */
void yz_q_num(struct yz_q *q, int64_t n);
void yz_q_text(struct yz_q *q, const char *text);
void yz_q_bytes(struct yz_q *q, const void *bytes, size_t len);
void yz_q_id(struct yz_q *q, const struct yz_id *id);

bool yz_q_next(struct yz_q *q); /* false at the end or on an error */
/* Read the next column. */
int64_t yz_q_get_num(struct yz_q *q);
void yz_q_get_text(struct yz_q *q, char *out, size_t size);
const void *yz_q_get_bytes(
        struct yz_q *q, size_t *len); /* borrowed until the next row; NULL for NULL */
void yz_q_get_id(struct yz_q *q, struct yz_id *out);

enum yz_status yz_q_end(struct yz_q *q);
/* Runs to the end: for a query without rows. */
enum yz_status yz_q_run(struct yz_q *q);
/* As yz_q_run, for the insert of one row; *seq is its number. */
enum yz_status yz_q_insert(struct yz_q *q, int64_t *seq);
/* As yz_q_run; no row changed is YZ_E_NOTFOUND with the record's name. */
enum yz_status yz_q_change(struct yz_q *q, const char *what);
/* The first column of the first row; *n stays if there is no row. */
enum yz_status yz_q_value(struct yz_q *q, int64_t *n);

/* A record's columns. A list macro LIST(X) has X(record, kind, field) for each; the field's name is
 * the column's. The lists begin with a comma, so a query has one column of its own in front, most
 * often seq: "SELECT seq" LIST(YZ_COL_NAME). */
enum yz_col_kind { YZ_COL_NUM, YZ_COL_TEXT, YZ_COL_ID, YZ_COL_BYTES };
struct yz_col {
	enum yz_col_kind kind;
	size_t offset, size;
};
struct yz_cols {
	const struct yz_col *col;
	size_t count, record_size;
	bool has_seq; /* column 0 goes into the record, at seq */
	size_t seq;
};

#define YZ_COL_NAME(record, kind, field) "," #field
#define YZ_COL_MARK(record, kind, field) ",?"
#define YZ_COL_SET(record, kind, field) "," #field "=?"
#define YZ_COL_OF(record, kind, field) \
	{YZ_COL_##kind, offsetof(struct record, field), sizeof(((struct record *)NULL)->field)},
#define YZ_COLS_(name, record, LIST, ...)                            \
	static const struct yz_col name##_col[] = {LIST(YZ_COL_OF)}; \
	static const struct yz_cols name = {name##_col,              \
	        sizeof(name##_col) / sizeof(name##_col[0]), sizeof(struct record), __VA_ARGS__}
#define YZ_COLS(name, record, LIST) YZ_COLS_(name, record, LIST, false, 0)
#define YZ_COLS_SEQ(name, record, LIST) \
	YZ_COLS_(name, record, LIST, true, offsetof(struct record, seq))
#define YZ_INSERT(table, LIST) \
	"INSERT INTO " table "(seq" LIST(YZ_COL_NAME) ") VALUES(NULL" LIST(YZ_COL_MARK) ")"
#define YZ_INSERT_CURRENT(table, LIST) \
	"INSERT INTO " table "(current" LIST(YZ_COL_NAME) ") VALUES(1" LIST(YZ_COL_MARK) ")"
#define YZ_SELECT(table, LIST) "SELECT seq" LIST(YZ_COL_NAME) " FROM " table

void yz_q_record(struct yz_q *q, const struct yz_cols *cols, const void *record);
/* Reads a record from column 1 on; the record's other fields are zeroed. */
void yz_q_get_record(struct yz_q *q, const struct yz_cols *cols, void *record);
/* One record, then the end; YZ_E_NOTFOUND with its name. */
enum yz_status yz_q_one(struct yz_q *q, const struct yz_cols *cols, void *record, const char *what);
/* Up to max records, then the end. */
enum yz_status yz_q_all(
        struct yz_q *q, const struct yz_cols *cols, void *rows, size_t max, size_t *n);

/* "%text%" for LIKE ... ESCAPE '\'. */
enum { YZ_LIKE_SIZE = 2 * YZ_SEARCH_SIZE + 3 };
const char *yz_like(char *out, const char *text);

/* SHA-256 of the bytes into out[32]. */
void yz_digest(uint8_t *out, const void *bytes, size_t len);

#endif
