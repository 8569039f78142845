/* UUIDv7 identifiers (RFC 9562), made on the station: sortable by time, never repeated by one
 * process. */
#ifndef YZ_BASE_ID_H
#define YZ_BASE_ID_H

#include <stdbool.h>
#include <stdint.h>

enum { YZ_ID_TEXT_SIZE = 37 }; /* "01234567-89ab-7cde-8f01-23456789abcd" and the NUL */

struct yz_id {
	uint8_t b[16]; /* all zero: no id */
};

/* A new id for this moment (ms since 1970). Ends the program if the kernel gives no random bytes.
 */
struct yz_id yz_id_new(int64_t wall_ms);

bool yz_id_is_none(const struct yz_id *id);
bool yz_id_equal(const struct yz_id *a, const struct yz_id *b);

/* Lower-case text with dashes; returns out, which holds YZ_ID_TEXT_SIZE bytes. */
char *yz_id_text(const struct yz_id *id, char *out);

/* Reads the text form, either case; false (and *id untouched) if s is anything else. */
bool yz_id_parse(const char *s, struct yz_id *id);

#endif
