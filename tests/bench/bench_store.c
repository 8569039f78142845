/* What a booking costs the store, against a bare insert of one row with the same promise (WAL,
 * synchronous=FULL).
 *
 * bench_store [ROUNDS]: prints one JSON object a bar (see bar.h); rounds of both are interleaved.
 */
#include "config.h"

#include "store/outbox.h"
#include "store/pool.h"
#include "store/shipment.h"
#include "tests/bench/bar.h"
#include "tests/fault/world.h"

#include "base/buf.h"

#include <fcntl.h>
#include <ftw.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EACH = 100, BODY = 900, ROUNDS = 15 };

struct bench {
	char dir[64];
	struct yz_store *s;
	struct world w; /* another station, for whole bookings */
	int fd;         /* of a file on the same disk */
	sqlite3 *floor_db;
	sqlite3_stmt *begin, *insert, *commit;
	struct yz_shipment parcel;
	char body[BODY + 1];
	int64_t n;
};

typedef void step(struct bench *b);

static void must(enum yz_status st)
{
	if (st != YZ_OK)
		bar_stop(yz_status_name(st));
}

static void run(sqlite3_stmt *stmt)
{
	if (sqlite3_step(stmt) != SQLITE_DONE || sqlite3_reset(stmt) != SQLITE_OK)
		bar_stop("the floor failed");
}

static void bare_insert(struct bench *b)
{
	run(b->begin);
	(void)sqlite3_bind_text(b->insert, 1, b->body, BODY, SQLITE_STATIC);
	run(b->insert);
	run(b->commit);
}

static void add_op(
        struct bench *b, struct yz_tx *tx, const struct yz_id *id, const struct yz_now *now)
{
	struct yz_op op = {.kind = "shipment.book", .schema = 1, .body = b->body, .body_len = BODY};
	char text[YZ_ID_TEXT_SIZE];

	op.id = yz_id_new(now->wall_ms);
	(void)snprintf(op.agg, sizeof(op.agg), "shipment/%s", yz_id_text(id, text));
	must(yz_outbox_add(tx, &op, NULL));
}

static void enqueue_only(struct bench *b)
{
	struct yz_now now = yz_clock_now(0);
	struct yz_id id = yz_id_new(now.wall_ms);
	struct yz_tx *tx;

	must(yz_tx_begin(b->s, &now, &tx, NULL));
	add_op(b, tx, &id, &now);
	must(yz_tx_commit(tx, NULL));
}

static struct yz_shipment *next_parcel(struct bench *b, const struct yz_now *now)
{
	struct yz_shipment *p = &b->parcel;

	p->id = yz_id_new(now->wall_ms);
	(void)snprintf(p->station_no, sizeof(p->station_no), "QJ%08lld", (long long)++b->n);
	return p;
}

/* The three rows: parcel (with its parties and a line), operation, number. */
static void book_three(struct bench *b, struct yz_tx *tx, const struct yz_now *now)
{
	struct yz_shipment *p = next_parcel(b, now);
	struct yz_pool from;
	int64_t number;

	must(yz_pool_take(tx, "SF", &from, &number, NULL));
	(void)snprintf(p->waybill_no, sizeof(p->waybill_no), "SF%010lld", (long long)number);
	must(yz_shipment_add(tx, p, NULL));
	add_op(b, tx, &p->id, now);
}

static void booking(struct bench *b)
{
	struct yz_now now = yz_clock_now(0);
	struct yz_tx *tx;

	must(yz_tx_begin(b->s, &now, &tx, NULL));
	book_three(b, tx, &now);
	must(yz_tx_commit(tx, NULL));
}

/* As shipped: prices, checks, both contacts, payment, two papers, the number's note, the audit, the
 * bells. */
static void whole_booking(struct bench *b)
{
	struct world_receipt r;

	b->w.f.now = yz_clock_now(0);
	must(world_book(&b->w, &r, NULL));
}

/* What the disk asks of anybody: a page over an old one, and a sync. */
static void overwrite(struct bench *b)
{
	static const char page[4096] = "x";

	if (pwrite(b->fd, page, sizeof(page), ++b->n % 256 * (off_t)sizeof(page)) !=
	                (ssize_t)sizeof(page) ||
	        fdatasync(b->fd) != 0)
		bar_stop("the disk");
}

/* Microseconds of one step, median of EACH. */
static double time_step(struct bench *b, step *f)
{
	double us[EACH];

	for (int i = 0; i < EACH; i++) {
		int64_t start = bar_now_ns();

		f(b);
		us[i] = (double)(bar_now_ns() - start) / 1000;
	}
	return bar_median(us, EACH);
}

struct pair {
	const char *name;
	step *ours, *floor;
	double goal;
};

static bool report(struct bench *b, const struct pair *p, long rounds)
{
	struct bar bar = {.name = p->name, .goal = p->goal};

	for (long i = 0; i < rounds; i++) {
		double floor = time_step(b, p->floor);

		bar_note(&bar, time_step(b, p->ours), floor);
	}
	return bar_print(&bar);
}

static void open_floor(struct bench *b)
{
	char path[96];

	(void)snprintf(path, sizeof(path), "%s/floor", b->dir);
	b->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	for (int i = 0; i < 256; i++) /* so that it is overwritten, not grown */
		overwrite(b);
	(void)snprintf(path, sizeof(path), "%s/floor.db", b->dir);
	if (sqlite3_open(path, &b->floor_db) != SQLITE_OK ||
	        sqlite3_exec(b->floor_db,
	                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
	                "CREATE TABLE bare(seq INTEGER PRIMARY KEY, body TEXT)",
	                NULL, NULL, NULL) != SQLITE_OK ||
	        sqlite3_prepare_v2(b->floor_db, "BEGIN IMMEDIATE", -1, &b->begin, NULL) !=
	                SQLITE_OK ||
	        sqlite3_prepare_v2(b->floor_db, "INSERT INTO bare(body) VALUES(?)", -1, &b->insert,
	                NULL) != SQLITE_OK ||
	        sqlite3_prepare_v2(b->floor_db, "COMMIT", -1, &b->commit, NULL) != SQLITE_OK)
		bar_stop("no floor");
}

static void open_all(struct bench *b)
{
	struct yz_pool p = {.courier = "SF",
	        .source = "range",
	        .prefix = "SF",
	        .width = 10,
	        .lo = 1,
	        .hi = 9999999,
	        .next = 1};
	struct yz_now now = yz_clock_now(0);
	struct yz_tx *tx;

	(void)snprintf(
	        b->dir, sizeof(b->dir), "/var/tmp/yizhan-XXXXXX"); /* /tmp may be in memory */
	if (!mkdtemp(b->dir))
		bar_stop("no folder");
	must(yz_store_open(&b->s, b->dir, YZ_STORE_CREATE, NULL));
	must(yz_tx_begin(b->s, &now, &tx, NULL));
	must(yz_pool_add(tx, &p, NULL));
	must(yz_tx_commit(tx, NULL));
	open_floor(b);
	world_make(&b->w);
	must(world_open(&b->w, NULL));
	memset(b->body, 'x', BODY);
	b->parcel = (struct yz_shipment){.courier = "SF",
	        .carrier = "SF",
	        .pieces = 1,
	        .weight_g = 2500,
	        .total_fen = 1200,
	        .payer = "sender",
	        .sender = {.name = "李明",
	                .phone = "13800000001",
	                .region = "云南省曲靖市罗平县",
	                .detail = "九龙街道1号"},
	        .receiver = {.name = "王芳",
	                .phone = "13900000002",
	                .region = "上海市浦东新区",
	                .detail = "世纪大道100号"},
	        .lines = {{.name = "小黄姜", .qty_milli = 2500, .unit = "035", .mass_g = 2500}},
	        .line_count = 1};
}

static int drop(const char *path, const struct stat *sb, int flag, struct FTW *ftw)
{
	(void)sb;
	(void)flag;
	(void)ftw;
	return remove(path);
}

int main(int argc, char **argv)
{
	static const struct pair pairs[] = {
	        {"store.bare-insert", bare_insert, overwrite, 2.0},
	        {"store.enqueue", enqueue_only, bare_insert, 1.5},
	        {"store.booking-three-rows", booking, bare_insert, 1.4},
	        {"store.booking-whole", whole_booking, bare_insert, 2.5},
	};
	struct bench *b = yz_alloc(sizeof(*b));
	long rounds = argc > 1 ? strtol(argv[1], NULL, 10) : ROUNDS;
	bool ok = true;

	if (rounds < 1 || rounds > BAR_ROUNDS_MAX)
		bar_stop("usage: bench_store [ROUNDS], 1 to 99");
	open_all(b);
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		ok &= report(b, &pairs[i], rounds);
	(void)sqlite3_finalize(b->begin);
	(void)sqlite3_finalize(b->insert);
	(void)sqlite3_finalize(b->commit);
	(void)sqlite3_close(b->floor_db);
	yz_store_close(b->s);
	world_shut(&b->w);
	world_drop(&b->w);
	(void)close(b->fd);
	(void)nftw(b->dir, drop, 8, FTW_DEPTH | FTW_PHYS);
	free(b);
	return ok ? 0 : 1;
}
