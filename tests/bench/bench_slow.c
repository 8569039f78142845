/* The kiosk on a disk where every sync takes 100 ms longer.
 *
 *	bench_slow BUILD CONF DIR	CONF is of a station with waybill numbers and a clerk
 *"demo", PIN 246810; notes go to DIR
 *
 * Prints a bar each (see bar.h) for: how long a key in a form takes to its frame, while drafts are
 * written; how many syncs a save costs at worst; how many of 50 waybill numbers, scanned 5 a
 * second, did not bring their parcel to the screen. */
#include "config.h"

#include "tests/bench/bar.h"
#include "tests/e2e/slow_disk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	SYNC_MS = 100,
	WAIT_MS = 60000,
	QUIET_MS = 15,
	ROUNDS = 40,
	KEYS_MAX = 1000,
	SAVES = 80, /* a checkpoint falls among them: the dearest save */
	SCANS = 50,
	SCAN_MS = 200
};

struct bench {
	struct slow_disk disk;
	char kiosk[256];
	const char *conf;
	char numbers[SAVES][40]; /* the waybills booked */
};

static void send(struct yz_pty *p, const char *keys)
{
	if (yz_pty_send(p, keys, strlen(keys), NULL) != YZ_OK)
		bar_stop("the kiosk went away");
}

static void see(struct yz_pty *p, const char *text, bool present)
{
	if (yz_pty_wait(p, text, present, WAIT_MS, NULL) != YZ_OK)
		bar_stop(text);
}

static struct yz_pty *start(const struct bench *b, const char *keys, const char *title)
{
	struct yz_pty *p = slow_disk_sign_in(b->kiosk, b->conf);

	if (!p)
		bar_stop("the kiosk does not come up");
	send(p, keys);
	see(p, title, true);
	yz_pty_settle(p, 10 * QUIET_MS);
	return p;
}

static double key_ms(struct yz_pty *p, const char *key)
{
	long before = yz_pty_bytes(p);
	int64_t from = bar_now_ns(), to;

	send(p, key);
	if (yz_pty_wait_more(p, before, WAIT_MS, NULL) != YZ_OK)
		bar_stop("a key is not answered");
	to = bar_now_ns();
	yz_pty_settle(p, QUIET_MS);
	return (double)(to - from) / 1e6;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Two fields are written over and over; each one left gives a draft. */
static void bar_keys(const struct bench *b)
{
	static const char *const keys[] = {"a", "b", "c", "d", "\t", "1", "3", "8", "\033[Z"};
	enum { KEYS = sizeof(keys) / sizeof(keys[0]) };
	struct bar p99 = {.name = "kiosk.slow-disk-key-p99", .goal = 100};
	struct yz_pty *p = start(b, "1", "收寄开单");
	struct slow_count syncs = slow_disk_count(&b->disk, yz_pty_pid(p));
	double ms[KEYS_MAX];
	size_t n = 0;

	for (int round = 0; round < ROUNDS; round++)
		for (int i = 0; i < KEYS; i++)
			ms[n++] = key_ms(p, keys[i]);
	if (slow_disk_count(&b->disk, yz_pty_pid(p)).begun < syncs.begun + ROUNDS / 4)
		bar_stop("no drafts were written meanwhile");
	qsort(ms, n, sizeof(ms[0]), by_size);
	bar_note(&p99, ms[n * 99 / 100], 0);
	(void)bar_print(&p99);
	send(p, "\033[19~");
	see(p, "要重填吗", true);
	send(p, "\033OQ");
	see(p, "填好收件地和重量后", true);
	yz_pty_free(p);
}

static void take_number(struct yz_pty *p, char *out, size_t size)
{
	static const char before[] = "运单号 ";
	char row[YZ_PTY_ROW_BYTES];

	out[0] = '\0';
	for (int i = 0; i < 24 && !out[0]; i++) {
		const char *at;

		yz_pty_row(p, i, row);
		if (strstr(row, "已保存") && (at = strstr(row, before)))
			(void)snprintf(out, size, "%.*s", (int)strcspn(at + strlen(before), " ,:;"),
			        at + strlen(before));
	}
	if (!out[0])
		bar_stop("no waybill number on the screen");
}

static void bar_saves(struct bench *b)
{
	struct bar syncs = {.name = "kiosk.slow-disk-save-syncs", .goal = 3};
	struct yz_pty *p = start(b, "1", "收寄开单");
	int most = 0;

	for (int i = 0; i < SAVES; i++) {
		struct slow_count before, after;

		if (!slow_disk_fill(p) || !slow_disk_wait(&b->disk, p, false))
			bar_stop("the form does not fill");
		see(p, "已保存", false);
		before = slow_disk_count(&b->disk, yz_pty_pid(p));
		send(p, "\033OQ");
		see(p, "已保存", true);
		after = slow_disk_count(&b->disk, yz_pty_pid(p));
		if (after.main == before.main)
			bar_stop("a save without a sync");
		if (after.main - before.main > most)
			most = after.main - before.main;
		take_number(p, b->numbers[i], sizeof(b->numbers[i]));
	}
	bar_note(&syncs, most, 0);
	(void)bar_print(&syncs);
	yz_pty_free(p);
}

static void bar_scans(const struct bench *b)
{
	struct bar lost = {.name = "kiosk.slow-disk-scans-lost", .goal = 0};
	struct yz_pty *p = start(b, "DD", "订单查询");
	int missed = 0;
	int64_t due = bar_now_ns();

	for (int i = 0; i < SCANS; i++) {
		char text[64];
		int64_t left;

		(void)snprintf(text, sizeof(text), "%s\r", b->numbers[i % SAVES]);
		send(p, text);
		due += SCAN_MS * INT64_C(1000000);
		(void)snprintf(text, sizeof(text), "运单号      %s", b->numbers[i % SAVES]);
		missed += yz_pty_wait(p, text, true, SCAN_MS, NULL) != YZ_OK;
		left = (due - bar_now_ns()) / 1000000;
		if (left > 0) /* the next one comes when its time has come */
			(void)yz_pty_wait(p, "no such words", true, (int)left, NULL);
	}
	bar_note(&lost, missed, 0);
	(void)bar_print(&lost);
	yz_pty_free(p);
}

int main(int argc, char **argv)
{
	static struct bench b;

	if (argc != 4)
		bar_stop("usage: bench_slow BUILD CONF DIR");
	(void)snprintf(b.kiosk, sizeof(b.kiosk), "%.200s/yizhan", argv[1]);
	b.conf = argv[2];
	(void)unsetenv("LC_ALL");
	if (!slow_disk_set(&b.disk, argv[1], argv[3], SYNC_MS))
		bar_stop("no slowsync.so");
	bar_keys(&b);
	bar_saves(&b);
	bar_scans(&b);
	return 0;
}
