/* Whether a database is what was written. Both calls read only; they block as long as the disk
 * needs. */
#ifndef YZ_STORE_VERIFY_H
#define YZ_STORE_VERIFY_H

#include "store/store.h"

/* The nightly sweep: integrity_check, the tally of every table (store/tally.h), the digest of every
 * operation body and reference text, the audit's chain. One changed bit that a query could see is
 * found. On a million rows some ten seconds; clerks do not wait. Errors: YZ_E_CORRUPT, naming what
 * does not fit, also if the disk refuses a read each time; anything else: it could not be checked.
 */
enum yz_status yz_store_verify(struct yz_store *s, struct yz_error *err);

/* As yz_store_check, but of the operations only those that are still to be sent: cheap enough for
 * every start. Errors: as of yz_store_verify. */
enum yz_status yz_store_check_start(struct yz_store *s, struct yz_error *err);

#endif
