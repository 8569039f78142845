#include "config.h"

#include "tests/unit/store_case.h"

#include "base/buf.h"

#include <ftw.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int store_case_setup(void **state)
{
	struct store_case *c = yz_alloc(sizeof(*c));

	(void)snprintf(c->dir, sizeof(c->dir), "/tmp/yizhan-XXXXXX");
	assert_non_null(mkdtemp(c->dir));
	c->now.wall_ms = 1800000000000;
	c->now.mono_ms = 5000;
	(void)snprintf(c->now.boot_id, sizeof(c->now.boot_id), "boot");
	assert_ok(yz_store_open(&c->s, c->dir, YZ_STORE_CREATE, NULL));
	*state = c;
	return 0;
}

static int drop(const char *path, const struct stat *sb, int flag, struct FTW *ftw)
{
	(void)sb;
	(void)flag;
	(void)ftw;
	return remove(path);
}

int store_case_teardown(void **state)
{
	struct store_case *c = *state;

	yz_store_close(c->s);
	(void)nftw(c->dir, drop, 8, FTW_DEPTH | FTW_PHYS);
	free(c);
	return 0;
}

struct yz_tx *begin(struct store_case *c)
{
	struct yz_tx *tx = NULL;

	c->now.wall_ms += 1000;
	assert_ok(yz_tx_begin(c->s, &c->now, &tx, NULL));
	return tx;
}

void commit(struct yz_tx *tx)
{
	assert_ok(yz_tx_commit(tx, NULL));
}

void reopen(struct store_case *c)
{
	yz_store_close(c->s);
	c->s = NULL;
	assert_ok(yz_store_open(&c->s, c->dir, 0, NULL));
}

static sqlite3 *other(const struct store_case *c)
{
	char path[96];
	sqlite3 *db;

	(void)snprintf(path, sizeof(path), "%s/station.db", c->dir);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	return db;
}

void meddle(const struct store_case *c, const char *sql)
{
	sqlite3 *db = other(c);
	char *why = NULL;

	if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s", why);
	(void)sqlite3_close(db);
}

bool is_refused(const struct store_case *c, const char *sql)
{
	sqlite3 *db = other(c);
	int rc = sqlite3_exec(db, sql, NULL, NULL, NULL);

	(void)sqlite3_close(db);
	return rc == SQLITE_CONSTRAINT;
}

int64_t ask(const struct store_case *c, const char *sql)
{
	sqlite3 *db = other(c);
	sqlite3_stmt *stmt;
	int64_t n;

	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	n = sqlite3_column_int64(stmt, 0);
	(void)sqlite3_finalize(stmt);
	(void)sqlite3_close(db);
	return n;
}

struct yz_contact put_contact(
        struct store_case *c, const char *name, const char *phone, const char *search)
{
	struct yz_contact p = {.detail = "街1号"};
	struct yz_tx *tx = begin(c);

	(void)yz_copy(p.name, sizeof(p.name), name);
	(void)yz_copy(p.phone, sizeof(p.phone), phone);
	(void)yz_copy(p.search, sizeof(p.search), search);
	assert_ok(yz_contact_put(tx, &p, NULL));
	commit(tx);
	return p;
}

void find_contacts(
        struct store_case *c, const char *text, bool farmers, const char *want, size_t want_total)
{
	struct yz_contact_query q = {.text = text, .farmers_only = farmers};
	struct yz_contact *rows = yz_alloc(5 * sizeof(*rows));
	struct yz_buf got = YZ_BUF_INIT;
	size_t n, total;

	assert_ok(yz_contact_find(c->s, &q, rows, 5, &n, &total, NULL));
	for (size_t i = 0; i < n; i++)
		yz_buf_printf(&got, "%s%s", i ? "|" : "", rows[i].name);
	assert_string_equal(yz_buf_str(&got), want);
	assert_int_equal(total, want_total);
	yz_buf_free(&got);
	free(rows);
}
