/* Test 8: the disk gets full, then space is given back. The station lies on a small disk of its own
 * (tmpfs). At a random moment, while a clerk books or an answer of the platform is on its way, all
 * space is taken, or all but a little; the clerk books until she is refused, then
 * somebody saves on who does not look at the space before. Then the space is given back and all has
 * to go on by itself: every receipt is at the platform once, nothing is there without a receipt,
 * and while the disk could not note an answer, what had been answered was sent again at most once a
 * heartbeat.
 *
 * The twin is a sender that goes on when the disk takes nothing: it must send more often. */
#include "config.h"

#include "tests/fault/disk.h"
#include "tests/fault/line.h"
#include "tests/fault/sync_fault.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	FEW = 3,
	DISK_MIB = 192, /* the ballast needs so much */
	ROUNDS_A_STATION = 8,
	BEAT_MS = 1000, /* poll_s of the configuration */
	REFUSED = 3,    /* the clerk's exit code then */
	TRIES = 1500,
	REFUSALS = 12, /* in a row: it is full */
	SHUT_MS = 30000,
	DRAIN_S = 120
};

struct full {
	struct world *w;
	struct line line;
	char keep[FAULT_DIR_SIZE], conf[160], record[160];
	pid_t sync, eater;
	int64_t full_ms; /* since when, 0: it is not */
};

struct tally {
	int64_t rounds, receipts, refusals, odd, lost, duplicated, unsaid;
	int64_t extra, over; /* sent again, and of those more than one a beat */
};

static void stand_in_for(const struct full *x, const char *name)
{
	if (!disk_run("ln -s %s/%s %s/%s", x->keep, name, x->w->dir, name))
		fault_stop("no link");
}

/* What belongs to the platform and the test lies on another disk. */
static void full_open(struct full *x, const char *program, const char *option)
{
	char dir[FAULT_DIR_SIZE], command[200];

	memset(x, 0, sizeof(*x));
	fault_clerk_station(dir);
	fault_folder(x->keep);
	(void)snprintf(
	        command, sizeof(command), "mount -t tmpfs -o size=%dm yizhan %s", DISK_MIB, dir);
	if (!disk_put(dir, command))
		fault_stop("no disk");
	x->w = fault_world_at(dir);
	stand_in_for(x, "platform.db");
	stand_in_for(x, "receipts");
	stand_in_for(x, "log");
	(void)snprintf(x->record, sizeof(x->record), "%s/record", x->keep);
	x->w->platform_args[0] = "--record";
	x->w->platform_args[1] = x->record;
	platform_start(x->w);
	line_open(&x->line, x->w->port, NULL);
	x->w->door = x->line.port;
	configure(x->w, true);
	(void)snprintf(x->conf, sizeof(x->conf), "%s/yizhan.conf", dir);
	x->sync = fault_spawn(x->w, program, "-c", x->conf, option, (char *)NULL);
}

static void full_close(struct full *x)
{
	char dir[FAULT_DIR_SIZE];

	(void)snprintf(dir, sizeof(dir), "%s", x->w->dir);
	(void)stop(&x->sync, SIGTERM);
	line_close(&x->line);
	fault_world_free(x->w); /* cannot remove the folder: a disk is mounted there */
	disk_unmount(dir);
	fault_remove(dir);
	fault_remove(x->keep);
}

/* Takes what space there is but for room bytes. */
static void eat(int fd, const char *dir, off_t *at, int64_t room)
{
	struct statvfs v;
	int64_t more;

	if (statvfs(dir, &v) != 0)
		_exit(3);
	more = (int64_t)v.f_bavail * (int64_t)v.f_frsize - room;
	for (; more >= (int64_t)v.f_frsize; more /= 2)
		if (posix_fallocate(fd, *at, more) == 0) {
			*at += more;
			return;
		}
}

static void fill(struct full *x, int64_t room)
{
	char path[160];
	off_t at = 0;
	int fd;

	(void)snprintf(path, sizeof(path), "%s/fill", x->w->dir);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		fault_stop("cannot fill the disk");
	eat(fd, x->w->dir, &at, room);
	x->full_ms = fault_ms();
	x->eater = fork();
	while (x->eater == 0) { /* whatever the station gives up is taken too */
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		eat(fd, x->w->dir, &at, room);
		fault_nap_us(1000);
	}
	(void)close(fd);
}

/* Gives the space back; how long it was gone. */
static int64_t give_back(struct full *x)
{
	(void)stop(&x->eater, SIGKILL);
	if (!disk_run("rm %s/fill", x->w->dir))
		fault_stop("the space cannot be given back");
	return fault_ms() - x->full_ms;
}

/* Batches so far in which the platform knew something already. */
static int64_t repeats(const struct full *x)
{
	size_t size = 0;
	char *line = NULL;
	int64_t n = 0;
	FILE *f = fopen(x->record, "re");

	while (f && getline(&line, &size, f) > 0)
		n += strstr(line, "\"replayed\"") != NULL;
	if (f)
		(void)fclose(f);
	free(line);
	return n;
}

static void receipt(const struct full *x, const struct yz_id *id)
{
	char path[160], line[YZ_ID_TEXT_SIZE + 1];
	int fd;

	(void)snprintf(path, sizeof(path), "%s/receipts", x->keep);
	(void)yz_id_text(id, line);
	line[YZ_ID_TEXT_SIZE - 1] = '\n';
	fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	if (fd < 0 || write(fd, line, YZ_ID_TEXT_SIZE) != YZ_ID_TEXT_SIZE)
		fault_stop("no receipt");
	(void)close(fd);
}

static enum yz_status try_save(const struct full *x, int n, struct yz_id *id)
{
	struct yz_op op = {.kind = "product.upsert", .schema = 1};
	struct yz_now now = yz_clock_now(0);
	struct yz_id product = yz_id_new(now.wall_ms);
	char text[YZ_ID_TEXT_SIZE], body[256];
	struct yz_tx *tx = NULL;
	enum yz_status st = yz_tx_begin(x->w->s, &now, &tx, NULL);

	if (st != YZ_OK)
		return st;
	(void)snprintf(op.agg, sizeof(op.agg), "product:%s", yz_id_text(&product, text));
	(void)snprintf(body, sizeof(body),
	        "{\"item_no\":\"JH-%d\",\"name\":\"小黄姜\",\"price_fen\":880,"
	        "\"product_id\":\"%s\",\"unit\":\"035\"}",
	        n, text);
	op.body = body;
	op.body_len = strlen(body);
	st = yz_outbox_add(tx, &op, NULL);
	if (st == YZ_OK)
		st = yz_tx_commit(tx, NULL);
	else
		yz_tx_rollback(tx);
	*id = op.id;
	return st;
}

/* Saves until nothing is taken any more. */
static void insist(struct full *x, struct tally *t)
{
	struct yz_id id;
	int refused = 0;

	for (int i = 0; i < TRIES && refused < REFUSALS; i++) {
		enum yz_status st = try_save(x, i, &id);

		refused = st == YZ_OK ? 0 : refused + 1;
		t->refusals += st != YZ_OK;
		if (st != YZ_OK && st != YZ_E_FULL) {
			(void)fprintf(stderr, "refused with status %d\n", (int)st);
			t->odd++;
		}
		if (st == YZ_OK)
			receipt(x, &id);
		else
			fault_nap_us(1000);
	}
	if (refused == REFUSALS)
		return;
	(void)fprintf(stderr, "round %d: the disk is not full after all\n", (int)t->rounds);
	(void)disk_run("df -k %s >&2; ls -las %s >&2", x->w->dir, x->w->dir);
	t->odd++;
}

/* Waits until the clerk leaves; she should with that exit code. */
static void expect_leave(const struct full *x, pid_t clerk, int code, struct tally *t)
{
	int64_t end = fault_ms() + SHUT_MS;
	int status = 0;
	bool left;

	while (!(left = waitpid(clerk, &status, WNOHANG) == clerk) && fault_ms() < end)
		fault_nap_us(5000);
	if (left && WIFEXITED(status) && WEXITSTATUS(status) == code)
		return;
	(void)fprintf(stderr, "round %d: the clerk %s, not with %d: %d\n", (int)t->rounds,
	        left ? "ended" : "stays", code, status);
	(void)disk_run("tail -n 5 %s/log >&2", x->keep);
	if (!left)
		(void)stop(&clerk, SIGKILL);
	t->odd++;
}

static void wait_for_receipts(const struct full *x, int64_t n)
{
	int64_t end = fault_ms() + SHUT_MS;

	while (fault_receipts(x->w) < n)
		if (fault_ms() > end)
			fault_stop("the clerk does not work: see %s/log", x->keep);
		else
			fault_nap_us(2000);
}

static void play_round(struct fault *f, struct full *x, struct tally *t)
{
	int64_t before, gone_ms, again, allowed;
	int64_t room = fault_chance(f, 3) ? 0 : fault_chance(f, 64 << 10);
	pid_t clerk;

	x->line.plan->delay_ms = fault_chance(f, 2) ? (int)fault_chance(f, 400) : 0;
	clerk = fault_spawn(x->w, "tests/fault/clerk", x->w->dir, "1000", (char *)NULL);
	wait_for_receipts(x, fault_receipts(x->w) + 3);
	fault_nap_us(fault_chance(f, 300000));
	fill(x, room);
	before = repeats(x);
	expect_leave(x, clerk, REFUSED, t);
	if (!room || fault_chance(f, 2))
		insist(x, t);
	fault_nap_us(1500000 + fault_chance(f, 1500000) - 1000 * (fault_ms() - x->full_ms));
	again = repeats(x) - before;
	gone_ms = give_back(x);
	allowed = gone_ms / BEAT_MS + 1;
	t->extra += again;
	t->over += again > allowed ? again - allowed : 0;
	x->line.plan->delay_ms = 0;
	clerk = fault_spawn(x->w, "tests/fault/clerk", x->w->dir, "1000", "2", (char *)NULL);
	expect_leave(x, clerk, 0, t);
	if (!fault_drained(x->w, DRAIN_S))
		(void)fprintf(stderr, "after %d rounds something still waits\n", (int)t->rounds);
	t->rounds++;
}

static void add_up(const struct full *x, struct tally *t)
{
	struct fault_tally all;

	fault_tally(x->w, &all);
	t->receipts += fault_receipts(x->w);
	t->lost += fault_missing(x->w) + all.lost + all.waiting + all.refused;
	t->duplicated += all.duplicated;
	t->unsaid +=
	        llabs(fault_ask(x->w, "SELECT count(*) FROM station.outbox WHERE kind IN"
	                              " ('shipment.book','shipment.cancel','product.upsert')") -
	                fault_receipts(x->w));
}

static struct tally play(struct fault *f)
{
	struct tally t = {0};
	struct full x;
	long at = 0;

	while (fault_more(f, t.rounds)) {
		if (at == 0)
			full_open(&x, "yizhan-sync", NULL);
		play_round(f, &x, &t);
		if (++at == ROUNDS_A_STATION) {
			add_up(&x, &t);
			full_close(&x);
			at = 0;
		}
	}
	if (at > 0) {
		add_up(&x, &t);
		full_close(&x);
	}
	return t;
}

/* The broken sender on a full disk with operations that wait. */
static bool twin_posts_more(void)
{
	struct tally t = {0};
	struct full x;
	bool more;

	full_open(&x, "tests/fault/twin_sync", "--no-beat");
	(void)stop(&x.sync, SIGTERM);
	for (int i = 0; i < 3; i++)
		(void)save_product(x.w, i);
	fill(&x, 0);
	insist(&x, &t);
	x.sync = fault_spawn(x.w, "tests/fault/twin_sync", "-c", x.conf, "--no-beat", (char *)NULL);
	x.full_ms = fault_ms();
	do {
		fault_nap_us(100000);
		more = repeats(&x) > (fault_ms() - x.full_ms) / BEAT_MS + 1;
	} while (!more && fault_ms() - x.full_ms < SHUT_MS);
	(void)give_back(&x);
	full_close(&x);
	return more;
}

int main(void)
{
	struct fault f = fault_begin("08", FEW);
	const char *why = disk_prepare();
	struct tally t;

	if (why)
		return fault_skip(&f, why);
	t = play(&f);
	return fault_end(&f,
	        t.receipts > 0 && t.refusals > 0 && !t.odd && !t.lost && !t.duplicated &&
	                !t.unsaid && !t.over,
	        twin_posts_more(),
	        "%lld times full, %lld receipts, %lld refusals, %lld lost, %lld duplicated,"
	        " %lld receipts too many or too few, %lld odd ends, %lld posts again on a full"
	        " disk, %lld more than one a heartbeat",
	        (long long)t.rounds, (long long)t.receipts, (long long)t.refusals,
	        (long long)t.lost, (long long)t.duplicated, (long long)t.unsaid, (long long)t.odd,
	        (long long)t.extra, (long long)t.over);
}
