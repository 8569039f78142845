#include "config.h"

#include "station/queue.h"

#include "base/buf.h"
#include "station/lease.h"
#include "store/audit.h"
#include "store/guard.h"
#include "store/shipment.h"

#include <stdlib.h>
#include <string.h>

enum { STOCK_MAX = 32 };

/* Days of work that a courier's numbers last; without a known busy day the bare count decides. */
static bool ends_sooner(const struct yz_stock *a, const struct yz_stock *b)
{
	int64_t a_day = a->busy_day > 0 ? a->busy_day : YZ_LEASE_LOW_LEAST / YZ_LEASE_LOW_DAYS,
	        b_day = b->busy_day > 0 ? b->busy_day : YZ_LEASE_LOW_LEAST / YZ_LEASE_LOW_DAYS;

	return a->left * b_day < b->left * a_day;
}

static enum yz_status find_low(struct yz_store *s, struct yz_pulse *p, struct yz_error *err)
{
	struct yz_stock rows[STOCK_MAX];
	const struct yz_stock *low = NULL;
	size_t n = 0;
	enum yz_status st = yz_pool_stock(s, rows, STOCK_MAX, &n, err);

	for (size_t i = 0; st == YZ_OK && i < n; i++)
		if (yz_lease_is_low(rows[i].left, rows[i].busy_day) &&
		        (!low || ends_sooner(&rows[i], low)))
			low = &rows[i];
	if (!low)
		return st;
	(void)yz_copy(p->low_courier, sizeof(p->low_courier), low->courier);
	p->low_left = low->left;
	p->low_days = low->busy_day > 0 ? low->left / low->busy_day : 0;
	return st;
}

enum yz_status yz_pulse_read(
        struct yz_store *s, bool platform_configured, struct yz_pulse *out, struct yz_error *err)
{
	struct yz_pulse p = {.standalone = !platform_configured};
	struct yz_day day;
	char state[YZ_SHORT_SIZE] = "", since[24] = "";
	enum yz_status st;

	if ((st = yz_meta_get(s, "link.state", state, sizeof(state), err)) != YZ_OK ||
	        (st = yz_meta_get(s, "link.since_ms", since, sizeof(since), err)) != YZ_OK ||
	        (st = yz_meta_get(s, "link.why", p.why, sizeof(p.why), err)) != YZ_OK ||
	        (st = yz_meta_get(s, "printer.waybill.state", p.waybill_printer,
	                 sizeof(p.waybill_printer), err)) != YZ_OK ||
	        (st = yz_meta_get(s, "printer.receipt.state", p.receipt_printer,
	                 sizeof(p.receipt_printer), err)) != YZ_OK ||
	        (st = yz_outbox_count(s, &p.ops, err)) != YZ_OK ||
	        (st = yz_day_get(s, 0, &day, err)) != YZ_OK || (st = find_low(s, &p, err)) != YZ_OK)
		return st;
	p.is_damaged = yz_store_is_damaged(s, NULL) || yz_damage_read(yz_store_dir(s), NULL, 0);
	p.is_disk_full = yz_space_check(s, NULL) == YZ_E_FULL;
	/* what a dead program last wrote is not the truth of now */
	p.sync_runs = yz_desk_is_running(yz_store_dir(s), "sync");
	p.print_runs = yz_desk_is_running(yz_store_dir(s), "print");
	if (!p.sync_runs)
		(void)yz_copy(p.why, sizeof(p.why), "not-running");
	if (!p.print_runs)
		p.waybill_printer[0] = p.receipt_printer[0] = '\0';
	p.online = platform_configured && p.sync_runs && !strcmp(state, "online");
	p.offline_since_ms = p.online ? 0 : strtoll(since, NULL, 10);
	p.prints_waiting = day.prints_waiting;
	p.prints_failed = day.prints_failed;
	*out = p;
	return YZ_OK;
}

static enum yz_status change(struct yz_desk *desk, const struct yz_now *now, const struct yz_id *op,
        bool hold, struct yz_error *err)
{
	struct yz_tx *tx = NULL;
	char ref[64];
	enum yz_status st = yz_tx_begin(desk->store, now, &tx, err);

	if (st == YZ_OK)
		st = hold ? yz_outbox_hold(tx, op, err) : yz_outbox_retry(tx, op, err);
	yz_desk_ref(ref, "operation", op);
	if (st == YZ_OK)
		st = yz_audit_add(tx, &desk->clerk.id, hold ? "operation.hold" : "operation.retry",
		        ref, "", err);
	return yz_desk_finish(desk, tx, st, err);
}

enum yz_status yz_queue_hold(struct yz_desk *desk, const struct yz_now *now, const struct yz_id *op,
        struct yz_error *err)
{
	return change(desk, now, op, true, err);
}

enum yz_status yz_queue_retry(struct yz_desk *desk, const struct yz_now *now,
        const struct yz_id *op, struct yz_error *err)
{
	return change(desk, now, op, false, err);
}
