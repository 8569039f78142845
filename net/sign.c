#include "config.h"

#include "net/sign.h"

#include "net/token.h"

#include <inttypes.h>
#include <sodium.h>
#include <string.h>

enum { SECRET_MIN = 32 };

enum yz_status yz_sign_read(
        struct yz_sign_key *out, const char *path, const char *station, struct yz_error *err)
{
	struct yz_sign_key key = {.len = 0};
	char text[YZ_TOKEN_SIZE];
	enum yz_status st;

	if (!*path) {
		*out = key;
		return YZ_OK;
	}
	st = yz_token_read(text, path, err);
	if (st != YZ_OK)
		return st;
	if (sodium_base642bin(key.bytes, sizeof(key.bytes), text, strlen(text), NULL, &key.len,
	            NULL, sodium_base64_VARIANT_ORIGINAL) != 0 ||
	        key.len < SECRET_MIN)
		st = yz_fail(err, YZ_E_CONFIG,
		        "%s: expected at least 32 bytes in base64, as the platform gave them",
		        path);
	(void)yz_copy(key.id, sizeof(key.id), station);
	if (st == YZ_OK)
		*out = key;
	sodium_memzero(text, sizeof(text));
	sodium_memzero(&key, sizeof(key));
	return st;
}

static void put_params(struct yz_buf *out, const struct yz_sign_key *key,
        const struct yz_http_outgoing *o, const struct yz_sign_moment *m)
{
	yz_buf_printf(out,
	        "(\"@method\" \"@path\" \"@query\"%s);created=%" PRId64
	        ";nonce=\"%s\";keyid=\"%s\";alg=\"hmac-sha256\"",
	        *o->digest ? " \"content-digest\" \"idempotency-key\"" : "", m->created_s, m->nonce,
	        key->id);
}

/* Section 2.5: a line a component, then the parameters; @query is "?" where there is none. */
static void put_base(struct yz_buf *out, const struct yz_sign_key *key,
        const struct yz_http_outgoing *o, const struct yz_sign_moment *m)
{
	size_t path = strcspn(o->path, "?");

	yz_buf_printf(out, "\"@method\": %s\n\"@path\": %.*s\n\"@query\": %s\n", o->method,
	        (int)path, o->path, o->path[path] ? o->path + path : "?");
	if (*o->digest)
		yz_buf_printf(out, "\"content-digest\": %s\n\"idempotency-key\": %s\n", o->digest,
		        o->key);
	yz_buf_puts(out, "\"@signature-params\": ");
	put_params(out, key, o, m);
}

void yz_sign_lines(struct yz_buf *lines, const struct yz_sign_key *key,
        const struct yz_http_outgoing *o, const struct yz_sign_moment *m)
{
	unsigned char mac[crypto_auth_hmacsha256_BYTES];
	char b64[sodium_base64_ENCODED_LEN(sizeof(mac), sodium_base64_VARIANT_ORIGINAL)];
	crypto_auth_hmacsha256_state state;
	struct yz_buf base = YZ_BUF_INIT;

	put_base(&base, key, o, m);
	(void)crypto_auth_hmacsha256_init(&state, key->bytes, key->len);
	(void)crypto_auth_hmacsha256_update(
	        &state, (const unsigned char *)yz_buf_str(&base), base.len);
	(void)crypto_auth_hmacsha256_final(&state, mac);
	(void)sodium_bin2base64(b64, sizeof(b64), mac, sizeof(mac), sodium_base64_VARIANT_ORIGINAL);
	yz_buf_puts(lines, "Signature-Input: sig=");
	put_params(lines, key, o, m);
	yz_buf_printf(lines, "\nSignature: sig=:%s:\n", b64);
	sodium_memzero(&state, sizeof(state));
	yz_buf_free(&base);
}
