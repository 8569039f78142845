/* Backups at rest: a file of any size sealed to the station owner's key (X25519), so that whoever
 * finds the disk or the stick reads nothing. The station holds the public half alone.
 *
 *   8  "YZVAULT1"                   24  header of crypto_secretstream_xchacha20poly1305
 *   8  which key: its SHA-256, cut   n  blocks of 64 KiB, each with its 17 bytes; the last is
 * marked 80  crypto_box_seal of the stream's key
 *
 * All calls block on the disk. */
#ifndef YZ_STATION_VAULT_H
#define YZ_STATION_VAULT_H

#include "base/error.h"

#include <stdint.h>

enum { YZ_VAULT_KEY = 32 };

/* Seals from into to, which appears whole and synced (0600) or not at all. Errors: YZ_E_IO,
 * YZ_E_FULL. */
enum yz_status yz_vault_seal(const char *from, const char *to,
        const uint8_t owner_public[YZ_VAULT_KEY], struct yz_error *err);

/* Opens from into to (0600, made new). After an error there is no to. Errors: YZ_E_PARSE (no such
 * file of ours, changed, or cut short: err->say), YZ_E_DENIED (sealed for another key: err->say),
 * YZ_E_NOTFOUND, YZ_E_IO, YZ_E_FULL. */
enum yz_status yz_vault_open(const char *from, const char *to,
        const uint8_t owner_secret[YZ_VAULT_KEY], struct yz_error *err);

#endif
