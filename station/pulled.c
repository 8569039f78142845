#include "config.h"

#include "station/pulled.h"

#include "base/buf.h"
#include "base/text.h"
#include "station/codes.h"
#include "station/document.h"
#include "station/register.h"
#include "store/notice.h"
#include "store/product.h"
#include "store/shipment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct taking {
	struct yz_desk *desk;
	struct yz_tx *tx;
	struct yz_codes *codes; /* read when first needed */
};

typedef enum yz_status take_fn(
        struct taking *t, const struct yz_pulled *item, struct yz_error *err);

const char *yz_pulled_get(const struct yz_pulled *item, const char *name)
{
	for (size_t i = 0; i < item->field_count; i++)
		if (!strcmp(item->fields[i].name, name))
			return item->fields[i].value;
	return "";
}

static enum yz_status take_tariff(
        struct taking *t, const struct yz_pulled *item, struct yz_error *err)
{
	const char *text = yz_pulled_get(item, "text");
	struct yz_reference ref = {.kind = "tariff"};
	struct yz_ref_source src = {yz_strdup(text), item->id, NULL};
	enum yz_status st = YZ_OK;

	if (!t->codes)
		st = yz_document_codes(yz_tx_store(t->tx), &t->codes, err);
	src.codes = t->codes;
	if (st == YZ_OK)
		st = yz_document_check(&src, &ref, err);
	free(src.text);
	if (st == YZ_OK && strcmp(ref.name, item->id) != 0)
		st = yz_fail(err, YZ_E_PARSE, "%s: the rows are of the sheet \"%s\"", item->id,
		        ref.name);
	return st == YZ_OK ? yz_reference_put(t->tx, &ref, text, strlen(text), err) : st;
}

static enum yz_status drop_tariff(
        struct taking *t, const struct yz_pulled *item, struct yz_error *err)
{
	return yz_reference_retire(t->tx, "tariff", item->id, err);
}

static void csv_value(struct yz_buf *b, const char *value)
{
	yz_buf_putc(b, '"');
	for (; *value; value++) {
		if (*value == '"')
			yz_buf_putc(b, '"');
		yz_buf_putc(b, *value);
	}
	yz_buf_putc(b, '"');
}

/* The item's fields as a file of one row, for the reader of catalogue files. */
static void as_csv(const struct yz_pulled *item, struct yz_buf *b)
{
	for (size_t i = 0; i < item->field_count; i++) {
		yz_buf_puts(b, i ? "," : "");
		csv_value(b, item->fields[i].name);
	}
	yz_buf_putc(b, '\n');
	for (size_t i = 0; i < item->field_count; i++) {
		yz_buf_puts(b, i ? "," : "");
		csv_value(b, item->fields[i].value);
	}
	yz_buf_putc(b, '\n');
}

static enum yz_status take_product(
        struct taking *t, const struct yz_pulled *item, struct yz_error *err)
{
	struct yz_buf text = YZ_BUF_INIT;
	struct yz_ref_source src = {NULL, item->id, NULL};
	size_t n = 0;
	enum yz_status st;

	if (strcmp(yz_pulled_get(item, "item_no"), item->id) != 0)
		return yz_fail(err, YZ_E_PARSE, "%s: item_no is another", item->id);
	as_csv(item, &text);
	src.text = text.data;
	st = yz_catalogue_take(t->desk, t->tx, &src, &n, err);
	yz_buf_free(&text);
	return st;
}

/* Clerks work with the catalogue's products as their own: none is taken away from them. */
static enum yz_status keep_product(
        struct taking *t, const struct yz_pulled *item, struct yz_error *err)
{
	(void)t;
	(void)item;
	(void)err;
	return YZ_OK;
}

static enum yz_status copy_field(char *out, size_t size, const struct yz_pulled *item,
        const char *name, struct yz_error *err)
{
	const char *value = yz_pulled_get(item, name);

	if (strlen(value) >= size || !yz_text_is_clean(value))
		return yz_fail(err, YZ_E_PARSE, "%s: %s is too long or has control characters",
		        item->id, name);
	(void)yz_copy(out, size, value);
	return YZ_OK;
}

static enum yz_status take_notice(
        struct taking *t, const struct yz_pulled *item, struct yz_error *err)
{
	struct yz_notice n = {.id = ""};
	enum yz_status st;

	(void)yz_copy(n.id, sizeof(n.id), item->id);
	if ((st = copy_field(n.title, sizeof(n.title), item, "title", err)) != YZ_OK ||
	        (st = copy_field(n.text, sizeof(n.text), item, "text", err)) != YZ_OK ||
	        (st = copy_field(n.until, sizeof(n.until), item, "until", err)) != YZ_OK)
		return st;
	if (!*n.title)
		return yz_fail(err, YZ_E_PARSE, "%s: title is missing", item->id);
	return yz_notice_put(t->tx, &n, err);
}

static enum yz_status drop_notice(
        struct taking *t, const struct yz_pulled *item, struct yz_error *err)
{
	return yz_notice_drop(t->tx, item->id, err);
}

/* A parcel that the clerk voided and that moves all the same: somebody has to look. */
static enum yz_status tell_conflict(
        struct taking *t, const struct yz_pulled *item, struct yz_error *err)
{
	struct yz_notice n = {.title = "void-parcel-moves"};

	(void)snprintf(n.id, sizeof(n.id), "parcel.%.48s", item->id);
	(void)yz_copy(n.text, sizeof(n.text), yz_pulled_get(item, "waybill_no"));
	return yz_notice_put(t->tx, &n, err);
}

static enum yz_status take_tracking(
        struct taking *t, const struct yz_pulled *item, struct yz_error *err)
{
	struct yz_tracking row = {.state = ""};
	char number[YZ_NUMBER_SIZE] = "";
	bool void_moves = false;
	enum yz_status st;

	if (!yz_id_parse(item->id, &row.shipment))
		return yz_fail(err, YZ_E_PARSE, "%s: is not the id of a parcel", item->id);
	if ((st = copy_field(row.state, sizeof(row.state), item, "state", err)) != YZ_OK ||
	        (st = copy_field(row.text, sizeof(row.text), item, "text", err)) != YZ_OK ||
	        (st = copy_field(row.moved_at, sizeof(row.moved_at), item, "at", err)) != YZ_OK ||
	        (st = copy_field(number, sizeof(number), item, "waybill_no", err)) != YZ_OK)
		return st;
	if (!*row.state)
		return yz_fail(err, YZ_E_PARSE, "%s: state is missing", item->id);
	/* the number of a courier that gives them online; a parcel that has one keeps it */
	if (*number) {
		st = yz_shipment_set_number(t->tx, &row.shipment, number, err);
		if (st == YZ_E_EXISTS)
			return yz_fail(
			        err, YZ_E_PARSE, "%s: its number is another parcel's", item->id);
		if (st != YZ_OK && st != YZ_E_STATE && st != YZ_E_NOTFOUND)
			return st;
	}
	st = yz_tracking_put(t->tx, &row, &void_moves, err);
	return st == YZ_OK && void_moves ? tell_conflict(t, item, err) : st;
}

static enum yz_status drop_tracking(
        struct taking *t, const struct yz_pulled *item, struct yz_error *err)
{
	struct yz_id shipment;

	if (!yz_id_parse(item->id, &shipment))
		return YZ_OK;
	return yz_tracking_drop(t->tx, &shipment, err);
}

const char *const yz_pulled_streams[] = {"tariffs", "catalogue", "tracking", "notices", NULL};

/* In the order of yz_pulled_streams. */
static const struct {
	take_fn *take, *drop;
} kinds[] = {
        {take_tariff, drop_tariff},
        {take_product, keep_product},
        {take_tracking, drop_tracking},
        {take_notice, drop_notice},
};

static size_t kind_of(const char *stream)
{
	size_t i = 0;

	while (yz_pulled_streams[i + 1] && strcmp(yz_pulled_streams[i], stream) != 0)
		i++;
	return i;
}

/* Notes the item with its reason if the reader refused it; the store's own errors go up. */
static enum yz_status take_one(struct taking *t, const char *stream, const struct yz_pulled *item,
        struct yz_pulled_count *count, struct yz_error *err)
{
	struct yz_feed_item row = {.version = item->version, .gone = item->gone};
	struct yz_error why = {0};
	size_t kind = kind_of(stream);
	enum yz_status st;

	(void)yz_copy(row.id, sizeof(row.id), item->id);
	memcpy(row.digest, item->digest, sizeof(row.digest));
	if (item->odd)
		st = yz_fail(&why, YZ_E_PARSE, "%s: data has more than texts and whole numbers",
		        item->id);
	else
		st = (item->gone ? kinds[kind].drop : kinds[kind].take)(t, item, &why);
	if (st == YZ_E_PARSE || st == YZ_E_RANGE) {
		(void)yz_copy(row.fault, sizeof(row.fault), why.text);
		count->refused++;
	} else if (st != YZ_OK) {
		if (err)
			*err = why;
		return st;
	} else {
		count->taken++;
	}
	return yz_feed_item_put(t->tx, stream, &row, err);
}

static enum yz_status is_newer(struct yz_tx *tx, const char *stream, const struct yz_pulled *item,
        bool *yes, struct yz_error *err)
{
	struct yz_feed_item held;
	enum yz_status st = yz_feed_item_get(yz_tx_store(tx), stream, item->id, &held, err);

	if (st == YZ_OK)
		*yes = item->version > held.version;
	else if (st == YZ_E_NOTFOUND)
		*yes = true;
	return st == YZ_E_NOTFOUND ? YZ_OK : st;
}

enum yz_status yz_pulled_take(struct yz_desk *desk, struct yz_tx *tx, const char *stream,
        const struct yz_pulled *items, size_t n, struct yz_pulled_count *count,
        struct yz_error *err)
{
	struct taking t = {.desk = desk, .tx = tx};
	struct yz_pulled_count c = {0, 0};
	enum yz_status st = YZ_OK;

	for (size_t i = 0; i < n && st == YZ_OK; i++) {
		bool newer = false;

		st = is_newer(tx, stream, &items[i], &newer, err);
		if (st == YZ_OK && newer)
			st = take_one(&t, stream, &items[i], &c, err);
	}
	yz_codes_free(t.codes);
	if (st == YZ_OK)
		*count = c;
	return st;
}

/* What is held as it came needs no taking; a new sheet, notice or parcel's way does. */
static enum yz_status put_back(struct taking *t, const char *stream, const struct yz_pulled *item,
        struct yz_pulled_count *count, struct yz_error *err)
{
	struct yz_feed_item held;
	enum yz_status st = yz_feed_item_get(yz_tx_store(t->tx), stream, item->id, &held, err);

	if (st == YZ_OK && held.version == item->version && held.gone == item->gone &&
	        !memcmp(held.digest, item->digest, sizeof(held.digest)))
		return yz_feed_item_put(t->tx, stream, &held, err);
	if (st != YZ_OK && st != YZ_E_NOTFOUND)
		return st;
	return take_one(t, stream, item, count, err);
}

static enum yz_status sweep(struct taking *t, const char *stream, struct yz_error *err)
{
	struct yz_feed_item left;
	bool found = true;
	enum yz_status st = YZ_OK;

	while (st == YZ_OK) {
		struct yz_pulled item = {.gone = true};

		st = yz_feed_sweep_next(t->tx, stream, &left, &found, err);
		if (st != YZ_OK || !found)
			break;
		(void)yz_copy(item.id, sizeof(item.id), left.id);
		if (!left.gone)
			st = kinds[kind_of(stream)].drop(t, &item, err);
		if (st == YZ_OK)
			st = yz_feed_item_drop(t->tx, stream, left.id, err);
	}
	return st;
}

enum yz_status yz_pulled_replace(struct yz_desk *desk, struct yz_tx *tx, const char *stream,
        const struct yz_pulled *items, size_t n, struct yz_pulled_count *count,
        struct yz_error *err)
{
	struct taking t = {.desk = desk, .tx = tx};
	struct yz_pulled_count c = {0, 0};
	enum yz_status st = yz_feed_sweep_begin(tx, stream, err);

	for (size_t i = 0; i < n && st == YZ_OK; i++)
		st = put_back(&t, stream, &items[i], &c, err);
	if (st == YZ_OK)
		st = sweep(&t, stream, err);
	yz_codes_free(t.codes);
	if (st == YZ_OK)
		*count = c;
	return st;
}
