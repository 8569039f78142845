/* A clerk without a screen, for tests that kill her: books, voids and changes products through the
 * product's own use cases and writes a receipt (an operation's id and a newline) for each.
 *   clerk --make              makes a station with a clerk, prices and numbers; prints its folder
 *   clerk DIR NAP_US [COUNT]  works there, for ever or COUNT times; receipts go to DIR/receipts */
#include "config.h"

#include "base/buf.h"
#include "station/register.h"
#include "store/outbox.h"
#include "tests/fault/fault.h"
#include "tests/fault/world.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct clerk {
	struct world w;
	struct yz_product product;
	int receipts;
	long nap_us, count;
};

static void must(enum yz_status st, const struct yz_error *err)
{
	if (st != YZ_OK)
		fault_stop("clerk: %s", err->text);
}

/* One write: a kill leaves it whole or away. */
static void receipt(struct clerk *c, const struct yz_id *op)
{
	char line[YZ_ID_TEXT_SIZE + 1];

	(void)yz_id_text(op, line);
	line[YZ_ID_TEXT_SIZE - 1] = '\n';
	if (write(c->receipts, line, YZ_ID_TEXT_SIZE) != YZ_ID_TEXT_SIZE)
		fault_stop("clerk: no receipt");
}

/* The operation that the last save of this record made. */
static void receipt_of(struct clerk *c, const char *kind, const struct yz_id *id)
{
	struct yz_error err;
	struct yz_op op;
	char agg[64], text[YZ_ID_TEXT_SIZE];

	(void)snprintf(agg, sizeof(agg), "%s:%s", kind, yz_id_text(id, text));
	must(yz_outbox_last(c->w.f.desk.store, agg, &op, &err), &err);
	receipt(c, &op.id);
}

static void book(struct clerk *c, bool voids)
{
	struct world_receipt r;
	struct yz_error err;

	must(world_book(&c->w, &r, &err), &err);
	receipt(c, &r.op);
	if (!voids)
		return;
	must(yz_shipment_void(
	             &c->w.f.desk, c->w.f.books, &c->w.f.now, &r.shipment, "客户改寄", &err),
	        &err);
	receipt_of(c, "shipment", &r.shipment);
}

static void change_product(struct clerk *c)
{
	struct yz_error err;

	c->product.price_fen++;
	must(yz_product_save(&c->w.f.desk, &c->w.f.now, &c->product, &err), &err);
	receipt_of(c, "product", &c->product.id);
}

static void work(struct clerk *c)
{
	(void)yz_copy(c->product.name, sizeof(c->product.name), "小黄姜");
	(void)yz_copy(c->product.unit, sizeof(c->product.unit), "035");
	for (long i = 1; i <= c->count; i++) {
		c->w.f.now = yz_clock_now(0);
		if (i % 4 == 0)
			change_product(c);
		else
			book(c, i % 8 == 1);
		fault_nap_us(c->nap_us);
	}
}

static void sit_down(struct clerk *c, const char *dir)
{
	struct yz_error err;
	char path[160];

	(void)yz_copy(c->w.f.dir, sizeof(c->w.f.dir), dir);
	must(world_open(&c->w, &err), &err);
	must(yz_station_get(c->w.f.desk.store, &c->w.f.desk.station, &err), &err);
	must(yz_clerk_find(c->w.f.desk.store, "demo", &c->w.f.desk.clerk, &err), &err);
	(void)snprintf(path, sizeof(path), "%s/receipts", dir);
	c->receipts = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	if (c->receipts < 0)
		fault_stop("clerk: cannot write %s", path);
}

int main(int argc, char **argv)
{
	struct clerk *c = yz_alloc(sizeof(*c));

	if (argc == 2 && !strcmp(argv[1], "--make")) {
		world_make(&c->w);
		(void)puts(c->w.f.dir);
	} else if (argc == 3 || argc == 4) {
		c->nap_us = strtol(argv[2], NULL, 10);
		c->count = argc == 4 ? strtol(argv[3], NULL, 10) : LONG_MAX;
		sit_down(c, argv[1]);
		work(c);
		world_shut(&c->w);
		(void)close(c->receipts);
	} else {
		fault_stop("usage: clerk --make | clerk DIR NAP_US [COUNT]");
	}
	free(c);
	return 0;
}
