/* The clerk's view of what has not reached the platform, and what can be done about it. */
#ifndef YZ_STATION_QUEUE_H
#define YZ_STATION_QUEUE_H

#include "station/desk.h"
#include "store/outbox.h"

/* Facts of the status line, read from the store in one go. */
struct yz_pulse {
	bool standalone; /* no platform configured: 单机 */
	bool online;
	int64_t offline_since_ms;   /* 0 when online or never tried */
	bool sync_runs, print_runs; /* the programs live */
	char why[YZ_SHORT_SIZE];    /* "", not-running, dns, refused, timeout, tls, unauthorised,
	                               http-503, ... */
	struct yz_outbox_counts ops;
	int64_t prints_waiting, prints_failed;
	char waybill_printer[YZ_SHORT_SIZE],
	        receipt_printer[YZ_SHORT_SIZE]; /* meta printer.X.state */
	bool is_damaged;                        /* the database may only be read */
	bool is_disk_full;                      /* no new parcel may be taken */
	/* The courier whose numbers end first, if they are low (yz_lease_is_low); "" if none is. */
	char low_courier[YZ_SHORT_SIZE];
	int64_t low_left, low_days; /* days 0: not known, or less than one */
};

enum yz_status yz_pulse_read(
        struct yz_store *s, bool platform_configured, struct yz_pulse *out, struct yz_error *err);

/* Hold, send again; each with an audit row. The ring goes to sync. */
enum yz_status yz_queue_hold(struct yz_desk *desk, const struct yz_now *now, const struct yz_id *op,
        struct yz_error *err);
enum yz_status yz_queue_retry(struct yz_desk *desk, const struct yz_now *now,
        const struct yz_id *op, struct yz_error *err);

#endif
