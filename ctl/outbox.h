/* The verbs of yizhanctl outbox, one file ctl/outbox_NAME.c each, and what they share. Each gets
 * the arguments from its own name on and returns the exit code. */
#ifndef YZ_CTL_OUTBOX_H
#define YZ_CTL_OUTBOX_H

#include "base/buf.h"
#include "ctl/open.h"
#include "station/bundle.h"
#include "store/outbox.h"

/* At the station: what waits, as a bundle for a stick (FILE) and on paper (--pages FILE.pdf). */
int yz_outbox_export(const struct yz_ctl *ctl, int argc, char **argv);
/* At the centre: a bundle, or the scans of its pages, to the platform (--url) or as JSON (--out);
 * without a key it only says whether all is there. */
int yz_outbox_import(const struct yz_ctl *ctl, int argc, char **argv);
/* At the station: the public key that the centre needs. At the centre (new FILE): a key to open
 * bundles with. */
int yz_outbox_key(const struct yz_ctl *ctl, int argc, char **argv);

/* Operations as the items of a bundle (added to out), and back. Reading gives exactly count
 * operations, or YZ_E_PARSE if an item is not byte for byte what writing it would give; the caller
 * frees them with yz_ops_free. */
void yz_items_write(struct yz_buf *out, const struct yz_op *ops, size_t n);
enum yz_status yz_items_read(
        struct yz_op **ops, const struct yz_buf *items, size_t count, struct yz_error *err);

/* How operations went out. */
struct yz_posting {
	const char *url, *token_file;
	const char *ca_file, *pins;   /* as in net/tls.h; "" for none: not with https */
	const struct yz_bundle *from; /* in whose name */
	size_t applied, replayed, rejected, blocked;
	/* Told of each that was not taken. */
	void (*refused)(void *user, const struct yz_op *op, const char *code, const char *field,
	        const char *reason);
	void *user;
};

/* Posts n operations in their order, in batches; waits for the network. Errors: YZ_E_NET (the line
 * or the platform failed: what went out is counted, and all may be posted again), YZ_E_DENIED with
 * err->say (the platform refuses the key or the station), YZ_E_CONFIG. */
enum yz_status yz_outbox_post(
        struct yz_posting *p, const struct yz_op *ops, size_t n, struct yz_error *err);

#endif
