/* Sealing personal numbers to whoever may read them: the station itself cannot (crypto_box_seal),
 * and keeps no hash. */
#ifndef YZ_STATION_SEAL_H
#define YZ_STATION_SEAL_H

#include "store/store.h"

/* Seals secret to the recipient known under code. *len is 0 and the result YZ_OK if the station has
 * no such recipient: then the number is not kept at all. size must hold the secret and 48 bytes.
 * Errors: YZ_E_RANGE, YZ_E_IO. */
enum yz_status yz_seal(struct yz_store *s, const char *code, const char *secret, uint8_t *out,
        size_t size, size_t *len, struct yz_error *err);

/* Overwrites a text in memory, so that no core file holds it. */
void yz_wipe(char *text);

#endif
