/* Mending what the platform refused. A body that entered the outbox is frozen, so a repair is a new
 * operation that supersedes the refused one; what needed the old one then needs the new one. */
#ifndef YZ_STATION_REPAIR_H
#define YZ_STATION_REPAIR_H

#include "station/desk.h"
#include "station/opbody.h"

/* yz_opbody_post for a record that is written as a whole (contact, farmer, consent, product): takes
 * the place of each operation of the same record that was refused or held, and of those that wait
 * behind it, so that nothing older follows what the clerk mended. With none of these it is an
 * ordinary post. *op (may be NULL) is the newest operation. body is freed. */
enum yz_status yz_repair_post(struct yz_tx *tx, const struct yz_opbody_post *p, char *body,
        struct yz_id *op, struct yz_error *err);

/* True if an operation of "prefix:<uuid>" was refused or is held. */
enum yz_status yz_repair_is_due(struct yz_tx *tx, const char *agg_prefix, const struct yz_id *agg,
        bool *is_due, struct yz_error *err);

/* Withdraws a refused or held operation: an operation.cancel takes its place, so that the platform
 * no longer waits for a repair. The station's own record stays as it is. reason: 2 to 80
 * characters. Not for shipment.book, which is voided (yz_shipment_void). Errors: YZ_E_STATE,
 * YZ_E_RANGE (field reason). */
enum yz_status yz_queue_withdraw(struct yz_desk *desk, const struct yz_now *now,
        const struct yz_id *op, const char *reason, struct yz_error *err);

#endif
