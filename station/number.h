/* Waybill numbers from a pool's counter. */
#ifndef YZ_STATION_NUMBER_H
#define YZ_STATION_NUMBER_H

#include "store/pool.h"

/* Prefix, counter with zeros to the pool's width, check digit of its rule, suffix. YZ_E_RANGE: the
 * counter has more digits than the width, the rule is not known, or the number is longer than
 * YZ_NUMBER_SIZE - 1. */
enum yz_status yz_number_format(
        const struct yz_pool *p, int64_t counter, char out[YZ_NUMBER_SIZE], struct yz_error *err);

/* Check digit of UPU S10 for 8 digits: weights 8 6 4 2 3 5 9 7, 11 - sum mod 11, 10 gives 0, 11
 * gives 5. */
int yz_number_s10_check(int64_t serial);

/* Fills prefix, suffix, width, lo, hi, next and check_rule of p from the first and last number of a
 * bought range, both given as printed. The part in which they differ, and all digits around it, is
 * the counter. check_rule: "none" or "s10". YZ_E_RANGE with what is wrong. */
enum yz_status yz_number_range(const char *first, const char *last, const char *check_rule,
        struct yz_pool *p, struct yz_error *err);

#endif
