#include "config.h"

#include "net/push.h"

#include "base/log.h"
#include "net/lane.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct yz_push *yz_push_new(const struct yz_push_setup *setup)
{
	struct yz_push *p = yz_alloc(sizeof(*p));
	struct yz_error err;

	p->setup = *setup;
	p->retry.poll_s = setup->poll_s;
	p->pace.limit = YZ_PACE_START;
	p->settle.store = setup->store;
	p->settle.skew = setup->skew;
	p->settle.poll_s = setup->poll_s;
	p->settle.test_now_ms = setup->test_now_ms;
	for (unsigned i = 0; i < YZ_HTTP_EXCHANGES; i++)
		p->lanes[i].no = i;
	if (yz_settle_start(&p->settle, &err) != YZ_OK)
		yz_push_trouble(p, &err);
	return p;
}

void yz_push_free(struct yz_push *p)
{
	if (!p)
		return;
	yz_http_release(p->probe);
	for (int i = 0; i < YZ_HTTP_EXCHANGES; i++) {
		yz_http_release(p->lanes[i].x);
		yz_batch_drop(&p->lanes[i].batch);
	}
	sodium_memzero(p->token, sizeof(p->token));
	free(p);
}

double yz_push_chance(void)
{
	return (double)randombytes_random() / 4294967296.0;
}

static int64_t period_ms(const struct yz_push *p)
{
	return (int64_t)p->setup.poll_s * 1000;
}

static void stand_back(struct yz_push *p, const struct yz_error *err)
{
	if (strcmp(p->trouble, err->text) != 0)
		yz_log_error("push", err);
	(void)yz_copy(p->trouble, sizeof(p->trouble), err->text);
	yz_retry_pause(&p->retry, yz_clock_now(0).mono_ms, period_ms(p));
	p->failed = true;
}

static void show(struct yz_push *p, const char *state, const char *why)
{
	struct yz_now now = yz_clock_now(p->setup.test_now_ms);
	struct yz_error err;

	if (yz_link_set(&p->settle.link, p->setup.store, &now, state, why, &err) != YZ_OK)
		stand_back(p, &err);
}

void yz_push_trouble(struct yz_push *p, const struct yz_error *err)
{
	show(p, "offline",
	        err->status == YZ_E_FULL      ? "no-space"
	        : err->status == YZ_E_CORRUPT ? "damaged"
	                                      : "disk");
	stand_back(p, err);
}

void yz_push_failed(
        struct yz_push *p, struct yz_lane *l, const struct yz_http_reply *r, const char *why)
{
	int64_t now_ms = yz_clock_now(0).mono_ms;

	p->failed = true;
	p->turn++;
	if (!r->retry_after_ms && r->began_ms < p->ok_ms) {
		if (l)
			l->next_ms =
			        now_ms + yz_retry_delay_ms(&p->retry, ++l->fails, yz_push_chance());
		return;
	}
	if (!r->retry_after_ms && r->began_ms < p->failed_ms)
		return;
	yz_retry_fail(&p->retry, now_ms, r->retry_after_ms, yz_push_chance());
	p->failed_ms = now_ms;
	p->answered = false;
	show(p, "offline", why);
}

void yz_push_halted(struct yz_push *p, const char *why)
{
	if (strcmp(p->settle.link.why, why) != 0)
		yz_log(YZ_LOG_ERROR, "the platform refuses this station: %s; sending stops", why);
	yz_retry_pause(&p->retry, yz_clock_now(0).mono_ms, period_ms(p) * 10);
	p->token[0] = '\0';
	p->failed = true;
	show(p, "offline", why);
}

static bool is_busy(const struct yz_push *p)
{
	bool busy = p->probe;

	for (int i = 0; i < YZ_HTTP_EXCHANGES; i++)
		busy = busy || p->lanes[i].x;
	return busy;
}

static bool is_dry(const struct yz_push *p)
{
	bool dry = true;

	for (int i = 0; i < YZ_HTTP_EXCHANGES; i++)
		dry = dry && (p->lanes[i].dry || (i && p->settle.in_order));
	return dry;
}

static void start_probe(struct yz_push *p)
{
	const struct yz_http_request r = {.path = "/v1/time", .token = ""};

	p->probe = yz_http_start(p->setup.http, YZ_HTTP_PUSH, &r);
}

static void end_probe(struct yz_push *p, const struct yz_http_reply *r)
{
	struct yz_error err;
	char why[24];

	p->probe_at_ms = yz_clock_now(0).mono_ms + 2 * period_ms(p);
	(void)snprintf(why, sizeof(why), r->status == 200 ? "portal" : "http-%d", r->status);
	if (r->status != 204) {
		yz_push_failed(p, NULL, r, r->status ? why : r->why);
		return;
	}
	p->answered = true;
	p->failed = false;
	yz_retry_probed(&p->retry);
	if (yz_settle_probe(&p->settle, r, &err) != YZ_OK)
		yz_push_trouble(p, &err);
	if (!p->retry.failures)
		show(p, "online", "");
}

/* After a failure only one goes out, until something goes well. */
static void start_lanes(struct yz_push *p, int64_t now_ms)
{
	for (unsigned i = 0; i < YZ_HTTP_EXCHANGES; i++) {
		struct yz_lane *l = &p->lanes[(p->turn + i) % YZ_HTTP_EXCHANGES];

		if (p->settle.in_order)
			l = &p->lanes[0];
		if (l->x || l->dry || l->next_ms > now_ms)
			continue;
		if (((p->retry.failures || p->unnoted || p->settle.in_order) && is_busy(p)) ||
		        !yz_http_may_start(p->setup.http, YZ_HTTP_PUSH))
			return;
		yz_lane_start(p, l);
		if (yz_retry_wait_ms(&p->retry, now_ms))
			return; /* the disk stands in the way */
	}
}

static void begin(struct yz_push *p, int64_t now_ms)
{
	struct yz_error err;

	if (!p->token[0] && (*p->setup.token_file || !p->setup.by_certificate) &&
	        yz_token_read(p->token, p->setup.token_file, &err) != YZ_OK) {
		stand_back(p, &err);
		show(p, "offline", "token");
		return;
	}
	if (p->settle.resends) {
		if (yz_settle_resend(&p->settle, &err) != YZ_OK)
			yz_push_trouble(p, &err);
		p->look_at_ms = 0;
		return;
	}
	if (p->retry.open) {
		if (!is_busy(p))
			start_probe(p);
		return;
	}
	start_lanes(p, now_ms);
	if (is_busy(p) || !is_dry(p))
		return;
	p->trouble[0] = '\0';
	if (p->settle.in_order && yz_settle_resent(&p->settle, &err) != YZ_OK)
		yz_push_trouble(p, &err);
	if (p->answered && p->retry.failures) {
		yz_retry_ok(&p->retry);
		show(p, "online", "");
	}
	if (now_ms >= p->probe_at_ms)
		start_probe(p);
}

/* What has ended; results of one lane may let another go on. */
static void end_all(struct yz_push *p)
{
	const struct yz_http_reply *r;

	for (int i = 0; i < YZ_HTTP_EXCHANGES; i++) {
		struct yz_lane *l = &p->lanes[i];

		if (!l->x || !(r = yz_http_done(l->x)))
			continue;
		yz_lane_end(p, l, r);
		yz_http_release(l->x);
		l->x = NULL;
		p->look_at_ms = 0;
	}
	if (p->probe && (r = yz_http_done(p->probe))) {
		end_probe(p, r);
		yz_http_release(p->probe);
		p->probe = NULL;
	}
}

/* The queue is read again only when it may have changed. */
static void look(struct yz_push *p, int64_t now_ms)
{
	int64_t version = yz_store_version(p->setup.store), due_ms = p->settle.due_ms;

	if (version == p->version && now_ms < p->look_at_ms)
		return;
	for (int i = 0; i < YZ_HTTP_EXCHANGES; i++)
		p->lanes[i].dry = false;
	p->version = version;
	p->look_at_ms = now_ms + period_ms(p);
	if (due_ms > now_ms && due_ms < p->look_at_ms)
		p->look_at_ms = due_ms;
}

static int64_t wait_of(const struct yz_push *p, int64_t now_ms)
{
	int64_t pause_ms = yz_retry_wait_ms(&p->retry, now_ms), until_ms = p->look_at_ms;
	bool busy = is_busy(p);

	if (p->settle.resends)
		return pause_ms;
	for (int i = 0; i < YZ_HTTP_EXCHANGES; i++) {
		const struct yz_lane *l = &p->lanes[i];

		if (!l->x && !l->dry && (l->next_ms > now_ms || !busy) && l->next_ms < until_ms)
			until_ms = l->next_ms;
	}
	if (pause_ms)
		return pause_ms;
	return until_ms > now_ms ? until_ms - now_ms : 0;
}

enum yz_push_outcome yz_push_step(struct yz_push *p, int64_t *wait_ms)
{
	int64_t now_ms;

	end_all(p);
	now_ms = yz_clock_now(0).mono_ms;
	look(p, now_ms);
	p->beaten = false;
	if (!yz_retry_wait_ms(&p->retry, now_ms))
		begin(p, now_ms);
	yz_http_pushes_wait(p->setup.http, !p->retry.open && (is_busy(p) || !is_dry(p)));
	*wait_ms = wait_of(p, now_ms);
	if (is_busy(p) || (!p->failed && (p->settle.resends || !is_dry(p))))
		return YZ_PUSH_BUSY;
	return p->failed ? YZ_PUSH_FAILED : YZ_PUSH_DRAINED;
}

void yz_push_stop(struct yz_push *p)
{
	show(p, "offline", "stopped");
}
