#include "config.h"

#include "store/backup.h"

#include "base/buf.h"
#include "base/file.h"
#include "store/db.h"
#include "store/guard.h"
#include "store/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { STEP_PAGES = 256, PAUSE_MS = 2, KEPT_MAX = 1000 };

static enum yz_status fail_at(const char *path, struct yz_error *err)
{
	return yz_fail(err, errno == ENOSPC ? YZ_E_FULL : YZ_E_IO, "%s: %s", path, strerror(errno));
}

static void pause_a_little(void)
{
	const struct timespec ts = {0, PAUSE_MS * 1000000L};

	(void)nanosleep(&ts, NULL);
}

/* The source is in one read transaction all the while, so that no writer makes it start again. */
static enum yz_status copy_pages(struct yz_store *s, sqlite3 *to, struct yz_error *err)
{
	sqlite3_backup *b = sqlite3_backup_init(to, "main", s->db, "main");
	int rc = b ? SQLITE_OK : sqlite3_errcode(to);

	while (b && (rc = sqlite3_backup_step(b, STEP_PAGES)) == SQLITE_OK)
		pause_a_little();
	if (b && sqlite3_backup_finish(b) != SQLITE_OK && rc == SQLITE_DONE)
		rc = sqlite3_errcode(to);
	if (rc == SQLITE_DONE)
		return YZ_OK;
	return yz_fail(err,
	        rc == SQLITE_FULL                             ? YZ_E_FULL
	        : rc == SQLITE_CORRUPT || rc == SQLITE_NOTADB ? YZ_E_CORRUPT
	                                                      : YZ_E_IO,
	        "%s: copying: %s", s->path, sqlite3_errstr(rc));
}

enum yz_status yz_backup_copy(struct yz_store *s, const char *path, struct yz_error *err)
{
	sqlite3 *to = NULL;
	bool view;
	int fd;
	/* a backup must not be what fills the disk: one copy plain, one sealed */
	enum yz_status st = yz_space_for_copies(
	        s, 2, N_("There is too little room on the disk for a backup."), err);

	if (st != YZ_OK)
		return st;
	(void)unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return fail_at(path, err);
	(void)close(fd);
	if (sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
		st = yz_fail(err, YZ_E_IO, "%s: %s", path, sqlite3_errmsg(to));
	view = yz_view_begin(s);
	if (st == YZ_OK) /* a snapshot begins with the first read */
		st = yz_db_exec(s, "SELECT 1 FROM sqlite_schema LIMIT 1", err);
	(void)sqlite3_exec(to, "PRAGMA synchronous=OFF", NULL, NULL, NULL);
	if (st == YZ_OK)
		st = copy_pages(s, to, err);
	yz_view_end(s, view);
	(void)sqlite3_close(to);
	if (st != YZ_OK)
		(void)unlink(path);
	return st;
}

enum yz_status yz_store_fold(struct yz_store *s, struct yz_error *err)
{
	int rc;
	enum yz_status st = yz_lock_take(s->lock_fd, s->lock_ms, err);

	if (st != YZ_OK)
		return st;
	rc = sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	if (rc != SQLITE_OK)
		st = yz_db_fail(s, rc, err);
	yz_lock_release(s->lock_fd);
	return st;
}

/* What a replacement moves about, as paths; kept is one of the numbered names. */
struct swap {
	char db[PATH_MAX], wal[PATH_MAX + 8], kept[PATH_MAX], kept_wal[PATH_MAX + 8];
};

static void name_files(struct swap *w, const char *dir)
{
	(void)snprintf(w->db, sizeof(w->db), "%.4000s/station.db", dir);
	(void)snprintf(w->wal, sizeof(w->wal), "%s-wal", w->db);
}

static void name_kept(struct swap *w, int n)
{
	(void)snprintf(w->kept, sizeof(w->kept), "%.4050s.kept-%d", w->db, n);
	(void)snprintf(w->kept_wal, sizeof(w->kept_wal), "%s-wal", w->kept);
}

/* True if the kept file is another name of the database: a replacement was cut off before the new
 * one took its place. */
static bool is_same_file(const struct swap *w)
{
	struct stat a, b;

	return lstat(w->db, &a) == 0 && lstat(w->kept, &b) == 0 && a.st_dev == b.st_dev &&
	       a.st_ino == b.st_ino;
}

/* The kept name of a replacement that was cut off, else the first that is free. */
static void choose_kept(struct swap *w)
{
	int free_at = 0;

	for (int i = 1; i < KEPT_MAX; i++) {
		name_kept(w, i);
		if (is_same_file(w))
			return;
		if (!free_at && access(w->kept, F_OK) != 0 && access(w->kept_wal, F_OK) != 0)
			free_at = i;
	}
	name_kept(w, free_at ? free_at : KEPT_MAX);
}

/* The database lacks what was in its WAL, and nothing in it would tell: back with it. An empty one
 * is what a reader leaves. */
static enum yz_status undo_half(const char *dir, struct yz_error *err)
{
	struct swap w = {.db = ""};
	struct stat sb;

	name_files(&w, dir);
	choose_kept(&w);
	if (!is_same_file(&w) || access(w.kept_wal, F_OK) != 0 ||
	        (stat(w.wal, &sb) == 0 && sb.st_size > 0))
		return YZ_OK;
	if (rename(w.kept_wal, w.wal) != 0)
		return fail_at(w.kept_wal, err);
	return yz_file_sync(dir, err);
}

enum yz_status yz_swap_begin(const char *dir, int *fd, struct yz_error *err)
{
	char path[PATH_MAX];
	enum yz_status st;
	int got;

	(void)snprintf(path, sizeof(path), "%.4000s/use.lock", dir);
	got = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0660);
	if (got < 0)
		return fail_at(path, err);
	(void)fchmod(got, 0660);
	st = yz_lock_alone(got, err);
	if (st == YZ_E_BUSY && err)
		err->say = N_("Programs of the station still run: have all clerks sign off, stop "
		              "yizhan-sync and yizhan-print, then try again.");
	if (st == YZ_OK)
		st = undo_half(dir, err);
	if (st == YZ_OK)
		*fd = got;
	else
		(void)close(got);
	return st;
}

void yz_swap_end(int fd)
{
	if (fd >= 0)
		(void)close(fd);
}

/* kept gets the name, "" if there is nothing to keep. A WAL without its database too goes aside: it
 * would fill the new one with its pages. */
static enum yz_status keep_old(const struct swap *w, char *kept, struct yz_error *err)
{
	bool there = access(w->db, F_OK) == 0;

	*kept = '\0';
	if (there && !is_same_file(w) && link(w->db, w->kept) != 0)
		return fail_at(w->kept, err);
	if (rename(w->wal, w->kept_wal) != 0 && errno != ENOENT)
		return fail_at(w->kept_wal, err);
	if (there)
		(void)yz_copy(kept, PATH_MAX, w->kept);
	return YZ_OK;
}

static enum yz_status put_in_place(
        const struct swap *w, const char *dir, const char *fresh, struct yz_error *err)
{
	char shm[PATH_MAX + 8];
	enum yz_status st = yz_file_sync(dir, err); /* the new one must not meet the old WAL */

	if (st != YZ_OK)
		return st;
	(void)snprintf(shm, sizeof(shm), "%s-shm", w->db);
	(void)unlink(shm);
	(void)chmod(fresh, 0660);
	return rename(fresh, w->db) == 0 ? yz_file_sync(dir, err) : fail_at(w->db, err);
}

enum yz_status yz_swap_in(const char *dir, const char *fresh, char *kept, struct yz_error *err)
{
	struct swap w = {.db = ""};
	enum yz_status st = yz_replacing_mark(dir, err);

	name_files(&w, dir);
	choose_kept(&w);
	if (st == YZ_OK)
		st = yz_file_sync(fresh, err);
	if (st == YZ_OK)
		st = keep_old(&w, kept, err);
	if (st == YZ_OK)
		st = put_in_place(&w, dir, fresh, err);
	if (st != YZ_OK)
		return st;
	yz_damage_clear(dir);
	yz_replacing_clear(dir);
	return YZ_OK;
}
