/* Sender and receiver: found by name or phone, or split from one pasted line. */
#include "config.h"

#include "tui/screens/booking.h"

#include "base/buf.h"
#include "base/text.h"
#include "station/address.h"
#include "store/contact.h"
#include "tui/screens/screens.h"
#include "tui/words.h"

#include <stdio.h>
#include <string.h>

enum { LINE_CHARS_MIN = 12, PHONE_DIGITS_MIN = 7, MATCHES_MAX = 2 };

/* The first field of a side. */
static enum yz_booking_field first_of(int side)
{
	return (enum yz_booking_field)(side * YZ_BOOKING_PARTY);
}

static void put(
        struct yz_booking_view *b, int side, enum yz_booking_field sender_field, const char *text)
{
	yz_booking_put(b, (enum yz_booking_field)(sender_field + first_of(side)), text);
}

static const char *text_of(
        const struct yz_booking_view *b, int side, enum yz_booking_field sender_field)
{
	return yz_booking_text(b, (enum yz_booking_field)(sender_field + first_of(side)));
}

static void go(struct yz_booking_view *b, enum yz_booking_field field)
{
	b->form.active = field;
	yz_entry_enter(&b->form.entries[field]);
}

/* Where the clerk goes on when a party has filled itself. */
static void go_behind(struct yz_booking_view *b, int side)
{
	enum yz_booking_field next = side == 0 ? YZ_BF_RECEIVER_NAME : YZ_BF_GOODS;

	for (int f = YZ_BF_SENDER_NAME; f <= YZ_BF_SENDER_DETAIL; f++)
		if (!text_of(b, side, (enum yz_booking_field)f)[0]) {
			next = (enum yz_booking_field)(f + side * YZ_BOOKING_PARTY);
			break;
		}
	go(b, next);
}

void yz_booking_place_set(struct yz_booking_view *b, int side, const char *code)
{
	const struct yz_divisions *d;
	char full[YZ_REGION_SIZE];
	struct yz_error err = {0};

	if (yz_books_divisions(yz_kiosk(b->view)->books, &d, &err) != YZ_OK) {
		yz_say_error(b->view->app, &err);
		return;
	}
	yz_divisions_full_name(d, code, full, sizeof(full));
	(void)yz_copy(b->sides[side].code, sizeof(b->sides[side].code), code);
	put(b, side, YZ_BF_SENDER_PLACE, full);
}

void yz_booking_party_fill(struct yz_booking_view *b, int side, const struct yz_contact *c)
{
	struct yz_booking_side *s = &b->sides[side];

	put(b, side, YZ_BF_SENDER_NAME, c->name);
	put(b, side, YZ_BF_SENDER_PHONE, c->phone);
	put(b, side, YZ_BF_SENDER_PLACE, c->region);
	put(b, side, YZ_BF_SENDER_DETAIL, c->detail);
	(void)yz_copy(s->code, sizeof(s->code), c->code);
	(void)yz_copy(s->postcode, sizeof(s->postcode), c->postcode);
	(void)yz_copy(s->company, sizeof(s->company), c->company);
	s->contact = c->id;
	go_behind(b, side);
	yz_say(b->view->app, YZ_SAY_INFO, "%s",
	        _("Filled in from the contacts: please compare with the sender's words."));
	yz_booking_reprice(b);
}

/* Finds contacts by what was typed; a single one fills the form. */
static void look_up(struct yz_booking_view *b, int side, const char *text, bool whole_name)
{
	const struct yz_contact_query q = {.text = text};
	struct yz_contact rows[MATCHES_MAX];
	size_t n = 0, total = 0;
	struct yz_error err = {0};

	if (yz_contact_find(yz_kiosk(b->view)->store, &q, rows, MATCHES_MAX, &n, &total, &err) !=
	        YZ_OK) {
		yz_say_error(b->view->app, &err);
		return;
	}
	if (total == 1 && (!whole_name || !strcmp(rows[0].name, text)))
		yz_booking_party_fill(b, side, &rows[0]);
	else if (total > 1)
		yz_say(b->view->app, YZ_SAY_INFO, _("%zu contacts fit: F4 shows them."), total);
}

/* "张三 13800000000 云南省曲靖市…": everything at once. */
static void split_line(struct yz_booking_view *b, int side)
{
	const struct yz_divisions *d;
	struct yz_address a;
	struct yz_error err = {0};
	char line[YZ_ENTRY_BYTES];

	if (yz_books_divisions(yz_kiosk(b->view)->books, &d, &err) != YZ_OK) {
		yz_say_error(b->view->app, &err);
		return;
	}
	(void)yz_copy(line, sizeof(line), text_of(b, side, YZ_BF_SENDER_NAME));
	yz_address_parse(d, line, &a);
	put(b, side, YZ_BF_SENDER_NAME, a.name);
	put(b, side, YZ_BF_SENDER_PHONE, a.phone);
	put(b, side, YZ_BF_SENDER_DETAIL, a.detail);
	put(b, side, YZ_BF_SENDER_PLACE, "");
	b->sides[side] = (struct yz_booking_side){.code = ""};
	(void)yz_copy(b->sides[side].postcode, sizeof(b->sides[side].postcode), a.postcode);
	if (a.code[0])
		yz_booking_place_set(b, side, a.code);
	go_behind(b, side);
	if (a.confidence >= 0.9)
		yz_say(b->view->app, YZ_SAY_GOOD, "%s",
		        _("The line was split: please compare name, phone and address."));
	else
		yz_say(b->view->app, YZ_SAY_WARN, "%s",
		        _("The line was split, but not surely: please look at each field."));
	yz_booking_reprice(b);
}

static size_t count_digits(const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += *s >= '0' && *s <= '9';
	return n;
}

static void name_left(struct yz_booking_view *b, int side)
{
	const char *text = text_of(b, side, YZ_BF_SENDER_NAME);
	size_t digits = count_digits(text);
	char phone[YZ_PHONE_SIZE];

	if (digits >= 4 && digits == strlen(text)) { /* a phone, or the end of one */
		(void)yz_copy(phone, sizeof(phone), text);
		if (digits >= PHONE_DIGITS_MIN) {
			put(b, side, YZ_BF_SENDER_PHONE, phone);
			put(b, side, YZ_BF_SENDER_NAME, "");
		}
		look_up(b, side, phone, false);
		return;
	}
	if (digits >= PHONE_DIGITS_MIN || yz_text_chars(text) >= LINE_CHARS_MIN) {
		split_line(b, side);
		return;
	}
	if (!text_of(b, side, YZ_BF_SENDER_PHONE)[0])
		look_up(b, side, text, true);
}

static void place_left(struct yz_booking_view *b, int side)
{
	const struct yz_divisions *d;
	struct yz_address a = {.code = ""};
	struct yz_error err = {0};
	const char *text = text_of(b, side, YZ_BF_SENDER_PLACE);

	b->sides[side].code[0] = '\0';
	if (yz_books_divisions(yz_kiosk(b->view)->books, &d, &err) != YZ_OK) {
		yz_say_error(b->view->app, &err);
		return;
	}
	yz_address_parse(d, text, &a);
	if (strlen(a.code) < 6) {
		const struct yz_division *found = yz_place_find(d, text);

		(void)yz_copy(a.code, sizeof(a.code), found ? found->code : "");
		a.detail[0] = '\0';
	}
	if (a.code[0]) {
		yz_booking_place_set(b, side, a.code);
		if (a.detail[0] && !text_of(b, side, YZ_BF_SENDER_DETAIL)[0])
			put(b, side, YZ_BF_SENDER_DETAIL, a.detail);
		yz_booking_reprice(b);
		return;
	}
	b->form.entries[YZ_BF_SENDER_PLACE + first_of(side)].fault =
	        N_("Choose the place down to the county with F4.");
	yz_say(b->view->app, YZ_SAY_WARN, "%s", _("Choose the place down to the county with F4."));
}

void yz_booking_party_left(struct yz_booking_view *b, enum yz_booking_field field)
{
	int side = field >= YZ_BF_RECEIVER_NAME;
	const char *text = yz_booking_text(b, field);

	b->sides[side].contact = (struct yz_id){{0}};
	if (!text[0])
		return;
	switch (field - first_of(side)) {
	case YZ_BF_SENDER_NAME:
		name_left(b, side);
		break;
	case YZ_BF_SENDER_PHONE:
		if (!text_of(b, side, YZ_BF_SENDER_PLACE)[0])
			look_up(b, side, text, false);
		break;
	case YZ_BF_SENDER_PLACE:
		place_left(b, side);
		break;
	default:
		break;
	}
}

static void copy_party(struct yz_booking_view *b, int side)
{
	const struct yz_party *p = side ? &b->last.receiver : &b->last.sender;
	struct yz_contact c = {.id = p->contact};
	size_t n = 0;

	if (side && !yz_id_is_none(&b->sides[0].contact) &&
	        yz_contact_receivers(
	                yz_kiosk(b->view)->store, &b->sides[0].contact, &c, 1, &n, NULL) == YZ_OK &&
	        n) {
		yz_booking_party_fill(b, side, &c);
		return;
	}
	c = (struct yz_contact){.id = p->contact};
	(void)yz_copy(c.name, sizeof(c.name), p->name);
	(void)yz_copy(c.phone, sizeof(c.phone), p->phone);
	(void)yz_copy(c.company, sizeof(c.company), p->company);
	(void)yz_copy(c.code, sizeof(c.code), p->code);
	(void)yz_copy(c.region, sizeof(c.region), p->region);
	(void)yz_copy(c.detail, sizeof(c.detail), p->detail);
	(void)yz_copy(c.postcode, sizeof(c.postcode), p->postcode);
	yz_booking_party_fill(b, side, &c);
}

bool yz_booking_copy(void *owner, size_t index)
{
	struct yz_booking_view *b = owner;

	if (yz_id_is_none(&b->last.id))
		return false;
	b->is_touched = b->is_begun = true;
	switch (index) {
	case YZ_BF_SENDER_NAME:
	case YZ_BF_RECEIVER_NAME:
		copy_party(b, index == YZ_BF_RECEIVER_NAME);
		return true;
	case YZ_BF_GOODS:
		yz_booking_put(b, YZ_BF_GOODS, b->last.lines[0].name);
		return true;
	case YZ_BF_REMARK:
		yz_booking_put(b, YZ_BF_REMARK, b->last.remark);
		return true;
	default:
		return false;
	}
}
