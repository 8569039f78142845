/* What the platform tells the station: notices to read, and where its parcels are. Both come in the
 * transaction of their stream (store/feed.h). */
#ifndef YZ_STORE_NOTICE_H
#define YZ_STORE_NOTICE_H

#include "store/feed.h"

struct yz_notice {
	char id[YZ_FEED_ID_SIZE];
	char title[YZ_NAME_SIZE];
	char text[2004]; /* 500 characters */
	char until[11];  /* the last day it counts, or "" */
	int64_t at_ms;   /* when it came */
	int64_t read_ms; /* 0: not read yet */
};

/* Replaces what stood under its id; a changed one is unread again. */
enum yz_status yz_notice_put(struct yz_tx *tx, const struct yz_notice *n, struct yz_error *err);
enum yz_status yz_notice_drop(struct yz_tx *tx, const char *id, struct yz_error *err);
/* Marks it as read, now. YZ_E_NOTFOUND. */
enum yz_status yz_notice_read(struct yz_tx *tx, const char *id, struct yz_error *err);
/* The newest first; at most max rows. */
enum yz_status yz_notice_list(
        struct yz_store *s, struct yz_notice *rows, size_t max, size_t *n, struct yz_error *err);
/* How many are not read and count still on the day ("YYYY-MM-DD"). */
enum yz_status yz_notice_unread(
        struct yz_store *s, const char *today, int64_t *n, struct yz_error *err);

struct yz_tracking {
	struct yz_id shipment;
	char state[YZ_SHORT_SIZE]; /* the platform's word: handed_over, in_transit, delivered, ...
	                            */
	char text[YZ_REASON_SIZE]; /* for the sender */
	char moved_at[YZ_SHORT_SIZE];
	int64_t at_ms; /* when it came */
};

/* Keeps the newest word about a parcel. A booked parcel that moves is handed over; *void_moves says
 * that it was voided here and moves all the same. A parcel that is not the station's is kept too:
 * it may be of before a restore. */
enum yz_status yz_tracking_put(
        struct yz_tx *tx, const struct yz_tracking *t, bool *void_moves, struct yz_error *err);
enum yz_status yz_tracking_drop(
        struct yz_tx *tx, const struct yz_id *shipment, struct yz_error *err);
/* YZ_E_NOTFOUND: nothing was told. */
enum yz_status yz_tracking_get(struct yz_store *s, const struct yz_id *shipment,
        struct yz_tracking *out, struct yz_error *err);

#endif
