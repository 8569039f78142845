/* gzip for request bodies. */
#ifndef YZ_NET_GZIP_H
#define YZ_NET_GZIP_H

#include "base/buf.h"

/* Writes the gzip of in to out, which is cleared first. Does not block. */
void yz_gzip(struct yz_buf *out, const struct yz_buf *in);

#endif
