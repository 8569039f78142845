/* store: opening, migrating, locking, and what a transaction promises. */
#include "config.h"

#include "store/audit.h"
#include "store/contact.h"
#include "store/db.h"
#include "store/migrate.h"
#include "store/outbox.h"
#include "store/print_job.h"
#include "store/shipment.h"
#include "tests/unit/store_case.h"

#include "base/buf.h"
#include "base/file.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static enum yz_status open_again(struct store_case *c, unsigned flags, struct yz_error *err)
{
	yz_store_close(c->s);
	c->s = NULL;
	return yz_store_open(&c->s, c->dir, flags, err);
}

static char *in_dir(const struct store_case *c, const char *name, char *out)
{
	(void)snprintf(out, 96, "%s/%s", c->dir, name);
	return out;
}

static void a_new_station_folder_is_shared_with_its_group(void **state)
{
	struct store_case *c = *state;
	char dir[96], path[96];
	struct yz_store *s;
	struct stat sb;
	mode_t old = umask(077);

	in_dir(c, "new", dir);
	assert_ok(yz_store_open(&s, dir, YZ_STORE_CREATE, NULL));
	(void)umask(old);
	assert_string_equal(yz_store_dir(s), dir);
	assert_int_equal(stat(dir, &sb), 0);
	assert_int_equal(sb.st_mode & 07777, 02770);
	(void)snprintf(path, sizeof(path), "%.80s/station.db", dir);
	assert_int_equal(stat(path, &sb), 0);
	assert_int_equal(sb.st_mode & 07777, 0660);
	(void)snprintf(path, sizeof(path), "%.80s/write.lock", dir);
	assert_int_equal(stat(path, &sb), 0);
	assert_int_equal(sb.st_mode & 07777, 0660);
	yz_store_close(s);
}

static void the_database_is_in_wal_with_full_syncs(void **state)
{
	static const struct {
		const char *sql;
		int64_t want;
	} want[] = {
	        {"PRAGMA synchronous", 2},
	        {"PRAGMA cache_size", -256},
	        {"PRAGMA foreign_keys", 1},
	        {"PRAGMA page_size", YZ_PAGE},
	        {"PRAGMA wal_autocheckpoint", 2048}, /* 4 MiB */
	        {"SELECT (SELECT journal_mode FROM pragma_journal_mode) = 'wal'", 1},
	};
	struct store_case *c = *state;

	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		struct yz_q q = yz_q_start(c->s, want[i].sql, NULL);
		int64_t n = -1;

		assert_ok(yz_q_value(&q, &n));
		assert_int_equal(n, want[i].want);
	}
}

static void where_there_is_no_database_it_says_so(void **state)
{
	struct store_case *c = *state;
	char dir[96];
	struct yz_store *s = NULL;
	struct yz_error err;

	in_dir(c, "none", dir);
	assert_status(yz_store_open(&s, dir, 0, &err), YZ_E_NOTFOUND);
	assert_non_null(strstr(err.text, "station.db"));
	assert_status(yz_store_open(&s, dir, YZ_STORE_READONLY, NULL), YZ_E_NOTFOUND);
	assert_null(s);
	in_dir(c, "none/deeper", dir);
	assert_status(yz_store_open(&s, dir, YZ_STORE_CREATE, &err), YZ_E_IO);
}

static void a_file_that_is_no_database_is_called_damaged(void **state)
{
	struct store_case *c = *state;
	char path[96], junk[8192];
	struct yz_error err;

	yz_store_close(c->s);
	c->s = NULL;
	memset(junk, 'x', sizeof(junk));
	(void)unlink(in_dir(c, "station.db-wal", path));
	assert_ok(yz_file_write(in_dir(c, "station.db", path), junk, sizeof(junk), 0660, NULL));
	assert_status(yz_store_open(&c->s, c->dir, 0, &err), YZ_E_CORRUPT);
	assert_non_null(strstr(err.text, "station.db"));
}

static void a_database_of_another_program_is_refused(void **state)
{
	struct store_case *c = *state;

	meddle(c, "PRAGMA application_id = 1");
	assert_status(open_again(c, 0, NULL), YZ_E_CORRUPT);
}

static void a_newer_database_is_refused(void **state)
{
	struct store_case *c = *state;
	struct yz_error err;

	meddle(c, "PRAGMA user_version = 999");
	assert_status(open_again(c, 0, &err), YZ_E_VERSION);
	assert_non_null(strstr(err.text, "999"));
}

static void what_was_committed_is_there_and_what_was_not_is_not(void **state)
{
	struct store_case *c = *state;
	struct yz_tx *tx = begin(c);
	char value[16];

	assert_ok(yz_meta_put(tx, "a", "1", NULL));
	assert_int_equal(yz_tx_now(tx)->wall_ms, c->now.wall_ms);
	assert_ptr_equal(yz_tx_store(tx), c->s);
	commit(tx);
	tx = begin(c);
	assert_ok(yz_meta_put(tx, "a", "2", NULL));
	assert_ok(yz_meta_get(c->s, "a", value, sizeof(value), NULL));
	assert_string_equal(value, "2");
	yz_tx_rollback(tx);
	yz_tx_rollback(NULL);
	reopen(c);
	assert_ok(yz_meta_get(c->s, "a", value, sizeof(value), NULL));
	assert_string_equal(value, "1");
	assert_ok(yz_meta_get(c->s, "b", value, sizeof(value), NULL));
	assert_string_equal(value, "");
}

static void a_store_closed_inside_a_transaction_saves_nothing(void **state)
{
	struct store_case *c = *state;
	struct yz_tx *tx = begin(c);
	char value[16];

	assert_ok(yz_meta_put(tx, "a", "1", NULL));
	reopen(c);
	assert_ok(yz_meta_get(c->s, "a", value, sizeof(value), NULL));
	assert_string_equal(value, "");
	yz_store_close(NULL);
}

static void a_counter_counts_from_one_and_not_in_vain(void **state)
{
	struct store_case *c = *state;
	struct yz_tx *tx = begin(c);
	int64_t n = 0;

	assert_ok(yz_counter_next(tx, "x", &n, NULL));
	assert_int_equal(n, 1);
	assert_ok(yz_counter_next(tx, "x", &n, NULL));
	assert_int_equal(n, 2);
	assert_ok(yz_counter_next(tx, "y", &n, NULL));
	assert_int_equal(n, 1);
	yz_tx_rollback(tx);
	tx = begin(c);
	assert_ok(yz_counter_next(tx, "x", &n, NULL));
	assert_int_equal(n, 1);
	commit(tx);
}

/* What another program reads, which holds no lock of this process. */
static void foreign(const struct store_case *c, const char *sql, char *out, int size)
{
	char cmd[256];
	FILE *p;

	(void)snprintf(cmd, sizeof(cmd), "sqlite3 %s/station.db \"%s\"", c->dir, sql);
	p = popen(cmd, "r");
	assert_non_null(p);
	if (!fgets(out, size, p))
		*out = '\0';
	assert_int_equal(pclose(p), 0);
	out[strcspn(out, "\n")] = '\0';
}

/* A program's second store must not drop the locks of its first: the foreign one would take itself
 * for the last reader and remove the WAL that both go on writing into. */
static void a_foreign_reader_takes_no_wal_from_a_store_opened_twice(void **state)
{
	struct store_case *c = *state;
	struct yz_store *second = NULL;
	char value[16];
	struct yz_tx *tx = begin(c);

	assert_ok(yz_meta_put(tx, "a", "1", NULL));
	commit(tx);
	assert_ok(yz_store_open(&second, c->dir, YZ_STORE_LOOK, NULL));
	foreign(c, "SELECT value FROM meta WHERE key = 'a'", value, sizeof(value));
	assert_string_equal(value, "1");
	tx = begin(c);
	assert_ok(yz_meta_put(tx, "a", "2", NULL));
	commit(tx);
	foreign(c, "SELECT value FROM meta WHERE key = 'a'", value, sizeof(value));
	assert_string_equal(value, "2");
	yz_store_close(second);
	tx = begin(c);
	assert_ok(yz_meta_put(tx, "a", "3", NULL));
	commit(tx);
	foreign(c, "SELECT value FROM meta WHERE key = 'a'", value, sizeof(value));
	assert_string_equal(value, "3");
}

static void a_link_in_the_place_of_the_database_is_refused(void **state)
{
	struct store_case *c = *state;
	char path[96], moved[96];

	yz_store_close(c->s);
	c->s = NULL;
	assert_int_equal(rename(in_dir(c, "station.db", path), in_dir(c, "elsewhere", moved)), 0);
	assert_int_equal(symlink("elsewhere", path), 0);
	assert_status(yz_store_open(&c->s, c->dir, 0, NULL), YZ_E_IO);
	assert_status(yz_store_open(&c->s, c->dir, YZ_STORE_CREATE, NULL), YZ_E_IO);
}

static void another_programs_commit_is_noticed(void **state)
{
	struct store_case *c = *state;
	struct yz_store *other;
	struct yz_tx *tx = begin(c);
	int64_t before;

	assert_ok(yz_meta_put(tx, "a", "1", NULL));
	commit(tx);
	before = yz_store_version(c->s);
	assert_int_equal(yz_store_version(c->s), before);
	assert_ok(yz_store_open(&other, c->dir, 0, NULL));
	assert_ok(yz_tx_begin(other, &c->now, &tx, NULL));
	assert_ok(yz_meta_put(tx, "a", "2", NULL));
	commit(tx);
	assert_int_not_equal(yz_store_version(c->s), before);
	yz_store_close(other);
}

static int64_t mono_ms(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void a_writer_waits_for_the_lock_no_longer_than_told(void **state)
{
	struct store_case *c = *state;
	struct yz_store *other;
	struct yz_tx *tx = begin(c), *second = NULL;
	struct yz_error err;
	int64_t start = mono_ms(), took;

	assert_ok(yz_store_open(&other, c->dir, 0, NULL));
	other->lock_ms = 200;
	assert_status(yz_tx_begin(other, &c->now, &second, &err), YZ_E_BUSY);
	took = mono_ms() - start;
	assert_in_range(took, 190, 2000);
	assert_null(second);
	commit(tx);
	assert_ok(yz_tx_begin(other, &c->now, &second, NULL));
	yz_tx_rollback(second);
	yz_store_close(other);
}

static void a_reader_does_not_wait_for_a_writer(void **state)
{
	struct store_case *c = *state;
	struct yz_store *other;
	struct yz_tx *tx = begin(c);
	char value[8];

	assert_ok(yz_meta_put(tx, "a", "1", NULL));
	assert_ok(yz_store_open(&other, c->dir, 0, NULL));
	assert_ok(yz_meta_get(other, "a", value, sizeof(value), NULL));
	assert_string_equal(value, "");
	commit(tx);
	assert_ok(yz_meta_get(other, "a", value, sizeof(value), NULL));
	assert_string_equal(value, "1");
	yz_store_close(other);
}

static void a_lock_whose_holder_died_is_free(void **state)
{
	struct store_case *c = *state;
	struct yz_tx *tx;
	char value[8];
	pid_t pid;
	int status;

	yz_store_close(c->s); /* a connection does not live through fork */
	pid = fork();
	if (pid == 0) {
		struct yz_store *s;

		if (yz_store_open(&s, c->dir, 0, NULL) != YZ_OK ||
		        yz_tx_begin(s, &c->now, &tx, NULL) != YZ_OK ||
		        yz_meta_put(tx, "a", "half", NULL) != YZ_OK)
			_exit(1);
		(void)raise(SIGKILL);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_ok(yz_store_open(&c->s, c->dir, 0, NULL));
	c->s->lock_ms = 0;
	tx = begin(c);
	assert_ok(yz_meta_get(c->s, "a", value, sizeof(value), NULL));
	assert_string_equal(value, "");
	commit(tx);
}

/* Runs in a child: n times the counter, in transactions of its own. */
static void count_up(const struct store_case *c, int n)
{
	struct yz_store *s;
	int64_t value;

	if (yz_store_open(&s, c->dir, 0, NULL) != YZ_OK)
		_exit(1);
	for (int i = 0; i < n; i++) {
		struct yz_tx *tx;

		if (yz_tx_begin(s, &c->now, &tx, NULL) != YZ_OK ||
		        yz_counter_next(tx, "n", &value, NULL) != YZ_OK ||
		        yz_tx_commit(tx, NULL) != YZ_OK)
			_exit(1);
	}
	yz_store_close(s);
	_exit(0);
}

static void two_processes_write_without_losing_a_row(void **state)
{
	struct store_case *c = *state;
	enum { WRITERS = 3, EACH = 200 };
	pid_t pid[WRITERS];

	yz_store_close(c->s);
	c->s = NULL;
	for (int i = 0; i < WRITERS; i++) {
		pid[i] = fork();
		if (pid[i] == 0)
			count_up(c, EACH);
	}
	for (int i = 0; i < WRITERS; i++) {
		int status;

		assert_int_equal(waitpid(pid[i], &status, 0), pid[i]);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	}
	assert_int_equal(ask(c, "SELECT value FROM counter WHERE name = 'n'"), WRITERS * EACH);
}

/* Runs in a child: files may not grow beyond a limit; 0 if the store behaves, else the line that
 * did not. */
static int fill_the_disk(const struct store_case *c)
{
	struct rlimit small = {900000, RLIM_INFINITY}, wide = {RLIM_INFINITY, RLIM_INFINITY};
	struct yz_contact who = {.name = "x"};
	struct yz_error err;
	struct yz_store *s;
	struct yz_tx *tx;
	enum yz_status st = YZ_OK;
	int saved = 0;

	(void)signal(SIGXFSZ, SIG_IGN);
	if (yz_store_open(&s, c->dir, 0, NULL) != YZ_OK || setrlimit(RLIMIT_FSIZE, &small) != 0)
		return __LINE__;
	while (st == YZ_OK && saved < 10000) {
		who.id = (struct yz_id){{0}};
		st = yz_tx_begin(s, &c->now, &tx, &err);
		if (st != YZ_OK)
			break;
		st = yz_contact_put(tx, &who, &err);
		if (st != YZ_OK) {
			yz_tx_rollback(tx);
			break;
		}
		st = yz_tx_commit(tx, &err);
		saved += st == YZ_OK;
	}
	if (saved == 0 || (st != YZ_E_FULL && st != YZ_E_IO))
		return __LINE__;
	if (!strstr(err.text, "station.db"))
		return __LINE__;
	if (setrlimit(RLIMIT_FSIZE, &wide) != 0 || yz_tx_begin(s, &c->now, &tx, NULL) != YZ_OK ||
	        yz_counter_next(tx, "saved", &(int64_t){0}, NULL) != YZ_OK)
		return __LINE__;
	for (int i = 1; i < saved; i++)
		if (yz_counter_next(tx, "saved", &(int64_t){0}, NULL) != YZ_OK)
			return __LINE__;
	return yz_tx_commit(tx, NULL) == YZ_OK ? 0 : __LINE__;
}

static void a_full_disk_loses_nothing_that_was_saved_and_is_got_over(void **state)
{
	struct store_case *c = *state;
	struct rlimit now;
	pid_t pid;
	int status;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &now), 0);
	yz_store_close(c->s);
	c->s = NULL;
	pid = fork();
	if (pid == 0) {
		int line = fill_the_disk(c);

		if (line)
			(void)fprintf(stderr, "fill_the_disk failed at line %d\n", line);
		_exit(line != 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_ok(yz_store_open(&c->s, c->dir, 0, NULL));
	assert_ok(yz_store_check(c->s, NULL));
	assert_int_equal(ask(c, "SELECT count(*) - (SELECT value FROM counter WHERE name = "
	                        "'saved') FROM contact"),
	        0);
}

static void a_transaction_that_sqlite_rolled_back_takes_no_more(void **state)
{
	struct store_case *c = *state;
	struct yz_tx *tx = begin(c);
	char value[8];

	assert_ok(yz_meta_put(tx, "a", "1", NULL));
	assert_int_equal(sqlite3_exec(c->s->db, "ROLLBACK", NULL, NULL, NULL),
	        SQLITE_OK); /* as a full disk does */
	assert_status(yz_meta_put(tx, "b", "2", NULL), YZ_E_IO);
	assert_status(yz_tx_commit(tx, NULL), YZ_E_IO);
	assert_ok(yz_meta_get(c->s, "a", value, sizeof(value), NULL));
	assert_string_equal(value, "");
	assert_int_equal(ask(c, "SELECT count(*) FROM meta"), 0);
	commit(begin(c));
}

static void damaged_pages_are_found(void **state)
{
	struct store_case *c = *state;
	struct yz_contact who = {.name = "x"};
	struct yz_error err;
	char path[96];
	long page;
	FILE *f;

	for (int i = 0; i < 100; i++) {
		struct yz_tx *tx = begin(c);

		who.id = (struct yz_id){{0}};
		assert_ok(yz_contact_put(tx, &who, NULL));
		commit(tx);
	}
	assert_ok(yz_store_check(c->s, NULL));
	yz_store_close(c->s);
	c->s = NULL;
	assert_int_equal(ask(c, "PRAGMA wal_checkpoint(TRUNCATE)"), 0);
	page = (long)ask(c, "SELECT rootpage FROM sqlite_schema WHERE name = 'contact'");
	f = fopen(in_dir(c, "station.db", path), "r+");
	assert_non_null(f);
	(void)fseek(f, (page - 1) * YZ_PAGE, SEEK_SET);
	(void)fputs("\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1", f);
	(void)fclose(f);
	assert_ok(yz_store_open(&c->s, c->dir, 0, NULL));
	assert_status(yz_store_check(c->s, &err), YZ_E_CORRUPT);
}

/* Tables that grow with every parcel. */
static bool is_big(const char *plan)
{
	static const char *const big[] = {"SCAN outbox", "SCAN o", "SCAN shipment", "SCAN s",
	        "SCAN party", "SCAN p", "SCAN line", "SCAN payment", "SCAN print_job"};

	for (size_t i = 0; i < sizeof(big) / sizeof(big[0]); i++)
		if (!strcmp(plan, big[i]))
			return true;
	return false;
}

/* Reads and writes once what a clerk's day does again and again. */
static void use_a_day(struct store_case *c)
{
	static char body[] = "{}";
	struct yz_op op = {.agg = "a", .kind = "k", .body = body, .body_len = 2}, second = op, *ops,
	             row;
	struct yz_shipment s = {.id = yz_id_new(1), .station_no = "1", .waybill_no = "2"}, got;
	struct yz_print_job job = {.paper = "waybill", .shipment = s.id}, jobs[2];
	struct yz_payment pay = {.shipment = s.id, .method = "cash"}, pays[2];
	struct yz_contact *who = yz_alloc(sizeof(*who));
	struct yz_outbox_counts counts;
	struct yz_day day;
	struct yz_tx *tx = begin(c);
	size_t n;

	assert_ok(yz_outbox_add(tx, &op, NULL));
	second.needs[second.need_count++] = op.id;
	assert_ok(yz_outbox_add(tx, &second, NULL));
	assert_ok(yz_shipment_add(tx, &s, NULL));
	assert_ok(yz_payment_add(tx, &pay, NULL));
	assert_ok(yz_print_job_add(tx, &job, NULL));
	assert_ok(yz_audit_add(tx, NULL, "a", "b", "", NULL));
	commit(tx);
	assert_ok(yz_outbox_claim(c->s, c->now.wall_ms, 9, 999, &ops, &n, NULL));
	yz_ops_free(ops, n);
	assert_ok(yz_outbox_count(c->s, &counts, NULL));
	assert_ok(yz_outbox_list(c->s, 1U << YZ_OP_DEAD, 0, &row, 1, &n, &n, NULL));
	assert_ok(yz_outbox_last(c->s, "a", &row, NULL));
	assert_ok(yz_shipment_by_number(c->s, "2", &got, NULL));
	assert_ok(yz_payment_list(c->s, &s.id, pays, 2, &n, NULL));
	assert_ok(yz_print_job_open(c->s, jobs, 2, &n, NULL));
	assert_ok(yz_print_job_due(c->s, jobs, 2, &n, NULL));
	assert_ok(yz_print_job_list(c->s, &s.id, jobs, 2, &n, NULL));
	assert_ok(yz_contact_receivers(c->s, &s.id, who, 1, &n, NULL));
	assert_ok(yz_day_get(c->s, 1, &day, NULL));
	tx = begin(c);
	assert_ok(yz_outbox_ack(tx, &op.id, "s", NULL));
	assert_ok(yz_shipment_set_void(tx, &s.id, NULL, "x", NULL));
	commit(tx);
	free(who);
}

static void no_daily_query_reads_a_whole_big_table(void **state)
{
	struct store_case *c = *state;

	use_a_day(c);
	assert_in_range(c->s->kept_count, 30, YZ_STATEMENTS_MAX);
	for (int i = 0; i < c->s->kept_count; i++) {
		struct yz_buf sql = YZ_BUF_INIT;
		sqlite3_stmt *stmt;

		yz_buf_printf(&sql, "EXPLAIN QUERY PLAN %s", c->s->kept[i].sql);
		assert_int_equal(
		        sqlite3_prepare_v2(c->s->db, sql.data, -1, &stmt, NULL), SQLITE_OK);
		while (sqlite3_step(stmt) == SQLITE_ROW)
			if (is_big((const char *)sqlite3_column_text(stmt, 3)))
				fail_msg("%s: %s", sqlite3_column_text(stmt, 3), sql.data);
		(void)sqlite3_finalize(stmt);
		yz_buf_free(&sql);
	}
}

#define T(f) cmocka_unit_test_setup_teardown(f, store_case_setup, store_case_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	        T(a_new_station_folder_is_shared_with_its_group),
	        T(the_database_is_in_wal_with_full_syncs),
	        T(where_there_is_no_database_it_says_so),
	        T(a_file_that_is_no_database_is_called_damaged),
	        T(a_database_of_another_program_is_refused),
	        T(a_newer_database_is_refused),
	        T(what_was_committed_is_there_and_what_was_not_is_not),
	        T(a_store_closed_inside_a_transaction_saves_nothing),
	        T(a_counter_counts_from_one_and_not_in_vain),
	        T(a_foreign_reader_takes_no_wal_from_a_store_opened_twice),
	        T(a_link_in_the_place_of_the_database_is_refused),
	        T(another_programs_commit_is_noticed),
	        T(a_writer_waits_for_the_lock_no_longer_than_told),
	        T(a_reader_does_not_wait_for_a_writer),
	        T(a_lock_whose_holder_died_is_free),
	        T(two_processes_write_without_losing_a_row),
	        T(a_full_disk_loses_nothing_that_was_saved_and_is_got_over),
	        T(a_transaction_that_sqlite_rolled_back_takes_no_more),
	        T(damaged_pages_are_found),
	        T(no_daily_query_reads_a_whole_big_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
