#include "config.h"

#include "net/enrol.h"

#include "base/file.h"
#include "net/wire_enrol.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

enum { LOOK_MS = 1000, CODE_MIN = 8 };

/* One exchange to its end. The caller releases it. */
static struct yz_exchange *exchange(
        struct yz_http *h, const struct yz_http_request *r, const struct yz_http_reply **reply)
{
	struct yz_exchange *x = yz_http_start(h, YZ_HTTP_PUSH, r);

	while (!(*reply = yz_http_done(x)))
		yz_http_wait(h, NULL, 0, LOOK_MS);
	return x;
}

/* With a wrong clock the platform's certificate looks out of date: its time is asked for, once. */
static struct yz_exchange *ask(const struct yz_enrol_setup *s, const struct yz_http_request *r,
        const struct yz_http_reply **reply)
{
	const struct yz_http_request time = {.path = "/v1/time", .token = ""};
	struct yz_exchange *x = exchange(s->http, r, reply);

	if ((*reply)->status || !yz_tls_dates_failed(s->tls))
		return x;
	yz_http_release(x);
	yz_tls_ask_time_next(s->tls);
	yz_http_release(exchange(s->http, &time, reply));
	return exchange(s->http, r, reply);
}

static enum yz_status read_reply(
        struct yz_given *given, const struct yz_http_reply *r, struct yz_error *err)
{
	struct yz_answer a = {r->type, yz_buf_str(&r->body), r->body.len};
	struct yz_verdict problem;

	if (r->status == 201)
		return yz_wire_given(given, true, &a, err);
	if (!r->status)
		return yz_fail(err, YZ_E_NET, "the platform does not answer: %s", r->why);
	if (yz_wire_problem(&problem, &a, NULL) != YZ_OK)
		return yz_fail(err, YZ_E_NET, "the platform answers %d", r->status);
	return yz_fail_say(err, YZ_E_DENIED,
	        N_("The platform does not take this code: it is wrong or was used already. Ask "
	           "the county centre for a new one."),
	        "the platform refuses: %s: %s", problem.code, problem.reason);
}

static enum yz_status note(
        const struct yz_enrol_setup *s, const struct yz_given *given, struct yz_error *err)
{
	struct yz_now now = yz_clock_now(0);
	struct yz_tx *tx = NULL;
	char epoch[24];
	enum yz_status st = yz_tx_begin(s->store, &now, &tx, err);

	if (st != YZ_OK)
		return st;
	(void)snprintf(epoch, sizeof(epoch), "%" PRId64, given->agent_epoch);
	st = yz_meta_put(tx, "agent.epoch", epoch, err);
	if (st == YZ_OK)
		st = yz_skew_put(s->skew, tx, err);
	if (st == YZ_OK)
		return yz_tx_commit(tx, err);
	yz_tx_rollback(tx);
	return st;
}

static enum yz_status keep(
        const struct yz_enrol_setup *s, const struct yz_given *given, struct yz_error *err)
{
	enum yz_status st = YZ_OK;

	if (strcmp(given->station, s->station) != 0)
		return yz_fail(err, YZ_E_PARSE, "the platform enrolled %s, not this station",
		        given->station);
	if (*s->files.cert_file && !given->certificate.len)
		return yz_fail(err, YZ_E_PARSE, "the platform gave no certificate");
	if (*s->token_file)
		st = yz_file_write(s->token_file, given->token, strlen(given->token), 0600, err);
	if (st == YZ_OK)
		st = note(s, given, err);
	if (st == YZ_OK && *s->files.cert_file)
		st = yz_cert_take(&s->files, s->station, yz_buf_str(&given->certificate), err);
	return st;
}

enum yz_status yz_enrol(const struct yz_enrol_setup *s, const char *code, struct yz_error *err)
{
	struct yz_buf csr = YZ_BUF_INIT, body = YZ_BUF_INIT;
	struct yz_given given = {.certificate = YZ_BUF_INIT};
	struct yz_http_request r = {.path = "/v1/stations/enrol", .token = "", .body = &body};
	const struct yz_http_reply *reply;
	enum yz_status st = YZ_OK;

	if (!*s->token_file && !*s->files.cert_file)
		return yz_fail(err, YZ_E_CONFIG,
		        "[platform] names neither cert_file and key_file nor token_file: where "
		        "shall "
		        "the keys go?");
	if (strlen(code) < CODE_MIN || strlen(code) >= YZ_ENROL_CODE_SIZE)
		return yz_fail_say(err, YZ_E_RANGE,
		        N_("A code has 8 to 40 characters; it is on the paper from the county "
		           "centre."),
		        "no code was given");
	if (*s->files.cert_file || *s->files.key_file)
		st = yz_cert_finish(&s->files, err);
	if (st == YZ_OK && *s->files.cert_file)
		st = yz_cert_ask(&csr, &s->files, s->station, err);
	if (st == YZ_OK) {
		struct yz_exchange *x;

		yz_wire_enrol(&body, code, s->station, yz_buf_str(&csr));
		r.key = yz_wire_key_of(&body);
		x = ask(s, &r, &reply);
		st = read_reply(&given, reply, err);
		yz_http_release(x);
	}
	if (st == YZ_OK)
		st = keep(s, &given, err);
	sodium_memzero(given.token, sizeof(given.token));
	yz_buf_free(&given.certificate);
	yz_buf_free(&csr);
	yz_buf_free(&body);
	return st;
}
