#include "config.h"

#include "net/pull_state.h"

#include "base/buf.h"
#include "base/clock.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A snapshot comes in pieces: each is on disk before the next is asked for, so a cut costs one
 * piece. The ETag keeps the pieces together, the digests find a damaged one. */

enum { PIECE_OF_LIMIT = 128, WHOLE_MAX = 32 << 20 };

static int64_t piece_bytes(const struct yz_pull *p)
{
	int64_t n = (int64_t)p->limit * PIECE_OF_LIMIT; /* 62 KiB on a good line */

	return n < 1024 ? 1024 : n;
}

bool yz_snapshot_start(struct yz_pull *p, int64_t *wait_ms)
{
	char path[64], range[64], about[YZ_ETAG_SIZE + 24];
	const char *headers[] = {range, NULL, NULL};
	struct yz_http_request r = {.path = path, .headers = headers, .plain = true};
	struct yz_error err;
	int64_t have = 0;

	if (yz_feed_part_len(p->setup.desk.store, p->feed.stream, &have, &err) != YZ_OK) {
		yz_errand_trouble(&p->errand, &err);
		return false;
	}
	p->asked_from = have;
	(void)snprintf(path, sizeof(path), "/v1/snapshots/%s", p->feed.stream);
	(void)snprintf(range, sizeof(range), "Range: bytes=%" PRId64 "-%" PRId64, have,
	        have + piece_bytes(p) - 1);
	if (have)
		(void)snprintf(about, sizeof(about), "If-Range: %s", p->feed.part_etag);
	else
		(void)snprintf(about, sizeof(about), "If-None-Match: %s", p->feed.etag);
	if (have || *p->feed.etag)
		headers[1] = about;
	return yz_errand_start(&p->errand, &r, wait_ms);
}

/* True if the header names the SHA-256 of the bytes, or is absent. */
static bool digest_fits(
        const struct yz_http_reply *r, const char *header, const struct yz_buf *bytes)
{
	unsigned char d[crypto_hash_sha256_BYTES];
	char b64[sodium_base64_ENCODED_LEN(sizeof(d), sodium_base64_VARIANT_ORIGINAL)];
	char want[96], got[200];

	if (!yz_http_header(r, header, got, sizeof(got)))
		return true;
	(void)crypto_hash_sha256(d, (const unsigned char *)yz_buf_str(bytes), bytes->len);
	(void)sodium_bin2base64(b64, sizeof(b64), d, sizeof(d), sodium_base64_VARIANT_ORIGINAL);
	(void)snprintf(want, sizeof(want), "sha-256=:%s:", b64);
	return strstr(got, want) != NULL;
}

/* The pieces are of no use: begin again, later. */
static void begin_again(struct yz_pull *p, const char *why)
{
	struct yz_feed feed = p->feed;

	feed.part_etag[0] = '\0';
	feed.part_total = 0;
	(void)yz_copy(feed.fault, sizeof(feed.fault), why);
	if (yz_pull_save(p, feed, (struct yz_pull_step){.drop_parts = true}))
		yz_errand_bad(&p->errand, why);
}

/* All of it is here: what is held gives way to it in one transaction. */
static void swap(struct yz_pull *p, const struct yz_http_reply *r, struct yz_buf *whole)
{
	struct yz_pull_step step = {.replace = true, .drop_parts = true};
	struct yz_feed feed = p->feed;
	struct yz_wire_page page;
	struct yz_error err;

	if (!digest_fits(r, "Repr-Digest", whole) || !whole->len ||
	        yz_wire_snapshot(&page, whole->data, whole->len, &err) != YZ_OK) {
		begin_again(p, "bad-snapshot");
		return;
	}
	step.page = &page;
	(void)yz_copy(feed.cursor, sizeof(feed.cursor), page.cursor);
	(void)yz_copy(feed.epoch, sizeof(feed.epoch), r->epoch);
	(void)yz_http_header(r, "ETag", feed.etag, sizeof(feed.etag));
	feed.wants_snapshot = false;
	feed.part_etag[0] = feed.fault[0] = '\0';
	feed.part_total = 0;
	if (yz_pull_save(p, feed, step))
		yz_errand_ok(&p->errand);
	yz_wire_page_free(&page);
}

/* Keeps a piece that is not the last. */
static void keep_piece(struct yz_pull *p, const struct yz_http_reply *r, const struct yz_feed *feed)
{
	struct yz_now now = yz_clock_now(p->setup.test_now_ms);
	struct yz_tx *tx = NULL;
	struct yz_error err;
	enum yz_status st = yz_tx_begin(p->setup.desk.store, &now, &tx, &err);

	if (st == YZ_OK) {
		st = yz_feed_part_add(tx, feed->stream, r->body.data, r->body.len, &err);
		if (st == YZ_OK)
			st = yz_feed_put(tx, feed, &err);
		if (st == YZ_OK)
			st = yz_tx_commit(tx, &err);
		else
			yz_tx_rollback(tx);
	}
	if (st != YZ_OK)
		yz_errand_trouble(&p->errand, &err);
	else
		yz_errand_ok(&p->errand);
}

/* "bytes 0-99/1234" */
static bool read_range(const struct yz_http_reply *r, int64_t *from, int64_t *total)
{
	char text[80], *end;
	int64_t to;

	if (!yz_http_header(r, "Content-Range", text, sizeof(text)) ||
	        strncmp(text, "bytes ", 6) != 0)
		return false;
	*from = strtoll(text + 6, &end, 10);
	if (*end != '-')
		return false;
	to = strtoll(end + 1, &end, 10);
	if (*end != '/')
		return false;
	*total = strtoll(end + 1, &end, 10);
	return !*end && *from >= 0 && to >= *from && to < *total &&
	       (int64_t)r->body.len == to - *from + 1;
}

static void piece_came(struct yz_pull *p, const struct yz_http_reply *r)
{
	struct yz_feed feed = p->feed;
	struct yz_buf whole = YZ_BUF_INIT;
	struct yz_error err;
	int64_t from = 0, total = 0;

	(void)yz_http_header(r, "ETag", feed.part_etag, sizeof(feed.part_etag));
	if (!read_range(r, &from, &total) || from != p->asked_from || feed.part_etag[0] != '"' ||
	        !*r->epoch || total > WHOLE_MAX || !digest_fits(r, "Content-Digest", &r->body) ||
	        (from && (strcmp(feed.part_etag, p->feed.part_etag) != 0 ||
	                         total != p->feed.part_total))) {
		begin_again(p, total > WHOLE_MAX ? "snapshot-too-large" : "bad-snapshot");
		return;
	}
	feed.part_total = total;
	if (from + (int64_t)r->body.len < total) {
		keep_piece(p, r, &feed);
		return;
	}
	if (yz_feed_part_read(p->setup.desk.store, feed.stream, &whole, &err) != YZ_OK) {
		yz_errand_trouble(&p->errand, &err);
	} else {
		yz_buf_add(&whole, r->body.data, r->body.len);
		swap(p, r, &whole);
	}
	yz_buf_free(&whole);
}

/* A platform that knows no ranges sends all of it, or it changed since the first piece. */
static void whole_came(struct yz_pull *p, const struct yz_http_reply *r)
{
	struct yz_buf whole = YZ_BUF_INIT;

	if (!*r->epoch || strncmp(r->type, "application/x-ndjson", 20) != 0 ||
	        !digest_fits(r, "Content-Digest", &r->body)) {
		yz_errand_bad(
		        &p->errand, strncmp(r->type, "text/html", 9) ? "bad-answer" : "portal");
		return;
	}
	yz_buf_add(&whole, yz_buf_str(&r->body), r->body.len);
	swap(p, r, &whole);
	yz_buf_free(&whole);
}

/* What is held is the snapshot, unchanged since: its cursor holds as well. */
static void unchanged(struct yz_pull *p, const struct yz_http_reply *r)
{
	struct yz_feed feed = p->feed;

	if (!*r->epoch) {
		yz_errand_bad(&p->errand, "bad-answer");
		return;
	}
	feed.wants_snapshot = false;
	feed.etag[0] = feed.fault[0] = '\0'; /* if the cursor is no good again, take it whole */
	(void)yz_copy(feed.epoch, sizeof(feed.epoch), r->epoch);
	if (yz_pull_save(p, feed, (struct yz_pull_step){.drop_parts = true}))
		yz_errand_ok(&p->errand);
}

void yz_snapshot_answered(struct yz_pull *p, const struct yz_http_reply *r)
{
	if (r->status == 206)
		piece_came(p, r);
	else if (r->status == 200)
		whole_came(p, r);
	else if (r->status == 304)
		unchanged(p, r);
	else
		yz_errand_bad(&p->errand, "bad-answer");
}

void yz_snapshot_refused(struct yz_pull *p, const struct yz_http_reply *r)
{
	char why[YZ_SHORT_SIZE];

	(void)snprintf(why, sizeof(why), "snapshot-http-%d", r->status);
	begin_again(p, why);
}
