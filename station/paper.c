#include "config.h"

#include "station/paper.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"
#include "station/couriers.h"
#include "store/shipment.h"
#include "store/station.h"

#include <inttypes.h>
#include <libintl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAYMENTS_MAX = 20, GOODS_CHARS_MAX = 40 };

static void flag(struct yz_fields *f, const char *name, bool on)
{
	yz_fields_set(f, name, on ? "yes" : "");
}

static void moment(struct yz_fields *f, const char *name, int64_t ms)
{
	char t[32];

	yz_clock_rfc3339(ms, t, sizeof(t));
	yz_fields_set(f, name, t);
}

static void party(struct yz_fields *f, const char *who, const struct yz_party *p)
{
	const struct {
		const char *name, *value;
	} rows[] = {{"name", p->name}, {"phone", p->phone}, {"region", p->region},
	        {"detail", p->detail}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char name[64];

		(void)snprintf(name, sizeof(name), "%s.%s", who, rows[i].name);
		yz_fields_set(f, name, rows[i].value);
	}
}

static void set_line(struct yz_fields *f, int i, const char *what, const char *value)
{
	char name[64];

	(void)snprintf(name, sizeof(name), "line.%d.%s", i, what);
	yz_fields_set(f, name, value);
}

/* The goods in one line of the label: as many names as fit, then how many kinds there are. */
static void goods_line(struct yz_fields *f, const struct yz_shipment *s)
{
	struct yz_buf all = YZ_BUF_INIT;
	char kinds[32] = "";

	for (int i = 0; i < s->line_count; i++) {
		size_t chars = yz_text_chars(yz_buf_str(&all)) + yz_text_chars(s->lines[i].name);

		if (i && chars > GOODS_CHARS_MAX - 5) {
			(void)snprintf(kinds, sizeof(kinds), "等%d种", s->line_count);
			break;
		}
		yz_buf_printf(&all, "%s%s", i ? "、" : "", s->lines[i].name);
	}
	yz_buf_puts(&all, kinds);
	yz_fields_set(f, "goods", yz_buf_str(&all));
	yz_buf_free(&all);
}

static void goods(struct yz_fields *f, const struct yz_shipment *s)
{
	goods_line(f, s);
	for (int i = 0; i < s->line_count; i++) {
		const struct yz_line *l = &s->lines[i];
		char text[32] = "";

		set_line(f, i, "name", l->name);
		if (l->qty_milli % 1000)
			(void)snprintf(text, sizeof(text), "%" PRId64 ".%03" PRId64,
			        l->qty_milli / 1000, l->qty_milli % 1000);
		else if (l->qty_milli)
			(void)snprintf(text, sizeof(text), "%" PRId64, l->qty_milli / 1000);
		set_line(f, i, "qty", text);
		if (!l->mass_g)
			continue;
		(void)snprintf(text, sizeof(text), "%" PRId64, l->mass_g);
		set_line(f, i, "mass_g", text);
	}
}

static enum yz_status people(
        struct yz_store *s, const struct yz_shipment *sh, struct yz_fields *f, struct yz_error *err)
{
	struct yz_station station;
	struct yz_clerk clerk;
	char address[YZ_REGION_SIZE + YZ_DETAIL_SIZE];
	enum yz_status st;

	if ((st = yz_station_get(s, &station, err)) != YZ_OK ||
	        (st = yz_clerk_get(s, &sh->clerk, &clerk, err)) != YZ_OK)
		return st;
	(void)snprintf(address, sizeof(address), "%s%s", station.region, station.detail);
	yz_fields_set(f, "station.name", station.name);
	yz_fields_set(f, "station.id", station.id);
	yz_fields_set(f, "station.phone", station.phone);
	yz_fields_set(f, "station.address", address);
	yz_fields_set(f, "clerk.name", clerk.name);
	party(f, "sender", &sh->sender);
	party(f, "receiver", &sh->receiver);
	return YZ_OK;
}

static void service(
        const struct yz_couriers *couriers, const struct yz_shipment *s, struct yz_fields *f)
{
	const struct yz_courier *brand = yz_couriers_find(couriers, s->courier);
	const struct yz_courier *carrier = yz_couriers_find(couriers, s->carrier);
	bool other = strcmp(s->courier, s->carrier) != 0;

	yz_fields_set(f, "waybill.no", *s->waybill_no ? s->waybill_no : s->station_no);
	flag(f, "waybill.provisional", !*s->waybill_no);
	yz_fields_set(f, "order_no", s->station_no);
	yz_fields_set(f, "courier.code", s->courier);
	yz_fields_set(f, "courier.name", brand ? brand->name : s->courier);
	yz_fields_set(f, "carrier.name", !other ? "" : carrier ? carrier->name : s->carrier);
	yz_fields_set(f, "service", s->service);
	yz_fields_set(f, "special_line", s->product_line);
	yz_fields_set(f, "complaint_phone", brand ? brand->phone : "");
	/* the law wants it in Chinese, whatever language the program speaks: the msgid's Chinese
	 * stands in the catalogue, and the print program runs in Chinese */
	yz_fields_set(f, "claim_rule", brand ? gettext(yz_claim_say(brand->claim_rule)) : "");
}

static void money(
        struct yz_fields *f, const struct yz_shipment *s, const struct yz_payment *rows, size_t n)
{
	char tariff[64];
	int64_t refund_fen = 0;

	yz_fields_set_int(f, "freight_fen", s->freight_fen);
	yz_fields_set_int(f, "insured_fen", s->insured_fen);
	yz_fields_set_int(f, "insurance_fen", s->insurance_fen);
	yz_fields_set_int(f, "packing_fen", s->packing_fen);
	yz_fields_set_int(f, "total_fen", s->total_fen);
	yz_fields_set(f, "payer", s->payer);
	yz_fields_set(f, "paid_by", !strcmp(s->payer, "monthly") ? "monthly" : "");
	for (size_t i = 0; i < n; i++) {
		if (rows[i].amount_fen > 0)
			yz_fields_set(f, "paid_by", rows[i].method);
		else
			refund_fen -= rows[i].amount_fen;
	}
	if (refund_fen)
		yz_fields_set_int(f, "refund_fen", refund_fen);
	(void)snprintf(tariff, sizeof(tariff), "%s #%d", s->tariff, s->tariff_row);
	yz_fields_set(f, "tariff", *s->tariff ? tariff : "");
}

static void marks(struct yz_fields *f, const struct yz_shipment *s, const struct yz_print_job *job)
{
	yz_fields_set_int(f, "pieces", s->pieces);
	yz_fields_set_int(f, "weight_g", s->weight_g);
	yz_fields_set_int(f, "billed_g", s->billed_g);
	flag(f, "identity_seen", s->identity_seen);
	flag(f, "inspected", s->inspected);
	flag(f, "terms_read", s->terms_read);
	yz_fields_set_int(f, "print_no", job->print_no);
	flag(f, "reprint", job->print_no > 1);
	moment(f, "booked_at", s->booked_ms);
	if (s->state == YZ_SHIPMENT_VOID) {
		yz_fields_set(f, "void.reason", s->void_reason);
		moment(f, "void.at", s->voided_ms);
		yz_fields_set(f, "refund.no", s->station_no);
	}
}

enum yz_status yz_paper_fields(struct yz_store *s, struct yz_books *books,
        const struct yz_print_job *job, struct yz_fields *out, struct yz_error *err)
{
	struct yz_payment rows[PAYMENTS_MAX];
	struct yz_shipment *sh = yz_alloc(sizeof(*sh));
	const struct yz_couriers *couriers;
	size_t n = 0;
	enum yz_status st;

	if ((st = yz_shipment_get(s, &job->shipment, sh, err)) != YZ_OK ||
	        (st = yz_payment_list(s, &sh->id, rows, PAYMENTS_MAX, &n, err)) != YZ_OK ||
	        (st = yz_books_couriers(books, &couriers, err)) != YZ_OK ||
	        (st = people(s, sh, out, err)) != YZ_OK)
		goto done;
	service(couriers, sh, out);
	goods(out, sh);
	money(out, sh, rows, n);
	marks(out, sh, job);
done:
	free(sh);
	return st;
}
