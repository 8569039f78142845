/* net/wire: what goes out byte for byte, and that no malformed answer is ever taken for an ack. */
#include "config.h"

#include "net/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define A "018bcfe5-6800-7a11-8c01-0242ac120001"
#define B "018bcfe5-6800-7a11-8c01-0242ac120002"
#define JSON "application/json"
#define OK_A "{\"op_id\":\"" A "\",\"status\":\"applied\",\"server_id\":\"41\",\"version\":1}"
#define OK_B "{\"op_id\":\"" B "\",\"status\":\"replayed\",\"server_id\":\"40\",\"version\":1}"
#define TWO(x, y) "{\"results\":[" x "," y "],\"high_seq\":9}"
#define STATUS(word) "{\"op_id\":\"" B "\",\"status\":\"" word "\"}"
#define REFUSED(problem) "{\"op_id\":\"" B "\",\"status\":\"rejected\",\"problem\":" problem "}"

static struct yz_op ops[2];

static int set_up(void **state)
{
	static char first[] = "{\"b\":1,\"name\":\"李\\u0001\"}", second[] = "{\"z\":[]}";

	(void)state;
	memset(ops, 0, sizeof(ops));
	assert_true(yz_id_parse(A, &ops[0].id));
	assert_true(yz_id_parse(B, &ops[1].id));
	for (int i = 0; i < 2; i++) {
		ops[i].seq = 8 + i;
		ops[i].agg_ver = 1;
		ops[i].schema = 1;
		ops[i].body = i ? second : first;
		ops[i].body_len = strlen(ops[i].body);
		ops[i].created_ms = 1795481430000;
		ops[i].mono_ms = 86400123456;
		(void)yz_copy(ops[i].agg, sizeof(ops[i].agg), i ? "shipment:" B : "contact:" A);
		(void)yz_copy(
		        ops[i].kind, sizeof(ops[i].kind), i ? "shipment.book" : "contact.upsert");
	}
	ops[1].needs[0] = ops[0].id;
	ops[1].need_count = 1;
	return 0;
}

static enum yz_status read_two(struct yz_verdict *v, const char *type, const char *body)
{
	const struct yz_answer a = {type, body, strlen(body)};

	return yz_wire_read(v, ops, 2, &a, NULL);
}

static void a_batch_holds_each_body_byte_for_byte(void **state)
{
	struct yz_buf out = YZ_BUF_INIT;
	struct yz_id id;

	(void)state;
	assert_true(yz_id_parse("018bcfe5-6800-7a11-8c01-0242ac1200ff", &id));
	yz_wire_batch(&out, &id, ops, 2);
	assert_string_equal(yz_buf_str(&out),
	        "{\"batch_id\":\"018bcfe5-6800-7a11-8c01-0242ac1200ff\",\"first_seq\":8,\"ops\":["
	        "{\"op_id\":\"" A "\",\"seq\":8,\"agg\":\"contact:" A
	        "\",\"agg_ver\":1,\"kind\":\"contact.upsert\",\"schema\":1,"
	        "\"occurred_at\":\"2026-11-24T08:50:30+08:00\",\"clock\":{\"boot_id\":\"\",\"mono_"
	        "ms\":86400123456,"
	        "\"trust\":\"unknown\"},\"needs\":[],\"data\":{\"b\":1,\"name\":\"李\\u0001\"}},"
	        "{\"op_id\":\"" B "\",\"seq\":9,\"agg\":\"shipment:" B
	        "\",\"agg_ver\":1,\"kind\":\"shipment.book\",\"schema\":1,"
	        "\"occurred_at\":\"2026-11-24T08:50:30+08:00\",\"clock\":{\"boot_id\":\"\",\"mono_"
	        "ms\":86400123456,"
	        "\"trust\":\"unknown\"},\"needs\":[\"" A "\"],\"data\":{\"z\":[]}}]}");
	yz_buf_free(&out);
}

static void a_repair_names_what_it_supersedes(void **state)
{
	struct yz_buf out = YZ_BUF_INIT;

	(void)state;
	ops[1].supersedes = ops[0].id;
	ops[1].trust = YZ_CLOCK_WRONG;
	yz_wire_batch(&out, &ops[0].id, &ops[1], 1);
	assert_non_null(strstr(yz_buf_str(&out), "\"supersedes\":\"" A "\""));
	assert_non_null(strstr(yz_buf_str(&out), "\"trust\":\"wrong\""));
	yz_buf_free(&out);
}

static void a_good_answer_gives_each_operations_verdict(void **state)
{
	struct yz_verdict v[2];

	(void)state;
	assert_int_equal(read_two(v, "application/json; charset=utf-8", TWO(OK_A, OK_B)), YZ_OK);
	assert_int_equal(v[0].status, YZ_WIRE_APPLIED);
	assert_string_equal(v[0].server_id, "41");
	assert_int_equal(v[1].status, YZ_WIRE_REPLAYED);
	assert_int_equal(read_two(v, JSON, TWO(OK_A, STATUS("retry"))), YZ_OK);
	assert_int_equal(v[1].status, YZ_WIRE_RETRY);
	assert_string_equal(v[1].code, "retry");
}

static void a_refusal_carries_the_platforms_words_and_the_field(void **state)
{
	struct yz_verdict v[2];

	(void)state;
	assert_int_equal(
	        read_two(v, JSON,
	                TWO(OK_A, REFUSED("{\"code\":\"validation\",\"detail\":\"d\",\"errors\":["
	                                  "{\"pointer\":\"/data/receiver/"
	                                  "phone\",\"code\":\"x\",\"message\":\"收"
	                                  "件人电话\\u0007格式不对\"},"
	                                  "{\"pointer\":\"/data/x\",\"message\":\"不认识\"}]}"))),
	        YZ_OK);
	assert_int_equal(v[1].status, YZ_WIRE_REJECTED);
	assert_string_equal(v[1].code, "validation");
	assert_string_equal(v[1].field, "/data/receiver/phone");
	assert_string_equal(v[1].reason, "收件人电话格式不对;不认识");
	assert_int_equal(
	        read_two(v, JSON,
	                TWO(OK_A, REFUSED("{\"code\":\"waybill-taken\",\"detail\":\"已被使用\"}"))),
	        YZ_OK);
	assert_string_equal(v[1].reason, "已被使用");
}

static void no_malformed_answer_is_taken_for_an_ack(void **state)
{
	static const struct {
		const char *type, *body;
	} bad[] = {
	        {"text/html", "<html><body>login</body></html>"},
	        {JSON, "<html><body>login</body></html>"},
	        {"text/html", TWO(OK_A, OK_B)},
	        {"", TWO(OK_A, OK_B)},
	        {"text/plain", TWO(OK_A, OK_B)},
	        {"application/problem+json", TWO(OK_A, OK_B)},
	        {"application/jsonp", TWO(OK_A, OK_B)},
	        {JSON, ""},
	        {JSON, " "},
	        {JSON, "null"},
	        {JSON, "true"},
	        {JSON, "\"applied\""},
	        {JSON, "[]"},
	        {JSON, "{}"},
	        {JSON, "{\"results\":[" OK_A "," OK_B "]}"},
	        {JSON, "{\"results\":[" OK_A "," OK_B "],\"high_seq\":-1}"},
	        {JSON, "{\"results\":[" OK_A "," OK_B "],\"high_seq\":1.5}"},
	        {JSON, "{\"results\":[" OK_A "," OK_B "],\"high_seq\":1e300}"},
	        {JSON, "{\"results\":[" OK_A "," OK_B "],\"high_seq\":\"9\"}"},
	        {JSON, "{\"results\":[" OK_A "," OK_B "],\"high_seq\":null}"},
	        {JSON, "{\"Results\":[" OK_A "," OK_B "],\"high_seq\":9}"},
	        {JSON, "{\"results\":{\"0\":" OK_A ",\"1\":" OK_B "},\"high_seq\":9}"},
	        {JSON, "{\"results\":[],\"results\":[" OK_A "," OK_B "],\"high_seq\":9}"},
	        {JSON, "{\"results\":[],\"high_seq\":9}"},
	        {JSON, "{\"results\":[" OK_A "],\"high_seq\":9}"},
	        {JSON, "{\"results\":[" OK_A "," OK_B "," OK_B "],\"high_seq\":9}"},
	        {JSON, TWO(OK_B, OK_A)},
	        {JSON, TWO(OK_A, OK_A)},
	        {JSON, TWO(OK_A, "null")},
	        {JSON, TWO(OK_A, "\"applied\"")},
	        {JSON, TWO(OK_A, "[]")},
	        {JSON, TWO(OK_A, "{}")},
	        {JSON, TWO(OK_A, STATUS("Applied"))},
	        {JSON, TWO(OK_A, STATUS(""))},
	        {JSON, TWO(OK_A, STATUS("ok"))},
	        {JSON, TWO(OK_A, STATUS("accepted"))},
	        {JSON, TWO(OK_A, STATUS("applied "))},
	        {JSON, TWO(OK_A, "{\"op_id\":\"" B "\",\"status\":true}")},
	        {JSON, TWO(OK_A, "{\"op_id\":\"" B "\"}")},
	        {JSON, TWO(OK_A, "{\"status\":\"applied\"}")},
	        {JSON, TWO(OK_A, "{\"op_id\":\"018BCFE5-6800-7A11-8C01-0242AC120002\",\"status\":"
	                         "\"applied\"}")},
	        {JSON, TWO(OK_A, "{\"op_id\":\"018bcfe5-6800-7a11-8c01-0242ac120003\",\"status\":"
	                         "\"applied\"}")},
	        {JSON, TWO(OK_A, "{\"op_id\":2,\"status\":\"applied\"}")},
	        {JSON, TWO(OK_A, "{\"op_id\":\"" B
	                         "\",\"status\":\"rejected\",\"status\":\"applied\"}")},
	        {JSON, TWO(OK_A, "{\"op_id\":\"" B
	                         "\",\"status\":\"applied\",\"code\":\"validation\"}")},
	        {JSON, TWO(OK_A, "{\"op_id\":\"" B
	                         "\",\"status\":\"applied\",\"problem\":{\"code\":\"x\"}}")},
	        {JSON, TWO(OK_A, STATUS("rejected"))},
	        {JSON, TWO(OK_A, REFUSED("null"))},
	        {JSON, TWO(OK_A, REFUSED("{}"))},
	        {JSON, TWO(OK_A, REFUSED("{\"code\":\"\"}"))},
	        {JSON, TWO(OK_A, REFUSED("\"validation\""))},
	        {JSON, TWO(OK_A, OK_B) "x"},
	        {JSON, TWO(OK_A, OK_B) "{}"},
	        {JSON, TWO(OK_A, OK_B) "\xC0\x80"},
	        {JSON, "\xEF\xBB\xBF\xFF" TWO(OK_A, OK_B)},
	        {JSON, "HTTP/1.1 200 OK\r\n\r\n" TWO(OK_A, OK_B)},
	        {JSON, TWO("{\"op_id\":\"" A "\",\"status\":\"applied\",\"x\":\"\xE5\xA7\"}",
	                       OK_B)},
	};
	struct yz_verdict v[2], untouched[2];

	(void)state;
	memset(v, 0x5a, sizeof(v));
	memcpy(untouched, v, sizeof(v));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (read_two(v, bad[i].type, bad[i].body) != YZ_E_PARSE)
			fail_msg("taken for an answer: %s", bad[i].body);
		assert_memory_equal(v, untouched, sizeof(v));
	}
}

static void an_answer_cut_at_any_byte_is_no_answer(void **state)
{
	static const char whole[] = TWO(OK_A, OK_B);
	struct yz_verdict v[2];

	(void)state;
	for (size_t n = 0; n < sizeof(whole) - 1; n++) {
		char *cut = strndup(whole, n);
		const struct yz_answer a = {JSON, cut, n}, padded = {JSON, whole, n};

		assert_int_equal(yz_wire_read(v, ops, 2, &a, NULL), YZ_E_PARSE);
		assert_int_equal(yz_wire_read(v, ops, 2, &padded, NULL), YZ_E_PARSE);
		free(cut);
	}
}

static void a_zero_byte_inside_an_answer_is_seen(void **state)
{
	static const char body[] = TWO(OK_A, OK_B) "\0{}";
	const struct yz_answer a = {JSON, body, sizeof(body) - 1};
	struct yz_verdict v[2];

	(void)state;
	assert_int_equal(yz_wire_read(v, ops, 2, &a, NULL), YZ_E_PARSE);
}

static void a_problem_is_read_only_from_the_platform(void **state)
{
	static const char body[] = "{\"type\":\"urn:x\",\"status\":403,\"code\":\"station-"
	                           "suspended\",\"detail\":\"已停用\"}";
	const struct yz_answer good = {"application/problem+json", body, sizeof(body) - 1};
	const struct yz_answer proxy = {"text/html", body, sizeof(body) - 1};
	const struct yz_answer empty = {"application/problem+json", "{}", 2};
	struct yz_verdict v = {0};

	(void)state;
	assert_int_equal(yz_wire_problem(&v, &proxy, NULL), YZ_E_PARSE);
	assert_int_equal(yz_wire_problem(&v, &empty, NULL), YZ_E_PARSE);
	assert_string_equal(v.code, "");
	assert_int_equal(yz_wire_problem(&v, &good, NULL), YZ_OK);
	assert_string_equal(v.code, "station-suspended");
	assert_string_equal(v.reason, "已停用");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup(a_batch_holds_each_body_byte_for_byte, set_up),
	        cmocka_unit_test_setup(a_repair_names_what_it_supersedes, set_up),
	        cmocka_unit_test_setup(a_good_answer_gives_each_operations_verdict, set_up),
	        cmocka_unit_test_setup(a_refusal_carries_the_platforms_words_and_the_field, set_up),
	        cmocka_unit_test_setup(no_malformed_answer_is_taken_for_an_ack, set_up),
	        cmocka_unit_test_setup(an_answer_cut_at_any_byte_is_no_answer, set_up),
	        cmocka_unit_test_setup(a_zero_byte_inside_an_answer_is_seen, set_up),
	        cmocka_unit_test_setup(a_problem_is_read_only_from_the_platform, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
