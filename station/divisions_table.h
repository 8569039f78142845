/* Inside of struct yz_divisions: shared by the loader and the queries, nobody else. */
#ifndef YZ_STATION_DIVISIONS_TABLE_H
#define YZ_STATION_DIVISIONS_TABLE_H

#include "station/divisions.h"

enum { YZ_DIVISIONS_BUCKETS = 1 << 17 };

struct yz_divisions {
	struct yz_division *rows;
	size_t count, cap;
	struct yz_division_alias *aliases;
	size_t alias_count;
	const struct yz_division_alias **names; /* YZ_DIVISIONS_BUCKETS heads */
	uint32_t *codes;                        /* row + 1 by code; open addressing */
	const struct yz_division *first;        /* the first province */
	char *texts, *spare, *old_texts;        /* all names; where texts has room */
};

/* Digits of a code by level. */
extern const uint8_t yz_division_digits[YZ_DIVISION_LEVELS];

uint32_t yz_divisions_hash(const char *s, size_t len);

/* The row of a code of len digits, or NULL. */
struct yz_division *yz_divisions_row(const struct yz_divisions *d, const char *code, size_t len);

#endif
