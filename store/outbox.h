/* Operations kept until the platform confirms them. A body is frozen bytes (RFC 8785 JSON); a
 * repair is a new operation that supersedes the old one. Nothing is deleted because it was sent. */
#ifndef YZ_STORE_OUTBOX_H
#define YZ_STORE_OUTBOX_H

#include "store/store.h"

enum {
	YZ_NEEDS_MAX = 8,
	YZ_BODY_MAX = 65536, /* bytes */
	YZ_BATCH_MAX = 200,
	YZ_RESEND_DAYS = 14 /* a body stays so long after the ack, at least */
};

/* No operation is put off for longer: one that is due later was put off under a clock that has
 * leapt since, and is due. */
#define YZ_PUT_OFF_MAX_MS ((int64_t)13 * 3600 * 1000)

/* Reason codes that mean something to the queue. */
#define YZ_OP_ALONE "spoils-batch"       /* goes out alone */
#define YZ_OP_RESEND "platform-restored" /* was acked, and goes out again */

/* code, clerk's word (msgid) */
#define YZ_OP_STATES(X)               \
	X(PENDING, N_("waiting"))     \
	X(ACKED, N_("sent"))          \
	X(DEAD, N_("refused"))        \
	X(SUPERSEDED, N_("replaced")) \
	X(HELD, N_("held"))
#define X(id, say) YZ_OP_##id,
enum yz_op_state { YZ_OP_STATES(X) YZ_OP_STATE_COUNT };
#undef X

struct yz_op {
	struct yz_id id;
	int64_t seq;              /* in the station's sequence, from 1 */
	char agg[64];             /* aggregate: "shipment:<uuid>"; its operations go out in order */
	int64_t agg_ver;          /* from 1 in each aggregate; set by yz_outbox_add */
	char kind[YZ_SHORT_SIZE]; /* "shipment.book" */
	int schema;               /* version of the body's shape */
	char *body; /* RFC 8785 JSON, at most YZ_BODY_MAX bytes; owned by the batch or the caller */
	size_t body_len;
	uint8_t digest[32]; /* SHA-256 of the body; set by yz_outbox_add, checked on every read */
	struct yz_id needs[YZ_NEEDS_MAX];
	int need_count;
	struct yz_id supersedes;     /* or none */
	int64_t created_ms, mono_ms; /* when it was made, and on which boot */
	char boot_id[37];
	enum yz_clock_trust trust; /* of created_ms; the caller knows */
	enum yz_op_state state;
	int attempts;
	int64_t next_ms;             /* not before (wall clock), 0 at once */
	char code[YZ_SHORT_SIZE];    /* platform's reason code, or "" */
	char reason[YZ_REASON_SIZE]; /* platform's words for the clerk */
	char field[64];              /* JSON pointer of the field at fault, or "" */
	char server_id[64];
	int64_t acked_ms; /* by the platform's clock, 0: not acked */
	struct yz_id clerk;
};

/* Adds op inside the caller's transaction. id made if none; seq, agg_ver, digest, created_ms, boot
 * and trust are written back. A need that does not exist is YZ_E_NOTFOUND; one that was superseded
 * is followed to its repair. If supersedes is set, that operation must be DEAD or HELD (else
 * YZ_E_STATE), becomes SUPERSEDED, and those that needed it need this one instead. Errors also:
 * YZ_E_RANGE (body too long, too many needs), YZ_E_FULL, YZ_E_IO. */
enum yz_status yz_outbox_add(struct yz_tx *tx, struct yz_op *op, struct yz_error *err);

/* Up to max (at most YZ_BATCH_MAX) operations that may go out now, in order of seq, but a repair at
 * the place of what it supersedes: PENDING, due, all needs ACKED or earlier in this list, and
 * nothing of the same aggregate before them that is not ACKED, SUPERSEDED or in this list; bodies
 * together at most max_bytes (at least one is given). Each body's digest is checked; a damaged one
 * is YZ_E_CORRUPT and marks the station as damaged (store/guard.h). */
enum yz_status yz_outbox_claim(struct yz_store *s, int64_t now_ms, size_t max, size_t max_bytes,
        struct yz_op **ops, size_t *n, struct yz_error *err);

/* What a claim for one of several senders takes. */
struct yz_claim {
	int64_t now_ms; /* what is put off until later waits, unless by YZ_PUT_OFF_MAX_MS and more
	                 */
	size_t max, max_bytes;
	unsigned lane, lanes; /* only aggregates of this lane of so many; lanes 0: all */
	const int64_t *only;  /* only these n_only operations; NULL: all */
	size_t n_only;
	const int64_t *under_way; /* but not these, which others send or look at */
	size_t n_under_way;
	bool mixed; /* those that go alone stand among the others */
};
/* As yz_outbox_claim. An operation waits while one before it of the same aggregate, or one that it
 * needs, is not ACKED and not in the same claim: also while another sender has that under way. An
 * operation with the code YZ_OP_ALONE is given alone, when nothing stands before it. */
enum yz_status yz_outbox_claim_for(struct yz_store *s, const struct yz_claim *want,
        struct yz_op **ops, size_t *n, struct yz_error *err);
/* The lane of an aggregate, always the same. */
unsigned yz_outbox_lane(const char *agg, unsigned lanes);

void yz_ops_free(struct yz_op *ops, size_t n); /* with the bodies */

/* As yz_outbox_claim, for another way than the line: the first max operations, also those that are
 * put off, whatever their bodies take. Changes nothing. */
enum yz_status yz_outbox_waiting(
        struct yz_store *s, size_t max, struct yz_op **ops, size_t *n, struct yz_error *err);

/* Durable proof, before each POST, that an answer could be written down. */
enum yz_status yz_outbox_heartbeat(
        struct yz_store *s, const struct yz_now *now, struct yz_error *err);

/* The platform has it. Whatever the clerk did to it meanwhile, it is ACKED; a second ack is fine.
 * YZ_E_STATE only for a SUPERSEDED one. server_id may be NULL. This and the next four:
 * YZ_E_NOTFOUND for an unknown id. */
enum yz_status yz_outbox_ack(
        struct yz_tx *tx, const struct yz_id *id, const char *server_id, struct yz_error *err);
/* The same; acked_ms is the platform's time. yz_outbox_ack takes the transaction's. */
enum yz_status yz_outbox_ack_at(struct yz_tx *tx, const struct yz_id *id, const char *server_id,
        int64_t acked_ms, struct yz_error *err);
/* PENDING or HELD to DEAD, with the platform's reason; field may be NULL. YZ_E_STATE otherwise. */
enum yz_status yz_outbox_refuse(struct yz_tx *tx, const struct yz_id *id, const char *code,
        const char *reason, const char *field, struct yz_error *err);
/* Still PENDING, not before next_ms, with why. counts: an attempt that counts. YZ_E_STATE if it is
 * not PENDING. */
enum yz_status yz_outbox_defer(struct yz_tx *tx, const struct yz_id *id, int64_t next_ms,
        const char *code, bool counts, struct yz_error *err);
/* The clerk: PENDING or DEAD to HELD; DEAD or HELD to PENDING. YZ_E_STATE otherwise. */
enum yz_status yz_outbox_hold(struct yz_tx *tx, const struct yz_id *id, struct yz_error *err);
enum yz_status yz_outbox_retry(struct yz_tx *tx, const struct yz_id *id, struct yz_error *err);

/* The platform was restored from a backup: what it confirmed since since_ms (its clock), and whose
 * seq is from from_seq to to_seq, is PENDING again with the code YZ_OP_RESEND if its body is still
 * there. *n: how many. A few thousand at a time keep the write lock short. */
enum yz_status yz_outbox_resend(struct yz_tx *tx, int64_t from_seq, int64_t to_seq,
        int64_t since_ms, int64_t *n, struct yz_error *err);
/* One with the code YZ_OP_ALONE went through: it was no poison, so that the others with that code
 * may be none; they go out again together with the rest. */
enum yz_status yz_outbox_rejoin(struct yz_tx *tx, struct yz_error *err);
/* When operation seq was confirmed, by the platform's clock; 0 if it is not ACKED. */
enum yz_status yz_outbox_acked_ms(
        struct yz_store *s, int64_t seq, int64_t *acked_ms, struct yz_error *err);
/* The highest seq given so far, 0 for none. */
enum yz_status yz_outbox_high(struct yz_store *s, int64_t *seq, struct yz_error *err);

/* The newest operation of an aggregate (without body); YZ_E_NOTFOUND. */
enum yz_status yz_outbox_last(
        struct yz_store *s, const char *agg, struct yz_op *out, struct yz_error *err);
/* The operations of one aggregate that are not settled (PENDING, DEAD, HELD), in the order in which
 * they go out, without bodies; at most max of them. */
enum yz_status yz_outbox_open_of(struct yz_store *s, const char *agg, struct yz_op *rows,
        size_t max, size_t *n, struct yz_error *err);
/* The first refused or held operation that this one waits for, through whatever lies between:
 * needed, or earlier of the same aggregate. Without body; YZ_E_NOTFOUND: nothing stands in its way
 * here. */
enum yz_status yz_outbox_blocker(
        struct yz_store *s, const struct yz_id *id, struct yz_op *out, struct yz_error *err);
/* One operation with its body (free with yz_ops_free(op, 1) if it was allocated by claim, else
 * free(op.body)). */
enum yz_status yz_outbox_get(
        struct yz_store *s, const struct yz_id *id, struct yz_op *out, struct yz_error *err);
/* Without bodies, oldest first; states is a bit mask of 1 << YZ_OP_x. */
enum yz_status yz_outbox_list(struct yz_store *s, unsigned states, size_t skip, struct yz_op *rows,
        size_t max, size_t *n, size_t *total, struct yz_error *err);

struct yz_outbox_counts {
	int64_t pending, dead, held;
	int64_t oldest_pending_ms; /* created, 0 if none waits */
};
enum yz_status yz_outbox_count(
        struct yz_store *s, struct yz_outbox_counts *out, struct yz_error *err);

#endif
