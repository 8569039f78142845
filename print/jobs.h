/* Print jobs on their way: takes what waits in the store, renders it, gives it to CUPS and follows
 * it until it is out. Owned by yizhan-print, of which only one runs for a station.
 *
 * A job's row is written before each step, so that a crash at any moment loses nothing and prints
 * nothing twice unasked (print/follow.h). Few jobs are in CUPS at a time, the rest wait in the
 * store: what CUPS holds may be lost with it.
 *
 * For the kiosk, job.trouble of a job that is WAITING or SENT is "", the word of the printer's
 * state (print/printer.h, which also names the meta keys), or media-size  the printer has no paper
 * of this size: add the size to it refused     CUPS refused the job; job.message says why and of a
 * FAILED job render      the paper could not be made (template, field, font); job.message says why
 *   canceled, aborted   in CUPS or at the printer
 * of a job at ASK
 *   forgotten   CUPS no longer knows the job */
#ifndef YZ_PRINT_JOBS_H
#define YZ_PRINT_JOBS_H

#include "base/clock.h"
#include "base/conf.h"
#include "station/books.h"
#include "store/store.h"

struct yz_jobs;

struct yz_jobs_setup {
	struct yz_store *store; /* all borrowed while the jobs live */
	struct yz_books *books;
	const struct yz_conf *conf;
	const char *data_dir; /* holds templates/ */
	bool resend_blindly;  /* tests only: forget at the start what CUPS may have, as a careless
	                         spooler would */
};

/* Errors: YZ_E_CONFIG (print format), and those of the store. */
enum yz_status yz_jobs_new(
        struct yz_jobs **out, const struct yz_jobs_setup *setup, struct yz_error *err);
void yz_jobs_free(struct yz_jobs *j);

struct yz_jobs_next {
	int wait_ms;    /* until the next round, if no doorbell rings before; never 0 */
	bool is_moving; /* this round changed something: the next may too */
	size_t open;    /* jobs that are not out and not settled */
};

/* One round: looks at the printers, follows what CUPS has, hands over what waits. Blocks on CUPS
 * (at most YZ_CUPS_PATIENCE_S an answer) and on the disk. CUPS's faults are not errors here: they
 * are written into the jobs and the printers' states. Errors: those of the store; *next is written
 * in every case. */
enum yz_status yz_jobs_round(struct yz_jobs *j, const struct yz_now *now, struct yz_jobs_next *next,
        struct yz_error *err);

#endif
