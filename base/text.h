/* UTF-8 text by characters and by terminal columns. Widths come from our own table, built from the
 * Unicode data at build time: glibc's lacks Extensions H and I, and a name must never lose a
 * character. */
#ifndef YZ_BASE_TEXT_H
#define YZ_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads one character at *s and moves *s behind it. Returns the code point, 0 at the end, or -1 for
 * a byte that is not UTF-8 (one byte is skipped). Overlong forms and surrogates are refused. */
int32_t yz_utf8_next(const char **s);

/* Writes c as UTF-8 into out (room for 4 bytes, not terminated); returns the bytes written. */
size_t yz_utf8_put(int32_t c, char *out);

bool yz_utf8_is_valid(const char *s);

/* Columns of one character: 0 (combining, zero width), 1 or 2; -1 for control characters and
 * anything that may not reach a terminal (C0, C1, bidirectional overrides, private use is 1). */
int yz_char_cols(int32_t c);

/* Columns of a text; a character of -1 counts 1 (it is drawn as '?'). */
int yz_text_cols(const char *s);

/* Number of characters (code points). */
size_t yz_text_chars(const char *s);

/* Bytes of the longest prefix of s that fits into cols columns, never splitting a character or its
 * marks. */
size_t yz_text_fit(const char *s, int cols);

/* Copies s into out (size bytes), cut to cols columns; a cut text ends in '~'. Returns the columns
 * used. */
int yz_text_cut(char *out, size_t size, const char *s, int cols);

/* As yz_text_cut, then padded with spaces to exactly cols columns, on the left if right_aligned. */
void yz_text_pad(char *out, size_t size, const char *s, int cols, bool right_aligned);

/* Full-width letters, digits and punctuation become ASCII, runs of white space one space, ends
 * trimmed; in place (the result is never longer). What a clerk's input method leaves in a number
 * field. */
void yz_text_halve(char *s);

/* Trims ASCII and ideographic white space at both ends, in place. */
void yz_text_trim(char *s);

/* Replaces all that may not be stored or drawn (controls, broken UTF-8) by nothing, in place. */
void yz_text_clean(char *s);

/* True if s is UTF-8 that may be stored and drawn as it stands: no controls, no blanks at the ends.
 */
bool yz_text_is_clean(const char *s);

bool yz_is_han(int32_t c);

#endif
