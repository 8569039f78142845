#include "config.h"

#include "store/feed.h"

#include "store/db.h"

#include <string.h>

#define FEED(X)                         \
	X(yz_feed, TEXT, stream)        \
	X(yz_feed, TEXT, cursor)        \
	X(yz_feed, TEXT, epoch)         \
	X(yz_feed, TEXT, etag)          \
	X(yz_feed, NUM, wants_snapshot) \
	X(yz_feed, TEXT, part_etag)     \
	X(yz_feed, NUM, part_total)     \
	X(yz_feed, NUM, good_ms)        \
	X(yz_feed, TEXT, fault)
YZ_COLS(feed, yz_feed, FEED);

#define ITEM(X)                        \
	X(yz_feed_item, TEXT, id)      \
	X(yz_feed_item, NUM, version)  \
	X(yz_feed_item, NUM, gone)     \
	X(yz_feed_item, BYTES, digest) \
	X(yz_feed_item, TEXT, fault)
YZ_COLS(item, yz_feed_item, ITEM);

#define FAULT(X)                       \
	X(yz_feed_fault, TEXT, stream) \
	X(yz_feed_fault, TEXT, id)     \
	X(yz_feed_fault, TEXT, fault)  \
	X(yz_feed_fault, NUM, version) \
	X(yz_feed_fault, NUM, at_ms)
YZ_COLS(fault, yz_feed_fault, FAULT);

enum yz_status yz_feed_get(
        struct yz_store *s, const char *stream, struct yz_feed *out, struct yz_error *err)
{
	struct yz_feed row = {.cursor = ""};
	struct yz_q q =
	        yz_q_start(s, "SELECT 0" FEED(YZ_COL_NAME) " FROM feed WHERE stream = ?", err);
	enum yz_status st;

	(void)yz_copy(row.stream, sizeof(row.stream), stream);
	yz_q_text(&q, stream);
	if (yz_q_next(&q))
		yz_q_get_record(&q, &feed, &row);
	st = yz_q_end(&q);
	if (st == YZ_OK)
		*out = row;
	return st;
}

enum yz_status yz_feed_put(struct yz_tx *tx, const struct yz_feed *f, struct yz_error *err)
{
	struct yz_q q = yz_q_start(
	        tx->s, "INSERT OR REPLACE INTO feed VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)", err);

	yz_q_record(&q, &feed, f);
	return yz_q_run(&q);
}

enum yz_status yz_feed_part_len(
        struct yz_store *s, const char *stream, int64_t *len, struct yz_error *err)
{
	struct yz_q q = yz_q_start(
	        s, "SELECT coalesce(sum(length(bytes)), 0) FROM feed_part WHERE stream = ?", err);

	yz_q_text(&q, stream);
	return yz_q_value(&q, len);
}

enum yz_status yz_feed_part_add(
        struct yz_tx *tx, const char *stream, const void *bytes, size_t len, struct yz_error *err)
{
	int64_t at = 0;
	enum yz_status st = yz_feed_part_len(tx->s, stream, &at, err);
	struct yz_q q;

	if (st != YZ_OK)
		return st;
	q = yz_q_start(tx->s, "INSERT INTO feed_part VALUES(?, ?, ?)", err);
	yz_q_text(&q, stream);
	yz_q_num(&q, at);
	yz_q_bytes(&q, bytes, len);
	return yz_q_run(&q);
}

enum yz_status yz_feed_part_read(
        struct yz_store *s, const char *stream, struct yz_buf *out, struct yz_error *err)
{
	struct yz_q q =
	        yz_q_start(s, "SELECT bytes FROM feed_part WHERE stream = ? ORDER BY at", err);

	yz_buf_clear(out);
	yz_q_text(&q, stream);
	while (yz_q_next(&q)) {
		size_t len;
		const void *bytes = yz_q_get_bytes(&q, &len);

		yz_buf_add(out, bytes, len);
	}
	return yz_q_end(&q);
}

enum yz_status yz_feed_part_drop(struct yz_tx *tx, const char *stream, struct yz_error *err)
{
	struct yz_q q = yz_q_start(tx->s, "DELETE FROM feed_part WHERE stream = ?", err);

	yz_q_text(&q, stream);
	return yz_q_run(&q);
}

enum yz_status yz_feed_item_get(struct yz_store *s, const char *stream, const char *id,
        struct yz_feed_item *out, struct yz_error *err)
{
	struct yz_q q = yz_q_start(
	        s, "SELECT 0" ITEM(YZ_COL_NAME) " FROM feed_item WHERE stream = ? AND id = ?", err);

	yz_q_text(&q, stream);
	yz_q_text(&q, id);
	return yz_q_one(&q, &item, out, "item of the platform");
}

enum yz_status yz_feed_item_put(
        struct yz_tx *tx, const char *stream, const struct yz_feed_item *row, struct yz_error *err)
{
	struct yz_q q = yz_q_start(tx->s,
	        "INSERT OR REPLACE INTO feed_item(mark, stream, at_ms" ITEM(
	                YZ_COL_NAME) ") VALUES(1, ?, ?" ITEM(YZ_COL_MARK) ")",
	        err);

	yz_q_text(&q, stream);
	yz_q_num(&q, tx->now.wall_ms);
	yz_q_record(&q, &item, row);
	return yz_q_run(&q);
}

enum yz_status yz_feed_sweep_begin(struct yz_tx *tx, const char *stream, struct yz_error *err)
{
	struct yz_q q = yz_q_start(tx->s, "UPDATE feed_item SET mark = 0 WHERE stream = ?", err);

	yz_q_text(&q, stream);
	return yz_q_run(&q);
}

enum yz_status yz_feed_sweep_next(struct yz_tx *tx, const char *stream, struct yz_feed_item *out,
        bool *found, struct yz_error *err)
{
	struct yz_feed_item row;
	struct yz_q q = yz_q_start(tx->s,
	        "SELECT 0" ITEM(YZ_COL_NAME) " FROM feed_item WHERE stream = ? AND mark = 0"
	                                     " LIMIT 1",
	        err);
	bool any;
	enum yz_status st;

	yz_q_text(&q, stream);
	any = yz_q_next(&q);
	if (any)
		yz_q_get_record(&q, &item, &row);
	st = yz_q_end(&q);
	if (st != YZ_OK)
		return st;
	*found = any;
	if (any)
		*out = row;
	return YZ_OK;
}

enum yz_status yz_feed_item_drop(
        struct yz_tx *tx, const char *stream, const char *id, struct yz_error *err)
{
	struct yz_q q = yz_q_start(tx->s, "DELETE FROM feed_item WHERE stream = ? AND id = ?", err);

	yz_q_text(&q, stream);
	yz_q_text(&q, id);
	return yz_q_change(&q, "item of the platform");
}

enum yz_status yz_feed_faults(
        struct yz_store *s, struct yz_feed_fault *rows, size_t max, size_t *n, struct yz_error *err)
{
	struct yz_q q = yz_q_start(s,
	        "SELECT 0" FAULT(
	                YZ_COL_NAME) " FROM feed_item WHERE fault <> '' ORDER BY stream, id",
	        err);

	return yz_q_all(&q, &fault, rows, max, n);
}
