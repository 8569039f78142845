/* Booking a parcel: the screen the house exists for. Fields and looks are in booking_fields.c,
 * people in booking_party.c, drafts in booking_data.c. */
#include "config.h"

#include "tui/screens/booking.h"

#include "base/buf.h"
#include "station/money.h"
#include "station/register.h"
#include "store/contact.h"
#include "tui/ask.h"
#include "tui/screens/alarm.h"
#include "tui/screens/screens.h"
#include "tui/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DRAFT_IDLE_MS = 2000, READ_AHEAD_MS = 300 };

const struct yz_offer *yz_booking_offer(const struct yz_booking_view *b)
{
	char digit = yz_booking_text(b, YZ_BF_COURIER)[0];
	size_t i = digit >= '1' ? (size_t)(digit - '1') : YZ_OFFERS_MAX;

	return i < b->offer_count && i < YZ_BOOKING_OFFERS_SHOWN ? &b->offers[i] : NULL;
}

bool yz_booking_is_paid_here(const struct yz_booking_view *b)
{
	return yz_booking_text(b, YZ_BF_PAYER)[0] == '1';
}

/* The courier chosen stays chosen when the prices change their order. */
void yz_booking_reprice(struct yz_booking_view *b)
{
	struct yz_kiosk *k = yz_kiosk(b->view);
	const struct yz_offer *chosen = yz_booking_offer(b);
	char courier[YZ_SHORT_SIZE] = "";
	struct yz_error err = {0};

	if (chosen)
		(void)yz_copy(courier, sizeof(courier), chosen->courier);
	b->offer_count = 0;
	if (strlen(b->sides[1].code) >= 6 && b->weight.grams > 0 &&
	        yz_booking_offers(&k->desk, k->books, &b->view->app->now, b->sides[1].code,
	                b->weight.grams, b->offers, &b->offer_count, &err) != YZ_OK)
		yz_say_error(b->view->app, &err);
	if (!courier[0])
		return;
	yz_booking_put(b, YZ_BF_COURIER, "");
	for (size_t i = 0; i < b->offer_count && i < YZ_BOOKING_OFFERS_SHOWN; i++) {
		const char digit[2] = {(char)('1' + i), '\0'};

		if (b->offers[i].can_book && !strcmp(b->offers[i].courier, courier))
			yz_booking_put(b, YZ_BF_COURIER, digit);
	}
}

static void courier_left(struct yz_booking_view *b)
{
	const struct yz_offer *o = yz_booking_offer(b);

	if (o && o->can_book)
		return;
	if (o)
		yz_say(b->view->app, YZ_SAY_WARN, "%s: %s", o->name, o->why_not);
	else
		yz_say(b->view->app, YZ_SAY_WARN, "%s", _("No courier has this digit."));
	yz_booking_put(b, YZ_BF_COURIER, "");
}

static void field_left(void *owner, size_t index)
{
	struct yz_booking_view *b = owner;
	const char *text = b->form.entries[index].text;

	switch (index) {
	case YZ_BF_WEIGHT:
		if (yz_weight_parse(text, YZ_WEIGHT_KG, &b->weight, NULL) != YZ_OK)
			b->weight.grams = 0;
		yz_booking_reprice(b);
		break;
	case YZ_BF_GOODS:
		yz_booking_goods_left(b);
		break;
	case YZ_BF_COURIER:
		courier_left(b);
		break;
	case YZ_BF_PAYER:
		b->form.entries[YZ_BF_METHOD].is_off = !yz_booking_is_paid_here(b);
		break;
	default:
		if (index <= YZ_BF_RECEIVER_DETAIL)
			yz_booking_party_left(b, (enum yz_booking_field)index);
		break;
	}
	b->is_touched = true;
	yz_booking_keep(b);
}

/* A refused parcel to be booked anew. */
static bool take_old(struct yz_booking_view *b, const struct yz_booking_arg *a)
{
	struct yz_view *v = b->view;
	struct yz_error err = {0};

	if (yz_shipment_get(yz_kiosk(v)->store, &a->replaces, &b->old, &err) != YZ_OK) {
		yz_say_error(v->app, &err);
		return false;
	}
	if (b->old.state != YZ_SHIPMENT_BOOKED) {
		yz_say(v->app, YZ_SAY_WARN, "%s",
		        _("Only a parcel that is booked and not handed over can be voided."));
		return false;
	}
	b->replaces = a->replaces;
	yz_register_draft("rebook", &b->replaces, b->draft);
	(void)snprintf(v->title, sizeof(v->title), _("Book anew in place of %s"),
	        b->old.waybill_no[0] ? b->old.waybill_no : b->old.station_no);
	return true;
}

static bool booking_open(struct yz_view *v, const void *arg)
{
	struct yz_booking_view *b = v->state;
	const struct yz_booking_arg *a = arg;

	b->view = v;
	(void)yz_copy(b->draft, sizeof(b->draft), "booking");
	yz_form_init(&b->form, yz_booking_specs, YZ_BF_COUNT, &v->app->message, b);
	if (yz_alarm_is_readonly(v->app) || (a && !take_old(b, a)))
		return false;
	b->form.left = field_left;
	b->form.copy = yz_booking_copy;
	yz_booking_reset(b);
	v->due_ms = v->app->now.mono_ms + READ_AHEAD_MS;
	if (yz_booking_restore(b)) {
		b->is_begun = true;
		b->form.entries[YZ_BF_METHOD].is_off = !yz_booking_is_paid_here(b);
		yz_say(v->app, YZ_SAY_INFO, "%s",
		        _("Here is your unfinished form again. F8 starts anew."));
		if (a) /* not kept in drafts */
			yz_booking_put(b, YZ_BF_ID_TAIL, b->old.id_last4);
	} else if (a) {
		yz_booking_fill(b);
	}
	if (a)
		yz_form_blame(&b->form, a->field, N_("The platform refused what stands here."));
	return true;
}

/* What is to be done with the money of the parcel that is void now. */
static void say_replaced(struct yz_booking_view *b, const struct yz_shipment *s)
{
	int64_t was = !strcmp(b->old.payer, "sender") ? b->old.total_fen : 0,
	        is = !strcmp(s->payer, "sender") ? s->total_fen : 0;
	char fen[YZ_MONEY_TEXT_SIZE];
	const char *number = s->waybill_no[0] ? s->waybill_no : s->station_no;

	(void)yz_money_text(is > was ? is - was : was - is, fen);
	if (is == was)
		yz_say(b->view->app, YZ_SAY_GOOD,
		        _("Booked anew: %s. The money stays; put the new label over the old one."),
		        number);
	else
		yz_say(b->view->app, YZ_SAY_GOOD,
		        is > was ? _("Booked anew: %s. Collect %s yuan more; put the new label "
		                     "over.")
		                 : _("Booked anew: %s. Give back %s yuan; put the new label over."),
		        number, fen);
	b->is_touched = false;
	b->view->answer.code = 1;
	yz_kiosk_refresh(b->view->app);
}

static void saved(struct yz_booking_view *b, const struct yz_shipment *s)
{
	char total[YZ_MONEY_TEXT_SIZE], text[sizeof(b->saved) / 2];
	bool provisional = !s->waybill_no[0], is_paid_here = !strcmp(s->payer, "sender");
	const char *number = provisional ? s->station_no : s->waybill_no;

	yz_booking_reset(b);
	yz_kiosk_refresh(b->view->app);
	(void)yz_money_text(s->total_fen, total);
	if (is_paid_here)
		(void)snprintf(text, sizeof(text),
		        provisional ? _("Saved. Station number %s: collect %s yuan.")
		                    : _("Saved. Waybill %s: collect %s yuan."),
		        number, total);
	else
		(void)snprintf(text, sizeof(text),
		        provisional ? _("Saved. Station number %s: nothing to collect.")
		                    : _("Saved. Waybill %s: nothing to collect."),
		        number);
	(void)snprintf(b->saved, sizeof(b->saved), "%s %s", text,
	        yz_kiosk(b->view)->is_paper_stuck ? _("The papers wait for the printer.")
	                                          : _("The papers are printed."));
	yz_say(b->view->app, YZ_SAY_GOOD, "%s", b->saved);
}

/* One transaction; what is shown as saved is on the disk. */
static unsigned save(struct yz_booking_view *b)
{
	struct yz_kiosk *k = yz_kiosk(b->view);
	struct yz_booking *booking;
	struct yz_shipment *s;
	struct yz_error err = {0};
	bool is_anew = !yz_id_is_none(&b->replaces), is_saved;

	yz_form_settle(&b->form);
	if (b->is_asking || !yz_form_check(&b->form))
		return YZ_NEED_DRAW;
	booking = yz_alloc(sizeof(*booking));
	s = yz_alloc(sizeof(*s));
	yz_booking_build(b, booking);
	yz_kiosk_draft_settle(b->view->app); /* saving drops the draft: none may follow */
	is_saved =
	        yz_booking_save(&k->desk, k->books, &b->view->app->now, booking, s, &err) == YZ_OK;
	if (!is_saved)
		yz_form_fault(&b->form, &err);
	else if (is_anew)
		say_replaced(b, s);
	else
		saved(b, s);
	free(s);
	free(booking);
	return is_saved && is_anew ? YZ_NEED_CLOSE : YZ_NEED_DRAW;
}

static void restart_answered(struct yz_view *v, const struct yz_answer *a)
{
	struct yz_booking_view *b = v->state;

	if (!a->code)
		return;
	yz_booking_forget(b);
	yz_booking_reset(b);
	if (!yz_id_is_none(&b->replaces))
		yz_booking_fill(b);
}

static void contact_picked(struct yz_view *v, const struct yz_answer *a)
{
	struct yz_booking_view *b = v->state;
	struct yz_contact c;

	if (!yz_contact_picked(v, a, &c))
		return;
	yz_booking_party_fill(b, b->asking, &c);
	b->is_touched = b->is_begun = true;
	yz_booking_keep(b);
}

static void place_picked(struct yz_view *v, const struct yz_answer *a)
{
	struct yz_booking_view *b = v->state;

	if (!a->code)
		return;
	yz_booking_place_set(b, b->asking, a->text);
	b->form.entries[YZ_BF_SENDER_PLACE + b->asking * YZ_BOOKING_PARTY].fault = NULL;
	b->form.active = YZ_BF_SENDER_DETAIL + (size_t)b->asking * YZ_BOOKING_PARTY;
	yz_entry_enter(&b->form.entries[b->form.active]);
	yz_booking_reprice(b);
	b->is_touched = b->is_begun = true;
	yz_booking_keep(b);
}

static enum yz_status offers_page(void *owner, const char *filter, size_t offset, size_t limit,
        struct yz_list_page *page, struct yz_error *err)
{
	const struct yz_booking_view *b = owner;
	char price[YZ_MONEY_TEXT_SIZE];

	(void)filter;
	(void)err;
	for (size_t i = offset; i < b->offer_count && page->count < limit; i++) {
		struct yz_list_row *r = &page->rows[page->count++];
		const struct yz_offer *o = &b->offers[i];

		(void)yz_copy(r->key, sizeof(r->key), o->courier);
		r->look = o->can_book ? YZ_LOOK_NORMAL : YZ_LOOK_DIM;
		yz_list_cell(r, 0, o->name);
		yz_list_cell(r, 1, o->service);
		yz_list_cell(r, 2, o->can_book ? yz_money_text(o->price_fen, price) : "");
		yz_list_cell(r, 3, o->why_not);
	}
	page->total = b->offer_count;
	return YZ_OK;
}

static const struct yz_list_column offer_columns[] = {{N_("Courier"), 18, false},
        {N_("Service"), 10, false}, {N_("Price"), 8, true}, {N_("Why not now"), 0, false}};
static const struct yz_list_source offers_source = {
        "offers", offer_columns, 4, offers_page, true, NULL};

static void courier_picked(struct yz_view *v, const struct yz_answer *a)
{
	struct yz_booking_view *b = v->state;

	for (size_t i = 0; a->code && i < b->offer_count && i < YZ_BOOKING_OFFERS_SHOWN; i++) {
		const char digit[2] = {(char)('1' + i), '\0'};

		if (strcmp(b->offers[i].courier, a->text) != 0)
			continue;
		yz_booking_put(b, YZ_BF_COURIER, digit);
		(void)yz_form_go(&b->form, YZ_BF_PAYER);
		b->is_touched = b->is_begun = true;
		yz_booking_keep(b);
	}
}

static void pick(struct yz_booking_view *b)
{
	struct yz_view *v = b->view;
	size_t field = b->form.active;
	int side = field >= YZ_BF_RECEIVER_NAME;
	struct yz_picker p = {
	        _("Contacts"), &yz_contacts_source, yz_kiosk(v), b->form.entries[field].text};
	struct yz_place_arg place = {"", ""};
	char county[7];

	b->asking = side;
	if (field == YZ_BF_COURIER) {
		p = (struct yz_picker){_("Couriers and prices"), &offers_source, b, ""};
		(void)yz_view_push(v->app, &yz_view_picker, &p, courier_picked);
		return;
	}
	if (field == YZ_BF_GOODS) {
		yz_booking_goods_pick(b);
		return;
	}
	switch (field - (size_t)(side * YZ_BOOKING_PARTY)) {
	case YZ_BF_SENDER_NAME:
	case YZ_BF_SENDER_PHONE:
		(void)yz_view_push(v->app, &yz_view_picker, &p, contact_picked);
		break;
	case YZ_BF_SENDER_PLACE: /* senders live around the station, receivers anywhere */
		(void)yz_copy(county, sizeof(county), yz_kiosk(v)->desk.station.code);
		if (!b->sides[side].code[0] && p.filter[0])
			place.filter = p.filter;
		else if (!side)
			place.code = county;
		(void)yz_view_push(v->app, &yz_view_divisions, &place, place_picked);
		break;
	default:
		yz_say(v->app, YZ_SAY_INFO, "%s", _("There is no list for this field."));
		break;
	}
}

static unsigned booking_act(struct yz_view *v, enum yz_action a)
{
	struct yz_booking_view *b = v->state;
	struct yz_question q = {0};

	switch (a) {
	case YZ_ACT_SAVE:
		return save(b);
	case YZ_ACT_PICK:
		pick(b);
		return YZ_NEED_DRAW;
	case YZ_ACT_REFRESH:
		yz_booking_reprice(b);
		return YZ_NEED_DRAW;
	case YZ_ACT_UNDO:
		q.text = _("Start anew?\nWhat is in the form is thrown away.");
		if (b->is_begun)
			(void)yz_view_push(v->app, &yz_view_ask, &q, restart_answered);
		else
			yz_say(v->app, YZ_SAY_INFO, "%s", _("The form is empty already."));
		return YZ_NEED_DRAW;
	default:
		return yz_form_act(&b->form, a);
	}
}

static unsigned booking_key(struct yz_view *v, const struct yz_keypress *k)
{
	struct yz_booking_view *b = v->state;
	unsigned need = yz_form_key(&b->form, k);

	if (b->form.entries[b->form.active].is_changed) {
		b->is_touched = b->is_begun = true;
		v->due_ms = v->app->now.mono_ms + DRAFT_IDLE_MS;
	}
	return need;
}

static unsigned booking_event(struct yz_view *v, enum yz_event e)
{
	struct yz_booking_view *b = v->state;
	const struct yz_divisions *d;

	if (e == YZ_EVENT_TIMER || e == YZ_EVENT_LEAVE)
		yz_booking_keep(b);
	if (e == YZ_EVENT_TIMER) /* read while nobody types; a failure is told when they are needed
	                          */
		(void)yz_books_divisions(yz_kiosk(v)->books, &d, NULL);
	if (e == YZ_EVENT_STORE && b->offer_count > 0)
		yz_booking_reprice(b); /* the line or the numbers may have changed */
	return e == YZ_EVENT_TIMER ? YZ_NEED_NOTHING : YZ_NEED_DRAW;
}

static void booking_hint(const struct yz_view *v, char *out, size_t size)
{
	const struct yz_booking_view *b = v->state;
	bool is_choosing = b->form.active == YZ_BF_COURIER && !b->form.entries[YZ_BF_COURIER].fault;

	if (yz_kiosk(v)->is_disk_full)
		(void)yz_copy(out, size,
		        _("The disk is nearly full: take no parcel and no money; call the owner."));
	else if (b->saved[0] && !b->is_begun)
		(void)yz_copy(out, size, b->saved);
	else if (!is_choosing || !yz_booking_reasons(b, out, size))
		yz_form_hint(&b->form, out, size);
}

static void booking_close(struct yz_view *v)
{
	struct yz_booking_view *b = v->state;

	yz_booking_keep(b);
	yz_form_fini(&b->form);
}

static const struct yz_binding booking_keys[] = {
        {YZ_KEY_F2, YZ_ACT_SAVE, N_("Save+print")},
        {YZ_KEY_F4, YZ_ACT_PICK, N_("Choose")},
        {YZ_KEY_F5, YZ_ACT_REFRESH, N_("Reprice")},
        {YZ_KEY_F7, YZ_ACT_COPY, N_("As last")},
        {YZ_KEY_F8, YZ_ACT_UNDO, N_("Anew")},
        {0, YZ_ACT_NONE, NULL},
};
const struct yz_keymap yz_keymap_booking = {&yz_keymap_form, booking_keys};

const struct yz_view_ops yz_view_booking = {
        .name = "booking",
        .title = N_("Book a parcel"),
        .state_size = sizeof(struct yz_booking_view),
        .keymap = &yz_keymap_booking,
        .open = booking_open,
        .draw = yz_booking_draw,
        .act = booking_act,
        .key = booking_key,
        .event = booking_event,
        .hint = booking_hint,
        .close = booking_close,
};
