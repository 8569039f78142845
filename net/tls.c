#include "config.h"

#include "net/tls.h"

#include "base/file.h"
#include "base/log.h"

#include <curl/curl.h>
#include <openssl/ssl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PEM_MAX = 65536, PIN_CHARS = 52, PINS_SIZE = 256, NONCE_BYTES = 15 };

struct yz_tls {
	bool https;
	char ca_file[512], pins[PINS_SIZE], cert_file[512], key_file[512];
	struct yz_skew *skew;
	struct yz_sign_key sign_key;
	struct yz_buf cert, key; /* PEM; empty without a certificate */
	struct yz_cert_info info;
	bool undated_next, dates_failed;
	int64_t dated_ms; /* since boot: when the platform last told its time in this run; 0: never
	                   */
	int alert;        /* the last that the platform sent, 0 for none */
};

static bool is_pin(const char *s, size_t n)
{
	return n == PIN_CHARS && !strncmp(s, "sha256//", 8) &&
	       strspn(s + 8, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") ==
	               PIN_CHARS - 9 &&
	       s[PIN_CHARS - 1] == '=';
}

static enum yz_status check_trust(const struct yz_tls *t, struct yz_error *err)
{
	const char *at = t->pins;

	if (t->https && !*t->ca_file && !*t->pins)
		return yz_fail(err, YZ_E_CONFIG,
		        "[platform] names neither ca_file nor pins: any authority in the world "
		        "could "
		        "vouch for the platform; name what the county centre gave");
	while (*at) {
		size_t n = strcspn(at, ";");

		if (!is_pin(at, n))
			return yz_fail(err, YZ_E_CONFIG,
			        "[platform] pins: expected sha256//BASE64, several with ; between");
		at += n + (at[n] == ';');
	}
	return YZ_OK;
}

static void drop_pair(struct yz_tls *t)
{
	if (t->key.data)
		sodium_memzero(t->key.data, t->key.len);
	yz_buf_free(&t->key);
	yz_buf_free(&t->cert);
}

enum yz_status yz_tls_reload(struct yz_tls *t, struct yz_error *err)
{
	struct yz_cert_files files = {t->cert_file, t->key_file};
	enum yz_status st;

	drop_pair(t);
	if (!*t->cert_file && !*t->key_file)
		return YZ_OK;
	st = yz_cert_read(&t->info, &files, err);
	if (st == YZ_E_NOTFOUND)
		return YZ_OK; /* not enrolled yet */
	if (st == YZ_OK)
		st = yz_file_read(&t->cert, t->cert_file, PEM_MAX, err);
	if (st == YZ_OK)
		st = yz_file_read(&t->key, t->key_file, PEM_MAX, err);
	if (st != YZ_OK)
		drop_pair(t);
	return st;
}

enum yz_status yz_tls_open(
        struct yz_tls **out, const struct yz_tls_setup *setup, struct yz_error *err)
{
	struct yz_tls *t = yz_alloc(sizeof(*t));
	enum yz_status st;

	t->https = !strncmp(setup->url, "https:", 6);
	t->skew = setup->skew;
	(void)yz_copy(t->ca_file, sizeof(t->ca_file), setup->ca_file);
	(void)yz_copy(t->pins, sizeof(t->pins), setup->pins);
	(void)yz_copy(t->cert_file, sizeof(t->cert_file), setup->files.cert_file);
	(void)yz_copy(t->key_file, sizeof(t->key_file), setup->files.key_file);
	st = check_trust(t, err);
	if (st == YZ_OK)
		st = yz_cert_finish(&setup->files, err);
	if (st == YZ_OK)
		st = yz_tls_reload(t, err);
	if (st == YZ_OK)
		st = yz_sign_read(&t->sign_key, setup->sign_key_file, setup->station, err);
	if (st != YZ_OK)
		yz_tls_close(t);
	else
		*out = t;
	return st;
}

void yz_tls_close(struct yz_tls *t)
{
	if (!t)
		return;
	drop_pair(t);
	sodium_memzero(&t->sign_key, sizeof(t->sign_key));
	free(t);
}

const struct yz_cert_info *yz_tls_cert(const struct yz_tls *t)
{
	return t->cert.len ? &t->info : NULL;
}

void yz_tls_ask_time_next(struct yz_tls *t)
{
	t->undated_next = true;
}

bool yz_tls_dates_failed(struct yz_tls *t)
{
	bool failed = t->dates_failed;

	t->dates_failed = false;
	return failed;
}

static void on_info(const SSL *ssl, int where, int value)
{
	struct yz_tls *t = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));

	if ((where & SSL_CB_READ_ALERT) == SSL_CB_READ_ALERT && (value >> 8) == SSL3_AL_FATAL)
		t->alert = value & 0xff;
}

static void watch(SSL_CTX *ctx, struct yz_tls *t)
{
	SSL_CTX_set_app_data(ctx, t);
	SSL_CTX_set_info_callback(ctx, on_info);
}

/* The dates of certificates are judged by the platform's time ... */
static CURLcode on_context(CURL *easy, void *ctx, void *user)
{
	struct yz_tls *t = user;
	struct yz_now now = yz_clock_now(0);

	(void)easy;
	watch(ctx, t);
	X509_VERIFY_PARAM_set_time(
	        SSL_CTX_get0_param(ctx), (time_t)(yz_skew_now_ms(t->skew, &now) / 1000));
	return CURLE_OK;
}

/* ... or, when it is just that which is asked for, not at all. Chain, name and pins always are. */
static CURLcode on_context_undated(CURL *easy, void *ctx, void *user)
{
	(void)easy;
	watch(ctx, user);
	return X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(ctx), X509_V_FLAG_NO_CHECK_TIME)
	               ? CURLE_OK
	               : CURLE_SSL_CONNECT_ERROR;
}

static bool set_blob(CURL *c, CURLoption option, const struct yz_buf *text)
{
	struct curl_blob blob = {.data = text->data, .len = text->len, .flags = CURL_BLOB_COPY};

	return curl_easy_setopt(c, option, text->len ? &blob : NULL) == CURLE_OK;
}

/* curl compares certificates by their bytes before it takes a connection or a session again, so a
 * renewed pair gets new ones. */
static bool on_prepare(void *easy, const struct yz_http_request *r, void *user)
{
	struct yz_tls *t = user;
	CURL *c = easy;
	long alone = t->undated_next;

	(void)r;
	t->undated_next = false;
	if (!t->https)
		return true;
	return curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_3) == CURLE_OK &&
	       (!*t->ca_file || (curl_easy_setopt(c, CURLOPT_CAINFO, t->ca_file) == CURLE_OK &&
	                                curl_easy_setopt(c, CURLOPT_CAPATH, NULL) == CURLE_OK)) &&
	       (!*t->pins || curl_easy_setopt(c, CURLOPT_PINNEDPUBLICKEY, t->pins) == CURLE_OK) &&
	       set_blob(c, CURLOPT_SSLCERT_BLOB, &t->cert) &&
	       set_blob(c, CURLOPT_SSLKEY_BLOB, &t->key) &&
	       curl_easy_setopt(c, CURLOPT_SSL_CTX_FUNCTION,
	               alone ? on_context_undated : on_context) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_SSL_CTX_DATA, t) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_FRESH_CONNECT, alone) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_FORBID_REUSE, alone) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_SSL_SESSIONID_CACHE, 1 - alone) == CURLE_OK;
}

static void on_sign(struct yz_buf *lines, const struct yz_http_outgoing *o, void *user)
{
	struct yz_tls *t = user;
	struct yz_now now = yz_clock_now(0);
	struct yz_sign_moment m = {.created_s = yz_skew_now_ms(t->skew, &now) / 1000};
	unsigned char raw[NONCE_BYTES];
	char nonce[sodium_base64_ENCODED_LEN(
	        NONCE_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING)];

	if (!t->sign_key.len)
		return;
	randombytes_buf(raw, sizeof(raw));
	m.nonce = sodium_bin2base64(
	        nonce, sizeof(nonce), raw, sizeof(raw), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	yz_sign_lines(lines, &t->sign_key, o, &m);
}

static const char *why_verify(CURL *c)
{
	long result = X509_V_OK;

	(void)curl_easy_getinfo(c, CURLINFO_SSL_VERIFYRESULT, &result);
	switch (result) {
	case X509_V_OK:
	case X509_V_ERR_UNSPECIFIED: /* what curl starts from: it was its own look at the name */
		return "tls-name";
	case X509_V_ERR_CERT_HAS_EXPIRED:
	case X509_V_ERR_CERT_NOT_YET_VALID:
		return "tls-expired";
	default:
		return "tls-ca";
	}
}

static const char *why_alert(int alert)
{
	switch (alert) {
	case SSL_AD_BAD_CERTIFICATE:
	case SSL_AD_UNSUPPORTED_CERTIFICATE:
	case SSL_AD_CERTIFICATE_REVOKED:
	case SSL_AD_CERTIFICATE_EXPIRED:
	case SSL_AD_CERTIFICATE_UNKNOWN:
	case SSL_AD_UNKNOWN_CA:
	case SSL_AD_ACCESS_DENIED:
	case SSL_AD_CERTIFICATE_REQUIRED:
		return "tls-client";
	case SSL_AD_PROTOCOL_VERSION:
		return "tls-version";
	default:
		return NULL;
	}
}

static const char *why_of(struct yz_tls *t, CURL *c, CURLcode code)
{
	int alert = t->alert;

	t->alert = 0;
	switch (code) {
	case CURLE_OK:
		return NULL;
	case CURLE_PEER_FAILED_VERIFICATION:
		return why_verify(c);
	case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
		return "tls-pin";
	case CURLE_SSL_CERTPROBLEM:
		return "tls-client";
	default:
		return why_alert(alert); /* TLS 1.3 refuses a client only after the handshake */
	}
}

static const char *on_ended(void *easy, int code, const struct yz_http_reply *r, void *user)
{
	struct yz_tls *t = user;
	struct yz_now now = yz_clock_now(0);
	const char *why = why_of(t, easy, (CURLcode)code);

	/* what began before the time was known was judged by the wrong one: no reason to ask again
	 */
	if (why && !strcmp(why, "tls-expired") && r->began_ms >= t->dated_ms)
		t->dates_failed = true;
	if (code == CURLE_OK) {
		yz_skew_learn(t->skew, r->date_ms, r->took_ms, &now);
		if (r->date_ms > 0) {
			t->dated_ms = now.mono_ms;
			t->dates_failed = false;
		}
	}
	return why;
}

struct yz_http_hooks yz_tls_hooks(struct yz_tls *t)
{
	return (struct yz_http_hooks){on_prepare, on_sign, on_ended, t};
}
