/* How far this computer's clock is off. The platform's Date of the last answer is the truth,
 * carried on by the clock that counts since boot: a step of the wall clock changes nothing. Pure
 * but for load and put; time is passed in. yizhan-sync learns; all may ask. */
#ifndef YZ_STATION_SKEW_H
#define YZ_STATION_SKEW_H

#include "base/clock.h"
#include "store/store.h"

enum {
	YZ_SKEW_TRUST_MS = 120 * 1000, /* off by less: the clock is right */
	YZ_SKEW_NEWS_MS = 2000         /* Date counts whole seconds: less is no news */
};

struct yz_skew {
	bool known;               /* an answer was seen, in this run or an earlier one */
	int64_t true_ms, mono_ms; /* the platform's time, and ours since boot, at that moment */
	int64_t offset_ms;        /* what was to be added to the wall clock then */
	char boot_id[37];
	bool news; /* more than the store knows */
};

/* Reads what the store knows ("clock.mark"); unknown if it is not there or damaged. */
enum yz_status yz_skew_load(struct yz_skew *s, struct yz_store *store, struct yz_error *err);

/* Writes it down, with the offset as "clock.offset_ms" for people. */
enum yz_status yz_skew_put(struct yz_skew *s, struct yz_tx *tx, struct yz_error *err);

/* Learns from an answer that has just ended after took_ms; one without Date (0) teaches nothing. */
void yz_skew_learn(struct yz_skew *s, int64_t date_ms, int64_t took_ms, const struct yz_now *now);

/* The time in truth (ms since 1970). In the boot that saw the last answer: that answer's Date and
 * what has passed since. After a reboot: the wall clock and the offset of then, but no earlier than
 * that answer. Without any answer the wall clock. */
int64_t yz_skew_now_ms(const struct yz_skew *s, const struct yz_now *now);

/* Whether the wall clock is right: UNKNOWN before an answer of this boot. */
enum yz_clock_trust yz_skew_trust(const struct yz_skew *s, const struct yz_now *now);

/* The moment whose date decides prices: in truth, as far as the store knows it; of the test's clock
 * if now is not real. */
enum yz_status yz_skew_business(
        struct yz_store *store, const struct yz_now *now, int64_t *ms, struct yz_error *err);

#endif
