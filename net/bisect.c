#include "config.h"

#include "net/bisect.h"

#include <assert.h>
#include <string.h>

void yz_bisect_failed(struct yz_bisect *b, const struct yz_op *ops, size_t n)
{
	assert(n <= YZ_BATCH_MAX);
	for (size_t i = 0; i < n; i++)
		b->seqs[i] = ops[i].seq;
	b->n = n;
}

size_t yz_bisect_next(const struct yz_bisect *b)
{
	return b->n > 1 ? b->n / 2 : b->n;
}

void yz_bisect_clear(struct yz_bisect *b, size_t n)
{
	assert(n <= b->n);
	b->n -= n;
	memmove(b->seqs, b->seqs + n, b->n * sizeof(*b->seqs));
}
