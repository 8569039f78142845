#include "config.h"

#include "store/store.h"

#include "base/buf.h"
#include "store/db.h"
#include "store/migrate.h"

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

enum { DIR_MODE = 02770, FILE_MODE = 0660 };

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
	int fd = -1;

	if (st == YZ_OK && s->flags & YZ_STORE_READONLY)
		st = access(s->path, R_OK) == 0 ? YZ_OK
		     : errno == ENOENT          ? absent(s->path, err)
		                       : yz_fail(err, YZ_E_IO, "%s: %s", s->path, strerror(errno));
	else if (st == YZ_OK)
		st = open_file(s->path, create, &fd, err);
	if (fd >= 0)
		(void)close(
		        fd); /* before SQLite opens it: a close drops the process's POSIX locks */
	if (st == YZ_OK && !(s->flags & YZ_STORE_READONLY))
		st = open_file(lock, true, &s->lock_fd, err);
	free(lock);
	return st;
}

static enum yz_status open_db(struct yz_store *s, struct yz_error *err)
{
	int mode = s->flags & YZ_STORE_READONLY ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
	int rc = sqlite3_open_v2(s->path, &s->db, mode | SQLITE_OPEN_NOMUTEX, NULL);

	if (rc != SQLITE_OK)
		return yz_db_fail(s, rc, err);
	(void)sqlite3_extended_result_codes(s->db, 1);
	(void)sqlite3_busy_timeout(
	        s->db, YZ_LOCK_MS); /* a backstop: the write lock keeps writers apart */
	(void)sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	(void)sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	return yz_db_exec(s,
	        "PRAGMA synchronous=FULL; PRAGMA cache_size=-256; PRAGMA"
	        " foreign_keys=ON; PRAGMA mmap_size=0;PRAGMA trusted_schema=OFF;"
	        " PRAGMA wal_autocheckpoint=1000",
	        err);
}

enum yz_status yz_store_open(
        struct yz_store **out, const char *dir, unsigned flags, struct yz_error *err)
{
	struct yz_store *s = yz_alloc(sizeof(*s));
	const char *const *steps;
	size_t count;
	enum yz_status st = YZ_OK;

	s->dir = yz_strdup(dir);
	s->path = join(dir, "station.db");
	s->flags = flags;
	s->lock_fd = -1;
	s->lock_ms = YZ_LOCK_MS;
	if (sodium_init() < 0)
		st = yz_fail(err, YZ_E_IO, "libsodium gives no random numbers");
	if (st == YZ_OK)
		st = open_files(s, err);
	if (st == YZ_OK)
		st = open_db(s, err);
	steps = yz_migrations(&count);
	if (st == YZ_OK)
		st = yz_migrate(s, steps, count, err);
	if (st == YZ_OK)
		*out = s;
	else
		yz_store_close(s);
	return st;
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
	if (s->lock_fd >= 0)
		(void)close(s->lock_fd);
	free(s->path);
	free(s->dir);
	free(s);
}

const char *yz_store_dir(const struct yz_store *s)
{
	return s->dir;
}

static enum yz_status check_pages(struct yz_store *s, struct yz_error *err)
{
	struct yz_q q = yz_q_start(s, "PRAGMA quick_check(1)", err);
	char text[200] = "";

	if (yz_q_next(&q))
		yz_q_get_text(&q, text, sizeof(text));
	if (q.st == YZ_OK && strcmp(text, "ok") != 0)
		q.st = yz_fail(err, YZ_E_CORRUPT, "%s: %s", s->path, text);
	return yz_q_end(&q);
}

static enum yz_status check_bodies(struct yz_store *s, struct yz_error *err)
{
	struct yz_q q = yz_q_start(s,
	        "SELECT o.id, o.digest, b.body FROM outbox o LEFT"
	        " JOIN outbox_body b ON b.seq = o.seq WHERE b.seq IS NULL"
	        " OR b.body IS NOT NULL",
	        err);

	while (yz_q_next(&q)) {
		struct yz_id id;
		char text[YZ_ID_TEXT_SIZE];
		uint8_t digest[32];
		size_t body_len, digest_len;
		const void *want, *body;

		yz_q_get_id(&q, &id);
		want = yz_q_get_bytes(&q, &digest_len);
		body = yz_q_get_bytes(&q, &body_len);
		yz_digest(digest, body, body ? body_len : 0);
		if (!body || digest_len != sizeof(digest) ||
		        memcmp(want, digest, sizeof(digest)) != 0)
			q.st = yz_fail(err, YZ_E_CORRUPT, "%s: the body of operation %s is damaged",
			        s->path, yz_id_text(&id, text));
	}
	return yz_q_end(&q);
}

enum yz_status yz_store_check(struct yz_store *s, struct yz_error *err)
{
	enum yz_status st = check_pages(s, err);

	return st == YZ_OK ? check_bodies(s, err) : st;
}

int64_t yz_store_version(struct yz_store *s)
{
	struct yz_q q = yz_q_start(s, "PRAGMA data_version", NULL);
	int64_t n = 0;

	(void)yz_q_value(&q, &n); /* unreadable: as if nothing had changed; the next read tells */
	return n;
}
