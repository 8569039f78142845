#include "config.h"

#include "net/errand.h"

#include "base/clock.h"
#include "base/log.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

enum { SHARE_MS = 200, HALT_PERIODS = 10 };

void yz_errand_open(struct yz_errand *e, struct yz_http *http, const char *token_file, int poll_s)
{
	memset(e, 0, sizeof(*e));
	e->http = http;
	e->token_file = token_file;
	e->what = "pull";
	e->retry.poll_s = poll_s;
	e->pause_ms = (int64_t)poll_s * 1000;
}

void yz_errand_close(struct yz_errand *e)
{
	yz_http_release(e->x);
	e->x = NULL;
	sodium_memzero(e->token, sizeof(e->token));
}

static double chance(void)
{
	return (double)randombytes_random() / 4294967296.0;
}

static int64_t mono(void)
{
	return yz_clock_now(0).mono_ms;
}

int64_t yz_errand_wait_ms(const struct yz_errand *e)
{
	return yz_retry_wait_ms(&e->retry, mono());
}

void yz_errand_say(struct yz_errand *e, const char *text)
{
	if (strcmp(e->trouble, text) != 0)
		yz_log(YZ_LOG_WARN, "%s: %s", e->what, text);
	(void)yz_copy(e->trouble, sizeof(e->trouble), text);
}

void yz_errand_trouble(struct yz_errand *e, const struct yz_error *err)
{
	yz_errand_say(e, err->text);
	yz_retry_pause(&e->retry, mono(), e->pause_ms);
}

bool yz_errand_start(struct yz_errand *e, struct yz_http_request *r, int64_t *wait_ms)
{
	struct yz_error err;

	if (e->token_file && !e->token[0] &&
	        yz_token_read(e->token, e->token_file, &err) != YZ_OK) {
		e->token[0] = '\0';
		yz_errand_trouble(e, &err);
		*wait_ms = e->pause_ms;
		return false;
	}
	r->token = e->token;
	e->x = yz_http_start(e->http, YZ_HTTP_PULL, r);
	*wait_ms = e->x ? e->pause_ms : SHARE_MS;
	return e->x != NULL;
}

static void failed(struct yz_errand *e, const char *why, int64_t retry_after_ms)
{
	yz_errand_say(e, why);
	yz_retry_fail(&e->retry, mono(), retry_after_ms, chance());
}

static bool is_halt(const char *code)
{
	static const char *const halts[] = {"unauthorised", "bad-signature", "cert-expired",
	        "station-suspended", "stale-agent-epoch", "upgrade-required"};

	for (size_t i = 0; i < sizeof(halts) / sizeof(halts[0]); i++)
		if (!strcmp(halts[i], code))
			return true;
	return false;
}

enum yz_errand_answer yz_errand_judge(
        struct yz_errand *e, const struct yz_http_reply *r, struct yz_verdict *problem)
{
	const struct yz_answer a = {r->type, yz_buf_str(&r->body), r->body.len};
	char why[24];

	(void)snprintf(why, sizeof(why), "http-%d", r->status);
	if ((r->status >= 200 && r->status < 300) || r->status == 304)
		return YZ_ANSWER_GOOD;
	if (!r->status) {
		failed(e, r->why, 0);
	} else if (r->status >= 500 || r->status == 429 ||
	           yz_wire_problem(problem, &a, NULL) != YZ_OK) {
		failed(e, why, r->retry_after_ms); /* or a proxy or portal spoke */
	} else if (!strcmp(problem->code, "in-progress")) {
		yz_retry_pause(&e->retry, mono(), 1000 + (int64_t)(4000 * chance()));
	} else if (is_halt(problem->code)) {
		yz_errand_say(e, problem->code);
		e->token[0] = '\0'; /* read anew */
		yz_retry_pause(&e->retry, mono(), e->pause_ms * HALT_PERIODS);
	} else {
		return YZ_ANSWER_REFUSED;
	}
	return YZ_ANSWER_LATER;
}

void yz_errand_end(struct yz_errand *e)
{
	yz_http_release(e->x);
	e->x = NULL;
}

void yz_errand_ok(struct yz_errand *e)
{
	yz_retry_ok(&e->retry);
	e->trouble[0] = '\0';
}

void yz_errand_bad(struct yz_errand *e, const char *what)
{
	failed(e, what, 0);
}
