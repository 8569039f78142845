#include "config.h"

#include "tests/platform/platform.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

/* A request while its body comes in. */
struct incoming {
	struct yz_buf sent; /* as on the wire */
	bool too_large, begun;
	char *uri; /* path and query as sent */
};

typedef struct MHD_Connection connection;

static const char *header(connection *c, const char *name)
{
	const char *v = MHD_lookup_connection_value(c, MHD_HEADER_KIND, name);

	return v ? v : "";
}

/* Reads `"uuid"` into key; false for anything else. */
static bool read_key(const char *quoted, char *key)
{
	struct yz_id id;

	if (strlen(quoted) != YZ_ID_TEXT_SIZE + 1 || quoted[0] != '"' ||
	        quoted[YZ_ID_TEXT_SIZE] != '"')
		return false;
	memcpy(key, quoted + 1, YZ_ID_TEXT_SIZE - 1);
	key[YZ_ID_TEXT_SIZE - 1] = '\0';
	return yz_id_parse(key, &id);
}

static bool digest_ok(connection *c, const struct yz_buf *sent)
{
	unsigned char d[crypto_hash_sha256_BYTES];
	char b64[sodium_base64_ENCODED_LEN(sizeof(d), sodium_base64_VARIANT_ORIGINAL)], want[80];

	(void)crypto_hash_sha256(d, (const unsigned char *)yz_buf_str(sent), sent->len);
	(void)sodium_bin2base64(b64, sizeof(b64), d, sizeof(d), sodium_base64_VARIANT_ORIGINAL);
	(void)snprintf(want, sizeof(want), "sha-256=:%s:", b64);
	return !strcmp(header(c, "Content-Digest"), want);
}

/* 0, or the status to refuse with. out gets at most PLAT_BODY_MAX bytes, whatever the stream
 * claims. */
static unsigned inflate_body(const struct yz_buf *in, struct yz_buf *out)
{
	z_stream z = {.next_in = (unsigned char *)in->data, .avail_in = (unsigned)in->len};
	unsigned char chunk[16384];
	int rc = Z_OK;

	if (inflateInit2(&z, 16 + MAX_WBITS) != Z_OK)
		return 500;
	while (rc == Z_OK && out->len <= PLAT_BODY_MAX) {
		z.next_out = chunk;
		z.avail_out = sizeof(chunk);
		rc = inflate(&z, Z_NO_FLUSH);
		if (rc == Z_OK || rc == Z_STREAM_END)
			yz_buf_add(out, chunk, sizeof(chunk) - z.avail_out);
	}
	(void)inflateEnd(&z);
	if (out->len > PLAT_BODY_MAX)
		return 413;
	return rc == Z_STREAM_END && z.avail_in == 0 ? 0 : 400;
}

static bool refuse(struct plat_answer *a, unsigned status, const char *code, const char *detail)
{
	plat_answer_problem(a, plat_problem(status, code, detail, NULL));
	return false;
}

/* An older epoch is a copied disk, but not in a bundle, which was made before it is carried here.
 * False: refused in a. */
static bool epoch_ok(
        struct plat *p, connection *c, const struct plat_request *r, struct plat_answer *a)
{
	int64_t epoch = strtoll(header(c, "Agent-Epoch"), NULL, 10);
	bool is_bundle = !strcmp(r->path, "/v1/batches") && !strcmp(header(c, "Bundle"), "?1");

	if (epoch < 1)
		return refuse(a, 400, "header-missing", "Agent-Epoch");
	if (!is_bundle &&
	        plat_db_int(plat_db_query(p->db, "SELECT agent_epoch FROM station WHERE id=?",
	                            r->station, NULL),
	                0) > epoch)
		return refuse(a, 409, "stale-agent-epoch", "本站点已在另一台电脑上启用");
	(void)plat_db_int(
	        plat_db_query(p->db,
	                "INSERT INTO station(id, agent_epoch) VALUES(?1, CAST(?2 AS INTEGER)) ON"
	                " CONFLICT(id) DO UPDATE SET agent_epoch="
	                "max(coalesce(agent_epoch, 0), excluded.agent_epoch)",
	                r->station, header(c, "Agent-Epoch"), NULL),
	        0);
	return true;
}

/* The headers that every request to /v1 with a key carries. False: refused in a. */
static bool headers_ok(struct plat *p, connection *c, struct plat_request *r, struct plat_answer *a)
{
	if (strcmp(header(c, "Api-Version"), "2026-11") != 0)
		return refuse(a, 426, "upgrade-required", "接口版本应为 2026-11");
	r->station = header(c, "Station-Id");
	if (!*r->station || strlen(r->station) > 16)
		return refuse(a, 400, "header-missing", "Station-Id");
	if (!plat_auth(p, r, a))
		return false;
	return strcmp(r->method, "POST") != 0 || epoch_ok(p, c, r, a);
}

/* Key, digest, encoding and JSON of a POST. False: refused in a. */
static bool body_ok(
        connection *c, const struct incoming *in, struct plat_request *r, struct plat_answer *a)
{
	const char *encoding = header(c, "Content-Encoding");
	struct yz_buf plain = YZ_BUF_INIT;
	unsigned bad = 0;

	if (in->too_large)
		return refuse(a, 413, "too-large", "请求太大");
	if (strncmp(header(c, "Content-Type"), "application/json", 16) != 0)
		return refuse(a, 415, "encoding", "Content-Type");
	if (!read_key(header(c, "Idempotency-Key"), r->key))
		return refuse(a, 400, "idempotency-key-missing", "Idempotency-Key");
	if (!digest_ok(c, &in->sent))
		return refuse(a, 400, "digest-mismatch", "Content-Digest");
	if (!strcmp(encoding, "gzip"))
		bad = inflate_body(&in->sent, &plain);
	else if (!*encoding || !strcmp(encoding, "identity"))
		yz_buf_add(&plain, yz_buf_str(&in->sent), in->sent.len);
	else
		bad = 415;
	r->body_len = plain.len;
	r->body = plain.data;
	if (bad)
		return refuse(a, bad,
		        bad == 413   ? "too-large"
		        : bad == 415 ? "encoding"
		                     : "malformed",
		        "正文");
	r->json = cJSON_ParseWithLengthOpts(yz_buf_str(&plain), plain.len + 1, NULL, true);
	if (!cJSON_IsObject(r->json))
		return refuse(a, 400, "malformed", "正文不是 JSON 对象");
	return true;
}

static bool starts(const char *s, const char *with)
{
	return !strncmp(s, with, strlen(with));
}

static void route_post(struct plat *p, const struct plat_request *r, struct plat_answer *a)
{
	size_t n = strlen(r->path);

	if (!strcmp(r->path, "/v1/batches"))
		plat_batch(p, r, a);
	else if (!strcmp(r->path, "/v1/number-leases"))
		plat_lease(p, r, a);
	else if (starts(r->path, "/v1/number-leases/") && n > 7 &&
	         !strcmp(r->path + n - 7, "/return"))
		plat_lease_return(p, r, a);
	else if (!strcmp(r->path, "/v1/status"))
		plat_status(p, r, a);
	else if (starts(r->path, "/v1/stations/") && n > 13 &&
	         !strcmp(r->path + n - 13, "/certificates"))
		plat_renew(p, r, a);
	else
		(void)refuse(a, 404, "not-found", "没有这个地址");
}

static void route_get(struct plat *p, const struct plat_request *r, struct plat_answer *a)
{
	if (starts(r->path, "/v1/operations/"))
		plat_operation(p, r, a);
	else if (starts(r->path, "/v1/changes/"))
		plat_changes(p, r, a);
	else if (starts(r->path, "/v1/snapshots/"))
		plat_snapshot(p, r, a);
	else
		(void)refuse(a, 404, "not-found", "没有这个地址");
}

/* The side door of the tests: no key, no headers. */
static void route_test(
        struct plat *p, struct plat_request *r, const struct incoming *in, struct plat_answer *a)
{
	r->json = cJSON_Parse(yz_buf_str(&in->sent));
	if (!strcmp(r->path, "/test/dump"))
		plat_dump(p, a);
	else if (!strcmp(r->path, "/test/stats"))
		plat_test_stats(p, a);
	else if (!strcmp(r->path, "/test/faults") && r->json)
		plat_fault_set(p, r, a);
	else if (!strcmp(r->path, "/test/changes") && r->json)
		plat_test_change(p, r, a);
	else if (!strcmp(r->path, "/test/expire") && r->json)
		plat_test_expire(p, r, a);
	else if (!strcmp(r->path, "/test/epoch") && r->json)
		plat_test_epoch(p, a);
	else if (!strcmp(r->path, "/test/leases"))
		plat_test_leases(p, a);
	else if (starts(r->path, "/test/streams/"))
		plat_test_stream(p, r, a);
	else
		(void)refuse(a, 404, "not-found", "");
}

/* A fault that stands in for the answer. */
static bool fault_before(struct plat *p, const struct plat_request *r, struct plat_answer *a)
{
	const struct plat_fault *f = plat_fault_hit(p, "delay", r->path);

	if (f) {
		struct timespec t = {f->delay_ms / 1000, f->delay_ms % 1000 * 1000000L};

		(void)nanosleep(&t, NULL);
	}
	f = plat_fault_hit(p, "status", r->path);
	if (f) {
		const char *code = f->status == 401   ? "unauthorised"
		                   : f->status == 403 ? "station-suspended"
		                   : f->status == 429 ? "rate-limited"
		                   : f->status == 413 ? "too-large"
		                   : f->status == 415 ? "encoding"
		                   : f->status == 400 ? "malformed"
		                                      : "unavailable";

		a->retry_after_s = f->retry_after_s;
		return !refuse(a, (unsigned)f->status, code, "测试故障");
	}
	if (!plat_fault_hit(p, "html", r->path))
		return false;
	a->status = 200;
	a->type = "text/html";
	yz_buf_puts(&a->body, "<html><body>请先登录本网络</body></html>");
	return true;
}

static void serve(struct plat *p, connection *c, const struct incoming *in, struct plat_request *r,
        struct plat_answer *a)
{
	bool post = !strcmp(r->method, "POST");

	if (starts(r->path, "/test/")) {
		route_test(p, r, in, a);
		return;
	}
	p->requests++;
	p->sends += starts(r->path, "/v1/batches") || starts(r->path, "/v1/time");
	p->gzipped += !strcmp(header(c, "Content-Encoding"), "gzip");
	if (fault_before(p, r, a))
		return;
	if (!strcmp(r->path, "/v1/time") || !strcmp(r->path, "/v1/health")) {
		a->status = 204;
	} else if (!strcmp(r->path, "/v1/stations/enrol")) {
		if (post && body_ok(c, in, r, a))
			plat_enrol(p, r, a);
	} else if (headers_ok(p, c, r, a) && (!post || body_ok(c, in, r, a))) {
		if (post)
			route_post(p, r, a);
		else
			route_get(p, r, a);
	}
}

/* Adds the lines "Name: value"; they are cut up. */
static void add_headers(struct MHD_Response *m, struct yz_buf *lines)
{
	char *line = lines->data, *end, *value;

	for (; line && *line && (end = strchr(line, '\n')); line = end + 1) {
		*end = '\0';
		value = strstr(line, ": ");
		*value = '\0';
		(void)MHD_add_response_header(m, line, value + 2);
	}
}

/* Compresses a JSON answer for one who takes that. */
static void deflate_answer(connection *c, struct plat_answer *a)
{
	z_stream z = {.next_in = (unsigned char *)a->body.data, .avail_in = (unsigned)a->body.len};
	struct yz_buf out = YZ_BUF_INIT;
	unsigned char chunk[16384];
	int rc = Z_OK;

	if (!a->type || strcmp(a->type, "application/json") != 0 || a->body.len < 200 ||
	        !strstr(header(c, "Accept-Encoding"), "gzip"))
		return;
	if (deflateInit2(&z, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return;
	while (rc == Z_OK) {
		z.next_out = chunk;
		z.avail_out = sizeof(chunk);
		rc = deflate(&z, Z_FINISH);
		yz_buf_add(&out, chunk, sizeof(chunk) - z.avail_out);
	}
	(void)deflateEnd(&z);
	yz_buf_free(&a->body);
	a->body = out;
	yz_buf_puts(&a->headers, "Content-Encoding: gzip\n");
}

static enum MHD_Result reply(struct plat *p, connection *c, struct plat_answer *a, int64_t n)
{
	struct MHD_Response *m = MHD_create_response_from_buffer(
	        a->body.len, (void *)(uintptr_t)yz_buf_str(&a->body), MHD_RESPMEM_MUST_COPY);
	char number[24];
	enum MHD_Result done;

	if (a->type)
		(void)MHD_add_response_header(m, "Content-Type", a->type);
	if (a->retry_after_s) {
		(void)snprintf(number, sizeof(number), "%d", a->retry_after_s);
		(void)MHD_add_response_header(m, "Retry-After", number);
	}
	add_headers(m, &a->headers);
	(void)MHD_add_response_header(m, "Platform-Epoch", p->epoch);
	(void)snprintf(number, sizeof(number), "%lld", (long long)n);
	(void)MHD_add_response_header(m, "Request-Id", number);
	done = MHD_queue_response(c, a->status, m);
	MHD_destroy_response(m);
	return done;
}

static enum MHD_Result answer(struct plat *p, connection *c, const struct incoming *in,
        const char *method, const char *path)
{
	const char *limit = MHD_lookup_connection_value(c, MHD_GET_ARGUMENT_KIND, "limit");
	struct plat_request r = {.method = method,
	        .path = path,
	        .station = "",
	        .limit = limit ? (int)strtol(limit, NULL, 10) : 500};
	struct plat_answer a = {.status = 500};
	const union MHD_ConnectionInfo *tls;
	enum MHD_Result done = MHD_NO;
	bool well;

	r.cursor = MHD_lookup_connection_value(c, MHD_GET_ARGUMENT_KIND, "cursor");
	if (r.limit < 1 || r.limit > 500)
		r.limit = 500;
	r.bearer = header(c, "Authorization");
	r.range = header(c, "Range");
	r.if_range = header(c, "If-Range");
	r.if_none_match = header(c, "If-None-Match");
	r.signature_input = header(c, "Signature-Input");
	r.signature = header(c, "Signature");
	r.digest = header(c, "Content-Digest");
	r.quoted_key = header(c, "Idempotency-Key");
	r.uri = in->uri;
	tls = MHD_get_connection_info(c, MHD_CONNECTION_INFO_GNUTLS_SESSION);
	r.peer = plat_pki_peer(tls ? tls->tls_session : NULL, r.peer_name);
	(void)pthread_mutex_lock(&p->at_work);
	if (p->pki && !tls && !starts(path, "/test/"))
		(void)refuse(&a, 404, "not-found", "TLS"); /* the side door leads nowhere else */
	else
		serve(p, c, in, &r, &a);
	plat_record(p, c, &r, &a);
	deflate_answer(c, &a);
	well = starts(path, "/v1/") && a.status < 300;
	if (well && plat_fault_hit(p, "truncate", path))
		a.body.len /= 2;
	/* no reply at all: the connection is cut after the commit */
	if (!well || !plat_fault_hit(p, "drop", path))
		done = reply(p, c, &a, p->requests);
	(void)pthread_mutex_unlock(&p->at_work);
	cJSON_Delete(r.json);
	free(r.body);
	yz_buf_free(&a.headers);
	yz_buf_free(&a.body);
	return done;
}

/* The first thing that is known of a request; what it returns is on_request's *state. */
static void *on_uri(void *cls, const char *uri, connection *c)
{
	struct incoming *in = yz_alloc(sizeof(*in));
	size_t n = strlen(uri) + 1;

	(void)cls, (void)c;
	in->uri = yz_alloc(n);
	memcpy(in->uri, uri, n);
	return in;
}

static enum MHD_Result on_request(void *cls, connection *c, const char *path, const char *method,
        const char *version, const char *data, size_t *size, void **state)
{
	struct incoming *in = *state;

	(void)version;
	if (!in->begun) {
		in->begun = true;
		return MHD_YES;
	}
	if (*size) {
		if (in->sent.len + *size > PLAT_BODY_MAX)
			in->too_large = true;
		else
			yz_buf_add(&in->sent, data, *size);
		*size = 0;
		return MHD_YES;
	}
	return answer(cls, c, in, method, path);
}

static void on_end(void *cls, connection *c, void **state, enum MHD_RequestTerminationCode why)
{
	struct incoming *in = *state;

	(void)cls, (void)c, (void)why;
	if (in) {
		yz_buf_free(&in->sent);
		free(in->uri);
	}
	free(in);
	*state = NULL;
}

static struct MHD_OptionItem text_option(enum MHD_OPTION what, const char *text)
{
	return (struct MHD_OptionItem){what, 0, (void *)(uintptr_t)text};
}

/* 10.77.0.2: an address that only the namespace of a test has. */
enum { FAR_END = 0x0a4d0002 };

struct MHD_Daemon *plat_http_start(struct plat *p, uint16_t port, bool tls)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
	unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_ERROR_LOG;
	struct MHD_OptionItem more[] = {{MHD_OPTION_END, 0, NULL}, {MHD_OPTION_END, 0, NULL},
	        {MHD_OPTION_END, 0, NULL}, {MHD_OPTION_END, 0, NULL}, {MHD_OPTION_END, 0, NULL}};

	at.sin_addr.s_addr = htonl(p->far ? FAR_END : INADDR_LOOPBACK);
	if (tls) {
		flags |= MHD_USE_TLS;
		more[0] = text_option(MHD_OPTION_HTTPS_MEM_KEY, plat_pki_key(p->pki));
		more[1] = text_option(MHD_OPTION_HTTPS_MEM_CERT, plat_pki_cert(p->pki));
		more[2] = text_option(MHD_OPTION_HTTPS_MEM_TRUST, plat_pki_ca(p->pki));
		more[3] = text_option(MHD_OPTION_HTTPS_PRIORITIES, plat_pki_priorities(p->pki));
	}
	return MHD_start_daemon(flags, port, NULL, NULL, on_request, p, MHD_OPTION_SOCK_ADDR,
	        (struct sockaddr *)&at, MHD_OPTION_NOTIFY_COMPLETED, on_end, NULL,
	        MHD_OPTION_URI_LOG_CALLBACK, on_uri, NULL, MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u,
	        MHD_OPTION_ARRAY, more, MHD_OPTION_END);
}
