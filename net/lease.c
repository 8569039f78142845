#include "config.h"

#include "net/lease.h"

#include "base/buf.h"
#include "base/log.h"
#include "net/link.h"
#include "net/wire_pull.h"
#include "station/lease.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LEARN_PERIODS = 60 };

struct yz_leases {
	struct yz_leases_setup setup;
	struct yz_errand errand;
	struct yz_books *books;
	struct yz_lease open; /* the request under way */
	int64_t learn_at_ms;  /* monotonic: when the busy days are counted again */
	int64_t planned;      /* the store's version when it was last looked at */
	bool looked;
};

struct yz_leases *yz_leases_new(const struct yz_leases_setup *setup)
{
	struct yz_leases *l = yz_alloc(sizeof(*l));

	l->setup = *setup;
	yz_errand_open(&l->errand, setup->http, setup->token_file, setup->poll_s);
	l->errand.what = "numbers";
	l->books = yz_books_new(setup->store);
	return l;
}

void yz_leases_free(struct yz_leases *l)
{
	if (!l)
		return;
	yz_errand_close(&l->errand);
	yz_books_free(l->books);
	free(l);
}

static struct yz_now now_of(const struct yz_leases *l)
{
	return yz_clock_now(l->setup.test_now_ms);
}

/* Commits a step on the open request, or rolls back and keeps it. */
static enum yz_status finish(
        struct yz_leases *l, struct yz_tx *tx, enum yz_status st, struct yz_error *err)
{
	if (st != YZ_OK) {
		yz_tx_rollback(tx);
		return st;
	}
	st = yz_tx_commit(tx, err);
	if (st == YZ_OK)
		yz_link_ring(l->setup.store);
	return st;
}

/* declined (or NULL): what came and goes back. */
static void end_request(
        struct yz_leases *l, enum yz_lease_state state, const struct yz_pool *declined)
{
	struct yz_now now = now_of(l);
	struct yz_tx *tx = NULL;
	struct yz_error err;
	enum yz_status st = yz_tx_begin(l->setup.store, &now, &tx, &err);

	if (st == YZ_OK)
		st = finish(l, tx,
		        declined ? yz_lease_decline(tx, &l->open, declined, &err)
		                 : yz_lease_end(tx, &l->open, state, &err),
		        &err);
	if (st == YZ_OK || st == YZ_E_NOTFOUND) /* a restore may have ended it meanwhile */
		yz_errand_ok(&l->errand);
	else
		yz_errand_trouble(&l->errand, &err);
}

/* Told: in the log, by doctor and by yizhanctl numbers. */
static void refuse(
        struct yz_leases *l, const char *code, const char *reason, const struct yz_pool *declined)
{
	yz_log(YZ_LOG_WARN, "numbers of %s (%s): %s: %s", l->open.courier, l->open.what, code,
	        reason);
	(void)yz_copy(l->open.code, sizeof(l->open.code), code);
	(void)yz_copy(l->open.reason, sizeof(l->open.reason), reason);
	end_request(l, YZ_LEASE_REFUSED, declined);
}

static enum yz_status check(struct yz_leases *l, const struct yz_pool *p, struct yz_error *err)
{
	const struct yz_couriers *couriers;
	const struct yz_courier *c;
	enum yz_status st = yz_books_couriers(l->books, &couriers, err);

	if (st != YZ_OK)
		return st;
	c = yz_couriers_find(couriers, l->open.courier);
	if (!c)
		return yz_fail(err, YZ_E_RANGE, "%s is no courier of the station any more",
		        l->open.courier);
	return yz_lease_check(&l->open, c, p, err);
}

static void numbers_came(struct yz_leases *l, const struct yz_answer *a)
{
	struct yz_now now = now_of(l);
	struct yz_tx *tx = NULL;
	struct yz_pool pool;
	struct yz_error err;
	enum yz_status st;

	if (yz_wire_lease_read(&pool, a, &err) != YZ_OK) {
		yz_errand_bad(&l->errand, err.text);
		return;
	}
	(void)yz_copy(l->open.lease_id, sizeof(l->open.lease_id), pool.lease_id);
	st = check(l, &pool, &err);
	if (st == YZ_OK)
		st = yz_tx_begin(l->setup.store, &now, &tx, &err);
	if (st == YZ_OK)
		st = finish(l, tx, yz_lease_fill(tx, &l->open, &pool, &err), &err);
	if (st == YZ_OK) {
		yz_errand_ok(&l->errand);
		yz_log(YZ_LOG_INFO, "%lld numbers of %s %s",
		        (long long)pool.hi - (long long)pool.lo + 1, l->open.courier,
		        *pool.source ? "were leased" : "go back: they came too late");
	} else if (st == YZ_E_RANGE || st == YZ_E_EXISTS) {
		refuse(l, st == YZ_E_EXISTS ? "overlap" : "bad-lease", err.text, &pool);
	} else if (st == YZ_E_STATE) {
		yz_errand_ok(&l->errand);
	} else {
		yz_errand_trouble(&l->errand, &err);
	}
}

static void answered(struct yz_leases *l, const struct yz_http_reply *r)
{
	const struct yz_answer a = {r->type, yz_buf_str(&r->body), r->body.len};
	bool is_take = !strcmp(l->open.what, "take");
	struct yz_verdict problem;

	switch (yz_errand_judge(&l->errand, r, &problem)) {
	case YZ_ANSWER_GOOD:
		if (is_take && r->status == 201)
			numbers_came(l, &a);
		else if (!is_take && r->status == 200)
			end_request(l, YZ_LEASE_DONE, NULL);
		else
			yz_errand_bad(&l->errand, "bad-answer");
		break;
	case YZ_ANSWER_REFUSED:
		refuse(l, problem.code, problem.reason, NULL);
		break;
	case YZ_ANSWER_LATER:
		break;
	}
}

static bool start(struct yz_leases *l, int64_t *wait_ms)
{
	char path[160];
	struct yz_buf body = YZ_BUF_INIT;
	struct yz_http_request r = {.path = "/v1/number-leases", .body = &body, .key = l->open.id};
	bool started;

	if (!strcmp(l->open.what, "return")) {
		(void)snprintf(path, sizeof(path), "/v1/number-leases/%s/return", l->open.lease_id);
		r.path = path;
	}
	yz_wire_lease(&body, &l->open);
	started = yz_errand_start(&l->errand, &r, wait_ms);
	yz_buf_free(&body);
	return started;
}

/* Counts the busy days now and then, and writes requests where numbers are wanted. */
static enum yz_status look(struct yz_leases *l, struct yz_error *err)
{
	struct yz_now now = now_of(l);
	int64_t mono = yz_clock_now(0).mono_ms, version = yz_store_version(l->setup.store);
	enum yz_status st = YZ_OK;
	bool asked = false;

	if (!l->looked || mono >= l->learn_at_ms) {
		yz_books_free(l->books); /* couriers may have been imported anew */
		l->books = yz_books_new(l->setup.store);
		st = yz_lease_learn(l->setup.store, l->books, &now, err);
		l->learn_at_ms = mono + LEARN_PERIODS * l->errand.pause_ms;
	} else if (version == l->planned) {
		return YZ_OK;
	}
	if (st == YZ_OK)
		st = yz_lease_plan(l->setup.store, l->books, &now, &asked, err);
	l->looked = true;
	l->planned = version;
	if (st == YZ_E_PARSE)
		yz_errand_say(&l->errand, err->text);
	/* a station without prices books nothing; what is open goes out all the same */
	return st == YZ_E_NOTFOUND || st == YZ_E_PARSE ? YZ_OK : st;
}

enum yz_errand_outcome yz_leases_step(struct yz_leases *l, int64_t *wait_ms)
{
	const struct yz_http_reply *r = l->errand.x ? yz_http_done(l->errand.x) : NULL;
	struct yz_error err;
	enum yz_status st;

	*wait_ms = l->errand.pause_ms;
	if (r) {
		answered(l, r);
		yz_errand_end(&l->errand);
		l->planned = -1; /* another may be wanted */
	}
	if (l->errand.x)
		return YZ_ERRAND_BUSY;
	if (yz_errand_wait_ms(&l->errand) > 0) {
		*wait_ms = yz_errand_wait_ms(&l->errand);
		return YZ_ERRAND_FAILED;
	}
	st = look(l, &err);
	if (st == YZ_OK)
		st = yz_lease_next(l->setup.store, &l->open, &err);
	if (st == YZ_E_NOTFOUND)
		return YZ_ERRAND_DONE;
	if (st != YZ_OK) {
		yz_errand_trouble(&l->errand, &err);
		return YZ_ERRAND_FAILED;
	}
	if (start(l, wait_ms))
		return YZ_ERRAND_BUSY;
	return yz_errand_wait_ms(&l->errand) > 0 ? YZ_ERRAND_FAILED : YZ_ERRAND_BUSY;
}
