/* Private to station/: voiding as part of another transaction. */
#ifndef YZ_STATION_VOID_H
#define YZ_STATION_VOID_H

#include "station/couriers.h"
#include "station/desk.h"
#include "store/shipment.h"

struct yz_voiding {
	struct yz_desk *desk;
	struct yz_tx *tx;
	const struct yz_courier *courier; /* the parcel's, NULL if the books do not know it */
	struct yz_shipment *s;            /* void_reason and voided_ms are set by the caller */
	bool no_slip;                     /* the money is not given back over the counter */
};

/* State, reversed payments, the number's fate, shipment.cancel, refund slip, audit row. *cancel
 * (may be NULL) is the operation. */
enum yz_status yz_void_write(
        const struct yz_voiding *v, struct yz_id *cancel, struct yz_error *err);

#endif
