#include "config.h"

#include "store/print_job.h"

#include "store/db.h"

_Static_assert(YZ_PRINT_WAITING == 0 && YZ_PRINT_SENT == 1 && YZ_PRINT_DONE == 2 &&
                       YZ_PRINT_CANCELLED == 5,
        "the numbers stand in the database and in SQL");

#define JOB(X)                           \
	X(yz_print_job, ID, id)          \
	X(yz_print_job, TEXT, paper)     \
	X(yz_print_job, TEXT, template)  \
	X(yz_print_job, ID, shipment)    \
	X(yz_print_job, NUM, print_no)   \
	X(yz_print_job, TEXT, reason)    \
	X(yz_print_job, NUM, state)      \
	X(yz_print_job, NUM, attempts)   \
	X(yz_print_job, NUM, cups_job)   \
	X(yz_print_job, TEXT, trouble)   \
	X(yz_print_job, TEXT, message)   \
	X(yz_print_job, ID, clerk)       \
	X(yz_print_job, NUM, created_ms) \
	X(yz_print_job, NUM, changed_ms)
YZ_COLS_SEQ(job, yz_print_job, JOB);
#define SELECT_JOB YZ_SELECT("print_job", JOB)

static enum yz_status count_prints(
        struct yz_tx *tx, const struct yz_print_job *j, int64_t *n, struct yz_error *err)
{
	struct yz_q q = yz_q_start(
	        tx->s, "SELECT count(*) FROM print_job WHERE shipment IS ? AND paper = ?", err);

	yz_q_id(&q, &j->shipment);
	yz_q_text(&q, j->paper);
	return yz_q_value(&q, n);
}

enum yz_status yz_print_job_add(struct yz_tx *tx, struct yz_print_job *j, struct yz_error *err)
{
	struct yz_print_job row = *j;
	int64_t n = 0;
	enum yz_status st = count_prints(tx, &row, &n, err);
	struct yz_q q;

	if (st != YZ_OK)
		return st;
	if (yz_id_is_none(&row.id))
		row.id = yz_id_new(tx->now.wall_ms);
	row.print_no = (int)n + 1;
	row.created_ms = row.changed_ms = tx->now.wall_ms;
	q = yz_q_start(tx->s, YZ_INSERT("print_job", JOB), err);
	yz_q_record(&q, &job, &row);
	st = yz_q_insert(&q, &row.seq);
	if (st == YZ_OK)
		*j = row;
	return st;
}

enum yz_status yz_print_job_update(
        struct yz_tx *tx, const struct yz_print_job *j, struct yz_error *err)
{
	struct yz_q q = yz_q_start(tx->s,
	        "UPDATE print_job SET state = ?, attempts = ?, cups_job = ?,"
	        " trouble = ?, message = ?, changed_ms = ? WHERE id = ?",
	        err);

	yz_q_num(&q, (int64_t)j->state);
	yz_q_num(&q, j->attempts);
	yz_q_num(&q, j->cups_job);
	yz_q_text(&q, j->trouble);
	yz_q_text(&q, j->message);
	yz_q_num(&q, tx->now.wall_ms);
	yz_q_id(&q, &j->id);
	return yz_q_change(&q, "print job");
}

enum yz_status yz_print_job_get(
        struct yz_store *s, const struct yz_id *id, struct yz_print_job *out, struct yz_error *err)
{
	struct yz_q q = yz_q_start(s, SELECT_JOB " WHERE id = ?", err);

	yz_q_id(&q, id);
	return yz_q_one(&q, &job, out, "print job");
}

enum yz_status yz_print_job_open(
        struct yz_store *s, struct yz_print_job *rows, size_t max, size_t *n, struct yz_error *err)
{
	struct yz_q q = yz_q_start(s,
	        SELECT_JOB " INDEXED BY print_job_open WHERE state NOT IN (2, 5)"
	                   " ORDER BY seq",
	        err);

	return yz_q_all(&q, &job, rows, max, n);
}

enum yz_status yz_print_job_due(
        struct yz_store *s, struct yz_print_job *rows, size_t max, size_t *n, struct yz_error *err)
{
	struct yz_q q = yz_q_start(s,
	        SELECT_JOB " INDEXED BY print_job_open WHERE state NOT IN (2, 5)"
	                   " AND state < 2 ORDER BY seq",
	        err);

	return yz_q_all(&q, &job, rows, max, n);
}

enum yz_status yz_print_job_list(struct yz_store *s, const struct yz_id *shipment,
        struct yz_print_job *rows, size_t max, size_t *n, struct yz_error *err)
{
	struct yz_q q = yz_q_start(s, SELECT_JOB " WHERE shipment = ? ORDER BY seq", err);

	yz_q_id(&q, shipment);
	return yz_q_all(&q, &job, rows, max, n);
}
