/* Streams that the platform hands out (tariffs, catalogue, tracking, notices): how far each was
 * read, which version of what is held, and a snapshot that comes in piece by piece. The cursor is
 * written in the transaction of the items. Owned by yizhan-sync. */
#ifndef YZ_STORE_FEED_H
#define YZ_STORE_FEED_H

#include "base/buf.h"
#include "store/store.h"

enum { YZ_FEED_ID_SIZE = 65, YZ_CURSOR_SIZE = 201, YZ_ETAG_SIZE = 128, YZ_EPOCH_SIZE = 64 };

struct yz_feed {
	char stream[YZ_SHORT_SIZE];
	char cursor[YZ_CURSOR_SIZE]; /* opaque; "" before the first page */
	char epoch[YZ_EPOCH_SIZE];   /* of the platform that gave the cursor */
	char etag[YZ_ETAG_SIZE];     /* of the snapshot that is held unchanged, or "" */
	bool wants_snapshot;
	char part_etag[YZ_ETAG_SIZE]; /* of the snapshot that comes in, "" for none */
	int64_t part_total;           /* its bytes */
	int64_t good_ms;              /* when the platform last answered */
	char fault[YZ_SHORT_SIZE];    /* why not since, or "" */
};

/* A stream that was never read reads as one at its beginning. */
enum yz_status yz_feed_get(
        struct yz_store *s, const char *stream, struct yz_feed *out, struct yz_error *err);
enum yz_status yz_feed_put(struct yz_tx *tx, const struct yz_feed *f, struct yz_error *err);

/* The pieces of a snapshot in the order they came. */
enum yz_status yz_feed_part_add(
        struct yz_tx *tx, const char *stream, const void *bytes, size_t len, struct yz_error *err);
enum yz_status yz_feed_part_len(
        struct yz_store *s, const char *stream, int64_t *len, struct yz_error *err);
enum yz_status yz_feed_part_read(
        struct yz_store *s, const char *stream, struct yz_buf *out, struct yz_error *err);
enum yz_status yz_feed_part_drop(struct yz_tx *tx, const char *stream, struct yz_error *err);

struct yz_feed_item {
	char id[YZ_FEED_ID_SIZE];
	int64_t version;
	bool gone;                  /* deleted on the platform; kept against older versions */
	uint8_t digest[32];         /* SHA-256 of its data as it came; zeros when gone */
	char fault[YZ_REASON_SIZE]; /* why the station did not take it, or "" */
};

/* The version that is held. YZ_E_NOTFOUND. */
enum yz_status yz_feed_item_get(struct yz_store *s, const char *stream, const char *id,
        struct yz_feed_item *out, struct yz_error *err);
/* Notes an item, whatever was held, and marks it as seen. */
enum yz_status yz_feed_item_put(struct yz_tx *tx, const char *stream,
        const struct yz_feed_item *item, struct yz_error *err);

/* A whole stream is replaced: begin takes all marks off; next gives an item that was not seen since
 * (found false: none); drop forgets it. All in one transaction. */
enum yz_status yz_feed_sweep_begin(struct yz_tx *tx, const char *stream, struct yz_error *err);
enum yz_status yz_feed_sweep_next(struct yz_tx *tx, const char *stream, struct yz_feed_item *out,
        bool *found, struct yz_error *err);
enum yz_status yz_feed_item_drop(
        struct yz_tx *tx, const char *stream, const char *id, struct yz_error *err);

/* Items that were not taken, over all streams. */
struct yz_feed_fault {
	char stream[YZ_SHORT_SIZE], id[YZ_FEED_ID_SIZE], fault[YZ_REASON_SIZE];
	int64_t version, at_ms;
};
enum yz_status yz_feed_faults(struct yz_store *s, struct yz_feed_fault *rows, size_t max, size_t *n,
        struct yz_error *err);

#endif
