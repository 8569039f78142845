/* How the line stands, as facts in the store that the kiosk's status line reads: link.state
 * (online, offline, standalone), link.since_ms (when that began), link.why (dns, refused, timeout,
 * tls, tls-name, tls-ca, tls-pin, tls-expired, tls-version, tls-client, cut, network, portal,
 * bad-answer, http-503, unauthorised, station-suspended, cert-expired, bad-signature, clock-skew,
 * stale-agent-epoch, upgrade-required, token, no-space, damaged, disk, stopped, or ""). */
#ifndef YZ_NET_LINK_H
#define YZ_NET_LINK_H

#include "store/store.h"

struct yz_link {
	char state[YZ_SHORT_SIZE], why[YZ_SHORT_SIZE]; /* as they stand in the store */
	bool known;                                    /* read from the store */
};

/* Writes the state inside tx if it differs; *changed says whether it did. since_ms moves only with
 * the state. */
enum yz_status yz_link_put(struct yz_link *link, struct yz_tx *tx, const char *state,
        const char *why, bool *changed, struct yz_error *err);

/* The same in a transaction of its own (none if nothing changes); rings the kiosks after a change.
 */
enum yz_status yz_link_set(struct yz_link *link, struct yz_store *s, const struct yz_now *now,
        const char *state, const char *why, struct yz_error *err);

/* Rings every kiosk of the station. */
void yz_link_ring(struct yz_store *s);

#endif
