/* store: bringing an older database up to date, and what becomes of it when that fails. */
#include "config.h"

#include "store/audit.h"
#include "store/db.h"
#include "store/migrate.h"
#include "store/verify.h"
#include "tests/unit/store_case.h"

#include "base/buf.h"
#include "base/file.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { STEPS_MAX = 40 };

/* The program's steps as if done, and more behind them; returns the number of the first new one. */
static size_t steps_with(const char **steps, const char *one, const char *two)
{
	size_t n;

	(void)yz_migrations(&n);
	assert_true(n + 2 < STEPS_MAX);
	for (size_t i = 0; i < n; i++)
		steps[i] = "SELECT 1";
	steps[n] = one;
	steps[n + 1] = two;
	return n;
}

static void an_older_database_is_copied_and_brought_up_to_date(void **state)
{
	const char *steps[STEPS_MAX];
	size_t n = steps_with(steps, "CREATE TABLE two(a TEXT) STRICT; INSERT INTO two VALUES('x')",
	        "CREATE TABLE three(a TEXT) STRICT");
	struct store_case *c = *state;
	char path[96];

	(void)snprintf(path, sizeof(path), "%s/station.db.v%zu", c->dir, n);
	assert_ok(yz_migrate(c->s, steps, n + 1, NULL));
	assert_int_equal(ask(c, "PRAGMA user_version"), n + 1);
	assert_int_equal(ask(c, "SELECT count(*) FROM two"), 1);
	assert_true(yz_file_exists(path));
	assert_ok(yz_migrate(c->s, steps, n + 1, NULL));
	assert_int_equal(ask(c, "SELECT count(*) FROM two"), 1);
	assert_ok(yz_migrate(c->s, steps, n + 2, NULL));
	assert_int_equal(ask(c, "SELECT count(*) FROM three"), 0);
	assert_ok(yz_store_verify(c->s, NULL));
	assert_status(yz_migrate(c->s, steps, n + 1, NULL), YZ_E_VERSION);
}

static void a_migration_that_fails_leaves_the_version_before(void **state)
{
	const char *steps[STEPS_MAX];
	size_t n = steps_with(steps,
	        "CREATE TABLE two(a TEXT) STRICT; INSERT INTO nowhere VALUES(1)", "SELECT 1");
	struct store_case *c = *state;

	assert_status(yz_migrate(c->s, steps, n + 1, NULL), YZ_E_CORRUPT);
	assert_int_equal(ask(c, "PRAGMA user_version"), n);
	assert_int_equal(ask(c, "SELECT count(*) FROM sqlite_schema WHERE name = 'two'"), 0);
	assert_ok(yz_store_verify(c->s, NULL));
}

static bool is_disk_full;

/* The linker puts it before the C library's. */
int __real_statvfs(const char *path, struct statvfs *out);
int __wrap_statvfs(const char *path, struct statvfs *out);

int __wrap_statvfs(const char *path, struct statvfs *out)
{
	int rc = __real_statvfs(path, out);

	if (rc == 0 && is_disk_full)
		out->f_bavail = (1 << 20) / out->f_frsize;
	return rc;
}

static void without_room_for_the_copy_nothing_is_migrated(void **state)
{
	const char *steps[STEPS_MAX];
	size_t n = steps_with(steps, "CREATE TABLE two(a TEXT) STRICT", "SELECT 1");
	struct store_case *c = *state;
	struct yz_error err = {0};
	char path[96];

	(void)snprintf(path, sizeof(path), "%s/station.db.v%zu", c->dir, n);
	is_disk_full = true;
	assert_status(yz_migrate(c->s, steps, n + 1, &err), YZ_E_FULL);
	is_disk_full = false;
	assert_non_null(strstr(err.say, "make room"));
	assert_false(yz_file_exists(path));
	assert_int_equal(ask(c, "PRAGMA user_version"), n);
	assert_ok(yz_migrate(c->s, steps, n + 1, NULL));
}

static void a_damaged_database_is_not_migrated(void **state)
{
	const char *steps[STEPS_MAX];
	size_t n = steps_with(steps, "CREATE TABLE two(a TEXT) STRICT", "SELECT 1");
	struct store_case *c = *state;

	meddle(c, "INSERT INTO meta(key, value) VALUES('a', 'behind its back')");
	assert_status(yz_migrate(c->s, steps, n + 1, NULL), YZ_E_CORRUPT);
	assert_int_equal(ask(c, "PRAGMA user_version"), n);
}

static void an_old_row_is_known_after_a_column_was_added(void **state)
{
	const char *steps[STEPS_MAX];
	size_t n = steps_with(steps, "ALTER TABLE meta ADD COLUMN more TEXT NOT NULL DEFAULT 'x'",
	        "ALTER TABLE audit ADD COLUMN more INTEGER NOT NULL DEFAULT 7");
	struct store_case *c = *state;
	struct yz_tx *tx = begin(c);

	assert_ok(yz_meta_put(tx, "a", "1", NULL));
	assert_ok(yz_audit_add(tx, NULL, "a", "b", "", NULL));
	commit(tx);
	assert_ok(yz_migrate(c->s, steps, n + 2, NULL));
	assert_ok(yz_store_verify(c->s, NULL));
	tx = begin(c);
	assert_ok(yz_meta_put(tx, "a", "2", NULL));
	commit(tx);
	assert_ok(yz_store_verify(c->s, NULL));
}

static void an_old_database_is_not_changed_when_opened_for_reading(void **state)
{
	const char *steps[STEPS_MAX];
	size_t n = steps_with(steps, "CREATE TABLE two(a TEXT) STRICT", "SELECT 1");
	struct store_case *c = *state;
	struct yz_error err;
	struct yz_tx *tx;

	yz_store_close(c->s);
	assert_ok(yz_store_open(&c->s, c->dir, YZ_STORE_READONLY, NULL));
	assert_status(yz_migrate(c->s, steps, n + 1, &err), YZ_E_VERSION);
	assert_non_null(err.say);
	assert_status(yz_tx_begin(c->s, &c->now, &tx, NULL), YZ_E_IO);
}

/* Only the first step, as the first stations have it, and rows in it. */
static void make_old(struct store_case *c, int rows)
{
	struct yz_buf sql = YZ_BUF_INIT;
	char path[96];
	const char *const *steps;
	size_t n;

	yz_store_close(c->s);
	c->s = NULL;
	for (int i = 0; i < 3; i++) {
		static const char *const ends[] = {"", "-wal", "-shm"};

		(void)snprintf(path, sizeof(path), "%s/station.db%s", c->dir, ends[i]);
		(void)unlink(path);
	}
	steps = yz_migrations(&n);
	meddle(c, "PRAGMA journal_mode=WAL");
	meddle(c, steps[0]);
	yz_buf_puts(&sql, "PRAGMA user_version=1; INSERT INTO meta VALUES('k0', 'v')");
	for (int i = 1; i < rows; i++)
		yz_buf_printf(&sql, ",('k%d', 'v')", i);
	meddle(c, sql.data);
	yz_buf_free(&sql);
}

static void the_first_stations_come_up_to_date(void **state)
{
	struct store_case *c = *state;
	char path[96], value[8];

	make_old(c, 10);
	reopen(c);
	assert_ok(yz_store_verify(c->s, NULL));
	assert_ok(yz_meta_get(c->s, "k9", value, sizeof(value), NULL));
	assert_string_equal(value, "v");
	(void)snprintf(path, sizeof(path), "%s/station.db.v1", c->dir);
	assert_true(yz_file_exists(path));
}

/* Killed at any moment, it is the database before or after, with all its rows. */
static void a_migration_that_is_killed_is_done_again(void **state)
{
	struct store_case *c = *state;

	for (int i = 0; i < 12; i++) {
		struct timespec nap = {0, i * 2000000L};
		pid_t pid;

		make_old(c, 3000);
		if ((pid = fork()) == 0)
			_exit(yz_store_open(&c->s, c->dir, 0, NULL) == YZ_OK ? 0 : 3);
		assert_true(pid > 0);
		(void)nanosleep(&nap, NULL);
		(void)kill(pid, SIGKILL);
		assert_int_equal(waitpid(pid, NULL, 0), pid);
		reopen(c);
		assert_ok(yz_store_verify(c->s, NULL));
		assert_int_equal(ask(c, "SELECT count(*) FROM meta"), 3000);
	}
}

#define T(f) cmocka_unit_test_setup_teardown(f, store_case_setup, store_case_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	        T(an_older_database_is_copied_and_brought_up_to_date),
	        T(a_migration_that_fails_leaves_the_version_before),
	        T(without_room_for_the_copy_nothing_is_migrated),
	        T(a_damaged_database_is_not_migrated),
	        T(an_old_row_is_known_after_a_column_was_added),
	        T(an_old_database_is_not_changed_when_opened_for_reading),
	        T(a_migration_that_is_killed_is_done_again),
	        T(the_first_stations_come_up_to_date),
	};

	return cmocka_run_group_tests_name("migrate", tests, NULL, NULL);
}
