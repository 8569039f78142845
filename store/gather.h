/* Private to store/: one write to the log for a whole commit. SQLite writes a commit to its
 * write-ahead log page by page, each in two calls; here they are kept together and written at once
 * when the commit's last frame is there, before the sync that makes it durable and before any
 * reader is told of it. Outside yz_gather_start and yz_gather_stop nothing is kept back. */
#ifndef YZ_STORE_GATHER_H
#define YZ_STORE_GATHER_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct yz_gather {
	sqlite3_vfs vfs, *below;
	char name[32];
	sqlite3_file *log; /* the write-ahead log, as below knows it; NULL: not open */
	bool on, last;     /* last: the frame that is written ends the commit */
	uint8_t *bytes;    /* owned; made at the first commit */
	size_t len;
	sqlite3_int64 at; /* where bytes belong */
};

/* Registers a VFS of g's own over the default one; vfs.zName is for sqlite3_open_v2.
 * Returns SQLite's code. g must stay where it is until yz_gather_free, after the close. */
int yz_gather_make(struct yz_gather *g);
void yz_gather_free(struct yz_gather *g);

/* Around a COMMIT, inside the write lock. stop forgets what a failed one left. */
void yz_gather_start(struct yz_gather *g);
void yz_gather_stop(struct yz_gather *g, bool committed);

#endif
