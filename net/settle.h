/* Writes down what the platform said: every operation's result, its clock and its epoch in one
 * transaction. Owned by net/push.c. */
#ifndef YZ_NET_SETTLE_H
#define YZ_NET_SETTLE_H

#include "net/http.h"
#include "net/link.h"
#include "net/wire.h"
#include "station/skew.h"

struct yz_settle {
	struct yz_store *store; /* borrowed */
	struct yz_link link;
	const struct yz_skew *skew; /* borrowed; NULL: the wall clock is right */
	int poll_s;
	int64_t test_now_ms;
	int64_t epoch_ms; /* monotonic: when a new Platform-Epoch was first seen, 0 never */
	bool resends;     /* acked operations are still to be made PENDING (meta "resend") */
	bool in_order;    /* ... and then all goes out over one lane, until nothing waits */
	int64_t due_ms;   /* monotonic: the next that was put off is due; 0 none */
};

/* Learns from the store whether a resend was cut short. */
enum yz_status yz_settle_start(struct yz_settle *s, struct yz_error *err);

/* All verdicts and what else the reply says, or nothing. online: the line is shown as up. Refusals
 * by a platform that has just been restored are not final: what was lost there comes again first.
 */
struct yz_settle_batch {
	const struct yz_op *ops;
	const struct yz_verdict *verdicts;
	size_t n;
	int64_t high_seq; /* the platform's before this batch, -1 unknown */
};
enum yz_status yz_settle_batch(struct yz_settle *s, const struct yz_settle_batch *b,
        const struct yz_http_reply *r, bool online, struct yz_error *err);

/* The clock and the epoch of an answer that has no results. Writes only what changed. */
enum yz_status yz_settle_probe(
        struct yz_settle *s, const struct yz_http_reply *r, struct yz_error *err);

/* Makes the next few thousand acked operations PENDING again; ends with resends false. in_order
 * stays: what was confirmed long ago no longer names what it needs, so its order is kept. */
enum yz_status yz_settle_resend(struct yz_settle *s, struct yz_error *err);

/* Nothing waits any more: in_order ends. */
enum yz_status yz_settle_resent(struct yz_settle *s, struct yz_error *err);

/* The time by which operations are put off and due: it goes on evenly whatever the wall clock does.
 */
int64_t yz_settle_now_ms(const struct yz_settle *s);

/* How long an operation is put off that spoils its batches, or that is refused for a reason that
 * the contract does not name; pure. age_ms: since it was made. */
int64_t yz_settle_put_off_ms(int64_t age_ms, int64_t period_ms, double u);
/* True when a refusal is for good. Known ones are at once; others after three tries over a day. */
bool yz_settle_is_final(const struct yz_verdict *v, const struct yz_op *op, int64_t now_ms);

#endif
