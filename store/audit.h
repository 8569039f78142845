/* The audit: append-only, each row chained to the one before by SHA-256. Ids and codes, never
 * personal values. */
#ifndef YZ_STORE_AUDIT_H
#define YZ_STORE_AUDIT_H

#include "store/store.h"

/* clerk may be NULL (a program). action "shipment.void", ref "shipment/<uuid>", detail a code or ""
 * (at most 200 bytes). */
enum yz_status yz_audit_add(struct yz_tx *tx, const struct yz_id *clerk, const char *action,
        const char *ref, const char *detail, struct yz_error *err);
/* After a rescue that lost rows: the chain is checked from the next row on (meta "audit.from"). */
enum yz_status yz_audit_begin_anew(struct yz_tx *tx, struct yz_error *err);
/* Walks the chain from its first row, or from where it began anew; YZ_E_CORRUPT with the first row
 * that does not fit. *rows (may be NULL) is their number. */
enum yz_status yz_audit_verify(struct yz_store *s, int64_t *rows, struct yz_error *err);

#endif
