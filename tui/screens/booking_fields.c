/* The fields of the booking form and how the screen looks. */
#include "config.h"

#include "tui/screens/booking.h"

#include "base/buf.h"
#include "base/text.h"
#include "station/money.h"
#include "tui/screens/checks.h"
#include "tui/words.h"

#include <stdio.h>
#include <string.h>

static const char *const id_types[] = {N_("ID card"), N_("passport"), N_("other"), NULL};
static const char *const payers[] = {N_("prepaid"), N_("collect"), N_("monthly"), NULL};
static const char *const methods[] = {N_("cash"), N_("WeChat"), N_("Alipay"), NULL};

#define WHO_HINT N_("Name, phone, or a whole pasted line. F4 contacts, F7 the last one.")
#define PLACE_HINT N_("Type the place (such as Xuanwei) or F4, down to the county at least.")
#define DETAIL_HINT N_("Village, street, house number.")
#define TICK_HINT N_("Blank, once it was really done. Without all three nothing is printed.")

/* NOLINTBEGIN(bugprone-macro-parentheses): literals are joined and msgids must stand bare */
#define PARTY(who, title, r)                                                                   \
	{.name = who ".name",                                                                  \
	        .label = title,                                                                \
	        .hint = WHO_HINT,                                                              \
	        .kind = YZ_ENTRY_TEXT,                                                         \
	        .flags = YZ_ENTRY_REQUIRED | YZ_ENTRY_LINES,                                   \
	        .row = (r),                                                                    \
	        .col = 2,                                                                      \
	        .cols = 32},                                                                   \
	        {.name = who ".phone",                                                         \
	                .label = N_("Phone"),                                                  \
	                .hint = N_("11 digits, or a landline with its area code. A known one " \
	                           "fills the rest."),                                         \
	                .kind = YZ_ENTRY_PHONE,                                                \
	                .flags = YZ_ENTRY_REQUIRED,                                            \
	                .row = (r),                                                            \
	                .col = 48,                                                             \
	                .cols = 18,                                                            \
	                .max_chars = 22,                                                       \
	                .check = yz_entry_check_phone},                                        \
	        {.name = who ".code",                                                          \
	                .label = N_("Place"),                                                  \
	                .hint = PLACE_HINT,                                                    \
	                .kind = YZ_ENTRY_TEXT,                                                 \
	                .flags = YZ_ENTRY_REQUIRED,                                            \
	                .row = (r) + 1,                                                        \
	                .col = 2,                                                              \
	                .cols = 60,                                                            \
	                .max_chars = 60},                                                      \
	{                                                                                      \
		.name = who ".detail", .label = N_("Address"), .hint = DETAIL_HINT,            \
		.kind = YZ_ENTRY_TEXT,                                                         \
		.flags = YZ_ENTRY_REQUIRED | YZ_ENTRY_LINES | YZ_ENTRY_APPEND, .row = (r) + 2, \
		.col = 2, .cols = 60, .max_chars = 80                                          \
	}

#define TICK(field, title, c)                                                            \
	{                                                                                \
		.name = field, .label = title, .hint = TICK_HINT, .kind = YZ_ENTRY_TICK, \
		.flags = YZ_ENTRY_NO_DRAFT, .row = 17, .col = (c), .cols = 3             \
	}
/* NOLINTEND(bugprone-macro-parentheses) */

const struct yz_entry_spec yz_booking_specs[YZ_BF_COUNT] = {
        PARTY("sender", N_("Sender"), 0),
        PARTY("receiver", N_("Receiver"), 3),
        {.name = "lines.0.name",
                .label = N_("Goods"),
                .hint = N_(
                        "What is in the parcel, or the initials of a product; F4 lists products."),
                .flags = YZ_ENTRY_REQUIRED,
                .row = 6,
                .col = 2,
                .cols = 32,
                .max_chars = 40},
        {.name = "pieces",
                .label = N_("Pieces"),
                .hint = N_("Parcels under this one number."),
                .kind = YZ_ENTRY_NUMBER,
                .flags = YZ_ENTRY_REQUIRED,
                .row = 6,
                .col = 48,
                .cols = 4,
                .max_chars = 4},
        {.name = "weight_g",
                .label = N_("Weight"),
                .hint = N_(
                        "12 jin, 6kg, 800g; a bare number is kilograms. The other unit is shown."),
                .kind = YZ_ENTRY_MASS,
                .flags = YZ_ENTRY_REQUIRED,
                .row = 7,
                .col = 2,
                .cols = 10,
                .max_chars = 16,
                .check = yz_entry_check_weight},
        {.name = "insured_fen",
                .label = N_("Insured"),
                .hint = N_("Declared value in yuan; empty: not insured."),
                .kind = YZ_ENTRY_MONEY,
                .row = 7,
                .col = 48,
                .cols = 10,
                .max_chars = 20,
                .check = yz_entry_check_money},
        {.name = "id_type",
                .label = N_("Paper seen"),
                .hint = N_("The sender's paper that you look at."),
                .kind = YZ_ENTRY_CHOICE,
                .row = 8,
                .col = 2,
                .cols = 32,
                .choices = id_types},
        {.name = "id_last4",
                .label = N_("Last four"),
                .hint = N_("The last four places of its number; the whole number is not kept."),
                .kind = YZ_ENTRY_CODE,
                .flags = YZ_ENTRY_REQUIRED | YZ_ENTRY_NO_DRAFT,
                .row = 8,
                .col = 48,
                .cols = 4,
                .max_chars = 4},
        {.name = "courier",
                .label = N_("Courier"),
                .hint = N_("The digit of a courier above, or F4 for the list with its reasons."),
                .kind = YZ_ENTRY_CHOICE,
                .flags = YZ_ENTRY_REQUIRED,
                .row = 13,
                .col = 2,
                .cols = 2},
        {.name = "payer",
                .label = N_("Paid by"),
                .hint = N_("Who pays the freight."),
                .kind = YZ_ENTRY_CHOICE,
                .row = 14,
                .col = 2,
                .cols = 34,
                .choices = payers},
        {.name = "method",
                .label = N_("Payment"),
                .hint = N_("How it is paid now."),
                .kind = YZ_ENTRY_CHOICE,
                .row = 15,
                .col = 2,
                .cols = 34,
                .choices = methods},
        {.name = "packing_fen",
                .label = N_("Packing"),
                .hint = N_("Box and tape, in yuan; 2+1.5 is added up."),
                .kind = YZ_ENTRY_MONEY,
                .row = 14,
                .col = 48,
                .cols = 10,
                .max_chars = 20,
                .check = yz_entry_check_money},
        {.name = "insurance_fen",
                .label = N_("Ins. fee"),
                .hint = N_("The courier's fee for the insured value, in yuan."),
                .kind = YZ_ENTRY_MONEY,
                .row = 15,
                .col = 48,
                .cols = 10,
                .max_chars = 20,
                .check = yz_entry_check_money},
        {.name = "remark",
                .label = N_("Remark"),
                .hint = N_("A wish to the courier; it is printed on the waybill."),
                .row = 16,
                .col = 2,
                .cols = 60,
                .max_chars = 60},
        TICK("identity_seen", N_("ID seen"), 2),
        TICK("inspected", N_("Opened"), 26),
        TICK("terms_read", N_("Terms read"), 50),
};

enum { OFFERS_ACROSS = 3, OFFER_COLS = 26, OFFER_ROWS = 3 };

static int draw_bookable(const struct yz_booking_view *b, struct yz_canvas *c)
{
	char text[YZ_NAME_SIZE + 32], price[YZ_MONEY_TEXT_SIZE];
	int n = 0;

	for (; n < (int)b->offer_count && n < YZ_BOOKING_OFFERS_SHOWN && b->offers[n].can_book;
	        n++) {
		const struct yz_offer *o = &b->offers[n];
		int col = 2 + n % OFFERS_ACROSS * OFFER_COLS;

		(void)snprintf(text, sizeof(text), "%d %s %s%s", n + 1, o->name,
		        yz_money_text(o->price_fen, price), o->provisional ? "*" : "");
		(void)yz_canvas_text(
		        c, n / OFFERS_ACROSS, col, OFFER_COLS - 1, YZ_LOOK_NORMAL, text);
	}
	return n;
}

/* "EMS, China Post: no numbers are left"; false if an offer before had the same reason. */
static bool reason_text(const struct yz_booking_view *b, size_t first, size_t i, struct yz_buf *out)
{
	const char *why = b->offers[i].why_not;
	size_t len = strlen(why);

	for (size_t k = first; k < i; k++)
		if (!strcmp(b->offers[k].why_not, why))
			return false;
	for (size_t k = i; k < b->offer_count; k++)
		if (!strcmp(b->offers[k].why_not, why))
			yz_buf_printf(out, "%s%s", k == i ? "" : ", ", b->offers[k].name);
	if (len && why[len - 1] == '.')
		len--;
	yz_buf_printf(out, ": %.*s", (int)len, why);
	return true;
}

static size_t bookable_count(const struct yz_booking_view *b)
{
	size_t n = 0;

	while (n < b->offer_count && b->offers[n].can_book)
		n++;
	return n;
}

bool yz_booking_reasons(const struct yz_booking_view *b, char *out, size_t size)
{
	struct yz_buf all = YZ_BUF_INIT;
	size_t first = bookable_count(b);

	for (size_t i = first; i < b->offer_count; i++) {
		struct yz_buf one = YZ_BUF_INIT;

		if (reason_text(b, first, i, &one))
			yz_buf_printf(&all, "%s%s", all.len ? "; " : "", yz_buf_str(&one));
		yz_buf_free(&one);
	}
	(void)yz_copy(out, size, yz_buf_str(&all));
	yz_buf_free(&all);
	return *out != '\0';
}

/* Those that cannot be had now: a row for each reason, first in what is left of the last row of
 * prices, and the last row takes all that is left. The hint of the courier's field has them whole.
 */
static void draw_others(const struct yz_booking_view *b, struct yz_canvas *c, int first)
{
	int row = first / OFFERS_ACROSS, col = 2 + first % OFFERS_ACROSS * OFFER_COLS;
	struct yz_buf text = YZ_BUF_INIT;

	for (size_t i = (size_t)first; i < b->offer_count; i++) {
		struct yz_buf one = YZ_BUF_INIT;

		if (reason_text(b, (size_t)first, i, &one)) {
			if (text.len && row < OFFER_ROWS - 1) {
				(void)yz_canvas_text(
				        c, row++, col, -1, YZ_LOOK_DIM, yz_buf_str(&text));
				yz_buf_free(&text);
				col = 2;
			}
			yz_buf_printf(&text, "%s%s", text.len ? "; " : "", yz_buf_str(&one));
		}
		yz_buf_free(&one);
	}
	if (text.len)
		(void)yz_canvas_text(c, row, col, -1, YZ_LOOK_DIM, yz_buf_str(&text));
	yz_buf_free(&text);
}

static void draw_offers(const struct yz_booking_view *b, struct yz_canvas *c)
{
	struct yz_canvas rows = yz_canvas_part(c, YZ_BOOKING_OFFERS_ROW, 0, OFFER_ROWS, c->cols);

	yz_canvas_heading(
	        c, YZ_BOOKING_OFFERS_ROW - 1, _("Couriers and prices (* number comes online)"));
	if (b->offer_count)
		draw_others(b, &rows, draw_bookable(b, &rows));
	else
		(void)yz_canvas_text(&rows, 0, 4, -1, YZ_LOOK_NORMAL,
		        _("Prices appear when the receiver's place and the weight are filled in."));
}

static int64_t fen_of(const struct yz_booking_view *b, enum yz_booking_field field)
{
	int64_t fen = 0;

	return yz_money_parse(yz_booking_text(b, field), &fen, NULL) == YZ_OK ? fen : 0;
}

static void draw_total(const struct yz_booking_view *b, struct yz_canvas *c)
{
	const struct yz_offer *o = yz_booking_offer(b);
	char freight[YZ_MONEY_TEXT_SIZE], total[YZ_MONEY_TEXT_SIZE], line[256];

	if (!o)
		return;
	(void)snprintf(line, sizeof(line),
	        yz_booking_is_paid_here(b) ? _("%s %s   freight %s   total %s yuan")
	                                   : _("%s %s   freight %s   total %s yuan, not paid here"),
	        o->name, o->service, yz_money_text(o->price_fen, freight),
	        yz_money_text(o->price_fen + fen_of(b, YZ_BF_PACKING) + fen_of(b, YZ_BF_INSURANCE),
	                total));
	(void)yz_canvas_text(c, 13, 20, -1, YZ_LOOK_GOOD, line);
}

void yz_booking_draw(const struct yz_view *v, struct yz_canvas *c)
{
	const struct yz_booking_view *b = v->state;
	char both[YZ_WEIGHT_TEXT_SIZE];

	draw_offers(b, c);
	draw_total(b, c);
	if (b->weight.grams > 0)
		(void)yz_canvas_text(c, 7, 25, 23, YZ_LOOK_GOOD, yz_weight_both(&b->weight, both));
	yz_form_draw(&b->form, c);
}
