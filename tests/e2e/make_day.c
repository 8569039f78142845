/* make_day DIR COUNT SEED: books COUNT parcels as one clerk's day at the station in DIR, which has
 * its reference data, numbers and a clerk "demo" already. Every eighth sender is a farmer
 * registered on the spot, with consent and a product of the catalogue. Names, phones and addresses
 * are drawn from the address corpus and changed by chance; SEED makes a day repeatable but for its
 * ids. */
#include "config.h"

#include "base/buf.h"
#include "base/csv.h"
#include "base/file.h"
#include "station/booking.h"
#include "station/register.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PEOPLE_MAX = 1000, SHIFT_MS = 8 * 3600 * 1000, FARMER_EACH = 8 };

struct day {
	struct yz_desk desk;
	struct yz_books *books;
	struct yz_now now;
	struct yz_party people[PEOPLE_MAX];
	size_t count;
	unsigned seed;
};

static void must(enum yz_status st, const struct yz_error *err)
{
	if (st == YZ_OK)
		return;
	(void)fprintf(stderr, "make_day: %s: %s %s\n", yz_status_name(st), err->field, err->text);
	exit(3);
}

static int chance(struct day *d, int below)
{
	return rand_r(&d->seed) % below;
}

static void read_people(struct day *d, const char *file)
{
	struct yz_buf text = YZ_BUF_INIT;
	struct yz_csv *csv = NULL;
	struct yz_error err = {0};
	bool more = true;

	must(yz_file_read_text(&text, file, 1 << 20, &err), &err);
	must(yz_csv_open(&csv, text.data, file, &err), &err);
	while (yz_csv_next(csv, &more, &err) == YZ_OK && more && d->count < PEOPLE_MAX) {
		struct yz_party *p = &d->people[d->count];
		size_t code = strlen(yz_csv_get(csv, "code"));

		if ((code != 6 && code != 9 && code != 12) || !*yz_csv_get(csv, "detail") ||
		        strlen(yz_csv_get(csv, "name")) < 6)
			continue;
		(void)yz_copy(p->name, sizeof(p->name), yz_csv_get(csv, "name"));
		(void)yz_copy(p->code, sizeof(p->code), yz_csv_get(csv, "code"));
		(void)yz_copy(p->region, sizeof(p->region), "云南省");
		(void)yz_copy(p->detail, sizeof(p->detail), yz_csv_get(csv, "detail"));
		d->count++;
	}
	yz_csv_free(csv);
	yz_buf_free(&text);
}

/* Another person at an address of the corpus: the last character of the name, the phone and the
 * digits of the house are drawn anew. */
static void someone(struct day *d, struct yz_party *p)
{
	static const char *const given[] = {"芳", "伟", "娜", "敏", "静", "丽", "强", "磊", "军",
	        "洋", "勇", "艳", "杰", "娟", "涛", "明", "超", "兰", "霞", "平", "桂", "琼", "仙",
	        "荣"};
	static const char *const mobile[] = {"138", "139", "135", "159", "187", "151", "183"};
	size_t keep = 3;

	*p = d->people[chance(d, (int)d->count)];
	p->name[keep] = '\0';
	for (int i = 1 + chance(d, 2); i > 0; i--) {
		(void)yz_copy(p->name + keep, sizeof(p->name) - keep, given[chance(d, 24)]);
		keep += 3;
	}
	(void)snprintf(p->phone, sizeof(p->phone), "%s%04d%04d", mobile[chance(d, 7)],
	        chance(d, 10000), chance(d, 10000));
	for (char *c = p->detail; *c; c++)
		if (*c >= '1' && *c <= '9')
			*c = (char)('1' + chance(d, 9));
}

static void register_farmer(struct day *d, struct yz_party *p, struct yz_id *product)
{
	struct yz_farmer_form f = {.consent_upload = true};
	struct yz_product goods = {.unit = "035", .price_fen = 100 + chance(d, 50) * 50};
	struct yz_error err = {0};

	(void)yz_copy(f.contact.name, sizeof(f.contact.name), p->name);
	(void)yz_copy(f.contact.phone, sizeof(f.contact.phone), p->phone);
	(void)yz_copy(f.contact.code, sizeof(f.contact.code), p->code);
	(void)yz_copy(f.contact.region, sizeof(f.contact.region), p->region);
	(void)yz_copy(f.contact.detail, sizeof(f.contact.detail), p->detail);
	(void)yz_copy(f.farmer.kind, sizeof(f.farmer.kind), "household");
	must(yz_farmer_save(&d->desk, &d->now, &f, &err), &err);
	p->contact = f.contact.id;
	(void)yz_copy(goods.name, sizeof(goods.name), "小黄姜");
	goods.farmer = f.contact.id;
	must(yz_product_save(&d->desk, &d->now, &goods, &err), &err);
	*product = goods.id;
}

static void book(struct day *d, int n)
{
	static const char *const goods[] = {
	        "小黄姜", "宣威火腿", "马铃薯", "蓝莓", "核桃", "干辣椒", "蜂蜜", "荞麦"};
	static const char *const ways[] = {"cash", "wechat", "wechat", "alipay"};
	struct yz_booking b = {.pieces = 1, .line_count = 1, .keep_sender = true};
	struct yz_shipment *s = yz_alloc(sizeof(*s));
	struct yz_error err = {0};

	someone(d, &b.sender);
	someone(d, &b.receiver);
	if (n % FARMER_EACH == 0)
		register_farmer(d, &b.sender, &b.lines[0].product);
	(void)yz_copy(b.lines[0].name, sizeof(b.lines[0].name), goods[chance(d, 8)]);
	b.lines[0].qty_milli = 1000 * (1 + chance(d, 20));
	(void)yz_copy(b.lines[0].unit, sizeof(b.lines[0].unit), "075");
	b.lines[0].mass_g = 500 * (1 + chance(d, 30));
	b.weight_g = b.lines[0].mass_g + 10 * chance(d, 40);
	(void)yz_copy(b.courier, sizeof(b.courier), chance(d, 3) ? "ZTO" : "YTO");
	(void)yz_copy(b.payer, sizeof(b.payer), "sender");
	(void)yz_copy(b.method, sizeof(b.method), ways[chance(d, 4)]);
	(void)yz_copy(b.id_last4, sizeof(b.id_last4), "1234");
	b.packing_fen = 100 * chance(d, 4);
	b.identity_seen = b.inspected = b.terms_read = true;
	must(yz_booking_save(&d->desk, d->books, &d->now, &b, s, &err), &err);
	free(s);
}

int main(int argc, char **argv)
{
	struct day *d = yz_alloc(sizeof(*d));
	struct yz_error err = {0};
	int count = argc == 4 ? (int)strtol(argv[2], NULL, 10) : 0;
	char corpus[512];

	if (count < 1) {
		(void)fprintf(stderr, "usage: make_day DIR COUNT SEED\n");
		return 2;
	}
	d->seed = (unsigned)strtoul(argv[3], NULL, 10);
	(void)snprintf(corpus, sizeof(corpus), "%s/tests/fixtures/address-corpus.csv",
	        getenv("YZ_SRCDIR") ? getenv("YZ_SRCDIR") : ".");
	read_people(d, corpus);
	must(yz_store_open(&d->desk.store, argv[1], 0, &err), &err);
	must(yz_station_get(d->desk.store, &d->desk.station, &err), &err);
	must(yz_clerk_find(d->desk.store, "demo", &d->desk.clerk, &err), &err);
	d->books = yz_books_new(d->desk.store);
	d->now = yz_clock_now(0);
	d->now.wall_ms -= SHIFT_MS;
	for (int i = 0; i < count; i++) {
		int64_t step = 1 + chance(d, 2 * SHIFT_MS / count - 1);

		d->now.wall_ms += step;
		d->now.mono_ms += step;
		book(d, i);
	}
	yz_books_free(d->books);
	yz_store_close(d->desk.store);
	free(d);
	return 0;
}
