/* What is in the parcel: a word of the clerk's, or a product found by its initials. */
#include "config.h"

#include "tui/screens/booking.h"

#include "base/buf.h"
#include "store/product.h"
#include "tui/screens/screens.h"
#include "tui/words.h"

#include <string.h>

enum { INITIALS_MIN = 2 };

/* "xhj": nobody's goods are called that, it is how a product is looked for. */
static bool is_initials(const char *text)
{
	size_t n = 0;

	for (; text[n]; n++)
		if (!((text[n] | 0x20) >= 'a' && (text[n] | 0x20) <= 'z'))
			return false;
	return n >= INITIALS_MIN;
}

static void take(struct yz_booking_view *b, const struct yz_product *p)
{
	yz_booking_put(b, YZ_BF_GOODS, p->name);
	b->is_touched = b->is_begun = true;
}

static void picked(struct yz_view *v, const struct yz_answer *a)
{
	struct yz_booking_view *b = v->state;
	struct yz_product p;
	struct yz_error err = {0};

	b->is_asking = false;
	b->form.active = YZ_BF_GOODS;
	yz_entry_enter(&b->form.entries[YZ_BF_GOODS]);
	if (!a->code)
		return;
	if (yz_product_get(yz_kiosk(v)->store, &a->id, &p, &err) != YZ_OK) {
		yz_say_error(v->app, &err);
		return;
	}
	take(b, &p);
	(void)yz_form_go(&b->form, YZ_BF_PIECES);
	yz_booking_keep(b);
}

void yz_booking_goods_pick(struct yz_booking_view *b)
{
	struct yz_picker p = {_("Products"), &yz_products_source, yz_kiosk(b->view),
	        b->form.entries[YZ_BF_GOODS].text};

	b->is_asking = yz_view_push(b->view->app, &yz_view_picker, &p, picked);
}

void yz_booking_goods_left(struct yz_booking_view *b)
{
	const char *text = yz_booking_text(b, YZ_BF_GOODS);
	struct yz_product p;
	size_t n = 0, total = 0;
	struct yz_error err = {0};

	if (!is_initials(text))
		return;
	if (yz_product_find(yz_kiosk(b->view)->store, text, 0, &p, 1, &n, &total, &err) != YZ_OK)
		yz_say_error(b->view->app, &err);
	else if (total == 1)
		take(b, &p);
	else if (total > 1)
		yz_booking_goods_pick(b);
}
