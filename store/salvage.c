#include "config.h"

#include "store/salvage.h"

#include "base/buf.h"

struct salvage {
	struct yz_store *s, *from;
	const char *table, *columns;
	sqlite3_stmt *insert;
	int64_t *rows;
	int64_t last; /* rowid of the last row read */
	enum yz_status st;
	struct yz_error *err;
};

static sqlite3_stmt *prepare(sqlite3 *db, char *sql)
{
	sqlite3_stmt *stmt = NULL;

	if (sql && sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
		stmt = NULL;
	sqlite3_free(sql);
	return stmt;
}

/* A row that breaks a rule of the schema is damaged: left out. */
static void take(struct salvage *g, sqlite3_stmt *from)
{
	int n = sqlite3_bind_parameter_count(g->insert), rc;

	for (int i = 0; i < n; i++)
		(void)sqlite3_bind_value(g->insert, i + 1, sqlite3_column_value(from, i + 1));
	rc = sqlite3_step(g->insert);
	if (rc == SQLITE_DONE)
		*g->rows += sqlite3_changes(g->s->db);
	else if ((rc & 0xFF) != SQLITE_CONSTRAINT && (rc & 0xFF) != SQLITE_MISMATCH)
		g->st = yz_db_fail(g->s, rc, g->err);
	(void)sqlite3_reset(g->insert);
}

/* Takes rows until the end (true) or a page that cannot be read (false). */
static bool read_on(struct salvage *g, sqlite3_stmt *from, int *taken)
{
	int rc = SQLITE_DONE;

	*taken = 0;
	while (g->st == YZ_OK && (rc = sqlite3_step(from)) == SQLITE_ROW) {
		g->last = sqlite3_column_int64(from, 0);
		take(g, from);
		++*taken;
	}
	(void)sqlite3_reset(from);
	return g->st != YZ_OK || rc == SQLITE_DONE;
}

/* Past a bad page: the next row that can be reached by its rowid, then back to the page's other
 * side. Returns false if there is none. */
static bool jump(struct salvage *g, sqlite3_stmt *up, sqlite3_stmt *down)
{
	int64_t low = g->last;

	for (int bit = 0; bit < 62 && low < INT64_MAX - (INT64_C(1) << bit); bit++) {
		int64_t from = low + (INT64_C(1) << bit), next;
		int taken;
		bool found;

		(void)sqlite3_bind_int64(up, 1, from);
		found = sqlite3_step(up) == SQLITE_ROW;
		next = found ? sqlite3_column_int64(up, 0) : 0;
		(void)sqlite3_reset(up);
		if (!found)
			continue;
		(void)sqlite3_bind_int64(down, 1, low);
		(void)sqlite3_bind_int64(down, 2, next);
		(void)read_on(g, down, &taken);
		g->last = next - 1;
		return true;
	}
	return false;
}

static void by_rowid(struct salvage *g)
{
	sqlite3_stmt *up = prepare(g->from->db,
	        sqlite3_mprintf("SELECT rowid, %s FROM main.\"%w\" NOT INDEXED WHERE rowid > ?1"
	                        " ORDER BY rowid",
	                g->columns, g->table));
	sqlite3_stmt *down = prepare(g->from->db,
	        sqlite3_mprintf("SELECT rowid, %s FROM main.\"%w\" NOT INDEXED WHERE rowid > ?1"
	                        " AND rowid < ?2 ORDER BY rowid DESC",
	                g->columns, g->table));
	int taken;

	g->last = INT64_MIN;
	for (bool more = up && down; more;) {
		int64_t was = g->last;

		(void)sqlite3_bind_int64(up, 1, g->last);
		if (read_on(g, up, &taken))
			break;
		if (taken == 0)
			g->last = was == INT64_MIN ? 0 : was; /* our rowids begin at 1 */
		more = jump(g, up, down);
	}
	(void)sqlite3_finalize(up);
	(void)sqlite3_finalize(down);
}

static void by_key(struct salvage *g)
{
	static const char *const ways[] = {"ASC", "DESC"};
	int taken;

	for (int i = 0; i < 2; i++) {
		sqlite3_stmt *order = prepare(g->s->db,
		        sqlite3_mprintf("SELECT group_concat('\"' || name || '\" %s') FROM (SELECT"
		                        " name FROM pragma_table_info(%Q, 'main') WHERE pk > 0"
		                        " ORDER BY pk)",
		                ways[i], g->table));
		sqlite3_stmt *from = NULL;
		bool ended = true;

		if (order && sqlite3_step(order) == SQLITE_ROW)
			from = prepare(g->from->db,
			        sqlite3_mprintf(
			                "SELECT 0, %s FROM main.\"%w\" NOT INDEXED ORDER BY %s",
			                g->columns, g->table,
			                (const char *)sqlite3_column_text(order, 0)));
		(void)sqlite3_finalize(order);
		if (from)
			ended = read_on(g, from, &taken);
		(void)sqlite3_finalize(from);
		if (ended)
			return;
	}
}

static bool has_rowid(struct salvage *g)
{
	sqlite3_stmt *q = prepare(g->s->db,
	        sqlite3_mprintf(
	                "SELECT wr FROM pragma_table_list WHERE schema = 'main' AND name = %Q",
	                g->table));
	bool without = q && sqlite3_step(q) == SQLITE_ROW && sqlite3_column_int(q, 0);

	(void)sqlite3_finalize(q);
	return !without;
}

/* "?,?,?": as many as columns. */
static int columns_in(const char *columns)
{
	int n = 1;

	for (; *columns; columns++)
		n += *columns == ',';
	return n;
}

void yz_salvage_columns(
        sqlite3 *a, sqlite3 *b, const char *schema_of_b, const char *table, struct yz_buf *out)
{
	sqlite3_stmt *here = prepare(
	        a, sqlite3_mprintf("SELECT name FROM pragma_table_info(%Q, 'main')", table));

	yz_buf_clear(out);
	yz_buf_puts(out, "");
	while (here && sqlite3_step(here) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(here, 0);
		sqlite3_stmt *there = prepare(b,
		        sqlite3_mprintf("SELECT 1 FROM pragma_table_info(%Q, %Q) WHERE name = %Q",
		                table, schema_of_b, name));

		if (there && sqlite3_step(there) == SQLITE_ROW)
			yz_buf_printf(out, "%s\"%s\"", out->len ? "," : "", name);
		(void)sqlite3_finalize(there);
	}
	(void)sqlite3_finalize(here);
}

enum yz_status yz_salvage(struct yz_store *s, struct yz_store *from, const char *table,
        int64_t *rows, struct yz_error *err)
{
	struct yz_buf columns = YZ_BUF_INIT, marks = YZ_BUF_INIT;
	struct salvage g = {.s = s, .from = from, .table = table, .rows = rows, .err = err};

	yz_salvage_columns(s->db, from->db, "main", table, &columns);
	if (!columns.len) {
		yz_buf_free(&columns);
		return YZ_OK;
	}
	g.columns = columns.data;
	for (int i = columns_in(columns.data); i > 0; i--)
		yz_buf_puts(&marks, i > 1 ? "?," : "?");
	g.insert =
	        prepare(s->db, sqlite3_mprintf("INSERT OR IGNORE INTO main.\"%w\"(%s) VALUES(%s)",
	                               table, g.columns, marks.data));
	if (!g.insert)
		g.st = yz_db_fail(s, sqlite3_errcode(s->db), err);
	else if (has_rowid(&g))
		by_rowid(&g);
	else
		by_key(&g);
	(void)sqlite3_finalize(g.insert);
	yz_buf_free(&marks);
	yz_buf_free(&columns);
	return g.st;
}
