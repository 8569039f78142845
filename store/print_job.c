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
#define JOB_NAMES JOB(YZ_COL_NAME)
#define JOB_MARKS JOB(YZ_COL_MARK)
#define SELECT_JOB "SELECT seq" JOB_NAMES ", shipment FROM print_job"
#define IS_OPEN "state NOT IN (2, 5)"

static void bind_shipment(struct yz_q *q, const struct yz_id *id)
{
	yz_q_bytes(q, id->b, yz_id_is_none(id) ? 0 : sizeof(id->b));
}

static void get_job(struct yz_q *q, struct yz_print_job *j)
{
	yz_q_get_record(q, &job, j);
	yz_q_get_id(q, &j->shipment);
}

static enum yz_status get_all(struct yz_q *q, struct yz_print_job *rows, size_t max, size_t *n)
{
	size_t got = 0;

	while (got < max && yz_q_next(q))
		get_job(q, &rows[got++]);
	if (q->st == YZ_OK)
		*n = got;
	return yz_q_end(q);
}

static enum yz_status count_prints(
        struct yz_tx *tx, const struct yz_print_job *j, int64_t *n, struct yz_error *err)
{
	struct yz_q q = yz_q_start(
	        tx->s, "SELECT count(*) FROM print_job WHERE shipment = ? AND paper = ?", err);

	bind_shipment(&q, &j->shipment);
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
	st = yz_counter_next(tx, "print", &row.seq, err);
	if (st != YZ_OK)
		return st;
	q = yz_q_start(tx->s,
	        "INSERT INTO print_job(shipment, seq" JOB_NAMES ") VALUES(?, ?" JOB_MARKS ")", err);
	bind_shipment(&q, &row.shipment);
	yz_q_num(&q, row.seq);
	yz_q_record(&q, &job, &row);
	st = yz_q_run(&q);
	if (st == YZ_OK)
		*j = row;
	return st;
}

/* Where a job stands. One that is done is rarely asked for, so it has no index. */
static enum yz_status find(
        struct yz_store *s, const struct yz_id *id, struct yz_print_job *out, struct yz_error *err)
{
	static const char *const ways[] = {SELECT_JOB " INDEXED BY print_job_open WHERE " IS_OPEN
	                                              " AND id = ?",
	        SELECT_JOB " WHERE id = ?"};
	bool found = false;
	enum yz_status st = YZ_OK;

	for (size_t i = 0; st == YZ_OK && !found && i < sizeof(ways) / sizeof(ways[0]); i++) {
		struct yz_q q = yz_q_start(s, ways[i], err);

		yz_q_id(&q, id);
		found = yz_q_next(&q);
		if (found)
			get_job(&q, out);
		st = yz_q_end(&q);
	}
	return st == YZ_OK && !found ? yz_fail(err, YZ_E_NOTFOUND, "no such print job") : st;
}

enum yz_status yz_print_job_update(
        struct yz_tx *tx, const struct yz_print_job *j, struct yz_error *err)
{
	struct yz_print_job at = {.seq = 0};
	enum yz_status st = find(tx->s, &j->id, &at, err);
	struct yz_q q;

	if (st != YZ_OK)
		return st;
	q = yz_q_start(tx->s,
	        "UPDATE print_job SET state = ?, attempts = ?, cups_job = ?,"
	        " trouble = ?, message = ?, changed_ms = ? WHERE shipment = ? AND seq = ?",
	        err);
	yz_q_num(&q, (int64_t)j->state);
	yz_q_num(&q, j->attempts);
	yz_q_num(&q, j->cups_job);
	yz_q_text(&q, j->trouble);
	yz_q_text(&q, j->message);
	yz_q_num(&q, tx->now.wall_ms);
	bind_shipment(&q, &at.shipment);
	yz_q_num(&q, at.seq);
	return yz_q_run(&q);
}

enum yz_status yz_print_job_get(
        struct yz_store *s, const struct yz_id *id, struct yz_print_job *out, struct yz_error *err)
{
	struct yz_print_job got;
	enum yz_status st = find(s, id, &got, err);

	if (st == YZ_OK)
		*out = got;
	return st;
}

enum yz_status yz_print_job_open(
        struct yz_store *s, struct yz_print_job *rows, size_t max, size_t *n, struct yz_error *err)
{
	struct yz_q q = yz_q_start(
	        s, SELECT_JOB " INDEXED BY print_job_open WHERE " IS_OPEN " ORDER BY seq", err);

	return get_all(&q, rows, max, n);
}

enum yz_status yz_print_job_due(
        struct yz_store *s, struct yz_print_job *rows, size_t max, size_t *n, struct yz_error *err)
{
	struct yz_q q = yz_q_start(s,
	        SELECT_JOB " INDEXED BY print_job_open WHERE " IS_OPEN
	                   " AND state < 2 ORDER BY seq",
	        err);

	return get_all(&q, rows, max, n);
}

enum yz_status yz_print_job_list(struct yz_store *s, const struct yz_id *shipment,
        struct yz_print_job *rows, size_t max, size_t *n, struct yz_error *err)
{
	struct yz_q q = yz_q_start(s, SELECT_JOB " WHERE shipment = ? ORDER BY seq", err);

	bind_shipment(&q, shipment);
	return get_all(&q, rows, max, n);
}
