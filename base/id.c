#include "config.h"

#include "base/id.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

struct yz_id yz_id_new(int64_t wall_ms)
{
	struct yz_id id;
	uint64_t ms = wall_ms > 0 ? (uint64_t)wall_ms : 0;

	if (sodium_init() < 0)
		abort();
	randombytes_buf(id.b, sizeof(id.b));
	for (int i = 0; i < 6; i++)
		id.b[i] = (uint8_t)(ms >> (40 - 8 * i));
	id.b[6] = (uint8_t)((id.b[6] & 0x0F) | 0x70);
	id.b[8] = (uint8_t)((id.b[8] & 0x3F) | 0x80);
	return id;
}

bool yz_id_is_none(const struct yz_id *id)
{
	static const struct yz_id none;

	return !memcmp(id, &none, sizeof(none));
}

bool yz_id_equal(const struct yz_id *a, const struct yz_id *b)
{
	return !memcmp(a, b, sizeof(*a));
}

char *yz_id_text(const struct yz_id *id, char *out)
{
	static const char digits[] = "0123456789abcdef";
	char *p = out;

	for (int i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*p++ = '-';
		*p++ = digits[id->b[i] >> 4];
		*p++ = digits[id->b[i] & 15];
	}
	*p = '\0';
	return out;
}

static int nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool yz_id_parse(const char *s, struct yz_id *id)
{
	struct yz_id got;

	if (strlen(s) != YZ_ID_TEXT_SIZE - 1)
		return false;
	for (int i = 0; i < 16; i++) {
		if ((i == 4 || i == 6 || i == 8 || i == 10) && *s++ != '-')
			return false;
		if (nibble(s[0]) < 0 || nibble(s[1]) < 0)
			return false;
		got.b[i] = (uint8_t)(nibble(s[0]) << 4 | nibble(s[1]));
		s += 2;
	}
	*id = got;
	return true;
}
