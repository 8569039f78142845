#include "config.h"

#include "station/pinyin.h"

#include "base/buf.h"
#include "base/text.h"

#include <ctype.h>
#include <string.h>

#include "station/pinyin.inc"

enum { NAME_MAX_CHARS = 32, SYLLABLE_MAX = 7 };

size_t yz_pinyin_readings(int32_t c, const char *out[YZ_PINYIN_READINGS_MAX])
{
	size_t lo = 0, hi = sizeof(characters) / sizeof(characters[0]), count;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if ((int32_t)(characters[mid] >> 4) < c)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == sizeof(characters) / sizeof(characters[0]) || (int32_t)(characters[lo] >> 4) != c)
		return 0;
	count = characters[lo] & 15U;
	for (size_t i = 0; i < count; i++)
		out[i] = syllables[readings[starts[lo] + i]];
	return count;
}

/* One letter of initials, or 0 for a character that has none. */
static char ascii_of(int32_t c)
{
	return c > 0 && c < 0x80 && isalnum((int)c) ? (char)tolower((int)c) : '\0';
}

void yz_pinyin_initials(const char *name, char *out, size_t size)
{
	const char *r[YZ_PINYIN_READINGS_MAX];
	size_t used = 0;

	for (int32_t c; (c = yz_utf8_next(&name)) != 0 && used + 1 < size;) {
		char letter = c > 0 && yz_pinyin_readings(c, r) ? r[0][0] : ascii_of(c);

		if (letter)
			out[used++] = letter;
	}
	if (size)
		out[used] = '\0';
}

/* Every combination of different initials, the usual ones first. */
struct variants {
	char text[YZ_PINYIN_VARIANTS_MAX][NAME_MAX_CHARS + 1];
	size_t count, len;
};

static void variants_add(struct variants *v, const char *letters)
{
	size_t before = v->count;

	if (v->len == NAME_MAX_CHARS)
		return;
	for (size_t k = 1; letters[k]; k++)
		for (size_t i = 0; i < before && v->count < YZ_PINYIN_VARIANTS_MAX; i++) {
			memcpy(v->text[v->count], v->text[i], v->len);
			v->text[v->count++][v->len] = letters[k];
		}
	for (size_t i = 0; i < before; i++)
		v->text[i][v->len] = letters[0];
	v->len++;
}

/* The different first letters of a character's readings; "" if it has none. */
static void letters_of(int32_t c, char out[YZ_PINYIN_READINGS_MAX + 1])
{
	const char *r[YZ_PINYIN_READINGS_MAX];
	size_t count = c > 0 ? yz_pinyin_readings(c, r) : 0, used = 0;

	memset(out, 0, YZ_PINYIN_READINGS_MAX + 1);
	if (!count)
		out[0] = ascii_of(c);
	for (size_t i = 0; i < count; i++)
		if (!strchr(out, r[i][0]))
			out[used++] = r[i][0];
}

static void word_add(char *out, size_t size, const char *word)
{
	size_t used = strlen(out), len = strlen(word);

	if (!len || used + len + 2 > size)
		return;
	if (used)
		out[used++] = ' ';
	memcpy(out + used, word, len + 1);
}

void yz_pinyin_search_text(const char *name, char *out, size_t size)
{
	struct variants v = {.count = 1};
	char full[NAME_MAX_CHARS * SYLLABLE_MAX + 1] = "";
	size_t used = 0;
	const char *r[YZ_PINYIN_READINGS_MAX];
	char letters[YZ_PINYIN_READINGS_MAX + 1];

	if (!size)
		return;
	out[0] = '\0';
	for (int32_t c; (c = yz_utf8_next(&name)) != 0;) {
		letters_of(c, letters);
		if (!letters[0])
			continue;
		variants_add(&v, letters);
		if (c > 0 && yz_pinyin_readings(c, r))
			used += yz_copy(full + used, sizeof(full) - used, r[0]);
		else
			used += yz_copy(full + used, sizeof(full) - used, letters);
	}
	for (size_t i = 0; i < v.count; i++)
		word_add(out, size, v.text[i]);
	word_add(out, size, full);
}

/* Matches the query from this character of the name on. */
static bool match_here(const char *name, const char *query)
{
	const char *r[YZ_PINYIN_READINGS_MAX];
	size_t count;
	int32_t c;

	if (!*query)
		return true;
	c = yz_utf8_next(&name);
	if (c == 0)
		return false;
	count = c > 0 ? yz_pinyin_readings(c, r) : 0;
	if (!count) {
		char own = ascii_of(c);

		return own ? own == *query && match_here(name, query + 1) : match_here(name, query);
	}
	for (size_t i = 0; i < count; i++) {
		size_t len = strlen(r[i]);

		if (!strncmp(r[i], query, strlen(query)))
			return true;
		if (!strncmp(r[i], query, len) && match_here(name, query + len))
			return true;
		if (r[i][0] == *query && match_here(name, query + 1))
			return true;
	}
	return false;
}

bool yz_pinyin_match(const char *name, const char *query)
{
	char plain[NAME_MAX_CHARS * SYLLABLE_MAX + 1];
	size_t used = 0;

	for (; *query; query++) {
		if (*query == ' ')
			continue;
		if (!isascii((unsigned char)*query) || used + 1 == sizeof(plain))
			return false;
		plain[used++] = (char)tolower((unsigned char)*query);
	}
	plain[used] = '\0';
	for (const char *p = name; *p; (void)yz_utf8_next(&p))
		if (match_here(p, plain))
			return true;
	return !used;
}
