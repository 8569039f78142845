#include "config.h"

#include "station/booking.h"

#include "base/buf.h"
#include "station/couriers.h"
#include "station/skew.h"
#include "station/tariff.h"
#include "store/pool.h"

#include <libintl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NO_NUMBERS N_("No waybill numbers are left.")
#define OFFLINE N_("The line is down, and its numbers come online.")
#define NO_PRICE N_("This courier cannot take the parcel; its reason stands in the list.")

static void refuse(struct yz_offer *o, const char *say)
{
	o->can_book = false;
	o->why_say = say;
	(void)yz_copy(o->why_not, sizeof(o->why_not), gettext(say));
}

static void fill(struct yz_offer *o, const struct yz_quote *q, bool chinese)
{
	memset(o, 0, sizeof(*o));
	(void)yz_copy(o->courier, sizeof(o->courier), q->courier->code);
	(void)yz_copy(o->service, sizeof(o->service), q->service);
	(void)yz_copy(o->name, sizeof(o->name), chinese ? q->courier->name : q->courier->name_en);
	o->price_fen = q->price_fen;
	o->billed_g = q->billed_g;
	if (q->row) {
		(void)yz_copy(o->tariff, sizeof(o->tariff), q->row->tariff);
		o->row = q->row->line;
	}
	o->can_book = q->reason == YZ_QUOTE_OK;
	if (!o->can_book) {
		o->why_say = NO_PRICE;
		(void)yz_quote_why(q, o->why_not, sizeof(o->why_not));
	}
}

/* Whether there is a number for it now. */
static enum yz_status number_state(struct yz_desk *desk, const struct yz_courier *c, bool online,
        struct yz_offer *o, struct yz_error *err)
{
	int64_t left = 0;
	enum yz_status st;

	switch (c->number_mode) {
	case YZ_NUMBERS_RANGE:
		if ((st = yz_pool_left(desk->store, c->code, &left, err)) != YZ_OK)
			return st;
		if (!left)
			refuse(o, NO_NUMBERS);
		break;
	case YZ_NUMBERS_ONLINE:
		o->provisional = true;
		if (!online)
			refuse(o, OFFLINE);
		break;
	case YZ_NUMBERS_NONE:
		o->provisional = true;
		break;
	}
	return YZ_OK;
}

static int by_price(const void *a, const void *b)
{
	const struct yz_offer *x = a, *y = b;

	if (x->can_book != y->can_book)
		return x->can_book ? -1 : 1;
	if (x->can_book && x->price_fen != y->price_fen)
		return x->price_fen < y->price_fen ? -1 : 1;
	return strcmp(x->courier, y->courier);
}

/* One offer for a courier: its cheapest service that can be had. */
static size_t keep_best(struct yz_offer *rows, size_t n, const struct yz_offer *o)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(rows[i].courier, o->courier) != 0)
			continue;
		if (o->can_book && (!rows[i].can_book || o->price_fen < rows[i].price_fen))
			rows[i] = *o;
		return n;
	}
	if (n < YZ_OFFERS_MAX)
		rows[n++] = *o;
	return n;
}

enum yz_status yz_booking_offers(struct yz_desk *desk, struct yz_books *books,
        const struct yz_now *now, const char *to_code, int64_t weight_g, struct yz_offer *rows,
        size_t *n, struct yz_error *err)
{
	const struct yz_couriers *couriers;
	const struct yz_tariff *tariff;
	struct yz_quotes quotes = {0};
	char date[16], link[YZ_SHORT_SIZE] = "";
	struct yz_quote_ask ask = {
	        .to_code = to_code, .weight_g = weight_g, .product_line = "", .date = date};
	bool chinese = strcmp(gettext("yuan"), "yuan") != 0;
	int64_t day_ms = now->wall_ms;
	size_t count = 0;
	enum yz_status st;

	if ((st = yz_skew_business(desk->store, now, &day_ms, err)) != YZ_OK)
		return st;
	yz_clock_date(day_ms, date, sizeof(date));
	if ((st = yz_books_couriers(books, &couriers, err)) != YZ_OK ||
	        (st = yz_books_tariff(books, &tariff, err)) != YZ_OK ||
	        (st = yz_meta_get(desk->store, "link.state", link, sizeof(link), err)) != YZ_OK ||
	        (st = yz_tariff_quote(&quotes, tariff, couriers, &ask, err)) != YZ_OK)
		return st;
	for (size_t i = 0; i < quotes.count && st == YZ_OK; i++) {
		struct yz_offer o;

		fill(&o, &quotes.rows[i], chinese);
		if (o.can_book)
			st = number_state(
			        desk, quotes.rows[i].courier, !strcmp(link, "online"), &o, err);
		count = keep_best(rows, count, &o);
	}
	yz_quotes_free(&quotes);
	if (st != YZ_OK)
		return st;
	qsort(rows, count, sizeof(*rows), by_price);
	*n = count;
	return YZ_OK;
}
