/* The set of known division codes (GB/T 2260 counties and the statistics bureau's town and village
 * codes): is this code real? Names and addresses are the address parser's business. */
#ifndef YZ_STATION_CODES_H
#define YZ_STATION_CODES_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum yz_level {
	YZ_LEVEL_NONE,
	YZ_LEVEL_PROVINCE,
	YZ_LEVEL_CITY,
	YZ_LEVEL_COUNTY,
	YZ_LEVEL_TOWN,
	YZ_LEVEL_VILLAGE
};

struct yz_codes; /* owned by who loaded it */

/* From the form alone: 2, 4, 6, 9 or 12 digits that do not start with 0; anything else is
 * YZ_LEVEL_NONE. */
enum yz_level yz_code_level(const char *code);

/* Reads a divisions file (changed in place, not kept). name is used in errors.
 * Errors: YZ_E_PARSE with the line of a bad or repeated code, or one whose parent is missing. */
enum yz_status yz_codes_load(
        struct yz_codes **out, char *text, const char *name, struct yz_error *err);
void yz_codes_free(struct yz_codes *codes);

size_t yz_codes_count(const struct yz_codes *codes);

/* True if the code is listed. A village of a town whose villages are not listed counts as known:
 * the file has villages for one city only. */
bool yz_codes_has(const struct yz_codes *codes, const char *code);

#endif
