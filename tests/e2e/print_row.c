/* Puts print jobs into a station's database for tests/e2e/print.sh, without a screen, and tells how
 * they stand. print_row DIR init COURIERS.csv        a station with a clerk and couriers print_row
 * DIR add PAPER TEMPLATE N     N parcels, each with one job; prints the jobs' ids print_row DIR
 * show ID...               "state trouble attempts cups_job" of each print_row DIR meta KEY... the
 * value of each */
#include "config.h"

#include "base/bell.h"
#include "base/file.h"
#include "store/print_job.h"
#include "store/reference.h"
#include "store/shipment.h"
#include "store/station.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 1 << 20, COUNT_MAX = 1000 };

static const char *const states[] = {"waiting", "sent", "done", "failed", "ask", "cancelled"};

static void set(char *out, size_t size, const char *text)
{
	(void)yz_copy(out, size, text);
}

static enum yz_status fill_station(
        struct yz_tx *tx, const struct yz_buf *couriers, struct yz_error *err)
{
	struct yz_station station = {.id = "QJ530381", .level = "township", .code = "530381100"};
	struct yz_clerk clerk = {
	        .login = "demo", .role = "clerk", .pin_hash = "none", .active = true};
	struct yz_reference ref = {.kind = "couriers", .rows = 1};
	enum yz_status st;

	set(station.name, sizeof(station.name), "宝山镇电商公共服务站");
	set(station.region, sizeof(station.region), "云南省曲靖市宣威市宝山镇");
	set(clerk.name, sizeof(clerk.name), "演示员");
	clerk.id = yz_id_new(yz_tx_now(tx)->wall_ms);
	st = yz_station_put(tx, &station, err);
	if (st == YZ_OK)
		st = yz_clerk_add(tx, &clerk, err);
	if (st == YZ_OK)
		st = yz_reference_put(tx, &ref, couriers->data, couriers->len, err);
	return st;
}

static enum yz_status init(struct yz_store *s, char **arg, int n, struct yz_error *err)
{
	struct yz_now now = yz_clock_now(0);
	struct yz_buf couriers = YZ_BUF_INIT;
	struct yz_tx *tx = NULL;
	enum yz_status st = n == 1 ? yz_file_read(&couriers, arg[0], FILE_MAX, err) : YZ_E_RANGE;

	if (st == YZ_OK)
		st = yz_tx_begin(s, &now, &tx, err);
	if (st == YZ_OK)
		st = fill_station(tx, &couriers, err);
	if (st == YZ_OK) {
		st = yz_tx_commit(tx, err);
		tx = NULL;
	}
	yz_tx_rollback(tx);
	yz_buf_free(&couriers);
	return st;
}

static void fill_party(struct yz_party *p, const char *name, const char *phone)
{
	set(p->name, sizeof(p->name), name);
	set(p->phone, sizeof(p->phone), phone);
	set(p->code, sizeof(p->code), "530381100");
	set(p->region, sizeof(p->region), "云南省曲靖市宣威市宝山镇");
	set(p->detail, sizeof(p->detail), "宝山村三组12号");
}

static enum yz_status add_one(struct yz_tx *tx, const char *paper, const char *template,
        struct yz_print_job *job, struct yz_error *err)
{
	struct yz_shipment s = {.courier = "EMS",
	        .carrier = "EMS",
	        .service = "std",
	        .line_count = 1,
	        .pieces = 1,
	        .weight_g = 2600,
	        .billed_g = 3000,
	        .freight_fen = 1200,
	        .total_fen = 1200,
	        .payer = "sender",
	        .identity_seen = true,
	        .inspected = true,
	        .terms_read = true};
	struct yz_clerk clerk;
	int64_t number = 0;
	enum yz_status st = yz_clerk_find(yz_tx_store(tx), "demo", &clerk, err);

	if (st == YZ_OK)
		st = yz_counter_next(tx, "test.number", &number, err);
	if (st != YZ_OK)
		return st;
	s.id = yz_id_new(yz_tx_now(tx)->wall_ms);
	s.clerk = clerk.id;
	(void)snprintf(s.station_no, sizeof(s.station_no), "QJ530381%06lld", (long long)number);
	(void)snprintf(s.waybill_no, sizeof(s.waybill_no), "1%012lld", (long long)number);
	fill_party(&s.sender, "李桂花", "13800004412");
	fill_party(&s.receiver, "王芳", "13900001234");
	set(s.lines[0].name, sizeof(s.lines[0].name), "小黄姜");
	s.lines[0].qty_milli = 5000;
	*job = (struct yz_print_job){.shipment = s.id, .clerk = clerk.id};
	set(job->paper, sizeof(job->paper), paper);
	set(job->template, sizeof(job->template), template);
	st = yz_shipment_add(tx, &s, err);
	if (st == YZ_OK) {
		struct yz_payment paid = {
		        .shipment = s.id, .method = "cash", .amount_fen = 1200, .clerk = clerk.id};

		st = yz_payment_add(tx, &paid, err);
	}
	return st == YZ_OK ? yz_print_job_add(tx, job, err) : st;
}

static enum yz_status add(struct yz_store *s, char **arg, int n, struct yz_error *err)
{
	struct yz_now now = yz_clock_now(0);
	long count = n == 3 ? strtol(arg[2], NULL, 10) : 0;
	enum yz_status st = count > 0 && count <= COUNT_MAX ? YZ_OK : YZ_E_RANGE;
	char id[YZ_ID_TEXT_SIZE], bell[512];

	for (long i = 0; i < count && st == YZ_OK; i++) {
		struct yz_tx *tx = NULL;
		struct yz_print_job job;

		st = yz_tx_begin(s, &now, &tx, err);
		if (st == YZ_OK)
			st = add_one(tx, arg[0], arg[1], &job, err);
		if (st != YZ_OK) {
			yz_tx_rollback(tx);
			break;
		}
		st = yz_tx_commit(tx, err);
		if (st == YZ_OK)
			(void)printf("%s\n", yz_id_text(&job.id, id));
	}
	(void)snprintf(bell, sizeof(bell), "%s/run/print", yz_store_dir(s));
	yz_bell_ring(bell);
	return st;
}

static enum yz_status show(struct yz_store *s, char **arg, int n, struct yz_error *err)
{
	enum yz_status st = YZ_OK;

	for (int i = 0; i < n && st == YZ_OK; i++) {
		struct yz_print_job job;
		struct yz_id id;

		st = yz_id_parse(arg[i], &id) ? yz_print_job_get(s, &id, &job, err) : YZ_E_RANGE;
		if (st == YZ_OK)
			(void)printf("%s %s %d %d\n", states[job.state],
			        *job.trouble ? job.trouble : "-", job.attempts, job.cups_job);
	}
	return st;
}

static enum yz_status meta(struct yz_store *s, char **arg, int n, struct yz_error *err)
{
	enum yz_status st = YZ_OK;

	for (int i = 0; i < n && st == YZ_OK; i++) {
		char value[1024];

		st = yz_meta_get(s, arg[i], value, sizeof(value), err);
		if (st == YZ_OK)
			(void)printf("%s\n", value);
	}
	return st;
}

static const struct {
	const char *name;
	enum yz_status (*run)(struct yz_store *s, char **arg, int n, struct yz_error *err);
} verbs[] = {{"init", init}, {"add", add}, {"show", show}, {"meta", meta}};

int main(int argc, char **argv)
{
	struct yz_error err = {.text = "wrong use"};
	struct yz_store *s = NULL;
	enum yz_status st =
	        argc > 2 ? yz_store_open(&s, argv[1], YZ_STORE_CREATE, &err) : YZ_E_RANGE;

	for (size_t i = 0; st == YZ_OK && i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (!strcmp(verbs[i].name, argv[2]))
			st = verbs[i].run(s, argv + 3, argc - 3, &err);
	yz_store_close(s);
	if (st != YZ_OK)
		(void)fprintf(stderr, "print_row: %s: %s\n", yz_status_name(st), err.text);
	return st == YZ_OK ? 0 : 1;
}
