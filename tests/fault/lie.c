#include "config.h"

#include "tests/fault/lie.h"

#include "base/id.h"
#include "tests/fault/sync_fault.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { IDS_MAX = 200, BOMB_MIB = 64 };

/* What the lie is made of: the good answer's parts. */
struct made {
	char id[IDS_MAX][YZ_ID_TEXT_SIZE];
	int n;
	struct yz_buf *out; /* what goes on the wire */
	int client;
};

#define JSON "application/json"

/* The request's JSON, inflated if it must be. */
static void plain_body(const struct yz_buf *request, struct yz_buf *plain)
{
	char encoding[24];
	size_t len;
	const char *body = line_body(request, &len);
	z_stream z = {.next_in = (unsigned char *)(uintptr_t)body, .avail_in = (unsigned)len};
	unsigned char chunk[16384];
	int rc = Z_OK;

	line_header(request, "Content-Encoding", encoding, sizeof(encoding));
	if (strcmp(encoding, "gzip") != 0) {
		yz_buf_add(plain, body, len);
		return;
	}
	if (inflateInit2(&z, 16 + MAX_WBITS) != Z_OK)
		return;
	while (rc == Z_OK) {
		z.next_out = chunk;
		z.avail_out = sizeof(chunk);
		rc = inflate(&z, Z_NO_FLUSH);
		yz_buf_add(plain, chunk, sizeof(chunk) - z.avail_out);
	}
	(void)inflateEnd(&z);
}

static void read_ids(struct made *m, const struct yz_buf *request)
{
	static const char name[] = "\"op_id\":\"";
	struct yz_buf plain = YZ_BUF_INIT;
	const char *p;

	plain_body(request, &plain);
	p = yz_buf_str(&plain);
	while (m->n < IDS_MAX && (p = strstr(p, name))) {
		p += sizeof(name) - 1;
		(void)snprintf(m->id[m->n++], YZ_ID_TEXT_SIZE, "%s", p);
	}
	yz_buf_free(&plain);
}

static void result(struct yz_buf *b, const char *id, const char *rest)
{
	yz_buf_printf(b, "%s{\"op_id\":\"%s\"%s}", b->len && b->data[b->len - 1] == '}' ? "," : "",
	        id, rest);
}

#define GOOD ",\"status\":\"applied\",\"server_id\":\"1\",\"version\":1"
#define HEAD "{\"results\":["
#define TAIL "],\"high_seq\":9}"

/* What the platform would say if all were well. */
static void good(const struct made *m, struct yz_buf *b)
{
	yz_buf_puts(b, HEAD);
	for (int i = 0; i < m->n; i++)
		result(b, m->id[i], GOOD);
	yz_buf_puts(b, TAIL);
}

/* As good, with the first result's members replaced and an end of choice. */
static void spoilt(const struct made *m, struct yz_buf *b, const char *rest, const char *tail)
{
	yz_buf_puts(b, HEAD);
	for (int i = 0; i < m->n; i++)
		result(b, m->id[i], i ? GOOD : rest);
	yz_buf_puts(b, tail);
}

static void send_as(
        const struct made *m, const char *status, const char *headers, const struct yz_buf *body)
{
	yz_buf_printf(
	        m->out, "HTTP/1.1 %s\r\n%sContent-Length: %zu\r\n\r\n", status, headers, body->len);
	yz_buf_add(m->out, yz_buf_str(body), body->len);
}

#define TYPE "Content-Type: " JSON "\r\n"

/* ---- the right words in the wrong wrapping: arg is "STATUS|HEADERS" ---- */
static bool wrapped(const struct made *m, const char *arg)
{
	struct yz_buf b = YZ_BUF_INIT;
	char status[40];

	(void)snprintf(status, sizeof(status), "%.*s", (int)strcspn(arg, "|"), arg);
	good(m, &b);
	send_as(m, status, strchr(arg, '|') + 1, &b);
	yz_buf_free(&b);
	return true;
}

/* ---- other words in the right wrapping: arg is the body ---- */
static bool worded(const struct made *m, const char *arg)
{
	struct yz_buf b = YZ_BUF_INIT;

	yz_buf_puts(&b, arg);
	send_as(m, "200 OK", TYPE, &b);
	yz_buf_free(&b);
	return true;
}

static bool portal(const struct made *m, const char *arg)
{
	struct yz_buf b = YZ_BUF_INIT;

	yz_buf_puts(&b, "<html><head><title>登录</title></head><body>请先登录本网络</body></html>");
	send_as(m, "200 OK", arg, &b);
	yz_buf_free(&b);
	return true;
}

/* ---- the first result is odd: arg is what stands behind its op_id ---- */
static bool odd_first(const struct made *m, const char *arg)
{
	struct yz_buf b = YZ_BUF_INIT;

	spoilt(m, &b, arg, TAIL);
	send_as(m, "200 OK", TYPE, &b);
	yz_buf_free(&b);
	return true;
}

/* ---- the end is odd: arg stands behind the results ---- */
static bool odd_tail(const struct made *m, const char *arg)
{
	struct yz_buf b = YZ_BUF_INIT;

	spoilt(m, &b, GOOD, arg);
	send_as(m, "200 OK", TYPE, &b);
	yz_buf_free(&b);
	return true;
}

/* ---- other results: arg lists indices from 0, letters for odd ones ---- */
static bool listed(const struct made *m, const char *arg)
{
	static const char other[] = "018bcfe5-6800-7a11-8c01-0242ac120099";
	struct yz_buf b = YZ_BUF_INIT;

	yz_buf_puts(&b, HEAD);
	for (; *arg; arg++) {
		char upper[YZ_ID_TEXT_SIZE];
		int last = m->n - 1;

		for (int i = 0; i < YZ_ID_TEXT_SIZE; i++)
			upper[i] = m->id[0][i] >= 'a' ? (char)(m->id[0][i] - 32) : m->id[0][i];
		if (*arg == 'x')
			result(&b, other, GOOD);
		else if (*arg == 'u')
			result(&b, upper, GOOD);
		else
			result(&b, m->id[*arg - '0' < last ? *arg - '0' : last], GOOD);
	}
	yz_buf_puts(&b, TAIL);
	send_as(m, "200 OK", TYPE, &b);
	yz_buf_free(&b);
	return true;
}

/* ---- truncated JSON: arg is how many thousandths are left; whole as HTTP ---- */
static bool truncated(const struct made *m, const char *arg)
{
	struct yz_buf b = YZ_BUF_INIT;

	good(m, &b);
	b.len = b.len * strtoul(arg, NULL, 10) / 1000;
	b.len -= b.len > 0;
	b.data[b.len] = '\0';
	send_as(m, "200 OK", TYPE, &b);
	yz_buf_free(&b);
	return true;
}

/* ---- bytes added to the right words: arg "n": a NUL, "u": broken UTF-8, "j": a second object ----
 */
static bool with_bytes(const struct made *m, const char *arg)
{
	struct yz_buf b = YZ_BUF_INIT;

	if (*arg == 'u') {
		spoilt(m, &b, ",\"status\":\"applied\",\"server_id\":\"\xff\xfe\"", TAIL);
	} else {
		good(m, &b);
		if (*arg == 'n')
			yz_buf_add(&b, "\0", 1);
		else
			yz_buf_puts(&b, "{}");
	}
	send_as(m, "200 OK", TYPE, &b);
	yz_buf_free(&b);
	return true;
}

/* ---- HTTP that breaks off or is none ---- */
static bool broken_http(const struct made *m, const char *arg)
{
	struct yz_buf b = YZ_BUF_INIT;

	good(m, &b);
	if (*arg == 'l') /* longer than it is */
		yz_buf_printf(m->out, "HTTP/1.1 200 OK\r\n" TYPE "Content-Length: %zu\r\n\r\n%s",
		        b.len + 10, yz_buf_str(&b));
	else if (*arg == 'c') /* a chunk that promises more */
		yz_buf_printf(m->out,
		        "HTTP/1.1 200 OK\r\n" TYPE "Transfer-Encoding: chunked\r\n\r\n%zx\r\n%s",
		        b.len + 1, yz_buf_str(&b));
	else if (*arg == 'g') /* a chunk size that is no number */
		yz_buf_printf(m->out,
		        "HTTP/1.1 200 OK\r\n" TYPE "Transfer-Encoding: chunked\r\n\r\nzz\r\n%s",
		        yz_buf_str(&b));
	else if (*arg == '9') /* no header at all */
		yz_buf_puts(m->out, yz_buf_str(&b));
	else if (*arg == 'h') /* a header and then nothing */
		yz_buf_puts(m->out, "HTTP/1.1 200 OK\r\n" TYPE);
	(void)line_write(m->client, yz_buf_str(m->out), m->out->len);
	yz_buf_free(&b);
	return false;
}

/* ---- compressed: arg "g" garbage, "t" cut off, "b" a bomb of blanks before the right words ----
 */
static bool zipped(const struct made *m, const char *arg)
{
	struct yz_buf plain = YZ_BUF_INIT, b = YZ_BUF_INIT;
	uLong bound;
	z_stream z = {0};

	for (int i = 0; *arg == 'b' && i < BOMB_MIB * 1024; i++)
		yz_buf_printf(&plain, "%1024s", "");
	good(m, &plain);
	if (deflateInit2(&z, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return false;
	bound = deflateBound(&z, plain.len);
	b.data = yz_alloc(bound + 1);
	b.cap = bound + 1;
	z.next_in = (unsigned char *)plain.data;
	z.avail_in = (unsigned)plain.len;
	z.next_out = (unsigned char *)b.data;
	z.avail_out = (unsigned)bound;
	(void)deflate(&z, Z_FINISH);
	b.len = bound - z.avail_out;
	(void)deflateEnd(&z);
	if (*arg == 't')
		b.len /= 2;
	if (*arg == 'g')
		memset(b.data + 10, 'x', b.len - 10);
	send_as(m, "200 OK", TYPE "Content-Encoding: gzip\r\n", &b);
	yz_buf_free(&plain);
	yz_buf_free(&b);
	return true;
}

/* ---- too much of something: arg "b" body, "d" depth, "h" headers ---- */
static bool too_much(const struct made *m, const char *arg)
{
	struct yz_buf b = YZ_BUF_INIT, headers = YZ_BUF_INIT;

	yz_buf_puts(&headers, TYPE);
	for (int i = 0; *arg == 'b' && i < 3 * 1024; i++)
		yz_buf_printf(&b, "%1024s", "");
	for (int i = 0; *arg == 'd' && i < 200000; i++)
		yz_buf_putc(&b, '[');
	for (int i = 0; *arg == 'h' && i < 8000; i++)
		yz_buf_printf(&headers, "X-Fill-%d: %0100d\r\n", i, i);
	good(m, &b);
	send_as(m, "200 OK", yz_buf_str(&headers), &b);
	yz_buf_free(&b);
	yz_buf_free(&headers);
	return true;
}

/* ---- slow: a byte now and then; arg is the seconds it goes on ---- */
static bool loris(const struct made *m, const char *arg)
{
	int64_t end = fault_ms() + strtol(arg, NULL, 10) * 1000;
	struct yz_buf b = YZ_BUF_INIT;

	yz_buf_puts(&b, "HTTP/1.1 200 OK\r\n" TYPE "Content-Length: 100000\r\n\r\n");
	good(m, &b);
	for (size_t i = 0; i < b.len && fault_ms() < end; i++) {
		if (!line_write(m->client, b.data + i, 1))
			break;
		fault_nap_us(100000);
	}
	yz_buf_free(&b);
	return false;
}

static const struct {
	const char *name;
	bool (*tell)(const struct made *m, const char *arg);
	const char *arg;
} lies[] = {
        {"a captive portal", portal, "Content-Type: text/html\r\n"},
        {"a portal that calls itself JSON", portal, TYPE},
        {"an empty body", worded, ""},
        {"a portal without a type", portal, ""},
        {"status 201 with the right words", wrapped, "201 Created|" TYPE},
        {"status 202 with the right words", wrapped, "202 Accepted|" TYPE},
        {"status 203 with the right words", wrapped, "203 Non-Authoritative Information|" TYPE},
        {"status 205 with the right words", wrapped, "205 Reset Content|" TYPE},
        {"status 206 with the right words", wrapped, "206 Partial Content|" TYPE},
        {"status 300 with the right words", wrapped,
                "300 Multiple Choices|" TYPE "Location: http://127.0.0.1:9/v1/batches\r\n"},
        {"status 301 with the right words", wrapped,
                "301 Moved Permanently|" TYPE "Location: http://127.0.0.1:9/v1/batches\r\n"},
        {"status 302 with the right words", wrapped,
                "302 Found|" TYPE "Location: http://127.0.0.1:9/v1/batches\r\n"},
        {"status 303 with the right words", wrapped,
                "303 See Other|" TYPE "Location: http://127.0.0.1:9/v1/batches\r\n"},
        {"status 307 with the right words", wrapped,
                "307 Temporary Redirect|" TYPE "Location: http://127.0.0.1:9/v1/batches\r\n"},
        {"status 308 with the right words", wrapped,
                "308 Permanent Redirect|" TYPE "Location: http://127.0.0.1:9/v1/batches\r\n"},
        {"status 204", wrapped, "204 No Content|"},
        {"right words as text/html", wrapped, "200 OK|Content-Type: text/html\r\n"},
        {"right words as text/plain", wrapped, "200 OK|Content-Type: text/plain\r\n"},
        {"right words as octets", wrapped, "200 OK|Content-Type: application/octet-stream\r\n"},
        {"right words as a problem", wrapped, "200 OK|Content-Type: application/problem+json\r\n"},
        {"right words without a type", wrapped, "200 OK|"},
        {"no results", worded, HEAD TAIL},
        {"results null", worded, "{\"results\":null,\"high_seq\":9}"},
        {"results an object", worded, "{\"results\":{},\"high_seq\":9}"},
        {"an array at the top", worded, "[]"},
        {"a bare true", worded, "true"},
        {"an empty object", worded, "{}"},
        {"one result too few", listed, "0123"},
        {"one result too many", listed, "012344"},
        {"two changed places", listed, "10234"},
        {"backwards", listed, "43210"},
        {"a stranger first", listed, "x1234"},
        {"a stranger last", listed, "0123x"},
        {"the first for all", listed, "00000"},
        {"an id in capitals", listed, "u1234"},
        {"no status", odd_first, ""},
        {"an unknown status", odd_first, ",\"status\":\"ok\""},
        {"a status in capitals", odd_first, ",\"status\":\"APPLIED\""},
        {"a status that is a number", odd_first, ",\"status\":1"},
        {"two statuses", odd_first, ",\"status\":\"rejected\",\"status\":\"applied\""},
        {"applied with a problem", odd_first, GOOD ",\"problem\":{\"code\":\"validation\"}"},
        {"applied with a code", odd_first, GOOD ",\"code\":\"validation\""},
        {"refused without a reason", odd_first, ",\"status\":\"rejected\""},
        {"an op_id twice", odd_first, GOOD ",\"op_id\":\"018bcfe5-6800-7a11-8c01-0242ac120099\""},
        {"no high_seq", odd_tail, "]}"},
        {"a high_seq of text", odd_tail, "],\"high_seq\":\"9\"}"},
        {"a high_seq below zero", odd_tail, "],\"high_seq\":-1}"},
        {"a high_seq in halves", odd_tail, "],\"high_seq\":1.5}"},
        {"a high_seq beyond all", odd_tail, "],\"high_seq\":1e999}"},
        {"results twice", odd_tail, "],\"results\":[],\"high_seq\":9}"},
        {"an array that does not end", odd_tail, ",\"high_seq\":9}"},
        {"JSON cut at 1 of 1000", truncated, "1"},
        {"JSON cut at 100 of 1000", truncated, "100"},
        {"JSON cut at 200 of 1000", truncated, "200"},
        {"JSON cut at 300 of 1000", truncated, "300"},
        {"JSON cut at 400 of 1000", truncated, "400"},
        {"JSON cut at 500 of 1000", truncated, "500"},
        {"JSON cut at 600 of 1000", truncated, "600"},
        {"JSON cut at 700 of 1000", truncated, "700"},
        {"JSON cut at 800 of 1000", truncated, "800"},
        {"JSON cut at 900 of 1000", truncated, "900"},
        {"JSON cut at 950 of 1000", truncated, "950"},
        {"JSON cut at 990 of 1000", truncated, "990"},
        {"JSON cut at 1000 of 1000", truncated, "1000"},
        {"a NUL behind it", with_bytes, "n"},
        {"broken UTF-8 in it", with_bytes, "u"},
        {"a second object behind it", with_bytes, "j"},
        {"a body shorter than promised", broken_http, "l"},
        {"a chunk shorter than promised", broken_http, "c"},
        {"a chunk size that is no number", broken_http, "g"},
        {"no HTTP at all", broken_http, "9"},
        {"a header and then nothing", broken_http, "h"},
        {"an end without a byte", broken_http, "0"},
        {"garbage called gzip", zipped, "g"},
        {"gzip that breaks off", zipped, "t"},
        {"a gzip bomb", zipped, "b"},
        {"3 MiB of blanks", too_much, "b"},
        {"200,000 brackets", too_much, "d"},
        {"8,000 headers", too_much, "h"},
        {"a slow one that gives up", loris, "2"},
        {"a slow one that goes on", loris, "100"},
};

const char *lie_name(int lie)
{
	return lie < (int)(sizeof(lies) / sizeof(lies[0])) ? lies[lie].name : NULL;
}

bool lie_is_slow(int lie)
{
	return lies[lie].tell == loris && strlen(lies[lie].arg) > 1;
}

bool lie_tell(int lie, const struct yz_buf *request, struct yz_buf *out, int client)
{
	struct made m = {.out = out, .client = client};

	read_ids(&m, request);
	return lies[lie].tell(&m, lies[lie].arg);
}
