#include "config.h"

#include "net/exchange.h"

#include "base/clock.h"
#include "net/wire.h"

#include <assert.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { CONNECT_MS = 20000, SLOW_BYTES_S = 50, HEADERS_MAX = 16384, PATH_SIZE = 1024 };

static size_t on_body(char *data, size_t size, size_t n, void *user)
{
	struct yz_exchange *x = user;

	if (x->reply.body.len + size * n > x->reply_max)
		return 0; /* ends the exchange: bytes come inflated, so a gzip bomb ends here too */
	yz_buf_add(&x->reply.body, data, size * n);
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
	struct yz_http_reply *r = &((struct yz_exchange *)user)->reply;
	size_t len = size * n;

	if (r->headers.len + len > HEADERS_MAX)
		return 0;
	if (len > 5 && !strncmp(line, "HTTP/", 5))
		yz_buf_clear(&r->headers); /* those of a 100 Continue are not the answer's */
	while (len && (unsigned char)line[len - 1] <= ' ')
		len--;
	yz_buf_add(&r->headers, line, len);
	yz_buf_putc(&r->headers, '\n');
	return size * n;
}

bool yz_http_header(const struct yz_http_reply *r, const char *name, char *out, size_t size)
{
	const char *line = yz_buf_str(&r->headers), *end;

	out[0] = '\0';
	for (; (end = strchr(line, '\n')); line = end + 1)
		if (value_of(line, (size_t)(end - line), name, out, size))
			return true;
	return false;
}

/* A lost end of a batch is sent again after the same wait, not after twice as long each time: on a
 * line that loses packets the lanes would stand still (Linux, networking/tcp-thin). */
static int on_socket(void *user, curl_socket_t fd, curlsocktype purpose)
{
	int on = 1;

	(void)user;
	(void)purpose;
	(void)setsockopt(fd, IPPROTO_TCP, TCP_THIN_LINEAR_TIMEOUTS, &on, sizeof(on));
	return CURL_SOCKOPT_OK;
}

static bool set_up(CURL *c, struct yz_exchange *x)
{
	const struct yz_http *h = x->pool;
	bool ok =
	        curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
	        curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
	        curl_easy_setopt(c, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) ==
	                CURLE_OK &&
	        curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
	        curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) ==
	                CURLE_OK &&
	        curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
	        curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
	        curl_easy_setopt(c, CURLOPT_SHARE, h->sessions) == CURLE_OK &&
	        curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS) == CURLE_OK &&
	        curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, h->timeout_ms) == CURLE_OK &&
	        curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, (long)SLOW_BYTES_S) == CURLE_OK &&
	        curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, h->slow_s) == CURLE_OK &&
	        curl_easy_setopt(c, CURLOPT_PRIVATE, x) == CURLE_OK &&
	        curl_easy_setopt(c, CURLOPT_SOCKOPTFUNCTION, on_socket) == CURLE_OK &&
	        curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body) == CURLE_OK &&
	        curl_easy_setopt(c, CURLOPT_WRITEDATA, x) == CURLE_OK &&
	        curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_header) == CURLE_OK &&
	        curl_easy_setopt(c, CURLOPT_HEADERDATA, x) == CURLE_OK &&
	        curl_easy_setopt(c, CURLOPT_USERAGENT, "yizhan-sync/" PACKAGE_VERSION) == CURLE_OK;

	if (ok && *h->ca_file)
		ok = curl_easy_setopt(c, CURLOPT_CAINFO, h->ca_file) == CURLE_OK;
	if (ok && !strncmp(h->url, "http:", 5))
		ok = curl_easy_setopt(c, CURLOPT_NOPROXY, "*") == CURLE_OK;
	return ok;
}

bool yz_exchange_open(struct yz_exchange *x, struct yz_http *pool)
{
	x->pool = pool;
	x->easy = curl_easy_init();
	return x->easy && set_up(x->easy, x);
}

void yz_exchange_close(struct yz_exchange *x)
{
	yz_http_release(x->taken ? x : NULL);
	curl_easy_cleanup(x->easy);
	curl_slist_free_all(x->headers);
	yz_buf_free(&x->sent);
	yz_buf_free(&x->reply.body);
	yz_buf_free(&x->reply.headers);
}

static void add_line(struct yz_exchange *x, const char *line)
{
	struct curl_slist *more = curl_slist_append(x->headers, line);

	if (!more)
		abort(); /* no memory */
	x->headers = more;
}

static void header(struct yz_exchange *x, const char *name, const char *value)
{
	char line[512];

	(void)snprintf(line, sizeof(line), "%s: %s", name, value);
	add_line(x, line);
	sodium_memzero(line, sizeof(line));
}

static void digest_of(const struct yz_buf *sent, char *out, size_t size)
{
	unsigned char d[crypto_hash_sha256_BYTES];
	char b64[sodium_base64_ENCODED_LEN(sizeof(d), sodium_base64_VARIANT_ORIGINAL)];

	(void)crypto_hash_sha256(d, (const unsigned char *)yz_buf_str(sent), sent->len);
	(void)sodium_bin2base64(b64, sizeof(b64), d, sizeof(d), sodium_base64_VARIANT_ORIGINAL);
	(void)snprintf(out, size, "sha-256=:%s:", b64);
}

/* The signature's lines, which must cover what the others say. */
static void sign(struct yz_exchange *x, const struct yz_http_outgoing *o)
{
	const struct yz_http_hooks *hooks = &x->pool->hooks;
	struct yz_buf lines = YZ_BUF_INIT;
	char *line = NULL, *end;

	if (hooks->sign)
		hooks->sign(&lines, o, hooks->user);
	for (line = lines.data; line && (end = strchr(line, '\n')); line = end + 1) {
		*end = '\0';
		add_line(x, line);
	}
	yz_buf_free(&lines);
}

/* "/city" of "https://host/city": what the platform sees before our own path. */
static const char *base_path(const char *url)
{
	const char *scheme = strstr(url, "://"), *at = strchr(scheme ? scheme + 3 : url, '/');

	return at ? at : "";
}

static void put_headers(struct yz_exchange *x, const struct yz_http_request *r)
{
	char text[400], digest[80] = "", key[YZ_ID_TEXT_SIZE + 2] = "", id[YZ_ID_TEXT_SIZE];
	char path[PATH_SIZE];
	struct yz_http_outgoing o = {r->body ? "POST" : "GET", path, digest, key};

	(void)snprintf(path, sizeof(path), "%s%s", base_path(x->pool->url), r->path);
	header(x, "Station-Id", x->pool->station);
	header(x, "Api-Version", YZ_API_VERSION);
	if (*r->token) {
		(void)snprintf(text, sizeof(text), "Bearer %s", r->token);
		header(x, "Authorization", text);
		sodium_memzero(text, sizeof(text));
	}
	if (r->body) {
		digest_of(&x->sent, digest, sizeof(digest));
		header(x, "Content-Digest", digest);
		(void)snprintf(key, sizeof(key), "\"%s\"", yz_id_text(&r->key, id));
		header(x, "Idempotency-Key", key);
		(void)snprintf(text, sizeof(text), "%lld", (long long)x->pool->agent_epoch);
		header(x, "Agent-Epoch", text);
		header(x, "Content-Type", "application/json");
		if (r->gzip)
			header(x, "Content-Encoding", "gzip");
		header(x, "Expect", ""); /* a hundred-continue costs a round trip of 600 ms on 2G */
	}
	for (const char *const *more = r->headers; more && *more; more++)
		add_line(x, *more);
	sign(x, &o);
}

static void put_request(struct yz_exchange *x, const struct yz_http_request *r)
{
	char url[800];

	(void)snprintf(url, sizeof(url), "%s%s", x->pool->url, r->path);
	(void)curl_easy_setopt(x->easy, CURLOPT_URL, url);
	(void)curl_easy_setopt(x->easy, CURLOPT_ACCEPT_ENCODING, r->plain ? NULL : "gzip");
	if (r->body) {
		yz_buf_add(&x->sent, yz_buf_str(r->body), r->body->len);
		(void)curl_easy_setopt(
		        x->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)x->sent.len);
		(void)curl_easy_setopt(x->easy, CURLOPT_POSTFIELDS, yz_buf_str(&x->sent));
	} else {
		(void)curl_easy_setopt(x->easy, CURLOPT_HTTPGET, 1L);
	}
	put_headers(x, r);
	(void)curl_easy_setopt(x->easy, CURLOPT_HTTPHEADER, x->headers);
}

void yz_exchange_start(struct yz_exchange *x, const struct yz_http_request *r)
{
	const struct yz_http_hooks *hooks = &x->pool->hooks;
	struct yz_now now = yz_clock_now(0);

	assert(!x->taken);
	curl_slist_free_all(x->headers);
	x->headers = NULL;
	yz_buf_clear(&x->sent);
	yz_buf_clear(&x->reply.body);
	yz_buf_clear(&x->reply.headers);
	x->reply = (struct yz_http_reply){.body = x->reply.body,
	        .headers = x->reply.headers,
	        .started_ms = now.wall_ms,
	        .began_ms = now.mono_ms};
	x->reply_max = r->reply_max ? r->reply_max : YZ_HTTP_REPLY_MAX;
	x->taken = true;
	put_request(x, r);
	if (hooks->prepare && !hooks->prepare(x->easy, r, hooks->user)) {
		(void)yz_copy(x->reply.why, sizeof(x->reply.why), "tls");
		x->ended = true;
		return;
	}
	x->busy = curl_multi_add_handle(x->pool->multi, x->easy) == CURLM_OK;
	if (!x->busy)
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
	case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
	case CURLE_SSL_INVALIDCERTSTATUS:
		return "tls";
	case CURLE_GOT_NOTHING:
	case CURLE_PARTIAL_FILE:
	case CURLE_RECV_ERROR:
	case CURLE_SEND_ERROR:
		return "cut";
	case CURLE_WRITE_ERROR: /* longer than we take */
	case CURLE_BAD_CONTENT_ENCODING:
	case CURLE_WEIRD_SERVER_REPLY:
	case CURLE_UNSUPPORTED_PROTOCOL:
		return "bad-answer";
	default:
		return "network";
	}
}

static void read_reply(struct yz_exchange *x)
{
	struct yz_http_reply *r = &x->reply;
	curl_off_t after = 0;
	char *type = NULL, date[64];
	long status = 0;
	time_t t;

	(void)curl_easy_getinfo(x->easy, CURLINFO_RESPONSE_CODE, &status);
	(void)curl_easy_getinfo(x->easy, CURLINFO_CONTENT_TYPE, &type);
	(void)curl_easy_getinfo(x->easy, CURLINFO_RETRY_AFTER, &after);
	r->status = (int)status;
	(void)yz_copy(r->type, sizeof(r->type), type ? type : "");
	r->retry_after_ms = after > 0 && after < 1000000 ? (int64_t)after * 1000 : 0;
	(void)yz_http_header(r, "Platform-Epoch", r->epoch, sizeof(r->epoch));
	if (yz_http_header(r, "Date", date, sizeof(date)) && (t = curl_getdate(date, NULL)) > 0)
		r->date_ms = (int64_t)t * 1000;
}

void yz_exchange_finish(struct yz_exchange *x, CURLcode code)
{
	const struct yz_http_hooks *hooks = &x->pool->hooks;
	const char *why = NULL;
	long made = 0;

	if (code != CURLE_OK)
		(void)yz_copy(x->reply.why, sizeof(x->reply.why), why_of(code));
	else
		read_reply(x);
	(void)curl_easy_getinfo(x->easy, CURLINFO_NUM_CONNECTS, &made);
	x->reply.fresh = made > 0;
	x->reply.took_ms = yz_clock_now(0).mono_ms - x->reply.began_ms;
	x->busy = false;
	x->ended = true;
	if (hooks->ended)
		why = hooks->ended(x->easy, (int)code, &x->reply, hooks->user);
	if (why)
		(void)yz_copy(x->reply.why, sizeof(x->reply.why), why);
	(void)curl_multi_remove_handle(x->pool->multi, x->easy);
}
