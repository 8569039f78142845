/* A station's folder, a real stand-in platform and a real yizhan-sync, each a process that may be
 * killed. The test plays the clerk: it writes operations into the store. */
#ifndef YZ_TESTS_SYNC_WORLD_H
#define YZ_TESTS_SYNC_WORLD_H

#include "base/buf.h"
#include "store/outbox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/types.h>
#include <cmocka.h>

struct world {
	char dir[64];
	struct yz_store *s;
	pid_t platform, sync; /* 0: not running */
	int port;             /* of the platform; kept over its restarts */
	int door;             /* what the station is told instead; 0: the platform's port */
	const char *program;  /* runs as yizhan-sync; NULL: yizhan-sync */
	bool forgetful;       /* the platform runs with --no-dedupe */
	bool tls; /* it speaks TLS: its keys are in DIR/pki, its side door is a port apart */
	int side_port;
	const char *platform_args[9]; /* further ones, NULL-terminated */
	const char *conf;             /* further lines of [platform], or NULL */
	bool wrong_clock;             /* yizhan-sync sees the wall clock of clock_off */
};

int world_setup(void **state);
int world_teardown(void **state); /* kills what runs, removes the folder */

void platform_start(struct world *w);
void sync_start(struct world *w);
int sync_once(struct world *w); /* exit code of yizhan-sync --once */
/* A file of DIR, empty if it is not there; and the pins that the platform wrote for stations. */
void read_in(const struct world *w, const char *name, struct yz_buf *out);
void read_pins(const struct world *w, char *out, size_t size);
/* Runs yizhan-sync --enrol with the code; its exit code. */
int enrol(struct world *w, const char *code);
/* From now on the wall clock that yizhan-sync sees is off by so much, also one that runs. */
void clock_off(struct world *w, int64_t seconds);
/* The number of that name in the platform's /test/stats. */
int64_t stat_of(const struct world *w, const char *name);
/* Sends sig and waits for the end; returns the exit code, or -1 if a signal ended it. *pid becomes
 * 0. */
int stop(pid_t *pid, int sig);
/* Writes the configuration anew; with_platform false leaves the address out. */
void configure(struct world *w, bool with_platform);

/* Sends a request to the platform's side door; out gets the body. The test fails if there is no
 * answer. */
void side_door(const struct world *w, const char *path, const char *json, struct yz_buf *out);
void fault(const struct world *w, const char *json);

/* An operation as a clerk's save makes it; needs may be NULL. Rings the doorbell. */
struct yz_id save(struct world *w, const char *kind, const char *agg, const char *body,
        const struct yz_id *needs);
struct yz_id save_product(struct world *w, int n);

struct yz_op op_of(struct world *w, const struct yz_id *id); /* without body */
/* Waits until the operation is in the state; false after 30 s. */
bool comes_to(struct world *w, const struct yz_id *id, enum yz_op_state state);
/* Waits until a fact of the store has the value; false after 30 s. */
bool fact_becomes(struct world *w, const char *key, const char *value);
/* How often the platform holds the operation; *replayed (may be NULL) as the platform counts it. */
int held(const struct world *w, const struct yz_id *id, int *replayed);

#endif
