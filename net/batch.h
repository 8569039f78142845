/* A batch on its way: the operations claimed for a lane and the request body made of them. Owned by
 * its lane. */
#ifndef YZ_NET_BATCH_H
#define YZ_NET_BATCH_H

#include "base/buf.h"
#include "store/outbox.h"

enum { YZ_BATCH_BYTES = 32 * 1024 }; /* of a request's body as sent */

struct yz_batch {
	struct yz_op *ops;
	size_t n;
	struct yz_id key;   /* batch_id and Idempotency-Key */
	struct yz_buf body; /* as sent */
	bool gzip;          /* it is compressed */
};

/* Claims and encodes up to want->max operations, or half as many more if those are the last ones
 * that may go; n is 0 when nothing may go out. A body longer than YZ_BATCH_BYTES loses its
 * last operations, down to one. identity: no gzip. The batch must be empty. Errors: those of
 * yz_outbox_claim; the batch stays empty. */
enum yz_status yz_batch_fill(struct yz_batch *b, struct yz_store *s, const struct yz_claim *want,
        bool identity, struct yz_error *err);
void yz_batch_drop(struct yz_batch *b); /* empties it and frees all it holds */

#endif
