#include "config.h"

#include "ctl/import.h"

#include "base/csv.h"
#include "station/couriers.h"
#include "station/number.h"
#include "station/register.h"
#include "store/audit.h"
#include "store/pool.h"
#include "store/reference.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum yz_status yz_import_catalogue(
        struct yz_import *in, const struct yz_import_kind *kind, struct yz_error *err)
{
	char *text = yz_import_copy(in);
	enum yz_status st = yz_catalogue_import(
	        &in->station->desk, &in->station->now, text, in->file, &in->rows, err);

	(void)kind;
	free(text);
	return st;
}

struct row_import {
	struct yz_import *in;
	const char *const *columns;
	const char *audit;
	enum yz_status (*row)(const struct row_import *r, struct yz_tx *tx,
	        const struct yz_csv *csv, struct yz_error *err);
	struct yz_couriers couriers; /* of numbers; empty: the station has none yet */
};

/* Every row in one transaction: a bad one leaves nothing behind. */
static enum yz_status each_row(const struct row_import *r, struct yz_error *err)
{
	char *text = yz_import_copy(r->in);
	struct yz_csv *csv = NULL;
	struct yz_tx *tx = NULL;
	bool more = true;
	enum yz_status st;

	if ((st = yz_csv_open(&csv, text, r->in->file, err)) != YZ_OK ||
	        (st = yz_csv_require(csv, r->columns, err)) != YZ_OK ||
	        (st = yz_tx_begin(r->in->station->desk.store, &r->in->station->now, &tx, err)) !=
	                YZ_OK)
		goto done;
	while ((st = yz_csv_next(csv, &more, err)) == YZ_OK && more) {
		if ((st = r->row(r, tx, csv, err)) != YZ_OK)
			break;
		r->in->rows++;
	}
	if (st == YZ_OK)
		st = yz_audit_add(tx, NULL, "import", r->audit, "", err);
	st = yz_desk_finish(&r->in->station->desk, tx, st, err);
done:
	yz_csv_free(csv);
	free(text);
	return st;
}

/* Numbers that no booking would ever take are a slip of the pen. */
static const char *courier_fault(const struct row_import *r, const char *code)
{
	const struct yz_courier *c = yz_couriers_find(&r->couriers, code);

	if (!*code)
		return "missing";
	if (!r->couriers.count)
		return NULL;
	if (!c)
		return "not one of the station's couriers";
	return c->number_mode == YZ_NUMBERS_RANGE ? NULL : "its numbers do not come from a range";
}

static enum yz_status number_row(const struct row_import *r, struct yz_tx *tx,
        const struct yz_csv *csv, struct yz_error *err)
{
	const char *fault = courier_fault(r, yz_csv_get(csv, "courier"));
	struct yz_pool p = {.source = "range"};
	struct yz_error why = {0};
	const char *check = yz_csv_get(csv, "check");
	enum yz_status st;

	(void)yz_copy(p.courier, sizeof(p.courier), yz_csv_get(csv, "courier"));
	if (fault)
		return yz_csv_fail(csv, err, "courier", fault);
	if (yz_number_range(yz_csv_get(csv, "first"), yz_csv_get(csv, "last"),
	            *check ? check : "none", &p, &why) != YZ_OK)
		return yz_csv_fail(csv, err, "first, last", why.text);
	st = yz_pool_add(tx, &p, &why);
	if (st == YZ_E_EXISTS)
		return yz_csv_fail(
		        csv, err, "first, last", "overlaps numbers that the station has already");
	return st == YZ_OK ? YZ_OK : yz_fail(err, st, "%s", why.text);
}

enum yz_status yz_import_numbers(
        struct yz_import *in, const struct yz_import_kind *kind, struct yz_error *err)
{
	static const char *const columns[] = {"courier", "first", "last", "check", NULL};
	struct row_import r = {in, columns, kind->name, number_row, {NULL, 0}};
	struct yz_buf text = YZ_BUF_INIT;
	struct yz_reference ref;
	struct yz_ref_source src = {NULL, "couriers", NULL};
	enum yz_status st =
	        yz_reference_get(in->station->desk.store, "couriers", NULL, &text, &ref, err);

	src.text = text.data;
	if (st == YZ_OK)
		st = yz_couriers_load(&r.couriers, &src, err);
	if (st == YZ_OK || st == YZ_E_NOTFOUND)
		st = each_row(&r, err);
	yz_couriers_free(&r.couriers);
	yz_buf_free(&text);
	return st;
}

static enum yz_status recipient_row(const struct row_import *import, struct yz_tx *tx,
        const struct yz_csv *csv, struct yz_error *err)
{
	struct yz_recipient r = {.code = ""};
	const char *key = yz_csv_get(csv, "public_key");
	size_t len = 0;

	(void)import;
	(void)yz_copy(r.code, sizeof(r.code), yz_csv_get(csv, "code"));
	(void)yz_copy(r.name, sizeof(r.name), yz_csv_get(csv, "name"));
	if (!*r.code)
		return yz_csv_fail(csv, err, "code", "missing");
	if (sodium_base642bin(r.public_key, sizeof(r.public_key), key, strlen(key), NULL, &len,
	            NULL, sodium_base64_VARIANT_ORIGINAL) != 0 ||
	        len != sizeof(r.public_key))
		return yz_csv_fail(csv, err, "public_key", "expected 32 bytes in base64");
	return yz_recipient_put(tx, &r, err);
}

enum yz_status yz_import_recipients(
        struct yz_import *in, const struct yz_import_kind *kind, struct yz_error *err)
{
	static const char *const columns[] = {"code", "name", "public_key", NULL};
	struct row_import r = {in, columns, kind->name, recipient_row, {NULL, 0}};

	return each_row(&r, err);
}
