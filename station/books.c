#include "config.h"

#include "station/books.h"

#include "base/buf.h"
#include "station/couriers.h"
#include "station/divisions.h"
#include "station/tariff.h"
#include "station/units.h"
#include "store/reference.h"

#include <stdlib.h>
#include <string.h>

struct yz_books {
	struct yz_store *store;
	struct yz_divisions *divisions;
	struct yz_couriers couriers;
	struct yz_tariff tariff;
	struct yz_units units;
	bool have_couriers, have_tariff, have_units;
	int64_t tariff_mark; /* of the sheets that were read */
};

struct yz_books *yz_books_new(struct yz_store *s)
{
	struct yz_books *b = yz_alloc(sizeof(*b));

	b->store = s;
	return b;
}

void yz_books_free(struct yz_books *b)
{
	if (!b)
		return;
	yz_divisions_free(b->divisions);
	yz_couriers_free(&b->couriers);
	yz_tariff_free(&b->tariff);
	yz_units_free(&b->units);
	free(b);
}

/* A book's text in a buffer that its reader may change; say names the import that is missing. */
static enum yz_status text_of(struct yz_books *b, const char *kind, struct yz_buf *text,
        const char *say, struct yz_error *err)
{
	struct yz_reference ref;
	enum yz_status st = yz_reference_get(b->store, kind, NULL, text, &ref, err);

	if (st == YZ_E_NOTFOUND)
		return yz_fail_field(err, YZ_E_NOTFOUND, kind, say);
	return st;
}

enum yz_status yz_books_divisions(
        struct yz_books *b, const struct yz_divisions **out, struct yz_error *err)
{
	struct yz_buf text = YZ_BUF_INIT, old = YZ_BUF_INIT;
	struct yz_reference ref;
	enum yz_status st = YZ_OK;

	if (!b->divisions) {
		st = text_of(b, "divisions", &text,
		        N_("The places are missing: run yizhanctl import divisions divisions.csv."),
		        err);
		if (st == YZ_OK && yz_reference_get(b->store, "divisions-old", NULL, &old, &ref,
		                           NULL) != YZ_OK)
			yz_buf_free(&old); /* old names are a help, not a must */
		if (st == YZ_OK)
			st = yz_divisions_build(&b->divisions, &text, &old, err);
	}
	yz_buf_free(&text);
	yz_buf_free(&old);
	if (st == YZ_OK)
		*out = b->divisions;
	return st;
}

enum yz_status yz_books_couriers(
        struct yz_books *b, const struct yz_couriers **out, struct yz_error *err)
{
	struct yz_buf text = YZ_BUF_INIT;
	enum yz_status st = YZ_OK;

	if (!b->have_couriers) {
		st = text_of(b, "couriers", &text,
		        N_("The couriers are missing: run yizhanctl import couriers couriers.csv."),
		        err);
		if (st == YZ_OK) {
			struct yz_ref_source src = {text.data, "couriers", NULL};

			st = yz_couriers_load(&b->couriers, &src, err);
			b->have_couriers = st == YZ_OK;
		}
	}
	yz_buf_free(&text);
	if (st == YZ_OK)
		*out = &b->couriers;
	return st;
}

enum yz_status yz_books_units(struct yz_books *b, const struct yz_units **out, struct yz_error *err)
{
	struct yz_buf text = YZ_BUF_INIT;
	enum yz_status st = YZ_OK;

	if (!b->have_units) {
		st = text_of(b, "units", &text,
		        N_("The units are missing: run yizhanctl import units units.csv."), err);
		if (st == YZ_OK) {
			struct yz_ref_source src = {text.data, "units", NULL};

			st = yz_units_load(&b->units, &src, err);
			b->have_units = st == YZ_OK;
		}
	}
	yz_buf_free(&text);
	if (st == YZ_OK)
		*out = &b->units;
	return st;
}

/* All sheets ever imported count: the quote takes the row that is in force on its day. */
static enum yz_status read_sheets(struct yz_books *b, struct yz_error *err)
{
	enum { SHEETS_MAX = 100 };
	struct yz_reference *refs = yz_alloc(SHEETS_MAX * sizeof(*refs));
	size_t n = 0, sheets = 0;
	enum yz_status st = yz_reference_list(b->store, refs, SHEETS_MAX, &n, err);

	for (size_t i = 0; st == YZ_OK && i < n; i++) {
		struct yz_buf text = YZ_BUF_INIT;
		struct yz_ref_source src = {NULL, refs[i].name, NULL};

		if (strcmp(refs[i].kind, "tariff") != 0)
			continue;
		st = yz_reference_get(b->store, "tariff", refs[i].name, &text, &refs[i], err);
		src.text = text.data;
		if (st == YZ_OK)
			st = yz_tariff_add(&b->tariff, &src, NULL, err);
		sheets++;
		yz_buf_free(&text);
	}
	free(refs);
	if (st == YZ_OK && !sheets)
		st = yz_fail_field(err, YZ_E_NOTFOUND, "tariff",
		        N_("The prices are missing: run yizhanctl import tariff FILE."));
	b->have_tariff = st == YZ_OK;
	return st;
}

enum yz_status yz_books_tariff(
        struct yz_books *b, const struct yz_tariff **out, struct yz_error *err)
{
	int64_t mark = 0;
	enum yz_status st = yz_reference_mark(b->store, "tariff", &mark, err);

	/* new sheets come from the platform while a kiosk runs for days */
	if (st == YZ_OK && (!b->have_tariff || b->tariff_mark != mark)) {
		yz_tariff_free(&b->tariff);
		b->have_tariff = false;
		st = read_sheets(b, err);
		b->tariff_mark = mark;
	}
	if (st == YZ_OK)
		*out = &b->tariff;
	return st;
}
