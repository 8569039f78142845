/* All parcels, newest first; found by number, name, phone or initials. */
#include "config.h"

#include "base/buf.h"
#include "station/money.h"
#include "store/outbox.h"
#include "store/print_job.h"
#include "store/shipment.h"
#include "tui/screens/kiosk.h"
#include "tui/screens/screens.h"
#include "tui/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The one word that matters most: void, refused, a print that needs somebody, else where its
 * operation stands. */
static const char *state_of(const struct yz_shipment_brief *b, enum yz_look *look)
{
	static const char *const ops[] = {
#define X(id, say) say,
	        YZ_OP_STATES(X)
#undef X
	};

	*look = YZ_LOOK_NORMAL;
	if (b->state == YZ_SHIPMENT_VOID) {
		*look = YZ_LOOK_DIM;
		return _("void");
	}
	if (b->op_state == YZ_OP_DEAD) {
		*look = YZ_LOOK_WARN;
		return _("!refused");
	}
	if (b->print_state == YZ_PRINT_FAILED || b->print_state == YZ_PRINT_ASK) {
		*look = YZ_LOOK_WARN;
		return _("!print");
	}
	if (b->state == YZ_SHIPMENT_HANDED_OVER)
		return _("handed over");
	return b->op_state >= 0 && b->op_state < YZ_OP_STATE_COUNT ? _(ops[b->op_state]) : "";
}

static enum yz_status orders_page(void *owner, const char *filter, size_t offset, size_t limit,
        struct yz_list_page *page, struct yz_error *err)
{
	struct yz_app *app = owner;
	struct yz_kiosk *k = app->kiosk;
	struct yz_shipment_brief *rows = yz_alloc(limit * sizeof(*rows));
	size_t n = 0, total = 0;
	enum yz_status st =
	        yz_shipment_find(k->store, filter, offset, rows, limit, &n, &total, err);

	if (st != YZ_OK)
		goto done;
	for (size_t i = 0; i < n; i++) {
		struct yz_list_row *r = &page->rows[i];
		char text[64];

		r->id = rows[i].id;
		yz_list_cell(r, 0, rows[i].waybill_no[0] ? rows[i].waybill_no : rows[i].station_no);
		yz_courier_name(app, rows[i].courier, text, sizeof(text));
		yz_list_cell(r, 1, text);
		yz_list_cell(r, 2, rows[i].goods);
		yz_list_cell(r, 3, rows[i].receiver);
		yz_list_cell(r, 4, rows[i].receiver_region);
		yz_list_cell(r, 5, yz_money_text(rows[i].total_fen, text));
		yz_list_cell(r, 6, state_of(&rows[i], &r->look));
	}
	page->count = n;
	page->total = total;
done:
	free(rows);
	return st;
}

static const struct yz_list_column columns[] = {
        {N_("Number"), 15, false},
        {N_("Courier"), 8, false},
        {N_("Goods"), 10, false},
        {N_("Receiver"), 8, false},
        {N_("Place"), 0, false},
        {N_("Amount"), 8, true},
        {N_("State"), 8, false},
};
static const struct yz_list_source source = {"orders", columns, 7, orders_page, false, NULL};

static bool orders_open(struct yz_view *v, const void *arg)
{
	(void)arg;
	yz_list_init(v->state, &source, v->app, v->app);
	return true;
}

static void orders_draw(const struct yz_view *v, struct yz_canvas *c)
{
	yz_list_draw(v->state, c);
}

static void order_closed(struct yz_view *v, const struct yz_answer *a)
{
	if (a->code)
		yz_list_search(v->state, a->text);
}

/* Leaves the field empty for the next number scanned. */
static void find_none(struct yz_view *v)
{
	struct yz_list *l = v->state;

	yz_say(v->app, YZ_SAY_WARN, _("No parcel fits %s."), l->filter);
	v->app->is_beep = true;
	yz_list_search(l, "");
}

static unsigned orders_act(struct yz_view *v, enum yz_action a)
{
	struct yz_list *l = v->state;
	const struct yz_list_row *row = yz_list_row(l);
	struct yz_order_arg arg = {
	        .then = a == YZ_ACT_PRINT || a == YZ_ACT_UNDO ? a : YZ_ACT_NONE, .finds = true};

	switch (a) {
	case YZ_ACT_OPEN:
	case YZ_ACT_PRINT:
	case YZ_ACT_UNDO:
		if (row) {
			arg.id = row->id;
			(void)yz_view_push(v->app, &yz_view_order, &arg, order_closed);
		} else if (l->filter[0]) {
			find_none(v);
		}
		return YZ_NEED_DRAW;
	case YZ_ACT_QUERY:
		yz_list_search(l, "");
		return YZ_NEED_DRAW;
	default:
		return yz_list_act(l, a);
	}
}

static unsigned orders_key(struct yz_view *v, const struct yz_keypress *k)
{
	return yz_list_key(v->state, k);
}

static unsigned orders_event(struct yz_view *v, enum yz_event e)
{
	if (e != YZ_EVENT_LEAVE)
		yz_list_refresh(v->state);
	return YZ_NEED_DRAW;
}

static void orders_hint(const struct yz_view *v, char *out, size_t size)
{
	(void)v;
	(void)yz_copy(
	        out, size, _("Type to find: number, name, phone or initials. Enter shows one."));
}

static void orders_position(const struct yz_view *v, char *out, size_t size)
{
	yz_list_position(v->state, out, size);
}

static void orders_close(struct yz_view *v)
{
	yz_list_fini(v->state);
}

static const struct yz_binding orders_keys[] = {
        {YZ_KEY_F3, YZ_ACT_QUERY, N_("Find")},
        {YZ_KEY_F5, YZ_ACT_REFRESH, N_("Refresh")},
        {YZ_KEY_F6, YZ_ACT_PRINT, N_("Reprint")},
        {YZ_KEY_F8, YZ_ACT_UNDO, N_("Void")},
        {0, YZ_ACT_NONE, NULL},
};
const struct yz_keymap yz_keymap_orders = {&yz_keymap_list, orders_keys};

const struct yz_view_ops yz_view_orders = {
        .name = "orders",
        .title = N_("Orders"),
        .state_size = sizeof(struct yz_list),
        .keymap = &yz_keymap_orders,
        .open = orders_open,
        .draw = orders_draw,
        .act = orders_act,
        .key = orders_key,
        .event = orders_event,
        .hint = orders_hint,
        .position = orders_position,
        .close = orders_close,
};
