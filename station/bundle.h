/* A bundle: waiting operations on their way to the centre without a line, on a stick or on paper.
 * Signed by the station (Ed25519), so that the centre knows whose it is before it opens anything;
 * sealed to the centre (X25519, crypto_box_seal), so that whoever finds it reads nothing. Numbers
 * are unsigned, highest byte first:
 *
 *   4  "YZB1"             8  agent epoch
 *   1  version, 1         4  count of operations
 *   1  dictionary, 1      8  made, ms since 1970
 *   1  n                  4  bytes of the items
 *   n  station id         4  bytes of the box
 *   box: crypto_box_seal of: 32 the station's public key; the items, packed
 *  64  crypto_sign_detached of all before it
 *
 * The items are the operations as they stand in "ops" of POST /v1/batches, byte for byte, each with
 * a newline behind it, in an order in which each stands behind those it needs. Packed: raw LZMA1
 * (lc 3, lp 0, pb 0) with data/bundle-1.dict in front. Pure but for random numbers. */
#ifndef YZ_STATION_BUNDLE_H
#define YZ_STATION_BUNDLE_H

#include "base/buf.h"
#include "base/error.h"
#include "store/store.h"

enum {
	YZ_BUNDLE_OPS_MAX = 20000,
	YZ_BUNDLE_BYTES_MAX = 64 << 20, /* of the items, and of a whole bundle */
	YZ_BUNDLE_KEY = 32,             /* bytes of each key, secret (a seed) or public */
	YZ_BUNDLE_ID_SIZE = 9           /* "7F3A90C1" and the NUL */
};

struct yz_bundle {
	char station[YZ_SHORT_SIZE];
	int64_t agent_epoch, created_ms;
	size_t count;
	struct yz_buf items; /* owned; empty after yz_bundle_peek */
};

struct yz_bundle_keys {
	uint8_t station[YZ_BUNDLE_KEY]; /* to seal: the secret seed; to open: the public key */
	uint8_t centre[YZ_BUNDLE_KEY];  /* to seal: the public key; to open: the secret key */
};

/* Writes the bundle to out, which is cleared first. Errors: YZ_E_RANGE (too much for one bundle),
 * YZ_E_CONFIG (the centre's public key is none). */
enum yz_status yz_bundle_seal(struct yz_buf *out, const struct yz_bundle *b,
        const struct yz_bundle_keys *keys, struct yz_error *err);

/* Whose bundle it says it is; nothing is proved yet. Errors: YZ_E_PARSE (no bundle, cut short or
 * too long), YZ_E_VERSION (of a newer program). */
enum yz_status yz_bundle_peek(
        struct yz_bundle *out, const void *bytes, size_t len, struct yz_error *err);

/* Checks the signature, opens, unpacks. Free with yz_bundle_free. Errors: those of yz_bundle_peek;
 * YZ_E_DENIED with err->say: the signature does not fit, or it was sealed for another key. */
enum yz_status yz_bundle_open(struct yz_bundle *out, const void *bytes, size_t len,
        const struct yz_bundle_keys *keys, struct yz_error *err);
void yz_bundle_free(struct yz_bundle *b);

/* What a person calls the bundle: the first four bytes of its SHA-256. */
void yz_bundle_id(char out[YZ_BUNDLE_ID_SIZE], const void *bytes, size_t len);

/* Private to bundle*.c: packs and unpacks items. Unpacking gives exactly raw_len bytes or
 * YZ_E_PARSE. Both add to out. */
void yz_bundle_pack(struct yz_buf *out, const void *raw, size_t len);
enum yz_status yz_bundle_unpack(
        struct yz_buf *out, const void *packed, size_t len, size_t raw_len, struct yz_error *err);

#endif
