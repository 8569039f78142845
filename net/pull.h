/* Brings in what the platform hands out: tariffs, catalogue, tracking, notices. Per stream a cursor
 * that is saved with its items, and a snapshot, taken in pieces, when the cursor is no good any
 * more. Owned by yizhan-sync. */
#ifndef YZ_NET_PULL_H
#define YZ_NET_PULL_H

#include "net/errand.h"
#include "station/desk.h"

struct yz_pull_setup {
	struct yz_desk desk;    /* no clerk */
	struct yz_http *http;   /* borrowed, as the next */
	const char *token_file; /* NULL: a certificate stands in for it */
	int poll_s;             /* each stream is asked every ten of these */
	int64_t test_now_ms;
};

struct yz_pull;

struct yz_pull *yz_pull_new(const struct yz_pull_setup *setup);
void yz_pull_free(struct yz_pull *p);

/* Ends what has ended and starts what may start; never waits for the network. *wait_ms: nothing to
 * do for so long, unless the network speaks. */
enum yz_errand_outcome yz_pull_step(struct yz_pull *p, int64_t *wait_ms);

#endif
