/* A kiosk on a slow disk: tests/fixtures/slowsync.so under it, and what it has noted. */
#ifndef YZ_TESTS_SLOW_DISK_H
#define YZ_TESTS_SLOW_DISK_H

#include "tests/e2e/ptydrive.h"

struct slow_disk {
	char log[128], hold[128];
};

struct slow_count {
	int begun, ended; /* syncs of the whole program */
	int main;         /* of these the ones begun by its main thread: not drafts */
};

/* Programs started from now on have a disk whose syncs take ms longer; notes go to files in dir.
 * Returns false if the library is not in the build folder. */
bool slow_disk_set(struct slow_disk *d, const char *build, const char *dir, int ms);

/* From now on no sync ends, until it is let go. */
void slow_disk_hold(const struct slow_disk *d);
void slow_disk_let_go(const struct slow_disk *d);

struct slow_count slow_disk_count(const struct slow_disk *d, int pid);

/* Feeds the terminal until a sync is under way, or none is if !busy. False after 60 s. */
bool slow_disk_wait(const struct slow_disk *d, struct yz_pty *p, bool busy);

/* A kiosk with a clerk at its menu; NULL if it does not come up. */
struct yz_pty *slow_disk_sign_in(const char *program, const char *conf);

/* Types a whole parcel into an empty booking form, all but the save. False if the form does not
 * show it. */
bool slow_disk_fill(struct yz_pty *p);

#endif
