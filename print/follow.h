/* What becomes of a job that was given to CUPS. One rule for every round, so that the first round
 * after a crash needs no other: the row says what was done, CUPS says what came of it.
 *
 * The row is written before each step. SENT with cups_job 0: a job may exist in CUPS, but no
 * document was sent, so no paper can have come out. SENT with a cups_job: the document may have
 * been sent. */
#ifndef YZ_PRINT_FOLLOW_H
#define YZ_PRINT_FOLLOW_H

#include "print/cups.h"
#include "store/print_job.h"

enum yz_follow {
	YZ_FOLLOW_WAIT,   /* CUPS has it and is not done */
	YZ_FOLLOW_DONE,   /* CUPS says it is out */
	YZ_FOLLOW_FAILED, /* cancelled or aborted in CUPS */
	YZ_FOLLOW_ADOPT,  /* it is in CUPS after all: write its number down */
	YZ_FOLLOW_CANCEL, /* an empty job: cancel it in CUPS, then look again */
	YZ_FOLLOW_FORGET, /* its document never arrived: write cups_job 0, then look again */
	YZ_FOLLOW_AGAIN,  /* it surely did not come out: WAITING again */
	YZ_FOLLOW_ASK     /* CUPS has forgotten it: only the clerk knows */
};

/* The job's name in CUPS: paper, last part of its id, attempt ("waybill-23456789abcd-1"). Never
 * personal data, and never used twice, so that it tells two jobs apart when CUPS gives a number out
 * again. */
void yz_follow_name(const struct yz_print_job *job, char *out, size_t size);

/* Finds a SENT job among those that CUPS knows; NULL if it is not there. Borrowed. */
const struct yz_cups_job *yz_follow_find(
        const struct yz_print_job *job, const struct yz_cups_job *rows, size_t n);

/* found is NULL when CUPS does not know the job. */
enum yz_follow yz_follow_judge(const struct yz_print_job *job, const struct yz_cups_job *found);

#endif
