#include "config.h"

#include "ctl/import.h"

#include "station/codes.h"
#include "station/couriers.h"
#include "station/refdata.h"
#include "station/tariff.h"
#include "store/audit.h"
#include "store/reference.h"

#include <stdlib.h>
#include <string.h>

char *yz_import_copy(const struct yz_import *in)
{
	return yz_strdup(yz_buf_str(&in->text));
}

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

/* The known division codes, where the station has them already. */
static enum yz_status known_codes(struct yz_store *s, struct yz_codes **codes, struct yz_error *err)
{
	struct yz_buf text = YZ_BUF_INIT;
	struct yz_reference ref;
	enum yz_status st = yz_reference_get(s, "divisions", NULL, &text, &ref, err);

	if (st == YZ_OK)
		st = yz_codes_load(codes, text.data, "divisions", err);
	yz_buf_free(&text);
	return st == YZ_E_NOTFOUND ? YZ_OK : st;
}

enum yz_status yz_import_document(
        struct yz_import *in, const struct yz_import_kind *kind, struct yz_error *err)
{
	struct yz_reference ref = {.kind = ""};
	struct yz_codes *codes = NULL;
	struct yz_ref_source src = {yz_import_copy(in), in->file, NULL};
	struct yz_tx *tx = NULL;
	enum yz_status st = YZ_OK;

	if (strcmp(kind->name, "divisions") != 0)
		st = known_codes(in->station->desk.store, &codes, err);
	src.codes = codes;
	for (size_t i = 0; st == YZ_OK && i < sizeof(documents) / sizeof(documents[0]); i++)
		if (!strcmp(documents[i].kind, kind->name))
			st = documents[i].check(&src, &in->rows, ref.name, err);
	free(src.text);
	yz_codes_free(codes);
	if (st != YZ_OK)
		return st;
	(void)yz_copy(ref.kind, sizeof(ref.kind), kind->name);
	ref.rows = (int64_t)in->rows;
	if ((st = yz_tx_begin(in->station->desk.store, &in->station->now, &tx, err)) != YZ_OK)
		return st;
	st = yz_reference_put(tx, &ref, in->text.data, in->text.len, err);
	if (st == YZ_OK)
		st = yz_audit_add(tx, NULL, "import", kind->name, ref.name, err);
	return yz_desk_finish(&in->station->desk, tx, st, err);
}
