/* store: a replacement of the database is killed after each of its steps; run again, it still has
 * what only the old one's WAL held, and a sweep in between does not set the station to work. */
#include "config.h"

#include "store/backup.h"
#include "store/db.h"
#include "store/guard.h"
#include "store/rescue.h"
#include "store/verify.h"
#include "tests/unit/store_case.h"
#include "tests/unit/store_work.h"

#include "base/buf.h"

#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PARCELS = 12, STEPS_MAX = 200 };

static int steps_left = -1; /* -1: nothing is killed */

static void step(void)
{
	if (steps_left >= 0 && steps_left-- == 0)
		(void)raise(SIGKILL);
}

/* The linker puts these before the C library's; a kill comes before the step is done. */
int __real_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to);
int __real_link(const char *from, const char *to);
int __wrap_link(const char *from, const char *to);
int __real_unlink(const char *path);
int __wrap_unlink(const char *path);

int __wrap_rename(const char *from, const char *to)
{
	step();
	return __real_rename(from, to);
}

int __wrap_link(const char *from, const char *to)
{
	step();
	return __real_link(from, to);
}

int __wrap_unlink(const char *path)
{
	step();
	return __real_unlink(path);
}

static void shell(const char *fmt, const char *dir)
{
	struct yz_buf cmd = YZ_BUF_INIT;

	yz_buf_printf(&cmd, "d=%s; %s", dir, fmt);
	assert_int_equal(system(cmd.data), 0);
	yz_buf_free(&cmd);
}

/* As yizhanctl rescue does it; the rescued database lies in DIR/shop/fresh. */
static void build(const struct store_case *c)
{
	char damaged[96], fresh[96], wal[96];
	struct yz_rescue ask = {.damaged = damaged, .now = c->now, .lost_say = "lost"};
	struct yz_rescued got;
	struct yz_store *s = NULL;

	shell("rm -rf $d/shop; mkdir $d/shop; cp $d/station.db $d/shop/damaged.db;"
	      "if [ -e $d/station.db-wal ]; then cp $d/station.db-wal $d/shop/damaged.db-wal; fi",
	        c->dir);
	(void)snprintf(damaged, sizeof(damaged), "%s/shop/damaged.db", c->dir);
	(void)snprintf(wal, sizeof(wal), "%s/shop/damaged.db-wal", c->dir);
	(void)snprintf(fresh, sizeof(fresh), "%s/shop/fresh", c->dir);
	ask.wal_whole = yz_wal_is_whole(wal);
	assert_ok(yz_store_open(&s, fresh, YZ_STORE_CREATE, NULL));
	assert_ok(yz_store_rescue(s, &ask, &got, NULL));
	assert_ok(yz_store_fold(s, NULL));
	yz_store_close(s);
}

/* kill_at: the step of the replacement before which it ends, or -1. True if it ran to its end. */
static bool replace(const struct store_case *c, int kill_at)
{
	char kept[PATH_MAX], fresh[96];
	int fd = -1, status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		if (yz_swap_begin(c->dir, &fd, NULL) != YZ_OK)
			_exit(1);
		build(c);
		(void)snprintf(fresh, sizeof(fresh), "%s/shop/fresh/station.db", c->dir);
		steps_left = kill_at;
		if (yz_swap_in(c->dir, fresh, kept, NULL) != YZ_OK)
			_exit(1);
		steps_left = -1;
		yz_swap_end(fd);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
	return !WIFSIGNALED(status);
}

/* What yizhanctl verify does each night. */
static void sweep(const struct store_case *c)
{
	struct yz_store *s = NULL;

	if (yz_store_open(&s, c->dir, YZ_STORE_READONLY, NULL) == YZ_OK &&
	        yz_store_verify(s, NULL) == YZ_OK)
		yz_damage_clear(c->dir);
	yz_store_close(s);
}

/* All parcels, and the next number is one that nobody has. */
static void is_whole(struct store_case *c)
{
	assert_ok(yz_store_open(&c->s, c->dir, 0, NULL));
	assert_ok(yz_store_verify(c->s, NULL));
	assert_int_equal(ask(c, "SELECT count(*) FROM shipment"), PARCELS + 6);
	assert_int_equal(
	        ask(c, "SELECT count(*) FROM pool WHERE EXISTS (SELECT 1 FROM pool_number n"
	               " WHERE n.pool = pool.seq AND n.number >= pool.next)"),
	        0);
	yz_store_close(c->s);
	c->s = NULL;
}

static void a_replacement_killed_anywhere_is_run_again_and_loses_nothing(void **state)
{
	struct store_case *c = *state;
	bool ended = false;
	int kills = 0;

	write_all(c);
	assert_ok(yz_store_fold(c->s, NULL));
	write_parcels(c, PARCELS, PARCELS + 6); /* these stand in the WAL only */
	yz_store_close(c->s);
	c->s = NULL;
	shell("mkdir $d/was && cp $d/station.db $d/station.db-wal $d/was/", c->dir);
	for (int n = 0; n < STEPS_MAX && !ended; n++) {
		shell("rm -f $d/station.db* $d/damaged $d/replacing; cp $d/was/* $d/", c->dir);
		assert_ok(yz_damage_mark(c->dir, "page 7", NULL));
		ended = replace(c, n);
		kills += !ended;
		if (ended)
			break;
		assert_true(yz_damage_read(c->dir, NULL, 0));
		sweep(c);
		if (yz_damage_read(c->dir, NULL, 0))
			assert_true(replace(c, -1));
		is_whole(c);
	}
	assert_true(ended && kills >= 5);
	assert_false(yz_damage_read(c->dir, NULL, 0));
	is_whole(c);
}

static void a_wal_without_its_database_does_not_fill_the_new_one(void **state)
{
	struct store_case *c = *state;
	char kept[PATH_MAX], fresh[96];

	write_all(c);
	assert_ok(yz_store_fold(c->s, NULL));
	write_parcels(c, PARCELS, PARCELS + 6);
	yz_store_close(c->s);
	c->s = NULL;
	build(c);
	shell("rm $d/station.db", c->dir);
	(void)snprintf(fresh, sizeof(fresh), "%s/shop/fresh/station.db", c->dir);
	assert_ok(yz_swap_in(c->dir, fresh, kept, NULL));
	assert_string_equal(kept, "");
	shell("test ! -e $d/station.db-wal && test -s $d/station.db.kept-1-wal", c->dir);
	is_whole(c);
}

#define T(f) cmocka_unit_test_setup_teardown(f, store_case_setup, store_case_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	        T(a_replacement_killed_anywhere_is_run_again_and_loses_nothing),
	        T(a_wal_without_its_database_does_not_fill_the_new_one),
	};

	return cmocka_run_group_tests_name("swap", tests, NULL, NULL);
}
