/* drained FOLDER: waits until the platform has all that waits in the station's queue. Prints two
 * times in ms: since this program began, and a record's once the first ones were there, as
 * one_post's. For tests/bench/drain.sh. */
#include "config.h"

#include "tests/bench/bar.h"

#include <sqlite3.h>
#include <stdio.h>
#include <time.h>

static const struct timespec between_looks = {.tv_nsec = 2000000};

static int64_t waiting(sqlite3_stmt *st)
{
	int64_t n;

	if (sqlite3_step(st) != SQLITE_ROW)
		bar_stop("the queue cannot be counted");
	n = sqlite3_column_int64(st, 0);
	(void)sqlite3_reset(st);
	return n;
}

int main(int argc, char **argv)
{
	int64_t began = bar_now_ns(), first = began, all, left, left_at_first = 0;
	sqlite3_stmt *st;
	sqlite3 *db;
	char path[512];

	if (argc != 2)
		bar_stop("usage: drained FOLDER");
	(void)snprintf(path, sizeof(path), "%s/station.db", argv[1]);
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
	        sqlite3_prepare_v2(db, "SELECT count(*) FROM outbox WHERE state NOT IN (1, 3)", -1,
	                &st, NULL) != SQLITE_OK)
		bar_stop("no station");
	for (left = all = waiting(st); left; left = waiting(st)) {
		if (!left_at_first && left < all) {
			first = bar_now_ns();
			left_at_first = left;
		}
		(void)nanosleep(&between_looks, NULL);
	}
	if (!left_at_first)
		bar_stop("all were sent at once, or none waited");
	(void)printf("%.3f %.5f\n", (double)(bar_now_ns() - began) / 1e6,
	        (double)(bar_now_ns() - first) / 1e6 / (double)left_at_first);
	(void)sqlite3_finalize(st);
	(void)sqlite3_close(db);
	return 0;
}
