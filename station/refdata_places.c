#include "config.h"

#include "station/refdata.h"

#include "base/clock.h"
#include "station/codes.h"
#include "station/refrow.h"

#include <string.h>

/* Divisions, old names and reporting units: the files about places. */

struct to_division {
	yz_division_fn *fn;
	void *arg;
};

static enum yz_status division(void *arg, struct yz_refrow *r)
{
	const struct to_division *to = arg;
	struct yz_division_row row = {.line = yz_csv_line(r->csv)};

	yz_refrow_text(r, "code", row.code, sizeof(row.code));
	yz_refrow_division(r, "code", row.code);
	yz_refrow_text(r, "name", row.name, sizeof(row.name));
	return r->st == YZ_OK ? to->fn(to->arg, &row, r->err) : r->st;
}

enum yz_status yz_divisions_read(
        const struct yz_ref_source *src, yz_division_fn *fn, void *arg, struct yz_error *err)
{
	static const char *const columns[] = {"code", "name", NULL};
	struct to_division to = {fn, arg};
	struct yz_refrow_reader reader = {columns, division, &to};

	return yz_refrow_each(src, &reader, err);
}

struct to_old {
	yz_old_division_fn *fn;
	void *arg;
};

/* A year alone is enough for an old name: the day often stands in no public text. */
static void year_or_day(struct yz_refrow *r, const char *column, char *out)
{
	const char *value = yz_csv_get(r->csv, column);

	if (strlen(value) == 4 && strspn(value, "0123456789") == 4)
		memcpy(out, value, 5);
	else
		yz_refrow_date(r, column, out, true);
}

static enum yz_status old_division(void *arg, struct yz_refrow *r)
{
	const struct to_old *to = arg;
	struct yz_old_division_row row = {.line = yz_csv_line(r->csv)};

	yz_refrow_opt(r, "code", row.code, sizeof(row.code));
	if (*row.code && yz_code_level(row.code) == YZ_LEVEL_NONE)
		(void)yz_refrow_fail(r, "code", "must be empty or 2, 4, 6, 9 or 12 digits");
	yz_refrow_text(r, "name", row.name, sizeof(row.name));
	yz_refrow_text(r, "now_code", row.now_code, sizeof(row.now_code));
	yz_refrow_division(r, "now_code", row.now_code);
	year_or_day(r, "until", row.until);
	yz_refrow_text(r, "source", row.source, sizeof(row.source));
	return r->st == YZ_OK ? to->fn(to->arg, &row, r->err) : r->st;
}

enum yz_status yz_old_divisions_read(
        const struct yz_ref_source *src, yz_old_division_fn *fn, void *arg, struct yz_error *err)
{
	static const char *const columns[] = {"code", "name", "now_code", "until", "source", NULL};
	struct to_old to = {fn, arg};
	struct yz_refrow_reader reader = {columns, old_division, &to};

	return yz_refrow_each(src, &reader, err);
}

struct to_reporting_unit {
	yz_reporting_unit_fn *fn;
	void *arg;
};

static enum yz_status reporting_unit(void *arg, struct yz_refrow *r)
{
	const struct to_reporting_unit *to = arg;
	struct yz_reporting_unit_row row = {.line = yz_csv_line(r->csv)};

	yz_refrow_text(r, "unit", row.unit, sizeof(row.unit));
	yz_refrow_text(r, "name", row.name, sizeof(row.name));
	yz_refrow_text(r, "divisions", row.divisions, sizeof(row.divisions));
	yz_refrow_divisions(r, "divisions", row.divisions, false);
	yz_refrow_date(r, "valid_from", row.valid_from, false);
	yz_refrow_date(r, "valid_until", row.valid_until, true);
	if (*row.valid_until && strcmp(row.valid_until, row.valid_from) < 0)
		(void)yz_refrow_fail(r, "valid_until", "lies before valid_from");
	yz_refrow_text(r, "source", row.source, sizeof(row.source));
	return r->st == YZ_OK ? to->fn(to->arg, &row, r->err) : r->st;
}

enum yz_status yz_reporting_units_read(
        const struct yz_ref_source *src, yz_reporting_unit_fn *fn, void *arg, struct yz_error *err)
{
	static const char *const columns[] = {
	        "unit", "name", "divisions", "valid_from", "valid_until", "source", NULL};
	struct to_reporting_unit to = {fn, arg};
	struct yz_refrow_reader reader = {columns, reporting_unit, &to};

	return yz_refrow_each(src, &reader, err);
}
