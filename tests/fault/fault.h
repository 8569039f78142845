/* What the fault programs share: how much to play, chance that can be repeated, folders, and the
 * one line that ./check looks for. Each program plays the real thing and its broken twin. */
#ifndef YZ_TESTS_FAULT_FAULT_H
#define YZ_TESTS_FAULT_FAULT_H

#include <stdbool.h>
#include <stdint.h>

struct fault {
	const char *number; /* "01", as in tests/fault/areas */
	long rounds;        /* YZ_ROUNDS, else few */
	int64_t end_ms;     /* no round begins after this moment: YZ_SECONDS from the start */
	uint64_t seed; /* fixed: a run can be repeated, as far as the scheduler repeats itself */
};

struct fault fault_begin(const char *number, long few);
/* True while another round is to be played. */
bool fault_more(const struct fault *f, long played);
/* 0 to below - 1. */
uint32_t fault_chance(struct fault *f, uint32_t below);

int64_t fault_ms(void); /* monotonic */
void fault_nap_us(int64_t us);

/* Ends the program with status 3: the test itself cannot go on. */
_Noreturn void fault_stop(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Prints "fault NN: FIGURES, twin failed" (or that it did not) and gives the exit status. good: the
 * real thing held. */
int fault_end(const struct fault *f, bool good, bool twin_failed, const char *figures, ...)
        __attribute__((format(printf, 4, 5)));
/* Says why it cannot be tried here; gives the status that counts as a skip. */
int fault_skip(const struct fault *f, const char *why);

enum { FAULT_DIR_SIZE = 64 };
void fault_folder(char out[FAULT_DIR_SIZE]); /* a new temporary folder */
void fault_remove(const char *dir);          /* with what is in it */
/* Copies a file; mode as of a database. */
void fault_copy(const char *from, const char *to);

#endif
