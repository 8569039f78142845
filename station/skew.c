#include "config.h"

#include "station/skew.h"

#include "base/buf.h"
#include "base/error.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HALF_SECOND_MS = 500 }; /* Date is cut to seconds: so much is missing on average */

enum yz_status yz_skew_load(struct yz_skew *s, struct yz_store *store, struct yz_error *err)
{
	struct yz_skew read = {.known = true};
	char text[128];
	enum yz_status st = yz_meta_get(store, "clock.mark", text, sizeof(text), err);

	if (st != YZ_OK)
		return st;
	*s = (struct yz_skew){.known = false};
	/* NOLINTNEXTLINE(cert-err34-c): yz_skew_put wrote it */
	if (sscanf(text, "%" SCNd64 " %" SCNd64 " %" SCNd64 " %36s", &read.true_ms, &read.mono_ms,
	            &read.offset_ms, read.boot_id) == 4)
		*s = read;
	return YZ_OK;
}

enum yz_status yz_skew_put(struct yz_skew *s, struct yz_tx *tx, struct yz_error *err)
{
	char text[128], offset[24];
	enum yz_status st;

	(void)snprintf(text, sizeof(text), "%" PRId64 " %" PRId64 " %" PRId64 " %s", s->true_ms,
	        s->mono_ms, s->offset_ms, s->boot_id);
	(void)snprintf(offset, sizeof(offset), "%" PRId64, s->offset_ms);
	st = yz_meta_put(tx, "clock.mark", text, err);
	if (st == YZ_OK)
		st = yz_meta_put(tx, "clock.offset_ms", offset, err);
	if (st == YZ_OK)
		s->news = false;
	return st;
}

static bool same_boot(const struct yz_skew *s, const struct yz_now *now)
{
	return s->known && *now->boot_id && !strcmp(s->boot_id, now->boot_id) &&
	       now->mono_ms >= s->mono_ms;
}

int64_t yz_skew_now_ms(const struct yz_skew *s, const struct yz_now *now)
{
	int64_t ms;

	if (!s->known)
		return now->wall_ms;
	if (same_boot(s, now))
		return s->true_ms + now->mono_ms - s->mono_ms;
	ms = now->wall_ms + s->offset_ms;
	return ms > s->true_ms ? ms : s->true_ms;
}

enum yz_clock_trust yz_skew_trust(const struct yz_skew *s, const struct yz_now *now)
{
	if (!same_boot(s, now))
		return YZ_CLOCK_UNKNOWN;
	return llabs(yz_skew_now_ms(s, now) - now->wall_ms) <= YZ_SKEW_TRUST_MS ? YZ_CLOCK_CHECKED
	                                                                        : YZ_CLOCK_WRONG;
}

void yz_skew_learn(struct yz_skew *s, int64_t date_ms, int64_t took_ms, const struct yz_now *now)
{
	int64_t was_ms = yz_skew_now_ms(s, now);
	int64_t is_ms = date_ms + HALF_SECOND_MS + took_ms / 2;

	if (date_ms <= 0)
		return;
	s->news = s->news || !same_boot(s, now) || llabs(is_ms - was_ms) > YZ_SKEW_NEWS_MS ||
	          llabs(is_ms - now->wall_ms - s->offset_ms) > YZ_SKEW_NEWS_MS;
	s->known = true;
	s->true_ms = is_ms;
	s->mono_ms = now->mono_ms;
	s->offset_ms = is_ms - now->wall_ms;
	(void)yz_copy(s->boot_id, sizeof(s->boot_id), now->boot_id);
}

enum yz_status yz_skew_business(
        struct yz_store *store, const struct yz_now *now, int64_t *ms, struct yz_error *err)
{
	struct yz_skew s = {.known = false};
	enum yz_status st = now->played ? YZ_OK : yz_skew_load(&s, store, err);

	if (st == YZ_OK)
		*ms = yz_skew_now_ms(&s, now);
	return st;
}
