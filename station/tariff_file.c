#include "config.h"

#include "station/tariff.h"

#include "base/buf.h"
#include "station/refrow.h"

#include <stdlib.h>
#include <string.h>

/* Reading of tariff sheets; the prices are made in tariff.c. */

static const char *const columns[] = {"tariff", "courier", "service", "zone", "to", "product_line",
        "no_ship", "first_g", "first_fen", "step_g", "step_fen", "max_g", "valid_from",
        "valid_until", "note", NULL};

struct loading {
	struct yz_tariff read;
	const struct yz_couriers *couriers;
};

static int64_t needed(struct yz_refrow *r, const char *column, int64_t min, int64_t max)
{
	return yz_refrow_int(r, column, (struct yz_refrow_range){min, max, YZ_REFROW_NEEDED});
}

static void take_price(struct yz_refrow *r, struct yz_tariff_row *row)
{
	enum { WEIGHT_MAX_G = 100000000, PRICE_MAX_FEN = 100000000 };

	yz_refrow_opt(r, "no_ship", row->no_ship, sizeof(row->no_ship));
	if (*row->no_ship)
		return;
	row->first_g = needed(r, "first_g", 1, WEIGHT_MAX_G);
	row->first_fen = needed(r, "first_fen", 0, PRICE_MAX_FEN);
	row->step_g = needed(r, "step_g", 1, WEIGHT_MAX_G);
	row->step_fen = needed(r, "step_fen", 0, PRICE_MAX_FEN);
	row->max_g = needed(r, "max_g", 1, WEIGHT_MAX_G);
	if (row->max_g < row->first_g)
		(void)yz_refrow_fail(r, "max_g", "is less than first_g");
}

static void take_days(struct yz_refrow *r, struct yz_tariff_row *row)
{
	yz_refrow_date(r, "valid_from", row->valid_from, false);
	yz_refrow_date(r, "valid_until", row->valid_until, true);
	if (*row->valid_until && strcmp(row->valid_until, row->valid_from) < 0)
		(void)yz_refrow_fail(r, "valid_until", "lies before valid_from");
}

static enum yz_status tariff_row(void *arg, struct yz_refrow *r)
{
	struct loading *to = arg;
	struct yz_tariff_row row = {.line = yz_csv_line(r->csv)};

	yz_refrow_text(r, "tariff", row.tariff, sizeof(row.tariff));
	yz_refrow_text(r, "courier", row.courier, sizeof(row.courier));
	if (to->couriers && !yz_couriers_find(to->couriers, row.courier))
		(void)yz_refrow_fail(r, "courier", "the couriers do not list this code");
	yz_refrow_text(r, "service", row.service, sizeof(row.service));
	yz_refrow_text(r, "zone", row.zone, sizeof(row.zone));
	yz_refrow_text(r, "to", row.to, sizeof(row.to));
	yz_refrow_divisions(r, "to", row.to, true);
	yz_refrow_opt(r, "product_line", row.product_line, sizeof(row.product_line));
	take_price(r, &row);
	take_days(r, &row);
	yz_refrow_opt(r, "note", row.note, sizeof(row.note));
	if (r->st != YZ_OK)
		return r->st;
	to->read.rows = yz_realloc(to->read.rows, (to->read.count + 1) * sizeof(row));
	to->read.rows[to->read.count++] = row;
	return YZ_OK;
}

enum yz_status yz_tariff_add(struct yz_tariff *tariff, const struct yz_ref_source *src,
        const struct yz_couriers *couriers, struct yz_error *err)
{
	struct loading l = {{NULL, 0}, couriers};
	struct yz_refrow_reader reader = {columns, tariff_row, &l};
	enum yz_status st = yz_refrow_each(src, &reader, err);

	if (st == YZ_OK && l.read.count) {
		size_t count = tariff->count + l.read.count;

		tariff->rows = yz_realloc(tariff->rows, count * sizeof(*tariff->rows));
		memcpy(tariff->rows + tariff->count, l.read.rows,
		        l.read.count * sizeof(*tariff->rows));
		tariff->count = count;
	}
	yz_tariff_free(&l.read);
	return st;
}

void yz_tariff_free(struct yz_tariff *tariff)
{
	free(tariff->rows);
	tariff->rows = NULL;
	tariff->count = 0;
}
