#include "config.h"

#include "store/verify.h"

#include "store/audit.h"
#include "store/db.h"
#include "store/op.h"

#include <inttypes.h>
#include <string.h>

static enum yz_status check_pages(struct yz_store *s, const char *pragma, struct yz_error *err)
{
	struct yz_q q = yz_q_start(s, pragma, err);
	char text[200] = "";

	if (yz_q_next(&q))
		yz_q_get_text(&q, text, sizeof(text));
	if (q.st == YZ_OK && strstr(text, "unable to get the page")) { /* SQLite's words for EIO */
		s->read_faults++;
		q.st = yz_fail(err, YZ_E_IO, "%s: %s", s->path, text);
	} else if (q.st == YZ_OK && strcmp(text, "ok") != 0)
		q.st = yz_fail(err, YZ_E_CORRUPT, "%s: %s", s->path, text);
	return yz_q_end(&q);
}

/* True if the next two columns are a digest and the bytes it is of. */
static bool is_proved(struct yz_q *q)
{
	uint8_t digest[32];
	size_t body_len, digest_len;
	const void *want = yz_q_get_bytes(q, &digest_len);
	const void *body = yz_q_get_bytes(q, &body_len);

	if (!body || !want || digest_len != sizeof(digest))
		return false;
	yz_digest(digest, body, body_len);
	return memcmp(want, digest, sizeof(digest)) == 0;
}

/* Each row: a name, the digest, the bytes. */
static enum yz_status check_digests(
        struct yz_store *s, const char *sql, const char *what, struct yz_error *err)
{
	struct yz_q q = yz_q_start(s, sql, err);

	while (yz_q_next(&q)) {
		char name[64];

		yz_q_get_text(&q, name, sizeof(name));
		if (!is_proved(&q))
			q.st = yz_fail(
			        err, YZ_E_CORRUPT, "%s: the %s %s is damaged", s->path, what, name);
	}
	return yz_q_end(&q);
}

#define BODIES                                                               \
	"SELECT lower(hex(o.id)), o.digest, b.body FROM outbox o LEFT JOIN " \
	"outbox_body b ON b.seq = o.seq WHERE (b.seq IS NULL OR b.body IS NOT NULL)"

static enum yz_status check_bodies(struct yz_store *s, struct yz_error *err)
{
	return check_digests(s, BODIES, "body of operation", err);
}

enum yz_status yz_store_check(struct yz_store *s, struct yz_error *err)
{
	enum yz_status st = check_pages(s, "PRAGMA quick_check(1)", err);

	return st == YZ_OK ? check_bodies(s, err) : st;
}

/* A read that the disk refuses is tried again; refused each time, it is damage. */
static enum yz_status insist(struct yz_store *s,
        enum yz_status (*check)(struct yz_store *, struct yz_error *), struct yz_error *err)
{
	struct yz_error why = {0};
	enum yz_status st = YZ_E_IO;
	int before = s->read_faults - 1;

	while (st == YZ_E_IO && before < s->read_faults && s->read_faults < YZ_READ_FAULTS_MAX) {
		before = s->read_faults;
		st = check(s, &why);
	}
	if (st == YZ_E_IO && s->read_faults >= YZ_READ_FAULTS_MAX)
		return yz_fail(err, YZ_E_CORRUPT, "%s: cannot be read", s->path);
	if (st != YZ_OK && err)
		*err = why;
	return st;
}

static enum yz_status check_start(struct yz_store *s, struct yz_error *err)
{
	enum yz_status st = check_pages(s, "PRAGMA quick_check(1)", err);

	return st == YZ_OK ? check_digests(s, BODIES " AND " YZ_OP_OPEN, "body of operation", err)
	                   : st;
}

enum yz_status yz_store_check_start(struct yz_store *s, struct yz_error *err)
{
	return insist(s, check_start, err);
}

static enum yz_status sweep(struct yz_store *s, struct yz_error *err)
{
	enum yz_status st = check_pages(s, "PRAGMA integrity_check(1)", err);

	if (st == YZ_OK)
		st = yz_tally_check(s, err);
	if (st == YZ_OK)
		st = check_bodies(s, err);
	if (st == YZ_OK)
		st = check_digests(s,
		        "SELECT r.kind || ' ' || r.name, r.digest, t.text"
		        " FROM reference r LEFT JOIN reference_text t ON t.seq = r.seq",
		        "reference data", err);
	return st == YZ_OK ? yz_audit_verify(s, NULL, err) : st;
}

enum yz_status yz_store_verify(struct yz_store *s, struct yz_error *err)
{
	bool view = yz_view_begin(s);
	enum yz_status st;

	/* the checks jump between tables and indexes: with 256 KiB they would read all again */
	st = yz_db_exec(s, "PRAGMA cache_size=-16000", err);
	if (st == YZ_OK)
		st = insist(s, sweep, err);
	(void)yz_db_exec(s, "PRAGMA cache_size=-256", NULL);
	yz_view_end(s, view);
	return st;
}
