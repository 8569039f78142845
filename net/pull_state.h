/* Private to net/pull*.c: one pull, and what its two ways of reading a stream share. */
#ifndef YZ_NET_PULL_STATE_H
#define YZ_NET_PULL_STATE_H

#include "net/pull.h"
#include "net/wire_pull.h"

enum { YZ_STREAMS_MAX = 8 };

struct yz_pull {
	struct yz_pull_setup setup;
	struct yz_errand errand;
	size_t at;           /* the stream under way */
	struct yz_feed feed; /* as it stands in the store */
	bool is_snapshot;    /* what is under way */
	int64_t asked_from;  /* the byte that a piece of a snapshot was asked from */
	int64_t due_ms[YZ_STREAMS_MAX];
	int limit; /* items of a page, pieces in proportion; halved when an answer does not come */
};

/* Writes feed and what came with it: a page taken, or a whole stream (replace), or neither (page
 * NULL); drop_parts forgets the pieces of a snapshot. One transaction. True if it is on disk. */
struct yz_pull_step {
	const struct yz_wire_page *page;
	bool replace, drop_parts;
};
bool yz_pull_save(struct yz_pull *p, struct yz_feed feed, struct yz_pull_step step);

/* Starts the next piece of a snapshot; false as yz_errand_start. */
bool yz_snapshot_start(struct yz_pull *p, int64_t *wait_ms);
/* A good answer to it. */
void yz_snapshot_answered(struct yz_pull *p, const struct yz_http_reply *r);
/* The platform refused it. */
void yz_snapshot_refused(struct yz_pull *p, const struct yz_http_reply *r);

#endif
