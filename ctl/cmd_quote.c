#include "config.h"

#include "ctl/cmd.h"

#include "base/clock.h"
#include "base/datadir.h"
#include "base/file.h"
#include "base/text.h"
#include "station/codes.h"
#include "station/money.h"
#include "station/tariff.h"
#include "station/units.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX_BYTES = 16 << 20, WHY_MAX = 256 };

struct books {
	struct yz_codes *codes;
	struct yz_couriers couriers;
	struct yz_tariff tariff;
};

static void books_fini(struct books *b)
{
	yz_codes_free(b->codes);
	yz_couriers_free(&b->couriers);
	yz_tariff_free(&b->tariff);
}

static enum yz_status read_data(
        struct yz_buf *out, const char *dir, const char *name, struct yz_error *err)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s/%s", dir, name) >= (int)sizeof(path))
		return yz_fail(err, YZ_E_CONFIG, "%s: the path is too long", dir);
	return yz_file_read_text(out, path, FILE_MAX_BYTES, err);
}

/* The divisions and couriers of the data folder, and a sheet: a file, or the example of the folder.
 */
static enum yz_status books_read(
        struct books *b, const struct yz_ctl *ctl, const char *tariff, struct yz_error *err)
{
	struct yz_buf text = YZ_BUF_INIT;
	char dir[PATH_MAX];
	enum yz_status st;

	if ((st = yz_datadir_find(ctl->data_dir, dir, sizeof(dir), err)) != YZ_OK ||
	        (st = read_data(&text, dir, "divisions.csv", err)) != YZ_OK ||
	        (st = yz_codes_load(&b->codes, text.data, "divisions.csv", err)) != YZ_OK)
		goto done;
	yz_buf_free(&text);
	if ((st = read_data(&text, dir, "couriers.csv", err)) != YZ_OK)
		goto done;
	struct yz_ref_source couriers = {text.data, "couriers.csv", b->codes};
	if ((st = yz_couriers_load(&b->couriers, &couriers, err)) != YZ_OK)
		goto done;
	yz_buf_free(&text);
	st = tariff ? yz_file_read_text(&text, tariff, FILE_MAX_BYTES, err)
	            : read_data(&text, dir, "tariff-example.csv", err);
	if (st != YZ_OK)
		goto done;
	struct yz_ref_source sheet = {text.data, tariff ? tariff : "tariff-example.csv", b->codes};
	st = yz_tariff_add(&b->tariff, &sheet, &b->couriers, err);
done:
	yz_buf_free(&text);
	return st;
}

static void say_json(const struct yz_quotes *quotes)
{
	cJSON *list = cJSON_CreateArray();
	char why[WHY_MAX], *text;

	for (size_t i = 0; i < quotes->count; i++) {
		const struct yz_quote *q = &quotes->rows[i];
		cJSON *o = cJSON_CreateObject();

		(void)cJSON_AddStringToObject(o, "courier", q->courier->code);
		(void)cJSON_AddStringToObject(o, "service", q->service);
		(void)cJSON_AddNumberToObject(o, "price_fen", (double)q->price_fen);
		(void)cJSON_AddNumberToObject(o, "billed_g", (double)q->billed_g);
		(void)cJSON_AddStringToObject(o, "tariff", q->row ? q->row->tariff : "");
		(void)cJSON_AddNumberToObject(o, "row", q->row ? q->row->line : 0);
		(void)cJSON_AddStringToObject(o, "why_not", yz_quote_why(q, why, sizeof(why)));
		(void)cJSON_AddItemToArray(list, o);
	}
	text = cJSON_PrintUnformatted(list);
	(void)puts(text);
	free(text);
	cJSON_Delete(list);
}

static void say_table(const struct yz_quotes *quotes)
{
	for (size_t i = 0; i < quotes->count; i++) {
		const struct yz_quote *q = &quotes->rows[i];
		char name[96], service[96], why[WHY_MAX], yuan[YZ_MONEY_TEXT_SIZE], price[48];
		char kg[YZ_WEIGHT_TEXT_SIZE];

		yz_text_pad(name, sizeof(name), q->courier->name, 14, false);
		yz_text_pad(service, sizeof(service), q->service, 12, false);
		if (q->reason != YZ_QUOTE_OK) {
			(void)printf(
			        "%s %s %s\n", name, service, yz_quote_why(q, why, sizeof(why)));
			continue;
		}
		yz_text_pad(price, sizeof(price), yz_money_text(q->price_fen, yuan), 9, true);
		(void)printf("%s %s %s %9s kg  %s:%d\n", name, service, price,
		        yz_weight_kg(q->billed_g, kg), q->row->tariff, q->row->line);
	}
}

static enum yz_status read_grams(const char *text, int64_t *grams, struct yz_error *err)
{
	char *end;
	intmax_t n;

	errno = 0;
	n = strtoimax(text, &end, 10);
	if (!*text || *end || errno)
		return yz_fail_field(
		        err, YZ_E_PARSE, "weight_g", N_("The weight must be whole grams."));
	*grams = n;
	return YZ_OK;
}

static enum yz_status quote(struct yz_quotes *out, const struct books *b,
        const struct yz_quote_ask *ask, struct yz_error *err)
{
	enum yz_status st = yz_tariff_quote(out, &b->tariff, &b->couriers, ask, err);

	if (st != YZ_OK)
		return st;
	if (!yz_codes_has(b->codes, ask->to_code)) {
		yz_quotes_free(out);
		return yz_fail_field(err, YZ_E_NOTFOUND, "to_code",
		        N_("No place has this division code. Old codes must be replaced by the "
		           "ones of today."));
	}
	return YZ_OK;
}

/* What was asked wrongly is an answer (1); a file that is missing or broken is not (3). */
static int refuse(const struct yz_ctl *ctl, const struct yz_error *err)
{
	int code = yz_ctl_cannot(ctl, err);

	return *err->field ? YZ_EXIT_NO : code;
}

int yz_cmd_quote(const struct yz_ctl *ctl, int argc, char **argv)
{
	const char *to = yz_ctl_option(&argc, argv, "--to");
	const char *weight = argc < 0 ? NULL : yz_ctl_option(&argc, argv, "--weight-g");
	const char *line = argc < 0 ? NULL : yz_ctl_option(&argc, argv, "--product-line");
	const char *date = argc < 0 ? NULL : yz_ctl_option(&argc, argv, "--date");
	const char *tariff = argc < 0 ? NULL : yz_ctl_option(&argc, argv, "--tariff");
	struct books books = {.codes = NULL};
	struct yz_quotes quotes = {NULL, 0};
	struct yz_quote_ask ask = {.to_code = to, .product_line = line};
	struct yz_error err = {0};
	char today[16];
	int code;

	if (argc != 0 || !to || !weight)
		return yz_ctl_usage(ctl);
	yz_clock_date(yz_clock_now(0).wall_ms, today, sizeof(today));
	ask.date = date ? date : today;
	if (read_grams(weight, &ask.weight_g, &err) != YZ_OK ||
	        books_read(&books, ctl, tariff, &err) != YZ_OK ||
	        quote(&quotes, &books, &ask, &err) != YZ_OK) {
		code = refuse(ctl, &err);
		goto done;
	}
	if (ctl->is_json)
		say_json(&quotes);
	else
		say_table(&quotes);
	code = quotes.count && quotes.rows[0].reason == YZ_QUOTE_OK ? YZ_EXIT_OK : YZ_EXIT_NO;
done:
	yz_quotes_free(&quotes);
	books_fini(&books);
	return code;
}
