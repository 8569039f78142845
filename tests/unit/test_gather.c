/* A commit goes to the log in one write, and nothing of a transaction that failed goes there later.
 */
#include "config.h"

#include "tests/unit/store_case.h"

#include "store/db.h"

#include <inttypes.h>
#include <stdio.h>

static void add_contacts(struct yz_tx *tx, int count)
{
	for (int i = 0; i < count; i++) {
		struct yz_contact who = {
		        .name = "李桂花", .phone = "13800004412", .region = "罗平"};

		assert_ok(yz_contact_put(tx, &who, NULL));
	}
}

/* Calls of write and its like that this process made; -1: this kernel does not count. */
static int64_t writes(void)
{
	FILE *f = fopen("/proc/self/io", "re");
	char line[80];
	int64_t n = -1;

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "syscw: %" SCNd64, &n) == 1)
			break;
	if (f)
		(void)fclose(f);
	return n;
}

static void a_commit_of_many_pages_is_written_at_once(void **state)
{
	struct store_case *c = *state;
	struct yz_tx *tx = begin(c);
	int64_t before, after;

	add_contacts(tx, 40);
	before = writes();
	commit(tx);
	after = writes();
	if (before < 0)
		skip();
	assert_in_range(after - before, 1, 8); /* page by page: 22 */
	assert_int_equal(ask(c, "SELECT count(*) FROM contact"), 40);
}

static void a_commit_larger_than_the_room_for_it_is_whole(void **state)
{
	struct store_case *c = *state;
	struct yz_tx *tx = begin(c);

	add_contacts(tx, 3000); /* more than the cache holds, too */
	commit(tx);
	assert_int_equal(ask(c, "SELECT count(*) FROM contact"), 3000);
	assert_ok(yz_store_check(c->s, NULL));
}

static void what_was_rolled_back_does_not_reach_the_log_of_another(void **state)
{
	struct store_case *c = *state;
	struct yz_store *other, *first = c->s;
	struct yz_tx *tx = begin(c);

	assert_ok(yz_store_open(&other, c->dir, 0, NULL));
	add_contacts(tx, 3000); /* spills into the log */
	yz_tx_rollback(tx);
	c->s = other;
	tx = begin(c);
	add_contacts(tx, 30);
	commit(tx);
	c->s = first;
	assert_int_equal(ask(c, "SELECT count(*) FROM contact"), 30);
	tx = begin(c);
	add_contacts(tx, 1);
	commit(tx);
	yz_store_close(other);
	assert_int_equal(ask(c, "SELECT count(*) FROM contact"), 31);
	assert_ok(yz_store_check(first, NULL));
}

#define T(name) cmocka_unit_test_setup_teardown(name, store_case_setup, store_case_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	        T(a_commit_of_many_pages_is_written_at_once),
	        T(a_commit_larger_than_the_room_for_it_is_whole),
	        T(what_was_rolled_back_does_not_reach_the_log_of_another),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
