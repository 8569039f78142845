/* Backups of a station: where they lie, what they are called, which are kept, and the folder in
 * which a fresh database is made before it takes the old one's place. */
#ifndef YZ_CTL_BACKUP_H
#define YZ_CTL_BACKUP_H

#include "base/conf.h"
#include "base/error.h"
#include "store/store.h"

#include <limits.h>
#include <stdbool.h>

enum { YZ_BACKUPS_HOURLY = 24, YZ_BACKUPS_DAILY = 14 };

/* The folder of [backup] dir, else DIR/backups. */
void yz_backup_dir(const struct yz_conf *conf, char out[PATH_MAX]);

/* The name of the next one: "QJ1-000123-20261125-114500.yzbak". The number goes up whatever the
 * clock says and gives the order; day and time (China) are for people. Errors: YZ_E_IO. */
enum yz_status yz_backup_next(const char *dir, const char *station, int64_t wall_ms,
        char out[PATH_MAX], struct yz_error *err);

/* Removes what is neither among the newest YZ_BACKUPS_HOURLY nor the last of one of the newest
 * YZ_BACKUPS_DAILY days; *left counts the rest. Other files are left alone. */
enum yz_status yz_backup_prune(
        const char *dir, const char *station, size_t *left, struct yz_error *err);

/* Another station's records in this one's folder would post under a wrong name. The station is id,
 * or if that is NULL the one of before (may be NULL). Errors: YZ_E_DENIED (another one's),
 * YZ_E_NOTFOUND (nothing says which one it is), both with err->say. */
enum yz_status yz_backup_same_station(
        struct yz_store *backup, struct yz_store *before, const char *id, struct yz_error *err);

/* A folder DIR/NAME.tmp of one's own, emptied if a killed run left it; and its end. */
enum yz_status yz_workshop_open(
        const char *station_dir, const char *name, char out[PATH_MAX], struct yz_error *err);
void yz_workshop_close(const char *path);

#endif
