#include "config.h"

#include "store/gather.h"

#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM = 96 << 10, FRAME_HEADER = 24 };

struct file { /* only of the log; any other file is below's alone */
	sqlite3_file base;
	struct yz_gather *g;
	sqlite3_file *below; /* behind this struct */
};

static struct file *mine(sqlite3_file *f)
{
	return (struct file *)(void *)f;
}

static int flush(struct yz_gather *g)
{
	size_t len = g->len;

	g->len = 0;
	g->last = false;
	return len ? g->log->pMethods->xWrite(g->log, g->bytes, (int)len, g->at) : SQLITE_OK;
}

static int log_close(sqlite3_file *f)
{
	struct file *m = mine(f);
	int rc = flush(m->g), closed = m->below->pMethods->xClose(m->below);

	m->g->log = NULL;
	return rc == SQLITE_OK ? closed : rc;
}

static int log_read(sqlite3_file *f, void *bytes, int len, sqlite3_int64 at)
{
	struct file *m = mine(f);
	int rc = flush(m->g);

	return rc == SQLITE_OK ? m->below->pMethods->xRead(m->below, bytes, len, at) : rc;
}

/* A frame is a header and a page; the header of a commit's last frame has the size of the database
 * in its second word, the others have 0. */
static int log_write(sqlite3_file *f, const void *bytes, int len, sqlite3_int64 at)
{
	static const uint8_t more[4];
	struct file *m = mine(f);
	struct yz_gather *g = m->g;
	size_t n = (size_t)len;
	bool ends = g->last;
	int rc = SQLITE_OK;

	if (g->len && (at != g->at + (sqlite3_int64)g->len || g->len + n > ROOM))
		rc = flush(g);
	if (rc != SQLITE_OK || !g->on || n > ROOM)
		return rc == SQLITE_OK ? m->below->pMethods->xWrite(m->below, bytes, len, at) : rc;
	if (!g->len)
		g->at = at;
	memcpy(g->bytes + g->len, bytes, n);
	g->len += n;
	g->last = len == FRAME_HEADER && memcmp((const uint8_t *)bytes + 4, more, 4) != 0;
	return ends ? flush(g) : SQLITE_OK;
}

static int log_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	int rc = flush(mine(f)->g);

	return rc == SQLITE_OK ? mine(f)->below->pMethods->xTruncate(mine(f)->below, size) : rc;
}

static int log_sync(sqlite3_file *f, int flags)
{
	int rc = flush(mine(f)->g);

	return rc == SQLITE_OK ? mine(f)->below->pMethods->xSync(mine(f)->below, flags) : rc;
}

static int log_size(sqlite3_file *f, sqlite3_int64 *size)
{
	int rc = flush(mine(f)->g);

	return rc == SQLITE_OK ? mine(f)->below->pMethods->xFileSize(mine(f)->below, size) : rc;
}

static int log_control(sqlite3_file *f, int op, void *arg)
{
	return mine(f)->below->pMethods->xFileControl(mine(f)->below, op, arg);
}

static int log_sector(sqlite3_file *f)
{
	return mine(f)->below->pMethods->xSectorSize(mine(f)->below);
}

static int log_traits(sqlite3_file *f)
{
	return mine(f)->below->pMethods->xDeviceCharacteristics(mine(f)->below);
}

static const sqlite3_io_methods methods = {.iVersion = 1, /* a log is never locked */
        .xClose = log_close,
        .xRead = log_read,
        .xWrite = log_write,
        .xTruncate = log_truncate,
        .xSync = log_sync,
        .xFileSize = log_size,
        .xFileControl = log_control,
        .xSectorSize = log_sector,
        .xDeviceCharacteristics = log_traits};

static int open_file(sqlite3_vfs *v, const char *name, sqlite3_file *f, int flags, int *got)
{
	struct yz_gather *g = v->pAppData;
	struct file *m = mine(f);
	int rc;

	if (!(flags & SQLITE_OPEN_WAL) || g->log)
		return g->below->xOpen(g->below, name, f, flags, got);
	m->base.pMethods = NULL;
	m->g = g;
	m->below = (sqlite3_file *)(void *)(m + 1);
	rc = g->below->xOpen(g->below, name, m->below, flags, got);
	if (rc != SQLITE_OK)
		return rc;
	m->base.pMethods = &methods;
	g->log = m->below;
	return SQLITE_OK;
}

static int delete_file(sqlite3_vfs *v, const char *name, int sync_dir)
{
	struct yz_gather *g = v->pAppData;

	return g->below->xDelete(g->below, name, sync_dir);
}

static int access_file(sqlite3_vfs *v, const char *name, int flags, int *out)
{
	struct yz_gather *g = v->pAppData;

	return g->below->xAccess(g->below, name, flags, out);
}

static int full_path(sqlite3_vfs *v, const char *name, int size, char *out)
{
	struct yz_gather *g = v->pAppData;

	return g->below->xFullPathname(g->below, name, size, out);
}

int yz_gather_make(struct yz_gather *g)
{
	g->below = sqlite3_vfs_find(NULL);
	if (!g->below)
		return SQLITE_ERROR;
	g->vfs = *g->below; /* clock and chance: as below */
	(void)snprintf(g->name, sizeof(g->name), "yizhan-%p", (void *)g);
	g->vfs.zName = g->name;
	g->vfs.pNext = NULL;
	g->vfs.pAppData = g;
	g->vfs.szOsFile = (int)sizeof(struct file) + g->below->szOsFile;
	g->vfs.xOpen = open_file;
	g->vfs.xDelete = delete_file;
	g->vfs.xAccess = access_file;
	g->vfs.xFullPathname = full_path;
	return sqlite3_vfs_register(&g->vfs, 0);
}

void yz_gather_free(struct yz_gather *g)
{
	if (g->below)
		(void)sqlite3_vfs_unregister(&g->vfs);
	free(g->bytes);
	g->bytes = NULL;
}

void yz_gather_start(struct yz_gather *g)
{
	if (!g->bytes)
		g->bytes = yz_alloc(ROOM);
	g->on = g->log != NULL;
}

void yz_gather_stop(struct yz_gather *g, bool committed)
{
	if (committed) /* with synchronous=FULL the sync has seen to it */
		(void)flush(g);
	g->on = g->last = false;
	g->len = 0;
}
