/* Base45 (RFC 9285): bytes as the 45 characters that a QR code packs best, two bytes in three
 * characters. Pure. */
#ifndef YZ_BASE_BASE45_H
#define YZ_BASE_BASE45_H

#include "base/buf.h"

#include <stdbool.h>

/* Adds the text of len bytes to out. */
void yz_base45_encode(struct yz_buf *out, const void *bytes, size_t len);

/* Adds the bytes of len characters to out; false, and nothing added, if they are no base45 text
 * (RFC 9285 section 6: another character, a length of 3n+1, a group above its largest value). */
bool yz_base45_decode(struct yz_buf *out, const char *text, size_t len);

/* Characters for so many bytes, and the other way round. */
size_t yz_base45_chars(size_t bytes);
size_t yz_base45_bytes(size_t chars);

#endif
