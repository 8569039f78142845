#include "config.h"

#include "store/migrate.h"

#include "base/file.h"
#include "store/guard.h"
#include "store/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "store/migrations.inc"

#define OLDER \
	N_("The database is older than this program. Start yizhan once to bring it up to date.")

const char *const *yz_migrations(size_t *count)
{
	*count = sizeof(migrations) / sizeof(migrations[0]);
	return migrations;
}

/* Not one of the kept statements: a schema change would only have them prepared again. */
static enum yz_status pragma(struct yz_store *s, const char *sql, int64_t *n, struct yz_error *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(s->db, sql, -1, &stmt, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW)
		*n = sqlite3_column_int64(stmt, 0);
	(void)sqlite3_finalize(stmt);
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? YZ_OK : yz_db_fail(s, rc, err);
}

enum yz_status yz_migrate_version(
        struct yz_store *s, size_t count, size_t *version, struct yz_error *err)
{
	int64_t n = 0, app = 0;
	enum yz_status st = pragma(s, "PRAGMA user_version", &n, err);

	if (st == YZ_OK)
		st = pragma(s, "PRAGMA application_id", &app, err);
	if (st != YZ_OK)
		return st;
	if (n < 0 || (n > 0 && app != 2054842479))
		return yz_fail(err, YZ_E_CORRUPT, "%s: not a database of yizhan", s->path);
	if ((uint64_t)n > count)
		return yz_fail(err, YZ_E_VERSION, "%s: version %" PRId64 ", this program knows %zu",
		        s->path, n, count);
	/* else a file that lost its content would become a new, empty station */
	if (n == 0 && !(s->flags & YZ_STORE_CREATE))
		return yz_fail(err, YZ_E_CORRUPT, "%s: empty, not a database of yizhan", s->path);
	*version = (size_t)n;
	return YZ_OK;
}

static enum yz_status copy_first(struct yz_store *s, size_t version, struct yz_error *err)
{
	char path[PATH_MAX];
	sqlite3_stmt *stmt = NULL;
	int fd, rc;
	/* the copy, and the log of the steps, which may write every row anew */
	enum yz_status room = yz_space_for_copies(s, 2,
	        N_("There is too little room on the disk to bring the database up to date: make "
	           "room, then start again."),
	        err);

	if (room != YZ_OK)
		return room;
	if (snprintf(path, sizeof(path), "%s.v%zu", s->path, version) >= (int)sizeof(path))
		return yz_fail(err, YZ_E_RANGE, "%s: the path is too long", s->path);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0660);
	if (fd < 0)
		return yz_fail(err, YZ_E_IO, "%s: %s", path, strerror(errno));
	(void)close(fd);
	rc = sqlite3_prepare_v2(s->db, "VACUUM INTO ?", -1, &stmt, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_bind_text(stmt, 1, path, -1, SQLITE_STATIC);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	if (rc != SQLITE_DONE) {
		enum yz_status st = yz_db_fail(s, rc, err);

		(void)sqlite3_finalize(stmt);
		return st;
	}
	(void)sqlite3_finalize(stmt);
	return yz_file_sync(path, err);
}

/* A column that was added with a default stands in no older row, and SQLite tells the tally of such
 * a row without it: the rows are written anew, whatever the triggers say. */
static enum yz_status fill_rows(struct yz_store *s, struct yz_error *err)
{
	sqlite3_stmt *stmt = NULL;
	enum yz_status st = YZ_OK;
	int rc = sqlite3_prepare_v2(s->db,
	        "SELECT DISTINCT format('UPDATE \"%w\" SET \"%w\" = \"%w\"', m.name, c.name, "
	        "c.name)"
	        " FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'"
	        " AND c.dflt_value IS NOT NULL GROUP BY m.name",
	        -1, &stmt, NULL);

	if (rc != SQLITE_OK)
		return yz_db_fail(s, rc, err);
	(void)sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	while (st == YZ_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW)
		st = yz_db_exec(s, (const char *)sqlite3_column_text(stmt, 0), err);
	(void)sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 1, NULL);
	if (st == YZ_OK && rc != SQLITE_DONE)
		st = yz_db_fail(s, rc, err);
	(void)sqlite3_finalize(stmt);
	return st;
}

static enum yz_status step(
        struct yz_store *s, const char *sql, size_t version, struct yz_error *err)
{
	char done[64];
	enum yz_status st = yz_db_exec(s, "BEGIN IMMEDIATE", err);

	if (st != YZ_OK)
		return st;
	(void)snprintf(done, sizeof(done), "PRAGMA user_version=%zu; COMMIT", version);
	st = yz_db_exec(s, sql, err);
	if (st == YZ_OK)
		st = fill_rows(s, err);
	if (st == YZ_OK)
		st = yz_tally_make(s, (int64_t)version, err);
	if (st == YZ_OK)
		st = yz_db_exec(s, done, err);
	if (st != YZ_OK && !sqlite3_get_autocommit(s->db))
		(void)yz_db_exec(s, "ROLLBACK", NULL); /* the first error is the one to tell */
	return st;
}

/* A booking changes a few hundred bytes on each of some 30 pages, and all of each goes through the
 * log: small pages are cheaper, down to where a body no longer fits on one. */
static enum yz_status make_new(struct yz_store *s, struct yz_error *err)
{
	char sql[64];

	(void)snprintf(sql, sizeof(sql), "PRAGMA page_size=%d; PRAGMA journal_mode=WAL", YZ_PAGE);
	return yz_db_exec(s, sql, err);
}

enum yz_status yz_migrate(
        struct yz_store *s, const char *const *steps, size_t count, struct yz_error *err)
{
	size_t version = 0;
	enum yz_status st = yz_migrate_version(s, count, &version, err);

	if (st != YZ_OK || version == count)
		return st;
	if (s->flags & YZ_STORE_READONLY) {
		st = yz_fail(
		        err, YZ_E_VERSION, "%s: version %zu, opened read-only", s->path, version);
		if (err)
			err->say = OLDER;
		return st;
	}
	st = yz_lock_take(s->lock_fd, s->lock_ms, err);
	if (st != YZ_OK)
		return st;
	st = yz_migrate_version(s, count, &version, err); /* another may have been faster */
	if (st == YZ_OK && version == 0)
		st = make_new(s, err);
	if (st == YZ_OK && version > 0 && version < count)
		st = yz_tally_check(s, err); /* the new tally would call any damage sound */
	if (st == YZ_OK && version > 0 && version < count)
		st = copy_first(s, version, err);
	for (; st == YZ_OK && version < count; version++)
		st = step(s, steps[version], version + 1, err);
	yz_lock_release(s->lock_fd);
	return st;
}
