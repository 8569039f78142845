/* Searching Chinese names by pinyin. All readings of a character count: 曾 is found under z and
 * under c. Tables are made at build time from the Unihan database; nothing here allocates or
 * blocks. */
#ifndef YZ_STATION_PINYIN_H
#define YZ_STATION_PINYIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	YZ_PINYIN_READINGS_MAX = 8,
	YZ_PINYIN_VARIANTS_MAX = 16, /* initials variants kept of one name */
};

/* The toneless readings of a character ("zeng", "ceng"; ü is v), most usual first. Writes up to
 * YZ_PINYIN_READINGS_MAX pointers to static texts; returns how many, 0 if the character has none.
 */
size_t yz_pinyin_readings(int32_t c, const char *out[YZ_PINYIN_READINGS_MAX]);

/* Initials by the most usual readings, lower case, ASCII letters and digits kept, all else left
 * out: 罗平 is "lp". */
void yz_pinyin_initials(const char *name, char *out, size_t size);

/* A text to keep in a search column, words separated by blanks: every variant of the initials (at
 * most YZ_PINYIN_VARIANTS_MAX), then the full pinyin of the usual reading. 曾丽 is "cl zl cengli".
 * Cut at a whole word. */
void yz_pinyin_search_text(const char *name, char *out, size_t size);

/* True if query (ASCII, any case, blanks ignored) is the beginning of the name's pinyin in any
 * reading, where every character may be given in full, in part at the end, or by its initial: "lp",
 * "luop", "lping" find 罗平; so does any later start ("p"). An empty query matches. */
bool yz_pinyin_match(const char *name, const char *query);

#endif
