#include "config.h"

#include "store/store.h"

#include "base/buf.h"
#include "base/file.h"
#include "store/db.h"
#include "store/guard.h"
#include "store/lock.h"
#include "store/migrate.h"
#include "store/verify.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DIR_MODE = 02770, FILE_MODE = 0660, CHECK_ALWAYS = 64 << 20 };

static char *join(const char *dir, const char *name)
{
	struct yz_buf path = YZ_BUF_INIT;

	yz_buf_printf(&path, "%s/%s", dir, name);
	return path.data;
}

static enum yz_status absent(const char *path, struct yz_error *err)
{
	enum yz_status st = yz_fail(err, YZ_E_NOTFOUND, "%s: %s", path, strerror(ENOENT));

	if (err)
		err->say = N_("There is no station in this folder: set one up with yizhanctl init, "
		              "or name its configuration with -c.");
	return st;
}

/* Opens or makes a file that the station's group may write whatever the umask. */
static enum yz_status open_file(const char *path, bool create, int *fd, struct yz_error *err)
{
	int got = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);

	if (got < 0 && errno == ENOENT && create) {
		got = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, FILE_MODE);
		if (got >= 0)
			(void)fchmod(got, FILE_MODE);
	}
	if (got < 0 && errno == ENOENT)
		return absent(path, err);
	if (got < 0)
		return yz_fail(err, errno == ENOSPC ? YZ_E_FULL : YZ_E_IO, "%s: %s", path,
		        strerror(errno));
	*fd = got;
	return YZ_OK;
}

/* Makes the database file if it may, and looks at one that is there without opening it: a close
 * drops every POSIX lock of this process on the file, also of another open store, and a foreign
 * program would then take the WAL away from under it. */
static enum yz_status make_db_file(const struct yz_store *s, bool create, struct yz_error *err)
{
	int fd = create ? open(s->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE) : -1;
	struct stat sb;

	if (fd >= 0) {
		(void)fchmod(fd, FILE_MODE);
		(void)close(fd); /* new: nobody has it open yet */
		return YZ_OK;
	}
	if ((!create || errno == EEXIST) && lstat(s->path, &sb) == 0) {
		if (S_ISREG(sb.st_mode) && access(s->path, R_OK | W_OK) == 0)
			return YZ_OK;
		if (!S_ISREG(sb.st_mode))
			errno = S_ISLNK(sb.st_mode) ? ELOOP : EINVAL;
	}
	if (errno == ENOENT && !create)
		return absent(s->path, err);
	return yz_fail(
	        err, errno == ENOSPC ? YZ_E_FULL : YZ_E_IO, "%s: %s", s->path, strerror(errno));
}

/* Shares DIR/use.lock as long as the store is open: who replaces the database must have it alone.
 */
static enum yz_status open_use(struct yz_store *s, struct yz_error *err)
{
	char *path = join(s->dir, "use.lock");
	enum yz_status st = YZ_OK;

	if (s->flags & YZ_STORE_READONLY)
		s->use_fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW); /* none: never used */
	else
		st = open_file(path, true, &s->use_fd, err);
	if (st == YZ_OK && s->use_fd >= 0)
		st = yz_lock_share(s->use_fd, err);
	free(path);
	return st;
}

static enum yz_status make_folder(const char *dir, struct yz_error *err)
{
	if (mkdir(dir, DIR_MODE & 0777) == 0)
		(void)chmod(dir, DIR_MODE); /* setgid may be refused to one outside the group: then
		                               it is not shared */
	else if (errno != EEXIST)
		return yz_fail(
		        err, errno == ENOSPC ? YZ_E_FULL : YZ_E_IO, "%s: %s", dir, strerror(errno));
	return YZ_OK;
}

static enum yz_status open_files(struct yz_store *s, struct yz_error *err)
{
	bool create = s->flags & YZ_STORE_CREATE;
	enum yz_status st = create ? make_folder(s->dir, err) : YZ_OK;
	char *lock = join(s->dir, "write.lock");

	if (st == YZ_OK && s->flags & YZ_STORE_READONLY)
		st = access(s->path, R_OK) == 0 ? YZ_OK
		     : errno == ENOENT          ? absent(s->path, err)
		                       : yz_fail(err, YZ_E_IO, "%s: %s", s->path, strerror(errno));
	else if (st == YZ_OK)
		st = make_db_file(s, create, err);
	if (st == YZ_OK)
		st = open_use(s, err);
	if (st == YZ_OK && !(s->flags & YZ_STORE_READONLY))
		st = open_file(lock, true, &s->lock_fd, err);
	free(lock);
	return st;
}

static enum yz_status open_db(struct yz_store *s, struct yz_error *err)
{
	int mode = s->flags & YZ_STORE_READONLY ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
	int rc = s->flags & YZ_STORE_READONLY ? SQLITE_OK : yz_gather_make(&s->gather);

	if (rc == SQLITE_OK) /* a reader has no name, so the default VFS */
		rc = sqlite3_open_v2(
		        s->path, &s->db, mode | SQLITE_OPEN_NOMUTEX, s->gather.vfs.zName);
	if (rc != SQLITE_OK)
		return yz_db_fail(s, rc, err);
	(void)sqlite3_extended_result_codes(s->db, 1);
	(void)sqlite3_busy_timeout(
	        s->db, YZ_LOCK_MS); /* a backstop: the write lock keeps writers apart */
	(void)sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	(void)sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	yz_tally_watch(s);
	return yz_db_exec(s,
	        "PRAGMA synchronous=FULL; PRAGMA cache_size=-256; PRAGMA"
	        " foreign_keys=ON; PRAGMA mmap_size=0; PRAGMA trusted_schema=OFF",
	        err);
}

static enum yz_status bound_wal(struct yz_store *s, struct yz_error *err)
{
	struct yz_q q = yz_q_start(s, "PRAGMA page_size", err);
	int64_t page = YZ_PAGE;
	enum yz_status st = yz_q_value(&q, &page);

	if (st == YZ_OK)
		(void)sqlite3_wal_autocheckpoint(
		        s->db, (int)((int64_t)YZ_WAL_MIB * (1 << 20) / page));
	return st;
}

void yz_db_obey(struct yz_store *s)
{
	char what[YZ_ERROR_TEXT_MAX];

	if (s->flags & YZ_STORE_READONLY || !yz_damage_read(s->dir, what, sizeof(what)))
		return;
	s->damage = yz_strdup(what);
	s->flags |= YZ_STORE_READONLY;
}

void yz_db_damaged(struct yz_store *s, const char *what)
{
	if (s->flags & YZ_STORE_READONLY)
		return;
	(void)yz_damage_mark(s->dir, what, NULL); /* the disk is bad: may fail too */
	s->damage = yz_strdup(what);
	s->flags |= YZ_STORE_READONLY;
}

/* What becomes of an open when the database may be damaged. */
static enum yz_status may_go_on(const struct yz_store *s, struct yz_error *err)
{
	return s->flags & YZ_STORE_LOOK || !yz_store_is_damaged(s, err) ? YZ_OK : YZ_E_CORRUPT;
}

/* A big database is checked by the first program after a boot, a small one by each. */
static bool wants_check(const struct yz_store *s, char *stamp)
{
	struct yz_buf text = YZ_BUF_INIT;
	struct yz_now now = yz_clock_now(0);
	struct stat sb;
	bool wants;

	(void)snprintf(stamp, PATH_MAX, "%.4000s/run/checked", s->dir);
	wants = !(s->flags & YZ_STORE_READONLY) &&
	        (stat(s->path, &sb) != 0 || sb.st_size < CHECK_ALWAYS || !*now.boot_id ||
	                yz_file_read_text(&text, stamp, sizeof(now.boot_id), NULL) != YZ_OK ||
	                strcmp(text.data, now.boot_id) != 0);
	yz_buf_free(&text);
	return wants;
}

static enum yz_status check_start(struct yz_store *s, struct yz_error *err)
{
	char stamp[PATH_MAX];
	struct yz_now now = yz_clock_now(0);
	struct yz_error why = {0};
	enum yz_status st;

	if (!(s->flags & YZ_STORE_CHECK) || !wants_check(s, stamp))
		return YZ_OK;
	yz_ballast_keep(s->dir);
	st = yz_store_check_start(s, &why);
	if (st == YZ_OK) /* no folder run/ yet: then the next one checks again */
		(void)yz_file_write(stamp, now.boot_id, strlen(now.boot_id), 0660, NULL);
	if (st == YZ_E_CORRUPT)
		yz_db_damaged(s, why.text);
	/* busy, a passing fault: it was not checked, so the next program does it */
	return may_go_on(s, err);
}

static struct yz_store *new_store(const char *dir, char *path, unsigned flags)
{
	struct yz_store *s = yz_alloc(sizeof(*s));

	s->dir = yz_strdup(dir);
	s->path = path;
	s->flags = flags;
	s->lock_fd = s->use_fd = -1;
	s->lock_ms = YZ_LOCK_MS;
	return s;
}

static enum yz_status give(struct yz_store *s, enum yz_status st, struct yz_store **out)
{
	if (st == YZ_OK)
		*out = s;
	else
		yz_store_close(s);
	return st;
}

static enum yz_status start_libraries(struct yz_error *err)
{
	/* nobody asks how much memory SQLite has, and each malloc would pay; refused after the
	 * first store was opened */
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	return sodium_init() < 0 ? yz_fail(err, YZ_E_IO, "libsodium gives no random numbers")
	                         : YZ_OK;
}

enum yz_status yz_store_open(
        struct yz_store **out, const char *dir, unsigned flags, struct yz_error *err)
{
	struct yz_store *s = new_store(dir, join(dir, "station.db"), flags);
	size_t count;
	const char *const *steps = yz_migrations(&count);
	enum yz_status st = start_libraries(err);

	yz_db_obey(s);
	if (st == YZ_OK)
		st = may_go_on(s, err);
	if (st == YZ_OK)
		st = open_files(s, err);
	if (st == YZ_OK)
		st = open_db(s, err);
	if (st == YZ_OK)
		st = yz_migrate(s, steps, count, err);
	if (st == YZ_OK)
		st = bound_wal(s, err);
	if (st == YZ_OK)
		st = check_start(s, err);
	return give(s, st, out);
}

enum yz_status yz_store_open_file(struct yz_store **out, const char *path, struct yz_error *err)
{
	const char *slash = strrchr(path, '/');
	char *dir = slash ? strndup(path, (size_t)(slash - path) + 1) : yz_strdup(".");
	struct yz_store *s = new_store(dir ? dir : "", yz_strdup(path), YZ_STORE_READONLY);
	size_t count, version;
	enum yz_status st = start_libraries(err);

	free(dir);
	(void)yz_migrations(&count);
	if (st == YZ_OK && access(path, R_OK) != 0)
		st = yz_fail(err, errno == ENOENT ? YZ_E_NOTFOUND : YZ_E_IO, "%s: %s", path,
		        strerror(errno));
	if (st == YZ_OK)
		st = open_db(s, err);
	if (st == YZ_OK)
		st = yz_migrate_version(s, count, &version, err);
	return give(s, st, out);
}

void yz_store_close(struct yz_store *s)
{
	if (!s)
		return;
	if (s->tx.open)
		yz_tx_rollback(&s->tx);
	for (int i = 0; i < s->kept_count; i++)
		(void)sqlite3_finalize(s->kept[i].stmt);
	(void)sqlite3_close(s->db);
	yz_gather_free(&s->gather);
	if (s->lock_fd >= 0)
		(void)close(s->lock_fd);
	if (s->use_fd >= 0)
		(void)close(s->use_fd);
	yz_buf_free(&s->tally.row);
	free(s->damage);
	free(s->path);
	free(s->dir);
	free(s);
}

const char *yz_store_dir(const struct yz_store *s)
{
	return s->dir;
}

int64_t yz_store_version(struct yz_store *s)
{
	struct yz_q q = yz_q_start(s, "PRAGMA data_version", NULL);
	int64_t n = 0;

	(void)yz_q_value(&q, &n); /* unreadable: as if nothing had changed; the next read tells */
	return n;
}
