#include "config.h"

#include "store/audit.h"

#include "base/buf.h"
#include "store/db.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct row {
	int64_t seq, at_ms;
	struct yz_id clerk;
	char action[64], ref[96], detail[208];
	uint8_t digest[32];
};

#define ROW(X)               \
	X(row, NUM, at_ms)   \
	X(row, ID, clerk)    \
	X(row, TEXT, action) \
	X(row, TEXT, ref)    \
	X(row, TEXT, detail) \
	X(row, BYTES, digest)
YZ_COLS_SEQ(columns, row, ROW);
#define ROW_NAMES ROW(YZ_COL_NAME)
#define ROW_MARKS ROW(YZ_COL_MARK)

static void add_num(crypto_hash_sha256_state *h, int64_t n)
{
	uint8_t b[8];

	for (int i = 0; i < 8; i++)
		b[i] = (uint8_t)((uint64_t)n >> (56 - 8 * i));
	(void)crypto_hash_sha256_update(h, b, sizeof(b));
}

/* Texts end in their NUL, so that no two rows give the same bytes. */
static void add_text(crypto_hash_sha256_state *h, const char *text)
{
	(void)crypto_hash_sha256_update(h, (const uint8_t *)text, strlen(text) + 1);
}

static void seal(uint8_t *digest, const uint8_t *before, const struct row *r)
{
	crypto_hash_sha256_state h;

	(void)crypto_hash_sha256_init(&h);
	(void)crypto_hash_sha256_update(&h, before, 32);
	add_num(&h, r->seq);
	add_num(&h, r->at_ms);
	(void)crypto_hash_sha256_update(&h, r->clerk.b, sizeof(r->clerk.b));
	add_text(&h, r->action);
	add_text(&h, r->ref);
	add_text(&h, r->detail);
	(void)crypto_hash_sha256_final(&h, digest);
}

static enum yz_status last(struct yz_store *s, struct row *r, struct yz_error *err)
{
	struct yz_q q = yz_q_start(s, YZ_SELECT("audit", ROW) " ORDER BY seq DESC LIMIT 1", err);

	if (yz_q_next(&q))
		yz_q_get_record(&q, &columns, r);
	return yz_q_end(&q);
}

enum yz_status yz_audit_add(struct yz_tx *tx, const struct yz_id *clerk, const char *action,
        const char *ref, const char *detail, struct yz_error *err)
{
	struct row before = {0}, r = {0};
	enum yz_status st = last(tx->s, &before, err);
	struct yz_q q;

	if (st != YZ_OK)
		return st;
	if (strlen(action) >= sizeof(r.action) || strlen(ref) >= sizeof(r.ref) ||
	        strlen(detail) > 200)
		return yz_fail(err, YZ_E_RANGE, "an audit text is too long");
	r.seq = before.seq + 1;
	r.at_ms = tx->now.wall_ms;
	if (clerk)
		r.clerk = *clerk;
	(void)yz_copy(r.action, sizeof(r.action), action);
	(void)yz_copy(r.ref, sizeof(r.ref), ref);
	(void)yz_copy(r.detail, sizeof(r.detail), detail);
	seal(r.digest, before.digest, &r);
	q = yz_q_start(tx->s, "INSERT INTO audit(seq" ROW_NAMES ") VALUES(?" ROW_MARKS ")", err);
	yz_q_num(&q, r.seq);
	yz_q_record(&q, &columns, &r);
	return yz_q_run(&q);
}

#define FROM "audit.from"

enum yz_status yz_audit_begin_anew(struct yz_tx *tx, struct yz_error *err)
{
	struct row before = {0};
	enum yz_status st = last(tx->s, &before, err);
	char from[24];

	(void)snprintf(from, sizeof(from), "%" PRId64, before.seq + 1);
	return st == YZ_OK ? yz_meta_put(tx, FROM, from, err) : st;
}

/* The row from which the chain holds, and the digest of the one before it. */
static enum yz_status chain_start(
        struct yz_store *s, int64_t *from, uint8_t *before, struct yz_error *err)
{
	struct row r = {0};
	char text[24] = "";
	enum yz_status st = yz_meta_get(s, FROM, text, sizeof(text), err);
	struct yz_q q;

	*from = *text ? strtoll(text, NULL, 10) : 1;
	if (st != YZ_OK || *from <= 1)
		return st;
	q = yz_q_start(s, YZ_SELECT("audit", ROW) " WHERE seq = ?", err);
	yz_q_num(&q, *from - 1);
	if (yz_q_next(&q))
		yz_q_get_record(&q, &columns, &r);
	memcpy(before, r.digest, sizeof(r.digest));
	return yz_q_end(&q);
}

enum yz_status yz_audit_verify(struct yz_store *s, int64_t *rows, struct yz_error *err)
{
	uint8_t before[32] = {0}, digest[32];
	int64_t from = 1, n;
	enum yz_status st = chain_start(s, &from, before, err);
	struct yz_q q;

	if (st != YZ_OK)
		return st;
	n = from - 1;
	q = yz_q_start(s, YZ_SELECT("audit", ROW) " WHERE seq >= ? ORDER BY seq", err);
	yz_q_num(&q, from);
	while (yz_q_next(&q)) {
		struct row r;

		yz_q_get_record(&q, &columns, &r);
		seal(digest, before, &r);
		if (r.seq != n + 1 || memcmp(digest, r.digest, sizeof(digest)) != 0)
			q.st = yz_fail(err, YZ_E_CORRUPT,
			        "%s: the audit does not fit at row %" PRId64, s->path, n + 1);
		memcpy(before, r.digest, sizeof(before));
		n++;
	}
	if (q.st == YZ_OK && rows)
		*rows = n;
	return yz_q_end(&q);
}
