/* Number pools: ranges of waybill numbers, bought (imported) or leased from the platform. A number
 * is taken inside the shipment's own transaction: a crash leaves no gap and reuses none. */
#ifndef YZ_STORE_POOL_H
#define YZ_STORE_POOL_H

#include "store/store.h"

struct yz_pool {
	struct yz_id id;
	char courier[YZ_SHORT_SIZE];
	char source[YZ_SHORT_SIZE]; /* lease, range */
	char lease_id[64];
	char prefix[17], suffix[9];
	int width;            /* digits between prefix and suffix, without the check digit */
	int64_t lo, hi, next; /* next is lo for a fresh one; next > hi is used up */
	char check_rule[YZ_SHORT_SIZE]; /* none, s10 */
};

/* YZ_E_EXISTS if a number of it, as printed, is one of another pool of the courier; YZ_E_RANGE if
 * its numbers do not fit its width (1 to 18) or next is not within lo..hi+1. id made if none. */
enum yz_status yz_pool_add(struct yz_tx *tx, struct yz_pool *p, struct yz_error *err);
/* Takes the next number: a returned one first, else from the oldest pool. *number is the bare
 * counter; *from the pool as it was. YZ_E_EMPTY if none is left. */
enum yz_status yz_pool_take(struct yz_tx *tx, const char *courier, struct yz_pool *from,
        int64_t *number, struct yz_error *err);
/* What became of a number after a void: burned for ever, or free again. YZ_E_NOTFOUND: the parcel
 * has none (any more). */
enum yz_status yz_pool_give_back(
        struct yz_tx *tx, const struct yz_id *shipment, bool burn, struct yz_error *err);
/* Remembers which shipment took which number of which pool (so that it can be given back).
 * YZ_E_NOTFOUND: no such pool, or the number is another parcel's. */
enum yz_status yz_pool_note(struct yz_tx *tx, const struct yz_pool *from, int64_t number,
        const struct yz_id *shipment, struct yz_error *err);
/* Numbers left for a courier. */
enum yz_status yz_pool_left(
        struct yz_store *s, const char *courier, int64_t *left, struct yz_error *err);
/* All, from the oldest; the first max of them, or max after skip. */
enum yz_status yz_pool_list(
        struct yz_store *s, struct yz_pool *rows, size_t max, size_t *n, struct yz_error *err);
enum yz_status yz_pool_page(struct yz_store *s, int64_t skip, struct yz_pool *rows, size_t max,
        size_t *n, struct yz_error *err);

#endif
