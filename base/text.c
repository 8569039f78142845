#include "config.h"

#include "base/text.h"

#include "base/buf.h"

#include <stdlib.h>
#include <string.h>

/* generated from EastAsianWidth.txt and UnicodeData.txt: sorted, no overlap, cols 0 or 2 */
static const struct width {
	int32_t first, last;
	int cols;
} widths[] = {
#include "base/width.inc"
};

int32_t yz_utf8_next(const char **s)
{
	const unsigned char *p = (const unsigned char *)*s;
	static const int32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	int32_t c;
	int n;

	if (!p[0])
		return 0;
	if (p[0] < 0x80) {
		*s += 1;
		return p[0];
	}
	n = p[0] >= 0xF0 && p[0] < 0xF5 ? 4 : p[0] >= 0xE0 ? 3 : p[0] >= 0xC2 ? 2 : 0;
	if (p[0] >= 0xF5 || !n) {
		*s += 1;
		return -1;
	}
	c = p[0] & (0x7F >> n);
	for (int i = 1; i < n; i++) {
		if ((p[i] & 0xC0) != 0x80) {
			*s += 1;
			return -1;
		}
		c = c << 6 | (p[i] & 0x3F);
	}
	if (c < least[n] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) {
		*s += 1;
		return -1;
	}
	*s += n;
	return c;
}

size_t yz_utf8_put(int32_t c, char *out)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xC0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3F));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xE0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3F));
		out[2] = (char)(0x80 | (c & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3F));
	out[2] = (char)(0x80 | (c >> 6 & 0x3F));
	out[3] = (char)(0x80 | (c & 0x3F));
	return 4;
}

bool yz_utf8_is_valid(const char *s)
{
	int32_t c;

	while ((c = yz_utf8_next(&s)) > 0)
		;
	return c == 0;
}

int yz_char_cols(int32_t c)
{
	size_t lo = 0, hi = sizeof(widths) / sizeof(widths[0]);

	if (c < 0x20 || (c >= 0x7F && c < 0xA0))
		return -1;
	if (c < 0x300)
		return c == 0xAD ? 0 : 1;
	if ((c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c > 0x10FFFF)
		return -1;
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (c < widths[mid].first)
			hi = mid;
		else if (c > widths[mid].last)
			lo = mid + 1;
		else
			return widths[mid].cols;
	}
	return 1;
}

int yz_text_cols(const char *s)
{
	int cols = 0;

	for (int32_t c; (c = yz_utf8_next(&s)) != 0;) {
		int w = yz_char_cols(c);

		cols += w < 0 ? 1 : w;
	}
	return cols;
}

size_t yz_text_chars(const char *s)
{
	size_t n = 0;

	while (yz_utf8_next(&s) != 0)
		n++;
	return n;
}

size_t yz_text_fit(const char *s, int cols)
{
	const char *p = s, *end = s;
	int used = 0;

	for (int32_t c; (c = yz_utf8_next(&p)) != 0; end = p) {
		int w = yz_char_cols(c);

		used += w < 0 ? 1 : w;
		if (used > cols)
			break;
	}
	return (size_t)(end - s);
}

int yz_text_cut(char *out, size_t size, const char *s, int cols)
{
	size_t n;
	char part[1024];

	if (cols <= 0 || size < 2) {
		if (size)
			out[0] = '\0';
		return 0;
	}
	if (yz_text_cols(s) <= cols) {
		(void)yz_copy(out, size, s);
		return yz_text_cols(out);
	}
	n = yz_text_fit(s, cols - 1);
	if (n >= sizeof(part))
		n = sizeof(part) - 1;
	memcpy(part, s, n);
	part[n] = '\0';
	n = yz_copy(out, size - 1, part);
	memcpy(out + n, "~", 2);
	return yz_text_cols(out);
}

void yz_text_pad(char *out, size_t size, const char *s, int cols, bool right_aligned)
{
	int used = yz_text_cut(out, size, s, cols);
	size_t len = strlen(out), gap = cols > used ? (size_t)(cols - used) : 0;

	if (len + gap >= size)
		gap = size - 1 - len;
	if (right_aligned) {
		memmove(out + gap, out, len + 1);
		memset(out, ' ', gap);
	} else {
		memset(out + len, ' ', gap);
		out[len + gap] = '\0';
	}
}

void yz_text_halve(char *s)
{
	const char *in = s;
	char *out = s;

	for (int32_t c; (c = yz_utf8_next(&in)) != 0;) {
		if (c < 0)
			continue;
		if (c >= 0xFF01 && c <= 0xFF5E)
			c -= 0xFEE0;
		if (c == 0x3000 || c == 0xA0 || c == '\t' || c == '\n' || c == '\r')
			c = ' ';
		if (c == ' ' && out > s && out[-1] == ' ')
			continue;
		out += yz_utf8_put(c, out);
	}
	*out = '\0';
	yz_text_trim(s);
}

void yz_text_trim(char *s)
{
	static const char wide[] = "\xE3\x80\x80"; /* U+3000 */
	size_t skip = 0, len = strlen(s);

	for (;;) {
		if (s[skip] == ' ' || s[skip] == '\t' || s[skip] == '\r' || s[skip] == '\n')
			skip++;
		else if (!strncmp(s + skip, wide, 3))
			skip += 3;
		else
			break;
	}
	while (len > skip) {
		char last = s[len - 1];

		if (last == ' ' || last == '\t' || last == '\r' || last == '\n')
			len--;
		else if (len - skip >= 3 && !memcmp(s + len - 3, wide, 3))
			len -= 3;
		else
			break;
	}
	memmove(s, s + skip, len - skip);
	s[len - skip] = '\0';
}

void yz_text_clean(char *s)
{
	const char *in = s;
	char *out = s;

	for (int32_t c; (c = yz_utf8_next(&in)) != 0;)
		if (c > 0 && yz_char_cols(c) >= 0)
			out += yz_utf8_put(c, out);
	*out = '\0';
}

bool yz_text_is_clean(const char *s)
{
	char *copy = yz_strdup(s);
	bool same;

	yz_text_clean(copy);
	yz_text_trim(copy);
	same = !strcmp(copy, s);
	free(copy);
	return same;
}

bool yz_is_han(int32_t c)
{
	return (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x4E00 && c <= 0x9FFF) || c == 0x3007 ||
	       (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x3FFFD);
}
