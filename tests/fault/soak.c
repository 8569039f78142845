/* Test 16: for long, the line is up for a while and down for twice as long, hard or silent, and
 * loses 3 % of all exchanges, while a clerk works. yizhan-sync's memory, its descriptors and the
 * write-ahead log must stay bounded, and in the end nothing may wait. YZ_ROUNDS are seconds; from
 * an hour on the line changes ten times as slowly. The twin is a reader that never lets go. */
#include "config.h"

#include "tests/fault/line.h"
#include "tests/fault/sync_fault.h"

#include <dirent.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum {
	FEW = 12,
	UP_MS = 2000,
	DOWN_MS = 4000,
	SLOWER = 10,
	LONG_S = 3600,
	LOSS_PERMILLE = 30,
	WAL_MAX = 16 << 20,
	FDS_MAX = 64,
	RSS_GROWTH_KIB = 2048,
	LOOK_MS = 200,
	DRAIN_S = 300
};

struct peak {
	int64_t rss_kib, fds;
};

struct soak {
	struct world *w;
	struct line line;
	pid_t sync, clerk;
	struct peak half[2]; /* of the first and the second half */
	int64_t wal;
	int outages;
	bool died;
};

static int64_t wal_bytes(const struct world *w)
{
	struct stat st = {0};
	char path[160];

	(void)snprintf(path, sizeof(path), "%s/station.db-wal", w->dir);
	return stat(path, &st) == 0 ? st.st_size : 0;
}

static int64_t rss_kib(pid_t pid)
{
	char path[64], line[128];
	long kib = 0;
	FILE *f;

	(void)snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f))
		(void)sscanf(line, "VmRSS: %ld", &kib);
	if (f)
		(void)fclose(f);
	return kib;
}

static int64_t fd_count(pid_t pid)
{
	char path[64];
	int64_t n = 0;
	DIR *d;

	(void)snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
	d = opendir(path);
	while (d && readdir(d))
		n++;
	if (d)
		(void)closedir(d);
	return n - 2; /* "." and ".." */
}

static void soak_open(struct soak *s)
{
	char dir[FAULT_DIR_SIZE], conf[160];

	memset(s, 0, sizeof(*s));
	fault_clerk_station(dir);
	s->w = fault_world_at(dir);
	platform_start(s->w);
	line_open(&s->line, s->w->port, NULL);
	s->line.plan->loss_permille = LOSS_PERMILLE;
	s->w->door = s->line.port;
	configure(s->w, true);
	(void)snprintf(conf, sizeof(conf), "%s/yizhan.conf", dir);
	s->sync = fault_spawn(s->w, "yizhan-sync", "-c", conf, (char *)NULL);
	s->clerk = fault_spawn(s->w, "tests/fault/clerk", dir, "100000", (char *)NULL);
}

static void soak_close(struct soak *s)
{
	(void)stop(&s->sync, SIGTERM);
	line_close(&s->line);
	fault_world_free(s->w);
}

static void look(struct soak *s, int half)
{
	struct peak *p = &s->half[half];
	int64_t rss = rss_kib(s->sync), fds = fd_count(s->sync), wal = wal_bytes(s->w);

	p->rss_kib = rss > p->rss_kib ? rss : p->rss_kib;
	p->fds = fds > p->fds ? fds : p->fds;
	s->wal = wal > s->wal ? wal : s->wal;
	s->died = s->died || waitpid(s->sync, NULL, WNOHANG) != 0 ||
	          waitpid(s->clerk, NULL, WNOHANG) != 0;
}

/* The line at that moment: up, cut or silent. */
static void weather(struct soak *s, int64_t at_ms, int slower)
{
	int64_t period = (int64_t)(UP_MS + DOWN_MS) * slower;
	bool down = at_ms % period >= (int64_t)UP_MS * slower;
	bool was = s->line.plan->down || s->line.plan->silent;

	if (down && !was)
		s->outages++;
	s->line.plan->reset = s->outages % 4 < 2;
	s->line.plan->silent = down && s->outages % 2;
	s->line.plan->down = down && !(s->outages % 2);
}

static void endure(struct soak *s, const struct fault *f)
{
	int slower = f->rounds >= LONG_S ? SLOWER : 1;
	int64_t start = fault_ms(), at, end = (int64_t)f->rounds * 1000;

	while ((at = fault_ms() - start) < end && fault_more(f, 0) && !s->died) {
		weather(s, at, slower);
		look(s, at > end / 2);
		fault_nap_us(LOOK_MS * 1000);
	}
	(void)stop(&s->clerk, SIGKILL);
	s->line.plan->silent = s->line.plan->down = false;
	s->line.plan->loss_permille = 0;
}

static bool is_bounded(const struct soak *s)
{
	bool slim = s->half[1].rss_kib <= s->half[0].rss_kib * 12 / 10 + RSS_GROWTH_KIB;

#ifdef __SANITIZE_ADDRESS__
	slim = true; /* the sanitizer keeps freed memory */
#endif
	return slim && s->half[1].fds <= FDS_MAX && s->half[1].fds <= s->half[0].fds + 4 &&
	       s->wal <= WAL_MAX;
}

/* True if a reader that holds its view lets the log grow beyond the bound. */
static bool a_reader_that_stays_is_seen(void)
{
	struct world *w = fault_world();
	struct yz_now now = yz_clock_now(0);
	sqlite3 *db = NULL;
	char path[160];
	bool seen = false;

	platform_start(w);
	(void)snprintf(path, sizeof(path), "%s/station.db", w->dir);
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
	        sqlite3_exec(db, "BEGIN; SELECT count(*) FROM outbox", NULL, NULL, NULL) !=
	                SQLITE_OK)
		fault_stop("%s: %s", path, sqlite3_errmsg(db));
	for (int i = 0; i < 20000 && !seen; i++) {
		fault_save_revision(w, &now, i);
		seen = wal_bytes(w) > WAL_MAX;
	}
	(void)sqlite3_close(db);
	fault_world_free(w);
	return seen;
}

int main(void)
{
	struct fault f = fault_begin("16", FEW);
	struct fault_tally t;
	struct soak s;
	bool drained;
	int rc;

	soak_open(&s);
	endure(&s, &f);
	drained = fault_drained(s.w, DRAIN_S);
	fault_tally(s.w, &t);
	rc = fault_end(&f,
	        drained && is_bounded(&s) && !s.died && s.outages && t.saved && !t.lost &&
	                !t.refused && !t.duplicated && !t.disordered,
	        a_reader_that_stays_is_seen(),
	        "%ld s, %d outages, %d exchanges cut, %lld operations, %lld lost, %lld duplicated, "
	        "%lld left, memory %lld then %lld KiB, %lld descriptors, log at most %lld KiB",
	        f.rounds, s.outages, (int)s.line.plan->cuts, (long long)t.saved, (long long)t.lost,
	        (long long)t.duplicated, (long long)t.waiting, (long long)s.half[0].rss_kib,
	        (long long)s.half[1].rss_kib, (long long)s.half[1].fds, (long long)s.wal / 1024);
	soak_close(&s);
	return rc;
}
