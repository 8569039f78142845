/* Names of divisions without their kind: 麒麟区 is 麒麟, 峨山彝族自治县 is 峨山. Used by divisions
 * and the parser. */
#ifndef YZ_STATION_DIVISION_STEM_H
#define YZ_STATION_DIVISION_STEM_H

#include "station/divisions.h"

#include <stdbool.h>
#include <stddef.h>

/* Bytes of the name before its kind; 0 if nothing useful is left (less than two characters, one for
 * a village). */
size_t yz_division_stem(const char *name, enum yz_division_level level);

/* Bytes of the word for a kind of division that text starts with (县, 州, 街道办事处, 彝族自治县,
 * 村委会 ...), or 0. */
size_t yz_division_kind(const char *text, enum yz_division_level level);

/* True if a name and a typed kind mean the same kind: 自治县 and 县, 自治州 and 州, 街道 and
 * 街道办事处. */
bool yz_division_same_kind(
        const char *name, const char *kind, size_t kind_len, enum yz_division_level level);

#endif
