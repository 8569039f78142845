/* Rules for numbers that people type: telephone, identity card, credit code, waybill. Pure;
 * full-width input is made ASCII by the screens before it comes here. A fault is YZ_E_RANGE with
 * err->say set to what is wanted; neither say nor text ever holds the value. */
#ifndef YZ_STATION_CHECK_H
#define YZ_STATION_CHECK_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

/* A mobile (1, then 3 to 9, then 9 digits) or a landline (0, area, number, with or without a dash),
 * each with an optional dash and extension of 1 to 4 digits. Masked numbers (138****1234) are
 * refused. */
enum yz_status yz_check_phone(const char *s, struct yz_error *err);

/* An 18-place identity number (GB 11643): region, birth from 1900-01-01 to the day of now_ms in
 * China, check character; a small x will do. County codes that are no longer in use are fine: cards
 * keep them for life. */
enum yz_status yz_check_id(const char *s, int64_t now_ms, struct yz_error *err);

/* An 18-place unified social credit code (GB 32100), capital letters. */
enum yz_status yz_check_uscc(const char *s, struct yz_error *err);

/* A trade barcode (GTIN): 8, 12, 13 or 14 digits, the last one a check digit modulo 10 (GB 12904).
 */
enum yz_status yz_check_gtin(const char *s, struct yz_error *err);

enum { YZ_WAYBILL_COURIERS_MAX = 12 };

struct yz_waybill_match {
	const char *couriers[YZ_WAYBILL_COURIERS_MAX]; /* "sf", "jd", "ems", "post", ...; static */
	size_t count;
};

/* A waybill number by the known couriers' formats; several couriers may fit one number. out may be
 * NULL. S10 numbers (UPU) need the right check digit; no private courier publishes one. */
enum yz_status yz_check_waybill(const char *s, struct yz_waybill_match *out, struct yz_error *err);

#endif
