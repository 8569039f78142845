/* net/pace, net/bisect, net/gzip and the pure parts of net/settle: how much goes out at once, and
 * what becomes of one that cannot. */
#include "config.h"

#include "net/bisect.h"
#include "net/gzip.h"
#include "net/pace.h"
#include "net/settle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <zlib.h>

enum { HOUR_MS = 3600 * 1000 };

static void batches_grow_on_success_and_halve_on_failure(void **state)
{
	static const struct {
		char what; /* good, bad */
		size_t n;
		int64_t took_ms;
		size_t limit; /* after it */
	} rows[] = {
	        {'g', 10, 100, 25},  /* not full: says nothing of larger ones */
	        {'g', 25, 9000, 40}, /* slow, but up to 40 is worth it on any line */
	        {'g', 40, 9000, 40}, /* a slow line stays there: a cut costs less */
	        {'g', 40, 501, 40},
	        {'g', 40, 500, 80},
	        {'g', 80, 100, 160},
	        {'g', 160, 100, 200},
	        {'g', 200, 500, 200},
	        {'g', 200, 501, 40}, /* it was quick */
	        {'g', 40, 100, 80},
	        {'g', 80, 100, 160},
	        {'g', 160, 100, 200},
	        {'b', 200, 0, 100},
	        {'b', 60, 0, 30},  /* of what was sent, not of the limit */
	        {'b', 200, 0, 30}, /* one that was under way says nothing new */
	        {'g', 30, 9000, 40},
	        {'b', 3, 0, 1},
	        {'b', 1, 0, 1},
	        {'g', 1, 9000, 2},
	};
	struct yz_pace p = {YZ_PACE_START};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].what == 'g')
			yz_pace_good(&p, rows[i].n, rows[i].took_ms);
		else
			yz_pace_bad(&p, rows[i].n);
		if (p.limit != rows[i].limit)
			fail_msg("row %zu: %zu, not %zu", i, p.limit, rows[i].limit);
	}
}

/* Delivers n operations of which some are poison, as a lane does. Returns the requests. */
static int deliver(const bool *poison, size_t n, bool *delivered, bool *found)
{
	struct yz_bisect b = {.n = 0};
	struct yz_op ops[YZ_BATCH_MAX];
	int requests = 0;

	for (;;) {
		size_t tried = yz_bisect_next(&b), sent = 0;
		bool fails = false;

		for (size_t i = 0; i < n; i++) {
			bool suspected = !tried;

			for (size_t k = 0; k < tried; k++)
				suspected = suspected || b.seqs[k] == (int64_t)i;
			if (suspected && !delivered[i] && !found[i])
				ops[sent++].seq = (int64_t)i;
		}
		if (!sent && !tried)
			return requests;
		requests++;
		for (size_t k = 0; k < sent; k++)
			fails = fails || poison[ops[k].seq];
		for (size_t k = 0; k < sent && !fails; k++)
			delivered[ops[k].seq] = true;
		if (fails && sent == 1)
			found[ops[0].seq] = true;
		if (fails && sent > 1)
			yz_bisect_failed(&b, ops, sent);
		else
			yz_bisect_clear(&b, tried);
	}
}

static void a_poison_in_any_place_costs_at_most_eleven_requests(void **state)
{
	(void)state;
	for (size_t bad = 0; bad < 50; bad++) {
		bool poison[50] = {false}, delivered[50] = {false}, found[50] = {false};
		int requests;

		poison[bad] = true;
		requests = deliver(poison, 50, delivered, found);
		for (size_t i = 0; i < 50; i++)
			assert_int_equal(delivered[i], i != bad);
		assert_true(found[bad]);
		assert_in_range(requests, 2, 11); /* 2 log2(50) */
	}
}

static void many_poisons_are_all_found(void **state)
{
	(void)state;
	for (size_t step = 1; step < 8; step++) {
		bool poison[200] = {false}, delivered[200] = {false}, found[200] = {false};
		int poisons = 0, requests;

		for (size_t i = 0; i < 200; i += step) {
			poison[i] = true;
			poisons++;
		}
		requests = deliver(poison, 200, delivered, found);
		for (size_t i = 0; i < 200; i++)
			assert_true(poison[i] ? found[i] && !delivered[i] : delivered[i]);
		assert_in_range(requests, poisons, poisons * 15 + 1);
	}
}

static void what_is_compressed_is_inflated_to_the_same_bytes(void **state)
{
	struct yz_buf in = YZ_BUF_INIT, out = YZ_BUF_INIT;
	unsigned char back[40000];
	z_stream z = {0};

	(void)state;
	for (int i = 0; i < 1000; i++)
		yz_buf_printf(&in, "{\"name\":\"李桂花%d\"}", i * 7919 % 1000);
	yz_gzip(&out, &in);
	assert_in_range(out.len, 20, in.len / 3);
	z.next_in = (unsigned char *)out.data;
	z.avail_in = (unsigned)out.len;
	z.next_out = back;
	z.avail_out = sizeof(back);
	assert_int_equal(inflateInit2(&z, 16 + MAX_WBITS), Z_OK);
	assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
	assert_int_equal(z.total_out, in.len);
	assert_memory_equal(back, in.data, in.len);
	(void)inflateEnd(&z);
	yz_buf_clear(&in);
	yz_gzip(&out, &in);
	assert_in_range(out.len, 18, 30);
	yz_buf_free(&in);
	yz_buf_free(&out);
}

static void an_unnamed_refusal_is_final_after_three_tries_in_a_day(void **state)
{
	static const struct {
		const char *code;
		int http, attempts, age_h;
		bool final;
	} rows[] = {
	        {"validation", 422, 0, 0, true},
	        {"anything", 422, 0, 0, true}, /* the clerk can repair it */
	        {"malformed", 400, 0, 0, true},
	        {"version-conflict", 409, 0, 0, true},
	        {"anything", 0, 0, 0, true},
	        {"anything", 418, 0, 0, false},
	        {"anything", 418, 1, 30, false},
	        {"anything", 418, 2, 23, false},
	        {"anything", 418, 2, 24, true},
	        {"anything", 418, 9, 2, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct yz_verdict v = {.status = YZ_WIRE_REJECTED, .http = rows[i].http};
		struct yz_op op = {.attempts = rows[i].attempts, .created_ms = 5};

		(void)yz_copy(v.code, sizeof(v.code), rows[i].code);
		if (yz_settle_is_final(&v, &op, 5 + (int64_t)rows[i].age_h * HOUR_MS) !=
		        rows[i].final)
			fail_msg("row %zu", i);
	}
}

static void one_that_spoils_its_batches_is_tried_ever_more_seldom(void **state)
{
	(void)state;
	assert_int_equal(yz_settle_put_off_ms(0, 30000, 0.0), 15000);
	assert_int_equal(yz_settle_put_off_ms(-99999999, 30000, 0.0), 15000); /* a clock set back */
	assert_int_equal(yz_settle_put_off_ms(HOUR_MS, 30000, 0.5), HOUR_MS / 2 * 3 / 4);
	assert_int_equal(yz_settle_put_off_ms((int64_t)1000 * HOUR_MS, 30000, 0.0), HOUR_MS / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(batches_grow_on_success_and_halve_on_failure),
	        cmocka_unit_test(a_poison_in_any_place_costs_at_most_eleven_requests),
	        cmocka_unit_test(many_poisons_are_all_found),
	        cmocka_unit_test(what_is_compressed_is_inflated_to_the_same_bytes),
	        cmocka_unit_test(an_unnamed_refusal_is_final_after_three_tries_in_a_day),
	        cmocka_unit_test(one_that_spoils_its_batches_is_tried_ever_more_seldom),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
