/* What has not reached the platform or the paper: the facts above (queue_head.c), the rows below
 * (queue_rows.c); Enter opens one (queue_op.c). */
#include "config.h"

#include "base/buf.h"
#include "station/booking.h"
#include "station/queue.h"
#include "tui/ask.h"
#include "tui/pager.h"
#include "tui/screens/alarm.h"
#include "tui/screens/kiosk.h"
#include "tui/screens/queue_head.h"
#include "tui/screens/queue_rows.h"
#include "tui/screens/screens.h"
#include "tui/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct queue {
	struct yz_list list;
	struct yz_pulse pulse;
	char alarm[256];
	struct yz_id asked; /* the print job that a question is about */
};

/* Reads the facts above the list, and the list. */
static void refresh(struct yz_view *v)
{
	struct queue *q = v->state;
	struct yz_kiosk *k = yz_kiosk(v);
	struct yz_error err = {0};

	k->now_ms = v->app->now.wall_ms;
	if (yz_pulse_read(k->store, k->conf.platform_url[0] != '\0', &q->pulse, &err) != YZ_OK)
		yz_say_error(v->app, &err);
	yz_alarm_line(v->app, &q->pulse, q->alarm, sizeof(q->alarm));
	yz_list_refresh(&q->list);
}

static bool queue_open(struct yz_view *v, const void *arg)
{
	struct queue *q = v->state;

	(void)arg;
	yz_list_init(&q->list, &yz_queue_source, v->app, yz_kiosk(v));
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

	yz_queue_head_draw(&q->pulse, yz_kiosk(v)->now_ms, q->alarm, &head);
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

static void show_paper(struct yz_view *v, const struct yz_list_row *row)
{
	struct yz_buf text = YZ_BUF_INIT;
	struct yz_pager_text t = {_("Details"), NULL};

	for (size_t i = 0; i < yz_queue_source.column_count; i++)
		yz_buf_printf(&text, "%s: %s\n", _(yz_queue_source.columns[i].title),
		        row->cells[i] ? row->cells[i] : "");
	yz_buf_printf(&text, "\n%s",
	        row->look == YZ_LOOK_WARN
	                ? _("F6 in the list prints it again; when nobody knows whether it came "
	                    "out, F6 asks.")
	                : _("Nothing to do: it comes out by itself when the printer is ready."));
	t.text = yz_buf_str(&text);
	(void)yz_view_push(v->app, &yz_view_pager, &t, NULL);
	yz_buf_free(&text);
}

static void show(struct yz_view *v, const struct yz_list_row *row)
{
	const struct yz_id id = row->id;

	if (!strcmp(row->key, "op"))
		(void)yz_view_push(v->app, &yz_view_queue_op, &id, NULL);
	else
		show_paper(v, row);
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
	case YZ_ACT_REFRESH:
		refresh(v);
		yz_kiosk_refresh(v->app);
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
	(void)yz_copy(out, size,
	        ((const struct queue *)v->state)->list.total
	                ? _("Enter shows one whole: why it waits, and how to mend it.")
	                : _("Esc goes back."));
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
