/* Test 3: the power cut under a real file system. The station lies on ext4 on a loop device; four
 * clerks book, an agent acknowledges, all checkpoint, and at a random moment the file system is cut
 * off: EXT4_IOC_SHUTDOWN without a flush of its log ends all writing at once, as when the power
 * goes, with what was not synced still in memory. That is lost; the next mount replays the journal.
 * What had been said to be saved must be there. (A drive that loses what it called written is test
 * 2's matter: here the loop device keeps it.)
 *
 * The twin's clerks commit with synchronous=NORMAL and must lose receipts. */
#include "config.h"

#include "base/buf.h"
#include "store/db.h"
#include "store/outbox.h"
#include "tests/fault/disk.h"
#include "tests/fault/fault.h"
#include "tests/fault/world.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CLERKS = 4, ROUNDS_A_STATION = 20, RECEIPTS_MAX = 20000, WHY_SIZE = 400 };

/* From the kernel's fs/ext4/ext4.h, which no header for programs has. */
#define EXT4_IOC_SHUTDOWN _IOR('X', 125, uint32_t)
enum { EXT4_NO_LOG_FLUSH = 2, EXT4_SUPER_AT = 1024 + 0x60, EXT4_NEEDS_RECOVERY = 4 };

struct said { /* a parcel is booked, or its operation acknowledged */
	struct world_receipt r;
	bool acked;
	bool gone; /* seen to be lost: counted once */
};

struct disk {
	struct world w;
	char ram[FAULT_DIR_SIZE]; /* a tmpfs with the image */
	struct said said[RECEIPTS_MAX];
	int count;
	char *why; /* shared with the clerks: why one ended */
};

struct tally {
	int64_t cuts, replays, receipts, lost, acks, acks_lost, halves, unsound;
};

static void mount_command(const struct disk *d, char *out, size_t size)
{
	(void)snprintf(out, size, "mount -t ext4 -o loop %s/image %s", d->ram, d->w.f.dir);
}

static void mount_disk(const struct disk *d)
{
	char command[200];

	mount_command(d, command, sizeof(command));
	if (!disk_run("%s", command))
		fault_stop("the disk cannot be mounted");
}

/* A station on a new disk, not mounted; false if there are no loop devices. */
static bool disk_make(struct disk *d)
{
	char command[200];

	world_make(&d->w);
	fault_folder(d->ram);
	d->count = 0;
	if (mount("ram", d->ram, "tmpfs", 0, "size=400m") != 0 ||
	        !disk_run("truncate -s 320M %s/image && mkfs.ext4 -q -F %s/image", d->ram, d->ram))
		fault_stop("no disk");
	mount_command(d, command, sizeof(command));
	if (!disk_put(d->w.f.dir, command))
		return false;
	disk_unmount(d->w.f.dir);
	return true;
}

static void disk_drop(struct disk *d, struct tally *t)
{
	for (int i = 0; i < d->count; i++)
		*(d->said[i].acked ? &t->acks : &t->receipts) += 1;
	disk_unmount(d->ram);
	(void)rmdir(d->ram);
	world_drop(&d->w);
}

static bool needs_recovery(const struct disk *d)
{
	char path[FAULT_DIR_SIZE + 8];
	uint32_t incompat = 0;
	int fd;

	(void)snprintf(path, sizeof(path), "%s/image", d->ram);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || pread(fd, &incompat, sizeof(incompat), EXT4_SUPER_AT) != sizeof(incompat))
		fault_stop("cannot read %s", path);
	(void)close(fd);
	return le32toh(incompat) & EXT4_NEEDS_RECOVERY;
}

static void say(int fd, const struct said *s)
{
	if (write(fd, s, sizeof(*s)) != (ssize_t)sizeof(*s)) /* below PIPE_BUF: whole or not */
		_exit(3);
}

static enum yz_status book(struct world *w, int fd, struct yz_error *err)
{
	enum yz_status st;
	struct said s;

	memset(&s, 0, sizeof(s));
	st = world_book(w, &s.r, err);
	if (st == YZ_OK)
		say(fd, &s);
	return st;
}

/* What yizhan-sync does. */
static enum yz_status ack_some(struct world *w, int fd, struct yz_error *err)
{
	struct yz_store *s = w->f.desk.store;
	struct yz_tx *tx = NULL;
	struct yz_op *ops = NULL;
	struct said said;
	size_t n = 0;
	enum yz_status st = yz_outbox_heartbeat(s, &w->f.now, err);

	if (st == YZ_OK)
		st = yz_outbox_claim(s, w->f.now.wall_ms, 3, 100000, &ops, &n, err);
	if (st == YZ_OK)
		st = yz_tx_begin(s, &w->f.now, &tx, err);
	for (size_t i = 0; st == YZ_OK && i < n; i++)
		st = yz_outbox_ack(tx, &ops[i].id, "P-1", err);
	if (st == YZ_OK)
		st = yz_tx_commit(tx, err);
	memset(&said, 0, sizeof(said));
	said.acked = true;
	for (size_t i = 0; st == YZ_OK && i < n; i++) {
		said.r.op = ops[i].id;
		say(fd, &said);
	}
	yz_ops_free(ops, n);
	return st;
}

/* Works until the disk is gone, which may be before the store is open; why gets the reason. */
_Noreturn static void work(struct disk *d, int fd, bool is_agent, bool careless)
{
	struct world *w = &d->w;
	enum yz_status st;
	struct yz_error err = {0};

	st = world_open(w, &err);
	if (st == YZ_OK)
		st = yz_db_exec(w->f.desk.store, "PRAGMA wal_autocheckpoint=120", &err);
	if (st == YZ_OK && careless)
		st = yz_db_exec(w->f.desk.store, "PRAGMA synchronous=NORMAL", &err);
	while (st == YZ_OK) {
		w->f.now = yz_clock_now(0);
		st = is_agent ? ack_some(w, fd, &err) : book(w, fd, &err);
		if (is_agent)
			fault_nap_us(2000);
	}
	(void)yz_copy(d->why, WHY_SIZE, err.text);
	_exit(4);
}

static void cut(const struct disk *d)
{
	int fd = open(d->w.f.dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	uint32_t how = EXT4_NO_LOG_FLUSH;

	if (fd < 0 || ioctl(fd, EXT4_IOC_SHUTDOWN, &how) != 0)
		fault_stop("the disk cannot be cut off: %s", strerror(errno));
	(void)close(fd);
}

static void hear(struct disk *d, int fd)
{
	while (d->count < RECEIPTS_MAX &&
	        read(fd, &d->said[d->count], sizeof(d->said[0])) == (ssize_t)sizeof(d->said[0]))
		d->count++;
}

/* Clerks work on the mounted disk until the power goes. They are stopped first, within what they
 * are doing: a sync that the cut catches must not come back to a clerk, as it would not without
 * power (ext4 calls one done whose extents it could not convert any more). */
static void work_and_cut(struct fault *f, struct disk *d, bool careless)
{
	pid_t pid[CLERKS + 1];
	int fd[2];

	if (pipe2(fd, O_CLOEXEC) != 0 || fcntl(fd[0], F_SETFL, O_NONBLOCK) != 0)
		fault_stop("no pipe");
	(void)fcntl(fd[1], F_SETPIPE_SZ, 1 << 20);
	for (int i = 0; i <= CLERKS; i++) {
		pid[i] = fork();
		if (pid[i] < 0)
			fault_stop("fork: %s", strerror(errno));
		if (pid[i] == 0)
			work(d, fd[1], i == CLERKS, careless);
	}
	(void)close(fd[1]);
	if (poll(&(struct pollfd){.fd = fd[0], .events = POLLIN}, 1, 60000) != 1)
		fault_stop("no clerk gave a receipt");
	fault_nap_us(fault_chance(f, 300000));
	for (int i = 0; i <= CLERKS; i++)
		if (waitpid(pid[i], NULL, WNOHANG) != 0)
			fault_stop("a clerk ended before the cut: %s", d->why);
	for (int i = 0; i <= CLERKS; i++)
		(void)kill(pid[i], SIGSTOP);
	cut(d);
	for (int i = 0; i <= CLERKS; i++) {
		(void)kill(pid[i], SIGKILL);
		(void)waitpid(pid[i], NULL, 0);
	}
	hear(d, fd[0]);
	(void)close(fd[0]);
}

/* The station's folder as the cut left it. */
static void look(struct disk *d, struct tally *t)
{
	struct world_look seen;
	struct yz_error err = {0};

	if (world_open(&d->w, &err) != YZ_OK) {
		(void)fprintf(stderr, "after %lld cuts: %s\n", (long long)t->cuts, err.text);
		t->unsound++;
		return;
	}
	for (int i = 0; i < d->count; i++) {
		if (d->said[i].gone)
			continue;
		if (d->said[i].acked)
			d->said[i].gone = !world_is_acked(&d->w, &d->said[i].r.op);
		else
			d->said[i].gone = !world_has(&d->w, &d->said[i].r);
		*(d->said[i].acked ? &t->acks_lost : &t->lost) += d->said[i].gone;
	}
	world_look(&d->w, &seen);
	t->halves += seen.halves;
	t->unsound += *seen.why != '\0';
	if (*seen.why)
		(void)fprintf(stderr, "after %lld cuts: %s\n", (long long)t->cuts, seen.why);
	world_shut(&d->w);
}

static bool failed(const struct tally *t)
{
	return t->lost || t->acks_lost || t->halves || t->unsound;
}

static void play_round(struct fault *f, struct disk *d, bool careless, struct tally *t)
{
	mount_disk(d);
	work_and_cut(f, d, careless);
	disk_unmount(d->w.f.dir);
	t->cuts++;
	t->replays += needs_recovery(d);
	mount_disk(d);
	look(d, t);
	disk_unmount(d->w.f.dir);
}

/* False if there are no loop devices. */
static bool play(struct fault *f, bool careless, struct tally *t)
{
	struct disk *d = yz_alloc(sizeof(*d));
	long rounds = careless ? 200 : f->rounds, at = 0;
	bool can = true;

	d->why = mmap(NULL, WHY_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (d->why == MAP_FAILED)
		fault_stop("no memory");
	while (can && t->cuts < rounds && (careless ? !t->lost : fault_more(f, t->cuts))) {
		if (at == 0)
			can = disk_make(d);
		if (can)
			play_round(f, d, careless, t);
		if (can && ++at == ROUNDS_A_STATION) {
			disk_drop(d, t);
			at = 0;
		}
	}
	if (at > 0 || !can)
		disk_drop(d, t);
	(void)munmap(d->why, WHY_SIZE);
	free(d);
	return can;
}

int main(void)
{
	struct fault f = fault_begin("03", 4);
	struct tally t = {0}, twin = {0};
	const char *why = disk_prepare();

	if (!why && !disk_run("command -v mkfs.ext4 >/dev/null"))
		why = "no mkfs.ext4";
	if (why)
		return fault_skip(&f, why);
	if (!play(&f, false, &t))
		return fault_skip(&f, "no loop device with ext4");
	(void)play(&f, true, &twin);
	return fault_end(&f, t.receipts > 0 && t.replays > 0 && !failed(&t), twin.lost > 0,
	        "%lld cuts, %lld journals replayed, %lld receipts, %lld lost, %lld of %lld acks"
	        " lost, %lld half, %lld corrupt",
	        (long long)t.cuts, (long long)t.replays, (long long)t.receipts, (long long)t.lost,
	        (long long)t.acks_lost, (long long)t.acks, (long long)t.halves,
	        (long long)t.unsound);
}
