#include "config.h"

#include "station/couriers.h"

#include "base/buf.h"
#include "station/refrow.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>

static const char *const columns[] = {"code", "name", "name_en", "number_mode", "void_rule",
        "service_default", "volumetric_divisor", "max_weight_g", "phone", "claim_rule",
        "number_format", "sort", NULL};

static void check_format(struct yz_refrow *r, const char *format)
{
	regex_t re;

	if (regcomp(&re, format, REG_EXTENDED | REG_NOSUB))
		(void)yz_refrow_fail(r, "number_format", "is not an extended regular expression");
	else
		regfree(&re);
}

static enum yz_status courier(void *arg, struct yz_refrow *r)
{
	static const char *const modes[] = {"range", "online", "none", NULL};
	static const char *const voids[] = {"burn", "return", NULL};
	static const char *const claims[] = {"civil", "postal-47", NULL};
	struct yz_couriers *to = arg;
	struct yz_courier row = {.line = yz_csv_line(r->csv)};

	yz_refrow_text(r, "code", row.code, sizeof(row.code));
	yz_refrow_token(r, "code", "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", row.code);
	if (yz_couriers_find(to, row.code))
		(void)yz_refrow_fail(r, "code", "stands in the file already");
	yz_refrow_text(r, "name", row.name, sizeof(row.name));
	yz_refrow_text(r, "name_en", row.name_en, sizeof(row.name_en));
	row.number_mode = (enum yz_number_mode)yz_refrow_choice(r, "number_mode", modes);
	row.void_rule = (enum yz_void_rule)yz_refrow_choice(r, "void_rule", voids);
	yz_refrow_text(r, "service_default", row.service_default, sizeof(row.service_default));
	row.volumetric_divisor =
	        yz_refrow_int(r, "volumetric_divisor", (struct yz_refrow_range){1, 100000, 0});
	row.max_weight_g = yz_refrow_int(
	        r, "max_weight_g", (struct yz_refrow_range){1, 100000000, YZ_REFROW_NEEDED});
	yz_refrow_text(r, "phone", row.phone, sizeof(row.phone));
	yz_refrow_token(r, "phone", "0123456789-", row.phone);
	row.claim_rule = (enum yz_claim_rule)yz_refrow_choice(r, "claim_rule", claims);
	yz_refrow_text(r, "number_format", row.number_format, sizeof(row.number_format));
	check_format(r, row.number_format);
	row.sort = yz_refrow_int(r, "sort", (struct yz_refrow_range){0, 9999, YZ_REFROW_NEEDED});
	if (r->st != YZ_OK)
		return r->st;
	to->rows = yz_realloc(to->rows, (to->count + 1) * sizeof(*to->rows));
	to->rows[to->count++] = row;
	return YZ_OK;
}

static int by_sort(const void *a, const void *b)
{
	const struct yz_courier *x = a, *y = b;

	if (x->sort != y->sort)
		return x->sort < y->sort ? -1 : 1;
	return strcmp(x->code, y->code);
}

enum yz_status yz_couriers_load(
        struct yz_couriers *out, const struct yz_ref_source *src, struct yz_error *err)
{
	struct yz_couriers read = {NULL, 0};
	struct yz_refrow_reader reader = {columns, courier, &read};
	enum yz_status st = yz_refrow_each(src, &reader, err);

	if (st != YZ_OK) {
		yz_couriers_free(&read);
		return st;
	}
	if (read.count)
		qsort(read.rows, read.count, sizeof(*read.rows), by_sort);
	*out = read;
	return YZ_OK;
}

void yz_couriers_free(struct yz_couriers *couriers)
{
	free(couriers->rows);
	couriers->rows = NULL;
	couriers->count = 0;
}

const struct yz_courier *yz_couriers_find(const struct yz_couriers *couriers, const char *code)
{
	for (size_t i = 0; i < couriers->count; i++)
		if (!strcmp(couriers->rows[i].code, code))
			return &couriers->rows[i];
	return NULL;
}

const char *yz_claim_say(enum yz_claim_rule rule)
{
	if (rule == YZ_CLAIM_POSTAL_47)
		return N_("Not insured: a loss is paid as it is, at most three times the postage. "
		          "Insured: the "
		          "insured value is paid (Postal Law, Article 47).");
	return N_("Not insured: a loss is settled by civil law and the courier's terms. Insured: "
	          "by the agreed "
	          "insurance rule (Interim Regulation on Express Delivery, Article 27).");
}
