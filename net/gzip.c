#include "config.h"

#include "net/gzip.h"

#include <stdlib.h>
#include <zlib.h>

enum { GZIP_WRAP = 16 };

void yz_gzip(struct yz_buf *out, const struct yz_buf *in)
{
	z_stream z = {.avail_in = (unsigned)in->len};
	unsigned char chunk[8192];
	int rc = Z_OK;

	yz_buf_clear(out);
	z.next_in = (unsigned char *)(unsigned long)yz_buf_str(in);
	if (deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, GZIP_WRAP + MAX_WBITS, MAX_MEM_LEVEL,
	            Z_DEFAULT_STRATEGY) != Z_OK)
		abort(); /* no memory */
	while (rc == Z_OK) {
		z.next_out = chunk;
		z.avail_out = sizeof(chunk);
		rc = deflate(&z, Z_FINISH);
		yz_buf_add(out, chunk, sizeof(chunk) - z.avail_out);
	}
	(void)deflateEnd(&z);
	if (rc != Z_STREAM_END)
		abort(); /* cannot be with input and output in memory */
}
