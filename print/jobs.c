#include "config.h"

#include "print/jobs.h"

#include "base/bell.h"
#include "base/log.h"
#include "print/cups.h"
#include "print/document.h"
#include "print/follow.h"
#include "print/printers.h"
#include "store/audit.h"
#include "store/print_job.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	LOOK_MS = 1000,      /* between two looks at CUPS while jobs are open */
	IDLE_MS = 2000,      /* and while none is */
	ALONE_MS = 30000,    /* between two looks at the store when there is no printer */
	SOON_MS = 50,        /* when this round moved something */
	RETRY_MIN_MS = 1000, /* while cupsd does not answer */
	RETRY_MAX_MS = 30000,
	HOLD_MS = 30000, /* a job that CUPS or the printer cannot take */
	HELD_MAX = 64,
	IN_CUPS_MAX = 4, /* jobs in CUPS per printer; 1 while it has a trouble */
	ROWS_MAX = 256
};

struct held {
	struct yz_id job;
	int64_t until_ms; /* of the clock that does not jump */
};

struct yz_jobs {
	struct yz_jobs_setup at;
	struct yz_cups *cups;
	struct yz_printers printers;
	struct yz_document_maker maker;
	struct held held[HELD_MAX];
	size_t next_held;
	int64_t look_ms;                    /* not before this moment */
	int retry_ms;                       /* last pause of the back-off; 0: cupsd answers */
	struct yz_print_job rows[ROWS_MAX]; /* WAITING and SENT, oldest first */
	size_t n;
	struct yz_now now;
	bool is_moving;
};

static bool is_held(const struct yz_jobs *j, const struct yz_print_job *row)
{
	for (size_t i = 0; i < HELD_MAX; i++)
		if (j->held[i].until_ms > j->now.mono_ms && yz_id_equal(&j->held[i].job, &row->id))
			return true;
	return false;
}

static void hold(struct yz_jobs *j, const struct yz_print_job *row)
{
	j->held[j->next_held] = (struct held){row->id, j->now.mono_ms + HOLD_MS};
	j->next_held = (j->next_held + 1) % HELD_MAX;
}

/* How many jobs CUPS may have for a printer in this state. One is enough to learn that the trouble
 * is over. */
static int room_in_cups(enum yz_printer_state state)
{
	switch (state) {
	case YZ_PRINTER_READY:
		return IN_CUPS_MAX;
	case YZ_PRINTER_STOPPED:
	case YZ_PRINTER_RAW:
	case YZ_PRINTER_QUEUE_GONE:
	case YZ_PRINTER_CUPS_GONE:
	case YZ_PRINTER_NONE:
		return 0;
	default:
		return 1;
	}
}

static void cups_is_gone(struct yz_jobs *j, const struct yz_error *err)
{
	if (j->retry_ms == 0)
		yz_log_error("CUPS", err);
	j->retry_ms = j->retry_ms ? j->retry_ms * 2 : RETRY_MIN_MS;
	if (j->retry_ms > RETRY_MAX_MS)
		j->retry_ms = RETRY_MAX_MS;
	j->look_ms = j->now.mono_ms + j->retry_ms;
	yz_printers_lost(&j->printers, &j->now);
}

/* The next step can be taken at once. */
static void look_soon(struct yz_jobs *j)
{
	j->is_moving = true;
	j->look_ms = j->now.mono_ms + SOON_MS;
}

static void audit_ref(const struct yz_print_job *row, char *out, size_t size)
{
	char id[YZ_ID_TEXT_SIZE];

	(void)snprintf(out, size, "print/%s", yz_id_text(&row->id, id));
}

/* Writes *to over *row and into the store, with an audit row if action is not NULL. YZ_E_STATE:
 * somebody else has moved the job since it was read; it is left to the next round. */
static enum yz_status move(struct yz_jobs *j, struct yz_print_job *row,
        const struct yz_print_job *to, const char *action, struct yz_error *err)
{
	struct yz_print_job is;
	struct yz_tx *tx = NULL;
	enum yz_status st = yz_tx_begin(j->at.store, &j->now, &tx, err);
	char ref[64], detail[YZ_SHORT_SIZE + 16];

	if (st == YZ_OK)
		st = yz_print_job_get(yz_tx_store(tx), &row->id, &is, err);
	if (st == YZ_OK && (is.state != row->state || is.attempts != row->attempts ||
	                           is.cups_job != row->cups_job))
		st = yz_fail(err, YZ_E_STATE, "the print job was moved by another program");
	if (st == YZ_OK)
		st = yz_print_job_update(tx, to, err);
	if (st == YZ_OK && action) {
		audit_ref(to, ref, sizeof(ref));
		(void)snprintf(detail, sizeof(detail), "%s %d", to->paper, to->print_no);
		st = yz_audit_add(tx, NULL, action, ref, detail, err);
	}
	if (st != YZ_OK) {
		yz_tx_rollback(tx);
		return st;
	}
	st = yz_tx_commit(tx, err);
	if (st == YZ_OK) {
		*row = *to;
		j->is_moving = true;
		yz_bell_ring_all(j->printers.ui_dir);
	}
	return st;
}

static void set_trouble(struct yz_print_job *row, const char *trouble, const char *message)
{
	(void)yz_copy(row->trouble, sizeof(row->trouble), trouble);
	(void)yz_copy(row->message, sizeof(row->message), message);
}

static enum yz_status settle(struct yz_jobs *j, struct yz_print_job *row,
        const struct yz_cups_job *found, struct yz_error *err)
{
	struct yz_print_job to = *row;

	switch (yz_follow_judge(row, found)) {
	case YZ_FOLLOW_WAIT:
		return YZ_OK;
	case YZ_FOLLOW_DONE:
		to.state = YZ_PRINT_DONE;
		set_trouble(&to, "", "");
		return move(j, row, &to, "print.done", err);
	case YZ_FOLLOW_FAILED:
		to.state = YZ_PRINT_FAILED;
		set_trouble(&to, found->state == YZ_CUPS_ABORTED ? "aborted" : "canceled",
		        found->message);
		return move(j, row, &to, "print.failed", err);
	case YZ_FOLLOW_ADOPT:
		to.cups_job = found->id;
		look_soon(j);
		return move(j, row, &to, NULL, err);
	case YZ_FOLLOW_CANCEL:
		look_soon(j);
		return yz_cups_cancel(j->cups, found->id, err);
	case YZ_FOLLOW_FORGET:
		to.cups_job = 0;
		look_soon(j);
		return move(j, row, &to, NULL, err);
	case YZ_FOLLOW_AGAIN:
		to.state = YZ_PRINT_WAITING;
		return move(j, row, &to, NULL, err);
	case YZ_FOLLOW_ASK:
		to.state = YZ_PRINT_ASK;
		set_trouble(&to, "forgotten", "CUPS no longer knows the job");
		return move(j, row, &to, "print.ask", err);
	}
	return YZ_OK;
}

/* One Get-Jobs for all that is out there. */
static enum yz_status follow(struct yz_jobs *j, struct yz_error *err)
{
	struct yz_cups_job *found = NULL;
	int first = INT_MAX;
	size_t n = 0;
	enum yz_status st;

	for (size_t i = 0; i < j->n; i++)
		if (j->rows[i].state == YZ_PRINT_SENT && j->rows[i].cups_job < first)
			first = j->rows[i].cups_job;
	if (first == INT_MAX)
		return YZ_OK;
	st = yz_cups_jobs(j->cups, first, &found, &n, err);
	for (size_t i = 0; i < j->n && st == YZ_OK; i++) {
		struct yz_print_job *row = &j->rows[i];

		if (row->state != YZ_PRINT_SENT)
			continue;
		st = settle(j, row, yz_follow_find(row, found, n), err);
		if (st == YZ_E_STATE || st == YZ_E_PRINT || st == YZ_E_NOTFOUND)
			st = YZ_OK; /* this job's own affair; the next round sees it anew */
	}
	free(found);
	return st;
}

/* The job stays in the store with its trouble and is tried again later. */
static enum yz_status keep(struct yz_jobs *j, struct yz_print_job *row, const char *trouble,
        const char *message, struct yz_error *err)
{
	struct yz_print_job to = *row;

	yz_log(YZ_LOG_WARN, "a %s waits: %s: %s", row->paper, trouble, message);
	hold(j, row);
	if (to.state == YZ_PRINT_SENT && to.cups_job == 0)
		to.state = YZ_PRINT_WAITING;
	set_trouble(&to, trouble, message);
	return move(j, row, &to, NULL, err);
}

static enum yz_status fail_render(struct yz_jobs *j, struct yz_print_job *row, struct yz_error *err)
{
	struct yz_print_job to = *row;

	yz_log_error("a paper could not be made", err);
	to.state = YZ_PRINT_FAILED;
	set_trouble(&to, "render", err->text);
	return move(j, row, &to, "print.failed", err);
}

/* Gives a made document to CUPS. The row says SENT before CUPS hears of the job, and has the job's
 * number before CUPS gets anything that it could print. */
static enum yz_status hand_over(struct yz_jobs *j, struct yz_print_job *row,
        struct yz_cups_target *t, struct yz_document *doc, struct yz_error *err)
{
	struct yz_print_job to = *row;
	char name[YZ_CUPS_NAME_SIZE];
	enum yz_status st;

	to.state = YZ_PRINT_SENT;
	to.attempts++;
	to.cups_job = 0;
	st = move(j, row, &to, NULL, err);
	if (st != YZ_OK)
		return st;
	yz_follow_name(row, name, sizeof(name));
	doc->page.name = name;
	st = yz_cups_target_create(t, &doc->page, &to.cups_job, err);
	if (st == YZ_OK)
		st = move(j, row, &to, NULL, err);
	if (st == YZ_OK)
		st = yz_cups_target_send(t, &doc->page, row->cups_job, err);
	doc->page.name = NULL;
	if (st == YZ_E_PRINT || st == YZ_E_NOTFOUND)
		st = keep(j, row, "refused", err->text, err);
	return st;
}

static enum yz_status submit(
        struct yz_jobs *j, struct yz_print_job *row, const char *queue, struct yz_error *err)
{
	struct yz_document doc = YZ_DOCUMENT_INIT;
	struct yz_cups_target *t = NULL;
	char size[96];
	enum yz_status st = yz_cups_target_open(j->cups, queue, &t, err);

	if (st != YZ_OK)
		return st == YZ_E_NET ? st : keep(j, row, "refused", err->text, err);
	st = yz_document_make(&j->maker, row, t, &doc, err);
	if (yz_document_is_at_fault(st)) {
		st = fail_render(j, row, err);
	} else if (st == YZ_OK && !yz_cups_target_has_size(t, doc.page.width, doc.page.height)) {
		(void)snprintf(size, sizeof(size), "the queue has no paper of %.1f x %.1f mm",
		        doc.page.width / 100.0, doc.page.height / 100.0);
		st = keep(j, row, "media-size", size, err);
	} else if (st == YZ_OK) {
		st = hand_over(j, row, t, &doc, err);
	}
	yz_document_free(&doc);
	yz_cups_target_close(t);
	return st == YZ_E_STATE ? YZ_OK : st;
}

/* In the order of booking; a job that is held does not stop those behind it. */
static enum yz_status hand_over_waiting(struct yz_jobs *j, struct yz_error *err)
{
	int in_cups[YZ_PRINTERS] = {0};
	enum yz_status st = YZ_OK;

	for (size_t i = 0; i < j->n; i++)
		if (j->rows[i].state == YZ_PRINT_SENT)
			in_cups[yz_printers_of(j->rows[i].paper)]++;
	for (size_t i = 0; i < j->n && st == YZ_OK; i++) {
		struct yz_print_job *row = &j->rows[i];
		int p = yz_printers_of(row->paper);

		if (row->state != YZ_PRINT_WAITING || is_held(j, row) ||
		        in_cups[p] >= room_in_cups(j->printers.rows[p].state))
			continue;
		st = submit(j, row, j->printers.rows[p].queue, err);
		if (row->state == YZ_PRINT_SENT)
			in_cups[p]++;
	}
	return st;
}

/* Every open job tells what its printer suffers from, all in one transaction, only where it
 * changed. */
static enum yz_status write_troubles(struct yz_jobs *j, struct yz_error *err)
{
	struct yz_tx *tx = NULL;
	enum yz_status st = YZ_OK;

	for (size_t i = 0; i < j->n && st == YZ_OK; i++) {
		struct yz_print_job *row = &j->rows[i], is = {.cups_job = 0};
		const char *word = yz_printers_trouble(&j->printers, row->paper);

		if ((row->state != YZ_PRINT_WAITING && row->state != YZ_PRINT_SENT) ||
		        is_held(j, row) || !strcmp(row->trouble, word))
			continue;
		if (!tx)
			st = yz_tx_begin(j->at.store, &j->now, &tx, err);
		if (st == YZ_OK)
			st = yz_print_job_get(yz_tx_store(tx), &row->id, &is, err);
		if (st != YZ_OK || is.state != row->state)
			continue;
		set_trouble(&is, word, "");
		st = yz_print_job_update(tx, &is, err);
	}
	if (!tx || st != YZ_OK) {
		yz_tx_rollback(tx);
		return st;
	}
	st = yz_tx_commit(tx, err);
	if (st == YZ_OK)
		yz_bell_ring_all(j->printers.ui_dir);
	return st;
}

static enum yz_status talk_to_cups(struct yz_jobs *j, struct yz_error *err)
{
	bool is_time = j->now.mono_ms >= j->look_ms;
	enum yz_status st = YZ_OK;

	if (!is_time && j->retry_ms)
		return YZ_OK;
	if (is_time) {
		j->look_ms = j->now.mono_ms + LOOK_MS;
		st = yz_printers_look(&j->printers, j->cups, &j->now, err);
		if (st == YZ_OK) {
			j->retry_ms = 0;
			st = follow(j, err);
		}
	}
	if (st == YZ_OK)
		st = hand_over_waiting(j, err);
	if (st == YZ_E_NET) {
		cups_is_gone(j, err);
		st = YZ_OK;
	}
	return st;
}

/* A careless spooler: whatever is not known to be out goes out. The tests must be able to tell it
 * from ours. */
static enum yz_status forget_all(struct yz_jobs *j, struct yz_error *err)
{
	enum yz_status st = YZ_OK;

	for (size_t i = 0; i < j->n && st == YZ_OK; i++) {
		struct yz_print_job to = j->rows[i];

		to.state = YZ_PRINT_WAITING;
		if (j->rows[i].state == YZ_PRINT_SENT)
			st = move(j, &j->rows[i], &to, NULL, err);
	}
	j->at.resend_blindly = false;
	return st;
}

enum yz_status yz_jobs_new(
        struct yz_jobs **out, const struct yz_jobs_setup *setup, struct yz_error *err)
{
	struct yz_jobs *j = yz_alloc(sizeof(*j));
	enum yz_status st = yz_document_format(setup->conf->print_format, &j->maker.format, err);

	j->at = *setup;
	j->maker.store = setup->store;
	j->maker.books = setup->books;
	j->maker.data_dir = setup->data_dir;
	if (st == YZ_OK)
		st = yz_printers_init(&j->printers, setup->store, setup->conf, err);
	if (st != YZ_OK) {
		free(j);
		return st;
	}
	j->cups = yz_cups_new(setup->conf->print_server);
	*out = j;
	return YZ_OK;
}

void yz_jobs_free(struct yz_jobs *j)
{
	if (!j)
		return;
	yz_cups_free(j->cups);
	free(j);
}

static int wait_ms(const struct yz_jobs *j)
{
	if (!yz_printers_any(&j->printers))
		return ALONE_MS;
	if (j->retry_ms)
		return j->retry_ms;
	if (j->is_moving)
		return SOON_MS;
	return j->n > 0 ? LOOK_MS : IDLE_MS;
}

enum yz_status yz_jobs_round(struct yz_jobs *j, const struct yz_now *now, struct yz_jobs_next *next,
        struct yz_error *err)
{
	enum yz_status st;

	j->now = *now;
	j->is_moving = false;
	j->n = 0;
	st = yz_print_job_due(j->at.store, j->rows, ROWS_MAX, &j->n, err);
	if (st == YZ_OK && j->at.resend_blindly)
		st = forget_all(j, err);
	if (st == YZ_OK)
		st = talk_to_cups(j, err);
	if (st == YZ_OK)
		st = write_troubles(j, err);
	*next = (struct yz_jobs_next){st == YZ_OK ? wait_ms(j) : RETRY_MIN_MS, j->is_moving, j->n};
	return st;
}
