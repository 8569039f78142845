/* Waybill numbers leased from the platform: the requests, each a durable row before it is sent,
 * and what a station still holds. Owned by yizhan-sync; yizhanctl gives leases back. */
#ifndef YZ_STORE_POOL_LEASE_H
#define YZ_STORE_POOL_LEASE_H

#include "store/pool.h"

/* Code of a request whose courier was given back while it was open. */
#define YZ_LEASE_RETURNED "returned"

enum yz_lease_state { YZ_LEASE_OPEN, YZ_LEASE_DONE, YZ_LEASE_REFUSED };

struct yz_lease {
	struct yz_id id;             /* the Idempotency-Key: the same one brings the same answer */
	char what[YZ_SHORT_SIZE];    /* take, return */
	char courier[YZ_SHORT_SIZE]; /* code */
	int64_t count;               /* take: numbers asked for */
	int64_t high_water;          /* take: the highest leased number that may be used, 0: none */
	char lease_id[64];           /* return: which; take: once it is done */
	int64_t used_to;             /* return: the highest number used, lo - 1 for none */
	enum yz_lease_state state;
	char code[YZ_SHORT_SIZE];    /* refused: why, a key word */
	char reason[YZ_REASON_SIZE]; /* the platform's words, or ours for the owner */
	int64_t at_ms;               /* of the last change */
};

/* Writes a request for count numbers; *out is the row. YZ_E_EXISTS: one is open already. */
enum yz_status yz_lease_ask(struct yz_tx *tx, const char *courier, int64_t count,
        struct yz_lease *out, struct yz_error *err);
/* The oldest request that has no answer yet. YZ_E_NOTFOUND: none. */
enum yz_status yz_lease_next(struct yz_store *s, struct yz_lease *out, struct yz_error *err);
/* The numbers of a take have come: adds them as a pool (p->source is then "lease") and ends the
 * request; they are declined if the courier was given back meanwhile. Errors as yz_pool_add;
 * YZ_E_STATE: the request is not open any more. After an error the caller rolls back. */
enum yz_status yz_lease_fill(
        struct yz_tx *tx, const struct yz_lease *l, struct yz_pool *p, struct yz_error *err);
/* Ends an open request; state is DONE or REFUSED, with l's code and reason. YZ_E_NOTFOUND: not
 * open. */
enum yz_status yz_lease_end(struct yz_tx *tx, const struct yz_lease *l, enum yz_lease_state state,
        struct yz_error *err);
/* Ends a take as REFUSED, with l's code and reason, and writes a return of all that came, p, so
 * that nothing is lost to the courier. YZ_E_NOTFOUND: not open. */
enum yz_status yz_lease_decline(
        struct yz_tx *tx, const struct yz_lease *l, const struct yz_pool *p, struct yz_error *err);
/* The newest request of a courier, but for returns of what was declined. YZ_E_NOTFOUND: none. */
enum yz_status yz_lease_last(
        struct yz_store *s, const char *courier, struct yz_lease *out, struct yz_error *err);

/* Gives back all leases of a courier, also those that are asked for: burns here what is not used
 * and writes a return for each, all in tx, before anything goes out. *leases and *burned count
 * them. */
enum yz_status yz_lease_return(struct yz_tx *tx, const char *courier, int64_t *leases,
        int64_t *burned, struct yz_error *err);

/* After an older backup was restored: burns every number that may have been used since (the rest
 * of all pools, and what had come back), and ends the open requests, whose answers may have been
 * used up as well. *burned (may be NULL) counts the numbers. Runs in the transaction that marks the
 * restore, before any clerk works. */
enum yz_status yz_pool_after_restore(struct yz_tx *tx, int64_t *burned, struct yz_error *err);

struct yz_stock {
	char courier[YZ_SHORT_SIZE];
	int64_t left;
	int64_t busy_day; /* parcels of a busy day as last noted, 0 unknown */
};
/* Every courier that has or had numbers or parcels, by code, but for those that were given back. */
enum yz_status yz_pool_stock(
        struct yz_store *s, struct yz_stock *rows, size_t max, size_t *n, struct yz_error *err);
/* Parcels of the courier on its 95th-percentile day since from_ms, days without any left out; 0 for
 * none. Reads a row a parcel. */
enum yz_status yz_pool_busy_day(struct yz_store *s, const char *courier, int64_t from_ms,
        int64_t *parcels, struct yz_error *err);
/* Keeps it for yz_pool_stock. */
enum yz_status yz_pool_note_busy_day(
        struct yz_tx *tx, const char *courier, int64_t parcels, struct yz_error *err);

#endif
