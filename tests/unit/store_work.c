#include "config.h"

#include "tests/unit/store_work.h"

#include "store/audit.h"
#include "store/draft.h"
#include "store/outbox.h"
#include "store/pool.h"
#include "store/print_job.h"
#include "store/product.h"
#include "store/reference.h"
#include "store/shipment.h"
#include "store/station.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char body[] = "{\"goods\":\"小黄姜\"}";

static void write_people(struct yz_tx *tx, struct yz_contact *who)
{
	struct yz_farmer farm = {.kind = "household", .village = "530381001", .id_sealed_len = 9};
	struct yz_consent yes = {.purpose = "platform_upload", .wording = "1", .how = "spoken"};
	struct yz_product ginger = {.item_no = "JIANG-1", .name = "小黄姜", .unit = "035"};

	for (int i = 0; i < 2; i++) {
		assert_ok(yz_contact_put(tx, who, NULL));
		farm.contact = yes.contact = who->id;
		assert_ok(yz_farmer_put(tx, &farm, NULL));
		assert_ok(yz_product_put(tx, &ginger, NULL));
	}
	assert_ok(yz_consent_add(tx, &yes, NULL));
	assert_ok(yz_consent_withdraw(tx, &yes.id, NULL));
}

static void write_parcel(struct yz_tx *tx, const struct yz_contact *who, int n)
{
	struct yz_shipment *s = yz_alloc(sizeof(*s));
	struct yz_op op = {.kind = "shipment.book", .body = body, .body_len = strlen(body)};
	struct yz_payment pay = {.method = "cash", .amount_fen = 1200};
	struct yz_print_job job = {.paper = "waybill"};
	struct yz_pool from;
	int64_t number;

	assert_ok(yz_pool_take(tx, "SF", &from, &number, NULL));
	*s = (struct yz_shipment){.id = yz_id_new(n + 1),
	        .courier = "SF",
	        .pieces = 1,
	        .sender = {.name = "李明", .phone = "13800000001", .contact = who->id},
	        .receiver = {.name = "王芳", .detail = "世纪大道100号"},
	        .lines = {{.name = "小黄姜", .mass_g = 2500}},
	        .line_count = 1};
	(void)snprintf(s->station_no, sizeof(s->station_no), "QJ%06d", n);
	(void)snprintf(s->waybill_no, sizeof(s->waybill_no), "SF%06lld", (long long)number);
	assert_ok(yz_shipment_add(tx, s, NULL));
	pay.shipment = job.shipment = s->id;
	assert_ok(yz_pool_note(tx, &from, number, &s->id, NULL));
	assert_ok(yz_payment_add(tx, &pay, NULL));
	assert_ok(yz_print_job_add(tx, &job, NULL));
	job.state = YZ_PRINT_DONE;
	assert_ok(yz_print_job_update(tx, &job, NULL));
	(void)snprintf(op.agg, sizeof(op.agg), "shipment/%d", n);
	assert_ok(yz_outbox_add(tx, &op, NULL));
	if (n % 3 == 0) {
		assert_ok(yz_outbox_ack(tx, &op.id, "srv", NULL));
	} else if (n % 3 == 1) {
		struct yz_op repair = op;

		repair.id = (struct yz_id){{0}};
		repair.supersedes = op.id;
		repair.body = body;
		assert_ok(yz_outbox_refuse(tx, &op.id, "validation", "电话不对", NULL, NULL));
		assert_ok(yz_outbox_add(tx, &repair, NULL));
		assert_ok(yz_pool_give_back(tx, &s->id, n % 2, NULL));
		assert_ok(yz_shipment_set_void(tx, &s->id, NULL, "写错了", NULL));
	}
	assert_ok(yz_audit_add(tx, NULL, "shipment.book", s->station_no, "", NULL));
	free(s);
}

void write_parcels(struct store_case *c, int first, int last)
{
	struct yz_contact who = {.id = {{0}}};

	for (int i = first; i < last; i++) {
		struct yz_tx *tx = begin(c);

		write_parcel(tx, &who, i);
		commit(tx);
	}
}

void write_all(struct store_case *c)
{
	struct yz_pool p = {.courier = "SF",
	        .source = "range",
	        .prefix = "SF",
	        .width = 6,
	        .lo = 1,
	        .hi = 9999,
	        .next = 1};
	struct yz_station home = {.id = "QJ1", .name = "宝山站", .level = "township"};
	struct yz_reference sheet = {.kind = "tariff", .name = "1", .rows = 1};
	struct yz_recipient key = {.code = "realname:SF", .name = "SF"};
	struct yz_clerk clerk = {.login = "li", .name = "李", .role = "clerk", .active = true};
	struct yz_contact who = {.name = "李明", .phone = "13800000001"};
	struct yz_fields fields = YZ_FIELDS_INIT;
	struct yz_tx *tx = begin(c);
	int64_t n;

	clerk.id = yz_id_new(1);
	for (int i = 0; i < 2; i++) {
		assert_ok(yz_station_put(tx, &home, NULL));
		assert_ok(yz_reference_put(tx, &sheet, "a,b\n", 4, NULL));
		assert_ok(yz_recipient_put(tx, &key, NULL));
		assert_ok(yz_meta_put(tx, "link.state", i ? "online" : "offline", NULL));
		assert_ok(yz_counter_next(tx, "order", &n, NULL));
	}
	assert_ok(yz_clerk_add(tx, &clerk, NULL));
	clerk.failures = 3;
	assert_ok(yz_clerk_update(tx, &clerk, NULL));
	assert_ok(yz_pool_add(tx, &p, NULL));
	write_people(tx, &who);
	commit(tx);
	yz_fields_set(&fields, "name", "王");
	for (int i = 0; i < 2; i++)
		assert_ok(yz_draft_save(c->s, &c->now, &clerk.id, "booking", &fields, NULL));
	assert_ok(yz_draft_save(c->s, &c->now, &clerk.id, "farmer", &fields, NULL));
	yz_fields_free(&fields);
	tx = begin(c);
	assert_ok(yz_draft_drop(tx, &clerk.id, "booking", NULL));
	commit(tx);
	write_parcels(c, 0, 12);
}
