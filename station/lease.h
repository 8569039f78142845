/* How many waybill numbers a station holds, and which it accepts: two leases of 14 busy days each,
 * for couriers whose numbers come from a range and whose prices the station has. A range that was
 * bought and lasts makes leases needless. */
#ifndef YZ_STATION_LEASE_H
#define YZ_STATION_LEASE_H

#include "station/books.h"
#include "station/couriers.h"
#include "station/desk.h"
#include "store/pool_lease.h"

enum {
	YZ_LEASE_DAYS = 14,
	YZ_LEASE_LOW_DAYS = 7,
	YZ_LEASE_LOW_LEAST = 50,
	YZ_LEASE_LEAST = 500,
	YZ_LEASE_MOST = 100000, /* what the contract allows in one request */
};

/* Numbers to ask for at once, for a busy day of so many parcels (0: not known). */
int64_t yz_lease_size(int64_t busy_day);
/* True if another lease is wanted: of two held, the first is down to its last days. */
bool yz_lease_is_wanted(int64_t left, int64_t busy_day);
/* True if the clerks should know: fewer than for 7 busy days, or than 50, are left. */
bool yz_lease_is_low(int64_t left, int64_t busy_day);

/* Whether the numbers of an answer may be used: of the courier that was asked for, no more than
 * asked, above the high water, of a known check rule, and of the courier's own form. YZ_E_RANGE
 * with what is wrong. Overlaps are yz_lease_fill's to find. */
enum yz_status yz_lease_check(const struct yz_lease *l, const struct yz_courier *courier,
        const struct yz_pool *p, struct yz_error *err);

/* Writes a request for each courier that wants numbers, in one transaction (none if none does).
 * A courier whose leases were given back, or that was refused within the hour, gets none. *asked
 * says whether one was written. Errors: the store's; YZ_E_NOTFOUND: no couriers or prices yet. */
enum yz_status yz_lease_plan(struct yz_store *s, struct yz_books *books, const struct yz_now *now,
        bool *asked, struct yz_error *err);

/* Counts the parcels of the last 90 days and keeps each courier's busy day. Reads a row a parcel:
 * not for a clerk's session. */
enum yz_status yz_lease_learn(
        struct yz_store *s, struct yz_books *books, const struct yz_now *now, struct yz_error *err);

/* The owner gives all leases of a courier back: what is not used is burned here first, then sending
 * tells the platform. *leases and *burned count. YZ_E_NOTFOUND: there is none. */
enum yz_status yz_lease_give_back(struct yz_desk *desk, const struct yz_now *now,
        const char *courier, int64_t *leases, int64_t *burned, struct yz_error *err);

/* The owner asks for numbers of a courier at once, after a refusal or a return. YZ_E_EXISTS: a
 * request is open; YZ_E_STATE: the courier's numbers come from no range. */
enum yz_status yz_lease_request(struct yz_desk *desk, const struct yz_now *now, const char *courier,
        struct yz_lease *out, struct yz_error *err);

#endif
