#include "config.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum yz_status yz_file_read(
        struct yz_buf *out, const char *path, size_t max_bytes, struct yz_error *err)
{
	char chunk[65536];
	enum yz_status st = YZ_OK;
	ssize_t n;
	int fd = strcmp(path, "-") ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;

	if (fd < 0)
		return yz_fail(err, errno == ENOENT ? YZ_E_NOTFOUND : YZ_E_IO, "%s: %s", path,
		        strerror(errno));
	yz_buf_clear(out);
	while ((n = read(fd, chunk, sizeof(chunk))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			st = yz_fail(err, YZ_E_IO, "%s: %s", path, strerror(errno));
			break;
		}
		if (out->len + (size_t)n > max_bytes) {
			st = yz_fail(err, YZ_E_RANGE, "%s: longer than %zu bytes", path, max_bytes);
			break;
		}
		yz_buf_add(out, chunk, (size_t)n);
	}
	if (fd != STDIN_FILENO)
		(void)close(fd);
	return st;
}

enum yz_status yz_file_read_text(
        struct yz_buf *out, const char *path, size_t max_bytes, struct yz_error *err)
{
	enum yz_status st = yz_file_read(out, path, max_bytes, err);
	const char *nul;
	size_t line = 1;

	if (st != YZ_OK)
		return st;
	yz_buf_puts(out, "");
	nul = memchr(out->data, '\0', out->len);
	if (!nul)
		return YZ_OK;
	for (const char *p = out->data; p < nul; p++)
		line += *p == '\n';
	return yz_fail(err, YZ_E_PARSE, "%s:%zu: a NUL byte: this is no text file", path, line);
}

static bool write_all(int fd, const char *p, size_t len)
{
	while (len) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		p += n;
		len -= (size_t)n;
	}
	return true;
}

/* A rename would put a plain file in the place of /dev/null or of a pipe. */
static bool is_special(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

static enum yz_status fail_io(const char *path, struct yz_error *err)
{
	return yz_fail(err,
	        errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? YZ_E_FULL : YZ_E_IO,
	        "%s: %s", path, strerror(errno));
}

static enum yz_status write_special(
        const char *path, const void *bytes, size_t len, struct yz_error *err)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	enum yz_status st = YZ_OK;

	if (fd < 0 || !write_all(fd, bytes, len))
		st = fail_io(path, err);
	if (fd >= 0)
		(void)close(fd);
	return st;
}

enum yz_status yz_file_sync(const char *path, struct yz_error *err)
{
	enum yz_status st = YZ_OK;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || (fsync(fd) != 0 && errno != EINVAL)) /* some cannot sync a folder: no fault */
		st = fail_io(path, err);
	if (fd >= 0)
		(void)close(fd);
	return st;
}

enum yz_status yz_file_sync_folder(const char *path, struct yz_error *err)
{
	const char *slash = strrchr(path, '/');
	char dir[PATH_MAX];

	(void)snprintf(
	        dir, sizeof(dir), "%.*s", slash ? (int)(slash - path) + 1 : 1, slash ? path : ".");
	return yz_file_sync(dir, err);
}

/* Writes and syncs a temporary file beside path; its name goes to tmp. */
static enum yz_status write_beside(char tmp[PATH_MAX], const char *path, const void *bytes,
        size_t len, unsigned mode, struct yz_error *err)
{
	enum yz_status st = YZ_OK;
	int fd;

	if (snprintf(tmp, PATH_MAX, "%s.tmp%ld", path, (long)getpid()) >= PATH_MAX)
		return yz_fail(err, YZ_E_RANGE, "%s: the path is too long", path);
	fd = open(tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	if (fd < 0)
		return fail_io(path, err);
	if (!write_all(fd, bytes, len) || fsync(fd) != 0)
		st = fail_io(path, err);
	if (close(fd) != 0 && st == YZ_OK)
		st = fail_io(path, err);
	if (st != YZ_OK)
		(void)unlink(tmp);
	return st;
}

enum yz_status yz_file_write(
        const char *path, const void *bytes, size_t len, unsigned mode, struct yz_error *err)
{
	char tmp[PATH_MAX];
	enum yz_status st;

	if (!strcmp(path, "-"))
		return write_all(STDOUT_FILENO, bytes, len)
		               ? YZ_OK
		               : yz_fail(err, YZ_E_IO, "standard output: %s", strerror(errno));
	if (is_special(path))
		return write_special(path, bytes, len, err);
	st = write_beside(tmp, path, bytes, len, mode, err);
	if (st == YZ_OK && rename(tmp, path) != 0) {
		st = fail_io(path, err);
		(void)unlink(tmp);
	}
	return st == YZ_OK ? yz_file_sync_folder(path, err) : st;
}

enum yz_status yz_file_create(
        const char *path, const void *bytes, size_t len, unsigned mode, struct yz_error *err)
{
	char tmp[PATH_MAX];
	enum yz_status st = write_beside(tmp, path, bytes, len, mode, err);

	if (st == YZ_OK && renameat2(AT_FDCWD, tmp, AT_FDCWD, path, RENAME_NOREPLACE) != 0) {
		st = errno == EEXIST ? yz_fail(err, YZ_E_EXISTS, "%s: there already", path)
		                     : fail_io(path, err);
		(void)unlink(tmp);
	}
	return st == YZ_OK ? yz_file_sync_folder(path, err) : st;
}

bool yz_file_exists(const char *path)
{
	return access(path, F_OK) == 0;
}
