/* Request signatures (RFC 9421, hmac-sha256), optional: a third lock beside TLS and the token or
 * certificate. Pure: time and nonce are passed in. */
#ifndef YZ_NET_SIGN_H
#define YZ_NET_SIGN_H

#include "base/buf.h"
#include "base/error.h"
#include "net/http.h"

#include <stdint.h>

enum { YZ_SIGN_KEY_MAX = 128 };

struct yz_sign_key {
	unsigned char bytes[YZ_SIGN_KEY_MAX];
	size_t len; /* 0: nothing is signed */
	char id[40];
};

/* Reads the secret, base64, from the file ("" leaves nothing to sign with); its id is the station.
 * Errors: YZ_E_CONFIG naming the file and what to do, as yz_token_read; also a secret of less than
 * 32 bytes. */
enum yz_status yz_sign_read(
        struct yz_sign_key *out, const char *path, const char *station, struct yz_error *err);

struct yz_sign_moment {
	int64_t created_s; /* the platform's time, as far as it is known */
	const char *nonce; /* never used before: [A-Za-z0-9_-] */
};

/* Appends the lines Signature-Input and Signature ("Name: value\n"): over @method, @path, @query,
 * and, where there is a body, content-digest and idempotency-key. */
void yz_sign_lines(struct yz_buf *lines, const struct yz_sign_key *key,
        const struct yz_http_outgoing *o, const struct yz_sign_moment *m);

#endif
