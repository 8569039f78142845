/* What the measuring programs share: the clock, medians and the one line a bar that tests/bench/run
 * collects into build/bench.json. */
#ifndef YZ_TESTS_BENCH_BAR_H
#define YZ_TESTS_BENCH_BAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BAR_ROUNDS = 7, BAR_ROUNDS_MAX = 99 };

struct bar {
	const char *name;
	double goal;    /* of the ratio */
	bool is_higher; /* the ratio is good at goal or above it; else at goal or below */
	size_t rounds;
	double ours[BAR_ROUNDS_MAX], floor[BAR_ROUNDS_MAX]; /* of each round, in one unit */
};

/* Notes one round. */
void bar_note(struct bar *b, double ours, double floor);

/* Prints {"name","ours","floor","ratio","goal","better","ok"} on a line: medians of the rounds; the
 * ratio is the median of the rounds' own ratios, because a machine's speed drifts between them.
 * Forgets the rounds. */
bool bar_print(struct bar *b);

/* A bar that could not be measured, with the reason: {"name","skipped"}. */
void bar_skip(const char *name, const char *why);

double bar_median(double *v, size_t n); /* sorts v */
int64_t bar_now_ns(void);

/* argv (NULL at the end) as exec takes it, in one block that the caller frees. */
char **bar_argv(const char *const *argv);

/* Ends the program with status 3: what it measures with does not work. */
_Noreturn void bar_stop(const char *what);

#endif
