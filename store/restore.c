#include "config.h"

#include "store/restore.h"

#include "base/buf.h"
#include "store/audit.h"
#include "store/db.h"
#include "store/op.h"
#include "store/pool.h"
#include "store/pool_lease.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* Above what a station can have given out since its last backup; where the database that is
 * replaced can be read, above what it says. */
static const struct {
	const char *name;
	int64_t blind, seeing;
} counters[] = {{"order", 100000, 1000}, {"item", 1000, 100}};

enum { BLIND_EPOCHS = 1000 };

static int64_t epoch_of(struct yz_store *s, bool *known)
{
	char text[24] = "";

	*known = yz_meta_get(s, "agent.epoch", text, sizeof(text), NULL) == YZ_OK;
	return *text ? strtoll(text, NULL, 10) : 1;
}

static enum yz_status raise_epoch(
        struct yz_tx *tx, struct yz_store *before, int64_t *epoch, struct yz_error *err)
{
	bool known = false;
	int64_t here = epoch_of(tx->s, &known), there = before ? epoch_of(before, &known) : 0;
	char text[24];

	if (!before || !known)
		here += BLIND_EPOCHS;
	*epoch = 1 + (there > here ? there : here);
	(void)snprintf(text, sizeof(text), "%" PRId64, *epoch);
	return yz_meta_put(tx, "agent.epoch", text, err);
}

static int64_t count_of(struct yz_store *s, const char *name, bool *known)
{
	struct yz_q q = yz_q_start(s, "SELECT value FROM counter WHERE name = ?", NULL);
	int64_t n = 0;

	yz_q_text(&q, name);
	*known = yz_q_value(&q, &n) == YZ_OK;
	return n;
}

static enum yz_status raise_counters(
        struct yz_tx *tx, struct yz_store *before, struct yz_error *err)
{
	enum yz_status st = YZ_OK;

	for (size_t i = 0; i < sizeof(counters) / sizeof(counters[0]) && st == YZ_OK; i++) {
		bool known = false;
		int64_t here = count_of(tx->s, counters[i].name, &known);
		int64_t there = before ? count_of(before, counters[i].name, &known) : 0;
		struct yz_q q = yz_q_start(tx->s,
		        "INSERT INTO counter(name, value) VALUES(?, ?) ON CONFLICT(name)"
		        " DO UPDATE SET value = excluded.value",
		        err);

		yz_q_text(&q, counters[i].name);
		yz_q_num(&q, (there > here ? there : here) +
		                     (before && known ? counters[i].seeing : counters[i].blind));
		st = yz_q_run(&q);
	}
	return st;
}

static enum yz_status add_burned(struct yz_tx *tx, struct yz_pool *p, struct yz_error *err)
{
	enum yz_status st;

	p->next = p->hi + 1;
	st = yz_pool_add(tx, p, err);
	/* known here, under this id or another: burned with the rest */
	return st == YZ_E_EXISTS || st == YZ_E_RANGE ? YZ_OK : st;
}

/* A range that was imported after the backup would be new here if it were imported again. */
static enum yz_status know_pools(struct yz_tx *tx, struct yz_store *before, struct yz_error *err)
{
	enum { MANY = 64 };
	struct yz_pool *rows = yz_alloc(MANY * sizeof(*rows));
	enum yz_status st = YZ_OK;
	size_t n = MANY;

	for (int64_t skip = 0; st == YZ_OK && n == MANY; skip += MANY) {
		if (yz_pool_page(before, skip, rows, MANY, &n, NULL) != YZ_OK)
			break; /* damaged: what could be read is known */
		for (size_t i = 0; st == YZ_OK && i < n; i++)
			st = add_burned(tx, &rows[i], err);
	}
	free(rows);
	return st;
}

enum yz_status yz_store_settle(struct yz_tx *tx, struct yz_store *before, const char *action,
        const char *detail, struct yz_settled *out, struct yz_error *err)
{
	struct yz_settled got = {0, 0};
	enum yz_status st = raise_epoch(tx, before, &got.epoch, err);

	if (st == YZ_OK)
		st = raise_counters(tx, before, err);
	if (st == YZ_OK && before)
		st = know_pools(tx, before, err);
	if (st == YZ_OK)
		st = yz_pool_after_restore(tx, &got.burned, err);
	if (st == YZ_OK)
		st = yz_audit_add(tx, NULL, action, "", detail, err);
	if (st == YZ_OK)
		*out = got;
	return st;
}

static enum yz_status is_known(
        struct yz_store *s, const struct yz_id *op, int64_t *known, struct yz_error *err)
{
	struct yz_q q = yz_q_start(s, "SELECT count(*) FROM outbox WHERE id = ?", err);

	yz_q_id(&q, op);
	return yz_q_value(&q, known);
}

enum yz_status yz_store_unsent(
        struct yz_store *fresh, struct yz_store *before, int64_t *n, struct yz_error *err)
{
	struct yz_q q = yz_q_start(before, "SELECT id FROM outbox WHERE " YZ_OP_OPEN, err);
	int64_t unsent = 0;
	enum yz_status st;

	while (yz_q_next(&q)) {
		struct yz_id op;
		int64_t known = 0;

		yz_q_get_id(&q, &op);
		q.st = is_known(fresh, &op, &known, err);
		unsent += !known;
	}
	st = yz_q_end(&q);
	if (st == YZ_OK)
		*n = unsent;
	return st;
}
