/* Prices by weight and destination from dated sheets: one flat CSV, a row per courier, service,
 * zone and weight range, with first and continued weight (首重/续重). Whole numbers only, and every
 * price knows its sheet and row. */
#ifndef YZ_STATION_TARIFF_H
#define YZ_STATION_TARIFF_H

#include "base/error.h"
#include "station/couriers.h"
#include "station/refdata.h"

#include <stddef.h>
#include <stdint.h>

struct yz_tariff_row {
	int line;         /* row of the file: what a price names as its row */
	char tariff[32];  /* version of the sheet, "EXAMPLE-2026-11" */
	char courier[12]; /* a code of the couriers file */
	char service[32];
	char zone[32]; /* its name, for people */
	char to[256];  /* division codes joined by ';' (a code covers all below it), or "*" for
	                  everywhere */
	char product_line[32]; /* "" for every parcel, else only parcels of this line (专线, 生鲜)
	                        */
	char no_ship[96];      /* "", or the reason why nothing goes there */
	int64_t first_g, first_fen, step_g, step_fen;
	int64_t max_g;                        /* heaviest parcel of this row */
	char valid_from[11], valid_until[11]; /* days, both included; until "" is open */
	char note[96];
};

struct yz_tariff {
	struct yz_tariff_row *rows; /* owned */
	size_t count;
};

/* Reads a sheet and adds its rows; on a fault nothing is added. The couriers must know each row's
 * courier (NULL: not checked). Errors: YZ_E_PARSE with the line. */
enum yz_status yz_tariff_add(struct yz_tariff *tariff, const struct yz_ref_source *src,
        const struct yz_couriers *couriers, struct yz_error *err);
void yz_tariff_free(struct yz_tariff *tariff);

struct yz_quote_ask {
	const char *to_code;      /* 2, 4, 6, 9 or 12 digits */
	int64_t weight_g;         /* as weighed, above 0 */
	int64_t volume_cm3;       /* 0: not measured */
	const char *product_line; /* "" or NULL: none */
	const char *date;         /* "YYYY-MM-DD" */
};

enum yz_quote_reason {
	YZ_QUOTE_OK,
	YZ_QUOTE_NO_SHIP,   /* the sheet closes this destination */
	YZ_QUOTE_NO_ZONE,   /* no row covers it */
	YZ_QUOTE_NOT_VALID, /* the sheet is not in force on that day */
	YZ_QUOTE_TOO_HEAVY,
};

struct yz_quote {
	const struct yz_courier *courier; /* borrowed */
	char service[32];
	enum yz_quote_reason reason;
	int64_t price_fen, billed_g; /* 0 unless YZ_QUOTE_OK */
	int64_t limit_g;             /* with YZ_QUOTE_TOO_HEAVY: the most it takes */
	const struct yz_tariff_row
	        *row; /* that decided; NULL with NO_ZONE and NOT_VALID. Borrowed */
};

struct yz_quotes {
	struct yz_quote *rows; /* owned; what can be sent first, cheapest first, then the others */
	size_t count;
};

/* Prices for one parcel, one quote for each courier and service that the sheets know for this
 * product line. A row counts if it is in force on the day, covers the destination and belongs to
 * every parcel or to this line. Of those the longest code wins, then the line's own, then the
 * newest sheet, then the smallest max_g that takes the weight. Charged is the greater of the weight
 * and volume / divisor; price = first + ceil((charged - first_g) / step_g) * step. Errors (field
 * "to_code", "weight_g" or "date"): YZ_E_RANGE, YZ_E_PARSE. Does not block. *out: yz_quotes_free.
 */
enum yz_status yz_tariff_quote(struct yz_quotes *out, const struct yz_tariff *tariff,
        const struct yz_couriers *couriers, const struct yz_quote_ask *ask, struct yz_error *err);
void yz_quotes_free(struct yz_quotes *quotes);

/* Why a quote is none, in the clerk's language; "" if it is one. Returns out (size bytes, cut
 * between characters). */
char *yz_quote_why(const struct yz_quote *quote, char *out, size_t size);

#endif
