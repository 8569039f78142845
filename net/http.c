#include "config.h"

#include "net/http.h"

#include "net/wire.h"

#include <assert.h>
#include <curl/curl.h>
#include <poll.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
	REPLY_MAX = 2 << 20,
	FDS_MAX = 4,
	CONNECT_MS = 20000,
	TOTAL_MS = 60000,
	SLOW_BYTES_S = 50,
	SLOW_S = 30
};

struct yz_http {
	CURLM *multi;
	CURL *easy;
	char url[300], station[40];
	int64_t agent_epoch;
	struct curl_slist *headers; /* of the exchange under way */
	struct yz_buf sent;
	struct yz_http_reply reply;
	bool busy, done;
};

static bool starts(const char *s, const char *with)
{
	return !strncmp(s, with, strlen(with));
}

/* A key must not travel in the open: http is for the loopback, where the tests and a local gateway
 * live. */
static bool url_ok(const char *url)
{
	static const char *const loopback[] = {
	        "http://127.0.0.1", "http://localhost", "http://[::1]"};

	if (strchr(url, '@') || strchr(url, '?') || strchr(url, '#'))
		return false;
	if (starts(url, "https://"))
		return url[8] != '\0';
	for (size_t i = 0; i < sizeof(loopback) / sizeof(loopback[0]); i++) {
		char after = starts(url, loopback[i]) ? url[strlen(loopback[i])] : 'x';

		if (after == '\0' || after == ':' || after == '/')
			return true;
	}
	return false;
}

static size_t on_body(char *data, size_t size, size_t n, void *user)
{
	struct yz_http *h = user;

	if (h->reply.body.len + size * n > REPLY_MAX)
		return 0; /* ends the exchange */
	yz_buf_add(&h->reply.body, data, size * n);
	return size * n;
}

/* The value of header `name` if the line is that header. */
static bool value_of(const char *line, size_t len, const char *name, char *out, size_t size)
{
	size_t n = strlen(name);
	int end;

	if (len <= n || strncasecmp(line, name, n) != 0 || line[n] != ':')
		return false;
	for (n++; n < len && line[n] == ' '; n++)
		;
	for (end = (int)len; end > (int)n && (unsigned char)line[end - 1] <= ' '; end--)
		;
	(void)snprintf(out, size, "%.*s", end - (int)n, line + n);
	return true;
}

static size_t on_header(char *line, size_t size, size_t n, void *user)
{
	struct yz_http_reply *r = &((struct yz_http *)user)->reply;
	char date[64];
	time_t t;

	if (value_of(line, size * n, "Date", date, sizeof(date)) &&
	        (t = curl_getdate(date, NULL)) > 0)
		r->date_ms = (int64_t)t * 1000;
	(void)value_of(line, size * n, "Platform-Epoch", r->epoch, sizeof(r->epoch));
	return size * n;
}

static bool set_up(struct yz_http *h, const char *ca_file)
{
	CURL *c = h->easy;
	bool ok =
	        curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
	        curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
	        curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
	        curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) ==
	                CURLE_OK &&
	        curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
	        curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
	        curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS) == CURLE_OK &&
	        curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)TOTAL_MS) == CURLE_OK &&
	        curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, (long)SLOW_BYTES_S) == CURLE_OK &&
	        curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, (long)SLOW_S) == CURLE_OK &&
	        curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body) == CURLE_OK &&
	        curl_easy_setopt(c, CURLOPT_WRITEDATA, h) == CURLE_OK &&
	        curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_header) == CURLE_OK &&
	        curl_easy_setopt(c, CURLOPT_HEADERDATA, h) == CURLE_OK &&
	        curl_easy_setopt(c, CURLOPT_USERAGENT, "yizhan-sync/" PACKAGE_VERSION) == CURLE_OK;

	if (ok && *ca_file)
		ok = curl_easy_setopt(c, CURLOPT_CAINFO, ca_file) == CURLE_OK;
	if (ok && starts(h->url, "http:"))
		ok = curl_easy_setopt(c, CURLOPT_NOPROXY, "*") == CURLE_OK;
	return ok;
}

enum yz_status yz_http_open(
        struct yz_http **out, const struct yz_http_setup *setup, struct yz_error *err)
{
	struct yz_http *h;
	size_t n;

	if (!url_ok(setup->url))
		return yz_fail(err, YZ_E_CONFIG,
		        "[platform] url %s: expected https://HOST (http is for the loopback)",
		        setup->url);
	if (*setup->ca_file) {
		FILE *f = fopen(setup->ca_file, "re");

		if (!f)
			return yz_fail(err, YZ_E_CONFIG, "[platform] ca_file %s cannot be read",
			        setup->ca_file);
		(void)fclose(f);
	}
	h = yz_alloc(sizeof(*h));
	(void)yz_copy(h->url, sizeof(h->url), setup->url);
	for (n = strlen(h->url); n && h->url[n - 1] == '/'; n--)
		h->url[n - 1] = '\0';
	(void)yz_copy(h->station, sizeof(h->station), setup->station);
	h->agent_epoch = setup->agent_epoch;
	(void)curl_global_init(CURL_GLOBAL_DEFAULT);
	h->multi = curl_multi_init();
	h->easy = curl_easy_init();
	if (!h->multi || !h->easy || sodium_init() < 0 || !set_up(h, setup->ca_file)) {
		yz_http_close(h);
		return yz_fail(err, YZ_E_CONFIG, "the curl library cannot do what is needed");
	}
	*out = h;
	return YZ_OK;
}

void yz_http_close(struct yz_http *h)
{
	if (!h)
		return;
	if (h->busy)
		(void)curl_multi_remove_handle(h->multi, h->easy);
	curl_easy_cleanup(h->easy);
	(void)curl_multi_cleanup(h->multi);
	curl_slist_free_all(h->headers);
	yz_buf_free(&h->sent);
	yz_buf_free(&h->reply.body);
	free(h);
	curl_global_cleanup();
}

static void header(struct yz_http *h, const char *name, const char *value)
{
	char line[512];
	struct curl_slist *more;

	(void)snprintf(line, sizeof(line), "%s: %s", name, value);
	more = curl_slist_append(h->headers, line);
	sodium_memzero(line, sizeof(line));
	if (!more)
		abort(); /* no memory */
	h->headers = more;
}

static void post_headers(struct yz_http *h, const struct yz_http_request *r)
{
	unsigned char d[crypto_hash_sha256_BYTES];
	char b64[sodium_base64_ENCODED_LEN(sizeof(d), sodium_base64_VARIANT_ORIGINAL)];
	char text[120], id[YZ_ID_TEXT_SIZE];

	(void)crypto_hash_sha256(d, (const unsigned char *)yz_buf_str(&h->sent), h->sent.len);
	(void)sodium_bin2base64(b64, sizeof(b64), d, sizeof(d), sodium_base64_VARIANT_ORIGINAL);
	(void)snprintf(text, sizeof(text), "sha-256=:%s:", b64);
	header(h, "Content-Digest", text);
	(void)snprintf(text, sizeof(text), "\"%s\"", yz_id_text(&r->key, id));
	header(h, "Idempotency-Key", text);
	(void)snprintf(text, sizeof(text), "%lld", (long long)h->agent_epoch);
	header(h, "Agent-Epoch", text);
	header(h, "Content-Type", "application/json");
	header(h, "Expect", ""); /* a hundred-continue costs a round trip of 600 ms on 2G */
}

void yz_http_start(struct yz_http *h, const struct yz_http_request *r)
{
	char text[400];

	assert(!h->busy);
	curl_slist_free_all(h->headers);
	h->headers = NULL;
	yz_buf_clear(&h->sent);
	yz_buf_clear(&h->reply.body);
	h->reply = (struct yz_http_reply){.body = h->reply.body};
	header(h, "Station-Id", h->station);
	header(h, "Api-Version", YZ_API_VERSION);
	if (*r->token) {
		(void)snprintf(text, sizeof(text), "Bearer %s", r->token);
		header(h, "Authorization", text);
		sodium_memzero(text, sizeof(text));
	}
	(void)snprintf(text, sizeof(text), "%s%s", h->url, r->path);
	(void)curl_easy_setopt(h->easy, CURLOPT_URL, text);
	if (r->body) {
		yz_buf_add(&h->sent, yz_buf_str(r->body), r->body->len);
		post_headers(h, r);
		(void)curl_easy_setopt(
		        h->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)h->sent.len);
		(void)curl_easy_setopt(h->easy, CURLOPT_POSTFIELDS, yz_buf_str(&h->sent));
	} else {
		(void)curl_easy_setopt(h->easy, CURLOPT_HTTPGET, 1L);
	}
	(void)curl_easy_setopt(h->easy, CURLOPT_HTTPHEADER, h->headers);
	h->done = false;
	h->busy = curl_multi_add_handle(h->multi, h->easy) == CURLM_OK;
	if (!h->busy)
		abort(); /* no memory, or a handle in use: a mistake of ours */
}

static const char *why_of(CURLcode code)
{
	switch (code) {
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
		return "dns";
	case CURLE_COULDNT_CONNECT:
		return "refused";
	case CURLE_OPERATION_TIMEDOUT:
		return "timeout";
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
		return "tls";
	case CURLE_GOT_NOTHING:
	case CURLE_PARTIAL_FILE:
	case CURLE_RECV_ERROR:
	case CURLE_SEND_ERROR:
		return "cut";
	default:
		return "network";
	}
}

static void finish(struct yz_http *h, CURLcode code)
{
	struct yz_http_reply *r = &h->reply;
	curl_off_t after = 0;
	char *type = NULL;
	long status = 0;

	h->busy = false;
	h->done = true;
	if (code != CURLE_OK) {
		(void)yz_copy(r->why, sizeof(r->why), why_of(code));
	} else {
		(void)curl_easy_getinfo(h->easy, CURLINFO_RESPONSE_CODE, &status);
		(void)curl_easy_getinfo(h->easy, CURLINFO_CONTENT_TYPE, &type);
		(void)curl_easy_getinfo(h->easy, CURLINFO_RETRY_AFTER, &after);
		r->status = (int)status;
		(void)yz_copy(r->type, sizeof(r->type), type ? type : "");
		r->retry_after_ms = after > 0 && after < 1000000 ? (int64_t)after * 1000 : 0;
	}
	(void)curl_multi_remove_handle(h->multi, h->easy);
}

const struct yz_http_reply *yz_http_done(struct yz_http *h)
{
	if (!h->done)
		return NULL;
	h->done = false;
	return &h->reply;
}

static void advance(struct yz_http *h)
{
	const CURLMsg *m;
	int left;

	(void)curl_multi_perform(h->multi, &left);
	while ((m = curl_multi_info_read(h->multi, &left)))
		if (m->msg == CURLMSG_DONE)
			finish(h, m->data.result);
}

void yz_http_wait(struct yz_http *h, const int *fds, size_t n, int timeout_ms)
{
	struct curl_waitfd wait[FDS_MAX];
	struct pollfd plain[FDS_MAX];

	assert(n <= FDS_MAX);
	for (size_t i = 0; i < n; i++) {
		wait[i] = (struct curl_waitfd){.fd = fds[i], .events = CURL_WAIT_POLLIN};
		plain[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
	}
	if (!h) {
		(void)poll(plain, n, timeout_ms);
		return;
	}
	advance(h);
	if (h->done)
		return;
	(void)curl_multi_poll(h->multi, wait, (unsigned)n, timeout_ms, NULL);
	advance(h);
}
