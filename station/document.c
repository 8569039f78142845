#include "config.h"

#include "station/document.h"

#include "base/buf.h"
#include "station/codes.h"
#include "station/couriers.h"
#include "station/tariff.h"

#include <string.h>

/* The readers give each row to a callback; here the rows are only counted. */
#define COUNTER(name, type)                                                                 \
	static enum yz_status name(void *arg, const struct type *row, struct yz_error *err) \
	{                                                                                   \
		size_t *n = arg;                                                            \
                                                                                            \
		(void)row;                                                                  \
		(void)err;                                                                  \
		(*n)++;                                                                     \
		return YZ_OK;                                                               \
	}
COUNTER(count_old, yz_old_division_row)
COUNTER(count_reporting, yz_reporting_unit_row)
COUNTER(count_unit, yz_unit_row)
COUNTER(count_prohibited, yz_prohibited_row)
#undef COUNTER

/* Loading the codes also finds repeated and orphaned ones, which reading row by row cannot. */
static enum yz_status check_divisions(
        const struct yz_ref_source *src, size_t *rows, char *name, struct yz_error *err)
{
	struct yz_codes *codes = NULL;
	enum yz_status st = yz_codes_load(&codes, src->text, src->name, err);

	(void)name;
	if (st == YZ_OK)
		*rows = yz_codes_count(codes);
	yz_codes_free(codes);
	return st;
}

static enum yz_status check_old(
        const struct yz_ref_source *src, size_t *rows, char *name, struct yz_error *err)
{
	(void)name;
	return yz_old_divisions_read(src, count_old, rows, err);
}

static enum yz_status check_reporting(
        const struct yz_ref_source *src, size_t *rows, char *name, struct yz_error *err)
{
	(void)name;
	return yz_reporting_units_read(src, count_reporting, rows, err);
}

static enum yz_status check_units(
        const struct yz_ref_source *src, size_t *rows, char *name, struct yz_error *err)
{
	(void)name;
	return yz_units_read(src, count_unit, rows, err);
}

static enum yz_status check_prohibited(
        const struct yz_ref_source *src, size_t *rows, char *name, struct yz_error *err)
{
	(void)name;
	return yz_prohibited_read(src, count_prohibited, rows, err);
}

static enum yz_status check_couriers(
        const struct yz_ref_source *src, size_t *rows, char *name, struct yz_error *err)
{
	struct yz_couriers couriers = {0};
	enum yz_status st = yz_couriers_load(&couriers, src, err);

	(void)name;
	*rows = couriers.count;
	yz_couriers_free(&couriers);
	return st;
}

/* A sheet is kept under its version, so that an old price can still be traced to it. */
static enum yz_status check_tariff(
        const struct yz_ref_source *src, size_t *rows, char *name, struct yz_error *err)
{
	struct yz_tariff tariff = {0};
	enum yz_status st = yz_tariff_add(&tariff, src, NULL, err);

	*rows = tariff.count;
	if (st == YZ_OK && tariff.count)
		(void)yz_copy(name, YZ_SHORT_SIZE, tariff.rows[0].tariff);
	yz_tariff_free(&tariff);
	return st;
}

static const struct {
	const char *kind;
	enum yz_status (*check)(
	        const struct yz_ref_source *src, size_t *rows, char *name, struct yz_error *err);
} documents[] = {
        {"divisions", check_divisions},
        {"divisions-old", check_old},
        {"reporting-units", check_reporting},
        {"couriers", check_couriers},
        {"tariff", check_tariff},
        {"units", check_units},
        {"prohibited", check_prohibited},
};

enum yz_status yz_document_codes(struct yz_store *s, struct yz_codes **codes, struct yz_error *err)
{
	struct yz_buf text = YZ_BUF_INIT;
	struct yz_reference ref;
	enum yz_status st = yz_reference_get(s, "divisions", NULL, &text, &ref, err);

	if (st == YZ_OK)
		st = yz_codes_load(codes, text.data, "divisions", err);
	yz_buf_free(&text);
	return st == YZ_E_NOTFOUND ? YZ_OK : st;
}

enum yz_status yz_document_check(
        const struct yz_ref_source *src, struct yz_reference *ref, struct yz_error *err)
{
	size_t rows = 0, i = 0;
	enum yz_status st;

	while (i < sizeof(documents) / sizeof(documents[0]) &&
	        strcmp(documents[i].kind, ref->kind) != 0)
		i++;
	if (i == sizeof(documents) / sizeof(documents[0]))
		return yz_fail(err, YZ_E_PARSE, "%s: no such kind of document", ref->kind);
	st = documents[i].check(src, &rows, ref->name, err);
	if (st == YZ_OK)
		ref->rows = (int64_t)rows;
	return st;
}
