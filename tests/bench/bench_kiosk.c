/* What the kiosk costs at the terminal, against floor_tty, the least program that fills a screen
 * and echoes keys. Each runs on a pty of its own with a terminal emulator behind it.
 *
 *	bench_kiosk KIOSK FLOOR CONF	the programs; CONF is of a station with a clerk "demo", PIN
 *246810
 *
 * Prints one JSON object a bar (see bar.h). Bytes are what the terminal receives until 30 ms of
 * silence; CPU is the process's own clock. */
#include "config.h"

#include "tests/bench/bar.h"

#include "base/buf.h"
#include "base/text.h"
#include "tests/e2e/ptydrive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
	ROWS = 24,
	COLS = 80,
	QUIET_MS = 30,
	KEY_QUIET_MS = 4,
	WAIT_MS = 20000,
	KEYS = 60,
	SESSIONS = 20,
	IDLE_MS = 12000
};

struct programs {
	char *kiosk, *floor, *conf;
};

static void must(enum yz_status st, const char *what)
{
	if (st != YZ_OK)
		bar_stop(what);
}

static struct yz_pty *start(const char *const *words, const char *term, const char *text)
{
	char **argv = bar_argv(words);
	struct yz_pty *p;

	must(yz_pty_start(&p, argv, term, ROWS, COLS, NULL), "a program does not start");
	free(argv);
	must(yz_pty_wait(p, text, true, WAIT_MS, NULL), "a first frame does not come");
	return p;
}

static struct yz_pty *start_floor(const struct programs *by)
{
	const char *argv[] = {by->floor, NULL};

	return start(argv, "xterm-256color", "READY.");
}

static struct yz_pty *start_locked(const struct programs *by)
{
	const char *argv[] = {by->kiosk, "-c", by->conf, NULL};

	return start(argv, "xterm-256color", "F1");
}

/* Signed in, at the menu. The PIN comes through a pipe that nobody else holds. */
static struct yz_pty *start_menu(const struct programs *by, const char *term)
{
	char fd[12];
	const char *argv[] = {
	        by->kiosk, "-c", by->conf, "--sign-in-as", "demo", "--pin-fd", fd, NULL};
	struct yz_pty *p;
	int pipes[2];

	if (pipe(pipes) < 0 || write(pipes[1], "246810\n", 7) != 7)
		bar_stop("no pipe");
	(void)close(pipes[1]);
	(void)snprintf(fd, sizeof(fd), "%d", pipes[0]);
	p = start(argv, term, "F10");
	(void)close(pipes[0]);
	yz_pty_settle(p, QUIET_MS);
	return p;
}

static void send(struct yz_pty *p, const char *bytes)
{
	must(yz_pty_send(p, bytes, strlen(bytes), NULL), "a program went away");
}

/* Sends keys and waits for the answer and quiet_ms of silence behind it; its bytes. Each key that
 * is measured changes the screen, so none is a fault. */
static long answer(struct yz_pty *p, const char *keys, int quiet_ms)
{
	long before = yz_pty_bytes(p);
	int64_t until = bar_now_ns() + (int64_t)WAIT_MS * 1000000;

	send(p, keys);
	do
		yz_pty_settle(p, quiet_ms);
	while (yz_pty_bytes(p) == before && bar_now_ns() < until);
	if (yz_pty_bytes(p) == before)
		bar_stop("a key is not answered");
	return yz_pty_bytes(p) - before;
}

static long cost(struct yz_pty *p, const char *keys)
{
	return answer(p, keys, QUIET_MS);
}

/* To the booking form, into the sender's name: a plain field. */
static struct yz_pty *start_form(const struct programs *by, const char *term)
{
	struct yz_pty *p = start_menu(by, term);

	(void)cost(p, "1");
	return p;
}

/* The list of the country's divisions, from the sender's region. */
static struct yz_pty *start_list(const struct programs *by, const char *term)
{
	struct yz_pty *p = start_form(by, term);

	(void)cost(p, "\t");
	(void)cost(p, "\t");
	(void)cost(p, "\033OS");
	if (!yz_pty_has(p, ">    1 "))
		bar_stop("the list of divisions does not open");
	return p;
}

static char *screen_text(const struct yz_pty *p)
{
	char *rows = yz_alloc((size_t)ROWS * YZ_PTY_ROW_BYTES);

	for (int i = 0; i < ROWS; i++)
		yz_pty_row(p, i, rows + (size_t)i * YZ_PTY_ROW_BYTES);
	return rows;
}

/* Bytes of the rows that a step changed. */
static long new_text(const struct yz_pty *p, const char *before)
{
	char row[YZ_PTY_ROW_BYTES];
	long sum = 0;

	for (int i = 0; i < ROWS; i++) {
		yz_pty_row(p, i, row);
		if (strcmp(row, before + (size_t)i * YZ_PTY_ROW_BYTES) != 0)
			sum += (long)strlen(row);
	}
	return sum;
}

/* What clearing the screen and writing each row in full costs, blanks too, with the colours in full
 * at each change, as a program that paints its own background does. */
static long naive_bytes(const struct yz_pty *p)
{
	char row[YZ_PTY_ROW_BYTES];
	long sum = (long)strlen("\033[H\033[2J");

	for (int i = 0; i < ROWS; i++) {
		yz_pty_row(p, i, row);
		sum += (long)strlen("\033[12;1H") + (long)strlen(row) + COLS - yz_text_cols(row) +
		       (long)strlen("\033[0;4;36;40m") * yz_pty_looks(p, i);
	}
	return sum;
}

static double cpu_ms(const struct yz_pty *p)
{
	struct timespec ts;
	clockid_t clock;

	if (clock_getcpuclockid(yz_pty_pid(p), &clock) != 0 || clock_gettime(clock, &ts) != 0)
		bar_stop("no clock of another process");
	return (double)ts.tv_sec * 1000 + (double)ts.tv_nsec / 1e6;
}

/* CPU of one key: half of them one, half the other, so that the screen stays as it is. */
static double cpu_per_key(struct yz_pty *p, const char *one, const char *other)
{
	double before = cpu_ms(p);

	for (int i = 0; i < KEYS; i++)
		(void)answer(p, i % 2 ? other : one, KEY_QUIET_MS);
	return (cpu_ms(p) - before) / KEYS;
}

/* A number of /proc/PID/file, behind name at a line's start; -1 if there is none. */
static long proc_number(const struct yz_pty *p, const char *file, const char *name)
{
	char path[64], line[128];
	long n = -1;
	FILE *f;

	(void)snprintf(path, sizeof(path), "/proc/%d/%s", yz_pty_pid(p), file);
	f = fopen(path, "r");
	while (f && n < 0 && fgets(line, sizeof(line), f))
		if (!strncmp(line, name, strlen(name)))
			n = strtol(line + strlen(name), NULL, 10);
	if (f)
		(void)fclose(f);
	return n;
}

static double pss_kb(const struct yz_pty *p)
{
	long kb = proc_number(p, "smaps_rollup", "Pss:");

	if (kb <= 0)
		bar_stop("no PSS of another process");
	return (double)kb;
}

/* Write calls that a character costs. */
static double writes(struct yz_pty *p, const char *key)
{
	long before = proc_number(p, "io", "syscw:");

	(void)cost(p, key);
	return (double)(proc_number(p, "io", "syscw:") - before);
}

/* One call takes the frame from ncurses into memory, one takes it to the terminal. */
static void bar_writes(const struct programs *by)
{
	struct bar b = {.name = "kiosk.write-calls-a-character", .goal = 2};
	struct yz_pty *form = start_form(by, "xterm-256color"), *echo = start_floor(by);

	if (proc_number(form, "io", "syscw:") < 0) {
		bar_skip(b.name, "this kernel does not count write calls");
	} else {
		for (int i = 0; i < BAR_ROUNDS; i++)
			bar_note(&b, writes(form, "黄"), writes(echo, "黄"));
		(void)bar_print(&b);
	}
	yz_pty_free(form);
	yz_pty_free(echo);
}

static void bar_first_frame(const struct programs *by)
{
	struct bar b = {.name = "kiosk.first-frame-ms", .goal = 5};

	for (int i = 0; i < 3 * BAR_ROUNDS; i++) {
		int64_t t0 = bar_now_ns(), t1, t2, t3;
		struct yz_pty *p = start_floor(by);

		t1 = bar_now_ns();
		yz_pty_free(p);
		t2 = bar_now_ns();
		p = start_locked(by);
		t3 = bar_now_ns();
		yz_pty_free(p);
		bar_note(&b, (double)(t3 - t2) / 1e6, (double)(t1 - t0) / 1e6);
	}
	(void)bar_print(&b);
}

static void bars_typing(const struct programs *by)
{
	struct bar letter = {.name = "kiosk.letter-bytes", .goal = 3},
	           huang = {.name = "kiosk.huang-bytes", .goal = 3},
	           cpu = {.name = "kiosk.form-key-cpu-ms", .goal = 5};
	struct yz_pty *form = start_form(by, "xterm-256color"), *echo = start_floor(by);

	for (int i = 0; i < BAR_ROUNDS; i++) {
		(void)cost(form, "b"); /* the field is no longer empty */
		bar_note(&letter, (double)cost(form, "a"), (double)cost(echo, "a"));
		bar_note(&huang, (double)cost(form, "黄"), (double)cost(echo, "黄"));
		bar_note(&cpu, cpu_per_key(form, "a", "\177"), cpu_per_key(echo, "a", "\b"));
		(void)cost(form, "\025"); /* Ctrl-U */
	}
	(void)bar_print(&letter);
	(void)bar_print(&huang);
	(void)bar_print(&cpu);
	yz_pty_free(form);
	yz_pty_free(echo);
}

static void bars_form(const struct programs *by)
{
	struct bar next = {.name = "kiosk.next-field-bytes-per-repaint", .goal = 0.1},
	           paint = {.name = "kiosk.repaint-bytes", .goal = 0.85},
	           screen = {.name = "kiosk.repaint-bytes-term-screen", .goal = 1.3};
	struct yz_pty *form = start_form(by, "xterm-256color"),
	              *other = start_form(by, "screen-256color");

	for (int i = 0; i < BAR_ROUNDS; i++) {
		double full = (double)cost(form, "\f");

		bar_note(&paint, full, (double)naive_bytes(form));
		bar_note(&screen, (double)cost(other, "\f"), full);
		bar_note(&next, (double)cost(form, "\t"), full);
	}
	(void)bar_print(&next);
	(void)bar_print(&paint);
	(void)bar_print(&screen);
	yz_pty_free(form);
	yz_pty_free(other);
}

static void bars_list(const struct programs *by)
{
	struct bar move = {.name = "kiosk.list-move-bytes-per-repaint", .goal = 0.06},
	           page = {.name = "kiosk.page-bytes", .goal = 1.1},
	           cpu = {.name = "kiosk.list-scroll-cpu-ms", .goal = 10};
	struct yz_pty *list = start_list(by, "xterm-256color"), *echo = start_floor(by);

	for (int i = 0; i < BAR_ROUNDS; i++) {
		double full = (double)cost(list, "\f"), down = (double)cost(list, "\033[B");
		char *before = screen_text(list);

		bar_note(&move, down, full);
		down = (double)cost(list, "\033[6~");
		bar_note(&page, down, (double)new_text(list, before));
		free(before);
		(void)cost(list, "\033[H");
		bar_note(&cpu, cpu_per_key(list, "\033[B", "\033[A"), cpu_per_key(echo, "a", "\b"));
	}
	(void)bar_print(&move);
	(void)bar_print(&page);
	(void)bar_print(&cpu);
	yz_pty_free(list);
	yz_pty_free(echo);
}

static void bar_idle(const struct programs *by)
{
	struct bar b = {.name = "kiosk.idle-bytes", .goal = 0};
	struct yz_pty *p = start_form(by, "xterm-256color");
	long before;

	yz_pty_settle(p, 500);
	before = yz_pty_bytes(p);
	(void)yz_pty_wait(p, "no such words", true, IDLE_MS, NULL);
	bar_note(&b, (double)(yz_pty_bytes(p) - before), 0);
	(void)bar_print(&b);
	yz_pty_free(p);
}

static void bars_memory(const struct programs *by)
{
	struct bar alone = {.name = "kiosk.pss-kb", .goal = 25},
	           many = {.name = "kiosk.pss-kb-of-20", .goal = 0.6};
	struct yz_pty *p[SESSIONS], *echo;

	for (int i = 0; i < BAR_ROUNDS; i++) {
		double one, sum = 0;

		echo = start_floor(by);
		p[0] = start_menu(by, "xterm-256color");
		one = pss_kb(p[0]);
		bar_note(&alone, one, pss_kb(echo));
		for (int n = 1; n < SESSIONS; n++)
			p[n] = start_menu(by, "xterm-256color");
		for (int n = 0; n < SESSIONS; n++)
			sum += pss_kb(p[n]);
		bar_note(&many, sum / SESSIONS, one);
		for (int n = 0; n < SESSIONS; n++)
			yz_pty_free(p[n]);
		yz_pty_free(echo);
	}
	(void)bar_print(&alone);
	(void)bar_print(&many);
}

int main(int argc, char **argv)
{
	struct programs by;

	if (argc != 4)
		bar_stop("usage: bench_kiosk KIOSK FLOOR CONF");
	by = (struct programs){argv[1], argv[2], argv[3]};
	(void)unsetenv("LC_ALL");
	bar_first_frame(&by);
	bars_typing(&by);
	bar_writes(&by);
	bars_form(&by);
	bars_list(&by);
	bar_idle(&by);
	bars_memory(&by);
	return 0;
}
