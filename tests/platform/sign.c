/* Verifies request signatures (RFC 9421, hmac-sha256), written apart from the station's own. */
#include "config.h"

#include "tests/platform/platform.h"

#include "base/file.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WINDOW_S = 300, NONCE_S = 600, SECRET_BYTES = 32, SECRET_TEXT_MAX = 256 };

enum yz_status plat_sign_open(struct plat *p, const char *path, struct yz_error *err)
{
	struct yz_buf text = YZ_BUF_INIT;
	char b64[64];
	enum yz_status st;

	if (!yz_file_exists(path)) {
		randombytes_buf(p->sign_key, SECRET_BYTES);
		p->sign_key_len = SECRET_BYTES;
		(void)sodium_bin2base64(b64, sizeof(b64), p->sign_key, SECRET_BYTES,
		        sodium_base64_VARIANT_ORIGINAL);
		return yz_file_write(path, b64, strlen(b64), 0600, err);
	}
	st = yz_file_read(&text, path, SECRET_TEXT_MAX, err);
	if (st == YZ_OK &&
	        sodium_base642bin(p->sign_key, sizeof(p->sign_key), yz_buf_str(&text), text.len,
	                "\r\n", &p->sign_key_len, NULL, sodium_base64_VARIANT_ORIGINAL) != 0)
		st = yz_fail(err, YZ_E_CONFIG, "%s: expected base64", path);
	yz_buf_free(&text);
	return st;
}

static bool refuse(struct plat_answer *a, const char *code, const char *detail)
{
	plat_answer_problem(a, plat_problem(401, code, detail, NULL));
	return false;
}

/* A component's value, or NULL for one that this platform does not know. */
static const char *value_of(const struct plat_request *r, const char *name, char *room, size_t size)
{
	const char *query = strchr(r->uri, '?');

	if (!strcmp(name, "@method"))
		return r->method;
	if (!strcmp(name, "@query"))
		return query ? query : "?";
	if (!strcmp(name, "content-digest"))
		return r->digest;
	if (!strcmp(name, "idempotency-key"))
		return r->quoted_key;
	if (strcmp(name, "@path") != 0)
		return NULL;
	(void)snprintf(
	        room, size, "%.*s", (int)(query ? query - r->uri : (long)strlen(r->uri)), r->uri);
	return room;
}

/* Writes the signature base for params ("(...);created=..."); false if what must be covered is
 * not, or it names what we do not know. */
static bool build(struct yz_buf *base, const struct plat_request *r, const char *params)
{
	static const char *const all[] = {
	        "@method", "@path", "@query", "content-digest", "idempotency-key"};
	size_t want = *r->digest ? 5 : 3, have = 0;
	const char *at = params + 1;
	char name[32], room[512];
	int n;

	if (*params != '(')
		return false;
	while (sscanf(at, " \"%31[a-z@-]\"%n", name, &n) == 1) {
		const char *value = value_of(r, name, room, sizeof(room));

		if (!value)
			return false;
		yz_buf_printf(base, "\"%s\": %s\n", name, value);
		for (size_t i = 0; i < want; i++)
			have += !strcmp(all[i], name);
		at += n;
	}
	yz_buf_printf(base, "\"@signature-params\": %s", params);
	return *at == ')' && have == want;
}

static bool mac_ok(const struct plat *p, const struct yz_buf *base, const char *signature)
{
	unsigned char want[crypto_auth_hmacsha256_BYTES], got[crypto_auth_hmacsha256_BYTES];
	crypto_auth_hmacsha256_state state;
	char b64[64];
	size_t n = 0;

	if (sscanf(signature, "sig=:%63[A-Za-z0-9+/=]:", b64) != 1 ||
	        sodium_base642bin(got, sizeof(got), b64, strlen(b64), NULL, &n, NULL,
	                sodium_base64_VARIANT_ORIGINAL) != 0)
		return false;
	(void)crypto_auth_hmacsha256_init(&state, p->sign_key, p->sign_key_len);
	(void)crypto_auth_hmacsha256_update(
	        &state, (const unsigned char *)yz_buf_str(base), base->len);
	(void)crypto_auth_hmacsha256_final(&state, want);
	return n == sizeof(got) && !sodium_memcmp(got, want, sizeof(got));
}

static bool is_new(struct plat *p, const char *nonce)
{
	char now[24];

	(void)snprintf(now, sizeof(now), "%lld", (long long)time(NULL) - NONCE_S);
	(void)plat_db_int(
	        plat_db_query(p->db, "DELETE FROM nonce WHERE at < CAST(? AS INTEGER)", now, NULL),
	        0);
	if (plat_db_int(plat_db_query(p->db, "SELECT 1 FROM nonce WHERE nonce=?", nonce, NULL), 0))
		return false;
	(void)snprintf(now, sizeof(now), "%lld", (long long)time(NULL));
	(void)plat_db_int(plat_db_query(p->db, "INSERT INTO nonce VALUES(?, CAST(? AS INTEGER))",
	                          nonce, now, NULL),
	        0);
	return true;
}

bool plat_signed(struct plat *p, const struct plat_request *r, struct plat_answer *a)
{
	const char *params = strncmp(r->signature_input, "sig=", 4) ? "" : r->signature_input + 4;
	const char *rest = strchr(params, ')');
	struct yz_buf base = YZ_BUF_INIT;
	char nonce[64], key[40];
	long long created;
	bool good;

	if (!p->sign_key_len)
		return true;
	good = rest &&
	       sscanf(rest,
	               ");created=%lld;nonce=\"%63[^\"]\";keyid=\"%39[^\"]\";alg=\"hmac-sha256\"",
	               &created, nonce, key) == 3 &&
	       !strcmp(key, r->station) && build(&base, r, params) &&
	       mac_ok(p, &base, r->signature);
	yz_buf_free(&base);
	if (!good)
		return refuse(a, "bad-signature", "请求签名不对");
	if (llabs(created - (long long)time(NULL)) > WINDOW_S)
		return refuse(a, "clock-skew", "签名时间与平台相差超过 300 秒");
	return is_new(p, nonce) || refuse(a, "nonce-reused", "这个签名已经用过");
}
