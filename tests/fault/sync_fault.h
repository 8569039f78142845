/* What the fault tests of the sync share: the world of tests/e2e and questions to the platform's
 * database. Test programs only. */
#ifndef YZ_TESTS_SYNC_FAULT_H
#define YZ_TESTS_SYNC_FAULT_H

#include "tests/e2e/sync_world.h"
#include "tests/fault/fault.h"

/* A station in a folder of its own, without a platform yet; free it with fault_world_free. */
struct world *fault_world(void);
void fault_world_free(struct world *w);
/* Makes a station in which tests/fault/clerk can work: clerk, prices, numbers. */
void fault_clerk_station(char dir[FAULT_DIR_SIZE]);
/* The same around a station folder that exists; fault_world_free removes it too. */
struct world *fault_world_at(const char *dir);

/* Starts a program of the build tree (NULL-terminated arguments); what it says goes to DIR/log. */
pid_t fault_spawn(const struct world *w, const char *program, ...) __attribute__((sentinel));
/* Runs one to its end; its exit code, -1 if a signal ended it. */
int fault_run(const struct world *w, const char *program, const char *mode);

/* One more revision of one product, as saved at that moment. */
void fault_save_revision(struct world *w, const struct yz_now *now, int n);

/* The first column of the first row of a question to the platform's database, in which the
 * station's own is attached as `station`. */
int64_t fault_ask(const struct world *w, const char *sql);

/* How many operations of the station are in a state. */
int64_t fault_in_state(struct world *w, enum yz_op_state state);

/* Waits until nothing of the station waits any more; false after so many seconds. */
bool fault_drained(struct world *w, int seconds);

/* The receipts that clerks wrote (DIR/receipts), and how many of those the platform does not hold.
 */
int64_t fault_receipts(const struct world *w);
int64_t fault_missing(const struct world *w);

/* What the platform holds against what the station saved. */
struct fault_tally {
	int64_t saved;      /* operations of the station */
	int64_t lost;       /* of those, not at the platform though the station calls them sent */
	int64_t waiting;    /* not sent yet */
	int64_t refused;    /* dead */
	int64_t duplicated; /* applied more than once */
	int64_t disordered; /* applied after a later one of its aggregate */
};
void fault_tally(const struct world *w, struct fault_tally *t);

#endif
