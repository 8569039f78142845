#include "config.h"

#include "station/bundle.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char magic[] = "YZB1";
enum {
	FORMAT = 1,
	DICTIONARY = 1,
	STATION_MAX = 16,
	FRONT = 7, /* up to the station's id */
	BACK = 28, /* behind it, up to the box */
	SIGNATURE = crypto_sign_BYTES
};

_Static_assert(crypto_sign_SEEDBYTES == YZ_BUNDLE_KEY &&
                       crypto_sign_PUBLICKEYBYTES == YZ_BUNDLE_KEY &&
                       crypto_box_PUBLICKEYBYTES == YZ_BUNDLE_KEY &&
                       crypto_box_SECRETKEYBYTES == YZ_BUNDLE_KEY,
        "one size for all keys");

/* Where the parts of a bundle's bytes stand. */
struct parts {
	const unsigned char *all, *box;
	size_t box_len, raw_len, signed_len;
};

static void put(struct yz_buf *out, uint64_t v, int bytes)
{
	while (bytes--)
		yz_buf_putc(out, (char)(v >> 8 * bytes & 255));
}

static uint64_t get(const unsigned char **at, int bytes)
{
	uint64_t v = 0;

	while (bytes--)
		v = v << 8 | *(*at)++;
	return v;
}

void yz_bundle_id(char out[YZ_BUNDLE_ID_SIZE], const void *bytes, size_t len)
{
	unsigned char d[crypto_hash_sha256_BYTES];

	(void)crypto_hash_sha256(d, bytes, len);
	(void)snprintf(out, YZ_BUNDLE_ID_SIZE, "%02X%02X%02X%02X", d[0], d[1], d[2], d[3]);
}

static void put_front(struct yz_buf *out, const struct yz_bundle *b)
{
	size_t n = strlen(b->station);

	yz_buf_puts(out, magic);
	put(out, FORMAT, 1);
	put(out, DICTIONARY, 1);
	put(out, n, 1);
	yz_buf_add(out, b->station, n);
	put(out, (uint64_t)b->agent_epoch, 8);
	put(out, b->count, 4);
	put(out, (uint64_t)b->created_ms, 8);
	put(out, b->items.len, 4);
}

/* Adds the box and its length. */
static enum yz_status put_box(struct yz_buf *out, const struct yz_bundle *b,
        const uint8_t *station_public, const uint8_t *centre_public, struct yz_error *err)
{
	struct yz_buf plain = YZ_BUF_INIT;
	unsigned char *box;
	size_t len;
	enum yz_status st = YZ_OK;

	yz_buf_add(&plain, station_public, YZ_BUNDLE_KEY);
	yz_bundle_pack(&plain, yz_buf_str(&b->items), b->items.len);
	len = plain.len + crypto_box_SEALBYTES;
	box = yz_alloc(len);
	if (crypto_box_seal(box, (const unsigned char *)plain.data, plain.len, centre_public) != 0)
		st = yz_fail(err, YZ_E_CONFIG, "the centre's public key is not a valid one");
	put(out, len, 4);
	yz_buf_add(out, box, len);
	free(box);
	sodium_memzero(plain.data, plain.len);
	yz_buf_free(&plain);
	return st;
}

enum yz_status yz_bundle_seal(struct yz_buf *out, const struct yz_bundle *b,
        const struct yz_bundle_keys *keys, struct yz_error *err)
{
	unsigned char public[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES];
	unsigned char signature[SIGNATURE];
	enum yz_status st;

	if (sodium_init() < 0)
		abort();
	if (!b->count || b->count > YZ_BUNDLE_OPS_MAX || b->items.len > YZ_BUNDLE_BYTES_MAX / 2 ||
	        strlen(b->station) > STATION_MAX)
		return yz_fail(err, YZ_E_RANGE, "%zu operations, %zu bytes: too much for a bundle",
		        b->count, b->items.len);
	(void)crypto_sign_seed_keypair(public, secret, keys->station);
	yz_buf_clear(out);
	put_front(out, b);
	st = put_box(out, b, public, keys->centre, err);
	(void)crypto_sign_detached(
	        signature, NULL, (const unsigned char *)out->data, out->len, secret);
	yz_buf_add(out, signature, sizeof(signature));
	sodium_memzero(secret, sizeof(secret));
	return st;
}

/* It is shown before anybody has proved it: nothing that a terminal or JSON would take for more. */
static bool is_plain(const char *station)
{
	for (; *station; station++)
		if (*station <= ' ' || *station > '~' || *station == '"' || *station == '\\')
			return false;
	return true;
}

/* True if the front can be that of a bundle. */
static bool is_likely(const struct yz_bundle *b, const struct parts *p)
{
	return is_plain(b->station) && b->agent_epoch > 0 && b->created_ms > 0 && b->count &&
	       b->count <= YZ_BUNDLE_OPS_MAX && p->raw_len <= YZ_BUNDLE_BYTES_MAX &&
	       p->box_len <= YZ_BUNDLE_BYTES_MAX &&
	       p->box_len > YZ_BUNDLE_KEY + crypto_box_SEALBYTES;
}

static enum yz_status read_front(
        struct yz_bundle *out, struct parts *p, const void *bytes, size_t len, struct yz_error *err)
{
	struct yz_bundle b = {.items = YZ_BUF_INIT};
	const unsigned char *at = bytes;
	uint64_t format, dictionary;
	size_t n;

	if (len < FRONT || memcmp(bytes, magic, sizeof(magic) - 1) != 0)
		return yz_fail_say(err, YZ_E_PARSE, N_("This is no bundle of yizhan."),
		        "the first bytes are others");
	at += sizeof(magic) - 1;
	format = get(&at, 1);
	dictionary = get(&at, 1);
	if (format != FORMAT || dictionary != DICTIONARY)
		return yz_fail_say(err, YZ_E_VERSION,
		        N_("The bundle was made by a newer yizhan: upgrade this one."),
		        "another version or dictionary");
	n = (size_t)get(&at, 1);
	if (n > STATION_MAX || len < FRONT + n + BACK)
		goto cut;
	memcpy(b.station, at, n);
	at += n;
	b.agent_epoch = (int64_t)get(&at, 8);
	b.count = (size_t)get(&at, 4);
	b.created_ms = (int64_t)get(&at, 8);
	p->raw_len = (size_t)get(&at, 4);
	p->box_len = (size_t)get(&at, 4);
	p->all = bytes;
	p->box = at;
	p->signed_len = FRONT + n + BACK + p->box_len;
	if (!is_likely(&b, p) || len != p->signed_len + SIGNATURE)
		goto cut;
	*out = b;
	return YZ_OK;
cut:
	return yz_fail_say(err, YZ_E_PARSE,
	        N_("The bundle is cut short or damaged: fetch it from the station again."),
	        "its length is not what it says");
}

enum yz_status yz_bundle_peek(
        struct yz_bundle *out, const void *bytes, size_t len, struct yz_error *err)
{
	struct parts p;

	return read_front(out, &p, bytes, len, err);
}

static enum yz_status open_box(struct yz_bundle *b, const struct parts *p,
        const struct yz_bundle_keys *keys, struct yz_error *err)
{
	unsigned char public[crypto_box_PUBLICKEYBYTES];
	size_t len = p->box_len - crypto_box_SEALBYTES;
	unsigned char *plain = yz_alloc(len);
	enum yz_status st = YZ_OK;

	if (crypto_scalarmult_base(public, keys->centre) != 0 ||
	        crypto_box_seal_open(plain, p->box, p->box_len, public, keys->centre) != 0)
		st = yz_fail_say(err, YZ_E_DENIED,
		        N_("The bundle is sealed for another key than this one."),
		        "crypto_box_seal_open");
	else if (sodium_memcmp(plain, keys->station, YZ_BUNDLE_KEY) != 0)
		st = yz_fail_say(err, YZ_E_DENIED,
		        N_("The bundle was signed by one station and filled by another."),
		        "the keys inside and outside differ");
	else
		st = yz_bundle_unpack(
		        &b->items, plain + YZ_BUNDLE_KEY, len - YZ_BUNDLE_KEY, p->raw_len, err);
	sodium_memzero(plain, len);
	free(plain);
	return st;
}

enum yz_status yz_bundle_open(struct yz_bundle *out, const void *bytes, size_t len,
        const struct yz_bundle_keys *keys, struct yz_error *err)
{
	struct yz_bundle b = {.items = YZ_BUF_INIT};
	struct parts p = {.all = bytes, .box = bytes};
	enum yz_status st = read_front(&b, &p, bytes, len, err);

	if (sodium_init() < 0)
		abort();
	if (st == YZ_OK && crypto_sign_verify_detached(
	                           p.all + p.signed_len, p.all, p.signed_len, keys->station) != 0)
		st = yz_fail_say(err, YZ_E_DENIED,
		        N_("The signature is wrong: the bundle was changed on its way, or another "
		           "station made it."),
		        "crypto_sign_verify_detached");
	if (st == YZ_OK)
		st = open_box(&b, &p, keys, err);
	if (st == YZ_OK)
		*out = b;
	else
		yz_bundle_free(&b);
	return st;
}

void yz_bundle_free(struct yz_bundle *b)
{
	if (b->items.data)
		sodium_memzero(b->items.data, b->items.len);
	yz_buf_free(&b->items);
}
