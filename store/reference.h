/* Reference data: whole documents (CSV texts that a loader of station/ has accepted), swapped in
 * one transaction. Old ones stay, so that a price can be traced to its sheet. */
#ifndef YZ_STORE_REFERENCE_H
#define YZ_STORE_REFERENCE_H

#include "base/buf.h"
#include "store/store.h"

struct yz_reference {
	char kind[YZ_SHORT_SIZE]; /* divisions, divisions-old, reporting-units, couriers, tariff,
	                             units, ... */
	char name[YZ_SHORT_SIZE]; /* which of its kind: a tariff's version; "" where there is one
	                             only */
	int64_t rows;
	int64_t imported_ms;
	uint8_t digest[32];
};

/* Puts text in force for (kind, name). ref->digest and imported_ms are written back. */
enum yz_status yz_reference_put(struct yz_tx *tx, struct yz_reference *ref, const char *text,
        size_t len, struct yz_error *err);
/* The text in force (digest checked); name NULL: the newest of the kind. YZ_E_NOTFOUND. */
enum yz_status yz_reference_get(struct yz_store *s, const char *kind, const char *name,
        struct yz_buf *text, struct yz_reference *ref, struct yz_error *err);
/* Takes a document out of force; its text stays. None in force is fine. */
enum yz_status yz_reference_retire(
        struct yz_tx *tx, const char *kind, const char *name, struct yz_error *err);
/* A number that changes whenever the documents of a kind that are in force do. */
enum yz_status yz_reference_mark(
        struct yz_store *s, const char *kind, int64_t *mark, struct yz_error *err);
enum yz_status yz_reference_list(
        struct yz_store *s, struct yz_reference *rows, size_t max, size_t *n, struct yz_error *err);

/* Public keys that personal numbers are sealed to, by purpose (real-name of a courier, a purchasing
 * entity). */
struct yz_recipient {
	char code[YZ_SHORT_SIZE]; /* "realname:SF", "purchase" */
	char name[YZ_NAME_SIZE];
	uint8_t public_key[32]; /* X25519 */
};
enum yz_status yz_recipient_put(
        struct yz_tx *tx, const struct yz_recipient *r, struct yz_error *err);
enum yz_status yz_recipient_get(
        struct yz_store *s, const char *code, struct yz_recipient *out, struct yz_error *err);

#endif
