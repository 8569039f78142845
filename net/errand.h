/* A request of low priority at a time: what leases and pulls share. Reads the station's key, keeps
 * to the pull's share of the link, waits after failures, and tells what kind of answer came. Owned
 * by net/lease.c and net/pull.c, one each. */
#ifndef YZ_NET_ERRAND_H
#define YZ_NET_ERRAND_H

#include "net/http.h"
#include "net/retry.h"
#include "net/token.h"
#include "net/wire.h"

enum yz_errand_outcome {
	YZ_ERRAND_BUSY,  /* a request is under way, or the next may go at once */
	YZ_ERRAND_DONE,  /* nothing to do now */
	YZ_ERRAND_FAILED /* it did not work and is tried again later */
};

struct yz_errand {
	struct yz_http *http;   /* borrowed, as the next two */
	const char *token_file; /* NULL: a certificate stands in for it */
	const char *what;       /* for the log */
	struct yz_retry retry;
	char token[YZ_TOKEN_SIZE];
	struct yz_exchange *x;           /* under way, or NULL */
	char trouble[YZ_ERROR_TEXT_MAX]; /* last one logged, so that it is logged once */
	int64_t pause_ms;                /* of the poll period */
};

void yz_errand_open(struct yz_errand *e, struct yz_http *http, const char *token_file, int poll_s);
void yz_errand_close(struct yz_errand *e); /* what is under way is dropped */

/* How long until the next request may go, 0 for now. */
int64_t yz_errand_wait_ms(const struct yz_errand *e);

/* Starts r with the station's key; false: the link's share is taken or the key cannot be read; try
 * again after *wait_ms. */
bool yz_errand_start(struct yz_errand *e, struct yz_http_request *r, int64_t *wait_ms);

enum yz_errand_answer {
	YZ_ANSWER_GOOD,    /* 2xx or 304: the caller reads it, then yz_errand_ok or _bad */
	YZ_ANSWER_REFUSED, /* the platform gave a reason */
	YZ_ANSWER_LATER    /* line or platform failed, or it does not want this station: waits */
};

/* Judges an answer; problem is filled with REFUSED. */
enum yz_errand_answer yz_errand_judge(
        struct yz_errand *e, const struct yz_http_reply *r, struct yz_verdict *problem);

/* Ends the exchange whose answer was judged. */
void yz_errand_end(struct yz_errand *e);

/* Logs a trouble once. */
void yz_errand_say(struct yz_errand *e, const char *text);

void yz_errand_ok(struct yz_errand *e);
/* The answer was not what the contract says: as if none had come. */
void yz_errand_bad(struct yz_errand *e, const char *what);
/* Something on this computer stands in the way: said once, tried again after a period. */
void yz_errand_trouble(struct yz_errand *e, const struct yz_error *err);

#endif
