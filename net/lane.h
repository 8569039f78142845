/* Private to net/push.c and net/lanes.c. The queue is divided over lanes by aggregate: each sends
 * one batch at a time, and four share the line. A lane that is done helps another; the claim keeps
 * the order within an aggregate, whoever sends it (store/outbox.h). */
#ifndef YZ_NET_LANE_H
#define YZ_NET_LANE_H

#include "net/batch.h"
#include "net/bisect.h"
#include "net/pace.h"
#include "net/push.h"
#include "net/retry.h"
#include "net/settle.h"
#include "net/token.h"

struct yz_lane {
	unsigned no;
	struct yz_exchange *x; /* under way, or NULL */
	struct yz_batch batch; /* with x */
	struct yz_bisect suspects;
	size_t tried;    /* of the suspects, by this batch */
	int whole;       /* batches in a row that failed as a whole for a reason that may pass */
	int poisons;     /* operations in a row that failed alone while nothing went well */
	int fails;       /* in a row while others went well */
	int64_t next_ms; /* monotonic: not before */
	bool dry;        /* nothing may go out; ends when the database changes */
};

struct yz_push {
	struct yz_push_setup setup;
	char token[YZ_TOKEN_SIZE];
	struct yz_retry retry; /* of the line, for all lanes */
	struct yz_pace pace;
	struct yz_settle settle;
	struct yz_lane lanes[YZ_HTTP_EXCHANGES];
	unsigned turn; /* the lane that starts first: another one after each failure */
	struct yz_exchange *probe;
	bool answered;            /* the last probe was */
	bool identity;            /* the platform does not take gzip */
	bool failed;              /* since something last went well */
	bool beaten;              /* the heartbeat of this step is written */
	bool unnoted;             /* an answer could not be written down: one at a time, slowly */
	int64_t ok_ms, failed_ms; /* monotonic: when a batch last went well; when a failure last
	                             counted */
	int64_t probe_at_ms;      /* monotonic: the line is looked at again when idle */
	int64_t look_at_ms;       /* monotonic: the queue is looked at again whatever happens */
	int64_t version;          /* of the database when it was last looked at */
	char trouble[YZ_ERROR_TEXT_MAX]; /* last one logged, so that it is logged once */
};

/* ---- lanes.c ---- */
/* Claims, encodes and sends what the lane may send; it is dry if that is nothing. */
void yz_lane_start(struct yz_push *p, struct yz_lane *l);
/* Its exchange has ended with reply r. */
void yz_lane_end(struct yz_push *p, struct yz_lane *l, const struct yz_http_reply *r);

/* ---- push.c ---- */
double yz_push_chance(void); /* from 0 up to, not with, 1 */
/* Something on this computer stands in the way (disk, key file): said once and shown as
 * the line's state, if that can still be written; tried again after a period. */
void yz_push_trouble(struct yz_push *p, const struct yz_error *err);
/* The line or the platform failed: nothing is held against the operations. It counts once for all
 * that was under way, and not at all if another batch went well meanwhile: then only this lane (may
 * be NULL) waits. */
void yz_push_failed(
        struct yz_push *p, struct yz_lane *l, const struct yz_http_reply *r, const char *why);
/* The platform will not talk to this station: stop, tell, look again now and then (with the key
 * read anew). */
void yz_push_halted(struct yz_push *p, const char *why);

#endif
