/* store: what comes back when a damaged database is rescued, with a backup and without. */
#include "config.h"

#include "store/audit.h"
#include "store/backup.h"
#include "store/db.h"
#include "store/outbox.h"
#include "store/pool.h"
#include "store/rescue.h"
#include "store/restore.h"
#include "store/verify.h"
#include "tests/unit/store_case.h"
#include "tests/unit/store_work.h"

#include "base/buf.h"
#include "base/file.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PAGE = YZ_PAGE };

struct rescue {
	struct store_case *c;
	char backup[96], damaged[96], fresh[96];
	struct yz_store *s; /* the rescued one */
	struct yz_rescued got;
	bool wal_broken;
};

static int setup(void **state)
{
	struct rescue *r = yz_alloc(sizeof(*r));

	if (store_case_setup((void **)&r->c) != 0)
		return -1;
	(void)snprintf(r->backup, sizeof(r->backup), "%s/backup.db", r->c->dir);
	(void)snprintf(r->damaged, sizeof(r->damaged), "%s/damaged.db", r->c->dir);
	(void)snprintf(r->fresh, sizeof(r->fresh), "%s/fresh", r->c->dir);
	write_all(r->c);
	assert_ok(yz_backup_copy(r->c->s, r->backup, NULL));
	write_parcels(r->c, 12, 18); /* that the backup does not know */
	assert_ok(yz_store_fold(r->c->s, NULL));
	yz_store_close(r->c->s);
	r->c->s = NULL;
	*state = r;
	return 0;
}

static int teardown(void **state)
{
	struct rescue *r = *state;

	yz_store_close(r->s);
	(void)store_case_teardown((void **)&r->c);
	free(r);
	return 0;
}

static void run(struct rescue *r, bool with_backup)
{
	struct yz_rescue ask = {.damaged = r->damaged,
	        .backup = with_backup ? r->backup : NULL,
	        .wal_whole = !r->wal_broken,
	        .now = r->c->now,
	        .lost_say = "lost"};
	struct yz_buf cmd = YZ_BUF_INIT;
	struct yz_error err;

	yz_store_close(r->s);
	r->s = NULL;
	yz_buf_printf(&cmd, "rm -rf %s %s*; cp %s/station.db %s", r->fresh, r->damaged, r->c->dir,
	        r->damaged);
	assert_int_equal(system(cmd.data), 0);
	yz_buf_free(&cmd);
	assert_ok(yz_store_open(&r->s, r->fresh, YZ_STORE_CREATE, NULL));
	if (yz_store_rescue(r->s, &ask, &r->got, &err) != YZ_OK)
		fail_msg("%s", err.text);
}

/* Fills a page with rubbish; returns it as it was. */
static void *spoil(const struct rescue *r, int64_t page, const void *with)
{
	char path[96], *was = yz_alloc(PAGE);
	int fd;

	(void)snprintf(path, sizeof(path), "%s/station.db", r->c->dir);
	fd = open(path, O_RDWR);
	assert_true(fd >= 0);
	assert_int_equal(pread(fd, was, PAGE, (page - 1) * PAGE), PAGE);
	assert_int_equal(pwrite(fd, with, PAGE, (page - 1) * PAGE), PAGE);
	(void)close(fd);
	return was;
}

static void spoil_root(const struct rescue *r, const char *table)
{
	static char rubbish[PAGE];
	char sql[160];

	memset(rubbish, 0x5a, sizeof(rubbish));
	(void)snprintf(
	        sql, sizeof(sql), "SELECT rootpage FROM sqlite_schema WHERE name = '%s'", table);
	free(spoil(r, ask(r->c, sql), rubbish));
}

static int64_t count(const struct rescue *r, const char *sql)
{
	struct store_case c = {.s = r->s};

	(void)snprintf(c.dir, sizeof(c.dir), "%.60s", r->fresh);
	return ask(&c, sql);
}

static void a_sound_database_comes_back_whole(void **state)
{
	struct rescue *r = *state;

	run(r, false);
	assert_int_equal(r->got.unproved, 0);
	assert_int_equal(r->got.bodies, 0);
	assert_int_equal(r->got.burned, 0);
	assert_false(r->got.audit_broken);
	assert_int_equal(count(r, "SELECT count(*) FROM shipment"), 18);
	assert_true(count(r, "SELECT sum(next <= hi) FROM pool") > 0);
	assert_ok(yz_store_verify(r->s, NULL));
}

static void with_a_doubtful_wal_no_number_is_given_out(void **state)
{
	struct rescue *r = *state;
	struct yz_pool from;
	struct yz_tx *tx;
	int64_t number;

	r->wal_broken = true;
	run(r, false);
	assert_true(r->got.burned > 0);
	assert_ok(yz_tx_begin(r->s, &r->c->now, &tx, NULL));
	assert_status(yz_pool_take(tx, "SF", &from, &number, NULL), YZ_E_EMPTY);
	yz_tx_rollback(tx);
}

static void lost_bodies_come_from_the_backup_or_are_refused(void **state)
{
	struct rescue *r = *state;

	spoil_root(r, "outbox_body");
	run(r, false);
	assert_true(r->got.bodies > 0);
	assert_int_equal(count(r, "SELECT count(*) FROM outbox JOIN outbox_body USING(seq) WHERE"
	                          " state = 0 AND body IS NULL"),
	        0);
	assert_int_equal(count(r, "SELECT count(*) FROM outbox WHERE code = 'rescue-body-lost'"),
	        r->got.bodies);
	run(r, true);
	assert_true(r->got.from_backup > 0);
	assert_int_equal(
	        count(r, "SELECT count(*) FROM outbox o JOIN outbox_body b USING(seq) WHERE"
	                 " o.seq <= 12 AND b.body IS NULL AND o.state IN (0, 2)"),
	        0);
}

static void lost_parcels_come_from_the_backup(void **state)
{
	struct rescue *r = *state;

	spoil_root(r, "shipment");
	spoil_root(r, "party");
	run(r, true);
	assert_true(count(r, "SELECT count(*) FROM shipment WHERE station_no < 'QJ000012'") == 12);
	assert_true(r->got.unproved >= 2);
}

static void numbers_are_burned_when_their_table_is_damaged(void **state)
{
	struct rescue *r = *state;

	spoil_root(r, "pool");
	run(r, true);
	assert_true(r->got.burned > 0);
	assert_int_equal(count(r, "SELECT coalesce(sum(hi - next + 1), 0) FROM pool"), 0);
	assert_true(count(r, "SELECT value FROM meta WHERE key = 'agent.epoch'") > 1);
}

static void what_only_damage_may_have_confirmed_goes_out_again(void **state)
{
	struct rescue *r = *state;

	run(r, false);
	assert_int_equal(r->got.again, 0);
	meddle(r->c, "UPDATE outbox SET state = 1 WHERE seq = (SELECT max(seq) FROM outbox WHERE"
	             " state = 0)");
	assert_int_equal(ask(r->c, "PRAGMA wal_checkpoint(TRUNCATE)"), 0);
	run(r, false);
	assert_true(r->got.again > 0);
	assert_int_equal(count(r, "SELECT count(*) FROM outbox JOIN outbox_body USING(seq) WHERE"
	                          " state = 1 AND body IS NOT NULL"),
	        0);
	assert_true(count(r, "SELECT count(*) FROM outbox WHERE state = 0") > r->got.again);
}

static void a_broken_audit_begins_anew_and_says_so(void **state)
{
	struct rescue *r = *state;
	struct yz_tx *tx;

	spoil_root(r, "audit");
	run(r, false);
	assert_true(r->got.audit_broken);
	assert_int_equal(
	        count(r, "SELECT count(*) FROM audit WHERE action = 'station.rescue' AND detail"
	                 " LIKE '%audit'"),
	        1);
	assert_ok(yz_tx_begin(r->s, &r->c->now, &tx, NULL));
	assert_ok(yz_audit_add(tx, NULL, "more", "", "", NULL));
	assert_ok(yz_tx_commit(tx, NULL));
	assert_ok(yz_audit_verify(r->s, NULL, NULL));
	assert_ok(yz_store_verify(r->s, NULL));
}

/* Whatever page goes, what the backup knows is there, and the whole is sound. */
static void any_page_may_go(void **state)
{
	struct rescue *r = *state;
	int64_t pages = ask(r->c, "PRAGMA page_count");
	unsigned seed = 7;
	static char rubbish[PAGE];

	for (int i = 0; i < 12; i++) {
		int64_t page;
		void *was;

		seed = seed * 1103515245 + 12345;
		page = 2 + (int64_t)(seed >> 8) % (pages - 1);
		for (size_t k = 0; k < sizeof(rubbish); k++)
			rubbish[k] = (char)((seed >> 16) + k * 31);
		was = spoil(r, page, rubbish);
		run(r, true);
		assert_true(count(r, "SELECT count(*) FROM shipment") >= 12);
		assert_true(count(r, "SELECT count(*) FROM outbox") >= 12);
		assert_ok(yz_store_verify(r->s, NULL));
		free(spoil(r, page, was));
		free(was);
	}
}

/* Bought and used after the backup: imported again it would be new, and begin at its first number.
 */
static void a_range_that_only_the_replaced_one_knows_is_not_new(void **state)
{
	struct rescue *r = *state;
	struct store_case *c = r->c;
	struct yz_pool bought = {.courier = "YTO",
	                       .source = "range",
	                       .width = 6,
	                       .lo = 1,
	                       .hi = 99,
	                       .next = 1},
	               from;
	struct yz_pool again = bought;
	struct yz_store *before = NULL;
	struct yz_settled settled;
	struct yz_tx *tx;
	int64_t number;

	assert_ok(yz_store_open(&c->s, c->dir, 0, NULL));
	tx = begin(c);
	assert_ok(yz_pool_add(tx, &bought, NULL));
	assert_ok(yz_pool_take(tx, "YTO", &from, &number, NULL));
	commit(tx);
	before = c->s;
	assert_int_equal(mkdir(r->fresh, 0770), 0);
	(void)strncat(r->fresh, "/station.db", sizeof(r->fresh) - strlen(r->fresh) - 1);
	assert_int_equal(rename(r->backup, r->fresh), 0);
	*strrchr(r->fresh, '/') = '\0';
	assert_ok(yz_store_open(&r->s, r->fresh, 0, NULL));
	assert_ok(yz_tx_begin(r->s, &c->now, &tx, NULL));
	assert_ok(yz_store_settle(tx, before, "test", "", &settled, NULL));
	assert_status(yz_pool_add(tx, &again, NULL), YZ_E_EXISTS);
	assert_status(yz_pool_take(tx, "YTO", &from, &number, NULL), YZ_E_EMPTY);
	assert_ok(yz_tx_commit(tx, NULL));
	assert_ok(yz_store_verify(r->s, NULL));
}

static void a_changed_frame_of_the_wal_is_seen(void **state)
{
	struct rescue *r = *state;
	struct store_case *c = r->c;
	char wal[96], byte;
	struct stat sb;
	int fd;

	(void)snprintf(wal, sizeof(wal), "%s/station.db-wal", c->dir);
	assert_ok(yz_store_open(&c->s, c->dir, 0, NULL));
	write_parcels(c, 18, 20);
	assert_int_equal(stat(wal, &sb), 0);
	assert_true(sb.st_size > 4 * PAGE);
	assert_true(yz_wal_is_whole(wal));
	assert_true(yz_wal_is_whole("/nowhere/at-all"));
	fd = open(wal, O_RDWR);
	assert_int_equal(pread(fd, &byte, 1, sb.st_size / 2), 1);
	byte = (char)(byte ^ 1);
	assert_int_equal(pwrite(fd, &byte, 1, sb.st_size / 2), 1);
	assert_false(yz_wal_is_whole(wal));
	byte = (char)(byte ^ 1);
	assert_int_equal(pwrite(fd, &byte, 1, sb.st_size / 2), 1);
	(void)close(fd);
	assert_true(yz_wal_is_whole(wal));
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	        T(a_sound_database_comes_back_whole),
	        T(with_a_doubtful_wal_no_number_is_given_out),
	        T(lost_bodies_come_from_the_backup_or_are_refused),
	        T(lost_parcels_come_from_the_backup),
	        T(numbers_are_burned_when_their_table_is_damaged),
	        T(what_only_damage_may_have_confirmed_goes_out_again),
	        T(a_broken_audit_begins_anew_and_says_so),
	        T(any_page_may_go),
	        T(a_range_that_only_the_replaced_one_knows_is_not_new),
	        T(a_changed_frame_of_the_wal_is_seen),
	};

	return cmocka_run_group_tests_name("rescue", tests, NULL, NULL);
}
