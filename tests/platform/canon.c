#include "config.h"

#include "tests/platform/platform.h"

#include <math.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static void put_string(struct yz_buf *out, const char *s)
{
	static const char shorts[] = "\bb\ff\nn\rr\tt\"\"\\\\";

	yz_buf_putc(out, '"');
	for (; *s; s++) {
		const char *e = NULL;

		for (size_t i = 0; i + 1 < sizeof(shorts); i += 2)
			if (shorts[i] == *s)
				e = &shorts[i + 1];
		if (e)
			yz_buf_printf(out, "\\%c", *e);
		else if ((unsigned char)*s < 0x20)
			yz_buf_printf(out, "\\u%04x", (unsigned)*s);
		else
			yz_buf_putc(out, *s);
	}
	yz_buf_putc(out, '"');
}

static int by_name(const void *a, const void *b)
{
	const cJSON *const *x = a, *const *y = b;

	return strcmp((*x)->string, (*y)->string);
}

/* Names are ASCII on this wire, so that byte order is the order of UTF-16 units that RFC 8785
 * wants. */
static bool put_object(struct yz_buf *out, const cJSON *node)
{
	size_t n = (size_t)cJSON_GetArraySize(node), i = 0;
	const cJSON **members = yz_alloc((n + 1) * sizeof(*members));
	const cJSON *m;
	bool ok = true;

	cJSON_ArrayForEach(m, node) members[i++] = m;
	qsort(members, n, sizeof(*members), by_name);
	yz_buf_putc(out, '{');
	for (i = 0; i < n && ok; i++) {
		ok = i == 0 || strcmp(members[i - 1]->string, members[i]->string) != 0;
		if (i)
			yz_buf_putc(out, ',');
		put_string(out, members[i]->string);
		yz_buf_putc(out, ':');
		ok = plat_canon(out, members[i]) && ok;
	}
	yz_buf_putc(out, '}');
	free(members);
	return ok;
}

static bool put_array(struct yz_buf *out, const cJSON *node)
{
	const cJSON *m;
	bool ok = true;

	yz_buf_putc(out, '[');
	cJSON_ArrayForEach(m, node)
	{
		if (m != node->child)
			yz_buf_putc(out, ',');
		ok = plat_canon(out, m) && ok;
	}
	yz_buf_putc(out, ']');
	return ok;
}

bool plat_canon(struct yz_buf *out, const cJSON *node)
{
	if (cJSON_IsObject(node))
		return put_object(out, node);
	if (cJSON_IsArray(node))
		return put_array(out, node);
	if (cJSON_IsString(node)) {
		put_string(out, node->valuestring);
		return true;
	}
	if (cJSON_IsNumber(node)) {
		yz_buf_printf(out, "%.0f", node->valuedouble);
		return fabs(node->valuedouble) <= 9007199254740991.0 &&
		       node->valuedouble == trunc(node->valuedouble);
	}
	yz_buf_puts(out, cJSON_IsTrue(node) ? "true" : cJSON_IsFalse(node) ? "false" : "null");
	return true;
}

void plat_digest(const void *bytes, size_t len, char out[PLAT_DIGEST_SIZE])
{
	unsigned char d[crypto_hash_sha256_BYTES];

	(void)crypto_hash_sha256(d, bytes, len);
	(void)sodium_bin2hex(out, PLAT_DIGEST_SIZE, d, sizeof(d));
}
