#include "config.h"

#include "store/guard.h"

#include "base/buf.h"
#include "base/file.h"
#include "store/db.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define REPLACING "replacing"

enum { MIB = 1 << 20, MARK_MAX = 4096 };

static bool in_folder(char *path, const char *dir, const char *name)
{
	return snprintf(path, PATH_MAX, "%s/%s", dir, name) < PATH_MAX;
}

static enum yz_status mark(
        const char *dir, const char *name, const char *what, struct yz_error *err)
{
	struct yz_buf text = YZ_BUF_INIT;
	char path[PATH_MAX];
	enum yz_status st = YZ_OK;

	if (in_folder(path, dir, name) && !yz_file_exists(path)) { /* the first finding stays */
		yz_buf_printf(&text, "%s\n", what);
		st = yz_file_write(path, text.data, text.len, 0660, err);
	}
	yz_buf_free(&text);
	return st;
}

static void clear(const char *dir, const char *name)
{
	char path[PATH_MAX];

	if (in_folder(path, dir, name))
		(void)unlink(path);
}

static bool is_marked(const char *dir, const char *name)
{
	char path[PATH_MAX];

	return in_folder(path, dir, name) && access(path, F_OK) == 0;
}

enum yz_status yz_damage_mark(const char *dir, const char *what, struct yz_error *err)
{
	return mark(dir, "damaged", what, err);
}

void yz_damage_clear(const char *dir)
{
	clear(dir, "damaged");
}

enum yz_status yz_replacing_mark(const char *dir, struct yz_error *err)
{
	return mark(
	        dir, REPLACING, "the database was being replaced: run the same command again", err);
}

void yz_replacing_clear(const char *dir)
{
	clear(dir, REPLACING);
}

bool yz_replacing_is_marked(const char *dir)
{
	return is_marked(dir, REPLACING);
}

bool yz_damage_read(const char *dir, char *what, size_t size)
{
	const char *name = is_marked(dir, REPLACING) ? REPLACING : "damaged";
	struct yz_buf text = YZ_BUF_INIT;
	char path[PATH_MAX];
	enum yz_status st;

	if (!is_marked(dir, name) || !in_folder(path, dir, name))
		return false;
	st = what ? yz_file_read_text(&text, path, MARK_MAX, NULL) : YZ_E_NOTFOUND;
	if (st == YZ_OK)
		text.data[strcspn(text.data, "\n")] = '\0';
	if (what)
		(void)yz_copy(what, size, st == YZ_OK ? text.data : "damaged");
	yz_buf_free(&text);
	return true;
}

bool yz_store_is_damaged(const struct yz_store *s, struct yz_error *why)
{
	if (!s->damage)
		return false;
	(void)yz_fail(why, YZ_E_CORRUPT, "%s", s->damage);
	if (why)
		why->say =
		        N_("The station's database is damaged. What is there can be read, nothing "
		           "new can be saved. Call the station owner: yizhanctl rescue.");
	return true;
}

enum yz_status yz_space_left(const char *dir, int64_t *bytes, struct yz_error *err)
{
	struct statvfs v;

	if (statvfs(dir, &v) != 0)
		return yz_fail(err, YZ_E_IO, "%s: %s", dir, strerror(errno));
	*bytes = (int64_t)v.f_bavail * (int64_t)v.f_frsize;
	return YZ_OK;
}

enum yz_status yz_space_check(const struct yz_store *s, struct yz_error *err)
{
	int64_t bytes = 0;
	enum yz_status st = yz_space_left(s->dir, &bytes, err);

	if (st != YZ_OK || bytes >= (int64_t)YZ_SPACE_MIN_MIB * MIB)
		return st;
	st = yz_fail(err, YZ_E_FULL, "%s: %" PRId64 " MiB free", s->dir, bytes / MIB);
	if (err)
		err->say =
		        N_("The disk is nearly full: take no new parcel and no money. What is "
		           "booked can still be sent and printed. Call the station owner to make "
		           "room.");
	return st;
}

enum yz_status yz_space_for_copies(
        const struct yz_store *s, int copies, const char *say, struct yz_error *err)
{
	struct stat sb;
	int64_t left = 0, want;
	enum yz_status st = yz_space_left(s->dir, &left, err);

	if (st != YZ_OK || stat(s->path, &sb) != 0)
		return st;
	want = copies * (int64_t)sb.st_size + (int64_t)YZ_SPACE_MIN_MIB * MIB;
	return left >= want ? YZ_OK
	                    : yz_fail_say(err, YZ_E_FULL, say,
	                              "%s: %" PRId64 " MiB free, %" PRId64 " wanted", s->dir,
	                              left / MIB, want / MIB);
}

void yz_ballast_keep(const char *dir)
{
	char path[PATH_MAX];
	struct stat sb;
	int64_t left = 0;
	int fd;

	if (!in_folder(path, dir, "ballast") ||
	        (stat(path, &sb) == 0 && sb.st_size == (off_t)YZ_BALLAST_MIB * MIB) ||
	        yz_space_left(dir, &left, NULL) != YZ_OK ||
	        left < (int64_t)(2 * YZ_SPACE_MIN_MIB + YZ_BALLAST_MIB) * MIB)
		return;
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0660);
	if (fd < 0)
		return; /* another user's file, a read-only disk: the next start tries again */
	(void)fchmod(fd, 0660);
	if (posix_fallocate(fd, 0, (off_t)YZ_BALLAST_MIB * MIB) != 0)
		(void)unlink(path); /* half a ballast is none */
	(void)close(fd);
}

void yz_ballast_drop(const char *dir)
{
	char path[PATH_MAX];

	if (in_folder(path, dir, "ballast"))
		(void)unlink(path);
}
