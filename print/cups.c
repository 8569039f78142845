#include "config.h"

#include "print/cups.h"

#include "base/buf.h"

#include <cups/cups.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { CONNECT_MS = 3000 };

struct yz_cups {
	http_t *http; /* NULL: not connected */
	char *server;
};

struct yz_cups_target {
	struct yz_cups *c; /* borrowed */
	cups_dest_t *dest;
	cups_dinfo_t *info;
};

struct yz_cups *yz_cups_new(const char *server)
{
	struct yz_cups *c = yz_alloc(sizeof(*c));

	c->server = yz_strdup(server);
	return c;
}

static void disconnect(struct yz_cups *c)
{
	if (c->http)
		httpClose(c->http);
	c->http = NULL;
}

void yz_cups_free(struct yz_cups *c)
{
	if (!c)
		return;
	disconnect(c);
	free(c->server);
	free(c);
}

static int give_up(http_t *http, void *user)
{
	(void)http;
	(void)user;
	return 0;
}

/* libcups would ask on the terminal */
static const char *no_password(
        const char *prompt, http_t *http, const char *method, const char *resource, void *user)
{
	(void)prompt;
	(void)http;
	(void)method;
	(void)resource;
	(void)user;
	return NULL;
}

static enum yz_status connected(struct yz_cups *c, struct yz_error *err)
{
	if (c->http)
		return YZ_OK;
	if (*c->server)
		cupsSetServer(c->server);
	cupsSetPasswordCB2(no_password, NULL);
	c->http = httpConnect2(
	        cupsServer(), ippPort(), NULL, AF_UNSPEC, cupsEncryption(), 1, CONNECT_MS, NULL);
	if (!c->http)
		return yz_fail(err, YZ_E_NET, "no answer from CUPS at %s: %s", cupsServer(),
		        cupsLastErrorString());
	httpSetTimeout(c->http, YZ_CUPS_PATIENCE_S, give_up, NULL);
	return YZ_OK;
}

/* Turns what CUPS answered last into a status. A connection that gave no IPP answer is not used
 * again. */
static enum yz_status answer(struct yz_cups *c, const char *what, struct yz_error *err)
{
	ipp_status_t said = cupsLastError();
	enum yz_status st = YZ_E_PRINT;

	if (said < IPP_STATUS_REDIRECTION_OTHER_SITE)
		return YZ_OK;
	if (said == IPP_STATUS_ERROR_NOT_FOUND)
		st = YZ_E_NOTFOUND;
	else if (said == IPP_STATUS_ERROR_SERVICE_UNAVAILABLE ||
	         said == IPP_STATUS_ERROR_INTERNAL || said == IPP_STATUS_ERROR_TIMEOUT ||
	         said == IPP_STATUS_ERROR_BUSY)
		st = YZ_E_NET;
	(void)yz_fail(err, st, "%s: %s", what, cupsLastErrorString());
	if (st == YZ_E_NET)
		disconnect(c);
	return st;
}

static ipp_t *new_request(ipp_op_t op, const char *uri_name, const char *uri)
{
	ipp_t *q = ippNewRequest(op);

	ippAddString(q, IPP_TAG_OPERATION, IPP_TAG_URI, uri_name, NULL, uri);
	ippAddString(q, IPP_TAG_OPERATION, IPP_TAG_NAME, "requesting-user-name", NULL, cupsUser());
	return q;
}

static void join(ipp_attribute_t *a, char *out, size_t size)
{
	size_t used = 0;

	for (int i = 0; i < ippGetCount(a); i++) {
		const char *s = ippGetString(a, i, NULL);
		int n = snprintf(out + used, size - used, "%s%s", i ? "," : "", s ? s : "");

		if (n < 0 || (size_t)n >= size - used)
			break;
		used += (size_t)n;
	}
}

enum yz_status yz_cups_queue_get(
        struct yz_cups *c, const char *queue, struct yz_cups_queue *out, struct yz_error *err)
{
	static const char *const wanted[] = {"printer-state", "printer-state-reasons",
	        "printer-state-message", "printer-is-accepting-jobs", "printer-make-and-model"};
	struct yz_cups_queue q = {.is_accepting = true};
	char uri[HTTP_MAX_URI], model[YZ_CUPS_TEXT_SIZE] = "";
	enum yz_status st = connected(c, err);
	ipp_attribute_t *a;
	ipp_t *got;

	if (st != YZ_OK)
		return st;
	httpAssembleURIf(HTTP_URI_CODING_ALL, uri, sizeof(uri), "ipp", NULL, "localhost", 0,
	        "/printers/%s", queue);
	got = new_request(IPP_OP_GET_PRINTER_ATTRIBUTES, "printer-uri", uri);
	ippAddStrings(got, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "requested-attributes",
	        sizeof(wanted) / sizeof(wanted[0]), NULL, wanted);
	got = cupsDoRequest(c->http, got, "/");
	st = answer(c, queue, err);
	if (st == YZ_OK) {
		a = ippFindAttribute(got, "printer-state", IPP_TAG_ENUM);
		q.is_stopped = ippGetInteger(a, 0) == IPP_PSTATE_STOPPED;
		q.is_printing = ippGetInteger(a, 0) == IPP_PSTATE_PROCESSING;
		if ((a = ippFindAttribute(got, "printer-is-accepting-jobs", IPP_TAG_BOOLEAN)))
			q.is_accepting = ippGetBoolean(a, 0) != 0;
		join(ippFindAttribute(got, "printer-state-reasons", IPP_TAG_KEYWORD), q.reasons,
		        sizeof(q.reasons));
		join(ippFindAttribute(got, "printer-state-message", IPP_TAG_TEXT), q.message,
		        sizeof(q.message));
		join(ippFindAttribute(got, "printer-make-and-model", IPP_TAG_TEXT), model,
		        sizeof(model));
		q.is_raw = !strcmp(model, "Local Raw Printer");
		*out = q;
	}
	ippDelete(got);
	return st;
}

static enum yz_cups_state job_state(int ipp_state)
{
	switch (ipp_state) {
	case IPP_JSTATE_COMPLETED:
		return YZ_CUPS_COMPLETED;
	case IPP_JSTATE_CANCELED:
		return YZ_CUPS_CANCELED;
	case IPP_JSTATE_ABORTED:
		return YZ_CUPS_ABORTED;
	default:
		return YZ_CUPS_OPEN;
	}
}

/* Reads one group of job attributes, from *a on; leaves *a behind it. */
static struct yz_cups_job read_job(ipp_t *got, ipp_attribute_t **a)
{
	struct yz_cups_job j = {0};

	for (; *a && ippGetGroupTag(*a) == IPP_TAG_JOB && ippGetName(*a);
	        *a = ippNextAttribute(got)) {
		const char *name = ippGetName(*a);

		if (!strcmp(name, "job-id"))
			j.id = ippGetInteger(*a, 0);
		else if (!strcmp(name, "job-name"))
			join(*a, j.name, sizeof(j.name));
		else if (!strcmp(name, "job-state"))
			j.state = job_state(ippGetInteger(*a, 0));
		else if (!strcmp(name, "number-of-documents"))
			j.has_document = ippGetInteger(*a, 0) > 0;
		else if (!strcmp(name, "time-at-processing"))
			j.has_begun =
			        ippGetValueTag(*a) == IPP_TAG_INTEGER && ippGetInteger(*a, 0) > 0;
		else if (!strcmp(name, "job-printer-state-message"))
			join(*a, j.message, sizeof(j.message));
	}
	return j;
}

static void read_jobs(ipp_t *got, struct yz_cups_job **rows, size_t *n)
{
	size_t cap = 0;

	*rows = NULL;
	*n = 0;
	for (ipp_attribute_t *a = ippFirstAttribute(got); a;) {
		if (ippGetGroupTag(a) != IPP_TAG_JOB || !ippGetName(a)) {
			a = ippNextAttribute(got);
			continue;
		}
		if (*n == cap) {
			cap = cap ? cap * 2 : 16;
			*rows = yz_realloc(*rows, cap * sizeof(**rows));
		}
		(*rows)[(*n)++] = read_job(got, &a);
	}
}

enum yz_status yz_cups_jobs(
        struct yz_cups *c, int first, struct yz_cups_job **rows, size_t *n, struct yz_error *err)
{
	static const char *const wanted[] = {"job-id", "job-name", "job-state",
	        "number-of-documents", "time-at-processing", "job-printer-state-message"};
	enum yz_status st = connected(c, err);
	ipp_t *got;

	if (st != YZ_OK)
		return st;
	got = new_request(IPP_OP_GET_JOBS, "printer-uri", "ipp://localhost/");
	ippAddString(got, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "which-jobs", NULL, "all");
	ippAddBoolean(got, IPP_TAG_OPERATION, "my-jobs", 1);
	ippAddInteger(
	        got, IPP_TAG_OPERATION, IPP_TAG_INTEGER, "first-job-id", first > 0 ? first : 1);
	ippAddStrings(got, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "requested-attributes",
	        sizeof(wanted) / sizeof(wanted[0]), NULL, wanted);
	got = cupsDoRequest(c->http, got, "/");
	st = answer(c, "Get-Jobs", err);
	if (st == YZ_OK)
		read_jobs(got, rows, n);
	ippDelete(got);
	return st;
}

enum yz_status yz_cups_cancel(struct yz_cups *c, int job, struct yz_error *err)
{
	enum yz_status st = connected(c, err);
	char uri[64];

	if (st != YZ_OK)
		return st;
	(void)snprintf(uri, sizeof(uri), "ipp://localhost/jobs/%d", job);
	ippDelete(cupsDoRequest(c->http, new_request(IPP_OP_CANCEL_JOB, "job-uri", uri), "/jobs/"));
	return answer(c, "Cancel-Job", err);
}

enum yz_status yz_cups_target_open(
        struct yz_cups *c, const char *queue, struct yz_cups_target **out, struct yz_error *err)
{
	enum yz_status st = connected(c, err);
	struct yz_cups_target *t;
	struct yz_cups_queue q;

	if (st != YZ_OK)
		return st;
	t = yz_alloc(sizeof(*t));
	t->c = c;
	t->dest = cupsGetNamedDest(c->http, queue, NULL);
	if (t->dest)
		t->info = cupsCopyDestInfo(c->http, t->dest);
	if (!t->info) {
		/* libcups says "does not exist" of a cupsd that died, too */
		st = yz_cups_queue_get(c, queue, &q, err);
		if (st == YZ_OK)
			st = yz_fail(
			        err, YZ_E_PRINT, "%s: CUPS does not say what it can do", queue);
		yz_cups_target_close(t);
		return st;
	}
	*out = t;
	return YZ_OK;
}

void yz_cups_target_close(struct yz_cups_target *t)
{
	if (!t)
		return;
	cupsFreeDestInfo(t->info);
	cupsFreeDests(t->dest ? 1 : 0, t->dest);
	free(t);
}

bool yz_cups_target_has_pwg(struct yz_cups_target *t, int dpi)
{
	ipp_attribute_t *a = cupsFindDestSupported(t->c->http, t->dest, t->info, "document-format");

	if (!a || !ippContainsString(a, "image/pwg-raster"))
		return false;
	a = cupsFindDestSupported(t->c->http, t->dest, t->info, "pwg-raster-document-resolution");
	for (int i = 0; i < ippGetCount(a); i++) {
		ipp_res_t units;
		int y = 0, x = ippGetResolution(a, i, &y, &units);

		if (x == dpi && y == dpi && units == IPP_RES_PER_INCH)
			return true;
	}
	return false;
}

static bool listed_size(struct yz_cups_target *t, int width, int height)
{
	enum { SLACK = 18 }; /* half a point: PPD sizes are whole points */
	int n = cupsGetDestMediaCount(t->c->http, t->dest, t->info, CUPS_MEDIA_FLAGS_DEFAULT);
	cups_size_t size;

	for (int i = 0; i < n; i++)
		if (cupsGetDestMediaByIndex(
		            t->c->http, t->dest, t->info, i, CUPS_MEDIA_FLAGS_DEFAULT, &size) &&
		        abs(size.width - width) <= SLACK && abs(size.length - height) <= SLACK)
			return true;
	return false;
}

/* CUPS names the limits of sizes cut to order "custom_min_25x20mm" and "custom_max_112x2000mm". */
static bool custom_size(struct yz_cups_target *t, int width, int height)
{
	ipp_attribute_t *a = cupsFindDestSupported(t->c->http, t->dest, t->info, "media");
	bool above = false, below = false;

	for (int i = 0; i < ippGetCount(a); i++) {
		const char *name = ippGetString(a, i, NULL);
		pwg_media_t *m =
		        name && !strncmp(name, "custom_m", 8) ? pwgMediaForPWG(name) : NULL;

		if (m && !strncmp(name, "custom_min_", 11))
			above = width >= m->width && height >= m->length;
		else if (m && !strncmp(name, "custom_max_", 11))
			below = width <= m->width && height <= m->length;
	}
	return above && below;
}

/* cupsGetDestMediaBySize is not asked: with and without EXACT it answers 80x200 mm for 100x180
 * (CUPS 2.4.2). */
bool yz_cups_target_has_size(struct yz_cups_target *t, int width, int height)
{
	return listed_size(t, width, height) || custom_size(t, width, height);
}

/* Always the media: without it, or under a name it does not know, CUPS lays the page on Letter and
 * says all is well. */
static int page_options(const struct yz_cups_page *page, cups_option_t **options)
{
	char media[160];

	(void)snprintf(media, sizeof(media),
	        "{media-size={x-dimension=%d y-dimension=%d} media-left-margin=0 "
	        "media-right-margin=0 "
	        "media-top-margin=0 media-bottom-margin=0}",
	        page->width, page->height);
	return cupsAddOption(
	        "print-scaling", "none", cupsAddOption("media-col", media, 0, options), options);
}

enum yz_status yz_cups_target_create(
        struct yz_cups_target *t, const struct yz_cups_page *page, int *job, struct yz_error *err)
{
	cups_option_t *options = NULL;
	int n = page_options(page, &options), id = 0;
	enum yz_status st = YZ_OK;

	if (cupsCreateDestJob(t->c->http, t->dest, t->info, &id, page->name, n, options) >=
	                IPP_STATUS_REDIRECTION_OTHER_SITE ||
	        id <= 0) {
		st = answer(t->c, "Create-Job", err);
		if (st == YZ_OK)
			st = yz_fail(err, YZ_E_PRINT, "Create-Job: CUPS gave no job number");
	} else {
		*job = id;
	}
	cupsFreeOptions(n, options);
	return st;
}

enum yz_status yz_cups_target_send(
        struct yz_cups_target *t, const struct yz_cups_page *page, int job, struct yz_error *err)
{
	http_t *http = t->c->http;
	http_status_t status = cupsStartDestDocument(
	        http, t->dest, t->info, job, page->name, page->mime, 0, NULL, 1);

	if (status == HTTP_STATUS_CONTINUE)
		status = cupsWriteRequestData(http, page->bytes, page->len);
	if (status == HTTP_STATUS_CONTINUE)
		(void)cupsFinishDestDocument(http, t->dest, t->info);
	else if (cupsLastError() < IPP_STATUS_REDIRECTION_OTHER_SITE) {
		disconnect(t->c);
		return yz_fail(err, YZ_E_NET, "Send-Document: HTTP status %d", (int)status);
	}
	return answer(t->c, "Send-Document", err);
}
