/* A station for the fault programs: the fixture of the unit tests with as many numbers as anybody
 * needs, bookings through the product's own use case, and a look at whether all is there. */
#ifndef YZ_TESTS_FAULT_WORLD_H
#define YZ_TESTS_FAULT_WORLD_H

#include "tests/unit/station_fixture.h"

struct world {
	struct fixture f;
};

/* A receipt: what a clerk tells the farmer once the booking is saved. */
struct world_receipt {
	struct yz_id shipment, op;
	char waybill_no[YZ_NUMBER_SIZE];
};

void world_make(struct world *w); /* made and closed again: nothing open goes through a fork */
enum yz_status world_open(struct world *w, struct yz_error *err);
void world_shut(struct world *w);
void world_drop(struct world *w); /* closed already; removes the folder */

/* A booking by the product, at the fixture's moment. */
enum yz_status world_book(struct world *w, struct world_receipt *out, struct yz_error *err);
/* True if the parcel, its number and its operation with an undamaged body are there. */
bool world_has(struct world *w, const struct world_receipt *r);
bool world_is_acked(struct world *w, const struct yz_id *op);

/* What a look at the whole database says; why is "" if it is sound. */
struct world_look {
	int64_t bookings;
	int64_t halves; /* rows of one booking that stand without the others */
	char why[400];  /* what the nightly sweep says (yz_store_verify) */
};
/* w is open. */
void world_look(struct world *w, struct world_look *out);

#endif
