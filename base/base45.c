#include "config.h"

#include "base/base45.h"

#include <string.h>

static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

size_t yz_base45_chars(size_t bytes)
{
	return bytes / 2 * 3 + bytes % 2 * 2;
}

size_t yz_base45_bytes(size_t chars)
{
	return chars / 3 * 2 + chars % 3 / 2;
}

void yz_base45_encode(struct yz_buf *out, const void *bytes, size_t len)
{
	const unsigned char *p = bytes;

	for (size_t i = 0; i < len; i += 2) {
		bool pair = i + 1 < len;
		unsigned v = pair ? p[i] * 256u + p[i + 1] : p[i];

		yz_buf_putc(out, digits[v % 45]);
		yz_buf_putc(out, digits[v / 45 % 45]);
		if (pair)
			yz_buf_putc(out, digits[v / 2025]);
	}
}

/* The value of a group of n characters, lowest first; false for a character that is no digit. */
static bool group(const char *text, size_t n, unsigned *value)
{
	*value = 0;
	while (n--) {
		const char *at = text[n] ? strchr(digits, text[n]) : NULL;

		if (!at)
			return false;
		*value = *value * 45 + (unsigned)(at - digits);
	}
	return true;
}

bool yz_base45_decode(struct yz_buf *out, const char *text, size_t len)
{
	size_t before = out->len;
	bool ok = len % 3 != 1;

	for (size_t i = 0; ok && i < len; i += 3) {
		bool triple = i + 2 < len;
		unsigned v;

		ok = group(text + i, triple ? 3 : 2, &v) && v < (triple ? 65536u : 256u);
		if (ok && triple)
			yz_buf_putc(out, (char)(v >> 8));
		if (ok)
			yz_buf_putc(out, (char)(v & 255));
	}
	if (!ok && out->data) {
		out->len = before;
		out->data[before] = '\0';
	}
	return ok;
}
