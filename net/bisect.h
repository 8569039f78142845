/* Finds the operation that spoils a batch. The suspects are tried by their first half: what goes
 * through is cleared, what fails becomes the suspects, and the other half goes out with the usual
 * batches later. So a poison among n costs at most log2(n) + 2 requests. Pure. */
#ifndef YZ_NET_BISECT_H
#define YZ_NET_BISECT_H

#include "store/outbox.h"

struct yz_bisect {
	int64_t seqs[YZ_BATCH_MAX];
	size_t n; /* 0: nothing is suspected */
};

/* A batch failed whole: its n operations are the suspects. */
void yz_bisect_failed(struct yz_bisect *b, const struct yz_op *ops, size_t n);
/* How many of the suspects, from the first, the next request tries. */
size_t yz_bisect_next(const struct yz_bisect *b);
/* The first n were tried, and went through or may not go out now. */
void yz_bisect_clear(struct yz_bisect *b, size_t n);

#endif
