#include "config.h"

#include "station/bundle_key.h"

#include "base/file.h"

#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char *const labels[] = {
        "yizhan-station-key-1:", "yizhan-centre-key-1:", "yizhan-owner-key-1:"};
enum { FILE_BYTES_MAX = 200 };

_Static_assert(sodium_base64_ENCODED_LEN(YZ_BUNDLE_KEY, sodium_base64_VARIANT_ORIGINAL) ==
                       YZ_KEY_TEXT_SIZE,
        "a key's text");

void yz_bundle_key_text(char out[YZ_KEY_TEXT_SIZE], const uint8_t key[YZ_BUNDLE_KEY])
{
	(void)sodium_bin2base64(
	        out, YZ_KEY_TEXT_SIZE, key, YZ_BUNDLE_KEY, sodium_base64_VARIANT_ORIGINAL);
}

bool yz_bundle_key_parse(uint8_t key[YZ_BUNDLE_KEY], const char *text)
{
	size_t len = 0;

	return sodium_base642bin(key, YZ_BUNDLE_KEY, text, strlen(text), NULL, &len, NULL,
	               sodium_base64_VARIANT_ORIGINAL) == 0 &&
	       len == YZ_BUNDLE_KEY;
}

void yz_bundle_key_public(
        uint8_t public[YZ_BUNDLE_KEY], const uint8_t secret[YZ_BUNDLE_KEY], enum yz_key_kind kind)
{
	unsigned char whole[crypto_sign_SECRETKEYBYTES];

	if (kind == YZ_KEY_STATION)
		(void)crypto_sign_seed_keypair(public, whole, secret);
	else if (crypto_scalarmult_base(public, secret) != 0)
		abort(); /* cannot be, for any 32 bytes */
	sodium_memzero(whole, sizeof(whole));
}

enum yz_status yz_bundle_key_make(uint8_t secret[YZ_BUNDLE_KEY], const char *path,
        enum yz_key_kind kind, struct yz_error *err)
{
	uint8_t key[YZ_BUNDLE_KEY];
	char text[YZ_KEY_TEXT_SIZE], line[FILE_BYTES_MAX];
	enum yz_status st;

	if (sodium_init() < 0)
		abort();
	randombytes_buf(key, sizeof(key));
	yz_bundle_key_text(text, key);
	(void)snprintf(line, sizeof(line), "%s%s\n", labels[kind], text);
	st = yz_file_create(path, line, strlen(line), 0600, err);
	if (st == YZ_OK)
		memcpy(secret, key, sizeof(key));
	else if (st == YZ_E_EXISTS)
		st = yz_fail_say(err, st,
		        N_("There is a file of this name already: a key is never written over."),
		        "%s", path);
	sodium_memzero(key, sizeof(key));
	sodium_memzero(text, sizeof(text));
	sodium_memzero(line, sizeof(line));
	return st;
}

static enum yz_status read_line(
        uint8_t *secret, char *text, const char *label, const char *path, struct yz_error *err)
{
	size_t n = strlen(label);

	text[strcspn(text, "\r\n")] = '\0';
	if (!strncmp(text, label, n) && yz_bundle_key_parse(secret, text + n))
		return YZ_OK;
	return yz_fail_say(err, YZ_E_PARSE, N_("This file does not hold the key that is needed."),
	        "%s: it does not begin with %s, or is cut", path, label);
}

enum yz_status yz_bundle_key_read(uint8_t secret[YZ_BUNDLE_KEY], const char *path,
        enum yz_key_kind kind, struct yz_error *err)
{
	struct yz_buf b = YZ_BUF_INIT;
	struct stat info;
	enum yz_status st = yz_file_read_text(&b, path, FILE_BYTES_MAX, err);

	if (st == YZ_OK && stat(path, &info) == 0 && info.st_mode & 077)
		st = yz_fail_say(err, YZ_E_DENIED,
		        N_("Others on this computer can read the secret key: take their right away "
		           "first."),
		        "chmod 600 %s", path);
	if (st == YZ_OK)
		st = read_line(secret, b.data, labels[kind], path, err);
	if (b.data)
		sodium_memzero(b.data, b.len);
	yz_buf_free(&b);
	return st;
}

enum yz_status yz_bundle_key_station(
        uint8_t secret[YZ_BUNDLE_KEY], const char *station_dir, bool *is_new, struct yz_error *err)
{
	char path[PATH_MAX];
	enum yz_status st;

	if (snprintf(path, sizeof(path), "%s/bundle.key", station_dir) >= (int)sizeof(path))
		return yz_fail(err, YZ_E_RANGE, "%s: the path is too long", station_dir);
	*is_new = false;
	st = yz_bundle_key_read(secret, path, YZ_KEY_STATION, err);
	if (st != YZ_E_NOTFOUND)
		return st;
	st = yz_bundle_key_make(secret, path, YZ_KEY_STATION, err);
	if (st == YZ_E_EXISTS) /* another export made it at this moment */
		return yz_bundle_key_read(secret, path, YZ_KEY_STATION, err);
	*is_new = st == YZ_OK;
	return st;
}
