/* A growing byte buffer, always NUL-terminated. Running out of memory ends the program: a restart
 * is cheap and everything that was saved is on disk. */
#ifndef YZ_BASE_BUF_H
#define YZ_BASE_BUF_H

#include <stddef.h>

struct yz_buf {
	char *data; /* owned; NULL until the first byte, then NUL-terminated */
	size_t len; /* bytes, without the NUL */
	size_t cap;
};

#define YZ_BUF_INIT        \
	{                  \
		NULL, 0, 0 \
	}

void yz_buf_add(struct yz_buf *b, const void *bytes, size_t len);
void yz_buf_puts(struct yz_buf *b, const char *s);
void yz_buf_putc(struct yz_buf *b, char c);
void yz_buf_printf(struct yz_buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void yz_buf_clear(struct yz_buf *b);            /* length 0, memory kept */
void yz_buf_free(struct yz_buf *b);             /* memory released, ready for use again */
const char *yz_buf_str(const struct yz_buf *b); /* never NULL; borrowed until the next change */

/* malloc, realloc and strdup that end the program when memory is out; the caller frees. */
void *yz_alloc(size_t bytes); /* zeroed */
void *yz_realloc(void *p, size_t bytes);
char *yz_strdup(const char *s);

/* Copies at most size-1 bytes of src without splitting a UTF-8 character; dst is always terminated.
 * Returns the bytes copied. */
size_t yz_copy(char *dst, size_t size, const char *src);

#endif
