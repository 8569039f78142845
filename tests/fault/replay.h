/* Plays what a shim wrote down up to a moment, and makes the files as a power cut may leave them:
 * what was synced is there; of what was not, each 512-byte sector is there or not. */
#ifndef YZ_TESTS_FAULT_REPLAY_H
#define YZ_TESTS_FAULT_REPLAY_H

#include "tests/fault/fault.h"
#include "tests/fault/shim.h"

struct replay_file {
	unsigned char *bytes; /* what a sync has made sure of; owned */
	size_t len, cap;
	bool exists;
	size_t *waiting; /* events since the last sync; owned */
	size_t waiting_count, waiting_cap;
};

struct replay {
	const struct shim *shim;
	size_t at; /* events played */
	struct replay_file files[SHIM_FILES];
};

struct replay replay_begin(const struct shim *s);
void replay_free(struct replay *r);
/* Goes on to before the event, which is not before the last one. */
void replay_to(struct replay *r, size_t event);
/* Writes station.db and station.db-wal into dir. keep: of 2 sectors that were not synced, so many
 * are kept by chance (0, 1 or 2). */
void replay_image(const struct replay *r, struct fault *f, int keep, const char *dir);

#endif
