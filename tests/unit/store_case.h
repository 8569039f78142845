/* A store in a folder of its own for each test, and short words for its transactions. */
#ifndef YZ_TESTS_STORE_CASE_H
#define YZ_TESTS_STORE_CASE_H

#include "store/contact.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

struct store_case {
	char dir[64];
	struct yz_store *s;
	struct yz_now now; /* goes on by a second with each transaction */
};

int store_case_setup(void **state);
int store_case_teardown(void **state);

/* Begins; the test fails if it cannot. */
struct yz_tx *begin(struct store_case *c);
/* Commits; the test fails if it cannot. */
void commit(struct yz_tx *tx);
/* Closes and opens again. */
void reopen(struct store_case *c);
/* Runs SQL behind the store's back, on a connection of its own. */
void meddle(const struct store_case *c, const char *sql);
/* True if the database refuses SQL. */
bool is_refused(const struct store_case *c, const char *sql);
/* The first value of a query, on a connection of its own. */
int64_t ask(const struct store_case *c, const char *sql);

/* A contact saved in a transaction of its own. */
struct yz_contact put_contact(
        struct store_case *c, const char *name, const char *phone, const char *search);
/* A search of contacts must give these names, joined by '|', and this number in all. */
void find_contacts(
        struct store_case *c, const char *text, bool farmers, const char *want, size_t want_total);

#define assert_ok(st) assert_int_equal(st, YZ_OK)
#define assert_status(st, want) assert_int_equal(st, want)

#endif
