#include "config.h"

#include "tests/fault/sync_fault.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

struct world *fault_world(void)
{
	void *w = NULL;

	(void)world_setup(&w);
	return w;
}

void fault_world_free(struct world *w)
{
	void *state = w;

	(void)world_teardown(&state);
}

int64_t fault_ask(const struct world *w, const char *sql)
{
	char path[160], attach[256];
	sqlite3_stmt *st = NULL;
	sqlite3 *db = NULL;
	int64_t n = 0;

	(void)snprintf(path, sizeof(path), "%s/platform.db", w->dir);
	(void)snprintf(
	        attach, sizeof(attach), "ATTACH 'file:%s/station.db?mode=ro' AS station", w->dir);
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_URI, NULL) !=
	                SQLITE_OK ||
	        sqlite3_busy_timeout(db, 20000) != SQLITE_OK ||
	        sqlite3_exec(db, attach, NULL, NULL, NULL) != SQLITE_OK ||
	        sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
		fault_stop("%s: %s: %s", path, sql, sqlite3_errmsg(db));
	if (sqlite3_step(st) == SQLITE_ROW)
		n = sqlite3_column_int64(st, 0);
	else
		fault_stop("%s: %s: %s", path, sql, sqlite3_errmsg(db));
	(void)sqlite3_finalize(st);
	(void)sqlite3_close(db);
	return n;
}

int64_t fault_in_state(struct world *w, enum yz_op_state state)
{
	struct yz_outbox_counts c = {0};
	struct yz_error err;

	if (yz_outbox_count(w->s, &c, &err) != YZ_OK)
		fault_stop("%s", err.text);
	return state == YZ_OP_PENDING ? c.pending : state == YZ_OP_DEAD ? c.dead : c.held;
}

bool fault_drained(struct world *w, int seconds)
{
	int64_t end = fault_ms() + (int64_t)seconds * 1000;

	while (fault_in_state(w, YZ_OP_PENDING))
		if (fault_ms() > end)
			return false;
		else
			fault_nap_us(50000);
	return true;
}

void fault_tally(const struct world *w, struct fault_tally *t)
{
	t->saved = fault_ask(w, "SELECT count(*) FROM station.outbox");
	t->waiting = fault_ask(w, "SELECT count(*) FROM station.outbox WHERE state IN (0, 4)");
	t->refused = fault_ask(w, "SELECT count(*) FROM station.outbox WHERE state = 2");
	t->lost = fault_ask(w, "SELECT count(*) FROM station.outbox WHERE state = 1 AND"
	                       " lower(hex(id)) NOT IN (SELECT replace(op_id, '-', '') FROM op"
	                       " WHERE status = 'applied')");
	t->duplicated = fault_ask(w, "SELECT count(*) - count(DISTINCT op_id) FROM op WHERE"
	                             " status = 'applied'");
	t->disordered = fault_ask(w,
	        "SELECT count(*) FROM (SELECT agg_ver, max(agg_ver) OVER (PARTITION BY agg ORDER BY"
	        " n ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS best FROM op WHERE"
	        " status = 'applied') WHERE agg_ver < best");
}
