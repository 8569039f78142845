/* Keeps what every request stands on: the platform's time, when the dates of its certificate fail
 * or nothing is known, and the station's certificate, which is renewed at 60 of its 90 days. Steps
 * never wait for the network. Owned by yizhan-sync; push and pull come after it. */
#ifndef YZ_NET_KEEPER_H
#define YZ_NET_KEEPER_H

#include "net/http.h"
#include "station/skew.h"
#include "net/tls.h"
#include "store/store.h"

struct yz_keeper_setup {
	struct yz_store *store; /* borrowed, as the next three */
	struct yz_http *http;
	struct yz_tls *tls;
	struct yz_skew *skew;
	struct yz_cert_files files; /* borrowed texts, as the next */
	const char *station;
};

struct yz_keeper;

struct yz_keeper *yz_keeper_new(const struct yz_keeper_setup *setup);
void yz_keeper_free(struct yz_keeper *k); /* NULL is fine */

/* Ends what has ended and starts what is due. True: something is under way or waits for its turn,
 * and the pool is held: the others end what they have under way and start nothing. Faults are
 * logged and tried again later. */
bool yz_keeper_step(struct yz_keeper *k);

#endif
