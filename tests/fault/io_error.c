/* Test 7: the nth open, write, sync, truncate or growth fails, for every n, with EIO or ENOSPC,
 * once or from then on; so does the nth read. A clerk books, the agent beats, claims and
 * acknowledges, a checkpoint runs. Nothing may be said to be saved that is not there afterwards,
 * and once the disk is well again the same program goes on; but where reads fail again and again,
 * the station is marked as damaged, and only there.
 *
 * In the twin COMMIT's answer is not looked at (yz_tx_commit is wrapped by the linker). */
#include "config.h"

#include "store/db.h"
#include "store/guard.h"
#include "store/outbox.h"
#include "store/verify.h"
#include "tests/fault/fault.h"
#include "tests/fault/shim.h"
#include "tests/fault/world.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { RECEIPTS_MAX = 16, STATION_BOOKINGS = 12 };

struct run {
	struct fault *f;
	struct shim *shim;
	struct world w;
	char whole[FAULT_DIR_SIZE]; /* a copy of the station before any fault */
	struct world_receipt said[RECEIPTS_MAX];
	int said_count;
	int64_t tried, faults, receipts, false_receipts, stuck, unsound, marked, wrong_marks;
};

static bool deaf; /* the twin */

enum yz_status __real_yz_tx_commit(struct yz_tx *tx, struct yz_error *err);
enum yz_status __wrap_yz_tx_commit(struct yz_tx *tx, struct yz_error *err);

enum yz_status __wrap_yz_tx_commit(struct yz_tx *tx, struct yz_error *err)
{
	enum yz_status st = __real_yz_tx_commit(tx, err);

	return deaf ? YZ_OK : st;
}

static void copy_station(const char *from, const char *to)
{
	static const char *const names[] = {"station.db", "station.db-wal"};
	char a[PATH_MAX], b[PATH_MAX];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		(void)snprintf(a, sizeof(a), "%s/%s", from, names[i]);
		(void)snprintf(b, sizeof(b), "%s/%s", to, names[i]);
		(void)unlink(b);
		if (access(a, F_OK) == 0)
			fault_copy(a, b);
	}
	(void)snprintf(b, sizeof(b), "%s/station.db-shm", to);
	(void)unlink(b);
	(void)snprintf(b, sizeof(b), "%s/damaged", to);
	(void)unlink(b);
}

static bool book(struct run *r)
{
	struct world_receipt *to = &r->said[r->said_count];

	if (r->said_count == RECEIPTS_MAX || world_book(&r->w, to, NULL) != YZ_OK)
		return false;
	r->said_count++;
	return true;
}

/* As the agent: errors are its daily bread, it tries again later. */
static void ack(struct run *r)
{
	struct yz_store *s = r->w.f.desk.store;
	struct yz_op *ops;
	struct yz_tx *tx;
	size_t n;

	if (yz_outbox_heartbeat(s, &r->w.f.now, NULL) != YZ_OK ||
	        yz_outbox_claim(s, r->w.f.now.wall_ms, 2, 100000, &ops, &n, NULL) != YZ_OK)
		return;
	if (yz_tx_begin(s, &r->w.f.now, &tx, NULL) == YZ_OK) {
		enum yz_status st = YZ_OK;

		for (size_t i = 0; st == YZ_OK && i < n; i++)
			st = yz_outbox_ack(tx, &ops[i].id, "P-1", NULL);
		if (st == YZ_OK)
			(void)yz_tx_commit(tx, NULL);
		else
			yz_tx_rollback(tx);
	}
	yz_ops_free(ops, n);
}

static void work(struct run *r)
{
	(void)book(r);
	ack(r);
	(void)book(r);
	if (r->w.f.desk.store)
		(void)yz_db_exec(r->w.f.desk.store, "PRAGMA wal_checkpoint(PASSIVE)", NULL);
	(void)book(r);
	ack(r);
}

/* The disk is well again: what is there? */
static void look(struct run *r)
{
	struct world_look seen;
	struct yz_error err = {0};

	if (world_open(&r->w, &err) != YZ_OK) {
		(void)fprintf(stderr, "after a fault: %s\n", err.text);
		r->unsound++;
		world_shut(&r->w);
		return;
	}
	for (int i = 0; i < r->said_count; i++)
		r->false_receipts += !world_has(&r->w, &r->said[i]);
	r->receipts += r->said_count;
	world_look(&r->w, &seen);
	r->unsound += *seen.why || seen.halves;
	if (*seen.why || seen.halves)
		(void)fprintf(stderr, "after a fault: %s, %lld halves\n", seen.why,
		        (long long)seen.halves);
	world_shut(&r->w);
}

/* A look at every page while the disk still refuses: that is damage, not a fault that may pass. */
static void look_in_trouble(struct run *r)
{
	if (yz_store_verify(r->w.f.desk.store, NULL) != YZ_E_IO)
		return;
	(void)fprintf(stderr, "a lasting read fault is not taken for damage\n");
	r->unsound++;
}

/* True if the fault happened: n is not beyond the last call. */
static bool try_one(struct run *r, enum shim_disk disk, long n, bool lasting)
{
	bool open, happened, marked;

	copy_station(r->whole, r->w.f.dir);
	r->said_count = 0;
	if (disk != SHIM_BAD_SECTOR)
		shim_fail(r->shim, disk, n, lasting);
	open = world_open(&r->w, NULL) == YZ_OK;
	if (disk == SHIM_BAD_SECTOR) /* met at work: one that cannot be opened is not worked on */
		shim_fail(r->shim, disk, n, lasting);
	if (open)
		work(r);
	if (open && lasting && disk == SHIM_BAD_SECTOR)
		look_in_trouble(r);
	happened = r->shim->failures > 0;
	shim_fail(r->shim, SHIM_GOOD, 0, false);
	marked = yz_damage_read(r->w.f.dir, NULL, 0);
	r->marked += marked;
	r->wrong_marks += marked && !(lasting && disk == SHIM_BAD_SECTOR);
	if (open && !marked && !book(r))
		r->stuck++; /* the disk is well and this program still cannot save */
	yz_damage_clear(r->w.f.dir);
	world_shut(&r->w);
	look(r);
	r->tried++;
	r->faults += happened;
	return happened;
}

/* One kind of fault at every call; few rounds: every so many calls, from a place by chance. */
static void try_kind(struct run *r, enum shim_disk disk, bool lasting, long most)
{
	long calls = disk == SHIM_BAD_SECTOR ? 40 : 400, step = 1, n = 1;

	if (most < 2000) {
		step = calls / (most / 4 + 1) + 1;
		n += fault_chance(r->f, (uint32_t)step);
	}
	while (fault_more(r->f, r->tried) && try_one(r, disk, n, lasting))
		n += step;
}

static void try_all(struct run *r, long most)
{
	static const enum shim_disk disks[] = {SHIM_BAD_SECTOR, SHIM_IO_ERROR, SHIM_NO_SPACE};

	for (int k = 0; k < 6; k++)
		try_kind(r, disks[k % 3], k < 3, most);
}

static void prepare(struct run *r)
{
	struct world_receipt ignored;

	world_make(&r->w);
	fault_folder(r->whole);
	if (world_open(&r->w, NULL) != YZ_OK)
		fault_stop("no station");
	for (int i = 0; i < STATION_BOOKINGS; i++)
		if (world_book(&r->w, &ignored, NULL) != YZ_OK)
			fault_stop("no booking");
	world_shut(&r->w);
	copy_station(r->w.f.dir, r->whole);
}

static void clear(struct run *r)
{
	r->marked = r->wrong_marks = 0;
	r->tried = r->faults = r->receipts = r->false_receipts = r->stuck = r->unsound = 0;
}

int main(void)
{
	struct fault f = fault_begin("07", 40);
	struct shim shim = {.recording = false};
	struct run r = {.f = &f, .shim = &shim}, told;

	shim_install(&shim);
	prepare(&r);
	try_all(&r, f.rounds);
	told = r;
	clear(&r);
	deaf = true;
	/* at once: the twin needs one sync that fails, and the first may be any call's */
	for (long n = 1; n < 400 && !r.false_receipts; n += 3)
		(void)try_one(&r, SHIM_IO_ERROR, n, true);
	fault_remove(r.whole);
	world_drop(&r.w);
	return fault_end(&f,
	        told.faults > 0 && told.marked > 0 && !told.wrong_marks && !told.false_receipts &&
	                !told.stuck && !told.unsound,
	        r.false_receipts > 0,
	        "%lld faults at open, read, write, sync, truncate (EIO, ENOSPC; once, lasting),"
	        " %lld receipts, %lld false, %lld stuck, %lld unsound, %lld marked as damaged"
	        " by lasting reads, %lld wrongly",
	        (long long)told.faults, (long long)told.receipts, (long long)told.false_receipts,
	        (long long)told.stuck, (long long)told.unsound, (long long)told.marked,
	        (long long)told.wrong_marks);
}
