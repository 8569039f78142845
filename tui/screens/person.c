#include "config.h"

#include "tui/screens/person.h"

#include "base/buf.h"
#include "base/text.h"
#include "station/address.h"
#include "tui/words.h"

#include <stdio.h>
#include <string.h>

enum { NAME_CHARS_MAX = 40, PHONE_DIGITS_MIN = 7 };

static size_t count_digits(const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += *s >= '0' && *s <= '9';
	return n;
}

/* A whole line with a phone in it passes: it is split when the field is left. */
enum yz_status yz_person_check_name(
        const char *typed, char *normal, size_t size, struct yz_error *err)
{
	size_t n = yz_text_chars(typed);

	if (count_digits(typed) < PHONE_DIGITS_MIN && (n < 2 || n > NAME_CHARS_MAX))
		return yz_fail_field(
		        err, YZ_E_RANGE, "name", N_("The name needs 2 to 40 characters."));
	(void)yz_copy(normal, size, typed);
	return YZ_OK;
}

enum yz_status yz_person_check_postcode(
        const char *typed, char *normal, size_t size, struct yz_error *err)
{
	if (strlen(typed) != 6 || strspn(typed, "0123456789") != 6)
		return yz_fail_field(err, YZ_E_RANGE, "postcode",
		        N_("A postcode has 6 digits, or leave it empty."));
	(void)yz_copy(normal, size, typed);
	return YZ_OK;
}

static const char *text_of(const struct yz_record *r, enum yz_person_field field)
{
	return r->form.entries[field].text;
}

static void put(struct yz_record *r, enum yz_person_field field, const char *text)
{
	yz_entry_set(&r->form.entries[field], text);
}

static void go_to_empty(struct yz_record *r)
{
	size_t i = YZ_PF_NAME;

	while (i < YZ_PF_DETAIL && (text_of(r, (enum yz_person_field)i)[0] || i == YZ_PF_COMPANY))
		i++;
	yz_record_go(r, i);
}

/* Somebody new with a name and phone that the book has is the same person. */
static void look_up(struct yz_record *r)
{
	struct yz_contact c;

	if (!yz_id_is_none(&r->id) || !text_of(r, YZ_PF_NAME)[0] || !text_of(r, YZ_PF_PHONE)[0] ||
	        text_of(r, YZ_PF_PLACE)[0])
		return;
	if (yz_contact_same(yz_kiosk(r->view)->store, text_of(r, YZ_PF_NAME),
	            text_of(r, YZ_PF_PHONE), &c, NULL) == YZ_OK)
		yz_record_adopt(r, &c.id);
}

/* "张三 13800000000 云南省曲靖市…": everything at once. Fields that the line says nothing of keep
 * what they had. */
static void split_line(struct yz_record *r)
{
	const struct yz_divisions *d;
	struct yz_address a;
	struct yz_error err = {0};
	char line[YZ_ENTRY_BYTES];

	if (yz_books_divisions(yz_kiosk(r->view)->books, &d, &err) != YZ_OK) {
		yz_say_error(r->view->app, &err);
		return;
	}
	(void)yz_copy(line, sizeof(line), text_of(r, YZ_PF_NAME));
	yz_address_parse(d, line, &a);
	put(r, YZ_PF_NAME, a.name);
	if (a.phone[0])
		put(r, YZ_PF_PHONE, a.phone);
	look_up(r); /* before the place: what the line says of it is newer than the book */
	if (a.detail[0])
		put(r, YZ_PF_DETAIL, a.detail);
	if (a.postcode[0])
		put(r, YZ_PF_POSTCODE, a.postcode);
	if (a.code[0]) {
		yz_record_place_set(r, YZ_PF_PLACE, a.code);
		if (r->kind->placed)
			r->kind->placed(r, YZ_PF_PLACE);
	}
	go_to_empty(r);
	if (a.confidence >= 0.9)
		yz_say(r->view->app, YZ_SAY_GOOD, "%s",
		        _("The line was split: please compare name, phone and address."));
	else
		yz_say(r->view->app, YZ_SAY_WARN, "%s",
		        _("The line was split, but not surely: please look at each field."));
}

void yz_person_left(struct yz_record *r, size_t index)
{
	char rest[YZ_ENTRY_BYTES] = "";

	switch (index) {
	case YZ_PF_NAME:
		if (count_digits(text_of(r, YZ_PF_NAME)) >= PHONE_DIGITS_MIN)
			split_line(r);
		break;
	case YZ_PF_PHONE:
		look_up(r);
		break;
	case YZ_PF_PLACE:
		yz_record_place_left(r, index, false, rest);
		if (rest[0] && !text_of(r, YZ_PF_DETAIL)[0])
			put(r, YZ_PF_DETAIL, rest);
		break;
	default:
		break;
	}
}

bool yz_person_pick(struct yz_record *r, size_t index)
{
	char county[7];

	if (index != YZ_PF_PLACE)
		return false;
	(void)yz_copy(county, sizeof(county), yz_kiosk(r->view)->desk.station.code);
	yz_record_place_pick(r, index, county);
	return true;
}

void yz_person_fill(struct yz_record *r, const struct yz_contact *c)
{
	put(r, YZ_PF_NAME, c->name);
	put(r, YZ_PF_PHONE, c->phone);
	put(r, YZ_PF_COMPANY, c->company);
	yz_record_code_set(r, YZ_PF_PLACE, c->code, c->region);
	put(r, YZ_PF_DETAIL, c->detail);
	put(r, YZ_PF_POSTCODE, c->postcode);
}

void yz_person_build(const struct yz_record *r, struct yz_contact *c)
{
	c->id = r->id;
	(void)yz_copy(c->name, sizeof(c->name), text_of(r, YZ_PF_NAME));
	(void)yz_copy(c->phone, sizeof(c->phone), text_of(r, YZ_PF_PHONE));
	(void)yz_copy(c->company, sizeof(c->company), text_of(r, YZ_PF_COMPANY));
	(void)yz_copy(c->code, sizeof(c->code), yz_record_code(r, YZ_PF_PLACE));
	(void)yz_copy(c->region, sizeof(c->region), text_of(r, YZ_PF_PLACE));
	(void)yz_copy(c->detail, sizeof(c->detail), text_of(r, YZ_PF_DETAIL));
	(void)yz_copy(c->postcode, sizeof(c->postcode), text_of(r, YZ_PF_POSTCODE));
}
