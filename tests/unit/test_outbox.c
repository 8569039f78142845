/* store: operations wait in order, with what they need, until the platform has them. */
#include "config.h"

#include "store/guard.h"
#include "store/outbox.h"
#include "tests/unit/store_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct yz_op make(const char *agg, const struct yz_op *need)
{
	static char body[] = "{\"a\":\"姜\"}";
	struct yz_op op = {.kind = "test.do", .schema = 1, .body = body, .body_len = strlen(body)};

	(void)strncpy(op.agg, agg, sizeof(op.agg) - 1);
	if (need)
		op.needs[op.need_count++] = need->id;
	return op;
}

static struct yz_op add(struct store_case *c, const char *agg, const struct yz_op *need)
{
	struct yz_op op = make(agg, need);
	struct yz_tx *tx = begin(c);

	assert_ok(yz_outbox_add(tx, &op, NULL));
	commit(tx);
	return op;
}

static void refuse(struct store_case *c, const struct yz_op *op)
{
	struct yz_tx *tx = begin(c);

	assert_ok(yz_outbox_refuse(tx, &op->id, "bad", "号码不对", "/data/phone", NULL));
	commit(tx);
}

static void ack(struct store_case *c, const struct yz_op *op)
{
	struct yz_tx *tx = begin(c);

	assert_ok(yz_outbox_ack(tx, &op->id, "srv-1", NULL));
	commit(tx);
}

/* The seqs that a claim gives, as one text: "1 2 5". */
static void claim(struct store_case *c, size_t max, size_t max_bytes, const char *want)
{
	char got[400] = "";
	struct yz_op *ops = NULL;
	size_t n = 0;

	assert_ok(yz_outbox_claim(c->s, c->now.wall_ms, max, max_bytes, &ops, &n, NULL));
	for (size_t i = 0; i < n; i++) {
		size_t used = strlen(got);

		(void)snprintf(
		        got + used, sizeof(got) - used, "%s%d", i ? " " : "", (int)ops[i].seq);
		assert_string_equal(ops[i].body, "{\"a\":\"姜\"}");
	}
	yz_ops_free(ops, n);
	assert_string_equal(got, want);
}

static struct yz_op repair(struct store_case *c, const struct yz_op *old)
{
	struct yz_op op = make(old->agg, NULL);
	struct yz_tx *tx = begin(c);

	op.supersedes = old->id;
	assert_ok(yz_outbox_add(tx, &op, NULL));
	commit(tx);
	return op;
}

static void an_operation_reads_back_as_it_was_added(void **state)
{
	struct store_case *c = *state;
	struct yz_op a = add(c, "contact/1", NULL), b = add(c, "shipment/1", &a), got, last;

	assert_ok(yz_outbox_get(c->s, &b.id, &got, NULL));
	assert_int_equal(got.seq, 2);
	assert_int_equal(got.agg_ver, 1);
	assert_string_equal(got.kind, "test.do");
	assert_int_equal(got.need_count, 1);
	assert_true(yz_id_equal(&got.needs[0], &a.id));
	assert_memory_equal(got.body, b.body, b.body_len);
	assert_memory_equal(got.digest, b.digest, 32);
	assert_int_equal(got.created_ms, c->now.wall_ms);
	assert_string_equal(got.boot_id, "boot");
	free(got.body);
	assert_ok(yz_outbox_last(c->s, "contact/1", &last, NULL));
	assert_int_equal(last.seq, 1);
	assert_null(last.body);
	assert_status(yz_outbox_last(c->s, "contact/2", &last, NULL), YZ_E_NOTFOUND);
}

static void what_is_needed_goes_out_before_or_along(void **state)
{
	struct store_case *c = *state;
	struct yz_op a = add(c, "a", NULL), b = add(c, "b", &a);

	(void)add(c, "c", NULL);
	claim(c, 50, 1 << 20, "1 2 3");
	claim(c, 1, 1 << 20, "1");
	refuse(c, &a);
	claim(c, 50, 1 << 20, "3");
	(void)b;
}

static void a_refused_operation_blocks_only_its_aggregate_and_what_needs_it(void **state)
{
	struct store_case *c = *state;
	struct yz_op a1 = add(c, "a", NULL), a2 = add(c, "a", NULL), b = add(c, "b", &a2);

	(void)add(c, "d", NULL);
	refuse(c, &a1);
	claim(c, 50, 1 << 20, "4");
	ack(c, &a1); /* the platform had it all the same */
	claim(c, 50, 1 << 20, "2 3 4");
	(void)b;
}

static void a_repair_takes_the_place_of_what_it_supersedes(void **state)
{
	struct store_case *c = *state;
	struct yz_op book = add(c, "shipment/1", NULL), cancel = add(c, "shipment/1", &book), fixed,
	             got;

	refuse(c, &book);
	claim(c, 50, 1 << 20, "");
	fixed = repair(c, &book);
	claim(c, 50, 1 << 20, "3 2");
	assert_ok(yz_outbox_get(c->s, &cancel.id, &got, NULL));
	assert_true(yz_id_equal(&got.needs[0], &fixed.id));
	free(got.body);
	assert_ok(yz_outbox_get(c->s, &book.id, &got, NULL));
	assert_int_equal(got.state, YZ_OP_SUPERSEDED);
	assert_string_equal(got.reason, "号码不对");
	free(got.body);
	claim(c, 1, 1 << 20, "3");
	ack(c, &fixed);
	claim(c, 50, 1 << 20, "2");
}

static void one_who_names_a_replaced_operation_needs_its_repair(void **state)
{
	struct store_case *c = *state;
	struct yz_op a = add(c, "a", NULL), fixed, late, got;

	refuse(c, &a);
	fixed = repair(c, &a);
	late = add(c, "b", &a);
	assert_ok(yz_outbox_get(c->s, &late.id, &got, NULL));
	assert_true(yz_id_equal(&got.needs[0], &fixed.id));
	free(got.body);
}

static void only_refused_and_held_operations_are_superseded(void **state)
{
	struct store_case *c = *state;
	struct yz_op a = add(c, "a", NULL), op = make("a", NULL);
	struct yz_tx *tx = begin(c);

	op.supersedes = a.id;
	assert_status(yz_outbox_add(tx, &op, NULL), YZ_E_STATE);
	assert_ok(yz_outbox_hold(tx, &a.id, NULL));
	op.needs[op.need_count++] = a.id;
	assert_status(yz_outbox_add(tx, &op, NULL), YZ_E_STATE);
	op.need_count = 0;
	assert_ok(yz_outbox_add(tx, &op, NULL));
	op.supersedes = yz_id_new(1);
	op.id = yz_id_new(2);
	assert_status(yz_outbox_add(tx, &op, NULL), YZ_E_NOTFOUND);
	commit(tx);
}

static void what_cannot_be_added_says_why(void **state)
{
	struct store_case *c = *state;
	struct yz_op a = add(c, "a", NULL), op = make("b", NULL);
	struct yz_tx *tx = begin(c);
	struct yz_error err;

	op.needs[0] = yz_id_new(1);
	op.need_count = 1;
	assert_status(yz_outbox_add(tx, &op, &err), YZ_E_NOTFOUND);
	assert_true(yz_id_is_none(&op.id));
	op.need_count = YZ_NEEDS_MAX + 1;
	assert_status(yz_outbox_add(tx, &op, NULL), YZ_E_RANGE);
	op.need_count = 0;
	op.body_len = YZ_BODY_MAX + 1;
	assert_status(yz_outbox_add(tx, &op, NULL), YZ_E_RANGE);
	op = make("b", NULL);
	op.id = a.id;
	assert_status(yz_outbox_add(tx, &op, NULL), YZ_E_EXISTS);
	yz_tx_rollback(tx);
}

static void a_deferred_operation_waits_and_holds_up_its_aggregate(void **state)
{
	struct store_case *c = *state;
	struct yz_op a = add(c, "a", NULL), got;
	struct yz_tx *tx;

	(void)add(c, "a", NULL);
	(void)add(c, "b", NULL);
	tx = begin(c);
	assert_ok(yz_outbox_defer(tx, &a.id, c->now.wall_ms + 5000, "503", true, NULL));
	commit(tx);
	claim(c, 50, 1 << 20, "3");
	c->now.wall_ms += 5000;
	claim(c, 50, 1 << 20, "1 2 3");
	assert_ok(yz_outbox_get(c->s, &a.id, &got, NULL));
	assert_int_equal(got.attempts, 1);
	assert_string_equal(got.code, "503");
	free(got.body);
}

static void an_operation_put_off_under_a_clock_far_ahead_is_due_when_it_is_set_right(void **state)
{
	struct store_case *c = *state;
	struct yz_op a = add(c, "a", NULL);
	const int64_t right_ms = c->now.wall_ms, ahead_ms = right_ms + (int64_t)14 * 365 * 86400000;
	struct yz_tx *tx;

	c->now.wall_ms = ahead_ms;
	tx = begin(c);
	assert_ok(yz_outbox_defer(tx, &a.id, ahead_ms + 30000, "unavailable", false, NULL));
	commit(tx);
	claim(c, 50, 1 << 20, "");
	c->now.wall_ms = right_ms;
	claim(c, 50, 1 << 20, "1");
	tx = begin(c);
	assert_ok(yz_outbox_defer(tx, &a.id, right_ms + YZ_PUT_OFF_MAX_MS, "odd", true, NULL));
	commit(tx);
	claim(c, 50, 1 << 20, "");
}

static void a_batch_ends_at_its_bytes_but_is_never_empty(void **state)
{
	struct store_case *c = *state;
	size_t one = strlen("{\"a\":\"姜\"}");

	for (int i = 0; i < 4; i++) {
		char agg[2] = {(char)('a' + i), 0};

		(void)add(c, agg, NULL);
	}
	claim(c, 50, 1, "1");
	claim(c, 50, one, "1");
	claim(c, 50, 3 * one, "1 2 3");
	claim(c, 0, 1000, "");
}

static void the_clerk_may_hold_and_retry_but_not_what_is_done(void **state)
{
	struct store_case *c = *state;
	struct yz_op a = add(c, "a", NULL), b = add(c, "b", NULL), got;
	struct yz_id nobody = yz_id_new(1);
	struct yz_tx *tx = begin(c);

	assert_ok(yz_outbox_hold(tx, &a.id, NULL));
	assert_status(yz_outbox_hold(tx, &a.id, NULL), YZ_E_STATE);
	assert_status(yz_outbox_defer(tx, &a.id, 0, "x", false, NULL), YZ_E_STATE);
	assert_ok(yz_outbox_retry(tx, &a.id, NULL));
	assert_status(yz_outbox_retry(tx, &a.id, NULL), YZ_E_STATE);
	assert_ok(yz_outbox_refuse(tx, &a.id, "bad", "why", NULL, NULL));
	assert_ok(yz_outbox_retry(tx, &a.id, NULL));
	assert_ok(yz_outbox_ack(tx, &b.id, "s", NULL));
	assert_ok(yz_outbox_ack(tx, &b.id, "s", NULL));
	assert_status(yz_outbox_refuse(tx, &b.id, "bad", "why", "", NULL), YZ_E_STATE);
	assert_status(yz_outbox_hold(tx, &b.id, NULL), YZ_E_STATE);
	assert_status(yz_outbox_retry(tx, &b.id, NULL), YZ_E_STATE);
	assert_status(yz_outbox_ack(tx, &nobody, "s", NULL), YZ_E_NOTFOUND);
	assert_status(yz_outbox_hold(tx, &nobody, NULL), YZ_E_NOTFOUND);
	commit(tx);
	assert_ok(yz_outbox_get(c->s, &b.id, &got, NULL));
	assert_int_equal(got.state, YZ_OP_ACKED);
	assert_string_equal(got.server_id, "s");
	free(got.body);
	assert_status(yz_outbox_get(c->s, &nobody, &got, NULL), YZ_E_NOTFOUND);
}

static void counts_and_lists_are_by_state(void **state)
{
	struct store_case *c = *state;
	struct yz_op a = add(c, "a", NULL), b = add(c, "b", NULL), rows[5];
	struct yz_outbox_counts n;
	size_t got = 9, total = 9;

	(void)add(c, "d", &a);
	(void)add(c, "e", NULL);
	refuse(c, &a);
	ack(c, &b);
	assert_ok(yz_outbox_count(c->s, &n, NULL));
	assert_int_equal(n.pending, 2);
	assert_int_equal(n.dead, 1);
	assert_int_equal(n.held, 0);
	assert_int_equal(n.oldest_pending_ms, 1800000000000 + 3000);
	assert_ok(yz_outbox_list(
	        c->s, 1U << YZ_OP_PENDING | 1U << YZ_OP_DEAD, 1, rows, 1, &got, &total, NULL));
	assert_int_equal(got, 1);
	assert_int_equal(total, 3);
	assert_int_equal(rows[0].seq, 3);
	assert_int_equal(rows[0].need_count, 1);
	assert_ok(yz_outbox_list(c->s, 1U << YZ_OP_ACKED, 0, rows, 5, &got, NULL, NULL));
	assert_int_equal(got, 1);
	assert_int_equal(rows[0].seq, 2);
}

static void a_body_damaged_on_disk_is_found(void **state)
{
	struct store_case *c = *state;
	struct yz_op a = add(c, "a", NULL), got, *ops;
	struct yz_error err;
	size_t n;

	assert_ok(yz_store_check(c->s, NULL));
	meddle(c, "DROP TRIGGER outbox_body_fixed;"
	          "UPDATE outbox_body SET body = CAST(replace(CAST(body AS TEXT), 'a', 'b') AS "
	          "BLOB)");
	assert_status(yz_store_check(c->s, &err), YZ_E_CORRUPT);
	assert_non_null(strstr(err.text, "damaged"));
	assert_status(yz_outbox_get(c->s, &a.id, &got, NULL), YZ_E_CORRUPT);
	assert_status(
	        yz_outbox_claim(c->s, c->now.wall_ms, 50, 1000, &ops, &n, NULL), YZ_E_CORRUPT);
}

static void whoever_meets_a_damaged_body_marks_the_station(void **state)
{
	struct store_case *c = *state;
	struct yz_op *ops;
	struct yz_error why;
	size_t n;

	(void)add(c, "a", NULL);
	meddle(c, "DROP TRIGGER outbox_body_fixed; UPDATE outbox_body SET body = x'7B7D'");
	assert_false(yz_damage_read(c->dir, NULL, 0));
	assert_status(
	        yz_outbox_claim(c->s, c->now.wall_ms, 50, 1000, &ops, &n, NULL), YZ_E_CORRUPT);
	assert_true(yz_damage_read(c->dir, NULL, 0));
	assert_true(yz_store_is_damaged(c->s, &why));
	assert_non_null(strstr(why.text, "the body of operation"));
}

static void an_erased_body_leaves_its_proof(void **state)
{
	struct store_case *c = *state;
	struct yz_op a = add(c, "a", NULL), got;

	ack(c, &a);
	meddle(c, "UPDATE outbox_body SET body = NULL");
	assert_ok(yz_store_check(c->s, NULL));
	assert_ok(yz_outbox_get(c->s, &a.id, &got, NULL));
	assert_null(got.body);
	assert_memory_equal(got.digest, a.digest, 32);
}

static void a_heartbeat_is_a_write_of_its_own(void **state)
{
	struct store_case *c = *state;
	int64_t before = ask(c, "SELECT count(*) FROM counter WHERE name = 'heartbeat'");

	assert_ok(yz_outbox_heartbeat(c->s, &c->now, NULL));
	assert_ok(yz_outbox_heartbeat(c->s, &c->now, NULL));
	assert_int_equal(before, 0);
	assert_int_equal(ask(c, "SELECT value FROM counter WHERE name = 'heartbeat'"), 2);
}

#define T(f) cmocka_unit_test_setup_teardown(f, store_case_setup, store_case_teardown)

static void what_stands_in_the_way_is_found_through_whatever_lies_between(void **state)
{
	struct store_case *c = *state;
	struct yz_op contact = add(c, "contact/1", NULL), consent = add(c, "consent/1", &contact),
	             farmer = add(c, "farmer/1", &consent), again = add(c, "farmer/1", NULL), other,
	             free_one = add(c, "product/1", NULL), rows[4];
	size_t n = 0;

	assert_status(yz_outbox_blocker(c->s, &again.id, &other, NULL), YZ_E_NOTFOUND);
	refuse(c, &contact);
	assert_ok(yz_outbox_blocker(c->s, &farmer.id, &other, NULL));
	assert_true(yz_id_equal(&other.id, &contact.id));
	assert_ok(yz_outbox_blocker(c->s, &again.id, &other, NULL)); /* behind farmer */
	assert_true(yz_id_equal(&other.id, &contact.id));
	assert_status(yz_outbox_blocker(c->s, &free_one.id, &other, NULL), YZ_E_NOTFOUND);
	assert_status(yz_outbox_blocker(c->s, &contact.id, &other, NULL), YZ_E_NOTFOUND);
	assert_ok(yz_outbox_open_of(c->s, "farmer/1", rows, 4, &n, NULL));
	assert_int_equal(n, 2);
	assert_true(yz_id_equal(&rows[1].id, &again.id));
	(void)repair(c, &contact);
	assert_status(yz_outbox_blocker(c->s, &again.id, &other, NULL), YZ_E_NOTFOUND);
}

/* What lane `no` of 4 gets, as claim. */
static void claim_lane(struct store_case *c, unsigned no, struct yz_op **ops, size_t *n)
{
	const struct yz_claim want = {
	        .now_ms = c->now.wall_ms, .max = 200, .max_bytes = 1 << 20, .lane = no, .lanes = 4};

	assert_ok(yz_outbox_claim_for(c->s, &want, ops, n, NULL));
}

static void lanes_share_the_queue_and_never_an_aggregate(void **state)
{
	struct store_case *c = *state;
	int lane_of[40], seen = 0;

	for (int i = 0; i < 80; i++) {
		char agg[16];

		(void)snprintf(agg, sizeof(agg), "parcel/%d", i % 40);
		(void)add(c, agg, NULL);
	}
	for (unsigned no = 0; no < 4; no++) {
		struct yz_op *ops = NULL;
		size_t n = 0;

		claim_lane(c, no, &ops, &n);
		assert_in_range(n, 4, 40); /* spread, if not evenly */
		for (size_t i = 0; i < n; i++) {
			int about = (int)((ops[i].seq - 1) % 40);

			assert_int_equal(yz_outbox_lane(ops[i].agg, 4), no);
			if (ops[i].seq > 40)
				assert_int_equal(lane_of[about], (int)no);
			lane_of[about] = (int)no;
			seen++;
		}
		yz_ops_free(ops, n);
	}
	assert_int_equal(seen, 80);
}

static void what_needs_an_operation_of_another_lane_waits_for_its_ack(void **state)
{
	struct store_case *c = *state;
	struct yz_op a = add(c, "a", NULL), b, *ops = NULL;
	unsigned other;
	char agg[2] = "b";
	size_t n = 0;

	while (yz_outbox_lane(agg, 4) == yz_outbox_lane("a", 4))
		agg[0]++;
	other = yz_outbox_lane(agg, 4);
	b = add(c, agg, &a);
	claim_lane(c, other, &ops, &n);
	assert_int_equal(n, 0);
	yz_ops_free(ops, n);
	ack(c, &a);
	claim_lane(c, other, &ops, &n);
	assert_int_equal(n, 1);
	assert_int_equal(ops[0].seq, b.seq);
	yz_ops_free(ops, n);
}

static void a_claim_may_be_for_some_operations_only(void **state)
{
	struct store_case *c = *state;
	const int64_t only[] = {2, 4};
	struct yz_claim want = {.now_ms = c->now.wall_ms + 100000,
	        .max = 9,
	        .max_bytes = 1000,
	        .only = only,
	        .n_only = 2};
	struct yz_op a, *ops = NULL;
	size_t n = 0;

	(void)add(c, "a", NULL);
	(void)add(c, "b", NULL);
	a = add(c, "c", NULL);
	(void)add(c, "d", &a); /* needs one that is not of those */
	assert_ok(yz_outbox_claim_for(c->s, &want, &ops, &n, NULL));
	assert_int_equal(n, 1);
	assert_int_equal(ops[0].seq, 2);
	yz_ops_free(ops, n);
}

static void what_another_sends_is_not_taken_nor_what_comes_after_it(void **state)
{
	struct store_case *c = *state;
	const int64_t under_way[] = {7, 1};
	struct yz_claim want = {.now_ms = c->now.wall_ms + 100000,
	        .max = 9,
	        .max_bytes = 1000,
	        .under_way = under_way,
	        .n_under_way = 2};
	struct yz_op a = add(c, "a", NULL), *ops = NULL;
	size_t n = 0;

	(void)add(c, "b", NULL);
	(void)add(c, "a", NULL);
	(void)add(c, "d", &a);
	assert_ok(yz_outbox_claim_for(c->s, &want, &ops, &n, NULL));
	assert_int_equal(n, 1);
	assert_int_equal(ops[0].seq, 2);
	yz_ops_free(ops, n);
}

static void one_that_spoilt_a_batch_goes_alone(void **state)
{
	struct store_case *c = *state;
	struct yz_op a = add(c, "a", NULL), b = add(c, "b", NULL);
	struct yz_tx *tx = begin(c);

	(void)a;
	assert_ok(yz_outbox_defer(tx, &b.id, 0, YZ_OP_ALONE, false, NULL));
	commit(tx);
	(void)add(c, "b", NULL);
	(void)add(c, "d", NULL);
	claim(c, 50, 1 << 20, "1 4"); /* its aggregate waits */
	ack(c, &a);
	claim(c, 50, 1 << 20, "2");
}

static void what_a_restored_platform_may_have_lost_goes_out_again(void **state)
{
	struct store_case *c = *state;
	struct yz_op a = add(c, "a", NULL), b = add(c, "b", NULL), d = add(c, "d", NULL),
	             e = add(c, "e", NULL), got;
	struct yz_tx *tx = begin(c);
	int64_t n = 9, acked_ms, high;

	assert_ok(yz_outbox_ack_at(tx, &a.id, "1", 1000, NULL));
	assert_ok(yz_outbox_ack_at(tx, &b.id, "2", 2000, NULL));
	assert_ok(yz_outbox_ack_at(tx, &d.id, "3", 3000, NULL));
	assert_ok(yz_outbox_refuse(tx, &e.id, "bad", "why", NULL, NULL));
	commit(tx);
	meddle(c, "UPDATE outbox_body SET body = NULL WHERE seq = 3");
	assert_ok(yz_outbox_acked_ms(c->s, 2, &acked_ms, NULL));
	assert_int_equal(acked_ms, 2000);
	assert_ok(yz_outbox_acked_ms(c->s, 4, &acked_ms, NULL));
	assert_int_equal(acked_ms, 0);
	assert_ok(yz_outbox_high(c->s, &high, NULL));
	assert_int_equal(high, 4);
	tx = begin(c);
	assert_ok(yz_outbox_resend(tx, 1, high, 2000, &n, NULL));
	commit(tx);
	assert_int_equal(n, 1);
	claim(c, 50, 1 << 20, "2"); /* not the older, not the erased, not the refused one */
	assert_ok(yz_outbox_get(c->s, &b.id, &got, NULL));
	assert_string_equal(got.code, YZ_OP_RESEND);
	assert_int_equal(got.acked_ms, 2000);
	free(got.body);
	ack(c, &b);
	claim(c, 50, 1 << 20, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        T(an_operation_reads_back_as_it_was_added),
	        T(what_is_needed_goes_out_before_or_along),
	        T(a_refused_operation_blocks_only_its_aggregate_and_what_needs_it),
	        T(a_repair_takes_the_place_of_what_it_supersedes),
	        T(one_who_names_a_replaced_operation_needs_its_repair),
	        T(only_refused_and_held_operations_are_superseded),
	        T(what_cannot_be_added_says_why),
	        T(a_deferred_operation_waits_and_holds_up_its_aggregate),
	        T(an_operation_put_off_under_a_clock_far_ahead_is_due_when_it_is_set_right),
	        T(a_batch_ends_at_its_bytes_but_is_never_empty),
	        T(the_clerk_may_hold_and_retry_but_not_what_is_done),
	        T(counts_and_lists_are_by_state),
	        T(a_body_damaged_on_disk_is_found),
	        T(whoever_meets_a_damaged_body_marks_the_station),
	        T(an_erased_body_leaves_its_proof),
	        T(a_heartbeat_is_a_write_of_its_own),
	        T(what_stands_in_the_way_is_found_through_whatever_lies_between),
	        T(lanes_share_the_queue_and_never_an_aggregate),
	        T(what_another_sends_is_not_taken_nor_what_comes_after_it),
	        T(what_needs_an_operation_of_another_lane_waits_for_its_ack),
	        T(a_claim_may_be_for_some_operations_only),
	        T(one_that_spoilt_a_batch_goes_alone),
	        T(what_a_restored_platform_may_have_lost_goes_out_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
