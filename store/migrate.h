/* Private to store/: forward-only steps of the schema, counted by PRAGMA user_version. */
#ifndef YZ_STORE_MIGRATE_H
#define YZ_STORE_MIGRATE_H

#include "store/db.h"

/* The steps of this program: store/migrations/NNNN.sql in order. */
const char *const *yz_migrations(size_t *count);

/* The version of an open database of yizhan. Errors: YZ_E_VERSION (above count), YZ_E_CORRUPT. */
enum yz_status yz_migrate_version(
        struct yz_store *s, size_t count, size_t *version, struct yz_error *err);

/* Brings the database to version count, each step in one transaction with its number; takes the
 * write lock only if there is something to do. A database that has records is copied to
 * station.db.vN first. Errors: YZ_E_VERSION (newer, or older and opened read-only), YZ_E_CORRUPT
 * (not a station's), YZ_E_BUSY, YZ_E_IO, YZ_E_FULL. */
enum yz_status yz_migrate(
        struct yz_store *s, const char *const *steps, size_t count, struct yz_error *err);

#endif
