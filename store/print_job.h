/* Print jobs: durable before the clerk sees "queued". The kiosk adds them, yizhan-print moves them
 * on. What a job prints is read from its shipment when it is rendered, so a job row holds no
 * personal data. */
#ifndef YZ_STORE_PRINT_JOB_H
#define YZ_STORE_PRINT_JOB_H

#include "store/store.h"

/* code, clerk's word (msgid) */
#define YZ_PRINT_STATES(X)                                                              \
	X(WAITING, N_("waiting for the printer")) /* not yet given to CUPS */           \
	X(SENT, N_("printing"))                   /* CUPS has it */                     \
	X(DONE, N_("printed"))                                                          \
	X(FAILED, N_("failed"))        /* it did not come out: may be repeated */       \
	X(ASK, N_("did it come out?")) /* it may have come out: only the clerk knows */ \
	X(CANCELLED, N_("cancelled"))
#define X(id, say) YZ_PRINT_##id,
enum yz_print_state { YZ_PRINT_STATES(X) YZ_PRINT_STATE_COUNT };
#undef X

struct yz_print_job {
	struct yz_id id;
	int64_t seq;                  /* order of printing */
	char paper[YZ_SHORT_SIZE];    /* waybill, receipt, refund */
	char template[YZ_SHORT_SIZE]; /* "waybill-100x180" */
	struct yz_id shipment;
	int print_no; /* 1 for the first of this paper and shipment; above 1 is a reprint */
	char reason[YZ_REASON_SIZE]; /* why it was printed again, or "" */
	enum yz_print_state state;
	int attempts;
	int cups_job;                 /* 0: none */
	char trouble[YZ_SHORT_SIZE];  /* "", media-empty, cover-open, printer-gone, cups-gone,
	                                 render, ... */
	char message[YZ_REASON_SIZE]; /* English detail, no personal data */
	struct yz_id clerk;
	int64_t created_ms, changed_ms;
};

/* id made if none; seq, print_no and times are written back. */
enum yz_status yz_print_job_add(struct yz_tx *tx, struct yz_print_job *j, struct yz_error *err);
/* Writes state, attempts, cups_job, trouble, message. */
enum yz_status yz_print_job_update(
        struct yz_tx *tx, const struct yz_print_job *j, struct yz_error *err);
enum yz_status yz_print_job_get(
        struct yz_store *s, const struct yz_id *id, struct yz_print_job *out, struct yz_error *err);
/* Jobs that are not DONE or CANCELLED, oldest first. */
enum yz_status yz_print_job_open(
        struct yz_store *s, struct yz_print_job *rows, size_t max, size_t *n, struct yz_error *err);
/* Only those WAITING or SENT, the oldest: what the print program has to do. */
enum yz_status yz_print_job_due(
        struct yz_store *s, struct yz_print_job *rows, size_t max, size_t *n, struct yz_error *err);
/* All jobs of one shipment, oldest first. */
enum yz_status yz_print_job_list(struct yz_store *s, const struct yz_id *shipment,
        struct yz_print_job *rows, size_t max, size_t *n, struct yz_error *err);

#endif
