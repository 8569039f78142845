#include "config.h"

#include "net/batch.h"

#include "net/gzip.h"
#include "net/wire.h"

#include <stdlib.h>

static void encode(struct yz_batch *b, bool identity)
{
	struct yz_buf plain = YZ_BUF_INIT;

	yz_wire_batch(&plain, &b->key, b->ops, b->n);
	if (!identity)
		yz_gzip(&b->body, &plain);
	b->gzip = !identity && b->body.len < plain.len;
	if (!b->gzip) {
		yz_buf_clear(&b->body);
		yz_buf_add(&b->body, yz_buf_str(&plain), plain.len);
	}
	yz_buf_free(&plain);
}

static void keep_first(struct yz_batch *b, size_t n)
{
	while (b->n > n)
		free(b->ops[--b->n].body);
}

enum yz_status yz_batch_fill(struct yz_batch *b, struct yz_store *s, const struct yz_claim *want,
        bool identity, struct yz_error *err)
{
	struct yz_claim more = *want;
	enum yz_status st;

	if (!want->n_only &&
	        want->max < YZ_BATCH_MAX) /* a short rest costs a round trip of its own */
		more.max = want->max * 3 / 2 < YZ_BATCH_MAX ? want->max * 3 / 2 : YZ_BATCH_MAX;
	st = yz_outbox_claim_for(s, &more, &b->ops, &b->n, err);
	if (st != YZ_OK) {
		b->ops = NULL;
		b->n = 0;
		return st;
	}
	if (b->n == more.max)
		keep_first(b, want->max);
	if (!b->n) {
		yz_batch_drop(b);
		return YZ_OK;
	}
	b->key = yz_id_new(want->now_ms);
	encode(b, identity);
	while (b->body.len > YZ_BATCH_BYTES && b->n > 1) {
		size_t fits = b->n * YZ_BATCH_BYTES / b->body.len * 15 / 16;

		keep_first(b, fits ? fits : 1);
		encode(b, identity);
	}
	return YZ_OK;
}

void yz_batch_drop(struct yz_batch *b)
{
	yz_ops_free(b->ops, b->n);
	yz_buf_free(&b->body);
	*b = (struct yz_batch){0};
}
