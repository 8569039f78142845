/* Hands waiting operations to the platform over up to four lanes: claim, durable heartbeat, POST,
 * and every operation's result in one transaction. A step never waits for the network. Owned by
 * yizhan-sync; exactly one runs per station. */
#ifndef YZ_NET_PUSH_H
#define YZ_NET_PUSH_H

#include "net/http.h"
#include "station/skew.h"
#include "store/store.h"

enum yz_push_outcome {
	YZ_PUSH_BUSY,    /* something is under way */
	YZ_PUSH_DRAINED, /* nothing may go out now */
	YZ_PUSH_FAILED   /* it did not work and is tried again later */
};

struct yz_push_setup {
	struct yz_store *store; /* borrowed, as the next two */
	struct yz_http *http;
	const char *token_file;
	bool by_certificate; /* a token is not needed */
	int poll_s;
	const struct yz_skew *skew; /* borrowed; decides what is due. NULL: the wall clock does */
	int64_t test_now_ms; /* [test] now: what the kiosk shows as the time; due times use the real
	                        clock */
};

struct yz_push;

struct yz_push *yz_push_new(const struct yz_push_setup *setup);
void yz_push_free(struct yz_push *p);

/* Ends what has ended and starts what may start. *wait_ms: nothing to do for so long, unless the
 * network or the doorbell speaks. Faults are logged and shown in the link's state, never returned:
 * the next step tries again. */
enum yz_push_outcome yz_push_step(struct yz_push *p, int64_t *wait_ms);

/* Marks the line offline because the program ends. */
void yz_push_stop(struct yz_push *p);

#endif
