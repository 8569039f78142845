/* Copies of a database that is at work, and putting one in its place. Programs go on while a copy
 * is made; to put one in place they must all have ended. */
#ifndef YZ_STORE_BACKUP_H
#define YZ_STORE_BACKUP_H

#include "store/store.h"

/* Copies the database as it is at this moment to path (0600, replaced): a read snapshot, in steps
 * of 1 MiB with a pause between, so that no clerk waits for it. The copy is one file, not yet
 * synced. Errors: YZ_E_FULL (also when it would leave too little room), YZ_E_CORRUPT, YZ_E_IO. */
enum yz_status yz_backup_copy(struct yz_store *s, const char *path, struct yz_error *err);

/* All that was committed goes from the WAL into the database file, so that the file alone is all.
 * Errors: YZ_E_BUSY (somebody reads), YZ_E_IO, YZ_E_FULL. */
enum yz_status yz_store_fold(struct yz_store *s, struct yz_error *err);

/* Keeps every program out of a station's folder while its database is replaced, and gives the old
 * one its WAL back if an earlier replacement was cut off between the two. *fd is closed by
 * yz_swap_end. Errors: YZ_E_BUSY with err->say: a program of the station runs. */
enum yz_status yz_swap_begin(const char *dir, int *fd, struct yz_error *err);
/* Puts fresh (one folded file in a folder of the same disk) in the place of DIR/station.db. The old
 * one is kept as DIR/station.db.kept-N, its WAL as ...kept-N-wal; kept (PATH_MAX) gets the name, or
 * "" if there was none. Killed on the way, the station is marked (yz_replacing_mark) and not worked
 * on until it is run again, from yz_swap_begin on. Errors: YZ_E_IO, YZ_E_FULL. */
enum yz_status yz_swap_in(const char *dir, const char *fresh, char *kept, struct yz_error *err);
void yz_swap_end(int fd);

#endif
