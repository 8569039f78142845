#include "config.h"

#include "store/reference.h"

#include "store/db.h"

#include <string.h>

#define REFERENCE(X)                      \
	X(yz_reference, TEXT, kind)       \
	X(yz_reference, TEXT, name)       \
	X(yz_reference, NUM, rows)        \
	X(yz_reference, NUM, imported_ms) \
	X(yz_reference, BYTES, digest)
YZ_COLS(reference, yz_reference, REFERENCE);
#define REFERENCE_NAMES REFERENCE(YZ_COL_NAME)

#define RECIPIENT(X)                \
	X(yz_recipient, TEXT, code) \
	X(yz_recipient, TEXT, name) \
	X(yz_recipient, BYTES, public_key)
YZ_COLS(recipient, yz_recipient, RECIPIENT);
#define RECIPIENT_NAMES RECIPIENT(YZ_COL_NAME)

enum yz_status yz_reference_retire(
        struct yz_tx *tx, const char *kind, const char *name, struct yz_error *err)
{
	struct yz_q q = yz_q_start(tx->s,
	        "UPDATE reference SET current = 0 WHERE kind = ? AND name = ?"
	        " AND current = 1",
	        err);

	yz_q_text(&q, kind);
	yz_q_text(&q, name);
	return yz_q_run(&q);
}

enum yz_status yz_reference_mark(
        struct yz_store *s, const char *kind, int64_t *mark, struct yz_error *err)
{
	struct yz_q q = yz_q_start(s,
	        "SELECT coalesce(max(seq), 0) * 1000 + coalesce(sum(current), 0) FROM reference"
	        " WHERE kind = ?",
	        err);

	yz_q_text(&q, kind);
	return yz_q_value(&q, mark);
}

enum yz_status yz_reference_put(struct yz_tx *tx, struct yz_reference *ref, const char *text,
        size_t len, struct yz_error *err)
{
	struct yz_reference row = *ref;
	int64_t seq;
	enum yz_status st = yz_reference_retire(tx, row.kind, row.name, err);
	struct yz_q q;

	if (st != YZ_OK)
		return st;
	yz_digest(row.digest, text, len);
	row.imported_ms = tx->now.wall_ms;
	q = yz_q_start(tx->s, YZ_INSERT_CURRENT("reference", REFERENCE), err);
	yz_q_record(&q, &reference, &row);
	st = yz_q_insert(&q, &seq);
	if (st != YZ_OK)
		return st;
	q = yz_q_start(tx->s, "INSERT INTO reference_text(seq, text) VALUES(?, ?)", err);
	yz_q_num(&q, seq);
	yz_q_bytes(&q, text, len);
	st = yz_q_run(&q);
	if (st == YZ_OK)
		*ref = row;
	return st;
}

enum yz_status yz_reference_get(struct yz_store *s, const char *kind, const char *name,
        struct yz_buf *text, struct yz_reference *ref, struct yz_error *err)
{
	struct yz_reference row;
	struct yz_q q = yz_q_start(s,
	        "SELECT seq" REFERENCE_NAMES ", text FROM reference JOIN reference_text USING(seq)"
	        " WHERE current = 1 AND kind = ?1 AND (?2 IS NULL OR name = ?2)"
	        " ORDER BY seq DESC LIMIT 1",
	        err);

	yz_q_text(&q, kind);
	yz_q_text(&q, name); /* NULL binds NULL */
	if (yz_q_next(&q)) {
		uint8_t digest[32];
		const void *bytes;
		size_t len;

		yz_q_get_record(&q, &reference, &row);
		bytes = yz_q_get_bytes(&q, &len);
		yz_digest(digest, bytes, len);
		if (memcmp(digest, row.digest, sizeof(digest)) != 0) {
			q.st = yz_fail(err, YZ_E_CORRUPT, "%s: the reference data %s %s is damaged",
			        s->path, kind, row.name);
		} else {
			yz_buf_clear(text);
			yz_buf_add(text, bytes, len);
			if (ref)
				*ref = row;
		}
	} else if (q.st == YZ_OK) {
		q.st = yz_fail(err, YZ_E_NOTFOUND, "no reference data: %s", kind);
	}
	return yz_q_end(&q);
}

enum yz_status yz_reference_list(
        struct yz_store *s, struct yz_reference *rows, size_t max, size_t *n, struct yz_error *err)
{
	struct yz_q q = yz_q_start(
	        s, YZ_SELECT("reference", REFERENCE) " WHERE current = 1 ORDER BY kind, seq", err);

	return yz_q_all(&q, &reference, rows, max, n);
}

enum yz_status yz_recipient_put(
        struct yz_tx *tx, const struct yz_recipient *r, struct yz_error *err)
{
	struct yz_q q = yz_q_start(tx->s, "INSERT OR REPLACE INTO recipient VALUES(?, ?, ?)", err);

	yz_q_record(&q, &recipient, r);
	return yz_q_run(&q);
}

enum yz_status yz_recipient_get(
        struct yz_store *s, const char *code, struct yz_recipient *out, struct yz_error *err)
{
	struct yz_q q =
	        yz_q_start(s, "SELECT 0" RECIPIENT_NAMES " FROM recipient WHERE code = ?", err);

	yz_q_text(&q, code);
	return yz_q_one(&q, &recipient, out, "recipient");
}
