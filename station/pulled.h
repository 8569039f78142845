/* What the platform hands out, taken as an import would take it: tariff sheets, products of the
 * catalogue, where parcels are, notices. One item at a time, in the transaction that notes its
 * version and moves the stream's cursor. */
#ifndef YZ_STATION_PULLED_H
#define YZ_STATION_PULLED_H

#include "station/desk.h"
#include "store/feed.h"

struct yz_pulled_field {
	char *name, *value; /* a text, or a number as text */
};

struct yz_pulled {
	char id[YZ_FEED_ID_SIZE];
	int64_t version; /* from 1 */
	bool gone;       /* the platform deleted it */
	bool odd;        /* its data has more than texts and whole numbers */
	uint8_t digest[32];
	struct yz_pulled_field *fields;
	size_t field_count;
};

/* The streams that the station reads, NULL-terminated; the order in which they are read. */
extern const char *const yz_pulled_streams[];

/* The value of a field, "" without it. */
const char *yz_pulled_get(const struct yz_pulled *item, const char *name);

/* Takes a page of a stream: an item that is not newer than what is held is passed over; one that
 * the readers refuse is noted with its reason and kept out, the others go on. *taken and *refused
 * count. Errors are the store's only; the caller rolls back. */
struct yz_pulled_count {
	size_t taken, refused;
};
enum yz_status yz_pulled_take(struct yz_desk *desk, struct yz_tx *tx, const char *stream,
        const struct yz_pulled *items, size_t n, struct yz_pulled_count *count,
        struct yz_error *err);

/* The same for a whole stream: what is held and not among the items is dropped, and versions may
 * go back. */
enum yz_status yz_pulled_replace(struct yz_desk *desk, struct yz_tx *tx, const char *stream,
        const struct yz_pulled *items, size_t n, struct yz_pulled_count *count,
        struct yz_error *err);

#endif
