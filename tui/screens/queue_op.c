/* One operation of the queue: what it is, since when, how often it was tried, why it stands where
 * it stands, and what can be done about it. Each thing that can be done has a digit. */
#include "config.h"

#include "base/buf.h"
#include "base/text.h"
#include "station/queue.h"
#include "station/repair.h"
#include "tui/ask.h"
#include "tui/entry.h"
#include "tui/screens/kiosk.h"
#include "tui/screens/queue_head.h"
#include "tui/screens/queue_rows.h"
#include "tui/screens/repair.h"
#include "tui/screens/screens.h"
#include "tui/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LABEL_COL = 2, VALUE_COL = 14, REMEDIES_MAX = 5, REMEDY_ROW = 10, WHY_ROWS = 3 };

enum remedy {
	REMEDY_MEND,     /* its form, with the cursor on the field at fault */
	REMEDY_BOOK,     /* a parcel: void and book anew in one */
	REMEDY_FOLLOW,   /* go to the operation that it waits for */
	REMEDY_RETRY,    /* the same bytes again */
	REMEDY_HOLD,     /* put aside */
	REMEDY_WITHDRAW, /* give it up */
	REMEDY_VOID      /* a parcel: the money back */
};

struct one {
	struct yz_op op; /* its body is not kept */
	char about[YZ_ABOUT_SIZE], why[YZ_WHY_SIZE];
	bool is_blocked;
	struct yz_op blocker;
	enum remedy remedies[REMEDIES_MAX];
	int remedy_count;
	bool is_online;
	const char *todo; /* about the line */
};

static void add(struct one *o, enum remedy r)
{
	o->remedies[o->remedy_count++] = r;
}

/* What can be done, the likeliest first. */
static void find_remedies(struct one *o)
{
	bool is_stuck = o->op.state == YZ_OP_DEAD || o->op.state == YZ_OP_HELD;
	bool is_parcel = !strcmp(o->op.kind, "shipment.book");

	o->remedy_count = 0;
	if (o->is_blocked)
		add(o, REMEDY_FOLLOW);
	if (is_stuck && yz_repair_has_form(o->op.kind))
		add(o, is_parcel ? REMEDY_BOOK : REMEDY_MEND);
	if (is_stuck)
		add(o, REMEDY_RETRY);
	if (o->op.state == YZ_OP_PENDING || o->op.state == YZ_OP_DEAD)
		add(o, REMEDY_HOLD);
	if (is_stuck)
		add(o, is_parcel ? REMEDY_VOID : REMEDY_WITHDRAW);
}

static bool load(struct yz_view *v, const struct yz_id *id)
{
	struct one *o = v->state;
	struct yz_kiosk *k = yz_kiosk(v);
	struct yz_op op = {.body = NULL};
	struct yz_pulse p;
	struct yz_error err = {0};

	if (yz_outbox_get(k->store, id, &op, &err) != YZ_OK ||
	        yz_pulse_read(k->store, k->conf.platform_url[0] != '\0', &p, &err) != YZ_OK) {
		free(op.body);
		yz_say_error(v->app, &err);
		return false;
	}
	free(op.body);
	op.body = NULL;
	o->op = op;
	o->is_online = p.online;
	o->todo = yz_queue_head_todo(&p);
	o->is_blocked = op.state == YZ_OP_PENDING &&
	                yz_outbox_blocker(k->store, id, &o->blocker, NULL) == YZ_OK;
	yz_queue_about(k, op.agg, o->about, sizeof(o->about));
	yz_queue_why(k, &o->op, o->why, sizeof(o->why));
	if (!o->why[0] && op.state == YZ_OP_PENDING && !p.online)
		yz_queue_head_link(&p, v->app->now.wall_ms, o->why, sizeof(o->why));
	find_remedies(o);
	return true;
}

static bool one_open(struct yz_view *v, const void *arg)
{
	return load(v, arg);
}

/* ---- what it says */

static const char *remedy_say(const struct one *o, enum remedy r, char *out, size_t size)
{
	const char *label = yz_repair_label(o->op.kind, o->op.field);

	switch (r) {
	case REMEDY_MEND:
		if (*label)
			(void)snprintf(out, size,
			        _("Mend it: its form opens at \"%s\"; what you save is sent."),
			        label);
		else
			(void)yz_copy(out, size,
			        _("Mend it: its form opens; what you save is sent instead."));
		break;
	case REMEDY_BOOK:
		(void)yz_copy(out, size,
		        _("Book it anew: the form comes filled; saving voids this one."));
		break;
	case REMEDY_FOLLOW:
		(void)snprintf(out, size, _("Go to the one it waits for (%s)."),
		        yz_queue_kind(o->blocker.kind));
		break;
	case REMEDY_RETRY:
		(void)yz_copy(out, size,
		        _("Send the same again: when the platform was wrong and is put right."));
		break;
	case REMEDY_HOLD:
		(void)yz_copy(out, size, _("Hold it: it is not sent until you send it again."));
		break;
	case REMEDY_WITHDRAW:
		(void)yz_copy(out, size,
		        _("Withdraw it: the platform never gets it; asks for the reason."));
		break;
	case REMEDY_VOID:
		(void)yz_copy(
		        out, size, _("Void the parcel: the money goes back; asks for the reason."));
		break;
	}
	return out;
}

/* Where nothing is to be done, why not. */
static const char *advice(const struct one *o)
{
	switch (o->op.state) {
	case YZ_OP_DEAD:
		return _("The platform refused this. Nothing of it is lost here.");
	case YZ_OP_HELD:
		return _("A clerk holds this back: it is not sent.");
	case YZ_OP_PENDING:
		if (o->is_blocked)
			return _("It is sent by itself once that one is settled.");
		return o->is_online ? _("Nothing to do: it is sent by itself.") : o->todo;
	case YZ_OP_SUPERSEDED:
		return _("Another operation has taken its place: nothing to do.");
	default:
		return _("The platform has it: nothing to do.");
	}
}

static void line(struct yz_canvas *c, int row, const char *label, const char *value)
{
	(void)yz_canvas_text(c, row, LABEL_COL, YZ_LABEL_COLS, YZ_LOOK_LABEL, label);
	(void)yz_canvas_text(c, row, VALUE_COL, -1, YZ_LOOK_NORMAL, value);
}

/* The platform's words whole, over some rows. */
static void draw_why(const struct one *o, struct yz_canvas *c, int row)
{
	bool is_free = !o->why[0] && o->op.state == YZ_OP_PENDING;
	const char *text = is_free ? _("(nothing stands in its way)") : o->why;

	if (!*text)
		return;
	(void)yz_canvas_text(c, row, LABEL_COL, YZ_LABEL_COLS, YZ_LOOK_LABEL, _("Why"));
	for (int i = 0; i < WHY_ROWS && *text; i++) {
		size_t n = yz_text_fit(text, c->cols - VALUE_COL - 1);
		char part[256];

		(void)snprintf(part, sizeof(part), "%.*s", (int)n, text);
		(void)yz_canvas_text(c, row + i, VALUE_COL, -1,
		        o->op.state == YZ_OP_DEAD ? YZ_LOOK_WARN : YZ_LOOK_NORMAL, part);
		text += n;
	}
}

static void one_draw(const struct yz_view *v, struct yz_canvas *c)
{
	static const char *const states[] = {
#define X(id, say) say,
	        YZ_OP_STATES(X)
#undef X
	};
	const struct one *o = v->state;
	char text[YZ_WHY_SIZE], when[32];

	(void)snprintf(text, sizeof(text), "%s   %s", yz_queue_kind(o->op.kind), o->about);
	line(c, 0, _("What"), text);
	yz_clock_rfc3339(o->op.created_ms, when, sizeof(when));
	(void)snprintf(text, sizeof(text), "%.10s %.5s", when, when + 11);
	line(c, 1, _("Since"), text);
	(void)snprintf(text, sizeof(text), _("%s   tried %d times"), _(states[o->op.state]),
	        o->op.attempts);
	line(c, 2, _("State"), text);
	draw_why(o, c, 3);
	if (o->op.code[0]) {
		(void)snprintf(text, sizeof(text), "%s  %s", o->op.code, o->op.field);
		line(c, 3 + WHY_ROWS, _("Code"), text);
	}
	yz_canvas_heading(c, REMEDY_ROW - 2, _("What to do"));
	(void)yz_canvas_text(c, REMEDY_ROW - 1, LABEL_COL, -1, YZ_LOOK_NORMAL, advice(o));
	for (int i = 0; i < o->remedy_count; i++) {
		const char digit[2] = {(char)('1' + i), '\0'};

		(void)yz_canvas_text(c, REMEDY_ROW + i, LABEL_COL + 2, 1, YZ_LOOK_MARK, digit);
		(void)yz_canvas_text(c, REMEDY_ROW + i, LABEL_COL + 4, -1, YZ_LOOK_NORMAL,
		        remedy_say(o, o->remedies[i], text, sizeof(text)));
	}
	yz_canvas_cursor(c, REMEDY_ROW, LABEL_COL + 2);
}

/* ---- what it does */

static void told(struct yz_view *v, enum yz_status st, const struct yz_error *err, const char *done)
{
	const struct yz_id id = ((struct one *)v->state)->op.id;

	(void)load(v, &id);
	yz_kiosk_refresh(v->app);
	if (st == YZ_OK)
		yz_say(v->app, YZ_SAY_GOOD, "%s", done);
	else
		yz_say_error(v->app, err);
}

/* After a repair the new operation is the one that matters. */
static void follow(struct yz_view *v)
{
	struct one *o = v->state;
	struct yz_op last;

	if (yz_outbox_last(yz_kiosk(v)->store, o->op.agg, &last, NULL) == YZ_OK)
		(void)load(v, &last.id);
}

static void mended(struct yz_view *v, const struct yz_answer *a)
{
	bool is_parcel = !strcmp(((struct one *)v->state)->op.kind, "shipment.book");

	if (!a->code)
		return;
	follow(v);
	if (!is_parcel) /* the booking form has said what became of the money */
		yz_say(v->app, YZ_SAY_GOOD, "%s",
		        _("Saved. The new one takes the place of the refused one."));
}

static void withdrawn(struct yz_view *v, const struct yz_answer *a)
{
	struct one *o = v->state;
	struct yz_error err = {0};
	enum yz_status st;

	if (!a->code)
		return;
	st = yz_queue_withdraw(&yz_kiosk(v)->desk, &v->app->now, &o->op.id, a->text, &err);
	if (st == YZ_OK)
		follow(v);
	told(v, st, &err, _("Withdrawn. The record stays in the station's own books."));
}

static void ask_withdraw(struct yz_view *v)
{
	static const char *const reasons[] = {N_("registered twice"), N_("registered by mistake"),
	        N_("owner does not want it"), NULL};
	struct yz_question q = {
	        _("Withdraw this from the platform?\nThe station keeps its own record."),
	        N_("Reason"), reasons, NULL};

	(void)yz_view_push(v->app, &yz_view_ask, &q, withdrawn);
}

static void void_closed(struct yz_view *v, const struct yz_answer *a)
{
	const struct yz_id id = ((struct one *)v->state)->op.id;

	(void)a;
	(void)load(v, &id);
}

static void do_void(struct yz_view *v)
{
	struct yz_order_arg arg = {.then = YZ_ACT_UNDO};

	if (yz_queue_record(((struct one *)v->state)->op.agg, &arg.id))
		(void)yz_view_push(v->app, &yz_view_order, &arg, void_closed);
}

static void send_or_hold(struct yz_view *v, bool hold)
{
	struct yz_kiosk *k = yz_kiosk(v);
	const struct yz_id id = ((struct one *)v->state)->op.id;
	struct yz_error err = {0};
	enum yz_status st = hold ? yz_queue_hold(&k->desk, &v->app->now, &id, &err)
	                         : yz_queue_retry(&k->desk, &v->app->now, &id, &err);

	told(v, st, &err,
	        hold ? _("Held back: it is not sent until F2.")
	             : _("It is sent again when the line is up."));
}

static void apply(struct yz_view *v, enum remedy r)
{
	struct one *o = v->state;
	const struct yz_id blocker = o->blocker.id;

	switch (r) {
	case REMEDY_MEND:
	case REMEDY_BOOK:
		yz_repair_open(v, &o->op, mended);
		break;
	case REMEDY_FOLLOW:
		(void)load(v, &blocker);
		break;
	case REMEDY_RETRY:
	case REMEDY_HOLD:
		send_or_hold(v, r == REMEDY_HOLD);
		break;
	case REMEDY_WITHDRAW:
		ask_withdraw(v);
		break;
	case REMEDY_VOID:
		do_void(v);
		break;
	}
}

static unsigned one_key(struct yz_view *v, const struct yz_keypress *k)
{
	const struct one *o = v->state;

	if (k->pasted || k->key < '1' || k->key >= '1' + o->remedy_count)
		return YZ_NEED_NOTHING;
	v->app->message.level = YZ_SAY_NOTHING;
	apply(v, o->remedies[k->key - '1']);
	return YZ_NEED_DRAW;
}

static unsigned one_act(struct yz_view *v, enum yz_action a)
{
	const struct yz_id id = ((struct one *)v->state)->op.id;

	switch (a) {
	case YZ_ACT_SAVE:
	case YZ_ACT_UNDO:
		send_or_hold(v, a == YZ_ACT_UNDO);
		return YZ_NEED_DRAW;
	case YZ_ACT_REFRESH:
		(void)load(v, &id);
		return YZ_NEED_DRAW;
	default:
		return YZ_NEED_PASS;
	}
}

static unsigned one_event(struct yz_view *v, enum yz_event e)
{
	const struct yz_id id = ((struct one *)v->state)->op.id;

	if (e == YZ_EVENT_STORE)
		(void)load(v, &id);
	return YZ_NEED_DRAW;
}

static void one_hint(const struct yz_view *v, char *out, size_t size)
{
	(void)yz_copy(out, size,
	        ((const struct one *)v->state)->remedy_count
	                ? _("Press the digit of what is to be done; Esc leaves it as it is.")
	                : _("Esc goes back."));
}

static const struct yz_binding one_keys[] = {
        {YZ_KEY_F2, YZ_ACT_SAVE, N_("Send again")},
        {YZ_KEY_F5, YZ_ACT_REFRESH, N_("Refresh")},
        {YZ_KEY_F8, YZ_ACT_UNDO, N_("Hold")},
        {0, YZ_ACT_NONE, NULL},
};
const struct yz_keymap yz_keymap_queue_op = {&yz_keymap_kiosk, one_keys};

const struct yz_view_ops yz_view_queue_op = {
        .name = "queue-op",
        .title = N_("One of the queue"),
        .state_size = sizeof(struct one),
        .keymap = &yz_keymap_queue_op,
        .open = one_open,
        .draw = one_draw,
        .act = one_act,
        .key = one_key,
        .event = one_event,
        .hint = one_hint,
};
