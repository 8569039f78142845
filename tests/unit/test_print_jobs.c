/* What CUPS says, and what it means for a printer and for a job. */
#include "config.h"

#include "print/follow.h"
#include "print/printer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { STOPPED = 1, PRINTING = 2, REFUSING = 4, RAW = 8 };

static const struct {
	int flags;
	const char *reasons, *message, *word;
} queues[] = {
        {0, "none", "", "ready"},
        {PRINTING, "none", "Printing.", "ready"},
        {PRINTING, "media-empty-warning", "", "media-empty"},
        {PRINTING, "media-empty-error", "", "media-empty"},
        {PRINTING, "media-empty", "", "media-empty"},
        {0, "media-empty-report", "", "ready"},
        {0, "media-low-warning", "", "ready"},
        {0, "media-needed-error", "", "media-empty"},
        {0, "cups-waiting-for-job-completed,cover-open-error", "", "cover-open"},
        {0, "media-empty-error,cover-open-error", "", "cover-open"},
        {0, "door-open", "", "cover-open"},
        {0, "media-jam-error", "", "media-jam"},
        {0, "marker-supply-empty-error", "", "supply-empty"},
        {0, "marker-supply-low-warning", "", "ready"},
        {0, "offline-report", "", "ready"},
        {0, "offline-error", "", "offline"},
        {PRINTING, "none", "The printer may not exist or is unavailable at this time.",
                "printer-gone"},
        {PRINTING, "none", "打印机暂时不存在或不可用。", "printer-gone"},
        {PRINTING, "none", "Waiting for printer to become available.", "printer-gone"},
        {0, "none", "The printer may not exist or is unavailable at this time.", "ready"},
        {STOPPED, "paused", "", "stopped"},
        {STOPPED, "media-empty-error", "", "stopped"},
        {REFUSING, "none", "", "stopped"},
        {RAW, "none", "", "raw-queue"},
        {0, "", "", "ready"},
};

static void a_queue_is_judged_by_its_state_reasons_and_message(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(queues) / sizeof(queues[0]); i++) {
		struct yz_cups_queue q = {.is_stopped = queues[i].flags & STOPPED,
		        .is_printing = queues[i].flags & PRINTING,
		        .is_accepting = !(queues[i].flags & REFUSING),
		        .is_raw = queues[i].flags & RAW};

		(void)snprintf(q.reasons, sizeof(q.reasons), "%s", queues[i].reasons);
		(void)snprintf(q.message, sizeof(q.message), "%s", queues[i].message);
		assert_string_equal(yz_printer_word(yz_printer_judge(&q)), queues[i].word);
	}
}

enum { UNKNOWN = -1, DOCUMENT = 1, BEGUN = 2 };

static const struct {
	int cups_job; /* of the row */
	int found;    /* enum yz_cups_state or UNKNOWN */
	int flags;
	enum yz_follow verdict;
} jobs[] = {
        /* no document was sent: whatever became of the job, it may be printed again */
        {0, UNKNOWN, 0, YZ_FOLLOW_AGAIN},
        {0, YZ_CUPS_OPEN, 0, YZ_FOLLOW_CANCEL},
        {0, YZ_CUPS_CANCELED, 0, YZ_FOLLOW_AGAIN},
        {0, YZ_CUPS_ABORTED, 0, YZ_FOLLOW_AGAIN},
        /* but if the document got through after all, the job is ours to follow */
        {0, YZ_CUPS_OPEN, DOCUMENT, YZ_FOLLOW_ADOPT},
        {0, YZ_CUPS_OPEN, DOCUMENT | BEGUN, YZ_FOLLOW_ADOPT},
        {0, YZ_CUPS_CANCELED, BEGUN, YZ_FOLLOW_ADOPT},
        {0, YZ_CUPS_COMPLETED, 0, YZ_FOLLOW_ADOPT},
        /* the document may have been sent */
        {7, UNKNOWN, 0, YZ_FOLLOW_ASK},
        {7, YZ_CUPS_OPEN, 0, YZ_FOLLOW_FORGET},
        {7, YZ_CUPS_OPEN, DOCUMENT, YZ_FOLLOW_WAIT},
        {7, YZ_CUPS_OPEN, DOCUMENT | BEGUN, YZ_FOLLOW_WAIT},
        {7, YZ_CUPS_COMPLETED, 0, YZ_FOLLOW_DONE},
        {7, YZ_CUPS_CANCELED, 0, YZ_FOLLOW_FAILED},
        {7, YZ_CUPS_ABORTED, BEGUN, YZ_FOLLOW_FAILED},
};

static void a_job_is_printed_again_only_if_it_surely_did_not_come_out(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(jobs) / sizeof(jobs[0]); i++) {
		struct yz_print_job row = {.cups_job = jobs[i].cups_job, .state = YZ_PRINT_SENT};
		struct yz_cups_job found = {.id = 7,
		        .state = (enum yz_cups_state)jobs[i].found,
		        .has_document = jobs[i].flags & DOCUMENT,
		        .has_begun = jobs[i].flags & BEGUN};

		assert_int_equal(yz_follow_judge(&row, jobs[i].found == UNKNOWN ? NULL : &found),
		        jobs[i].verdict);
	}
}

static struct yz_print_job waybill(int attempts, int cups_job)
{
	struct yz_print_job row = {.paper = "waybill", .attempts = attempts, .cups_job = cups_job};

	assert_true(yz_id_parse("01900000-0000-7000-8000-23456789abcd", &row.id));
	return row;
}

static void a_job_name_holds_the_paper_an_id_and_the_attempt(void **state)
{
	struct yz_print_job row = waybill(2, 0);
	char name[YZ_CUPS_NAME_SIZE];

	(void)state;
	yz_follow_name(&row, name, sizeof(name));
	assert_string_equal(name, "waybill-23456789abcd-2");
}

static void a_job_is_found_by_name_and_by_its_number_if_it_has_one(void **state)
{
	const struct yz_cups_job rows[] = {{.id = 3, .name = "waybill-23456789abcd-1"},
	        {.id = 4, .name = "another"}, {.id = 5, .name = "waybill-23456789abcd-2"}};
	struct yz_print_job row = waybill(2, 0);

	(void)state;
	assert_ptr_equal(yz_follow_find(&row, rows, 3), &rows[2]);
	row = waybill(2, 5);
	assert_ptr_equal(yz_follow_find(&row, rows, 3), &rows[2]);
	row = waybill(2, 4); /* CUPS lost its jobs and gave the number to another */
	assert_null(yz_follow_find(&row, rows, 3));
	row = waybill(3, 0);
	assert_null(yz_follow_find(&row, rows, 3));
	assert_null(yz_follow_find(&row, NULL, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_queue_is_judged_by_its_state_reasons_and_message),
	        cmocka_unit_test(a_job_is_printed_again_only_if_it_surely_did_not_come_out),
	        cmocka_unit_test(a_job_name_holds_the_paper_an_id_and_the_attempt),
	        cmocka_unit_test(a_job_is_found_by_name_and_by_its_number_if_it_has_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
