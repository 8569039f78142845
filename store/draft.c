#include "config.h"

#include "store/draft.h"

#include "base/buf.h"
#include "store/db.h"

#include <string.h>

#define DRAFT(X)                  \
	X(yz_draft, ID, clerk)    \
	X(yz_draft, TEXT, screen) \
	X(yz_draft, NUM, at_ms)
YZ_COLS(draft, yz_draft, DRAFT);
#define DRAFT_NAMES DRAFT(YZ_COL_NAME)
#define DRAFT_MARKS DRAFT(YZ_COL_MARK)

/* Name and value, each with its NUL: no text needs escaping. */
static void pack(struct yz_buf *body, const struct yz_fields *fields)
{
	for (size_t i = 0; i < fields->count; i++) {
		yz_buf_add(body, fields->rows[i].name, strlen(fields->rows[i].name) + 1);
		yz_buf_add(body, fields->rows[i].value, strlen(fields->rows[i].value) + 1);
	}
}

static enum yz_status unpack(
        struct yz_fields *fields, const char *p, size_t len, struct yz_error *err)
{
	const char *end = p + len;

	yz_fields_free(fields);
	while (p < end) {
		const char *value = memchr(p, '\0', (size_t)(end - p));
		const char *last = value && value + 1 < end
		                           ? memchr(value + 1, '\0', (size_t)(end - value - 1))
		                           : NULL;

		if (!last)
			return yz_fail(err, YZ_E_CORRUPT, "a draft is cut off");
		yz_fields_set(fields, p, value + 1);
		p = last + 1;
	}
	return YZ_OK;
}

static enum yz_status put(
        struct yz_tx *tx, const struct yz_draft *d, const struct yz_buf *body, struct yz_error *err)
{
	struct yz_q q = yz_q_start(tx->s,
	        "INSERT OR REPLACE INTO draft(body" DRAFT_NAMES ") VALUES(?" DRAFT_MARKS ")", err);

	yz_q_bytes(&q, body->data, body->len);
	yz_q_record(&q, &draft, d);
	return yz_q_run(&q);
}

enum yz_status yz_draft_save(struct yz_store *s, const struct yz_now *now,
        const struct yz_id *clerk, const char *screen, const struct yz_fields *fields,
        struct yz_error *err)
{
	struct yz_draft d = {.clerk = *clerk, .at_ms = now->wall_ms};
	struct yz_buf body = YZ_BUF_INIT;
	struct yz_tx *tx;
	enum yz_status st = yz_tx_begin(s, now, &tx, err);

	if (st != YZ_OK)
		return st;
	(void)yz_copy(d.screen, sizeof(d.screen), screen);
	pack(&body, fields);
	st = put(tx, &d, &body, err);
	if (st == YZ_OK)
		st = yz_tx_commit(tx, err);
	else
		yz_tx_rollback(tx);
	yz_buf_free(&body);
	return st;
}

enum yz_status yz_draft_load(struct yz_store *s, const struct yz_id *clerk, const char *screen,
        struct yz_fields *fields, struct yz_error *err)
{
	struct yz_q q = yz_q_start(s, "SELECT body FROM draft WHERE clerk = ? AND screen = ?", err);

	yz_q_id(&q, clerk);
	yz_q_text(&q, screen);
	if (yz_q_next(&q)) {
		size_t len;
		const char *body = yz_q_get_bytes(&q, &len);

		q.st = unpack(fields, body, len, err);
	} else if (q.st == YZ_OK) {
		q.st = yz_fail(err, YZ_E_NOTFOUND, "no such draft");
	}
	return yz_q_end(&q);
}

enum yz_status yz_draft_drop(
        struct yz_tx *tx, const struct yz_id *clerk, const char *screen, struct yz_error *err)
{
	struct yz_q q = yz_q_start(tx->s, "DELETE FROM draft WHERE clerk = ? AND screen = ?", err);

	yz_q_id(&q, clerk);
	yz_q_text(&q, screen);
	return yz_q_run(&q);
}

enum yz_status yz_draft_list(struct yz_store *s, const struct yz_id *clerk, struct yz_draft *rows,
        size_t max, size_t *n, struct yz_error *err)
{
	struct yz_q q = yz_q_start(s,
	        "SELECT 0" DRAFT_NAMES " FROM draft WHERE clerk = ? ORDER BY at_ms DESC, screen",
	        err);

	yz_q_id(&q, clerk);
	return yz_q_all(&q, &draft, rows, max, n);
}
