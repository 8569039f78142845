#include "config.h"

#include "station/lease.h"

#include "base/buf.h"
#include "station/number.h"
#include "station/tariff.h"
#include "store/audit.h"

#include <inttypes.h>
#include <regex.h>
#include <stdio.h>
#include <string.h>

enum { STOCK_MAX = 64, HISTORY_DAYS = 90, REFUSED_MS = 3600 * 1000, DAY_MS = 86400 * 1000 };

int64_t yz_lease_size(int64_t busy_day)
{
	int64_t n = busy_day * YZ_LEASE_DAYS;

	return n < YZ_LEASE_LEAST ? YZ_LEASE_LEAST : n > YZ_LEASE_MOST ? YZ_LEASE_MOST : n;
}

bool yz_lease_is_wanted(int64_t left, int64_t busy_day)
{
	int64_t size = yz_lease_size(busy_day);

	return left < size + size * YZ_LEASE_LOW_DAYS / YZ_LEASE_DAYS;
}

bool yz_lease_is_low(int64_t left, int64_t busy_day)
{
	int64_t low = busy_day * YZ_LEASE_LOW_DAYS;

	return left < (low < YZ_LEASE_LOW_LEAST ? YZ_LEASE_LOW_LEAST : low);
}

static bool has_form(const struct yz_courier *c, const char *number)
{
	regex_t re;
	bool yes;

	if (!*c->number_format)
		return true;
	if (regcomp(&re, c->number_format, REG_EXTENDED | REG_NOSUB))
		return false;
	yes = regexec(&re, number, 0, NULL, 0) == 0;
	regfree(&re);
	return yes;
}

enum yz_status yz_lease_check(const struct yz_lease *l, const struct yz_courier *courier,
        const struct yz_pool *p, struct yz_error *err)
{
	char first[YZ_NUMBER_SIZE], last[YZ_NUMBER_SIZE];
	enum yz_status st;

	if (strcmp(p->courier, l->courier) != 0)
		return yz_fail(
		        err, YZ_E_RANGE, "numbers of %s came for %s", p->courier, l->courier);
	if (p->lo < 1 || p->hi < p->lo || p->hi - p->lo >= l->count)
		return yz_fail(err, YZ_E_RANGE,
		        "%" PRId64 "..%" PRId64 " is not 1 to %" PRId64 " numbers", p->lo, p->hi,
		        l->count);
	if (p->lo <= l->high_water)
		return yz_fail(err, YZ_E_RANGE,
		        "%" PRId64 " is not above the highest used number %" PRId64, p->lo,
		        l->high_water);
	if (p->width < 1 || p->width > 18 || strpbrk(p->suffix, "0123456789"))
		return yz_fail(
		        err, YZ_E_RANGE, "width %d or suffix %s cannot be", p->width, p->suffix);
	if ((st = yz_number_format(p, p->lo, first, err)) != YZ_OK ||
	        (st = yz_number_format(p, p->hi, last, err)) != YZ_OK)
		return st;
	if (!has_form(courier, first) || !has_form(courier, last))
		return yz_fail(
		        err, YZ_E_RANGE, "%s..%s are no numbers of %s", first, last, courier->code);
	return YZ_OK;
}

/* A courier that is booked here: its numbers come from a range and the sheets know it. */
static bool is_ours(const struct yz_courier *c, const struct yz_tariff *tariff)
{
	if (c->number_mode != YZ_NUMBERS_RANGE)
		return false;
	for (size_t i = 0; i < tariff->count; i++)
		if (!strcmp(tariff->rows[i].courier, c->code))
			return true;
	return false;
}

struct planning {
	struct yz_store *s;
	const struct yz_couriers *couriers;
	const struct yz_tariff *tariff;
	struct yz_stock stock[STOCK_MAX];
	size_t count;
};

static enum yz_status open_plan(
        struct planning *p, struct yz_store *s, struct yz_books *books, struct yz_error *err)
{
	enum yz_status st;

	p->s = s;
	if ((st = yz_books_couriers(books, &p->couriers, err)) != YZ_OK ||
	        (st = yz_books_tariff(books, &p->tariff, err)) != YZ_OK)
		return st;
	return yz_pool_stock(s, p->stock, STOCK_MAX, &p->count, err);
}

static struct yz_stock stock_of(const struct planning *p, const char *courier)
{
	struct yz_stock none = {.left = 0};

	for (size_t i = 0; i < p->count; i++)
		if (!strcmp(p->stock[i].courier, courier))
			return p->stock[i];
	return none;
}

/* Whether a request may be written: none is open, the courier is not closed, not just refused. */
static enum yz_status may_ask(const struct planning *p, const char *courier,
        const struct yz_now *now, bool *yes, struct yz_error *err)
{
	struct yz_lease last;
	enum yz_status st = yz_lease_last(p->s, courier, &last, err);
	int64_t ago;

	if (st == YZ_E_NOTFOUND)
		*yes = true;
	if (st != YZ_OK)
		return st == YZ_E_NOTFOUND ? YZ_OK : st;
	ago = now->wall_ms - last.at_ms;
	*yes = strcmp(last.what, "return") != 0 && strcmp(last.code, YZ_LEASE_RETURNED) != 0 &&
	       last.state != YZ_LEASE_OPEN &&
	       !(last.state == YZ_LEASE_REFUSED && strcmp(last.code, "restored") != 0 && ago >= 0 &&
	               ago < REFUSED_MS);
	return YZ_OK;
}

enum yz_status yz_lease_plan(struct yz_store *s, struct yz_books *books, const struct yz_now *now,
        bool *asked, struct yz_error *err)
{
	struct planning p;
	struct yz_tx *tx = NULL;
	enum yz_status st = open_plan(&p, s, books, err);

	for (size_t i = 0; st == YZ_OK && i < p.couriers->count; i++) {
		const struct yz_courier *c = &p.couriers->rows[i];
		struct yz_stock stock = stock_of(&p, c->code);
		struct yz_lease l;
		bool may = false;

		if (!is_ours(c, p.tariff) || !yz_lease_is_wanted(stock.left, stock.busy_day))
			continue;
		st = may_ask(&p, c->code, now, &may, err);
		if (st != YZ_OK || !may)
			continue;
		if (!tx)
			st = yz_tx_begin(s, now, &tx, err);
		if (st == YZ_OK)
			st = yz_lease_ask(tx, c->code, yz_lease_size(stock.busy_day), &l, err);
	}
	if (st != YZ_OK) {
		yz_tx_rollback(tx);
		return st;
	}
	*asked = tx != NULL;
	return tx ? yz_tx_commit(tx, err) : YZ_OK;
}

enum yz_status yz_lease_learn(
        struct yz_store *s, struct yz_books *books, const struct yz_now *now, struct yz_error *err)
{
	int64_t from = now->wall_ms - (int64_t)HISTORY_DAYS * DAY_MS;
	struct planning p;
	struct yz_tx *tx = NULL;
	enum yz_status st = open_plan(&p, s, books, err);

	for (size_t i = 0; st == YZ_OK && i < p.couriers->count; i++) {
		const struct yz_courier *c = &p.couriers->rows[i];
		int64_t day = 0;

		if (!is_ours(c, p.tariff))
			continue;
		st = yz_pool_busy_day(s, c->code, from, &day, err);
		if (st != YZ_OK || day == stock_of(&p, c->code).busy_day)
			continue;
		if (!tx)
			st = yz_tx_begin(s, now, &tx, err);
		if (st == YZ_OK)
			st = yz_pool_note_busy_day(tx, c->code, day, err);
	}
	if (st != YZ_OK) {
		yz_tx_rollback(tx);
		return st;
	}
	return tx ? yz_tx_commit(tx, err) : YZ_OK;
}

static enum yz_status write_down(
        struct yz_tx *tx, const char *action, const char *courier, struct yz_error *err)
{
	char ref[64];

	(void)snprintf(ref, sizeof(ref), "courier/%.40s", courier);
	return yz_audit_add(tx, NULL, action, ref, "", err);
}

enum yz_status yz_lease_give_back(struct yz_desk *desk, const struct yz_now *now,
        const char *courier, int64_t *leases, int64_t *burned, struct yz_error *err)
{
	int64_t count = 0, lost = 0;
	struct yz_tx *tx = NULL;
	enum yz_status st = yz_tx_begin(desk->store, now, &tx, err);

	if (st != YZ_OK)
		return st;
	st = yz_lease_return(tx, courier, &count, &lost, err);
	if (st == YZ_OK && !count)
		st = yz_fail_field(err, YZ_E_NOTFOUND, "courier",
		        N_("The station has no leased numbers of this courier."));
	if (st == YZ_OK)
		st = write_down(tx, "numbers.return", courier, err);
	st = yz_desk_finish(desk, tx, st, err);
	if (st == YZ_OK) {
		*leases = count;
		*burned = lost;
	}
	return st;
}

static enum yz_status busy_day_of(
        struct yz_desk *desk, const char *courier, int64_t *day, struct yz_error *err)
{
	struct yz_books *books = yz_books_new(desk->store);
	struct planning p;
	const struct yz_courier *c;
	enum yz_status st = open_plan(&p, desk->store, books, err);

	if (st == YZ_OK) {
		c = yz_couriers_find(p.couriers, courier);
		if (!c || c->number_mode != YZ_NUMBERS_RANGE)
			st = yz_fail_field(err, YZ_E_STATE, "courier",
			        N_("This courier's numbers do not come from a range."));
		else
			*day = stock_of(&p, courier).busy_day;
	}
	yz_books_free(books);
	return st;
}

enum yz_status yz_lease_request(struct yz_desk *desk, const struct yz_now *now, const char *courier,
        struct yz_lease *out, struct yz_error *err)
{
	struct yz_tx *tx = NULL;
	int64_t day = 0;
	enum yz_status st = busy_day_of(desk, courier, &day, err);

	if (st == YZ_OK)
		st = yz_tx_begin(desk->store, now, &tx, err);
	if (st != YZ_OK)
		return st;
	st = yz_lease_ask(tx, courier, yz_lease_size(day), out, err);
	if (st == YZ_OK)
		st = write_down(tx, "numbers.lease", courier, err);
	return yz_desk_finish(desk, tx, st, err);
}
