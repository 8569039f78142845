/* A station in a temporary folder with clerk, couriers, an example tariff and numbers, for tests of
 * use cases. */
#ifndef YZ_TESTS_STATION_FIXTURE_H
#define YZ_TESTS_STATION_FIXTURE_H

#include "station/booking.h"
#include "station/books.h"
#include "station/desk.h"

struct fixture {
	char dir[64];
	struct yz_now now; /* 2026-11-24 10:00 in China */
	struct yz_desk desk;
	struct yz_books *books;
};

void fixture_open(struct fixture *f);
void fixture_close(struct fixture *f); /* removes the folder */

/* A booking that is right in every field: EMS from Xuanwei to Kunming, 2.5 kg of ginger, cash. */
void fixture_booking(struct yz_booking *b);

#endif
