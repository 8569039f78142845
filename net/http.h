/* A pool of HTTP exchanges with the platform on one curl multi handle: at most four at a time, each
 * on a connection of its own that is kept, with the TLS session, for the next. Nothing here blocks
 * but yz_http_wait, in which the caller waits together with its own descriptors. Owned by
 * yizhan-sync; push, pull and leases share it. */
#ifndef YZ_NET_HTTP_H
#define YZ_NET_HTTP_H

#include "base/buf.h"
#include "base/error.h"
#include "base/id.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	YZ_HTTP_EXCHANGES = 4,
	YZ_HTTP_REPLY_MAX = 2 << 20 /* bytes of an answer, inflated */
};

struct yz_http;
struct yz_http_reply;
struct yz_exchange;

struct yz_http_request {
	const char *path;           /* "/v1/batches" */
	const char *token;          /* bearer, or "" for none; copied */
	const struct yz_buf *body;  /* to POST, copied; NULL for GET */
	bool gzip;                  /* the body is gzip already (net/gzip.h) */
	struct yz_id key;           /* Idempotency-Key of a POST */
	const char *const *headers; /* further lines "Name: value", NULL-terminated; or NULL */
	bool plain;                 /* the answer must not be compressed: for a Range */
	size_t reply_max;           /* bytes, inflated; 0 for YZ_HTTP_REPLY_MAX */
};

/* What a header of a signature may cover. All borrowed. */
struct yz_http_outgoing {
	const char *method, *path;
	const char *digest; /* value of Content-Digest, "" for GET */
	const char *key;    /* value of Idempotency-Key, "" for GET */
};

/* Where TLS and signatures join in. Each may be NULL. */
struct yz_http_hooks {
	/* Sets options on a curl easy handle, after those of this module and before each exchange;
	 * false: the exchange ends with why "tls" and nothing is sent. */
	bool (*prepare)(void *easy, const struct yz_http_request *r, void *user);
	/* Appends lines "Name: value\n" to be sent. */
	void (*sign)(struct yz_buf *lines, const struct yz_http_outgoing *o, void *user);
	/* Looks at the handle and the reply after an exchange, before it may be used again;
	 * curl_code is a CURLcode. A word for reply.why that says more than ours, or NULL. */
	const char *(*ended)(void *easy, int curl_code, const struct yz_http_reply *r, void *user);
	void *user;
};

struct yz_http_setup {
	const char *url; /* the platform's address, without /v1; https, or http on the loopback */
	const char *ca_file; /* PEM, or "" for the system's */
	const char *station; /* Station-Id */
	int64_t agent_epoch;
	int timeout_ms, slow_s; /* 0: 60 s for all, 30 s below 50 bytes/s */
	struct yz_http_hooks hooks;
};

/* Errors: YZ_E_CONFIG (an address that is not allowed, a CA file that cannot be read). */
enum yz_status yz_http_open(
        struct yz_http **out, const struct yz_http_setup *setup, struct yz_error *err);
void yz_http_close(struct yz_http *h); /* what is under way is dropped; NULL is fine */

/* Who wants an exchange. Pushes may have all four; once a pull has asked they leave one free. Pull
 * (and leases) has at most one, and while pushes wait it rests three times as long as its last
 * exchange took: a quarter of the link. */
enum yz_http_share { YZ_HTTP_PUSH, YZ_HTTP_PULL, YZ_HTTP_KEEP };

/* While held, nothing starts but YZ_HTTP_KEEP: the platform's time and the station's certificate,
 * without which the others fail. */
void yz_http_hold(struct yz_http *h, bool held);

/* Starts an exchange; NULL when the share has none free now: ask again in the next step. The caller
 * gives it back with yz_http_release. */
struct yz_exchange *yz_http_start(
        struct yz_http *h, enum yz_http_share share, const struct yz_http_request *r);

/* True if yz_http_start would give one. Asking as YZ_HTTP_PULL counts as wanting one. */
bool yz_http_may_start(struct yz_http *h, enum yz_http_share share);

/* Push says whether operations wait to be sent, at every step. */
void yz_http_pushes_wait(struct yz_http *h, bool wait);

struct yz_http_reply {
	int status;         /* 0: no answer, see why */
	char why[24];       /* dns, refused, timeout, tls, cut, bad-answer, network; "" with a
	                       status */
	struct yz_buf body; /* inflated */
	char type[64];      /* Content-Type, or "" */
	char epoch[64];     /* Platform-Epoch, or "" */
	int64_t retry_after_ms;
	int64_t date_ms;    /* Date, 0 without */
	int64_t started_ms; /* wall clock, when the exchange began */
	int64_t began_ms;   /* monotonic */
	int64_t took_ms;
	bool fresh;            /* a new connection was made for it */
	struct yz_buf headers; /* lines "Name: value\n", for yz_http_header */
};

/* NULL while the exchange is under way; then its reply, good until the release. */
const struct yz_http_reply *yz_http_done(struct yz_exchange *x);

/* Ends an exchange, whether it is done or not (then it is dropped). NULL is fine. */
void yz_http_release(struct yz_exchange *x);

/* The value of a header of the answer, cut to size; "" and false without it. */
bool yz_http_header(const struct yz_http_reply *r, const char *name, char *out, size_t size);

/* Waits until something happens on the network or on one of n descriptors (at most 4), at most
 * timeout_ms; then moves the exchanges on. Returns at once when one has ended and was not looked
 * at. h may be NULL: only the descriptors. */
void yz_http_wait(struct yz_http *h, const int *fds, size_t n, int timeout_ms);

#endif
