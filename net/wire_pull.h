/* The wire format of what the platform hands out (doc/platform-api.yaml): number leases, changes
 * and snapshots. Pure. What is not exactly as the contract says is no answer. */
#ifndef YZ_NET_WIRE_PULL_H
#define YZ_NET_WIRE_PULL_H

#include "net/wire.h"
#include "station/pulled.h"
#include "store/pool_lease.h"

/* Writes the body of a request for numbers, or of their return, to out, which is cleared first. The
 * same request gives the same bytes. */
void yz_wire_lease(struct yz_buf *out, const struct yz_lease *l);

/* Reads a 201 answer into *p (next is lo) and *courier's code. YZ_E_PARSE. Whether the numbers may
 * be used is station/lease.h's to say. */
enum yz_status yz_wire_lease_read(
        struct yz_pool *p, const struct yz_answer *a, struct yz_error *err);

struct yz_wire_page {
	struct yz_pulled *items; /* owned, as all in them */
	size_t n;
	char cursor[YZ_CURSOR_SIZE];
	bool more, reset;
};

/* Reads a page of changes. YZ_E_PARSE. Freed with yz_wire_page_free. */
enum yz_status yz_wire_changes(
        struct yz_wire_page *out, const struct yz_answer *a, struct yz_error *err);

/* Reads a whole snapshot: an item a line, the last line the cursor; text is changed. YZ_E_PARSE. */
enum yz_status yz_wire_snapshot(
        struct yz_wire_page *out, char *text, size_t len, struct yz_error *err);
void yz_wire_page_free(struct yz_wire_page *page);

#endif
