#include "config.h"

#include "station/tariff.h"

#include "base/buf.h"
#include "base/clock.h"
#include "station/codes.h"
#include "station/units.h"

#include <assert.h>
#include <libintl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define _(s) gettext(s)

/* Digits of the longest code in `to` that covers the destination; 0 for "*", -1 if none does. */
static int covers(const char *to, const char *code)
{
	int best = -1;

	if (!strcmp(to, "*"))
		return 0;
	for (;;) {
		size_t len = strcspn(to, ";");

		if (!strncmp(to, code, len) && (int)len > best)
			best = (int)len;
		to += len;
		if (!*to++)
			return best;
	}
}

static bool in_force(const struct yz_tariff_row *row, const char *date)
{
	return strcmp(row->valid_from, date) <= 0 &&
	       (!*row->valid_until || strcmp(date, row->valid_until) <= 0);
}

static bool of_line(const struct yz_tariff_row *row, const char *line)
{
	return !*row->product_line || !strcmp(row->product_line, line);
}

/* The order that yz_tariff_quote promises: above 0 if a decides before b. Weight ranges come last.
 */
static int ranks(const struct yz_tariff_row *a, const struct yz_tariff_row *b,
        const struct yz_quote_ask *ask, int64_t charged_g)
{
	int by = covers(a->to, ask->to_code) - covers(b->to, ask->to_code);
	bool a_fits = charged_g <= a->max_g, b_fits = charged_g <= b->max_g;

	if (!by)
		by = (*a->product_line != '\0') - (*b->product_line != '\0');
	if (!by)
		by = strcmp(a->valid_from, b->valid_from);
	if (!by)
		by = (*a->no_ship != '\0') - (*b->no_ship != '\0');
	if (!by)
		by = a_fits - b_fits;
	if (!by && a->max_g != b->max_g)
		by = (a->max_g < b->max_g) == a_fits ? 1 : -1;
	return by;
}

/* What is charged for: the weight, or the room the parcel takes if that is more. */
static int64_t charged(const struct yz_courier *courier, const struct yz_quote_ask *ask)
{
	int64_t divisor = courier->volumetric_divisor, room_g;

	if (!divisor || ask->volume_cm3 <= 0)
		return ask->weight_g;
	room_g = (ask->volume_cm3 * 1000 + divisor - 1) / divisor;
	return room_g > ask->weight_g ? room_g : ask->weight_g;
}

static void price(struct yz_quote *q, int64_t charged_g)
{
	const struct yz_tariff_row *row = q->row;
	int64_t over_g = charged_g - row->first_g;
	int64_t steps = over_g > 0 ? (over_g + row->step_g - 1) / row->step_g : 0;

	q->billed_g = row->first_g + steps * row->step_g;
	q->price_fen = row->first_fen + steps * row->step_fen;
}

/* Finds the row that decides for a courier's service, and what it says. */
static void decide(
        struct yz_quote *q, const struct yz_tariff *tariff, const struct yz_quote_ask *ask)
{
	int64_t charged_g = charged(q->courier, ask);
	bool any_in_force = false;

	for (size_t i = 0; i < tariff->count; i++) {
		const struct yz_tariff_row *row = &tariff->rows[i];

		if (strcmp(row->courier, q->courier->code) != 0 ||
		        strcmp(row->service, q->service) != 0 || !of_line(row, ask->product_line) ||
		        !in_force(row, ask->date))
			continue;
		any_in_force = true;
		if (covers(row->to, ask->to_code) >= 0 &&
		        (!q->row || ranks(row, q->row, ask, charged_g) > 0))
			q->row = row;
	}
	if (!q->row) {
		q->reason = any_in_force ? YZ_QUOTE_NO_ZONE : YZ_QUOTE_NOT_VALID;
		return;
	}
	q->limit_g =
	        q->row->max_g < q->courier->max_weight_g ? q->row->max_g : q->courier->max_weight_g;
	if (*q->row->no_ship)
		q->reason = YZ_QUOTE_NO_SHIP;
	else if (charged_g > q->row->max_g || ask->weight_g > q->courier->max_weight_g)
		q->reason = YZ_QUOTE_TOO_HEAVY;
	else
		price(q, charged_g);
}

static int by_price(const void *a, const void *b)
{
	const struct yz_quote *x = a, *y = b;
	bool x_ok = x->reason == YZ_QUOTE_OK, y_ok = y->reason == YZ_QUOTE_OK;

	if (x_ok != y_ok)
		return x_ok ? -1 : 1;
	if (x->price_fen != y->price_fen)
		return x->price_fen < y->price_fen ? -1 : 1;
	if (x->courier->sort != y->courier->sort)
		return x->courier->sort < y->courier->sort ? -1 : 1;
	return strcmp(x->service, y->service);
}

static bool is_listed(const struct yz_quotes *quotes, const struct yz_tariff_row *row)
{
	for (size_t i = 0; i < quotes->count; i++)
		if (!strcmp(quotes->rows[i].courier->code, row->courier) &&
		        !strcmp(quotes->rows[i].service, row->service))
			return true;
	return false;
}

static enum yz_status check(const struct yz_quote_ask *ask, struct yz_error *err)
{
	enum { VOLUME_MAX_CM3 = 100000000 };
	int64_t ms;

	if (yz_code_level(ask->to_code) == YZ_LEVEL_NONE)
		return yz_fail_field(err, YZ_E_PARSE, "to_code",
		        N_("A division code has 2, 4, 6, 9 or 12 digits."));
	if (ask->weight_g <= 0 || ask->weight_g > YZ_WEIGHT_MAX_G)
		return yz_fail_field(err, YZ_E_RANGE, "weight_g",
		        N_("The weight must be above 0 and at most 1000 tons."));
	if (ask->volume_cm3 < 0 || ask->volume_cm3 > VOLUME_MAX_CM3)
		return yz_fail_field(
		        err, YZ_E_RANGE, "volume_cm3", N_("The volume is out of range."));
	if (!ask->date || strlen(ask->date) != 10 || !yz_clock_parse(ask->date, &ms))
		return yz_fail_field(
		        err, YZ_E_PARSE, "date", N_("A day is written as 2026-11-24."));
	return YZ_OK;
}

enum yz_status yz_tariff_quote(struct yz_quotes *out, const struct yz_tariff *tariff,
        const struct yz_couriers *couriers, const struct yz_quote_ask *ask, struct yz_error *err)
{
	struct yz_quotes found = {NULL, 0};
	struct yz_quote_ask a = *ask;
	enum yz_status st;

	if (!a.product_line)
		a.product_line = "";
	if ((st = check(&a, err)) != YZ_OK)
		return st;
	for (size_t i = 0; i < tariff->count; i++) {
		const struct yz_tariff_row *row = &tariff->rows[i];
		struct yz_quote q = {.courier = yz_couriers_find(couriers, row->courier)};

		if (!q.courier || !of_line(row, a.product_line) || is_listed(&found, row))
			continue;
		(void)yz_copy(q.service, sizeof(q.service), row->service);
		decide(&q, tariff, &a);
		found.rows = yz_realloc(found.rows, (found.count + 1) * sizeof(q));
		found.rows[found.count++] = q;
	}
	if (found.count)
		qsort(found.rows, found.count, sizeof(*found.rows), by_price);
	*out = found;
	return YZ_OK;
}

void yz_quotes_free(struct yz_quotes *quotes)
{
	free(quotes->rows);
	quotes->rows = NULL;
	quotes->count = 0;
}

char *yz_quote_why(const struct yz_quote *quote, char *out, size_t size)
{
	char text[256] = "", kg[YZ_WEIGHT_TEXT_SIZE];

	switch (quote->reason) {
	case YZ_QUOTE_OK:
		break;
	case YZ_QUOTE_NO_SHIP:
		(void)snprintf(text, sizeof(text), _("Nothing can be sent there: %s"),
		        quote->row->no_ship);
		break;
	case YZ_QUOTE_NO_ZONE:
		(void)snprintf(text, sizeof(text),
		        _("The tariff of %s has no price for this destination."),
		        quote->courier->name);
		break;
	case YZ_QUOTE_NOT_VALID:
		(void)snprintf(text, sizeof(text), _("No tariff of %s is in force on this day."),
		        quote->courier->name);
		break;
	case YZ_QUOTE_TOO_HEAVY:
		(void)snprintf(text, sizeof(text), _("Too heavy: %s takes at most %s kg."),
		        quote->courier->name, yz_weight_kg(quote->limit_g, kg));
		break;
	}
	(void)yz_copy(out, size, text);
	return out;
}
