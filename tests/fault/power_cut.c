/* Test 2: power cuts. A day at the station is played once with all writes and syncs of database and
 * WAL written down: bookings, acknowledgements, refusals, a pool that runs out, checkpoints, and a
 * migration with operations waiting. Then the power is cut at random moments of it: each time the
 * files are made as the cut may have left them and opened by the product. What had been said to be
 * saved must be there.
 *
 * The twin plays the same day with synchronous=NORMAL and must lose receipts. */
#include "config.h"

#include "store/db.h"
#include "store/migrate.h"
#include "store/outbox.h"
#include "tests/fault/fault.h"
#include "tests/fault/replay.h"
#include "tests/fault/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BOOKINGS = 120, CUTS_A_DAY = 2500, CHECKPOINT_PAGES = 120 };

struct said { /* a receipt, and what was said later of its operation */
	struct world_receipt r;
	size_t booked_at, acked_at; /* events that happened before it was said; 0: never */
};

struct day {
	struct world w;
	struct shim *shim;
	struct said said[BOOKINGS];
	int count, acked;
	size_t begins_at, migrates_at;
};

struct tally {
	int64_t cuts, checked, lost, acks_lost, halves, unsound;
};

static bool with_next; /* the program knows one step more than today's */

const char *const *__real_yz_migrations(size_t *count);
const char *const *__wrap_yz_migrations(size_t *count);

/* The step rewrites much and moves rows, as a real one may. */
const char *const *__wrap_yz_migrations(size_t *count)
{
	static const char step[] = "CREATE TABLE fault_copy AS SELECT * FROM outbox;"
	                           "CREATE INDEX fault_index ON outbox(kind, seq);"
	                           "CREATE TABLE fault_body AS SELECT seq, body FROM outbox_body;"
	                           "DROP TABLE fault_copy;";
	static const char *steps[64];
	const char *const *real = __real_yz_migrations(count);

	if (*count + 1 > sizeof(steps) / sizeof(steps[0]))
		fault_stop("too many migrations");
	memcpy(steps, real, *count * sizeof(*steps));
	steps[*count] = step;
	*count += with_next;
	return steps;
}

static void must(enum yz_status st, const char *what, const struct yz_error *err)
{
	if (st != YZ_OK)
		fault_stop("%s: %s", what, err->text);
}

static void open_day(struct day *d, bool careless)
{
	struct yz_error err = {0};
	char sql[64];

	must(world_open(&d->w, &err), "the store does not open", &err);
	(void)snprintf(sql, sizeof(sql), "PRAGMA wal_autocheckpoint=%d", CHECKPOINT_PAGES);
	must(yz_db_exec(d->w.f.desk.store, sql, &err), "no pragma", &err);
	if (careless)
		must(yz_db_exec(d->w.f.desk.store, "PRAGMA synchronous=NORMAL", &err), "no pragma",
		        &err);
}

static void book(struct day *d)
{
	struct said *s = &d->said[d->count];
	struct yz_error err = {0};

	must(world_book(&d->w, &s->r, &err), "no booking", &err);
	s->booked_at = d->shim->count;
	d->count++;
}

/* What the agent does: a beat, a claim, acknowledgements in one transaction. */
static void ack_some(struct day *d)
{
	struct yz_store *s = d->w.f.desk.store;
	struct yz_error err = {0};
	struct yz_op *ops;
	struct yz_tx *tx;
	size_t n;

	must(yz_outbox_heartbeat(s, &d->w.f.now, &err), "no beat", &err);
	must(yz_outbox_claim(s, d->w.f.now.wall_ms, 3, 100000, &ops, &n, &err), "no claim", &err);
	must(yz_tx_begin(s, &d->w.f.now, &tx, &err), "no transaction", &err);
	for (size_t i = 0; i < n; i++)
		must(yz_outbox_ack(tx, &ops[i].id, "P-1", &err), "no ack", &err);
	must(yz_tx_commit(tx, &err), "no commit", &err);
	for (size_t i = 0; i < n; i++)
		for (int k = 0; k < d->count; k++)
			if (yz_id_equal(&d->said[k].r.op, &ops[i].id))
				d->said[k].acked_at = d->shim->count;
	d->acked += (int)n;
	yz_ops_free(ops, n);
}

static void play_day(struct day *d, struct shim *shim, bool careless)
{
	memset(d, 0, sizeof(*d));
	d->shim = shim;
	with_next = false;
	shim->recording = true;
	world_make(&d->w);
	d->begins_at = shim->count;
	open_day(d, careless);
	while (d->count < BOOKINGS) {
		if (d->count == BOOKINGS * 2 / 3 && !d->migrates_at) {
			world_shut(&d->w);
			with_next = true;
			d->migrates_at = shim->count;
			open_day(d, careless);
		}
		book(d);
		if (d->count % 4 == 0)
			ack_some(d);
		if (d->count % 50 == 0)
			must(yz_db_exec(d->w.f.desk.store, "PRAGMA wal_checkpoint(RESTART)", NULL),
			        "no checkpoint", &(struct yz_error){.text = ""});
	}
	world_shut(&d->w);
	shim->recording = false;
}

/* Opens what the cut left behind, as the station's program would. */
static void look(struct day *d, size_t cut, struct tally *t)
{
	struct world_look seen;
	struct yz_error err = {0};
	struct world w = d->w;

	with_next = cut >= d->migrates_at;
	if (world_open(&w, &err) != YZ_OK) {
		(void)fprintf(stderr, "cut before event %zu: %s\n", cut, err.text);
		t->unsound++;
		world_shut(&w);
		return;
	}
	for (int i = 0; i < d->count && d->said[i].booked_at <= cut; i++) {
		t->checked++;
		t->lost += !world_has(&w, &d->said[i].r);
		if (d->said[i].acked_at && d->said[i].acked_at <= cut)
			t->acks_lost += !world_is_acked(&w, &d->said[i].r.op);
	}
	world_look(&w, &seen);
	t->halves += seen.halves;
	t->unsound += *seen.why != '\0';
	if (*seen.why)
		(void)fprintf(stderr, "cut before event %zu: %s\n", cut, seen.why);
	world_shut(&w);
}

static int by_size(const void *a, const void *b)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;

	return (x > y) - (x < y);
}

static bool failed(const struct tally *t)
{
	return t->lost || t->acks_lost || t->halves || t->unsound;
}

/* Cuts a day cuts times. */
static void cut_day(struct fault *f, struct day *d, long cuts, bool careless, struct tally *t)
{
	size_t *at = calloc((size_t)cuts, sizeof(*at));
	struct replay r = replay_begin(d->shim);
	int64_t before = t->cuts;

	if (!at)
		fault_stop("no memory");
	for (long i = 0; i < cuts; i++)
		at[i] = d->begins_at +
		        fault_chance(f, (uint32_t)(d->shim->count - d->begins_at + 1));
	qsort(at, (size_t)cuts, sizeof(*at), by_size);
	for (long i = 0; i < cuts && (careless ? !t->lost : fault_more(f, before + i)); i++) {
		replay_to(&r, at[i]);
		replay_image(&r, f, (int)fault_chance(f, 3), d->w.f.dir);
		look(d, at[i], t);
		t->cuts++;
	}
	replay_free(&r);
	free(at);
}

static struct tally play(struct fault *f, struct shim *shim, bool careless)
{
	struct day *d = calloc(1, sizeof(*d));
	struct tally t = {0};
	long rounds = careless ? 400 : f->rounds;

	while (t.cuts < rounds && (careless ? !t.lost : fault_more(f, t.cuts))) {
		long left = rounds - t.cuts;

		play_day(d, shim, careless);
		cut_day(f, d, left < CUTS_A_DAY ? left : CUTS_A_DAY, careless, &t);
		world_drop(&d->w);
		shim_forget(shim);
	}
	free(d);
	return t;
}

int main(void)
{
	struct fault f = fault_begin("02", 60);
	struct shim shim = {.recording = false};
	struct tally t, twin;

	shim_install(&shim);
	t = play(&f, &shim, false);
	twin = play(&f, &shim, true);
	return fault_end(&f, t.checked > 0 && !failed(&t), twin.lost > 0,
	        "%lld cuts, %lld receipts looked for, %lld lost, %lld acks lost, %lld half,"
	        " %lld unsound",
	        (long long)t.cuts, (long long)t.checked, (long long)t.lost, (long long)t.acks_lost,
	        (long long)t.halves, (long long)t.unsound);
}
