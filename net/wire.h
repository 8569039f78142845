/* The wire format of doc/platform-api.yaml: batches out, answers in. Pure. Bodies go out byte for
 * byte as they were frozen; an answer that is not exactly what the contract says is no answer, so
 * that nothing is ever taken for an ack. */
#ifndef YZ_NET_WIRE_H
#define YZ_NET_WIRE_H

#include "base/buf.h"
#include "store/outbox.h"

#define YZ_API_VERSION "2026-11"

/* wire name */
#define YZ_WIRE_STATUSES(X)     \
	X(APPLIED, "applied")   \
	X(REPLAYED, "replayed") \
	X(REJECTED, "rejected") \
	X(BLOCKED, "blocked")   \
	X(RETRY, "retry")
#define X(id, name) YZ_WIRE_##id,
enum yz_wire_status { YZ_WIRE_STATUSES(X) YZ_WIRE_STATUS_COUNT };
#undef X

/* What the platform says of one operation, or of a whole request (status is then not used). */
struct yz_verdict {
	enum yz_wire_status status;
	int http;                    /* status of the problem, 0 without */
	char code[YZ_SHORT_SIZE];    /* "" when applied or replayed */
	char reason[YZ_REASON_SIZE]; /* the platform's words for the clerk */
	char field[64];              /* JSON pointer of the first field at fault, or "" */
	char server_id[64];
};

/* Writes the batch of n operations (1 to YZ_BATCH_MAX) to out, which is cleared first. */
void yz_wire_batch(
        struct yz_buf *out, const struct yz_id *batch_id, const struct yz_op *ops, size_t n);

/* Adds one operation as it stands in "ops" of a batch, in one line; the body byte for byte. */
void yz_wire_item(struct yz_buf *out, const struct yz_op *op);

struct yz_answer {
	const char *type; /* Content-Type, or "" */
	const char *body;
	size_t len;
};

/* Reads a 200 answer to a batch into n verdicts. YZ_E_PARSE for anything unexpected: another type,
 * trailing bytes, more or fewer results, another order or operation, an unknown status, a refusal
 * without a reason. */
enum yz_status yz_wire_read(struct yz_verdict *verdicts, const struct yz_op *ops, size_t n,
        const struct yz_answer *a, struct yz_error *err);

/* high_seq of an answer that yz_wire_read took; -1 without. */
int64_t yz_wire_high_seq(const struct yz_answer *a);

/* Reads application/problem+json. YZ_E_PARSE if it is anything else (then it was not the platform
 * that answered). */
enum yz_status yz_wire_problem(
        struct yz_verdict *out, const struct yz_answer *a, struct yz_error *err);

#endif
