#include "config.h"

#include "station/vault.h"

#include "base/buf.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	MAGIC = 8,
	WHICH = 8,
	STREAM_KEY = crypto_secretstream_xchacha20poly1305_KEYBYTES,
	BOX = STREAM_KEY + crypto_box_SEALBYTES,
	STREAM_HEADER = crypto_secretstream_xchacha20poly1305_HEADERBYTES,
	HEAD = MAGIC + WHICH + BOX + STREAM_HEADER,
	BLOCK = 65536,
	SEALED = BLOCK + crypto_secretstream_xchacha20poly1305_ABYTES
};

static const char magic[MAGIC + 1] = "YZVAULT1";

struct vault {
	const char *from;
	char to[PATH_MAX]; /* the temporary name */
	FILE *in, *out;
	crypto_secretstream_xchacha20poly1305_state stream;
	uint8_t head[HEAD];
	uint8_t *plain, *sealed;
};

static enum yz_status fail_at(const char *path, struct yz_error *err)
{
	enum yz_status st = errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? YZ_E_FULL
	                    : errno == ENOENT                                    ? YZ_E_NOTFOUND
	                                                                         : YZ_E_IO;

	return yz_fail(err, st, "%s: %s", path, strerror(errno));
}

static enum yz_status broken(const struct vault *v, struct yz_error *err)
{
	return yz_fail_say(err, YZ_E_PARSE,
	        N_("This is no backup of yizhan, or it was changed or cut short: take another "
	           "one."),
	        "%s", v->from);
}

static enum yz_status begin(struct vault *v, const char *from, const char *to, struct yz_error *err)
{
	int fd;

	memset(v, 0, sizeof(*v));
	v->from = from;
	if (sodium_init() < 0)
		return yz_fail(err, YZ_E_IO, "libsodium gives no random numbers");
	if (snprintf(v->to, sizeof(v->to), "%s.part", to) >= (int)sizeof(v->to))
		return yz_fail(err, YZ_E_RANGE, "%s: the path is too long", to);
	v->plain = yz_alloc(BLOCK);
	v->sealed = yz_alloc(SEALED);
	v->in = fopen(from, "rbe");
	if (!v->in)
		return fail_at(from, err);
	(void)unlink(v->to); /* of one that was killed */
	fd = open(v->to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	v->out = fd < 0 ? NULL : fdopen(fd, "wb");
	return v->out ? YZ_OK : fail_at(v->to, err);
}

/* The file gets its name when all of it is on the disk. */
static enum yz_status finish(
        struct vault *v, const char *to, enum yz_status st, struct yz_error *err)
{
	bool made = v->out != NULL;

	if (st == YZ_OK && (fflush(v->out) != 0 || fsync(fileno(v->out)) != 0))
		st = fail_at(v->to, err);
	if (v->out && fclose(v->out) != 0 && st == YZ_OK)
		st = fail_at(v->to, err);
	if (st == YZ_OK && rename(v->to, to) != 0)
		st = fail_at(to, err);
	if (st == YZ_OK)
		st = yz_file_sync_folder(to, err);
	else if (made)
		(void)unlink(v->to);
	if (v->in)
		(void)fclose(v->in);
	if (v->plain)
		sodium_memzero(v->plain, BLOCK);
	free(v->plain);
	free(v->sealed);
	sodium_memzero(&v->stream, sizeof(v->stream));
	return st;
}

static void which_key(uint8_t out[WHICH], const uint8_t *public)
{
	uint8_t digest[crypto_hash_sha256_BYTES];

	(void)crypto_hash_sha256(digest, public, YZ_VAULT_KEY);
	memcpy(out, digest, WHICH);
}

static enum yz_status write_head(struct vault *v, const uint8_t *public, struct yz_error *err)
{
	uint8_t key[STREAM_KEY], *at = v->head;
	int bad;

	crypto_secretstream_xchacha20poly1305_keygen(key);
	memcpy(at, magic, MAGIC);
	which_key(at + MAGIC, public);
	bad = crypto_box_seal(at + MAGIC + WHICH, key, sizeof(key), public);
	(void)crypto_secretstream_xchacha20poly1305_init_push(
	        &v->stream, at + MAGIC + WHICH + BOX, key);
	sodium_memzero(key, sizeof(key));
	if (bad)
		return yz_fail(err, YZ_E_CONFIG, "the owner's public key is none");
	return fwrite(v->head, 1, HEAD, v->out) == HEAD ? YZ_OK : fail_at(v->to, err);
}

static enum yz_status push_all(struct vault *v, struct yz_error *err)
{
	size_t n;

	do {
		unsigned char tag;

		n = fread(v->plain, 1, BLOCK, v->in);
		if (ferror(v->in))
			return fail_at(v->from, err);
		tag = n < BLOCK ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : 0;
		(void)crypto_secretstream_xchacha20poly1305_push(
		        &v->stream, v->sealed, NULL, v->plain, n, NULL, 0, tag);
		n += crypto_secretstream_xchacha20poly1305_ABYTES;
		if (fwrite(v->sealed, 1, n, v->out) != n)
			return fail_at(v->to, err);
	} while (n == SEALED);
	return YZ_OK;
}

enum yz_status yz_vault_seal(const char *from, const char *to,
        const uint8_t owner_public[YZ_VAULT_KEY], struct yz_error *err)
{
	struct vault *v = yz_alloc(sizeof(*v));
	enum yz_status st = begin(v, from, to, err);

	if (st == YZ_OK)
		st = write_head(v, owner_public, err);
	if (st == YZ_OK)
		st = push_all(v, err);
	st = finish(v, to, st, err);
	free(v);
	return st;
}

static enum yz_status read_head(struct vault *v, const uint8_t *secret, struct yz_error *err)
{
	uint8_t key[STREAM_KEY], public[YZ_VAULT_KEY], which[WHICH], *at = v->head;
	enum yz_status st = YZ_OK;

	if (fread(v->head, 1, HEAD, v->in) != HEAD || memcmp(at, magic, MAGIC) != 0)
		return broken(v, err);
	if (crypto_scalarmult_base(public, secret) != 0)
		return yz_fail(err, YZ_E_CONFIG, "the owner's secret key is none");
	which_key(which, public);
	if (memcmp(which, at + MAGIC, WHICH) != 0)
		return yz_fail_say(err, YZ_E_DENIED,
		        N_("This backup was sealed for another key: take the owner key that was "
		           "made "
		           "for this station."),
		        "%s", v->from);
	if (crypto_box_seal_open(key, at + MAGIC + WHICH, BOX, public, secret) != 0 ||
	        crypto_secretstream_xchacha20poly1305_init_pull(
	                &v->stream, at + MAGIC + WHICH + BOX, key) != 0)
		st = broken(v, err);
	sodium_memzero(key, sizeof(key));
	return st;
}

static enum yz_status pull_all(struct vault *v, struct yz_error *err)
{
	unsigned char tag = 0;

	while (tag != crypto_secretstream_xchacha20poly1305_TAG_FINAL) {
		unsigned long long len = 0;
		size_t n = fread(v->sealed, 1, SEALED, v->in);

		if (n < crypto_secretstream_xchacha20poly1305_ABYTES ||
		        crypto_secretstream_xchacha20poly1305_pull(
		                &v->stream, v->plain, &len, &tag, v->sealed, n, NULL, 0) != 0)
			return broken(v, err);
		if (fwrite(v->plain, 1, (size_t)len, v->out) != len)
			return fail_at(v->to, err);
	}
	return fgetc(v->in) == EOF ? YZ_OK : broken(v, err);
}

enum yz_status yz_vault_open(const char *from, const char *to,
        const uint8_t owner_secret[YZ_VAULT_KEY], struct yz_error *err)
{
	struct vault *v = yz_alloc(sizeof(*v));
	enum yz_status st = begin(v, from, to, err);

	if (st == YZ_OK)
		st = read_head(v, owner_secret, err);
	if (st == YZ_OK)
		st = pull_all(v, err);
	st = finish(v, to, st, err);
	free(v);
	return st;
}
