#include "config.h"

#include "store/rescue.h"

#include "base/buf.h"
#include "store/audit.h"
#include "store/db.h"
#include "store/outbox.h"
#include "store/restore.h"
#include "store/salvage.h"
#include "store/station.h"
#include "store/verify.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct job {
	struct yz_store *s, *damaged; /* damaged: NULL if it cannot even be opened */
	const struct yz_rescue *ask;
	struct yz_rescued got;
	bool numbers_sound, outbox_sound;
};

/* Rows of these are never changed once written: where two differ, the damaged one is wrong. */
static const char *const frozen[] = {
        "party", "line", "payment", "audit", "reference_text", "retention"};

static bool is_frozen(const char *table)
{
	for (size_t i = 0; i < sizeof(frozen) / sizeof(frozen[0]); i++)
		if (!strcmp(frozen[i], table))
			return true;
	return false;
}

static enum yz_status run(struct job *j, int64_t *rows, char *sql, struct yz_error *err)
{
	enum yz_status st = sql ? yz_db_exec(j->s, sql, err)
	                        : yz_fail(err, YZ_E_IO, "%s: out of memory", j->s->path);

	if (st == YZ_OK && rows)
		*rows += sqlite3_changes(j->s->db);
	sqlite3_free(sql);
	return st;
}

static enum yz_status copy_rows(struct job *j, const char *table, struct yz_error *err)
{
	struct yz_buf columns = YZ_BUF_INIT;
	enum yz_status st = YZ_OK;

	if (!j->ask->backup)
		return YZ_OK;
	yz_salvage_columns(j->s->db, j->s->db, "backup", table, &columns);
	if (columns.len)
		st = run(j, &j->got.from_backup,
		        sqlite3_mprintf("INSERT OR IGNORE INTO main.\"%w\"(%s) SELECT %s FROM"
		                        " backup.\"%w\"",
		                table, columns.data, columns.data, table),
		        err);
	yz_buf_free(&columns);
	return st;
}

/* One table: the damaged one's rows, and those that only the backup has. */
static enum yz_status fill_table(struct job *j, const char *table, struct yz_error *err)
{
	bool sound = j->damaged && yz_tally_fits(j->damaged, table);
	enum yz_status st;

	if (!sound) {
		j->got.unproved++;
		j->got.audit_broken = j->got.audit_broken || !strcmp(table, "audit");
		if (!strcmp(table, "pool") || !strcmp(table, "pool_number") ||
		        !strcmp(table, "counter"))
			j->numbers_sound = false;
		j->outbox_sound = j->outbox_sound && strcmp(table, "outbox") != 0;
	}
	/* what the schema's steps put into a fresh database is in the damaged one too */
	st = run(j, NULL, sqlite3_mprintf("DELETE FROM main.\"%w\"", table), err);
	if (st == YZ_OK && !sound && is_frozen(table))
		st = copy_rows(j, table, err);
	if (st == YZ_OK && j->damaged)
		st = yz_salvage(j->s, j->damaged, table, &j->got.rows, err);
	if (st == YZ_OK && !sound && !is_frozen(table))
		st = copy_rows(j, table, err);
	return st;
}

/* SQLite's SQL has no digest of its own. */
static void digest_of(sqlite3_context *c, int n, sqlite3_value **v)
{
	uint8_t digest[32];
	const void *bytes = sqlite3_value_blob(v[0]);

	(void)n;
	if (sqlite3_value_type(v[0]) == SQLITE_NULL)
		return;
	yz_digest(digest, bytes ? bytes : "", (size_t)sqlite3_value_bytes(v[0]));
	sqlite3_result_blob(c, digest, sizeof(digest), SQLITE_TRANSIENT);
}

/* Bodies are proved one by one by their digest: the damaged one's, else the backup's, else it is
 * lost, and the operation stands as refused. One that the platform has may lack its body. */
static enum yz_status prove_bodies(struct job *j, struct yz_error *err)
{
	enum yz_status st = run(j, NULL,
	        sqlite3_mprintf("DELETE FROM main.outbox_body WHERE body IS NOT NULL AND NOT EXISTS"
	                        " (SELECT 1 FROM main.outbox o WHERE o.seq = outbox_body.seq AND"
	                        " o.digest = yz_sha256(body)) OR body IS NULL AND seq NOT IN"
	                        " (SELECT seq FROM main.outbox WHERE state IN (1, 3))"),
	        err);

	if (st == YZ_OK && j->ask->backup)
		st = run(j, &j->got.from_backup,
		        sqlite3_mprintf("INSERT OR IGNORE INTO main.outbox_body(seq, body) SELECT"
		                        " o.seq, x.body FROM backup.outbox_body x JOIN main.outbox"
		                        " o ON o.seq = x.seq WHERE yz_sha256(x.body) = o.digest"),
		        err);
	if (st == YZ_OK)
		st = run(j, &j->got.bodies,
		        sqlite3_mprintf("UPDATE main.outbox SET state = 2, code ="
		                        " 'rescue-body-lost', reason = %Q, field = '' WHERE"
		                        " state NOT IN (1, 3) AND seq NOT IN (SELECT seq FROM"
		                        " main.outbox_body)",
		                j->ask->lost_say),
		        err);
	return st == YZ_OK ? run(j, NULL,
	                             sqlite3_mprintf("INSERT OR IGNORE INTO main.outbox_body(seq,"
	                                             " body) SELECT seq, NULL FROM main.outbox"),
	                             err)
	                   : st;
}

/* Reference texts too have their digest. */
static enum yz_status prove_references(struct job *j, struct yz_error *err)
{
	enum yz_status st = YZ_OK;

	if (j->ask->backup)
		st = run(j, &j->got.from_backup,
		        sqlite3_mprintf("INSERT OR REPLACE INTO main.reference_text SELECT x.* FROM"
		                        " backup.reference_text x JOIN main.reference r ON r.seq ="
		                        " x.seq JOIN main.reference_text t ON t.seq = x.seq WHERE"
		                        " yz_sha256(x.text) = r.digest"
		                        " AND yz_sha256(t.text) <> r.digest"),
		        err);
	return st == YZ_OK ? run(j, NULL,
	                             sqlite3_mprintf("DELETE FROM main.reference WHERE seq NOT IN"
	                                             " (SELECT t.seq FROM main.reference_text t"
	                                             " JOIN main.reference r ON r.seq = t.seq"
	                                             " WHERE yz_sha256(t.text) = r.digest)"),
	                             err)
	                   : st;
}

/* Rows whose parent is lost: nothing could show them. */
static enum yz_status drop_orphans(struct job *j, struct yz_error *err)
{
	sqlite3_stmt *q = NULL;
	enum yz_status st = YZ_OK;
	int rc = sqlite3_prepare_v2(j->s->db,
	        "SELECT format('DELETE FROM main.\"%w\" WHERE NOT EXISTS (SELECT 1 FROM "
	        "main.\"%w\" p"
	        " WHERE p.\"%w\" = main.\"%w\".\"%w\") AND \"%w\" IS NOT NULL', m.name,"
	        " f.\"table\", coalesce(f.\"to\", 'seq'), m.name, f.\"from\", f.\"from\")"
	        " FROM main.sqlite_schema m JOIN pragma_foreign_key_list(m.name) f"
	        " WHERE m.type = 'table'",
	        -1, &q, NULL);

	for (int pass = 0; pass < 2 && rc == SQLITE_OK; pass++) { /* a parent may go in the first */
		while (st == YZ_OK && sqlite3_step(q) == SQLITE_ROW)
			st = yz_db_exec(j->s, (const char *)sqlite3_column_text(q, 0), err);
		rc = sqlite3_reset(q);
	}
	if (st == YZ_OK && rc != SQLITE_OK)
		st = yz_db_fail(j->s, rc, err);
	(void)sqlite3_finalize(q);
	return st;
}

static enum yz_status fill_tables(struct job *j, struct yz_error *err)
{
	sqlite3_stmt *q = NULL;
	enum yz_status st = YZ_OK;
	int rc = sqlite3_prepare_v2(j->s->db,
	        "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT IN"
	        " ('tally') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
	        -1, &q, NULL);

	while (rc == SQLITE_OK && st == YZ_OK && sqlite3_step(q) == SQLITE_ROW)
		st = fill_table(j, (const char *)sqlite3_column_text(q, 0), err);
	if (rc != SQLITE_OK)
		st = yz_db_fail(j->s, rc, err);
	(void)sqlite3_finalize(q);
	if (st == YZ_OK)
		st = prove_bodies(j, err);
	if (st == YZ_OK)
		st = prove_references(j, err);
	return st == YZ_OK ? drop_orphans(j, err) : st;
}

static enum yz_status attach(
        struct job *j, const char *path, const char *name, struct yz_error *err)
{
	return run(j, NULL, sqlite3_mprintf("ATTACH %Q AS %s", path, name), err);
}

/* In one transaction of SQLite's own: the tally is counted anew at its end. */
static enum yz_status merge(struct job *j, struct yz_error *err)
{
	struct yz_station station;
	enum yz_status st = yz_db_exec(j->s, "BEGIN IMMEDIATE", err);
	struct yz_q q;
	int64_t version = 0;

	if (st != YZ_OK)
		return st;
	st = fill_tables(j, err);
	if (st == YZ_OK && yz_station_get(j->s, &station, NULL) != YZ_OK)
		st = yz_fail_say(err, YZ_E_NOTFOUND,
		        N_("Too little can be read out of the damaged database. Restore the newest "
		           "backup: yizhanctl restore FILE --key KEYFILE."),
		        "the station's profile is lost");
	q = yz_q_start(j->s, "PRAGMA main.user_version", st == YZ_OK ? err : NULL);
	if (st == YZ_OK)
		st = yz_q_value(&q, &version);
	else
		(void)yz_q_end(&q);
	if (st == YZ_OK)
		st = yz_tally_make(j->s, version, err);
	if (st == YZ_OK)
		st = yz_db_exec(j->s, "COMMIT", err);
	if (!sqlite3_get_autocommit(j->s->db))
		(void)yz_db_exec(j->s, "ROLLBACK", NULL); /* the first error is the one to tell */
	return st;
}

static enum yz_status settle(struct job *j, struct yz_error *err)
{
	struct yz_settled settled = {0, 0};
	struct yz_tx *tx = NULL;
	char detail[120];
	/* where only the last rows are gone the chain still holds, and goes on */
	bool anew = yz_audit_verify(j->s, NULL, NULL) != YZ_OK;
	enum yz_status st;

	(void)snprintf(detail, sizeof(detail), "unproved %" PRId64 " bodies %" PRId64 "%s",
	        j->got.unproved, j->got.bodies, j->got.audit_broken ? " audit" : "");
	st = yz_tx_begin(j->s, &j->ask->now, &tx, err);
	if (st == YZ_OK && anew)
		st = yz_audit_begin_anew(tx, err);
	if (st == YZ_OK && !j->outbox_sound) /* "confirmed" may be the damage */
		st = yz_outbox_resend(tx, 0, INT64_MAX, 0, &j->got.again, err);
	if (st == YZ_OK && (!j->numbers_sound || !j->ask->wal_whole))
		st = yz_store_settle(tx, NULL, "station.rescue", detail, &settled, err);
	else if (st == YZ_OK)
		st = yz_audit_add(tx, NULL, "station.rescue", "", detail, err);
	j->got.burned = settled.burned;
	if (st == YZ_OK)
		return yz_tx_commit(tx, err);
	yz_tx_rollback(tx);
	return st;
}

enum yz_status yz_store_rescue(struct yz_store *fresh, const struct yz_rescue *r,
        struct yz_rescued *out, struct yz_error *err)
{
	struct job j = {.s = fresh, .ask = r, .numbers_sound = true, .outbox_sound = true};
	enum yz_status st = yz_db_exec(fresh, "PRAGMA foreign_keys=OFF", err);

	(void)sqlite3_db_config(fresh->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	(void)sqlite3_create_function(fresh->db, "yz_sha256", 1,
	        SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, NULL, digest_of, NULL,
	        NULL);
	if (st == YZ_OK) /* one that cannot even be opened: then the backup is all there is */
		(void)yz_store_open_file(&j.damaged, r->damaged, NULL);
	if (st == YZ_OK && r->backup)
		st = attach(&j, r->backup, "backup", err);
	if (st == YZ_OK)
		st = merge(&j, err);
	yz_store_close(j.damaged);
	if (r->backup) /* gone with the connection at the latest */
		(void)yz_db_exec(fresh, "DETACH backup", NULL);
	(void)sqlite3_db_config(fresh->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 1, NULL);
	if (st == YZ_OK)
		st = yz_db_exec(fresh, "PRAGMA foreign_keys=ON", err);
	if (st == YZ_OK)
		st = settle(&j, err);
	if (st == YZ_OK)
		st = yz_store_verify(fresh, err);
	if (st == YZ_OK)
		*out = j.got;
	return st;
}
