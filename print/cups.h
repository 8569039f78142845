/* Talking to CUPS. Its implementation is the only file that knows libcups, and it uses no call that
 * libcups 3 drops.
 *
 * One connection per program, opened when it is first needed and again after it was lost. Every
 * call blocks on the network, at most YZ_CUPS_PATIENCE_S for each answer. Errors that all calls can
 * give: YZ_E_NET (cupsd does not answer: try again later), YZ_E_NOTFOUND (no such queue or job),
 * YZ_E_PRINT (cupsd answered no, the text says why). */
#ifndef YZ_PRINT_CUPS_H
#define YZ_PRINT_CUPS_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

enum { YZ_CUPS_PATIENCE_S = 5, YZ_CUPS_NAME_SIZE = 64, YZ_CUPS_TEXT_SIZE = 256 };

struct yz_cups; /* the connection */

/* server is "host:port", a socket path, or "" for CUPS's own default. Does not block: nothing is
 * sent yet. */
struct yz_cups *yz_cups_new(const char *server);
void yz_cups_free(struct yz_cups *c); /* NULL is fine */

/* What CUPS says about a queue now. */
struct yz_cups_queue {
	bool is_stopped;
	bool is_printing;
	bool is_accepting; /* takes new jobs */
	bool is_raw;       /* CUPS passes bytes on unchanged: a page would come out as rubbish */
	char reasons[YZ_CUPS_TEXT_SIZE]; /* printer-state-reasons, with commas between */
	char message[YZ_CUPS_TEXT_SIZE]; /* printer-state-message */
};
enum yz_status yz_cups_queue_get(
        struct yz_cups *c, const char *queue, struct yz_cups_queue *out, struct yz_error *err);

enum yz_cups_state { YZ_CUPS_OPEN, YZ_CUPS_COMPLETED, YZ_CUPS_CANCELED, YZ_CUPS_ABORTED };

struct yz_cups_job {
	int id;
	char name[YZ_CUPS_NAME_SIZE];
	enum yz_cups_state state;
	bool has_document;               /* false: created, but the document never arrived whole */
	bool has_begun;                  /* CUPS has started to print it */
	char message[YZ_CUPS_TEXT_SIZE]; /* job-printer-state-message */
};

/* One Get-Jobs: our user's jobs of all queues in any state, from number first on. *rows is the
 * caller's: free(). */
enum yz_status yz_cups_jobs(
        struct yz_cups *c, int first, struct yz_cups_job **rows, size_t *n, struct yz_error *err);

enum yz_status yz_cups_cancel(struct yz_cups *c, int job, struct yz_error *err);

/* A queue opened to be printed on; holds what CUPS says it can do. */
struct yz_cups_target;
enum yz_status yz_cups_target_open(
        struct yz_cups *c, const char *queue, struct yz_cups_target **out, struct yz_error *err);
void yz_cups_target_close(struct yz_cups_target *t); /* NULL is fine */

/* True if PWG raster of dpi dots per inch reaches the printer unchanged. */
bool yz_cups_target_has_pwg(struct yz_cups_target *t, int dpi);

/* True if the printer has this size of paper, in 1/100 mm, exactly or as a size cut to order. CUPS
 * prints any other size on paper of its own choice without an error. */
bool yz_cups_target_has_size(struct yz_cups_target *t, int width, int height);

/* A page of width x height (1/100 mm) for one job; printed unscaled. */
struct yz_cups_page {
	const char *name; /* job name: never personal data */
	const char *mime;
	int width, height;
	const void *bytes;
	size_t len;
};

/* Create-Job: the job exists and holds nothing; paper can only come out after yz_cups_target_send.
 */
enum yz_status yz_cups_target_create(
        struct yz_cups_target *t, const struct yz_cups_page *page, int *job, struct yz_error *err);

/* Sends the document of a created job. After an error it may or may not have arrived: ask
 * yz_cups_jobs. */
enum yz_status yz_cups_target_send(
        struct yz_cups_target *t, const struct yz_cups_page *page, int job, struct yz_error *err);

#endif
