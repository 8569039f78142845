/* The keys of bundles, each a file of one line that only its owner may read: the station's signing
 * key (DIR/bundle.key), the centre's opening key, and the owner's, which opens backups. A key file
 * is never written over. */
#ifndef YZ_STATION_BUNDLE_KEY_H
#define YZ_STATION_BUNDLE_KEY_H

#include "station/bundle.h"

enum yz_key_kind { YZ_KEY_STATION, YZ_KEY_CENTRE, YZ_KEY_OWNER };
enum { YZ_KEY_TEXT_SIZE = 45 }; /* 32 bytes in base64 and the NUL */

/* Makes a key and its file (0600). Errors: YZ_E_EXISTS (err->say: it stays), YZ_E_IO, YZ_E_FULL. */
enum yz_status yz_bundle_key_make(uint8_t secret[YZ_BUNDLE_KEY], const char *path,
        enum yz_key_kind kind, struct yz_error *err);

/* Reads one. Errors: YZ_E_NOTFOUND, YZ_E_DENIED (others may read it: err->say), YZ_E_PARSE (not a
 * key of this kind: err->say), YZ_E_IO. */
enum yz_status yz_bundle_key_read(uint8_t secret[YZ_BUNDLE_KEY], const char *path,
        enum yz_key_kind kind, struct yz_error *err);

/* The station's own, from its folder; made when there is none yet (then *is_new). */
enum yz_status yz_bundle_key_station(
        uint8_t secret[YZ_BUNDLE_KEY], const char *station_dir, bool *is_new, struct yz_error *err);

/* The public half, and a key as base64. */
void yz_bundle_key_public(
        uint8_t public[YZ_BUNDLE_KEY], const uint8_t secret[YZ_BUNDLE_KEY], enum yz_key_kind kind);
void yz_bundle_key_text(char out[YZ_KEY_TEXT_SIZE], const uint8_t key[YZ_BUNDLE_KEY]);
bool yz_bundle_key_parse(uint8_t key[YZ_BUNDLE_KEY], const char *text);

#endif
