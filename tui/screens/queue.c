/* What has not reached the platform or the paper: print jobs that need somebody, refused operations
 * with the platform's reason, then what waits and what is held. */
#include "config.h"

#include "base/buf.h"
#include "station/booking.h"
#include "station/queue.h"
#include "store/print_job.h"
#include "store/shipment.h"
#include "tui/ask.h"
#include "tui/pager.h"
#include "tui/screens/kiosk.h"
#include "tui/screens/queue_head.h"
#include "tui/screens/screens.h"
#include "tui/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { JOBS_MAX = 100 };

struct queue {
	struct yz_list list;
	struct yz_pulse pulse;
	struct yz_id asked; /* the print job that a question is about */
};

static const struct {
	const char *kind, *say;
} kinds[] = {
        {"shipment.book", N_("parcel")},
        {"shipment.cancel", N_("void")},
        {"contact.upsert", N_("contact")},
        {"farmer.upsert", N_("farmer")},
        {"consent.give", N_("consent")},
        {"product.upsert", N_("product")},
};

static const char *kind_say(const char *kind)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(kinds[i].kind, kind))
			return _(kinds[i].say);
	return kind;
}

/* "shipment:<uuid>" names a parcel by its number; other aggregates have none that a clerk knows. */
static void number_of(struct yz_kiosk *k, const char *agg, char *out, size_t size)
{
	const size_t uuid = YZ_ID_TEXT_SIZE - 1;
	size_t len = strlen(agg);
	struct yz_id id;
	struct yz_shipment *s;

	out[0] = '\0';
	if (strncmp(agg, "shipment", 8) != 0 || len < uuid || !yz_id_parse(agg + len - uuid, &id))
		return;
	s = yz_alloc(sizeof(*s));
	if (yz_shipment_get(k->store, &id, s, NULL) == YZ_OK)
		(void)yz_copy(out, size, s->waybill_no[0] ? s->waybill_no : s->station_no);
	free(s);
}

static void put_job(struct yz_kiosk *k, const struct yz_print_job *j, struct yz_list_row *r)
{
	static const char *const states[] = {
#define X(id, say) say,
	        YZ_PRINT_STATES(X)
#undef X
	};
	char hhmm[8], number[YZ_NUMBER_SIZE], agg[64], id[YZ_ID_TEXT_SIZE];

	r->id = j->id;
	(void)yz_copy(r->key, sizeof(r->key), "print");
	r->look = j->state == YZ_PRINT_FAILED || j->state == YZ_PRINT_ASK ? YZ_LOOK_WARN
	                                                                  : YZ_LOOK_NORMAL;
	yz_clock_hhmm(j->created_ms, hhmm, sizeof(hhmm));
	(void)snprintf(agg, sizeof(agg), "shipment:%s", yz_id_text(&j->shipment, id));
	number_of(k, agg, number, sizeof(number));
	yz_list_cell(r, 0,
	        !strcmp(j->paper, "waybill")  ? _("waybill")
	        : !strcmp(j->paper, "refund") ? _("refund slip")
	                                      : _("receipt"));
	yz_list_cell(r, 1, number);
	yz_list_cell(r, 2, hhmm);
	yz_list_cell(r, 3, _(states[j->state]));
	yz_list_cell(r, 4, yz_kiosk_printer_say(j->trouble));
}

static void put_op(struct yz_kiosk *k, const struct yz_op *op, struct yz_list_row *r)
{
	static const char *const states[] = {
#define X(id, say) say,
	        YZ_OP_STATES(X)
#undef X
	};
	char hhmm[8], number[YZ_NUMBER_SIZE];

	r->id = op->id;
	(void)yz_copy(r->key, sizeof(r->key), "op");
	r->look = op->state == YZ_OP_DEAD ? YZ_LOOK_WARN : YZ_LOOK_NORMAL;
	yz_clock_hhmm(op->created_ms, hhmm, sizeof(hhmm));
	number_of(k, op->agg, number, sizeof(number));
	yz_list_cell(r, 0, kind_say(op->kind));
	yz_list_cell(r, 1, number);
	yz_list_cell(r, 2, hhmm);
	yz_list_cell(r, 3, _(states[op->state]));
	yz_list_cell(r, 4, op->reason[0] ? op->reason : op->code);
}

/* Fills rows from one part of the list: `skip` of it lie before the page. */
static enum yz_status take_ops(struct yz_kiosk *k, unsigned states, size_t *skip, size_t limit,
        struct yz_list_page *page, struct yz_error *err)
{
	size_t room = limit - page->count, n = 0, total = 0;
	struct yz_op *ops = yz_alloc((room ? room : 1) * sizeof(*ops));
	enum yz_status st = yz_outbox_list(k->store, states, *skip, ops, room, &n, &total, err);

	for (size_t i = 0; st == YZ_OK && i < n; i++)
		put_op(k, &ops[i], &page->rows[page->count++]);
	*skip = *skip > total ? *skip - total : 0;
	page->total += total;
	free(ops);
	return st;
}

static enum yz_status queue_page(void *owner, const char *filter, size_t offset, size_t limit,
        struct yz_list_page *page, struct yz_error *err)
{
	struct yz_kiosk *k = owner;
	struct yz_print_job *jobs = yz_alloc(JOBS_MAX * sizeof(*jobs));
	size_t n = 0, skip = offset;
	enum yz_status st = yz_print_job_open(k->store, jobs, JOBS_MAX, &n, err);

	(void)filter; /* short lists of things to do: nothing to find */
	if (st != YZ_OK)
		goto done;
	for (size_t i = offset; i < n && page->count < limit; i++)
		put_job(k, &jobs[i], &page->rows[page->count++]);
	page->total = n;
	skip = offset > n ? offset - n : 0;
	st = take_ops(k, 1U << YZ_OP_DEAD, &skip, limit, page, err);
	if (st == YZ_OK)
		st = take_ops(k, 1U << YZ_OP_PENDING | 1U << YZ_OP_HELD, &skip, limit, page, err);
done:
	free(jobs);
	return st;
}

static const struct yz_list_column columns[] = {
        {N_("What"), 8, false},
        {N_("Number"), 16, false},
        {N_("Time"), 5, false},
        {N_("State"), 10, false},
        {N_("Why"), 0, false},
};
static const struct yz_list_source source = {"queue", columns, 5, queue_page};

/* Reads the facts above the list, and the list. */
static void refresh(struct yz_view *v)
{
	struct queue *q = v->state;
	struct yz_kiosk *k = yz_kiosk(v);
	struct yz_error err = {0};

	if (yz_pulse_read(k->store, k->conf.platform_url[0] != '\0', &q->pulse, &err) != YZ_OK)
		yz_say_error(v->app, &err);
	yz_list_refresh(&q->list);
}

static bool queue_open(struct yz_view *v, const void *arg)
{
	struct queue *q = v->state;

	(void)arg;
	yz_list_init(&q->list, &source, v->app, yz_kiosk(v));
	yz_list_leave_rows(&q->list, YZ_QUEUE_HEAD_ROWS);
	refresh(v);
	return true;
}

static void queue_draw(const struct yz_view *v, struct yz_canvas *c)
{
	const struct queue *q = v->state;
	struct yz_canvas head = yz_canvas_part(c, 0, 0, YZ_QUEUE_HEAD_ROWS, c->cols),
	                 list = yz_canvas_part(
	                         c, YZ_QUEUE_HEAD_ROWS, 0, c->rows - YZ_QUEUE_HEAD_ROWS, c->cols);

	yz_queue_head_draw(&q->pulse, &head);
	yz_list_draw(&q->list, &list);
}

static void told(struct yz_view *v, enum yz_status st, const struct yz_error *err, const char *done)
{
	refresh(v);
	yz_kiosk_refresh(v->app);
	if (st == YZ_OK)
		yz_say(v->app, YZ_SAY_GOOD, "%s", done);
	else
		yz_say_error(v->app, err);
}

static void came_out_answered(struct yz_view *v, const struct yz_answer *a)
{
	struct queue *q = v->state;
	struct yz_kiosk *k = yz_kiosk(v);
	struct yz_error err = {0};

	if (a->code)
		told(v, yz_print_answer(&k->desk, &v->app->now, &q->asked, a->code == 1, &err),
		        &err,
		        a->code == 1 ? _("Noted as printed.")
		                     : _("Given to the printer again, marked as a reprint."));
}

static void print_again(struct yz_view *v, const struct yz_list_row *row)
{
	static const char *const answers[] = {
	        N_("it came out"), N_("it did not: print again"), NULL};
	struct queue *q = v->state;
	struct yz_kiosk *k = yz_kiosk(v);
	struct yz_question question = {
	        _("Nobody knows whether this paper came out.\nPlease look at the printer."), NULL,
	        NULL, answers};
	struct yz_print_job job;
	struct yz_error err = {0};
	enum yz_status st;

	if (strcmp(row->key, "print") != 0) {
		yz_say(v->app, YZ_SAY_INFO, "%s",
		        _("F6 is for papers; F2 sends an operation again."));
		return;
	}
	q->asked = row->id;
	st = yz_print_job_get(k->store, &q->asked, &job, &err);
	if (st == YZ_OK && job.state == YZ_PRINT_ASK) {
		(void)yz_view_push(v->app, &yz_view_ask, &question, came_out_answered);
		return;
	}
	if (st == YZ_OK)
		st = yz_print_retry(&k->desk, &v->app->now, &q->asked, &err);
	told(v, st, &err, _("Given to the printer again."));
}

static void send_or_hold(struct yz_view *v, const struct yz_list_row *row, bool hold)
{
	struct yz_kiosk *k = yz_kiosk(v);
	const struct yz_id id = row->id;
	struct yz_error err = {0};
	enum yz_status st;

	if (strcmp(row->key, "op") != 0) {
		yz_say(v->app, YZ_SAY_INFO, "%s", _("This is a paper: F6 prints it again."));
		return;
	}
	st = hold ? yz_queue_hold(&k->desk, &v->app->now, &id, &err)
	          : yz_queue_retry(&k->desk, &v->app->now, &id, &err);
	told(v, st, &err,
	        hold ? _("Held back: it is not sent until F2.")
	             : _("It is sent again when the line is up."));
}

/* What can be done about a row. */
static const char *advice(const struct yz_view *v, const struct yz_list_row *row)
{
	const struct queue *q = v->state;

	if (!strcmp(row->key, "print"))
		return _("F6 in the list prints it again; when nobody knows whether it came out, "
		         "F6 asks.");
	if (row->look == YZ_LOOK_WARN)
		return _("The platform refused this. A contact, farmer or product: open it on its "
		         "own screen, mend what is named above and save, and it is sent anew. A "
		         "parcel: void it (menu 2, F8) and book it again. If the platform was "
		         "wrong: F2 in the list sends the same again. F8 puts it aside.");
	if (q->pulse.standalone || q->pulse.online)
		return _("Nothing to do: it is sent by itself. What is held goes with F2.");
	return _("Nothing to do: it is sent when the line is up. What is held goes with F2.");
}

static void show(struct yz_view *v, const struct yz_list_row *row)
{
	struct yz_buf text = YZ_BUF_INIT;
	struct yz_pager_text t = {_("Details"), NULL};

	for (size_t i = 0; i < source.column_count; i++)
		yz_buf_printf(
		        &text, "%s: %s\n", _(columns[i].title), row->cells[i] ? row->cells[i] : "");
	yz_buf_printf(&text, "\n%s", advice(v, row));
	t.text = yz_buf_str(&text);
	(void)yz_view_push(v->app, &yz_view_pager, &t, NULL);
	yz_buf_free(&text);
}

static unsigned queue_act(struct yz_view *v, enum yz_action a)
{
	struct queue *q = v->state;
	const struct yz_list_row *row = yz_list_row(&q->list);

	switch (a) {
	case YZ_ACT_OPEN:
		if (row)
			show(v, row);
		return YZ_NEED_DRAW;
	case YZ_ACT_SAVE:
	case YZ_ACT_UNDO:
		if (row)
			send_or_hold(v, row, a == YZ_ACT_UNDO);
		return YZ_NEED_DRAW;
	case YZ_ACT_PRINT:
		if (row)
			print_again(v, row);
		return YZ_NEED_DRAW;
	default:
		return yz_list_act(&q->list, a);
	}
}

static unsigned queue_event(struct yz_view *v, enum yz_event e)
{
	if (e != YZ_EVENT_LEAVE)
		refresh(v);
	return YZ_NEED_DRAW;
}

static void queue_hint(const struct yz_view *v, char *out, size_t size)
{
	(void)v;
	(void)yz_copy(out, size, _("Enter shows one whole: why it waits and what to do."));
}

static void queue_position(const struct yz_view *v, char *out, size_t size)
{
	yz_list_position(&((const struct queue *)v->state)->list, out, size);
}

static void queue_close(struct yz_view *v)
{
	yz_list_fini(&((struct queue *)v->state)->list);
}

static const struct yz_binding queue_keys[] = {
        {YZ_KEY_F2, YZ_ACT_SAVE, N_("Send again")},
        {YZ_KEY_F5, YZ_ACT_REFRESH, N_("Refresh")},
        {YZ_KEY_F6, YZ_ACT_PRINT, N_("Print again")},
        {YZ_KEY_F8, YZ_ACT_UNDO, N_("Hold")},
        {0, YZ_ACT_NONE, NULL},
};
const struct yz_keymap yz_keymap_queue = {&yz_keymap_list, queue_keys};

const struct yz_view_ops yz_view_queue = {
        .name = "queue",
        .title = N_("Queue"),
        .state_size = sizeof(struct queue),
        .keymap = &yz_keymap_queue,
        .open = queue_open,
        .draw = queue_draw,
        .act = queue_act,
        .event = queue_event,
        .hint = queue_hint,
        .position = queue_position,
        .close = queue_close,
};
