/* Private to store/: the tally, by which the nightly sweep knows that no row has changed behind the
 * store's back. For each table it is the sum of its rows' 128-bit hashes, so that a change costs
 * the hash of the old and the new row and nothing else; it is saved in the transaction that changes
 * the rows. It finds damage, not malice: whoever writes the file can make a new one. */
#ifndef YZ_STORE_TALLY_H
#define YZ_STORE_TALLY_H

#include "base/buf.h"
#include "base/error.h"

#include <sqlite3.h>
#include <stddef.h>
#include <stdint.h>

struct yz_store;

enum { YZ_TALLIES_MAX = 96 }; /* tables */

struct yz_tally_sum {
	uint64_t table; /* hash of its name */
	uint64_t lo, hi;
};
struct yz_tally_sheet {
	struct yz_tally_sum sum[YZ_TALLIES_MAX];
	size_t count;
};
/* What the open transaction has changed so far, and what it had before the statement that runs. */
struct yz_tally {
	struct yz_tally_sheet now, before;
	struct yz_buf row; /* the bytes of one row */
	bool missed;       /* a row of this transaction could not be read */
};

/* Has SQLite tell of every row that this connection changes. */
void yz_tally_watch(struct yz_store *s);
/* A transaction begins; a statement that writes begins; it failed and SQLite took its rows back. */
void yz_tally_begin(struct yz_store *s);
void yz_tally_mark(struct yz_store *s);
void yz_tally_back(struct yz_store *s);
/* Inside the transaction, before its COMMIT. */
enum yz_status yz_tally_save(struct yz_store *s, struct yz_error *err);

/* Counts every table anew, inside the transaction of a migration; version is the user_version it
 * will set. A database without the table `tally` is left alone. */
enum yz_status yz_tally_make(struct yz_store *s, int64_t version, struct yz_error *err);
/* Counts every table and compares. Errors: YZ_E_CORRUPT, naming the first table that does not fit.
 */
enum yz_status yz_tally_check(struct yz_store *s, struct yz_error *err);
/* As yz_tally_check for one table: true only if it fits. */
bool yz_tally_fits(struct yz_store *s, const char *table);

#endif
