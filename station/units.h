/* Weights as people say them: read into whole grams, shown with the other unit beside. Paper and
 * contracts use kg (the legal unit); 斤 (500 g) is how farmers speak, so both always stand on the
 * screen: a wrong unit is the dearest slip. */
#ifndef YZ_STATION_UNITS_H
#define YZ_STATION_UNITS_H

#include "base/error.h"
#include "station/refdata.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum yz_weight_unit { YZ_WEIGHT_G, YZ_WEIGHT_LIANG, YZ_WEIGHT_JIN, YZ_WEIGHT_KG, YZ_WEIGHT_T };

enum { YZ_WEIGHT_TEXT_SIZE = 64 };
#define YZ_WEIGHT_MAX_G INT64_C(1000000000) /* 1,000 t: more is a slip of the key */

struct yz_weight {
	int64_t grams;            /* above 0 */
	enum yz_weight_unit unit; /* as typed (the last one of "3斤2两"), or the one assumed */
	bool assumed;             /* no unit was typed */
};

/* Grams in one unit. */
int64_t yz_weight_unit_g(enum yz_weight_unit unit);

/* Reads "12斤", "6kg", "6公斤", "800g", "3斤2两", "1吨", full-width forms; a bare "12.5" is taken
 * in `assume`. At most three decimals, and the whole must come to full grams. Errors (field
 * "weight_g", with a sentence for the clerk): YZ_E_PARSE; YZ_E_RANGE (0, or above YZ_WEIGHT_MAX_G).
 */
enum yz_status yz_weight_parse(
        const char *text, enum yz_weight_unit assume, struct yz_weight *out, struct yz_error *err);

/* "6.000": kilograms for paper; "12" or "12.25": 斤 without needless zeros. out holds
 * YZ_WEIGHT_TEXT_SIZE bytes; returns out. */
char *yz_weight_kg(int64_t grams, char *out);
char *yz_weight_jin(int64_t grams, char *out);

/* Both for the screen, the typed unit first, in the clerk's language: "12 斤 = 6.000 kg" or "6.000
 * kg = 12 斤". */
char *yz_weight_both(const struct yz_weight *weight, char *out);

/* The unit table of data/units.csv. Owned by who read it. */
struct yz_units {
	struct yz_unit_row *rows; /* owned */
	size_t count;
};

/* Reads a whole units file; a repeated code is refused. Errors: YZ_E_PARSE. */
enum yz_status yz_units_load(
        struct yz_units *out, const struct yz_ref_source *src, struct yz_error *err);
void yz_units_free(struct yz_units *units);

/* By JGS-20 code or by name ("075", "斤", "jin"); NULL if there is none. Borrowed. */
const struct yz_unit_row *yz_units_find(const struct yz_units *units, const char *code_or_name);

#endif
