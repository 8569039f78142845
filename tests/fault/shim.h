/* An SQLite VFS that stands as the default between the product's store and the disk: it writes down
 * what reaches the database and its WAL, and makes the nth call fail. The product needs no switch
 * for it. One thread. */
#ifndef YZ_TESTS_FAULT_SHIM_H
#define YZ_TESTS_FAULT_SHIM_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum shim_kind { SHIM_WRITE, SHIM_TRUNCATE, SHIM_SYNC, SHIM_DELETE, SHIM_MARK };
enum shim_file { SHIM_DB, SHIM_WAL, SHIM_FILES };

struct shim_event {
	enum shim_kind kind;
	enum shim_file file;
	int64_t at; /* offset; new size; the number of a mark */
	size_t len;
	unsigned char *bytes; /* owned */
};

enum shim_disk { /* how calls fail */
	SHIM_GOOD,
	SHIM_IO_ERROR,  /* EIO */
	SHIM_NO_SPACE,  /* ENOSPC: only what makes a file grow or writes */
	SHIM_BAD_SECTOR /* EIO, and only reads count and fail */
};

struct shim {
	sqlite3_vfs vfs, *below;
	bool recording;
	struct shim_event *events; /* owned */
	size_t count, cap;
	enum shim_disk disk;
	bool lasting;  /* once failed, calls go on failing */
	long fail_at;  /* the call that fails, from 1; 0: none */
	long calls;    /* opens, writes, syncs, truncates and growths of the WAL's index so far */
	long failures; /* how many of them failed */
};

/* Makes it the default of all databases opened from now on. s must outlive them. */
void shim_install(struct shim *s);
void shim_forget(struct shim *s); /* the events; the VFS stays */

void shim_mark(struct shim *s, int64_t number);
/* From now on the nth call fails (see above), counting from 1. disk SHIM_GOOD ends it. */
void shim_fail(struct shim *s, enum shim_disk disk, long nth, bool lasting);

#endif
