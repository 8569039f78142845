/* Contacts as a source for the picker: by part of name, initials or phone. Phones are masked: the
 * list is seen from the other side of the counter too. */
#include "config.h"

#include "base/buf.h"
#include "station/mask.h"
#include "store/contact.h"
#include "tui/screens/kiosk.h"
#include "tui/screens/screens.h"
#include "tui/words.h"

#include <stdlib.h>

static enum yz_status find(const struct yz_kiosk *k, const struct yz_contact_query *q, size_t limit,
        struct yz_list_page *page, struct yz_error *err)
{
	struct yz_contact *rows = yz_alloc(limit * sizeof(*rows));
	size_t n = 0, total = 0;
	enum yz_status st = yz_contact_find(k->store, q, rows, limit, &n, &total, err);

	if (st != YZ_OK)
		goto done;
	for (size_t i = 0; i < n; i++) {
		struct yz_list_row *r = &page->rows[i];
		char phone[YZ_PHONE_SIZE * 4];

		r->id = rows[i].id;
		yz_mask_phone(rows[i].phone, phone, sizeof(phone));
		yz_list_cell(r, 0, rows[i].name);
		yz_list_cell(r, 1, phone);
		yz_list_cell(r, 2, rows[i].is_farmer ? _("farmer") : "");
		yz_list_cell(r, 3, rows[i].region);
	}
	page->count = n;
	page->total = total;
done:
	free(rows);
	return st;
}

static enum yz_status contacts_page(void *owner, const char *filter, size_t offset, size_t limit,
        struct yz_list_page *page, struct yz_error *err)
{
	const struct yz_contact_query q = {.text = filter, .skip = offset};

	return find(owner, &q, limit, page, err);
}

static enum yz_status farmers_page(void *owner, const char *filter, size_t offset, size_t limit,
        struct yz_list_page *page, struct yz_error *err)
{
	const struct yz_contact_query q = {.text = filter, .farmers_only = true, .skip = offset};

	return find(owner, &q, limit, page, err);
}

static const struct yz_list_column columns[] = {
        {N_("Name"), 14, false},
        {N_("Phone"), 16, false},
        {"", 6, false},
        {N_("Place"), 0, false},
};
const struct yz_list_source yz_contacts_source = {
        "contacts", columns, 4, contacts_page, false, NULL};
const struct yz_list_source yz_farmers_source = {"farmers", columns, 4, farmers_page, false, NULL};

bool yz_contact_picked(struct yz_view *v, const struct yz_answer *a, struct yz_contact *out)
{
	struct yz_error err = {0};

	if (!a->code)
		return false;
	if (yz_contact_get(yz_kiosk(v)->store, &a->id, out, &err) == YZ_OK)
		return true;
	yz_say_error(v->app, &err);
	return false;
}
