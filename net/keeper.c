#include "config.h"

#include "net/keeper.h"

#include "base/log.h"
#include "net/wire_enrol.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A renewal that failed is tried again after half of this to all of it: there are 30 days. */
enum { RENEW_AGAIN_MS = 3600 * 1000, EXPIRED_AGAIN_MS = 60 * 1000 };

enum doing { NOTHING, ASKING_TIME, RENEWING };

struct yz_keeper {
	struct yz_keeper_setup setup;
	struct yz_exchange *x; /* NULL: nothing is under way */
	enum doing doing;
	bool ask_time;
	int64_t renew_at_ms; /* monotonic: not before */
	bool cert_news;      /* the store does not know this certificate's end */
};

struct yz_keeper *yz_keeper_new(const struct yz_keeper_setup *setup)
{
	struct yz_keeper *k = yz_alloc(sizeof(*k));

	k->setup = *setup;
	k->cert_news = true;
	return k;
}

void yz_keeper_free(struct yz_keeper *k)
{
	if (!k)
		return;
	yz_http_release(k->x);
	free(k);
}

/* When the certificate ends, for yizhanctl doctor, who may not read the files. */
static enum yz_status put_end(const struct yz_keeper *k, struct yz_tx *tx, struct yz_error *err)
{
	const struct yz_cert_info *cert = yz_tls_cert(k->setup.tls);
	char text[24] = "";

	if (cert)
		(void)snprintf(text, sizeof(text), "%lld", (long long)cert->to_ms);
	return yz_meta_put(tx, "cert.to_ms", text, err);
}

static void write_down(struct yz_keeper *k)
{
	struct yz_now now = yz_clock_now(0);
	struct yz_tx *tx = NULL;
	struct yz_error err;
	enum yz_status st = yz_tx_begin(k->setup.store, &now, &tx, &err);

	if (st == YZ_OK && k->setup.skew->news)
		st = yz_skew_put(k->setup.skew, tx, &err);
	if (st == YZ_OK && k->cert_news)
		st = put_end(k, tx, &err);
	if (st == YZ_OK)
		st = yz_tx_commit(tx, &err);
	else
		yz_tx_rollback(tx);
	if (st != YZ_OK)
		yz_log_error("clock", &err);
	k->cert_news = false;
	k->setup.skew->news = false; /* the next answer brings it again */
	if (yz_skew_trust(k->setup.skew, &now) == YZ_CLOCK_WRONG)
		yz_log(YZ_LOG_WARN,
		        "this computer's clock is off by %lld s: the platform's is used",
		        (long long)(k->setup.skew->offset_ms / 1000));
}

static void start_time(struct yz_keeper *k)
{
	const struct yz_http_request r = {.path = "/v1/time", .token = ""};

	if (!yz_http_may_start(k->setup.http, YZ_HTTP_KEEP))
		return; /* what is under way ends soon, and nothing new starts */
	yz_tls_ask_time_next(k->setup.tls);
	k->x = yz_http_start(k->setup.http, YZ_HTTP_KEEP, &r);
	k->doing = ASKING_TIME;
	k->ask_time = false;
}

static void end_time(const struct yz_http_reply *r)
{
	if (r->status == 204 && r->date_ms > 0)
		yz_log(YZ_LOG_INFO, "the platform told its time");
	else
		yz_log(YZ_LOG_WARN, "the platform's time is not known: %s", r->why);
}

static bool is_due(const struct yz_keeper *k, const struct yz_now *now)
{
	const struct yz_cert_info *cert = yz_tls_cert(k->setup.tls);
	int64_t true_ms = yz_skew_now_ms(k->setup.skew, now);

	if (!cert || now->mono_ms < k->renew_at_ms || !yz_cert_is_old(cert, true_ms))
		return false;
	/* on a wrong clock every certificate looks old: first an answer, unless none can come */
	return yz_skew_trust(k->setup.skew, now) != YZ_CLOCK_UNKNOWN || true_ms > cert->to_ms;
}

static void again_later(struct yz_keeper *k, const struct yz_now *now)
{
	const struct yz_cert_info *cert = yz_tls_cert(k->setup.tls);
	bool expired = cert && yz_skew_now_ms(k->setup.skew, now) > cert->to_ms;
	uint32_t span_ms = expired ? EXPIRED_AGAIN_MS : RENEW_AGAIN_MS;

	k->renew_at_ms = now->mono_ms + span_ms / 2 + randombytes_uniform(span_ms / 2);
}

static void start_renewal(struct yz_keeper *k, const struct yz_now *now)
{
	struct yz_buf csr = YZ_BUF_INIT, body = YZ_BUF_INIT;
	struct yz_http_request r = {.token = "", .body = &body};
	struct yz_error err;
	char path[96];

	if (!yz_http_may_start(k->setup.http, YZ_HTTP_KEEP))
		return;
	again_later(k, now);
	if (yz_cert_ask(&csr, &k->setup.files, k->setup.station, &err) != YZ_OK) {
		yz_log_error("renewal", &err);
	} else {
		yz_wire_renew(&body, yz_buf_str(&csr));
		(void)snprintf(
		        path, sizeof(path), "/v1/stations/%s/certificates", k->setup.station);
		r.path = path;
		r.key = yz_wire_key_of(&body);
		k->x = yz_http_start(k->setup.http, YZ_HTTP_KEEP, &r);
		k->doing = RENEWING;
	}
	yz_buf_free(&csr);
	yz_buf_free(&body);
}

static void end_renewal(struct yz_keeper *k, const struct yz_http_reply *r)
{
	struct yz_answer a = {r->type, yz_buf_str(&r->body), r->body.len};
	struct yz_given given = {.certificate = YZ_BUF_INIT};
	struct yz_verdict problem = {.code = ""};
	struct yz_error err;
	enum yz_status st;

	if (r->status != 201) {
		(void)yz_wire_problem(&problem, &a, NULL);
		yz_log(YZ_LOG_WARN, "the certificate was not renewed: %s%s %d", r->why,
		        problem.code, r->status);
		return;
	}
	st = yz_wire_given(&given, false, &a, &err);
	if (st == YZ_OK)
		st = yz_cert_take(
		        &k->setup.files, k->setup.station, yz_buf_str(&given.certificate), &err);
	if (st == YZ_OK)
		st = yz_tls_reload(k->setup.tls, &err);
	k->cert_news = k->cert_news || st == YZ_OK;
	if (st == YZ_OK)
		yz_log(YZ_LOG_INFO, "the station's certificate was renewed");
	else
		yz_log_error("renewal", &err);
	yz_buf_free(&given.certificate);
}

bool yz_keeper_step(struct yz_keeper *k)
{
	const struct yz_http_reply *r = k->x ? yz_http_done(k->x) : NULL;
	struct yz_now now = yz_clock_now(0);
	bool wants;

	if (k->x && !r)
		return true; /* held already */
	if (r) {
		if (k->doing == ASKING_TIME)
			end_time(r);
		else
			end_renewal(k, r);
		yz_http_release(k->x);
		k->x = NULL;
		k->doing = NOTHING;
	}
	if (k->setup.skew->news || k->cert_news)
		write_down(k);
	/* asked for once after each failure: if the time was right already, the certificate is not
	 */
	k->ask_time = yz_tls_dates_failed(k->setup.tls) || k->ask_time;
	if (k->ask_time)
		start_time(k);
	else if (is_due(k, &now))
		start_renewal(k, &now);
	wants = k->x || k->ask_time || is_due(k, &now);
	yz_http_hold(k->setup.http, wants);
	return wants;
}
