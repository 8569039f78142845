#include "config.h"

#include "tests/platform/platform.h"

#include "base/clock.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* shipment.cancelled: 0 no, 1 yes, 2 yes and its number is free again */
static const char schema_sql[] =
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        "CREATE TABLE IF NOT EXISTS meta(name TEXT PRIMARY KEY, value TEXT) STRICT;"
        "CREATE TABLE IF NOT EXISTS station(id TEXT PRIMARY KEY, agent_epoch INTEGER, status TEXT) "
        "STRICT;"
        "CREATE TABLE IF NOT EXISTS batch(station TEXT, key TEXT, digest TEXT, PRIMARY "
        "KEY(station, key)) STRICT;"
        "CREATE TABLE IF NOT EXISTS op(n INTEGER PRIMARY KEY, station TEXT, op_id TEXT, seq "
        "INTEGER, agg TEXT,"
        " agg_ver INTEGER, place INTEGER, kind TEXT, supersedes TEXT, digest TEXT, data TEXT, "
        "status TEXT, "
        "problem TEXT,"
        " replaced INTEGER DEFAULT 0, replayed INTEGER DEFAULT 0) STRICT;"
        "CREATE INDEX IF NOT EXISTS op_id ON op(station, op_id);"
        "CREATE INDEX IF NOT EXISTS op_agg ON op(station, agg, place);"
        "CREATE INDEX IF NOT EXISTS op_high ON op(station, seq) WHERE status = 'applied';"
        "CREATE INDEX IF NOT EXISTS op_supersedes ON op(station, supersedes) WHERE supersedes <> "
        "'';"
        "CREATE TABLE IF NOT EXISTS shipment(n INTEGER PRIMARY KEY, station TEXT, shipment_id TEXT,"
        " waybill_no TEXT, cancelled INTEGER DEFAULT 0) STRICT;"
        "CREATE INDEX IF NOT EXISTS shipment_id ON shipment(shipment_id);"
        "CREATE INDEX IF NOT EXISTS shipment_no ON shipment(waybill_no);"
        "CREATE TABLE IF NOT EXISTS lease(lease_id TEXT PRIMARY KEY, station TEXT, key TEXT, "
        "digest TEXT,"
        " courier TEXT, lo INTEGER, hi INTEGER, used_to INTEGER) STRICT;"
        "CREATE TABLE IF NOT EXISTS change(n INTEGER PRIMARY KEY, stream TEXT, item TEXT) STRICT;"
        "CREATE TABLE IF NOT EXISTS given(what TEXT, station TEXT, key TEXT, digest TEXT, answer "
        "TEXT,"
        " PRIMARY KEY(what)) STRICT;"
        "CREATE TABLE IF NOT EXISTS nonce(nonce TEXT PRIMARY KEY, at INTEGER) STRICT;";

static void die(sqlite3 *db, const char *sql)
{
	(void)fprintf(stderr, "platform: %s: %s\n", sql, sqlite3_errmsg(db));
	exit(3);
}

void plat_db_exec(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		die(db, sql);
}

sqlite3_stmt *plat_db_query(sqlite3 *db, const char *sql, ...)
{
	sqlite3_stmt *st = NULL;
	const char *text;
	va_list ap;

	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
		die(db, sql);
	va_start(ap, sql);
	for (int i = 1; (text = va_arg(ap, const char *)); i++)
		if (sqlite3_bind_text(st, i, text, -1, SQLITE_TRANSIENT) != SQLITE_OK)
			die(db, sql);
	va_end(ap);
	return st;
}

bool plat_db_step(sqlite3_stmt *st)
{
	int rc = sqlite3_step(st);

	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		die(sqlite3_db_handle(st), sqlite3_sql(st));
	return rc == SQLITE_ROW;
}

int64_t plat_db_int(sqlite3_stmt *st, int64_t none)
{
	int64_t v = none;

	if (plat_db_step(st) && sqlite3_column_type(st, 0) != SQLITE_NULL)
		v = sqlite3_column_int64(st, 0);
	(void)sqlite3_finalize(st);
	return v;
}

const char *plat_db_text(sqlite3_stmt *st, int column)
{
	const unsigned char *t = sqlite3_column_text(st, column);

	return t ? (const char *)t : "";
}

static bool copy(sqlite3 *to, sqlite3 *from)
{
	sqlite3_backup *b = sqlite3_backup_init(to, "main", from, "main");

	if (!b)
		die(to, "backup");
	(void)sqlite3_backup_step(b, -1);
	return sqlite3_backup_finish(b) == SQLITE_OK;
}

bool plat_db_backup(struct plat *p)
{
	(void)sqlite3_close(p->backup);
	p->backup = NULL;
	return sqlite3_open(":memory:", &p->backup) == SQLITE_OK && copy(p->backup, p->db);
}

bool plat_db_restore(struct plat *p, bool silent)
{
	struct yz_id id = yz_id_new(yz_clock_now(0).wall_ms);

	if (!p->backup || !copy(p->db, p->backup))
		return false;
	if (silent)
		return true;
	(void)plat_db_int(plat_db_query(p->db, "UPDATE meta SET value=? WHERE name='epoch'",
	                          yz_id_text(&id, p->epoch), NULL),
	        0);
	return true;
}

void plat_db_open(struct plat *p, const char *path)
{
	struct yz_id id = yz_id_new(yz_clock_now(0).wall_ms);
	sqlite3_stmt *st;

	if (sqlite3_open(path, &p->db) != SQLITE_OK)
		die(p->db, path);
	plat_db_exec(p->db, schema_sql);
	st = plat_db_query(p->db, "INSERT OR IGNORE INTO meta VALUES('epoch', ?)",
	        yz_id_text(&id, p->epoch), NULL);
	(void)plat_db_int(st, 0);
	st = plat_db_query(p->db, "SELECT value FROM meta WHERE name='epoch'", NULL);
	if (plat_db_step(st))
		(void)yz_copy(p->epoch, sizeof(p->epoch), plat_db_text(st, 0));
	(void)sqlite3_finalize(st);
}
