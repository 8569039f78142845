/* How many operations the next batch takes: a good line soon gets large ones, a bad one small ones,
 * so that a cut costs little. Pure. Owned by net/push.c; one for all lanes, because it is the
 * line's. */
#ifndef YZ_NET_PACE_H
#define YZ_NET_PACE_H

#include <stddef.h>
#include <stdint.h>

enum {
	YZ_PACE_START = 25,
	YZ_PACE_USUAL = 40, /* up to here after every full batch, beyond only on a quick line: four
	                       fill a 2G line, but not the queue before it */
	YZ_PACE_MAX = 200,
	YZ_PACE_QUICK_MS = 500 /* a 2G line needs as long to answer at all */
};

struct yz_pace {
	size_t limit; /* 1 to YZ_PACE_MAX */
};

/* A batch of n was answered after took_ms. */
void yz_pace_good(struct yz_pace *p, size_t n, int64_t took_ms);
/* A batch of n timed out, was cut, or was too large: the next are at most half of it. */
void yz_pace_bad(struct yz_pace *p, size_t n);

#endif
