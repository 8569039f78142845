#include "config.h"

#include "station/refdata.h"

#include "station/check.h"
#include "station/refrow.h"

#include <string.h>

/* Units, the product catalogue and the prohibited groups: the files about goods. */

static const char digits[] = "0123456789";

struct to_unit {
	yz_unit_fn *fn;
	void *arg;
};

static enum yz_status unit(void *arg, struct yz_refrow *r)
{
	const struct to_unit *to = arg;
	struct yz_unit_row row = {.line = yz_csv_line(r->csv)};

	yz_refrow_text(r, "code", row.code, sizeof(row.code));
	yz_refrow_token(r, "code", digits, row.code);
	if (strlen(row.code) != 3)
		(void)yz_refrow_fail(r, "code", "must have 3 digits");
	yz_refrow_text(r, "name", row.name, sizeof(row.name));
	yz_refrow_text(r, "name_en", row.name_en, sizeof(row.name_en));
	row.grams = yz_refrow_int(r, "grams", (struct yz_refrow_range){1, 1000000, 0});
	return r->st == YZ_OK ? to->fn(to->arg, &row, r->err) : r->st;
}

enum yz_status yz_units_read(
        const struct yz_ref_source *src, yz_unit_fn *fn, void *arg, struct yz_error *err)
{
	static const char *const columns[] = {"code", "name", "name_en", "grams", NULL};
	struct to_unit to = {fn, arg};
	struct yz_refrow_reader reader = {columns, unit, &to};

	return yz_refrow_each(src, &reader, err);
}

struct to_catalogue {
	yz_catalogue_fn *fn;
	void *arg;
};

static void check_numbers(struct yz_refrow *r, const struct yz_catalogue_row *row)
{
	yz_refrow_token(r, "item_no", "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-", row->item_no);
	yz_refrow_token(r, "class", digits, row->class_code);
	if (strlen(row->class_code) % 2)
		(void)yz_refrow_fail(r, "class", "must be pairs of digits");
	yz_refrow_token(r, "unit", digits, row->unit);
	yz_refrow_token(r, "gtin", digits, row->gtin);
	if (r->st == YZ_OK && *row->gtin && yz_check_gtin(row->gtin, NULL) != YZ_OK)
		(void)yz_refrow_fail(
		        r, "gtin", "is not a GTIN: its check digit or length is wrong");
	yz_refrow_token(r, "hs10", digits, row->hs10);
	if (*row->hs10 && strlen(row->hs10) != 10)
		(void)yz_refrow_fail(r, "hs10", "must be empty or 10 digits");
	yz_refrow_division(r, "origin_county", row->origin_county);
	if (strlen(row->origin_county) != 6)
		(void)yz_refrow_fail(r, "origin_county", "must be the 6 digits of a county");
}

static void one_of(
        struct yz_refrow *r, const char *column, const char *const *names, char *out, size_t size)
{
	(void)yz_refrow_choice(r, column, names);
	yz_refrow_opt(r, column, out, size);
}

static void take_codes(struct yz_refrow *r, struct yz_catalogue_row *row)
{
	static const char *const tiers[] = {"", "large", "middle", "small", "none", NULL};
	static const char *const leads[] = {"county", "village", "none", NULL};
	static const char *const storages[] = {"normal", "cold", "frozen", NULL};
	static const char *const docs[] = {"certificate", "sc", "quarantine", "none", NULL};

	one_of(r, "tier314", tiers, row->tier314, sizeof(row->tier314));
	one_of(r, "leading", leads, row->leading, sizeof(row->leading));
	one_of(r, "storage", storages, row->storage, sizeof(row->storage));
	one_of(r, "doc_rule", docs, row->doc_rule, sizeof(row->doc_rule));
}

static enum yz_status product(void *arg, struct yz_refrow *r)
{
	const struct to_catalogue *to = arg;
	struct yz_catalogue_row row = {.line = yz_csv_line(r->csv)};

	yz_refrow_text(r, "item_no", row.item_no, sizeof(row.item_no));
	yz_refrow_text(r, "name", row.name, sizeof(row.name));
	yz_refrow_opt(r, "class", row.class_code, sizeof(row.class_code));
	yz_refrow_text(r, "origin_county", row.origin_county, sizeof(row.origin_county));
	yz_refrow_text(r, "unit", row.unit, sizeof(row.unit));
	row.content_g = yz_refrow_int(r, "content_g", (struct yz_refrow_range){1, 1000000000, 0});
	yz_refrow_opt(r, "grades", row.grades, sizeof(row.grades));
	row.price_fen = yz_refrow_int(r, "price_fen", (struct yz_refrow_range){1, 100000000, 0});
	row.shelf_days = (int)yz_refrow_int(r, "shelf_days", (struct yz_refrow_range){1, 3650, 0});
	yz_refrow_opt(r, "gtin", row.gtin, sizeof(row.gtin));
	yz_refrow_opt(r, "hs10", row.hs10, sizeof(row.hs10));
	take_codes(r, &row);
	check_numbers(r, &row);
	return r->st == YZ_OK ? to->fn(to->arg, &row, r->err) : r->st;
}

enum yz_status yz_catalogue_read(
        const struct yz_ref_source *src, yz_catalogue_fn *fn, void *arg, struct yz_error *err)
{
	static const char *const columns[] = {"item_no", "name", "class", "origin_county",
	        "tier314", "leading", "unit", "content_g", "grades", "price_fen", "shelf_days",
	        "storage", "doc_rule", "gtin", "hs10", NULL};
	struct to_catalogue to = {fn, arg};
	struct yz_refrow_reader reader = {columns, product, &to};

	return yz_refrow_each(src, &reader, err);
}

struct to_prohibited {
	yz_prohibited_fn *fn;
	void *arg;
};

static enum yz_status prohibited(void *arg, struct yz_refrow *r)
{
	const struct to_prohibited *to = arg;
	struct yz_prohibited_row row = {.line = yz_csv_line(r->csv)};

	row.group =
	        (int)yz_refrow_int(r, "group", (struct yz_refrow_range){1, 99, YZ_REFROW_NEEDED});
	yz_refrow_text(r, "name", row.name, sizeof(row.name));
	yz_refrow_text(r, "name_en", row.name_en, sizeof(row.name_en));
	return r->st == YZ_OK ? to->fn(to->arg, &row, r->err) : r->st;
}

enum yz_status yz_prohibited_read(
        const struct yz_ref_source *src, yz_prohibited_fn *fn, void *arg, struct yz_error *err)
{
	static const char *const columns[] = {"group", "name", "name_en", NULL};
	struct to_prohibited to = {fn, arg};
	struct yz_refrow_reader reader = {columns, prohibited, &to};

	return yz_refrow_each(src, &reader, err);
}
