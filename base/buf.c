#include "config.h"

#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void grow(struct yz_buf *b, size_t more)
{
	size_t need = b->len + more + 1;

	if (need <= b->cap)
		return;
	if (need < b->cap * 2)
		need = b->cap * 2;
	if (need < 64)
		need = 64;
	b->data = yz_realloc(b->data, need);
	b->cap = need;
}

void yz_buf_add(struct yz_buf *b, const void *bytes, size_t len)
{
	grow(b, len);
	if (len)
		memcpy(b->data + b->len, bytes, len);
	b->len += len;
	b->data[b->len] = '\0';
}

void yz_buf_puts(struct yz_buf *b, const char *s)
{
	yz_buf_add(b, s, strlen(s));
}

void yz_buf_putc(struct yz_buf *b, char c)
{
	yz_buf_add(b, &c, 1);
}

void yz_buf_printf(struct yz_buf *b, const char *fmt, ...)
{
	va_list ap, again;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n > 0) {
		grow(b, (size_t)n);
		(void)vsnprintf(b->data + b->len, (size_t)n + 1, fmt, again);
		b->len += (size_t)n;
	}
	va_end(again);
}

void yz_buf_clear(struct yz_buf *b)
{
	b->len = 0;
	if (b->data)
		b->data[0] = '\0';
}

void yz_buf_free(struct yz_buf *b)
{
	free(b->data);
	memset(b, 0, sizeof(*b));
}

const char *yz_buf_str(const struct yz_buf *b)
{
	return b->data ? b->data : "";
}

void *yz_alloc(size_t bytes)
{
	void *p = calloc(1, bytes ? bytes : 1);

	if (!p)
		abort();
	return p;
}

void *yz_realloc(void *p, size_t bytes)
{
	void *q = realloc(p, bytes ? bytes : 1);

	if (!q)
		abort();
	return q;
}

char *yz_strdup(const char *s)
{
	size_t n = strlen(s) + 1;

	return memcpy(yz_alloc(n), s, n);
}

size_t yz_copy(char *dst, size_t size, const char *src)
{
	size_t n = strlen(src);

	if (!size)
		return 0;
	if (n >= size) {
		n = size - 1;
		while (n && ((unsigned char)src[n] & 0xC0) == 0x80)
			n--;
	}
	memcpy(dst, src, n);
	dst[n] = '\0';
	return n;
}
