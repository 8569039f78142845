/* net/wire_pull: leases, changes and snapshots are read strictly, or not at all. */
#include "config.h"

#include "net/wire_pull.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define JSON "application/json"
#define ID "018bcfe5-6800-7a11-8c01-0242ac1200aa"
#define LEASE(rest)                                                                            \
	"{\"lease_id\":\"" ID "\",\"kind\":\"waybill\",\"courier\":\"ZTO\",\"prefix\":\"78\"," \
	"\"width\":12,\"suffix\":\"\",\"check_rule\":\"none\"," rest "}"
#define PAGE(items, rest) "{\"items\":[" items "],\"cursor\":\"7\"," rest "}"
#define END "\"more\":false,\"reset\":false"
#define NOTICE \
	"{\"id\":\"n1\",\"version\":2,\"op\":\"put\",\"data\":{\"title\":\"停运\",\"days\":3}}"

static enum yz_status read_lease(struct yz_pool *p, const char *body)
{
	const struct yz_answer a = {JSON, body, strlen(body)};

	return yz_wire_lease_read(p, &a, NULL);
}

static enum yz_status read_page(struct yz_wire_page *page, const char *type, const char *body)
{
	const struct yz_answer a = {type, body, strlen(body)};

	return yz_wire_changes(page, &a, NULL);
}

static void the_same_request_for_numbers_has_the_same_bytes(void **state)
{
	struct yz_lease l = {.what = "take", .courier = "ZTO", .count = 500, .high_water = 41};
	struct yz_buf b = YZ_BUF_INIT;

	(void)state;
	yz_wire_lease(&b, &l);
	assert_string_equal(yz_buf_str(&b),
	        "{\"count\":500,\"courier\":\"ZTO\",\"high_water\":41,\"kind\":\"waybill\"}");
	(void)yz_copy(l.what, sizeof(l.what), "return");
	l.used_to = 1009;
	yz_wire_lease(&b, &l);
	assert_string_equal(yz_buf_str(&b), "{\"used_to\":1009}");
	yz_buf_free(&b);
}

static void a_lease_is_read_as_a_pool_at_its_beginning(void **state)
{
	struct yz_pool p;

	(void)state;
	assert_int_equal(read_lease(&p, LEASE("\"lo\":1000,\"hi\":1499")), YZ_OK);
	assert_string_equal(p.lease_id, ID);
	assert_string_equal(p.courier, "ZTO");
	assert_string_equal(p.prefix, "78");
	assert_string_equal(p.check_rule, "none");
	assert_int_equal(p.width, 12);
	assert_int_equal(p.lo, 1000);
	assert_int_equal(p.next, 1000);
	assert_int_equal(p.hi, 1499);
}

static void a_lease_that_is_not_of_the_contract_is_no_answer(void **state)
{
	static const char *const bad[] = {
	        "",
	        "{}",
	        "[]",
	        LEASE("\"lo\":1000"),
	        LEASE("\"lo\":\"1000\",\"hi\":1499"),
	        LEASE("\"lo\":-5,\"hi\":1499"),
	        LEASE("\"lo\":1.5,\"hi\":1499"),
	        LEASE("\"lo\":1000,\"hi\":1e30"),
	        LEASE("\"lo\":1000,\"hi\":1499,\"hi\":2000"),
	        LEASE("\"lo\":1000,\"hi\":1499,\"width\":12"),
	        (LEASE("\"lo\":1000,\"hi\":1499") "x"),
	        ("{\"lease_id\":\"1\",\"kind\":\"waybill\",\"courier\":\"ZTO\",\"prefix\":\"\","
	         "\"width\":12,\"suffix\":\"\",\"check_rule\":\"none\",\"lo\":1,\"hi\":2}"),
	};
	struct yz_pool p;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(read_lease(&p, bad[i]), YZ_E_PARSE);
}

static void a_page_gives_items_with_their_fields_and_digest(void **state)
{
	static const uint8_t zero[32];
	struct yz_wire_page p;

	(void)state;
	assert_int_equal(read_page(&p, JSON "; charset=utf-8",
	                         PAGE(NOTICE ",{\"id\":\"n2\",\"version\":9,\"op\":\"delete\"}",
	                                 "\"more\":true,\"reset\":false")),
	        YZ_OK);
	assert_int_equal(p.n, 2);
	assert_string_equal(p.cursor, "7");
	assert_true(p.more);
	assert_false(p.reset);
	assert_string_equal(p.items[0].id, "n1");
	assert_int_equal(p.items[0].version, 2);
	assert_string_equal(yz_pulled_get(&p.items[0], "title"), "停运");
	assert_string_equal(yz_pulled_get(&p.items[0], "days"), "3");
	assert_string_equal(yz_pulled_get(&p.items[0], "none"), "");
	assert_false(p.items[0].odd);
	assert_memory_not_equal(p.items[0].digest, zero, sizeof(zero));
	assert_true(p.items[1].gone);
	assert_memory_equal(p.items[1].digest, zero, sizeof(zero));
	yz_wire_page_free(&p);
}

static void data_with_lists_in_it_is_told_apart(void **state)
{
	struct yz_wire_page p;

	(void)state;
	assert_int_equal(read_page(&p, JSON,
	                         PAGE("{\"id\":\"a\",\"version\":1,\"op\":\"put\","
	                              "\"data\":{\"x\":[1]}},"
	                              "{\"id\":\"b\",\"version\":1,\"op\":\"put\","
	                              "\"data\":{\"x\":\"1\",\"x\":\"2\"}}",
	                                 END)),
	        YZ_OK);
	assert_true(p.items[0].odd);
	assert_true(p.items[1].odd);
	yz_wire_page_free(&p);
}

static void a_page_that_is_not_of_the_contract_is_no_answer(void **state)
{
	static const char *const bad[] = {
	        "<html>",
	        "{\"items\":[],\"more\":false,\"reset\":false}",
	        PAGE("", "\"more\":false"),
	        PAGE("", "\"more\":0,\"reset\":false"),
	        PAGE("{\"id\":\"\",\"version\":1,\"op\":\"delete\"}", END),
	        PAGE("{\"id\":\"a\",\"version\":0,\"op\":\"delete\"}", END),
	        PAGE("{\"id\":\"a\",\"version\":1,\"op\":\"put\"}", END),
	        PAGE("{\"id\":\"a\",\"version\":1,\"op\":\"move\",\"data\":{}}", END),
	        PAGE(NOTICE ",7", END),
	};
	struct yz_wire_page p;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(read_page(&p, JSON, bad[i]), YZ_E_PARSE);
	assert_int_equal(read_page(&p, "text/html", PAGE("", END)), YZ_E_PARSE);
}

static enum yz_status read_snapshot(struct yz_wire_page *page, const char *text)
{
	char *copy = yz_strdup(text);
	enum yz_status st = yz_wire_snapshot(page, copy, strlen(copy), NULL);

	free(copy);
	return st;
}

static void a_snapshot_is_whole_or_nothing(void **state)
{
	static const char *const bad[] = {
	        "",
	        NOTICE "\n",
	        NOTICE "\n{\"cursor\":\"7\"}",
	        NOTICE "\n{\"cursor\":\"7\"}\n" NOTICE "\n",
	        "{\"cursor\":7}\n",
	        "\n{\"cursor\":\"7\"}\n",
	        NOTICE NOTICE "\n{\"cursor\":\"7\"}\n",
	};
	struct yz_wire_page p;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(read_snapshot(&p, bad[i]), YZ_E_PARSE);
	assert_int_equal(
	        read_snapshot(&p, NOTICE "\n" NOTICE "\n" NOTICE "\n{\"cursor\":\"7\"}\n"), YZ_OK);
	assert_int_equal(p.n, 3);
	assert_string_equal(p.items[2].id, "n1");
	assert_string_equal(p.cursor, "7");
	yz_wire_page_free(&p);
	assert_int_equal(read_snapshot(&p, "{\"cursor\":\"0\"}\n"), YZ_OK);
	assert_int_equal(p.n, 0);
	yz_wire_page_free(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(the_same_request_for_numbers_has_the_same_bytes),
	        cmocka_unit_test(a_lease_is_read_as_a_pool_at_its_beginning),
	        cmocka_unit_test(a_lease_that_is_not_of_the_contract_is_no_answer),
	        cmocka_unit_test(a_page_gives_items_with_their_fields_and_digest),
	        cmocka_unit_test(data_with_lists_in_it_is_told_apart),
	        cmocka_unit_test(a_page_that_is_not_of_the_contract_is_no_answer),
	        cmocka_unit_test(a_snapshot_is_whole_or_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
