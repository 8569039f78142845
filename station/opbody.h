/* The bodies of operations: RFC 8785 canonical JSON in the shapes of doc/platform-api.yaml. Each
 * call returns a text that the caller frees; nothing fails (running out of memory ends the
 * program). Optional values that are empty are left out. */
#ifndef YZ_STATION_OPBODY_H
#define YZ_STATION_OPBODY_H

#include "store/contact.h"
#include "store/outbox.h"
#include "store/product.h"
#include "store/shipment.h"

enum { YZ_BODY_SCHEMA = 1 };

char *yz_opbody_contact(const struct yz_contact *c);
/* With the sealed identity number if there is one, never with an open one. */
char *yz_opbody_farmer(const struct yz_farmer *f);
char *yz_opbody_consent(const struct yz_consent *c);
char *yz_opbody_product(const struct yz_product *p);

struct yz_opbody_money {
	const struct yz_payment *rows;
	size_t count;
	const char *clerk; /* the clerk's login */
};
/* number_source: range, online, station or none. */
char *yz_opbody_shipment(
        const struct yz_shipment *s, const char *number_source, const struct yz_opbody_money *m);
/* number: burned, returned or none. */
char *yz_opbody_cancel(
        const struct yz_shipment *s, const char *number, const struct yz_opbody_money *m);

/* Of operation.cancel: a refused or held operation that is given up. */
char *yz_opbody_withdrawal(
        const struct yz_id *op, const char *reason, int64_t at_ms, const char *clerk);

/* Puts body (freed here) into the outbox under kind and aggregate "prefix:<uuid>", needing the
 * given operations that are not acknowledged yet (none-ids are skipped). *id (may be NULL) is the
 * new operation's. */
struct yz_opbody_post {
	const char *kind, *agg_prefix;
	struct yz_id agg, clerk;
	struct yz_id supersedes; /* a refused or held operation that this one replaces, or none */
	struct yz_id needs[YZ_NEEDS_MAX];
	int need_count;
};
enum yz_status yz_opbody_post(struct yz_tx *tx, const struct yz_opbody_post *p, char *body,
        struct yz_id *id, struct yz_error *err);

/* The newest operation about an aggregate, to be needed by the next; none if there is none. */
enum yz_status yz_opbody_last(struct yz_tx *tx, const char *agg_prefix, const struct yz_id *agg,
        struct yz_id *op, struct yz_error *err);

#endif
