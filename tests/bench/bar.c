#include "config.h"

#include "tests/bench/bar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void bar_stop(const char *what)
{
	(void)fprintf(stderr, "bench: %s\n", what);
	exit(3);
}

int64_t bar_now_ns(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double bar_median(double *v, size_t n)
{
	qsort(v, n, sizeof(*v), by_size);
	return v[n / 2];
}

void bar_note(struct bar *b, double ours, double floor)
{
	if (b->rounds == BAR_ROUNDS_MAX)
		bar_stop("too many rounds");
	b->ours[b->rounds] = ours;
	b->floor[b->rounds++] = floor;
}

/* A floor of nothing (an idle minute) has no ratio: ours is judged itself. */
static double ratio_of(double ours, double floor)
{
	return floor > 0 ? ours / floor : ours;
}

bool bar_print(struct bar *b)
{
	double ratios[BAR_ROUNDS_MAX], r;
	bool ok;

	if (!b->rounds)
		bar_stop("a bar without rounds");
	for (size_t i = 0; i < b->rounds; i++)
		ratios[i] = ratio_of(b->ours[i], b->floor[i]);
	r = bar_median(ratios, b->rounds);
	ok = b->is_higher ? r >= b->goal : r <= b->goal;
	(void)printf("{\"name\":\"%s\",\"ours\":%.3f,\"floor\":%.3f,\"ratio\":%.3f,\"goal\":%.3f,"
	             "\"better\":\"%s\",\"ok\":%s}\n",
	        b->name, bar_median(b->ours, b->rounds), bar_median(b->floor, b->rounds), r,
	        b->goal, b->is_higher ? "high" : "low", ok ? "true" : "false");
	(void)fflush(stdout);
	b->rounds = 0;
	return ok;
}

void bar_skip(const char *name, const char *why)
{
	(void)printf("{\"name\":\"%s\",\"skipped\":\"%s\"}\n", name, why);
}

char **bar_argv(const char *const *argv)
{
	size_t count = 0, bytes = 0;
	char **out, *at;

	for (; argv[count]; count++)
		bytes += strlen(argv[count]) + 1;
	out = malloc((count + 1) * sizeof(*out) + bytes);
	if (!out)
		bar_stop("no memory");
	at = (char *)(out + count + 1);
	for (size_t i = 0; i < count; i++) {
		size_t len = strlen(argv[i]) + 1;

		out[i] = memcpy(at, argv[i], len);
		at += len;
	}
	out[count] = NULL;
	return out;
}
