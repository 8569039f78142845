/* What makes an older database safe to work with: nothing that may have been given out since is
 * given out again. */
#ifndef YZ_STORE_RESTORE_H
#define YZ_STORE_RESTORE_H

#include "store/store.h"

struct yz_settled {
	int64_t epoch;  /* agent.epoch from now on: the platform refuses an older one */
	int64_t burned; /* waybill numbers that are not used any more */
};

/* Inside one transaction, before any clerk works: raises agent.epoch above every epoch used so far,
 * burns the rest of all number pools, also of those that only before knows, moves the counters of
 * station and item numbers past what may have been used, and writes an audit row (action, "",
 * detail). before is the database that is replaced, as far as it can still be read, or NULL. */
enum yz_status yz_store_settle(struct yz_tx *tx, struct yz_store *before, const char *action,
        const char *detail, struct yz_settled *out, struct yz_error *err);

/* Counts the operations of before that wait to be sent and that fresh does not know: with before
 * they would go. Errors: YZ_E_CORRUPT, YZ_E_IO: they cannot be counted. */
enum yz_status yz_store_unsent(
        struct yz_store *fresh, struct yz_store *before, int64_t *n, struct yz_error *err);

#endif
