/* Private to store/: the columns of an operation, shared by the files of the outbox. */
#ifndef YZ_STORE_OP_H
#define YZ_STORE_OP_H

#include "store/db.h"
#include "store/outbox.h"

#define YZ_OP_COLUMNS(X)          \
	X(yz_op, ID, id)          \
	X(yz_op, TEXT, agg)       \
	X(yz_op, NUM, agg_ver)    \
	X(yz_op, TEXT, kind)      \
	X(yz_op, NUM, schema)     \
	X(yz_op, BYTES, digest)   \
	X(yz_op, ID, supersedes)  \
	X(yz_op, NUM, created_ms) \
	X(yz_op, NUM, mono_ms)    \
	X(yz_op, TEXT, boot_id)   \
	X(yz_op, NUM, trust)      \
	X(yz_op, NUM, state)      \
	X(yz_op, NUM, attempts)   \
	X(yz_op, NUM, next_ms)    \
	X(yz_op, TEXT, code)      \
	X(yz_op, TEXT, reason)    \
	X(yz_op, TEXT, field)     \
	X(yz_op, TEXT, server_id) \
	X(yz_op, NUM, acked_ms)   \
	X(yz_op, ID, clerk)

#define YZ_SELECT_OP YZ_SELECT("outbox", YZ_OP_COLUMNS)

extern const struct yz_cols yz_op_cols;

/* The states that still want something; the same words as in the partial indexes, else SQLite does
 * not use them. */
#define YZ_OP_OPEN "state NOT IN (1, 3)"

/* Reads op's needs. */
enum yz_status yz_op_needs(struct yz_store *s, struct yz_op *op, struct yz_error *err);
/* Reads op's body (owned by the caller) and checks its digest; an erased one is NULL. Errors:
 * YZ_E_CORRUPT. */
enum yz_status yz_op_body(struct yz_store *s, struct yz_op *op, struct yz_error *err);

#endif
