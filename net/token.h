/* The station's key. Only yizhan-sync reads it. */
#ifndef YZ_NET_TOKEN_H
#define YZ_NET_TOKEN_H

#include "base/error.h"

enum { YZ_TOKEN_SIZE = 256 };

/* Reads the bearer token from its file. Errors: YZ_E_CONFIG naming the file and what to do: none
 * named, not there, readable by everybody, empty, or with characters that a header cannot hold. The
 * token itself is in no message. */
enum yz_status yz_token_read(char out[YZ_TOKEN_SIZE], const char *path, struct yz_error *err);

#endif
