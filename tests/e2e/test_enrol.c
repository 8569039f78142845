/* A station's certificate from its one-time code to its end. */
#include "config.h"

#include "tests/e2e/sync_world.h"

#include "base/file.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CODE "K7QM-4D2X"

/* A platform that gives certificates which began so many days ago, and a station that has no token.
 */
static void serve_enrolment(struct world *w, int age_days)
{
	static char conf[512];
	char pins[256], json[128];

	w->tls = true;
	w->platform_args[0] = "--enrol-code";
	w->platform_args[1] = CODE;
	platform_start(w);
	read_pins(w, pins, sizeof(pins));
	(void)snprintf(conf, sizeof(conf),
	        "ca_file = pki/ca.pem\npins = %s\ntoken_file =\n"
	        "cert_file = cert.pem\nkey_file = key.pem\n",
	        pins);
	w->conf = conf;
	configure(w, true);
	(void)snprintf(json, sizeof(json),
	        "{\"fault\":\"cert-age\",\"path\":\"/v1/stations/enrol\",\"days\":%d}", age_days);
	fault(w, json);
}

static bool is_there(const struct world *w, const char *name)
{
	char path[96];

	(void)snprintf(path, sizeof(path), "%s/%s", w->dir, name);
	return yz_file_exists(path);
}

static bool is_renewed(const struct world *w, const struct yz_buf *old)
{
	const struct timespec t = {0, 20000000L};
	struct yz_buf now = YZ_BUF_INIT;
	bool other = false;

	for (int i = 0; i < 1500 && !other; i++) {
		read_in(w, "cert.pem", &now);
		other = now.len && strcmp(yz_buf_str(&now), yz_buf_str(old)) != 0 &&
		        !is_there(w, "key.pem.new");
		(void)nanosleep(&t, NULL);
	}
	yz_buf_free(&now);
	return other;
}

static void a_code_becomes_a_certificate_that_is_enough_once(void **state)
{
	struct world *w = *state;
	struct yz_id id;

	serve_enrolment(w, 0);
	id = save_product(w, 1);
	assert_int_equal(sync_once(w), 75); /* nothing to show yet */
	assert_int_equal(enrol(w, "K7QM-XXXX"), 1);
	assert_false(is_there(w, "cert.pem"));
	assert_int_equal(enrol(w, CODE), 0);
	assert_true(is_there(w, "cert.pem"));
	assert_int_equal(sync_once(w), 0);
	assert_int_equal(op_of(w, &id).state, YZ_OP_ACKED);
	assert_int_equal(enrol(w, CODE), 1);
	assert_int_equal(sync_once(w), 0); /* what was refused harmed nothing */
}

/* The code works once, so the question must be the same one; the twin forgets it. */
static void an_enrolment_whose_answer_was_lost_is_asked_again(void **state)
{
	static const char lost[] =
	        "{\"fault\":\"drop\",\"path\":\"/v1/stations/enrol\",\"count\":1}";
	struct world *w = *state;
	char waiting[96];

	serve_enrolment(w, 0);
	fault(w, lost);
	assert_int_equal(enrol(w, CODE), 75);
	assert_int_equal(enrol(w, CODE), 0);
	assert_int_equal(sync_once(w), 0);

	(void)stop(&w->platform, SIGTERM);
	w->platform_args[1] = "SECOND-CODE";
	platform_start(w);
	fault(w, lost);
	assert_int_equal(enrol(w, "SECOND-CODE"), 75);
	(void)snprintf(waiting, sizeof(waiting), "%s/key.pem.new", w->dir);
	assert_int_equal(remove(waiting), 0);
	assert_int_equal(enrol(w, "SECOND-CODE"), 1);
}

static void a_certificate_is_renewed_after_60_days_and_a_lost_answer_costs_nothing(void **state)
{
	struct world *w = *state;
	struct yz_buf old = YZ_BUF_INIT, now = YZ_BUF_INIT;
	struct yz_id id;

	serve_enrolment(w, 61);
	assert_int_equal(enrol(w, CODE), 0);
	read_in(w, "cert.pem", &old);
	fault(w, "{\"fault\":\"drop\",\"path\":\"/v1/stations/\",\"count\":1}");
	sync_start(w);
	id = save_product(w, 1);
	assert_true(comes_to(w, &id, YZ_OP_ACKED));
	while (!is_there(w, "key.pem.new"))
		(void)nanosleep(&(struct timespec){0, 20000000L}, NULL);
	id = save_product(w, 2); /* the old pair works on */
	assert_true(comes_to(w, &id, YZ_OP_ACKED));
	read_in(w, "cert.pem", &now);
	assert_string_equal(yz_buf_str(&old), yz_buf_str(&now));
	(void)stop(&w->sync, SIGKILL);
	sync_start(w);
	assert_true(is_renewed(w, &old));
	id = save_product(w, 3); /* and so does the new one, in the same run */
	assert_true(comes_to(w, &id, YZ_OP_ACKED));
	yz_buf_free(&old);
	yz_buf_free(&now);
}

static void a_new_certificate_is_left_alone(void **state)
{
	struct world *w = *state;
	struct yz_buf old = YZ_BUF_INIT, now = YZ_BUF_INIT;

	serve_enrolment(w, 59);
	assert_int_equal(enrol(w, CODE), 0);
	read_in(w, "cert.pem", &old);
	(void)save_product(w, 1);
	assert_int_equal(sync_once(w), 0);
	assert_int_equal(sync_once(w), 0);
	read_in(w, "cert.pem", &now);
	assert_string_equal(yz_buf_str(&old), yz_buf_str(&now));
	yz_buf_free(&old);
	yz_buf_free(&now);
}

/* A station that was offline for long; past the 30 days only a new code helps. */
static void an_expired_certificate_is_renewed_for_30_days_more(void **state)
{
	struct world *w = *state;
	struct yz_buf old = YZ_BUF_INIT;
	struct yz_id id;

	serve_enrolment(w, 119);
	assert_int_equal(enrol(w, CODE), 0);
	read_in(w, "cert.pem", &old);
	id = save_product(w, 1);
	sync_start(w);
	assert_true(is_renewed(w, &old));
	assert_true(comes_to(w, &id, YZ_OP_ACKED));
	assert_int_equal(stop(&w->sync, SIGTERM), 0);
	yz_buf_free(&old);
}

static void after_that_only_a_new_code_helps(void **state)
{
	struct world *w = *state;
	struct yz_id id;

	serve_enrolment(w, 121);
	assert_int_equal(enrol(w, CODE), 0);
	id = save_product(w, 1);
	assert_int_equal(sync_once(w), 75);
	assert_int_equal(op_of(w, &id).state, YZ_OP_PENDING);
	assert_true(fact_becomes(w, "link.why", "unauthorised"));
	(void)stop(&w->platform, SIGTERM);
	w->platform_args[1] = "SECOND-CODE";
	platform_start(w);
	assert_int_equal(enrol(w, "SECOND-CODE"), 0);
	assert_int_equal(sync_once(w), 0);
	assert_int_equal(op_of(w, &id).state, YZ_OP_ACKED);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)
	const struct CMUnitTest tests[] = {
	        CASE(a_code_becomes_a_certificate_that_is_enough_once),
	        CASE(an_enrolment_whose_answer_was_lost_is_asked_again),
	        CASE(a_certificate_is_renewed_after_60_days_and_a_lost_answer_costs_nothing),
	        CASE(a_new_certificate_is_left_alone),
	        CASE(an_expired_certificate_is_renewed_for_30_days_more),
	        CASE(after_that_only_a_new_code_helps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
