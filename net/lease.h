/* Keeps the station in waybill numbers: asks the platform for leases, gives back those that the
 * owner returned. Each request is a row of the store first; its id is the Idempotency-Key, so that
 * a lost answer brings the same lease again. Owned by yizhan-sync. */
#ifndef YZ_NET_LEASE_H
#define YZ_NET_LEASE_H

#include "net/errand.h"
#include "store/store.h"

struct yz_leases_setup {
	struct yz_store *store; /* borrowed, as the next two */
	struct yz_http *http;
	const char *token_file; /* NULL: a certificate stands in for it */
	int poll_s;
	int64_t test_now_ms;
};

struct yz_leases;

struct yz_leases *yz_leases_new(const struct yz_leases_setup *setup);
void yz_leases_free(struct yz_leases *l);

/* Ends what has ended and starts what may start; never waits for the network. *wait_ms: nothing to
 * do for so long, unless the network or the doorbell speaks. */
enum yz_errand_outcome yz_leases_step(struct yz_leases *l, int64_t *wait_ms);

#endif
