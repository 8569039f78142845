#include "config.h"

#include "tests/fault/shim.h"

#include "tests/fault/fault.h"

#include <stdlib.h>
#include <string.h>

struct file {
	sqlite3_file base;
	struct shim *shim;
	enum shim_file which; /* SHIM_FILES: not one that is written down */
	sqlite3_file *below;  /* behind this struct */
};

static struct file *mine(sqlite3_file *f)
{
	return (struct file *)(void *)f;
}

static void note(struct shim *s, const struct shim_event *e)
{
	struct shim_event *at;

	if (!s->recording || e->file == SHIM_FILES)
		return;
	if (s->count == s->cap) {
		s->cap = s->cap ? 2 * s->cap : 4096;
		s->events = realloc(s->events, s->cap * sizeof(*s->events));
		if (!s->events)
			fault_stop("no memory");
	}
	at = &s->events[s->count++];
	*at = *e;
	if (!e->len)
		return;
	at->bytes = malloc(e->len);
	if (!at->bytes)
		fault_stop("no memory");
	memcpy(at->bytes, e->bytes, e->len);
}

void shim_mark(struct shim *s, int64_t number)
{
	struct shim_event e = {.kind = SHIM_MARK, .at = number};

	note(s, &e);
}

/* True if this call is one that fails: reads on a disk with a bad sector, else all the others. */
static bool fails_as(struct shim *s, bool read)
{
	if (read != (s->disk == SHIM_BAD_SECTOR))
		return false;
	s->calls++;
	if (s->disk == SHIM_GOOD || s->calls < s->fail_at || (s->calls > s->fail_at && !s->lasting))
		return false;
	s->failures++;
	return true;
}

static bool fails(struct shim *s)
{
	return fails_as(s, false);
}

void shim_fail(struct shim *s, enum shim_disk disk, long nth, bool lasting)
{
	s->disk = disk;
	s->fail_at = nth;
	s->lasting = lasting;
	s->calls = s->failures = 0;
}

static int x_close(sqlite3_file *f)
{
	return mine(f)->below->pMethods->xClose(mine(f)->below);
}

static int x_read(sqlite3_file *f, void *bytes, int len, sqlite3_int64 at)
{
	if (fails_as(mine(f)->shim, true))
		return SQLITE_IOERR_READ;
	return mine(f)->below->pMethods->xRead(mine(f)->below, bytes, len, at);
}

static int x_write(sqlite3_file *f, const void *bytes, int len, sqlite3_int64 at)
{
	struct file *m = mine(f);
	struct shim_event e = {.kind = SHIM_WRITE, .file = m->which, .at = at, .len = (size_t)len};
	int rc;

	if (fails(m->shim))
		return m->shim->disk == SHIM_NO_SPACE ? SQLITE_FULL : SQLITE_IOERR_WRITE;
	rc = m->below->pMethods->xWrite(m->below, bytes, len, at);
	memcpy(&e.bytes, &bytes, sizeof(e.bytes)); /* copied by note, never changed */
	if (rc == SQLITE_OK)
		note(m->shim, &e);
	return rc;
}

static int x_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	struct file *m = mine(f);
	struct shim_event e = {.kind = SHIM_TRUNCATE, .file = m->which, .at = size};
	int rc;

	if (fails(m->shim))
		return SQLITE_IOERR_TRUNCATE;
	rc = m->below->pMethods->xTruncate(m->below, size);
	if (rc == SQLITE_OK)
		note(m->shim, &e);
	return rc;
}

static int x_sync(sqlite3_file *f, int flags)
{
	struct file *m = mine(f);
	struct shim_event e = {.kind = SHIM_SYNC, .file = m->which};
	int rc;

	if (fails(m->shim))
		return SQLITE_IOERR_FSYNC;
	/* what is written down needs no real sync: the cuts are played from the record */
	rc = m->shim->recording ? SQLITE_OK : m->below->pMethods->xSync(m->below, flags);
	if (rc == SQLITE_OK)
		note(m->shim, &e);
	return rc;
}

static int x_size(sqlite3_file *f, sqlite3_int64 *size)
{
	return mine(f)->below->pMethods->xFileSize(mine(f)->below, size);
}

static int x_lock(sqlite3_file *f, int level)
{
	return mine(f)->below->pMethods->xLock(mine(f)->below, level);
}

static int x_unlock(sqlite3_file *f, int level)
{
	return mine(f)->below->pMethods->xUnlock(mine(f)->below, level);
}

static int x_reserved(sqlite3_file *f, int *out)
{
	return mine(f)->below->pMethods->xCheckReservedLock(mine(f)->below, out);
}

static int x_control(sqlite3_file *f, int op, void *arg)
{
	return mine(f)->below->pMethods->xFileControl(mine(f)->below, op, arg);
}

static int x_sector(sqlite3_file *f)
{
	return mine(f)->below->pMethods->xSectorSize(mine(f)->below);
}

static int x_traits(sqlite3_file *f)
{
	return mine(f)->below->pMethods->xDeviceCharacteristics(mine(f)->below);
}

static int x_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **out)
{
	struct file *m = mine(f);

	if (extend && fails(m->shim))
		return m->shim->disk == SHIM_NO_SPACE ? SQLITE_FULL : SQLITE_IOERR_SHMSIZE;
	return m->below->pMethods->xShmMap(m->below, page, size, extend, out);
}

static int x_shm_lock(sqlite3_file *f, int at, int n, int flags)
{
	return mine(f)->below->pMethods->xShmLock(mine(f)->below, at, n, flags);
}

static void x_shm_barrier(sqlite3_file *f)
{
	mine(f)->below->pMethods->xShmBarrier(mine(f)->below);
}

static int x_shm_unmap(sqlite3_file *f, int drop)
{
	return mine(f)->below->pMethods->xShmUnmap(mine(f)->below, drop);
}

static const sqlite3_io_methods methods = {.iVersion = 2,
        .xClose = x_close,
        .xRead = x_read,
        .xWrite = x_write,
        .xTruncate = x_truncate,
        .xSync = x_sync,
        .xFileSize = x_size,
        .xLock = x_lock,
        .xUnlock = x_unlock,
        .xCheckReservedLock = x_reserved,
        .xFileControl = x_control,
        .xSectorSize = x_sector,
        .xDeviceCharacteristics = x_traits,
        .xShmMap = x_shm_map,
        .xShmLock = x_shm_lock,
        .xShmBarrier = x_shm_barrier,
        .xShmUnmap = x_shm_unmap};

static bool ends(const char *text, const char *end)
{
	size_t n = strlen(text), e = strlen(end);

	return n >= e && !strcmp(text + n - e, end);
}

static enum shim_file which(const char *name)
{
	if (!name)
		return SHIM_FILES;
	return ends(name, "/station.db")       ? SHIM_DB
	       : ends(name, "/station.db-wal") ? SHIM_WAL
	                                       : SHIM_FILES;
}

static int x_open(sqlite3_vfs *v, const char *name, sqlite3_file *f, int flags, int *got)
{
	struct shim *s = v->pAppData;
	struct file *m = mine(f);
	int rc;

	m->base.pMethods = NULL;
	m->shim = s;
	m->which = which(name);
	m->below = (sqlite3_file *)(void *)(m + 1);
	if (fails(s))
		return SQLITE_CANTOPEN;
	rc = s->below->xOpen(s->below, name, m->below, flags, got);
	if (rc == SQLITE_OK)
		m->base.pMethods = &methods;
	return rc;
}

static int x_delete(sqlite3_vfs *v, const char *name, int sync_dir)
{
	struct shim *s = v->pAppData;
	struct shim_event e = {.kind = SHIM_DELETE, .file = which(name)};
	int rc = s->below->xDelete(s->below, name, sync_dir);

	if (rc == SQLITE_OK)
		note(s, &e);
	return rc;
}

void shim_install(struct shim *s)
{
	s->below = sqlite3_vfs_find(NULL);
	if (!s->below)
		fault_stop("SQLite has no VFS");
	s->vfs = *s->below; /* paths, clock, chance: as below */
	s->vfs.zName = "yizhan-fault";
	s->vfs.pAppData = s;
	s->vfs.szOsFile = (int)sizeof(struct file) + s->below->szOsFile;
	s->vfs.xOpen = x_open;
	s->vfs.xDelete = x_delete;
	if (sqlite3_vfs_register(&s->vfs, 1) != SQLITE_OK)
		fault_stop("the VFS cannot be registered");
}

void shim_forget(struct shim *s)
{
	for (size_t i = 0; i < s->count; i++)
		free(s->events[i].bytes);
	free(s->events);
	s->events = NULL;
	s->count = s->cap = 0;
}
