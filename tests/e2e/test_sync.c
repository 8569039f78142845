/* yizhan-sync against the stand-in platform: whatever happens, each operation is there exactly once
 * and the clerk sees why not, if not. */
#include "config.h"

#include "tests/e2e/sync_world.h"

#include "station/register.h"
#include "tests/unit/station_fixture.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define CONTACT "018bcfe5-6800-7a11-8c01-0242ac120010"
static const char contact[] = "{\"code\":\"530381\",\"contact_id\":\"" CONTACT
                              "\",\"detail\":\"3组12号\",\"name\":\"李桂花\","
                              "\"phone\":\"13800004412\"}";
static const char consent[] =
        "{\"consent_id\":\"018bcfe5-6800-7a11-8c01-0242ac120012\",\"contact_id\":\"" CONTACT
        "\",\"given_on\":\"2026-11-24\",\"how\":\"spoken\",\"purpose\":\"platform_upload\","
        "\"wording\":"
        "\"1\"}";

static void what_a_clerk_saved_arrives_as_it_was_frozen(void **state)
{
	struct world *w = *state;
	struct yz_buf dump = YZ_BUF_INIT;
	struct yz_id first, second;

	platform_start(w);
	first = save(w, "contact.upsert", "contact:" CONTACT, contact, NULL);
	second = save(w, "consent.give", "consent:1", consent, &first);
	assert_int_equal(sync_once(w), 0);
	assert_int_equal(op_of(w, &first).state, YZ_OP_ACKED);
	assert_int_equal(op_of(w, &second).state, YZ_OP_ACKED);
	side_door(w, "/test/dump", NULL, &dump);
	assert_non_null(strstr(yz_buf_str(&dump), contact));
	assert_non_null(strstr(yz_buf_str(&dump), "\"replayed\":0"));
	assert_true(fact_becomes(w, "link.state", "online"));
	yz_buf_free(&dump);
}

static void what_is_saved_while_the_line_is_down_goes_out_when_it_is_back(void **state)
{
	struct world *w = *state;
	struct yz_id id;

	platform_start(w);
	(void)stop(&w->platform, SIGTERM);
	sync_start(w);
	id = save_product(w, 1);
	assert_true(fact_becomes(w, "link.state", "offline"));
	assert_true(fact_becomes(w, "link.why", "refused"));
	assert_int_equal(op_of(w, &id).state, YZ_OP_PENDING);
	assert_int_equal(op_of(w, &id).attempts, 0);
	platform_start(w);
	assert_true(comes_to(w, &id, YZ_OP_ACKED));
	assert_true(fact_becomes(w, "link.state", "online"));
	assert_int_equal(held(w, &id, NULL), 1);
	assert_int_equal(stop(&w->sync, SIGTERM), 0);
	assert_true(fact_becomes(w, "link.why", "stopped"));
}

static void register_and_book(struct fixture *f)
{
	struct yz_farmer_form form = {.consent_upload = true};
	struct yz_product product = {.unit = "035", .price_fen = 880, .shelf_days = 60};
	struct yz_booking b;
	struct yz_shipment s;
	struct yz_error err = {0};

	(void)yz_copy(form.contact.name, sizeof(form.contact.name), "李桂花");
	(void)yz_copy(form.contact.phone, sizeof(form.contact.phone), "13800004412");
	(void)yz_copy(form.contact.code, sizeof(form.contact.code), "530381100201");
	(void)yz_copy(form.contact.region, sizeof(form.contact.region), "云南省曲靖市宣威市");
	(void)yz_copy(form.contact.detail, sizeof(form.contact.detail), "3组12号");
	(void)yz_copy(form.farmer.kind, sizeof(form.farmer.kind), "household");
	(void)yz_copy(form.farmer.village, sizeof(form.farmer.village), "530381100201");
	assert_int_equal(yz_farmer_save(&f->desk, &f->now, &form, &err), YZ_OK);
	(void)yz_copy(product.name, sizeof(product.name), "小黄姜");
	(void)yz_copy(product.grades, sizeof(product.grades), "特;一;二");
	product.farmer = form.contact.id;
	assert_int_equal(yz_product_save(&f->desk, &f->now, &product, &err), YZ_OK);
	for (int i = 0; i < 2; i++) { /* YTO's number is returned by the void and taken again */
		fixture_booking(&b);
		b.lines[0].product = product.id;
		(void)yz_copy(b.courier, sizeof(b.courier), i ? "YTO" : "EMS");
		assert_int_equal(yz_booking_save(&f->desk, f->books, &f->now, &b, &s, &err), YZ_OK);
		assert_int_equal(
		        yz_shipment_void(&f->desk, f->books, &f->now, &s.id, "客户改寄", &err),
		        YZ_OK);
		fixture_booking(&b);
		(void)yz_copy(b.courier, sizeof(b.courier), i ? "YTO" : "EMS");
		assert_int_equal(yz_booking_save(&f->desk, f->books, &f->now, &b, &s, &err), YZ_OK);
	}
}

static void everything_that_a_station_writes_is_what_the_contract_says(void **state)
{
	struct fixture *f = yz_alloc(sizeof(*f));
	struct world own = {0};
	struct yz_op rows[40];
	struct yz_outbox_counts counts;
	struct yz_error err;
	size_t n, total;

	(void)state;
	fixture_open(f);
	own.s = f->desk.store;
	(void)yz_copy(own.dir, sizeof(own.dir), f->dir);
	register_and_book(f);
	platform_start(&own);
	assert_int_equal(sync_once(&own), 0);
	assert_int_equal(
	        yz_outbox_list(own.s, 1u << YZ_OP_DEAD, 0, rows, 40, &n, &total, &err), YZ_OK);
	for (size_t i = 0; i < n; i++)
		print_message("%s: %s %s %s\n", rows[i].kind, rows[i].code, rows[i].field,
		        rows[i].reason);
	assert_int_equal(yz_outbox_count(own.s, &counts, &err), YZ_OK);
	assert_int_equal(counts.dead, 0);
	assert_int_equal(counts.pending, 0);
	(void)stop(&own.platform, SIGTERM);
	fixture_close(f);
	free(f);
}

/* True if an operation whose reply was lost is at the platform once, and was answered from the
 * store. */
static bool a_lost_reply_does_no_harm(struct world *w)
{
	struct yz_id id;
	int replayed, n;

	platform_start(w);
	fault(w, "{\"fault\":\"drop\",\"count\":1}");
	id = save_product(w, 1);
	sync_start(w);
	assert_true(comes_to(w, &id, YZ_OP_ACKED));
	n = held(w, &id, &replayed);
	return n == 1 && replayed == 1;
}

/* Books, has the booking end in the given state at the station, voids it, sends again. */
static enum yz_op_state cancel_after(const char *how, int *dead)
{
	struct fixture *f = yz_alloc(sizeof(*f));
	struct world own = {0};
	struct yz_outbox_counts counts;
	struct yz_booking b;
	struct yz_shipment s;
	struct yz_error err;
	enum yz_op_state state;

	fixture_open(f);
	own.s = f->desk.store;
	(void)yz_copy(own.dir, sizeof(own.dir), f->dir);
	platform_start(&own);
	fixture_booking(&b);
	assert_int_equal(yz_booking_save(&f->desk, f->books, &f->now, &b, &s, &err), YZ_OK);
	if (*how) {
		fault(&own, how);
		assert_int_equal(sync_once(&own), 0);
	} else {
		struct yz_tx *tx = NULL;

		assert_int_equal(yz_tx_begin(own.s, &f->now, &tx, &err), YZ_OK);
		assert_int_equal(yz_outbox_hold(tx, &s.op, &err), YZ_OK);
		assert_int_equal(yz_tx_commit(tx, &err), YZ_OK);
	}
	state = op_of(&own, &s.op).state;
	assert_int_equal(
	        yz_shipment_void(&f->desk, f->books, &f->now, &s.id, "客户不寄了", &err), YZ_OK);
	assert_int_equal(sync_once(&own), 0);
	assert_int_equal(yz_outbox_count(own.s, &counts, &err), YZ_OK);
	assert_int_equal(counts.pending, 0);
	*dead = (int)counts.dead;
	(void)stop(&own.platform, SIGTERM);
	fixture_close(f);
	free(f);
	return state;
}

static void a_booking_that_was_refused_or_held_can_be_voided(void **state)
{
	int dead;

	(void)state;
	assert_int_equal(cancel_after("{\"fault\":\"reject\",\"kind\":\"shipment.book\","
	                              "\"count\":1,\"code\":\"validation\"}",
	                         &dead),
	        YZ_OP_DEAD);
	assert_int_equal(dead, 0);
	assert_int_equal(cancel_after("", &dead), YZ_OP_HELD);
	assert_int_equal(dead, 0);
}

static void a_lost_reply_is_replayed_and_the_operation_is_there_once(void **state)
{
	assert_true(a_lost_reply_does_no_harm(*state));
}

static void broken_twin_a_platform_without_memory_fails_that_test(void **state)
{
	struct world *w = *state;

	w->forgetful = true;
	assert_false(a_lost_reply_does_no_harm(w));
}

static void a_refusal_shows_its_reason_and_blocks_only_what_needs_it(void **state)
{
	struct world *w = *state;
	struct yz_id bad, needs_it, other;
	struct yz_op op;

	platform_start(w);
	fault(w, "{\"fault\":\"reject\",\"kind\":\"contact.upsert\",\"count\":1,\"code\":"
	         "\"validation\","
	         "\"pointer\":\"/data/phone\",\"message\":\"电话是空号\"}");
	bad = save(w, "contact.upsert", "contact:" CONTACT, contact, NULL);
	needs_it = save(w, "consent.give", "consent:1", consent, &bad);
	other = save_product(w, 1);
	assert_int_equal(sync_once(w), 0);
	op = op_of(w, &bad);
	assert_int_equal(op.state, YZ_OP_DEAD);
	assert_string_equal(op.code, "validation");
	assert_string_equal(op.reason, "电话是空号");
	assert_string_equal(op.field, "/data/phone");
	assert_int_equal(op_of(w, &needs_it).state, YZ_OP_PENDING);
	assert_int_equal(op_of(w, &other).state, YZ_OP_ACKED);
}

static void a_refused_operation_that_is_sent_again_takes_what_needs_it_along(void **state)
{
	struct world *w = *state;
	struct yz_now now = yz_clock_now(0);
	struct yz_id bad, needs_it;
	struct yz_tx *tx = NULL;
	struct yz_error err;

	platform_start(w);
	fault(w, "{\"fault\":\"reject\",\"kind\":\"contact.upsert\",\"count\":1}");
	bad = save(w, "contact.upsert", "contact:" CONTACT, contact, NULL);
	needs_it = save(w, "consent.give", "consent:1", consent, &bad);
	sync_start(w);
	assert_true(comes_to(w, &bad, YZ_OP_DEAD));
	assert_int_equal(yz_tx_begin(w->s, &now, &tx, &err), YZ_OK);
	assert_int_equal(yz_outbox_retry(tx, &bad, &err), YZ_OK);
	assert_int_equal(yz_tx_commit(tx, &err), YZ_OK);
	assert_true(comes_to(w, &bad, YZ_OP_ACKED));
	assert_true(comes_to(w, &needs_it, YZ_OP_ACKED));
	assert_int_equal(held(w, &needs_it, NULL), 1);
}

static void an_answer_that_is_not_the_platforms_is_no_ack(void **state)
{
	static const struct {
		const char *fault, *why;
	} rows[] = {
	        {"{\"fault\":\"html\",\"count\":-1}", "portal"},
	        {"{\"fault\":\"truncate\",\"count\":-1}", "bad-answer"},
	        {"{\"fault\":\"status\",\"status\":503,\"count\":-1}", "http-503"},
	        {"{\"fault\":\"status\",\"status\":429,\"retry_after_s\":1,\"count\":-1}",
	                "http-429"},
	        {"{\"fault\":\"status\",\"status\":401,\"count\":-1}", "unauthorised"},
	        {"{\"fault\":\"status\",\"status\":403,\"count\":-1}", "station-suspended"},
	};
	struct world *w = *state;
	struct yz_id id;

	platform_start(w);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		id = save_product(w, (int)i);
		fault(w, rows[i].fault);
		assert_int_equal(sync_once(w), 75);
		assert_int_equal(op_of(w, &id).state, YZ_OP_PENDING);
		assert_int_equal(op_of(w, &id).attempts, 0);
		assert_true(fact_becomes(w, "link.state", "offline"));
		assert_true(fact_becomes(w, "link.why", rows[i].why));
		fault(w, "{\"fault\":\"clear\"}");
		assert_int_equal(sync_once(w), 0);
		assert_int_equal(op_of(w, &id).state, YZ_OP_ACKED);
	}
}

static void retry_after_is_waited_for(void **state)
{
	struct world *w = *state;
	struct yz_now before;
	struct yz_id id;

	platform_start(w);
	fault(w, "{\"fault\":\"status\",\"status\":429,\"retry_after_s\":3,\"count\":1}");
	id = save_product(w, 1);
	sync_start(w);
	assert_true(fact_becomes(w, "link.why", "http-429"));
	before = yz_clock_now(0);
	assert_true(comes_to(w, &id, YZ_OP_ACKED));
	assert_in_range(yz_clock_now(0).mono_ms - before.mono_ms, 2500, 10000);
}

static void one_operation_that_spoils_its_batch_is_found_and_set_aside(void **state)
{
	struct world *w = *state;
	struct yz_id good[20], bad;

	platform_start(w);
	for (int i = 0; i < 10; i++)
		good[i] = save_product(w, i);
	bad = save(w, "test.schema-7", "x:1", "{}", NULL);
	for (int i = 10; i < 20; i++)
		good[i] = save_product(w, i);
	assert_int_equal(sync_once(w), 0);
	for (int i = 0; i < 20; i++)
		assert_int_equal(op_of(w, &good[i]).state, YZ_OP_ACKED);
	assert_int_equal(op_of(w, &bad).state, YZ_OP_DEAD);
	assert_string_equal(op_of(w, &bad).code, "malformed");
}

static void only_one_sender_runs_for_a_station(void **state)
{
	struct world *w = *state;

	platform_start(w);
	sync_start(w);
	assert_true(fact_becomes(w, "link.state", "online"));
	assert_int_equal(sync_once(w), 75);
	assert_int_equal(stop(&w->sync, SIGKILL), -1);
	assert_int_equal(sync_once(w), 0);
}

static void a_station_without_a_platform_keeps_everything(void **state)
{
	struct world *w = *state;
	struct yz_id id;

	configure(w, false);
	id = save_product(w, 1);
	assert_int_equal(sync_once(w), 0);
	assert_true(fact_becomes(w, "link.state", "standalone"));
	assert_int_equal(op_of(w, &id).state, YZ_OP_PENDING);
	platform_start(w);
	assert_int_equal(sync_once(w), 0);
	assert_int_equal(held(w, &id, NULL), 1);
}

static void a_key_that_everybody_may_read_is_not_used(void **state)
{
	struct world *w = *state;
	char token[128];
	struct yz_id id;

	platform_start(w);
	(void)snprintf(token, sizeof(token), "%s/token", w->dir);
	assert_int_equal(chmod(token, 0644), 0);
	id = save_product(w, 1);
	sync_start(w);
	assert_true(fact_becomes(w, "link.why", "token"));
	assert_int_equal(op_of(w, &id).state, YZ_OP_PENDING);
	assert_int_equal(chmod(token, 0600), 0);
	assert_true(comes_to(w, &id, YZ_OP_ACKED));
}

/* Kills a random one of the two every few milliseconds while a clerk goes on saving. */
static void killing_either_side_at_any_moment_loses_and_doubles_nothing(void **state)
{
	enum { OPS = 200, KILLS = 40 };
	struct world *w = *state;
	struct yz_id ids[OPS];
	unsigned seed = (unsigned)getpid();

	platform_start(w);
	sync_start(w);
	print_message("seed %u\n", seed);
	for (int i = 0; i < OPS; i++) {
		struct timespec t = {0, 1000000L + rand_r(&seed) % 9000000L};

		ids[i] = save_product(w, i);
		if (i % (OPS / KILLS))
			continue;
		(void)nanosleep(&t, NULL);
		if (rand_r(&seed) % 2) {
			(void)stop(&w->sync, SIGKILL);
			sync_start(w);
		} else {
			(void)stop(&w->platform, SIGKILL);
			platform_start(w);
		}
	}
	for (int i = 0; i < OPS; i++)
		assert_true(comes_to(w, &ids[i], YZ_OP_ACKED));
	for (int i = 0; i < OPS; i++)
		assert_int_equal(held(w, &ids[i], NULL), 1);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)
	const struct CMUnitTest tests[] = {
	        CASE(what_a_clerk_saved_arrives_as_it_was_frozen),
	        CASE(what_is_saved_while_the_line_is_down_goes_out_when_it_is_back),
	        cmocka_unit_test(everything_that_a_station_writes_is_what_the_contract_says),
	        cmocka_unit_test(a_booking_that_was_refused_or_held_can_be_voided),
	        CASE(a_lost_reply_is_replayed_and_the_operation_is_there_once),
	        CASE(broken_twin_a_platform_without_memory_fails_that_test),
	        CASE(a_refusal_shows_its_reason_and_blocks_only_what_needs_it),
	        CASE(a_refused_operation_that_is_sent_again_takes_what_needs_it_along),
	        CASE(an_answer_that_is_not_the_platforms_is_no_ack),
	        CASE(retry_after_is_waited_for),
	        CASE(one_operation_that_spoils_its_batch_is_found_and_set_aside),
	        CASE(only_one_sender_runs_for_a_station),
	        CASE(a_station_without_a_platform_keeps_everything),
	        CASE(a_key_that_everybody_may_read_is_not_used),
	        CASE(killing_either_side_at_any_moment_loses_and_doubles_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
