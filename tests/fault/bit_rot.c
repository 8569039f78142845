/* Test 15: one bit of the database flips, or two pages change places. Harm is what a query could
 * see: a dump of all tables differs or cannot be read. The nightly sweep (yz_store_verify) must
 * find all of it. The twin sweeps with SQLite's quick_check alone. */
#include "config.h"

#include "store/db.h"
#include "store/verify.h"
#include "tests/fault/fault.h"
#include "tests/fault/world.h"

#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BOOKINGS = 60, PAGE = YZ_PAGE };

struct rot {
	struct fault *f;
	struct world w;
	char path[PATH_MAX], whole[PATH_MAX];
	off_t size;
	uint8_t dump[crypto_hash_sha256_BYTES];
	int64_t tried, harmful, found, found_quick, harmless_found;
};

static void add_row(crypto_hash_sha256_state *h, sqlite3_stmt *row)
{
	for (int i = 0; i < sqlite3_column_count(row); i++) {
		int type = sqlite3_column_type(row, i);
		int64_t n = type == SQLITE_INTEGER ? sqlite3_column_int64(row, i) : 0;
		const void *bytes = sqlite3_column_blob(row, i);
		int len = sqlite3_column_bytes(row, i);

		(void)crypto_hash_sha256_update(h, (const uint8_t *)&type, sizeof(type));
		(void)crypto_hash_sha256_update(h, (const uint8_t *)&n, sizeof(n));
		(void)crypto_hash_sha256_update(h, (const uint8_t *)&len, sizeof(len));
		if (bytes)
			(void)crypto_hash_sha256_update(h, bytes, (unsigned long long)len);
	}
}

/* Adds all rows of a query; false if they cannot be read. */
static bool add_rows(sqlite3 *db, const char *sql, crypto_hash_sha256_state *h)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);

	while (rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		add_row(h, stmt);
		rc = SQLITE_OK;
	}
	(void)sqlite3_finalize(stmt);
	return rc == SQLITE_DONE;
}

static bool dump_tables(sqlite3 *db, crypto_hash_sha256_state *h)
{
	sqlite3_stmt *names = NULL;
	bool ok = sqlite3_prepare_v2(db,
	                  "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name", -1,
	                  &names, NULL) == SQLITE_OK;

	while (ok && sqlite3_step(names) == SQLITE_ROW) {
		char *sql = sqlite3_mprintf("SELECT * FROM \"%w\"", sqlite3_column_text(names, 0));

		ok = add_rows(db, sql, h);
		sqlite3_free(sql);
	}
	(void)sqlite3_finalize(names);
	return ok;
}

/* The hash of all that can be read; false if something cannot. */
static bool dump(const char *path, uint8_t *out)
{
	crypto_hash_sha256_state h;
	sqlite3 *db = NULL;
	bool ok = sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK;

	(void)crypto_hash_sha256_init(&h);
	ok = ok && add_rows(db, "PRAGMA user_version", &h) &&
	     add_rows(db, "PRAGMA application_id", &h) &&
	     add_rows(db, "SELECT type, name, tbl_name, sql FROM sqlite_schema", &h) &&
	     dump_tables(db, &h);
	(void)sqlite3_close(db);
	(void)crypto_hash_sha256_final(&h, out);
	return ok;
}

static void prepare(struct rot *r)
{
	struct world_receipt ignored;

	world_make(&r->w);
	if (world_open(&r->w, NULL) != YZ_OK)
		fault_stop("no station");
	for (int i = 0; i < BOOKINGS; i++) {
		r->w.f.now = yz_clock_now(0);
		if (world_book(&r->w, &ignored, NULL) != YZ_OK)
			fault_stop("no booking");
	}
	if (yz_db_exec(r->w.f.desk.store, "PRAGMA wal_checkpoint(TRUNCATE)", NULL) != YZ_OK)
		fault_stop("no checkpoint");
	world_shut(&r->w);
	(void)snprintf(r->path, sizeof(r->path), "%s/station.db", r->w.f.dir);
	(void)snprintf(r->whole, sizeof(r->whole), "%s/whole", r->w.f.dir);
	fault_copy(r->path, r->whole);
	if (!dump(r->whole, r->dump))
		fault_stop("no dump");
}

static void read_at(int fd, void *bytes, size_t len, off_t at)
{
	if (pread(fd, bytes, len, at) != (ssize_t)len)
		fault_stop("cannot read the database");
}

static void write_at(int fd, const void *bytes, size_t len, off_t at)
{
	if (pwrite(fd, bytes, len, at) != (ssize_t)len)
		fault_stop("cannot damage the database");
}

/* Every fourth time two pages change places, else a bit flips. */
static void damage(struct rot *r)
{
	int fd = open(r->path, O_RDWR | O_CLOEXEC);
	uint8_t a[PAGE], b[PAGE];
	struct stat sb;

	if (fd < 0 || fstat(fd, &sb) != 0)
		fault_stop("no database");
	if (r->tried % 4 == 3) {
		uint32_t pages = (uint32_t)(sb.st_size / PAGE);
		off_t x = (off_t)fault_chance(r->f, pages) * PAGE;
		off_t y = (off_t)fault_chance(r->f, pages) * PAGE;

		read_at(fd, a, PAGE, x);
		read_at(fd, b, PAGE, y);
		write_at(fd, b, PAGE, x);
		write_at(fd, a, PAGE, y);
	} else {
		off_t at = (off_t)fault_chance(r->f, (uint32_t)sb.st_size);

		read_at(fd, a, 1, at);
		a[0] = (uint8_t)(a[0] ^ (1U << fault_chance(r->f, 8)));
		write_at(fd, a, 1, at);
	}
	(void)close(fd);
}

/* What the sweep says; an answer of quick_check alone in *quick. */
static bool sweep_finds(struct rot *r, bool *quick)
{
	struct yz_store *s;
	struct yz_error err = {0};
	bool found;

	*quick = true;
	if (yz_store_open(&s, r->w.f.dir, 0, &err) != YZ_OK)
		return true; /* no program starts on it */
	found = yz_store_verify(s, &err) != YZ_OK;
	*quick = yz_store_check_start(s, &err) != YZ_OK;
	yz_store_close(s);
	return found;
}

static void clean(struct rot *r)
{
	static const char *const names[] = {"station.db-wal", "station.db-shm", "damaged"};
	char path[PATH_MAX];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		(void)snprintf(path, sizeof(path), "%.4000s/%s", r->w.f.dir, names[i]);
		(void)unlink(path);
	}
	fault_copy(r->whole, r->path);
}

static void play_round(struct rot *r)
{
	uint8_t now[crypto_hash_sha256_BYTES];
	bool harm, found, quick;

	clean(r);
	damage(r);
	harm = !dump(r->path, now) || memcmp(now, r->dump, sizeof(now)) != 0;
	found = sweep_finds(r, &quick);
	r->tried++;
	r->harmful += harm;
	r->found += harm && found;
	r->found_quick += harm && quick;
	r->harmless_found += !harm && found;
}

int main(void)
{
	struct fault f = fault_begin("15", 60);
	struct rot r = {.f = &f};

	if (sodium_init() < 0)
		fault_stop("no sodium");
	prepare(&r);
	while (fault_more(&f, r.tried))
		play_round(&r);
	world_drop(&r.w);
	return fault_end(&f, r.harmful > 0 && r.found == r.harmful, r.found_quick < r.harmful,
	        "%lld bit flips and page swaps, %lld harmful, %lld of them found, %lld others "
	        "found,"
	        " %lld found without the sweep",
	        (long long)r.tried, (long long)r.harmful, (long long)r.found,
	        (long long)r.harmless_found, (long long)r.found_quick);
}
