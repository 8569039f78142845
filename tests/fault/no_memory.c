/* Test 9: the nth allocation fails, for every n, in booking, claiming and acknowledging. The
 * program may end (a restart is cheap); it may not have given a receipt for what is not there, nor
 * leave half of anything.
 *
 * Allocations of the house (the linker's --wrap), of SQLite (its own hooks) and of cJSON count as
 * one row. In the twin the receipt is given before the booking. */
#include "config.h"

#include "base/buf.h"
#include "store/outbox.h"
#include "tests/fault/fault.h"
#include "tests/fault/world.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static long left; /* the allocation that fails, from 1; 0: none */

static sqlite3_mem_methods below;

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t size);

static bool fails(void)
{
	return left > 0 && --left == 0;
}

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
	return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t size)
{
	return fails() ? NULL : __real_realloc(p, size);
}

static void *sql_malloc(int size)
{
	return fails() ? NULL : below.xMalloc(size);
}

static void *sql_realloc(void *p, int size)
{
	return fails() ? NULL : below.xRealloc(p, size);
}

static void hook(void)
{
	sqlite3_mem_methods mine;
	cJSON_Hooks json = {.malloc_fn = __wrap_malloc, .free_fn = free};

	if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &below) != SQLITE_OK)
		fault_stop("SQLite does not tell its allocator");
	mine = below;
	mine.xMalloc = sql_malloc;
	mine.xRealloc = sql_realloc;
	if (sqlite3_config(SQLITE_CONFIG_MALLOC, &mine) != SQLITE_OK)
		fault_stop("SQLite does not take another allocator");
	cJSON_InitHooks(&json);
}

/* One line of the pipe: how far the child came, and what it said to be saved. */
struct word {
	bool done; /* it came to its end: n is beyond the last allocation if none failed */
	bool failed;
	long spent; /* allocations until then */
	struct world_receipt r;
};

static void say(int fd, const struct word *w)
{
	if (write(fd, w, sizeof(*w)) != (ssize_t)sizeof(*w))
		_exit(3);
}

static void book(struct world *w, int fd, bool early)
{
	struct word word = {.done = false};
	struct world_receipt r;

	if (early) {
		memset(&r, 1, sizeof(r));
		word.r = r; /* a promise: nothing has this id */
		say(fd, &word);
	}
	if (world_book(w, &r, NULL) != YZ_OK || early)
		return;
	word.r = r;
	say(fd, &word);
}

static void ack(struct world *w)
{
	struct yz_store *s = w->f.desk.store;
	struct yz_op *ops;
	struct yz_tx *tx;
	size_t n;

	if (yz_outbox_claim(s, w->f.now.wall_ms, 2, 100000, &ops, &n, NULL) != YZ_OK)
		return;
	if (yz_tx_begin(s, &w->f.now, &tx, NULL) == YZ_OK) {
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

_Noreturn static void child(struct world *w, int fd, long n, bool early)
{
	struct rlimit none = {0, 0};
	struct word end = {.done = true};
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	(void)setrlimit(RLIMIT_CORE, &none);
	(void)dup2(null, 2); /* what abort and the allocator say is no news */
	if (world_open(w, NULL) != YZ_OK)
		_exit(3);
	left = n;
	book(w, fd, early);
	ack(w);
	book(w, fd, early);
	end.failed = left == 0;
	end.spent = n - left;
	left = 0;
	say(fd, &end);
	_exit(0); /* nothing is closed: as if it had been killed */
}

struct tally {
	int64_t faults, ended, receipts, lost, unsound;
	long all; /* allocations of a child that lacks none */
};

/* True if an allocation failed: n is not beyond the last. */
static bool try_one(struct world *w, long n, bool early, struct tally *t)
{
	struct word word;
	struct world_look seen;
	bool done = false, failed = true;
	int fd[2], status;
	pid_t pid;

	if (pipe(fd) != 0 || (pid = fork()) < 0)
		fault_stop("no child: %s", strerror(errno));
	if (pid == 0)
		child(w, fd[1], n, early);
	(void)close(fd[1]);
	if (waitpid(pid, &status, 0) != pid || (WIFEXITED(status) && WEXITSTATUS(status) == 3))
		fault_stop("the child could not begin");
	if (world_open(w, NULL) != YZ_OK) {
		t->unsound++;
		world_shut(w);
		(void)close(fd[0]);
		return true;
	}
	while (read(fd[0], &word, sizeof(word)) == (ssize_t)sizeof(word)) {
		done = done || word.done;
		if (word.done) {
			failed = word.failed;
			t->all = failed ? t->all : word.spent;
			continue;
		}
		t->receipts++;
		t->lost += !world_has(w, &word.r);
	}
	world_look(w, &seen);
	t->unsound += *seen.why || seen.halves;
	t->faults += failed;
	t->ended += !done;
	world_shut(w);
	(void)close(fd[0]);
	return failed;
}

static struct tally play(struct fault *f, bool early)
{
	struct tally t = {0};
	struct world w;
	long step = 50, n = 1;

	world_make(&w);
	if (!early) { /* few rounds are spread over the whole child */
		(void)try_one(&w, LONG_MAX, false, &t);
		step = t.all / f->rounds + 1;
		n += (long)fault_chance(f, (uint32_t)step);
	}
	while ((early ? !t.lost : fault_more(f, t.faults)) && try_one(&w, n, early, &t)) {
		n += step;
		if (t.faults % 200 == 199) { /* each look at a grown station takes longer */
			world_drop(&w);
			world_make(&w);
		}
	}
	world_drop(&w);
	return t;
}

int main(void)
{
	struct fault f = fault_begin("09", 40);
	struct tally t, twin;

	hook();
	t = play(&f, false);
	twin = play(&f, true);
	return fault_end(&f, t.faults > 0 && !t.lost && !t.unsound, twin.lost > 0,
	        "%lld allocations failed, %lld ended the program, %lld receipts, %lld lost,"
	        " %lld unsound",
	        (long long)t.faults, (long long)t.ended, (long long)t.receipts, (long long)t.lost,
	        (long long)t.unsound);
}
