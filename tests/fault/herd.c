/* Test 18: a thousand stations start in the same second, while the platform is away for another
 * hour. When it is back, all of them want to send. Simulated, with the retry rules of yizhan-sync
 * itself (net/retry.c): only time and chance are played. The twin throws the dice out. */
#include "config.h"

#include "net/retry.h"
#include "tests/fault/sync_fault.h"

#include <stdlib.h>

enum {
	STATIONS = 1000,
	POLL_S = 30,
	OUTAGE_MS = 3600 * 1000,
	WINDOW_MS = 5000,
	WINDOWS = 200,
	SPREAD = 2 * POLL_S * 1000 / WINDOW_MS, /* windows that the breaker spreads them over */
	BATCHES = 3,                            /* what an hour of work makes at each station */
	ROUND_TRIP_MS = 600
};

struct station {
	struct yz_retry retry;
	int64_t due_ms;
	int batches;
};

/* What the platform says while it is away, and whether stations throw dice. */
struct play {
	const char *name;
	int64_t retry_after_ms; /* 0: nobody answers; below 0: until the end of the outage, as a
	                           date */
	bool dice;
};

static double dice(const struct play *p, unsigned *seed)
{
	return p->dice ? (double)rand_r(seed) / ((double)RAND_MAX + 1) : 0.5;
}

static void refuse(struct station *s, const struct play *p, unsigned *seed)
{
	int64_t after = p->retry_after_ms < 0 ? OUTAGE_MS - s->due_ms : p->retry_after_ms;

	yz_retry_fail(&s->retry, s->due_ms, after, dice(p, seed));
	s->due_ms += yz_retry_wait_ms(&s->retry, s->due_ms);
}

/* What net/push.c does with an answer: a probe lets work through, work clears the memory. */
static void serve(struct station *s)
{
	if (s->retry.open) {
		yz_retry_probed(&s->retry);
	} else {
		yz_retry_ok(&s->retry);
		s->batches--;
	}
	s->due_ms += ROUND_TRIP_MS;
}

static struct station *next_of(struct station *all)
{
	struct station *next = NULL;

	for (int i = 0; i < STATIONS; i++)
		if (all[i].batches && (!next || all[i].due_ms < next->due_ms))
			next = &all[i];
	return next;
}

/* The mean is over the time that the stations should take, or took if that is longer. */
static double measure(const int64_t *windows)
{
	int64_t requests = 0, peak = 0;
	int last = WINDOWS - 1;

	while (last > SPREAD - 1 && !windows[last])
		last--;
	for (int i = 0; i <= last; i++) {
		requests += windows[i];
		peak = windows[i] > peak ? windows[i] : peak;
	}
	return (double)peak * (last + 1) / (double)requests;
}

/* The peak of requests against their mean. */
static double play(const struct play *p, unsigned seed)
{
	struct station *all = yz_alloc(STATIONS * sizeof(*all)), *s;
	int64_t windows[WINDOWS] = {0};

	for (int i = 0; i < STATIONS; i++) {
		all[i].retry.poll_s = POLL_S;
		all[i].batches = BATCHES;
		all[i].due_ms = rand_r(&seed) % 1000;
	}
	while ((s = next_of(all))) {
		int64_t window = (s->due_ms - OUTAGE_MS) / WINDOW_MS;

		if (s->due_ms < OUTAGE_MS) {
			refuse(s, p, &seed);
			continue;
		}
		if (window >= WINDOWS)
			fault_stop("a station does not come back");
		windows[window]++;
		serve(s);
	}
	free(all);
	return measure(windows);
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

int main(void)
{
	static const struct play plays[] = {
	        {"nobody answers", 0, true},
	        {"503 with 60 s", 60000, true},
	        {"503 with a date", -1, true},
	        {"no dice", 0, false},
	};
	enum { REAL = 3, ALL, ROUNDS_MAX = 1000 };
	static double ratio[ALL][ROUNDS_MAX];
	struct fault f = fault_begin("18", 3);
	int n = 0, worst = 0;

	for (; n < ROUNDS_MAX && fault_more(&f, n); n++)
		for (int i = 0; i < ALL; i++) {
			ratio[i][n] = play(&plays[i], (unsigned)n + 1);
		}
	for (int i = 0; i < ALL; i++)
		qsort(ratio[i], (size_t)n, sizeof(ratio[i][0]), by_size);
	for (int i = 1; i < REAL; i++)
		if (ratio[i][n / 2] > ratio[worst][n / 2])
			worst = i;
	return fault_end(&f, ratio[worst][n / 2] <= 2, ratio[REAL][0] > 2,
	        "%d restarts of %d stations, peak %.2f times the mean (%s; at worst %.2f; without "
	        "dice %.2f)",
	        n, STATIONS, ratio[worst][n / 2], plays[worst].name, ratio[worst][n - 1],
	        ratio[REAL][n / 2]);
}
