/* The couriers of the counter: data/couriers.csv or the station's own file. A courier is a row,
 * never a branch in code. */
#ifndef YZ_STATION_COURIERS_H
#define YZ_STATION_COURIERS_H

#include "base/error.h"
#include "station/refdata.h"

#include <stddef.h>
#include <stdint.h>

/* Where waybill numbers come from: a bought or leased range, the courier's system one by one, or
 * none at all. */
enum yz_number_mode { YZ_NUMBERS_RANGE, YZ_NUMBERS_ONLINE, YZ_NUMBERS_NONE };

/* What becomes of a number whose parcel was voided before hand-over. */
enum yz_void_rule { YZ_VOID_BURN, YZ_VOID_RETURN };

/* Which law rules a loss that is not insured. */
enum yz_claim_rule {
	YZ_CLAIM_CIVIL,     /* interim regulation on express Art. 27: civil law and the courier's
	                       contract */
	YZ_CLAIM_POSTAL_47, /* Postal Law Art. 47: at most three times the postage */
};

struct yz_courier {
	int line;
	char code[12]; /* [A-Z0-9] */
	char name[48], name_en[48];
	enum yz_number_mode number_mode; /* a default: a station may have another contract */
	enum yz_void_rule void_rule;
	char service_default[32];
	int64_t volumetric_divisor; /* cm3 per kg; 0: volume is not charged */
	int64_t max_weight_g;       /* of one parcel */
	char phone[20];             /* public hotline */
	enum yz_claim_rule claim_rule;
	char number_format[160]; /* POSIX extended expression for a whole waybill number */
	int64_t sort;
};

struct yz_couriers {
	struct yz_courier *rows; /* owned, by sort and code */
	size_t count;
};

/* Reads a whole file; a repeated code is refused. *out is the caller's, freed with
 * yz_couriers_free. Errors: YZ_E_PARSE with the line. */
enum yz_status yz_couriers_load(
        struct yz_couriers *out, const struct yz_ref_source *src, struct yz_error *err);
void yz_couriers_free(struct yz_couriers *couriers);

/* By code; NULL if there is none. Borrowed. */
const struct yz_courier *yz_couriers_find(const struct yz_couriers *couriers, const char *code);

/* The sentence about loss and damage for the foot of a receipt (a msgid). Postal Law Art. 47 wants
 * it printed conspicuously, or the postal cap is lost. */
const char *yz_claim_say(enum yz_claim_rule rule);

#endif
