/* Rescue: a fresh database filled with what could be read out of a damaged one, and from a backup
 * what could not. */
#ifndef YZ_STORE_RESCUE_H
#define YZ_STORE_RESCUE_H

#include "store/store.h"

struct yz_rescued {
	int64_t rows;        /* from the damaged database */
	int64_t from_backup; /* that only the backup still had, or had right */
	int64_t unproved; /* tables whose rows cannot be shown to be all and as they were written */
	int64_t bodies;   /* operations whose body is lost: the clerk sees them as refused */
	int64_t burned;   /* waybill numbers that are not used any more */
	int64_t again; /* confirmed operations that go out once more: the platform knows them by id
	                */
	bool audit_broken; /* rows of the audit may be lost */
};

struct yz_rescue {
	const char *damaged; /* a copy of the damaged file, its WAL beside it */
	const char *backup;  /* database file of a backup, or NULL */
	bool wal_whole;      /* yz_wal_is_whole of the damaged one */
	struct yz_now now;
	const char *lost_say; /* for the clerk, of an operation whose body is lost; translated */
};

/* Fills fresh, a new and empty database; rows are joined by their keys, operations by id and
 * digest. Where the outbox is in doubt, what it calls confirmed waits again as far as its body is
 * there. Where the number pools or the end of the WAL are in doubt, no number left is used
 * (yz_store_settle). Checked by yz_store_verify before it returns YZ_OK. Errors: YZ_E_NOTFOUND (not
 * even the station's profile could be read: err->say), YZ_E_CORRUPT, YZ_E_IO, YZ_E_FULL. */
enum yz_status yz_store_rescue(struct yz_store *fresh, const struct yz_rescue *r,
        struct yz_rescued *out, struct yz_error *err);

/* True if every frame of a WAL that belongs to its last round is as it was written, or there is no
 * WAL: then the last commits are not lost. */
bool yz_wal_is_whole(const char *path);

#endif
