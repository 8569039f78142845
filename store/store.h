/* The station's database: one SQLite file (WAL, synchronous=FULL) in the station's folder. The only
 * folder with SQL. Record structs hold no rules: those are station/'s. Each call blocks on the disk
 * at most as long as one sync; a write transaction waits up to 10 s for the write lock.
 *
 * Texts in records are UTF-8 in fixed arrays; the sizes below leave 4 bytes for each character
 * allowed. */
#ifndef YZ_STORE_STORE_H
#define YZ_STORE_STORE_H

#include "base/clock.h"
#include "base/error.h"
#include "base/id.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	YZ_NAME_SIZE = 164,   /* 40 characters */
	YZ_PHONE_SIZE = 24,   /* digits and one dash */
	YZ_CODE_SIZE = 13,    /* a division code of 2 to 12 digits */
	YZ_REGION_SIZE = 244, /* 60 characters: 省市县乡村 as one text */
	YZ_DETAIL_SIZE = 324, /* 80 characters */
	YZ_SEARCH_SIZE = 512, /* what a search looks through: names, pinyin, phone */
	YZ_NUMBER_SIZE = 33,  /* a waybill number, at most 32 ASCII characters */
	YZ_REASON_SIZE = 324,
	YZ_SHORT_SIZE = 33 /* codes and key words, ASCII */
};

struct yz_store;
struct yz_tx; /* a write transaction; holds the write lock of the station */

enum yz_store_flags {
	YZ_STORE_CREATE = 1,   /* makes folder (2770) and file (0660) */
	YZ_STORE_READONLY = 2, /* changes nothing, obeys no mark of damage */
	YZ_STORE_CHECK = 4,    /* a program starts its work: the start-up check, the ballast */
	YZ_STORE_LOOK = 8      /* a damaged database too, for reading: yz_store_is_damaged tells */
};

/* Opens DIR/station.db and migrates it forward if it is older (a copy of the old one stays as
 * station.db.vN). A folder marked as damaged (store/guard.h) and one that the start-up check finds
 * damaged is YZ_E_CORRUPT, or read-only with LOOK. Kiosk memory: cache_size is 256 KiB. Errors:
 * YZ_E_NOTFOUND (no database: yizhanctl init), YZ_E_VERSION (newer than the program), YZ_E_CORRUPT,
 * YZ_E_BUSY (it is being restored), YZ_E_IO. */
enum yz_status yz_store_open(
        struct yz_store **out, const char *dir, unsigned flags, struct yz_error *err);
/* Opens one database file for reading, wherever it lies: a kept copy, of this or an older version.
 */
enum yz_status yz_store_open_file(struct yz_store **out, const char *path, struct yz_error *err);
void yz_store_close(struct yz_store *s);
const char *yz_store_dir(const struct yz_store *s);

/* quick_check and the digest of every operation body. Errors: YZ_E_CORRUPT naming what is damaged.
 * store/verify.h has the whole sweep. */
enum yz_status yz_store_check(struct yz_store *s, struct yz_error *err);

/* A number that changes whenever another process has committed (PRAGMA data_version). */
int64_t yz_store_version(struct yz_store *s);

/* Takes the write lock (OFD lock on DIR/write.lock, at most 10 s, then YZ_E_BUSY), then BEGIN
 * IMMEDIATE. now is the moment of everything written inside. Errors: YZ_E_BUSY, YZ_E_IO, YZ_E_FULL.
 */
enum yz_status yz_tx_begin(
        struct yz_store *s, const struct yz_now *now, struct yz_tx **out, struct yz_error *err);

/* Durable when it returns YZ_OK. tx is gone in every case; on an error nothing of it was saved. */
enum yz_status yz_tx_commit(struct yz_tx *tx, struct yz_error *err);
void yz_tx_rollback(struct yz_tx *tx); /* NULL is fine */

const struct yz_now *yz_tx_now(const struct yz_tx *tx);
struct yz_store *yz_tx_store(
        struct yz_tx *tx); /* reads through it see the transaction's own writes */

/* Small facts by key ("link.state"); value at most 1000 bytes. A key never put reads as "". */
enum yz_status yz_meta_get(
        struct yz_store *s, const char *key, char *out, size_t size, struct yz_error *err);
enum yz_status yz_meta_put(
        struct yz_tx *tx, const char *key, const char *value, struct yz_error *err);

/* The next value of a named counter, from 1; part of the transaction. */
enum yz_status yz_counter_next(
        struct yz_tx *tx, const char *name, int64_t *out, struct yz_error *err);

#endif
