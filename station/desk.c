#include "config.h"

#include "station/desk.h"

#include "base/bell.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void yz_desk_bell_path(const char *station_dir, const char *name, char *out, size_t size)
{
	(void)snprintf(out, size, "%s/run/%s", station_dir, name);
}

void yz_desk_ring(const struct yz_desk *desk, unsigned rings)
{
	char path[PATH_MAX];

	if (rings & YZ_RING_SYNC) {
		yz_desk_bell_path(yz_store_dir(desk->store), "sync", path, sizeof(path));
		yz_bell_ring(path);
	}
	if (rings & YZ_RING_PRINT) {
		yz_desk_bell_path(yz_store_dir(desk->store), "print", path, sizeof(path));
		yz_bell_ring(path);
	}
	if (rings & YZ_RING_UI) {
		yz_desk_bell_path(yz_store_dir(desk->store), "ui", path, sizeof(path));
		yz_bell_ring_all(path);
	}
}

enum yz_status yz_desk_finish(
        const struct yz_desk *desk, struct yz_tx *tx, enum yz_status st, struct yz_error *err)
{
	if (st != YZ_OK) {
		yz_tx_rollback(tx);
		return st;
	}
	if ((st = yz_tx_commit(tx, err)) == YZ_OK)
		yz_desk_ring(desk, YZ_RING_SYNC | YZ_RING_PRINT | YZ_RING_UI);
	return st;
}

enum yz_status yz_desk_check_reason(const char *reason, struct yz_error *err)
{
	size_t n = yz_text_chars(reason);

	if (n < 2 || n > 80)
		return yz_fail_field(
		        err, YZ_E_RANGE, "reason", N_("Give the reason in 2 to 80 characters."));
	return YZ_OK;
}

void yz_desk_ref(char out[64], const char *kind, const struct yz_id *id)
{
	char t[YZ_ID_TEXT_SIZE];

	(void)snprintf(out, 64, "%s/%s", kind, yz_id_text(id, t));
}

static void lock_path(const char *station_dir, const char *name, char *out, size_t size)
{
	(void)snprintf(out, size, "%s/run/%s.lock", station_dir, name);
}

enum yz_status yz_desk_lock(
        const char *station_dir, const char *name, int *fd, struct yz_error *err)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	char path[PATH_MAX];
	int f;

	(void)snprintf(path, sizeof(path), "%s/run", station_dir);
	if (mkdir(path, 02770) != 0 && errno != EEXIST)
		return yz_fail(err, YZ_E_IO, "%s: %s", path, strerror(errno));
	lock_path(station_dir, name, path, sizeof(path));
	f = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0660);
	if (f < 0)
		return yz_fail(err, YZ_E_IO, "%s: %s", path, strerror(errno));
	(void)fchmod(f, 0660); /* an older program made it under root's umask; another's: refused */
	if (fcntl(f, F_OFD_SETLK, &lock) != 0) {
		(void)close(f);
		return yz_fail(err, YZ_E_BUSY,
		        "%s is locked: another yizhan-%s runs for this station", path, name);
	}
	*fd = f;
	return YZ_OK;
}

bool yz_desk_is_running(const char *station_dir, const char *name)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	char path[PATH_MAX];
	int fd;
	bool busy;

	lock_path(station_dir, name, path, sizeof(path));
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return false;
	/* asks only: a program that starts at this moment still gets its lock */
	busy = fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
	(void)close(fd);
	return busy;
}
