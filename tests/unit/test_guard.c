/* store: damage is found, marked and obeyed; a full disk leaves room for what must be written. */
#include "config.h"

#include "store/audit.h"
#include "store/contact.h"
#include "store/db.h"
#include "store/draft.h"
#include "store/guard.h"
#include "store/outbox.h"
#include "store/pool.h"
#include "store/print_job.h"
#include "store/product.h"
#include "store/reference.h"
#include "store/shipment.h"
#include "store/station.h"
#include "store/verify.h"
#include "tests/unit/store_case.h"
#include "tests/unit/store_work.h"

#include "base/file.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void what_the_programs_write_is_sound(void **state)
{
	struct store_case *c = *state;

	write_all(c);
	assert_ok(yz_store_verify(c->s, NULL));
	reopen(c);
	assert_ok(yz_store_verify(c->s, NULL));
}

/* SQLite takes the row back when the statement ends: it must not stay in the tally. */
static void a_statement_that_fails_leaves_no_trace(void **state)
{
	struct store_case *c = *state;
	struct yz_payment orphan = {.shipment = yz_id_new(1), .method = "cash"};
	struct yz_contact who = {.name = "x"};
	struct yz_tx *tx = begin(c);

	assert_ok(yz_contact_put(tx, &who, NULL));
	assert_status(yz_payment_add(tx, &orphan, NULL), YZ_E_NOTFOUND);
	commit(tx);
	assert_ok(yz_store_verify(c->s, NULL));
	tx = begin(c);
	assert_ok(yz_meta_put(tx, "a", "1", NULL));
	yz_tx_rollback(tx);
	assert_ok(yz_store_verify(c->s, NULL));
}

static void a_row_changed_behind_its_back_is_found(void **state)
{
	static const char *const changes[] = {"UPDATE counter SET value = value + 1",
	        "UPDATE meta SET value = 'x'", "UPDATE station SET name = 'x'",
	        "UPDATE clerk SET failures = 0", "UPDATE contact SET phone = '1'",
	        "UPDATE contact_use SET used = used + 90", "UPDATE farmer SET id_sealed = x'00'",
	        "UPDATE product SET price_fen = 1", "UPDATE shipment SET remark = 'x'",
	        "UPDATE shipment_search SET text = 'x'", "UPDATE pool SET next = next - 1",
	        "UPDATE pool_number SET state = 0", "UPDATE print_job SET state = 4",
	        "UPDATE outbox SET attempts = 7", "UPDATE draft SET body = x'01'",
	        "UPDATE recipient SET public_key = x'01'",
	        "UPDATE retention SET keep_days = 1 WHERE kind = 'party'",
	        "DELETE FROM pool_number WHERE number = 3", "DELETE FROM draft",
	        "INSERT INTO meta VALUES('new', '')", "DROP TRIGGER payment_fixed"};
	struct store_case *c = *state;
	struct yz_error err;

	write_all(c);
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		char copy[96];
		struct store_case other = {.now = c->now};

		(void)snprintf(
		        copy, sizeof(copy), "VACUUM INTO '%.60s/c%zu/station.db'", c->dir, i);
		(void)snprintf(other.dir, sizeof(other.dir), "%.50s/c%zu", c->dir, i);
		assert_int_equal(mkdir(other.dir, 0770), 0);
		meddle(c, copy);
		assert_ok(yz_store_open(&other.s, other.dir, 0, NULL));
		assert_ok(yz_store_verify(other.s, NULL));
		meddle(&other, changes[i]);
		if (yz_store_verify(other.s, &err) != YZ_E_CORRUPT)
			fail_msg("not found: %s", changes[i]);
		assert_ok(yz_store_check(other.s, NULL)); /* SQLite alone sees nothing wrong */
		yz_store_close(other.s);
	}
}

/* All that a query can see, as one text. */
static char *dump(const struct store_case *c)
{
	static char cmd[256];
	struct yz_buf out = YZ_BUF_INIT;
	char part[4096];
	size_t n;
	FILE *p;

	(void)snprintf(cmd, sizeof(cmd), "sqlite3 -readonly %s/station.db .dump 2>&1", c->dir);
	p = popen(cmd, "r");
	assert_non_null(p);
	while ((n = fread(part, 1, sizeof(part), p)) > 0)
		yz_buf_add(&out, part, n);
	(void)pclose(p);
	return out.data;
}

static int open_db_file(const struct store_case *c, off_t bit, unsigned char *byte)
{
	char path[96];
	int fd;

	(void)snprintf(path, sizeof(path), "%s/station.db", c->dir);
	fd = open(path, O_RDWR);
	assert_true(fd >= 0 && pread(fd, byte, 1, bit / 8) == 1);
	return fd;
}

static void flip(const struct store_case *c, off_t bit)
{
	unsigned char byte;
	int fd = open_db_file(c, bit, &byte);

	byte = (unsigned char)(byte ^ 1U << bit % 8);
	assert_int_equal(pwrite(fd, &byte, 1, bit / 8), 1);
	(void)close(fd);
}

/* Most zeros lie in free parts of pages, which no query sees. */
static bool is_zero(const struct store_case *c, off_t bit)
{
	unsigned char byte;

	(void)close(open_db_file(c, bit, &byte));
	return byte == 0;
}

static bool is_found(struct store_case *c, bool sweep)
{
	struct yz_store *s = NULL;
	enum yz_status st = yz_store_open(&s, c->dir, YZ_STORE_READONLY, NULL);

	if (st == YZ_OK)
		st = sweep ? yz_store_verify(s, NULL) : yz_store_check(s, NULL);
	yz_store_close(s);
	return st != YZ_OK;
}

/* YZ_ROUNDS makes it long. quick_check alone is the broken twin: it must miss some. */
static void a_flipped_bit_that_shows_is_found(void **state)
{
	struct store_case *c = *state;
	const char *more = getenv("YZ_ROUNDS");
	int rounds = more ? (int)strtol(more, NULL, 10) : 60, harmful = 0, missed = 0;
	unsigned seed = 4;
	struct stat sb;
	char path[96], *whole;

	write_all(c);
	yz_store_close(c->s);
	c->s = NULL;
	assert_int_equal(ask(c, "PRAGMA wal_checkpoint(TRUNCATE)"), 0);
	(void)snprintf(path, sizeof(path), "%s/station.db", c->dir);
	assert_int_equal(stat(path, &sb), 0);
	whole = dump(c);
	for (int i = 0; i < rounds || (i < rounds * 9 && missed == 0); i++) {
		off_t bit;
		char *now;

		do {
			seed = seed * 1103515245 + 12345;
			bit = (off_t)(seed >> 1) % (sb.st_size * 8);
		} while (is_zero(c, bit));
		flip(c, bit);
		now = dump(c);
		if (strcmp(now, whole) != 0) {
			harmful++;
			if (!is_found(c, true))
				fail_msg("the flip of bit %lld is not found", (long long)bit);
			missed += !is_found(c, false);
		}
		free(now);
		flip(c, bit);
	}
	free(whole);
	print_message("%d of %d flips show, quick_check misses %d\n", harmful, rounds, missed);
	assert_true(harmful > 0 && missed > 0);
	assert_false(is_found(c, true));
}

static void a_marked_station_is_read_and_not_written(void **state)
{
	struct store_case *c = *state;
	struct yz_store *s = NULL;
	struct yz_error err = {0};
	struct yz_tx *tx;
	char value[8];

	tx = begin(c);
	assert_ok(yz_meta_put(tx, "a", "1", NULL));
	commit(tx);
	assert_false(yz_store_is_damaged(c->s, &err));
	assert_ok(yz_damage_mark(c->dir, "page 7", NULL));
	assert_ok(yz_damage_mark(c->dir, "page 9", NULL));
	assert_status(yz_store_open(&s, c->dir, 0, &err), YZ_E_CORRUPT);
	assert_string_equal(err.text, "page 7");
	assert_non_null(strstr(err.say, "rescue"));
	assert_ok(yz_store_open(&s, c->dir, YZ_STORE_LOOK, NULL));
	assert_true(yz_store_is_damaged(s, &err));
	assert_ok(yz_meta_get(s, "a", value, sizeof(value), NULL));
	assert_string_equal(value, "1");
	assert_status(yz_tx_begin(s, &c->now, &tx, &err), YZ_E_CORRUPT);
	yz_store_close(s);
	yz_damage_clear(c->dir);
	assert_ok(yz_store_open(&s, c->dir, 0, NULL));
	yz_store_close(s);
}

static void a_program_at_work_obeys_the_mark(void **state)
{
	struct store_case *c = *state;
	struct yz_store *s = NULL;
	struct yz_tx *tx;

	assert_ok(yz_store_open(&s, c->dir, YZ_STORE_CHECK, NULL));
	assert_ok(yz_tx_begin(s, &c->now, &tx, NULL));
	yz_tx_rollback(tx);
	assert_ok(yz_damage_mark(c->dir, "page 7", NULL));
	assert_status(yz_tx_begin(s, &c->now, &tx, NULL), YZ_E_CORRUPT);
	assert_true(yz_store_is_damaged(s, NULL));
	yz_store_close(s);
}

/* The drafts' thread of the kiosk, yizhanctl: they opened it without the start-up check. */
static void each_store_obeys_the_mark_and_sets_it(void **state)
{
	struct store_case *c = *state;
	struct yz_store *look = NULL;
	struct yz_tx *tx;

	assert_ok(yz_store_open(&look, c->dir, YZ_STORE_LOOK, NULL));
	assert_ok(yz_tx_begin(look, &c->now, &tx, NULL));
	yz_tx_rollback(tx);
	(void)yz_db_fail(c->s, SQLITE_CORRUPT, NULL);
	assert_true(yz_damage_read(c->dir, NULL, 0));
	assert_status(yz_tx_begin(look, &c->now, &tx, NULL), YZ_E_CORRUPT);
	assert_true(yz_store_is_damaged(look, NULL));
	yz_store_close(look);
}

static void a_read_that_fails_again_and_again_is_damage(void **state)
{
	struct store_case *c = *state;

	(void)yz_db_fail(c->s, SQLITE_IOERR_WRITE, NULL);
	for (int i = 1; i < YZ_READ_FAULTS_MAX; i++)
		(void)yz_db_fail(c->s, SQLITE_IOERR_READ, NULL);
	assert_false(yz_store_is_damaged(c->s, NULL));
	(void)yz_db_fail(c->s, SQLITE_IOERR_READ, NULL);
	assert_true(yz_store_is_damaged(c->s, NULL));
	assert_true(yz_damage_read(c->dir, NULL, 0));
}

static void the_start_finds_a_damaged_page_and_body(void **state)
{
	struct store_case *c = *state;
	struct yz_store *s = NULL;
	char path[96];

	write_all(c);
	(void)snprintf(path, sizeof(path), "%s/damaged", c->dir);
	yz_store_close(c->s);
	c->s = NULL;
	assert_ok(yz_store_open(&s, c->dir, YZ_STORE_CHECK, NULL));
	yz_store_close(s);
	meddle(c, "DROP TRIGGER outbox_body_fixed;"
	          "UPDATE outbox_body SET body = x'00' WHERE seq = 3");
	assert_status(yz_store_open(&s, c->dir, YZ_STORE_CHECK, NULL), YZ_E_CORRUPT);
	assert_true(yz_file_exists(path));
	assert_status(yz_store_open(&s, c->dir, 0, NULL), YZ_E_CORRUPT);
	assert_ok(yz_store_open(&s, c->dir, YZ_STORE_CHECK | YZ_STORE_LOOK, NULL));
	assert_true(yz_store_is_damaged(s, NULL));
	yz_store_close(s);
}

static void the_ballast_is_there_until_it_is_needed(void **state)
{
	struct store_case *c = *state;
	char path[96];
	struct stat sb;
	int64_t left = 0;

	(void)snprintf(path, sizeof(path), "%s/ballast", c->dir);
	assert_ok(yz_space_left(c->dir, &left, NULL));
	assert_true(left > 0);
	yz_ballast_keep(c->dir);
	if (left < (int64_t)200 << 20) /* no room to try it */
		skip();
	assert_ok(yz_space_check(c->s, NULL));
	assert_int_equal(stat(path, &sb), 0);
	assert_int_equal(sb.st_size, YZ_BALLAST_MIB << 20);
	assert_true((int64_t)sb.st_blocks * 512 >= (int64_t)YZ_BALLAST_MIB << 20);
	(void)yz_db_fail(c->s, SQLITE_FULL, NULL);
	assert_int_not_equal(stat(path, &sb), 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, store_case_setup, store_case_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	        T(what_the_programs_write_is_sound),
	        T(a_statement_that_fails_leaves_no_trace),
	        T(a_row_changed_behind_its_back_is_found),
	        T(a_flipped_bit_that_shows_is_found),
	        T(a_marked_station_is_read_and_not_written),
	        T(a_program_at_work_obeys_the_mark),
	        T(each_store_obeys_the_mark_and_sets_it),
	        T(a_read_that_fails_again_and_again_is_damage),
	        T(the_start_finds_a_damaged_page_and_body),
	        T(the_ballast_is_there_until_it_is_needed),
	};

	return cmocka_run_group_tests_name("guard", tests, NULL, NULL);
}
