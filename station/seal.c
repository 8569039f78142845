#include "config.h"

#include "station/seal.h"

#include "store/reference.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum yz_status yz_seal(struct yz_store *s, const char *code, const char *secret, uint8_t *out,
        size_t size, size_t *len, struct yz_error *err)
{
	struct yz_recipient r;
	size_t n = strlen(secret);
	enum yz_status st = yz_recipient_get(s, code, &r, err);

	if (st == YZ_E_NOTFOUND) {
		*len = 0;
		return YZ_OK;
	}
	if (st != YZ_OK)
		return st;
	if (n + crypto_box_SEALBYTES > size)
		return yz_fail(err, YZ_E_RANGE, "the number is too long to seal");
	if (sodium_init() < 0)
		abort();
	if (crypto_box_seal(out, (const unsigned char *)secret, n, r.public_key) != 0)
		return yz_fail(err, YZ_E_IO, "recipient %s: the public key is not valid", code);
	*len = n + crypto_box_SEALBYTES;
	return YZ_OK;
}

void yz_wipe(char *text)
{
	sodium_memzero(text, strlen(text));
}
