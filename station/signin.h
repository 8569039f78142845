/* Clerks and their PINs (Argon2id, 16 MiB: a guess costs the same on a stolen disk). */
#ifndef YZ_STATION_SIGNIN_H
#define YZ_STATION_SIGNIN_H

#include "base/clock.h"
#include "store/station.h"

enum { YZ_PIN_MIN = 6, YZ_PIN_MAX = 32 }; /* characters */

/* Checks login and PIN; blocks about 50 ms. After 5 wrong PINs in a row the clerk waits 60 s,
 * doubling to 15 minutes. The same sentence for an unknown login and a wrong PIN. Audit: signin.ok,
 * signin.wrong. Errors: YZ_E_DENIED (err->say tells the clerk), YZ_E_BUSY, YZ_E_IO. */
enum yz_status yz_sign_in(struct yz_store *s, const struct yz_now *now, const char *login,
        const char *pin, struct yz_clerk *out, struct yz_error *err);

/* Writes an audit row signin.out. */
enum yz_status yz_sign_out(struct yz_store *s, const struct yz_now *now, const struct yz_clerk *c,
        struct yz_error *err);

/* A new clerk. login: 2 to 32 of a-z 0-9 . - _; role clerk or owner; pin 6 to 32 characters, not
 * all the same and not a run such as 123456. Errors: YZ_E_RANGE with err->field, YZ_E_EXISTS. */
enum yz_status yz_clerk_new(struct yz_store *s, const struct yz_now *now, struct yz_clerk *c,
        const char *pin, struct yz_error *err);
enum yz_status yz_clerk_set_pin(struct yz_store *s, const struct yz_now *now, const char *login,
        const char *pin, struct yz_error *err);

#endif
