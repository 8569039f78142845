/* The frames of a write-ahead log, as SQLite's file format describes them
 * (https://www.sqlite.org/fileformat2.html#walformat). */
#include "config.h"

#include "store/rescue.h"

#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEADER = 32, FRAME_HEADER = 24, PAGE_MIN = 512, PAGE_MAX = 65536 };

struct wal {
	FILE *f;
	bool big; /* checksums over big-endian words */
	uint32_t page, sum[2];
	uint8_t salt[8];
};

static uint32_t get32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static uint32_t word(const struct wal *w, const uint8_t *p)
{
	return w->big ? get32(p)
	              : (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static void add(struct wal *w, const uint8_t *p, size_t len)
{
	for (size_t i = 0; i + 8 <= len; i += 8) {
		w->sum[0] += word(w, p + i) + w->sum[1];
		w->sum[1] += word(w, p + i + 4) + w->sum[0];
	}
}

static bool read_header(struct wal *w)
{
	uint8_t h[HEADER];

	if (fread(h, 1, sizeof(h), w->f) != sizeof(h) || (get32(h) & ~1U) != 0x377f0682)
		return false;
	w->big = get32(h) & 1;
	w->page = get32(h + 8);
	memcpy(w->salt, h + 16, sizeof(w->salt));
	add(w, h, 24);
	return w->page >= PAGE_MIN && w->page <= PAGE_MAX && get32(h + 24) == w->sum[0] &&
	       get32(h + 28) == w->sum[1];
}

/* After the last good frame only those of an earlier round may stand, with other salts. */
static bool read_frames(struct wal *w)
{
	uint8_t *frame = yz_alloc(FRAME_HEADER + PAGE_MAX);
	bool good = true, whole = true;

	while (whole && fread(frame, 1, FRAME_HEADER + w->page, w->f) == FRAME_HEADER + w->page) {
		bool ours = !memcmp(frame + 8, w->salt, sizeof(w->salt));

		if (good && ours) {
			add(w, frame, 8);
			add(w, frame + FRAME_HEADER, w->page);
			good = get32(frame + 16) == w->sum[0] && get32(frame + 20) == w->sum[1];
		} else {
			good = false;
		}
		whole = good || !ours;
	}
	free(frame);
	return whole;
}

bool yz_wal_is_whole(const char *path)
{
	struct wal w = {.f = fopen(path, "rbe")};
	bool whole = true;

	if (!w.f)
		return true;
	if (fgetc(w.f) != EOF) {
		rewind(w.f);
		whole = read_header(&w) && read_frames(&w);
	}
	(void)fclose(w.f);
	return whole;
}
