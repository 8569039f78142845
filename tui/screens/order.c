/* One parcel: who, what, money, papers, where it stands; printing again and voiding, each with its
 * reason. */
#include "config.h"

#include "base/buf.h"
#include "base/text.h"
#include "station/booking.h"
#include "station/couriers.h"
#include "station/mask.h"
#include "station/money.h"
#include "station/units.h"
#include "store/outbox.h"
#include "store/print_job.h"
#include "tui/ask.h"
#include "tui/entry.h"
#include "tui/screens/kiosk.h"
#include "tui/screens/queue_rows.h"
#include "tui/screens/screens.h"
#include "tui/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAYMENTS_MAX = 6, JOBS_MAX = 64, LABEL_COL = 2, VALUE_COL = 14 };

struct order {
	struct yz_shipment s;
	struct yz_payment payments[PAYMENTS_MAX];
	size_t payment_count;
	struct yz_print_job jobs[JOBS_MAX];
	size_t job_count;
	enum yz_op_state op_state;
	char op_reason[YZ_REASON_SIZE];
	char courier[64];
	int paper; /* that a reprint was asked for: 1 waybill, 2 receipt */
	bool finds;
};

void yz_courier_name(struct yz_app *app, const char *code, char *out, size_t size)
{
	struct yz_kiosk *k = app->kiosk;
	const struct yz_couriers *couriers;
	const struct yz_courier *c = NULL;

	if (yz_books_couriers(k->books, &couriers, NULL) == YZ_OK)
		c = yz_couriers_find(couriers, code);
	(void)yz_copy(out, size, c ? (strcmp(k->lang, "en") ? c->name : c->name_en) : code);
}

static bool load(struct yz_view *v, const struct yz_id *id)
{
	struct order *o = v->state;
	struct yz_store *s = yz_kiosk(v)->store;
	struct yz_op op = {.state = YZ_OP_PENDING};
	struct yz_error err = {0};

	if (yz_shipment_get(s, id, &o->s, &err) != YZ_OK ||
	        yz_payment_list(s, id, o->payments, PAYMENTS_MAX, &o->payment_count, &err) !=
	                YZ_OK ||
	        yz_print_job_list(s, id, o->jobs, JOBS_MAX, &o->job_count, &err) != YZ_OK ||
	        yz_outbox_get(s, &o->s.op, &op, &err) != YZ_OK) {
		yz_say_error(v->app, &err);
		return false;
	}
	o->op_state = op.state;
	(void)yz_copy(o->op_reason, sizeof(o->op_reason), op.reason);
	free(op.body);
	yz_courier_name(v->app, o->s.courier, o->courier, sizeof(o->courier));
	return true;
}

static int line(struct yz_canvas *c, int row, const char *label, const char *value)
{
	(void)yz_canvas_text(c, row, LABEL_COL, YZ_LABEL_COLS, YZ_LOOK_LABEL, label);
	(void)yz_canvas_text(c, row, VALUE_COL, -1, YZ_LOOK_NORMAL, value);
	return row + 1;
}

static int draw_party(struct yz_canvas *c, int row, const char *label, const struct yz_party *p)
{
	char phone[YZ_PHONE_SIZE * 4], text[YZ_REGION_SIZE + YZ_DETAIL_SIZE + 8];

	yz_mask_phone(p->phone, phone, sizeof(phone));
	(void)snprintf(text, sizeof(text), "%s  %s", p->name, phone);
	row = line(c, row, label, text);
	(void)snprintf(text, sizeof(text), "%s %s", p->region, p->detail);
	return line(c, row, "", text);
}

static int draw_papers(const struct order *o, struct yz_canvas *c, int row)
{
	static const char *const states[] = {
#define X(id, say) say,
	        YZ_PRINT_STATES(X)
#undef X
	};

	size_t room = row < c->rows ? (size_t)(c->rows - row) : 0;
	size_t first = o->job_count > room ? o->job_count - room : 0; /* the newest are shown */

	for (size_t i = first; i < o->job_count; i++) {
		const struct yz_print_job *j = &o->jobs[i];
		bool bad = j->state == YZ_PRINT_FAILED || j->state == YZ_PRINT_ASK;
		char text[512], hhmm[8];

		yz_clock_hhmm(j->created_ms, hhmm, sizeof(hhmm));
		(void)snprintf(text, sizeof(text), _("%s No. %d   %s   %s   %s %s"),
		        yz_queue_paper(j->paper), j->print_no, hhmm, _(states[j->state]),
		        j->state == YZ_PRINT_DONE ? "" : yz_kiosk_printer_say(j->trouble),
		        j->reason[0] ? _(j->reason) : "");
		(void)yz_canvas_text(c, row, VALUE_COL - 2, 1, YZ_LOOK_WARN, bad ? "!" : " ");
		row = line(c, row, i > first ? "" : _("Papers"), text);
	}
	return row;
}

static int draw_money(const struct order *o, struct yz_canvas *c, int row)
{
	static const struct {
		const char *word, *say;
	} methods[] = {{"cash", N_("cash")}, {"wechat", N_("WeChat")}, {"alipay", N_("Alipay")},
	        {"monthly", N_("monthly")}, {"collect", N_("receiver pays")}};
	char text[160], freight[YZ_MONEY_TEXT_SIZE], total[YZ_MONEY_TEXT_SIZE],
	        insured[YZ_MONEY_TEXT_SIZE];

	(void)snprintf(text, sizeof(text), _("freight %s   insured %s   total %s"),
	        yz_money_text(o->s.freight_fen, freight), yz_money_text(o->s.insured_fen, insured),
	        yz_money_text(o->s.total_fen, total));
	row = line(c, row, _("Money"), text);
	for (size_t i = 0; i < o->payment_count; i++) {
		const struct yz_payment *p = &o->payments[i];
		const char *say = p->method;
		char hhmm[8];

		for (size_t m = 0; m < sizeof(methods) / sizeof(methods[0]); m++)
			if (!strcmp(methods[m].word, p->method))
				say = _(methods[m].say);
		yz_clock_hhmm(p->at_ms, hhmm, sizeof(hhmm));
		(void)snprintf(text, sizeof(text), "%s   %s   %s", hhmm, say,
		        yz_money_text(p->amount_fen, total));
		row = line(c, row, "", text);
	}
	return row;
}

static void order_draw(const struct yz_view *v, struct yz_canvas *c)
{
	static const char *const ops[] = {
#define X(id, say) say,
	        YZ_OP_STATES(X)
#undef X
	};
	const struct order *o = v->state;
	char text[512], when[32], kg[YZ_WEIGHT_TEXT_SIZE], jin[YZ_WEIGHT_TEXT_SIZE];
	int row = 0;

	(void)snprintf(text, sizeof(text), "%s   %s %s",
	        o->s.waybill_no[0] ? o->s.waybill_no : _("(waits for the courier's number)"),
	        o->courier, o->s.service);
	row = line(c, row, _("Waybill"), text);
	if (o->s.state == YZ_SHIPMENT_VOID) {
		(void)snprintf(text, sizeof(text), _("VOID: %s"), o->s.void_reason);
		(void)yz_canvas_text(c, row++, VALUE_COL, -1, YZ_LOOK_ERROR, text);
	}
	yz_clock_rfc3339(o->s.booked_ms, when, sizeof(when));
	(void)snprintf(text, sizeof(text), "%s   %.10s %.5s", o->s.station_no, when, when + 11);
	row = line(c, row, _("Order No."), text);
	row = draw_party(c, row, _("Sender"), &o->s.sender);
	row = draw_party(c, row, _("Receiver"), &o->s.receiver);
	(void)snprintf(text, sizeof(text), _("%s   %d pieces   %s kg (%s jin)"), o->s.lines[0].name,
	        o->s.pieces, yz_weight_kg(o->s.weight_g, kg), yz_weight_jin(o->s.weight_g, jin));
	row = line(c, row, _("Goods"), text);
	row = draw_money(o, c, row);
	(void)snprintf(text, sizeof(text), "%s   %s", _(ops[o->op_state]), o->op_reason);
	row = line(c, row, _("Platform"), text);
	(void)draw_papers(o, c, row);
	yz_canvas_cursor(c, 0, 0);
}

static void reload(struct yz_view *v)
{
	const struct yz_id id = ((struct order *)v->state)->s.id;

	(void)load(v, &id);
	yz_kiosk_refresh(v->app);
}

static void void_answered(struct yz_view *v, const struct yz_answer *a)
{
	struct yz_kiosk *k = yz_kiosk(v);
	struct order *o = v->state;
	struct yz_error err = {0};

	if (!a->code)
		return;
	if (yz_shipment_void(&k->desk, k->books, &v->app->now, &o->s.id, a->text, &err) != YZ_OK) {
		yz_say_error(v->app, &err);
		return;
	}
	reload(v);
	yz_say(v->app, YZ_SAY_GOOD, "%s",
	        _("Voided. Give the money back as the refund slip says."));
}

static void ask_void(struct yz_view *v)
{
	static const char *const reasons[] = {
	        N_("typed wrong"), N_("sender changed mind"), N_("courier does not take it"), NULL};
	struct order *o = v->state;
	char text[200], total[YZ_MONEY_TEXT_SIZE];
	struct yz_question q = {text, N_("Reason"), reasons, NULL};

	if (o->s.state != YZ_SHIPMENT_BOOKED) {
		yz_say(v->app, YZ_SAY_WARN, "%s",
		        _("Only a parcel that is booked and not handed over can be voided."));
		return;
	}
	(void)snprintf(text, sizeof(text),
	        _("Void this parcel? Total %s yuan.\nMoney taken is reversed; it cannot be "
	          "undone."),
	        yz_money_text(o->s.total_fen, total));
	(void)yz_view_push(v->app, &yz_view_ask, &q, void_answered);
}

static void reprint_answered(struct yz_view *v, const struct yz_answer *a)
{
	struct yz_kiosk *k = yz_kiosk(v);
	struct order *o = v->state;
	struct yz_error err = {0};

	if (!a->code)
		return;
	if (yz_shipment_reprint(&k->desk, &v->app->now, &o->s.id,
	            o->paper == 1 ? "waybill" : "receipt", a->text, &err) != YZ_OK) {
		yz_say_error(v->app, &err);
		return;
	}
	reload(v);
	yz_kiosk_refresh(v->app);
	yz_say(v->app, YZ_SAY_GOOD, "%s",
	        k->is_paper_stuck ? _("It waits for the printer, marked as a reprint.")
	                          : _("Given to the printer again, marked as a reprint."));
}

static void paper_answered(struct yz_view *v, const struct yz_answer *a)
{
	static const char *const reasons[] = {
	        N_("paper jam"), N_("badly printed"), N_("label lost"), NULL};
	struct order *o = v->state;
	struct yz_question q = {
	        _("Print again? It is marked as a reprint."), N_("Reason"), reasons, NULL};

	if (!a->code)
		return;
	o->paper = a->code;
	(void)yz_view_push(v->app, &yz_view_ask, &q, reprint_answered);
}

static void ask_reprint(struct yz_view *v)
{
	static const char *const papers[] = {N_("waybill"), N_("receipt"), NULL};
	struct yz_question q = {_("Which paper?"), NULL, NULL, papers};

	(void)yz_view_push(v->app, &yz_view_ask, &q, paper_answered);
}

static bool order_open(struct yz_view *v, const void *arg)
{
	const struct yz_order_arg *a = arg;

	if (!load(v, &a->id))
		return false;
	((struct order *)v->state)->finds = a->finds;
	if (a->then == YZ_ACT_PRINT)
		ask_reprint(v);
	if (a->then == YZ_ACT_UNDO)
		ask_void(v);
	return true;
}

static unsigned order_act(struct yz_view *v, enum yz_action a)
{
	switch (a) {
	case YZ_ACT_PRINT:
		ask_reprint(v);
		return YZ_NEED_DRAW;
	case YZ_ACT_UNDO:
		ask_void(v);
		return YZ_NEED_DRAW;
	case YZ_ACT_REFRESH:
		reload(v);
		return YZ_NEED_DRAW;
	default:
		return YZ_NEED_PASS;
	}
}

/* Whoever scans one number after the other need not leave each parcel first. */
static unsigned order_key(struct yz_view *v, const struct yz_keypress *k)
{
	if (!((struct order *)v->state)->finds || k->key <= ' ' || k->key >= YZ_KEY_BASE)
		return YZ_NEED_NOTHING;
	v->answer.code = 1;
	v->answer.text[yz_utf8_put(k->key, v->answer.text)] = '\0';
	return YZ_NEED_CLOSE;
}

static unsigned order_event(struct yz_view *v, enum yz_event e)
{
	const struct yz_id id = ((struct order *)v->state)->s.id;

	if (e == YZ_EVENT_STORE)
		(void)load(v, &id);
	return YZ_NEED_DRAW;
}

static void order_hint(const struct yz_view *v, char *out, size_t size)
{
	(void)yz_copy(out, size,
	        ((const struct order *)v->state)->finds
	                ? _("F6 reprints, F8 voids; a number typed or scanned finds the next.")
	                : _("F6 prints a paper again, F8 voids the parcel; each asks for the "
	                    "reason."));
}

static const struct yz_binding order_keys[] = {
        {YZ_KEY_F5, YZ_ACT_REFRESH, N_("Refresh")},
        {YZ_KEY_F6, YZ_ACT_PRINT, N_("Reprint")},
        {YZ_KEY_F8, YZ_ACT_UNDO, N_("Void")},
        {0, YZ_ACT_NONE, NULL},
};
const struct yz_keymap yz_keymap_order = {&yz_keymap_kiosk, order_keys};

const struct yz_view_ops yz_view_order = {
        .name = "order",
        .title = N_("Parcel"),
        .state_size = sizeof(struct order),
        .keymap = &yz_keymap_order,
        .open = order_open,
        .draw = order_draw,
        .act = order_act,
        .key = order_key,
        .event = order_event,
        .hint = order_hint,
};
