/* When to try the platform again: full jitter, Retry-After, and a breaker after five failures in a
 * row. Pure: time and randomness are passed in. Owned by net/push.c. */
#ifndef YZ_NET_RETRY_H
#define YZ_NET_RETRY_H

#include <stdbool.h>
#include <stdint.h>

enum {
	YZ_RETRY_BASE_MS = 1000,
	YZ_RETRY_OPENS_AT = 5, /* failures in a row */
	YZ_RETRY_AFTER_MAX_MS =
	        3600 * 1000, /* a wrong Retry-After must not silence a station for a day */
};

struct yz_retry {
	int poll_s;      /* the station's poll period; 30 gives the usual bounds */
	int failures;    /* in a row */
	bool open;       /* the next request is a probe, not work */
	int64_t next_ms; /* on the monotonic clock; 0 at once */
};

/* The waiting time after the n-th failure (from 1): u * min(10 poll periods, 1 s * 2^n). u is from
 * 0 up to, not with, 1. */
int64_t yz_retry_delay_ms(const struct yz_retry *r, int n, double u);

/* A request failed for reasons of the line or the platform. retry_after_ms: what the platform asked
 * for, 0 for nothing; it is a floor, and as it asks the same of all stations, up to as much again
 * (at most two periods) is added by chance. From the fifth failure on the breaker is open for half
 * a period to two periods (15 to 60 s). */
void yz_retry_fail(struct yz_retry *r, int64_t mono_ms, int64_t retry_after_ms, double u);

/* A probe was answered: work may be tried once; its failure opens the breaker again. */
void yz_retry_probed(struct yz_retry *r);

/* Work was answered: all is forgotten. */
void yz_retry_ok(struct yz_retry *r);

/* Nothing failed, but not before wait_ms from now. */
void yz_retry_pause(struct yz_retry *r, int64_t mono_ms, int64_t wait_ms);

/* How long until the next request may go, 0 for now. */
int64_t yz_retry_wait_ms(const struct yz_retry *r, int64_t mono_ms);

#endif
