#include "config.h"

#include "tests/fault/sync_fault.h"

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

struct world *fault_world(void)
{
	void *w = NULL;

	(void)world_setup(&w);
	return w;
}

void fault_clerk_station(char dir[FAULT_DIR_SIZE])
{
	const char *build = getenv("YZ_BUILDDIR");
	char command[300];
	FILE *p;

	(void)snprintf(
	        command, sizeof(command), "%s/tests/fault/clerk --make", build ? build : ".");
	p = popen(command, "r");
	if (!p || !fgets(dir, FAULT_DIR_SIZE, p) || pclose(p) != 0)
		fault_stop("no station: %s", command);
	dir[strcspn(dir, "\n")] = '\0';
}

struct world *fault_world_at(const char *dir)
{
	struct world *w = yz_alloc(sizeof(*w));
	struct yz_error err;

	(void)yz_copy(w->dir, sizeof(w->dir), dir);
	if (yz_store_open(&w->s, dir, 0, &err) != YZ_OK)
		fault_stop("%s", err.text);
	return w;
}

void fault_world_free(struct world *w)
{
	void *state = w;

	(void)world_teardown(&state);
}

pid_t fault_spawn(const struct world *w, const char *program, ...)
{
	const char *build = getenv("YZ_BUILDDIR");
	char path[300], log[160], *argv[16] = {path};
	va_list args;
	pid_t pid;

	(void)snprintf(path, sizeof(path), "%s/%s", build ? build : ".", program);
	(void)snprintf(log, sizeof(log), "%s/log", w->dir);
	va_start(args, program);
	for (int i = 1; i < 15 && (argv[i] = va_arg(args, char *)); i++)
		;
	va_end(args);
	pid = fork();
	if (pid == 0) {
		int fd = open(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);

		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		(void)dup2(fd, 1);
		(void)dup2(fd, 2);
		(void)execv(path, argv);
		_exit(127);
	}
	return pid;
}

int fault_run(const struct world *w, const char *program, const char *mode)
{
	char conf[160];
	pid_t pid;

	(void)snprintf(conf, sizeof(conf), "%s/yizhan.conf", w->dir);
	pid = fault_spawn(w, program, "-c", conf, mode, "--once", (char *)NULL);
	return stop(&pid, 0);
}

void fault_save_revision(struct world *w, const struct yz_now *now, int n)
{
	static const char id[] = "018bcfe5-6800-7a11-8c01-0242ac120077";
	struct yz_op op = {.kind = "product.upsert", .agg = "product:one", .schema = 1};
	struct yz_tx *tx = NULL;
	struct yz_error err;
	char body[256];

	(void)snprintf(body, sizeof(body),
	        "{\"item_no\":\"JH-1\",\"name\":\"小黄姜\",\"price_fen\":%d,"
	        "\"product_id\":\"%s\",\"unit\":\"035\"}",
	        880 + n, id);
	op.body = body;
	op.body_len = strlen(body);
	if (yz_tx_begin(w->s, now, &tx, &err) != YZ_OK || yz_outbox_add(tx, &op, &err) != YZ_OK ||
	        yz_tx_commit(tx, &err) != YZ_OK)
		fault_stop("%s", err.text);
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

int64_t fault_receipts(const struct world *w)
{
	struct stat st = {0};
	char path[160];

	(void)snprintf(path, sizeof(path), "%s/receipts", w->dir);
	(void)stat(path, &st);
	return st.st_size / YZ_ID_TEXT_SIZE;
}

int64_t fault_missing(const struct world *w)
{
	char path[160], line[YZ_ID_TEXT_SIZE + 2];
	sqlite3_stmt *st = NULL;
	sqlite3 *db = NULL;
	int64_t n = 0;
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/platform.db", w->dir);
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
	        sqlite3_prepare_v2(db,
	                "SELECT 1 FROM op WHERE station = 'QJ530381' AND op_id = ? AND status ="
	                " 'applied'",
	                -1, &st, NULL) != SQLITE_OK)
		fault_stop("%s: %s", path, sqlite3_errmsg(db));
	(void)snprintf(path, sizeof(path), "%s/receipts", w->dir);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f)) {
		line[YZ_ID_TEXT_SIZE - 1] = '\0';
		(void)sqlite3_bind_text(st, 1, line, -1, SQLITE_TRANSIENT);
		n += sqlite3_step(st) != SQLITE_ROW;
		(void)sqlite3_reset(st);
	}
	if (f)
		(void)fclose(f);
	(void)sqlite3_finalize(st);
	(void)sqlite3_close(db);
	return n;
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
