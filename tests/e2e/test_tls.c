/* Who the platform is and who we are, on real TLS. Each safeguard has its broken twin: the same
 * exchange with that safeguard alone taken away must get through. */
#include "config.h"

#include "tests/e2e/sync_world.h"

#include "net/tls.h"

#include <curl/curl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { YEAR_S = 365 * 24 * 3600 };

/* One exchange by net/http with the hooks of net/tls. weaken, or NULL, has the last word. */
struct attempt {
	struct yz_http_hooks real;
	bool (*weaken)(CURL *c);
	bool ask_time;
	char why[24];
	int status;
};

static bool prepare(void *easy, const struct yz_http_request *r, void *user)
{
	const struct attempt *a = user;

	return a->real.prepare(easy, r, a->real.user) && (!a->weaken || a->weaken(easy));
}

static const char *ended(void *easy, int code, const struct yz_http_reply *r, void *user)
{
	const struct attempt *a = user;

	return a->real.ended(easy, code, r, a->real.user);
}

static void try(const struct world *w, struct attempt *a)
{
	char url[64], ca[96], pins[256];
	struct yz_skew skew = {.known = false};
	struct yz_tls_setup tls = {.url = url,
	        .ca_file = ca,
	        .pins = pins,
	        .files = {"", ""},
	        .sign_key_file = "",
	        .station = "QJ1",
	        .skew = &skew};
	struct yz_http_setup setup = {.url = url, .ca_file = ca, .station = "QJ1"};
	const struct yz_http_request r = {.path = "/v1/time", .token = ""};
	const struct yz_http_reply *reply = NULL;
	struct yz_exchange *x;
	struct yz_tls *t = NULL;
	struct yz_http *h = NULL;
	struct yz_error err;

	(void)snprintf(url, sizeof(url), "https://localhost:%d", w->port);
	(void)snprintf(ca, sizeof(ca), "%s/pki/ca.pem", w->dir);
	read_pins(w, pins, sizeof(pins));
	assert_int_equal(yz_tls_open(&t, &tls, &err), YZ_OK);
	a->real = yz_tls_hooks(t);
	setup.hooks = (struct yz_http_hooks){prepare, NULL, ended, a};
	assert_int_equal(yz_http_open(&h, &setup, &err), YZ_OK);
	if (a->ask_time)
		yz_tls_ask_time_next(t);
	x = yz_http_start(h, YZ_HTTP_PUSH, &r);
	assert_non_null(x);
	for (int i = 0; i < 300 && !reply; i++) {
		yz_http_wait(h, NULL, 0, 100);
		reply = yz_http_done(x);
	}
	assert_non_null(reply);
	(void)yz_copy(a->why, sizeof(a->why), reply->why);
	a->status = reply->status;
	yz_http_release(x);
	yz_http_close(h);
	yz_tls_close(t);
}

static void serve(struct world *w, const char *tls_fault)
{
	(void)stop(&w->platform, SIGTERM);
	w->tls = true;
	w->platform_args[0] = "--tls-fault";
	w->platform_args[1] = tls_fault;
	platform_start(w);
}

static bool any_name(CURL *c)
{
	return curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 0L) == CURLE_OK;
}

static bool any_authority(CURL *c)
{
	return curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 0L) == CURLE_OK;
}

static bool any_key(CURL *c)
{
	return curl_easy_setopt(c, CURLOPT_PINNEDPUBLICKEY, NULL) == CURLE_OK;
}

static bool any_version(CURL *c)
{
	return curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK;
}

static void a_platform_that_is_not_the_platform_gets_no_request(void **state)
{
	static const struct {
		const char *fault, *why;
		bool (*twin)(CURL *c);
	} rows[] = {
	        {"name", "tls-name", any_name},
	        {"expired", "tls-expired", any_authority},
	        {"other-ca", "tls-ca", any_authority},
	        {"strange", "tls-pin", any_key},
	        {"tls12", "tls", any_version},
	};
	struct world *w = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct attempt real = {.weaken = NULL}, twin = {.weaken = rows[i].twin};

		serve(w, rows[i].fault);
		try(w, &real);
		assert_int_equal(real.status, 0);
		assert_string_equal(real.why, rows[i].why);
		assert_int_equal(stat_of(w, "requests"), 0);
		try(w, &twin);
		if (twin.status != 204)
			fail_msg("the twin of %s was stopped too: %s", rows[i].fault, twin.why);
	}
}

static void the_platforms_key_and_its_spare_are_both_taken(void **state)
{
	struct world *w = *state;
	struct attempt now = {.weaken = NULL}, later = now;

	serve(w, "");
	try(w, &now);
	assert_int_equal(now.status, 204);
	serve(w, "spare");
	try(w, &later);
	assert_int_equal(later.status, 204);
}

/* Only the dates are left out when the time is asked for. */
static void the_question_for_the_time_goes_to_the_platform_alone(void **state)
{
	static const struct {
		const char *fault, *why;
	} rows[] = {{"expired", ""}, {"name", "tls-name"}, {"other-ca", "tls-ca"},
	        {"strange", "tls-pin"}};
	struct world *w = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct attempt a = {.ask_time = true};

		serve(w, rows[i].fault);
		try(w, &a);
		assert_string_equal(a.why, rows[i].why);
	}
}

static void settle_on(struct world *w)
{
	static char conf[512];
	char pins[256];

	read_pins(w, pins, sizeof(pins));
	(void)snprintf(conf, sizeof(conf), "ca_file = pki/ca.pem\npins = %s\n", pins);
	w->conf = conf;
	configure(w, true);
}

static void a_station_whose_clock_stands_in_another_century_recovers_by_itself(void **state)
{
	static const int64_t off[] = {-26 * (int64_t)YEAR_S, 14 * (int64_t)YEAR_S};
	struct world *w = *state;
	int64_t before;
	struct yz_id id;

	serve(w, "");
	settle_on(w);
	for (size_t i = 0; i < 2; i++) {
		clock_off(w, off[i]);
		id = save_product(w, (int)i);
		before = stat_of(w, "sends");
		sync_start(w);
		assert_true(comes_to(w, &id, YZ_OP_ACKED));
		assert_in_range(stat_of(w, "sends_applied") - before, 1, 2);
		assert_true(fact_becomes(w, "link.state", "online"));
		assert_int_equal(stop(&w->sync, SIGTERM), 0);
	}
}

/* Its twin: what lets it recover is the platform's time and nothing else. */
static void without_the_platforms_time_it_does_not(void **state)
{
	struct world *w = *state;
	struct yz_id id;

	serve(w, "");
	settle_on(w);
	fault(w, "{\"fault\":\"drop\",\"path\":\"/v1/time\",\"count\":-1}");
	clock_off(w, 14 * (int64_t)YEAR_S);
	id = save_product(w, 1);
	for (int i = 0; i < 3; i++)
		assert_int_equal(sync_once(w), 75);
	assert_int_equal(op_of(w, &id).state, YZ_OP_PENDING);
	assert_true(fact_becomes(w, "link.why", "tls-expired"));
	fault(w, "{\"fault\":\"clear\"}");
	sync_start(w);
	assert_true(comes_to(w, &id, YZ_OP_ACKED));
}

static void a_step_of_the_clock_under_a_running_sync_stops_nothing(void **state)
{
	static const int64_t steps[] = {-26 * (int64_t)YEAR_S, 14 * (int64_t)YEAR_S, -3600, 0};
	struct world *w = *state;
	struct yz_id id;

	serve(w, "");
	settle_on(w);
	clock_off(w, 0);
	sync_start(w);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		id = save_product(w, (int)(2 * i));
		assert_true(comes_to(w, &id, YZ_OP_ACKED));
		clock_off(w, steps[i]);
		fault(w, "{\"fault\":\"status\",\"status\":503,\"count\":1}");
		id = save_product(w, (int)(2 * i + 1));
		assert_true(comes_to(w, &id, YZ_OP_ACKED));
	}
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)
	const struct CMUnitTest tests[] = {
	        CASE(a_platform_that_is_not_the_platform_gets_no_request),
	        CASE(the_platforms_key_and_its_spare_are_both_taken),
	        CASE(the_question_for_the_time_goes_to_the_platform_alone),
	        CASE(a_station_whose_clock_stands_in_another_century_recovers_by_itself),
	        CASE(without_the_platforms_time_it_does_not),
	        CASE(a_step_of_the_clock_under_a_running_sync_stops_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
