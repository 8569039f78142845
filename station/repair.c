#include "config.h"

#include "station/repair.h"

#include "base/buf.h"
#include "base/text.h"
#include "store/audit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPEN_MAX = 32 };

static bool is_stuck(const struct yz_op *op)
{
	return op->state == YZ_OP_DEAD || op->state == YZ_OP_HELD;
}

/* The operations of an aggregate from the first refused or held one on. */
static enum yz_status stuck_of(struct yz_tx *tx, const char *agg_prefix, const struct yz_id *agg,
        struct yz_op *rows, size_t *n, struct yz_error *err)
{
	char name[64], id[YZ_ID_TEXT_SIZE];
	size_t got = 0, first = 0;
	enum yz_status st;

	(void)snprintf(name, sizeof(name), "%s:%s", agg_prefix, yz_id_text(agg, id));
	st = yz_outbox_open_of(yz_tx_store(tx), name, rows, OPEN_MAX, &got, err);
	if (st != YZ_OK)
		return st;
	while (first < got && !is_stuck(&rows[first]))
		first++;
	memmove(rows, rows + first, (got - first) * sizeof(*rows));
	*n = got - first;
	return YZ_OK;
}

enum yz_status yz_repair_is_due(struct yz_tx *tx, const char *agg_prefix, const struct yz_id *agg,
        bool *is_due, struct yz_error *err)
{
	struct yz_op *rows = yz_alloc(OPEN_MAX * sizeof(*rows));
	size_t n = 0;
	enum yz_status st = stuck_of(tx, agg_prefix, agg, rows, &n, err);

	if (st == YZ_OK)
		*is_due = n > 0;
	free(rows);
	return st;
}

enum yz_status yz_repair_post(struct yz_tx *tx, const struct yz_opbody_post *p, char *body,
        struct yz_id *op, struct yz_error *err)
{
	struct yz_op *rows = yz_alloc(OPEN_MAX * sizeof(*rows));
	size_t n = 0;
	enum yz_status st = stuck_of(tx, p->agg_prefix, &p->agg, rows, &n, err);

	for (size_t i = 0; st == YZ_OK && i < n; i++) {
		struct yz_opbody_post instead = *p;

		instead.supersedes = rows[i].id;
		if (rows[i].state == YZ_OP_PENDING)
			st = yz_outbox_hold(tx, &rows[i].id, err);
		if (st == YZ_OK)
			st = yz_opbody_post(tx, &instead, yz_strdup(body), op, err);
	}
	if (st == YZ_OK && n == 0)
		st = yz_opbody_post(tx, p, yz_strdup(body), op, err);
	free(rows);
	free(body);
	return st;
}

static enum yz_status check(const struct yz_op *op, struct yz_error *err)
{
	if (!strcmp(op->kind, "shipment.book"))
		return yz_fail_field(err, YZ_E_STATE, "",
		        N_("A parcel is not withdrawn but voided: the money goes back too."));
	if (!is_stuck(op))
		return yz_fail_field(err, YZ_E_STATE, "",
		        N_("Only what was refused or is held can be withdrawn."));
	return YZ_OK;
}

static enum yz_status write(struct yz_desk *desk, struct yz_tx *tx, const struct yz_op *op,
        const char *reason, struct yz_error *err)
{
	struct yz_opbody_post p = {
	        .kind = "operation.cancel", .clerk = desk->clerk.id, .supersedes = op->id};
	char prefix[32], ref[64];
	const char *uuid = strchr(op->agg, ':');
	enum yz_status st;

	if (!uuid || !yz_id_parse(uuid + 1, &p.agg))
		return yz_fail(err, YZ_E_CORRUPT, "an operation about \"%s\"", op->agg);
	(void)snprintf(prefix, sizeof(prefix), "%.*s", (int)(uuid - op->agg), op->agg);
	p.agg_prefix = prefix;
	st = yz_opbody_post(tx, &p,
	        yz_opbody_withdrawal(&op->id, reason, yz_tx_now(tx)->wall_ms, desk->clerk.login),
	        NULL, err);
	if (st != YZ_OK)
		return st;
	yz_desk_ref(ref, "operation", &op->id);
	return yz_audit_add(tx, &desk->clerk.id, "operation.withdraw", ref, op->kind, err);
}

enum yz_status yz_queue_withdraw(struct yz_desk *desk, const struct yz_now *now,
        const struct yz_id *id, const char *reason, struct yz_error *err)
{
	struct yz_tx *tx = NULL;
	struct yz_op op = {.body = NULL};
	enum yz_status st = yz_desk_check_reason(reason, err);

	if (st != YZ_OK || (st = yz_tx_begin(desk->store, now, &tx, err)) != YZ_OK)
		return st;
	if ((st = yz_outbox_get(yz_tx_store(tx), id, &op, err)) == YZ_OK &&
	        (st = check(&op, err)) == YZ_OK)
		st = write(desk, tx, &op, reason, err);
	free(op.body);
	return yz_desk_finish(desk, tx, st, err);
}
