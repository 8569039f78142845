/* A day's work in a store, for tests that damage or replace it. */
#ifndef YZ_TESTS_STORE_WORK_H
#define YZ_TESTS_STORE_WORK_H

#include "tests/unit/store_case.h"

/* Something in every table, written, changed and taken away as the programs do it: 12 parcels. */
void write_all(struct store_case *c);
/* Parcels first to last - 1 more, each in a transaction of its own. */
void write_parcels(struct store_case *c, int first, int last);

#endif
