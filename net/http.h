/* One HTTP exchange at a time with the platform, on curl's multi interface: it never blocks; the
 * caller waits in yz_http_wait together with its own descriptors. The connection is kept between
 * exchanges. Owned by yizhan-sync. */
#ifndef YZ_NET_HTTP_H
#define YZ_NET_HTTP_H

#include "base/buf.h"
#include "base/error.h"
#include "base/id.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct yz_http;

struct yz_http_setup {
	const char *url; /* the platform's address, without /v1; https, or http on the loopback */
	const char *ca_file; /* PEM, or "" for the system's */
	const char *station; /* Station-Id */
	int64_t agent_epoch;
};

/* Errors: YZ_E_CONFIG (an address that is not allowed, a CA file that cannot be read). */
enum yz_status yz_http_open(
        struct yz_http **out, const struct yz_http_setup *setup, struct yz_error *err);
void yz_http_close(struct yz_http *h); /* an exchange under way is dropped; NULL is fine */

struct yz_http_request {
	const char *path;          /* "/v1/batches" */
	const char *token;         /* bearer, or "" for none; copied */
	const struct yz_buf *body; /* JSON to POST, copied; NULL for GET */
	struct yz_id key;          /* Idempotency-Key of a POST */
};

/* Starts an exchange; none may be under way. */
void yz_http_start(struct yz_http *h, const struct yz_http_request *r);

struct yz_http_reply {
	int status;         /* 0: no answer, see why */
	char why[24];       /* dns, refused, timeout, tls, cut, network; "" with a status */
	struct yz_buf body; /* owned by h, good until the next start; at most 2 MiB */
	char type[64];      /* Content-Type, or "" */
	char epoch[64];     /* Platform-Epoch, or "" */
	int64_t retry_after_ms;
	int64_t date_ms; /* Date, 0 without */
};

/* NULL while the exchange is under way; its reply, once, when it has ended. */
const struct yz_http_reply *yz_http_done(struct yz_http *h);

/* Waits until something happens on the network or on one of n descriptors (at most 4), at most
 * timeout_ms; then moves the exchange on. h may be NULL: only the descriptors. */
void yz_http_wait(struct yz_http *h, const int *fds, size_t n, int timeout_ms);

#endif
