#include "config.h"

#include "net/retry.h"

int64_t yz_retry_delay_ms(const struct yz_retry *r, int n, double u)
{
	int64_t cap = (int64_t)r->poll_s * 10 * 1000, ms = YZ_RETRY_BASE_MS;

	for (int i = 0; i < n && ms < cap; i++)
		ms *= 2;
	return (int64_t)(u * (double)(ms < cap ? ms : cap));
}

/* All stations are told the same time; each comes a little later by its own dice. */
static int64_t after_ms(const struct yz_retry *r, int64_t asked_ms, double u)
{
	int64_t spread = (int64_t)r->poll_s * 2000;

	if (asked_ms > YZ_RETRY_AFTER_MAX_MS)
		asked_ms = YZ_RETRY_AFTER_MAX_MS;
	return asked_ms + (int64_t)(u * (double)(asked_ms < spread ? asked_ms : spread));
}

void yz_retry_fail(struct yz_retry *r, int64_t mono_ms, int64_t retry_after_ms, double u)
{
	int64_t period = (int64_t)r->poll_s * 1000, shortest = period / 2, wait;

	r->failures++;
	r->open = r->failures >= YZ_RETRY_OPENS_AT;
	if (r->open)
		wait = shortest + (int64_t)(u * (double)(period * 2 - shortest));
	else
		wait = yz_retry_delay_ms(r, r->failures, u);
	retry_after_ms = after_ms(r, retry_after_ms, u);
	r->next_ms = mono_ms + (wait > retry_after_ms ? wait : retry_after_ms);
}

void yz_retry_probed(struct yz_retry *r)
{
	r->open = false;
	r->next_ms = 0;
}

void yz_retry_ok(struct yz_retry *r)
{
	r->failures = 0;
	r->open = false;
	r->next_ms = 0;
}

void yz_retry_pause(struct yz_retry *r, int64_t mono_ms, int64_t wait_ms)
{
	r->next_ms = mono_ms + wait_ms;
}

int64_t yz_retry_wait_ms(const struct yz_retry *r, int64_t mono_ms)
{
	return r->next_ms > mono_ms ? r->next_ms - mono_ms : 0;
}
