#include "config.h"

#include "ctl/open.h"

#include "base/buf.h"
#include "base/file.h"
#include "store/contact.h"
#include "store/product.h"
#include "store/reference.h"
#include "store/shipment.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 100 };

/* One cell; quoted where RFC 4180 wants it. A leading = + - @ would be run as a formula by a
 * spreadsheet. */
static void cell(struct yz_buf *out, const char *value, bool last)
{
	bool formula = *value && strchr("=+-@", *value);

	if (strpbrk(value, ",\"\n\r") || formula) {
		yz_buf_puts(out, formula ? "\"'" : "\"");
		for (; *value; value++) {
			if (*value == '"')
				yz_buf_putc(out, '"');
			yz_buf_putc(out, *value);
		}
		yz_buf_putc(out, '"');
	} else {
		yz_buf_puts(out, value);
	}
	yz_buf_putc(out, last ? '\n' : ',');
}

static void number(struct yz_buf *out, int64_t value, bool last)
{
	yz_buf_printf(out, "%" PRId64 "%c", value, last ? '\n' : ',');
}

static enum yz_status contacts(struct yz_store *s, struct yz_buf *out, struct yz_error *err)
{
	struct yz_contact *rows = yz_alloc(PAGE * sizeof(*rows));
	struct yz_contact_query q = {.text = ""};
	size_t n = 0;
	enum yz_status st;

	yz_buf_puts(out, "name,phone,company,code,region,detail,postcode,farmer\n");
	while ((st = yz_contact_find(s, &q, rows, PAGE, &n, NULL, err)) == YZ_OK && n) {
		for (size_t i = 0; i < n; i++) {
			cell(out, rows[i].name, false);
			cell(out, rows[i].phone, false);
			cell(out, rows[i].company, false);
			cell(out, rows[i].code, false);
			cell(out, rows[i].region, false);
			cell(out, rows[i].detail, false);
			cell(out, rows[i].postcode, false);
			cell(out, rows[i].is_farmer ? "yes" : "no", true);
		}
		q.skip += n;
	}
	free(rows);
	return st;
}

static enum yz_status products(struct yz_store *s, struct yz_buf *out, struct yz_error *err)
{
	struct yz_product *rows = yz_alloc(PAGE * sizeof(*rows));
	size_t n = 0, skip = 0;
	enum yz_status st;

	yz_buf_puts(out, "item_no,name,class,origin_county,tier314,leading,unit,content_g,grades,"
	                 "price_fen,shelf_days,"
	                 "storage,doc_rule,gtin,hs10\n");
	while ((st = yz_product_find(s, "", skip, rows, PAGE, &n, NULL, err)) == YZ_OK && n) {
		for (size_t i = 0; i < n; i++) {
			const struct yz_product *p = &rows[i];

			cell(out, p->item_no, false);
			cell(out, p->name, false);
			cell(out, p->class_code, false);
			cell(out, p->origin, false);
			cell(out, p->tier314, false);
			cell(out, p->leading, false);
			cell(out, p->unit, false);
			number(out, p->content_g, false);
			cell(out, p->grades, false);
			number(out, p->price_fen, false);
			number(out, p->shelf_days, false);
			cell(out, p->storage, false);
			cell(out, p->doc_rule, false);
			cell(out, p->gtin, false);
			cell(out, p->hs10, true);
		}
		skip += n;
	}
	free(rows);
	return st;
}

static enum yz_status shipments(struct yz_store *s, struct yz_buf *out, struct yz_error *err)
{
	static const char *const states[] = {"booked", "handed-over", "void"};
	struct yz_shipment_brief *rows = yz_alloc(PAGE * sizeof(*rows));
	size_t n = 0, skip = 0;
	enum yz_status st;

	yz_buf_puts(out, "station_no,waybill_no,courier,booked_at,sender,receiver,receiver_region,"
	                 "goods,weight_g,"
	                 "total_fen,state\n");
	while ((st = yz_shipment_find(s, "", skip, rows, PAGE, &n, NULL, err)) == YZ_OK && n) {
		for (size_t i = 0; i < n; i++) {
			const struct yz_shipment_brief *b = &rows[i];
			char at[32];

			yz_clock_rfc3339(b->booked_ms, at, sizeof(at));
			cell(out, b->station_no, false);
			cell(out, b->waybill_no, false);
			cell(out, b->courier, false);
			cell(out, at, false);
			cell(out, b->sender, false);
			cell(out, b->receiver, false);
			cell(out, b->receiver_region, false);
			cell(out, b->goods, false);
			number(out, b->weight_g, false);
			number(out, b->total_fen, false);
			cell(out, states[b->state], true);
		}
		skip += n;
	}
	free(rows);
	return st;
}

static const struct {
	const char *name;
	enum yz_status (*write)(struct yz_store *s, struct yz_buf *out, struct yz_error *err);
} kinds[] = {{"contacts", contacts}, {"products", products}, {"shipments", shipments}};

/* Lists by name; anything else is a reference document, given back as it was imported. */
static enum yz_status collect(
        struct yz_store *s, const char *kind, struct yz_buf *out, struct yz_error *err)
{
	struct yz_reference ref;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(kinds[i].name, kind))
			return kinds[i].write(s, out, err);
	return yz_reference_get(s, kind, NULL, out, &ref, err);
}

/* Without a file the rows are in the answer, so that standard output is one JSON object. */
static void say_json(const char *kind, const char *csv)
{
	cJSON *o = cJSON_CreateObject();
	char *text;

	(void)cJSON_AddBoolToObject(o, "ok", true);
	(void)cJSON_AddStringToObject(o, "kind", kind);
	if (csv)
		(void)cJSON_AddStringToObject(o, "csv", csv);
	text = cJSON_PrintUnformatted(o);
	(void)puts(text);
	free(text);
	cJSON_Delete(o);
}

int yz_cmd_export(const struct yz_ctl *ctl, int argc, char **argv)
{
	struct yz_ctl_station s;
	struct yz_buf out = YZ_BUF_INIT;
	struct yz_error err = {0};
	const char *file = yz_ctl_option(&argc, argv, "-o");
	enum yz_status st;

	if (argc != 1 || (ctl->is_json && file && !strcmp(file, "-")))
		return yz_ctl_usage(ctl);
	st = yz_ctl_open(ctl, &s, &err);
	if (st == YZ_OK)
		st = collect(s.desk.store, argv[0], &out, &err);
	yz_ctl_close(&s);
	if (st == YZ_OK && (file || !ctl->is_json)) /* personal data: for the owner's eyes */
		st = yz_file_write(file ? file : "-", yz_buf_str(&out), out.len, 0600, &err);
	if (st == YZ_OK && ctl->is_json)
		say_json(argv[0], file ? NULL : yz_buf_str(&out));
	yz_buf_free(&out);
	return st == YZ_OK ? YZ_EXIT_OK : yz_ctl_cannot(ctl, &err);
}
