#include "config.h"

#include "tests/fault/replay.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SECTOR = 512 };

struct replay replay_begin(const struct shim *s)
{
	struct replay r = {.shim = s};

	return r;
}

void replay_free(struct replay *r)
{
	for (int i = 0; i < SHIM_FILES; i++) {
		free(r->files[i].bytes);
		free(r->files[i].waiting);
	}
	memset(r, 0, sizeof(*r));
}

static void grow(struct replay_file *f, size_t len)
{
	if (len > f->cap) {
		f->cap = len * 2;
		f->bytes = realloc(f->bytes, f->cap);
		if (!f->bytes)
			fault_stop("no memory");
	}
	if (len > f->len) {
		memset(f->bytes + f->len, 0, len - f->len);
		f->len = len;
	}
}

/* From offset at to the end of its sector, or of what there is. */
static size_t sector_left(const struct shim_event *e, size_t done)
{
	size_t n = SECTOR - ((size_t)e->at + done) % SECTOR;

	return n < e->len - done ? n : e->len - done;
}

static bool kept(struct fault *f, int keep)
{
	return keep == 2 || (keep == 1 && fault_chance(f, 2));
}

static void put(struct replay_file *file, const struct shim_event *e, struct fault *f, int keep)
{
	file->exists = true;
	if (e->kind == SHIM_TRUNCATE) {
		if (kept(f, keep)) {
			grow(file, (size_t)e->at);
			file->len = (size_t)e->at;
		}
		return;
	}
	for (size_t done = 0, n; done < e->len; done += n) {
		n = sector_left(e, done);
		if (!kept(f, keep))
			continue;
		grow(file, (size_t)e->at + done + n);
		memcpy(file->bytes + (size_t)e->at + done, e->bytes + done, n);
	}
}

static void wait_for_sync(struct replay_file *file, size_t event)
{
	if (file->waiting_count == file->waiting_cap) {
		file->waiting_cap = file->waiting_cap ? 2 * file->waiting_cap : 64;
		file->waiting = realloc(file->waiting, file->waiting_cap * sizeof(*file->waiting));
		if (!file->waiting)
			fault_stop("no memory");
	}
	file->waiting[file->waiting_count++] = event;
}

static void play(struct replay *r, size_t event)
{
	const struct shim_event *e = &r->shim->events[event];
	struct replay_file *file = &r->files[e->file];

	switch (e->kind) {
	case SHIM_WRITE:
	case SHIM_TRUNCATE:
		wait_for_sync(file, event);
		break;
	case SHIM_SYNC:
		for (size_t i = 0; i < file->waiting_count; i++)
			put(file, &r->shim->events[file->waiting[i]], NULL, 2);
		file->waiting_count = 0;
		break;
	case SHIM_DELETE:
		file->waiting_count = 0;
		file->len = 0;
		file->exists = false;
		break;
	case SHIM_MARK:
		break;
	}
}

void replay_to(struct replay *r, size_t event)
{
	while (r->at < event)
		play(r, r->at++);
}

static void write_file(const char *dir, const char *name, const struct replay_file *file)
{
	char path[PATH_MAX];
	size_t done = 0;
	int fd;

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	(void)unlink(path);
	if (!file->exists)
		return;
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0660);
	while (fd >= 0 && done < file->len) {
		ssize_t n = write(fd, file->bytes + done, file->len - done);

		if (n <= 0)
			break;
		done += (size_t)n;
	}
	if (fd < 0 || close(fd) != 0 || done < file->len)
		fault_stop("cannot write %s", path);
}

void replay_image(const struct replay *r, struct fault *f, int keep, const char *dir)
{
	static const char *const names[SHIM_FILES] = {"station.db", "station.db-wal"};
	char path[PATH_MAX];

	for (int i = 0; i < SHIM_FILES; i++) {
		const struct replay_file *from = &r->files[i];
		struct replay_file copy = {.exists = from->exists};

		grow(&copy, from->len);
		if (from->len)
			memcpy(copy.bytes, from->bytes, from->len);
		for (size_t k = 0; k < from->waiting_count; k++)
			put(&copy, &r->shim->events[from->waiting[k]], f, keep);
		write_file(dir, names[i], &copy);
		free(copy.bytes);
	}
	(void)snprintf(path, sizeof(path), "%s/station.db-shm", dir);
	(void)unlink(path);
}
