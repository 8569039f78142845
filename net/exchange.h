/* Private to net/http.c and net/exchange.c: one request and its reply on a curl easy handle. */
#ifndef YZ_NET_EXCHANGE_H
#define YZ_NET_EXCHANGE_H

#include "net/http.h"

#include <curl/curl.h>

struct yz_exchange {
	struct yz_http *pool;
	CURL *easy;
	struct curl_slist *headers;
	struct yz_buf sent;
	struct yz_http_reply reply;
	enum yz_http_share share;
	size_t reply_max;
	bool taken, busy, ended; /* of the caller; in curl's hands; not yet looked at */
};

struct yz_http {
	CURLM *multi;
	CURLSH *sessions; /* TLS sessions, for all handles */
	struct yz_exchange slots[YZ_HTTP_EXCHANGES];
	char url[300], station[40], ca_file[300];
	int64_t agent_epoch;
	long timeout_ms, slow_s;
	struct yz_http_hooks hooks;
	bool pushes_wait, held;
	int64_t pull_asked_ms; /* monotonic, 0: not, or it has had its turn */
	int64_t pull_rests_ms; /* until then */
};

/* Makes the handle. False: curl cannot do what is needed. */
bool yz_exchange_open(struct yz_exchange *x, struct yz_http *pool);
void yz_exchange_close(struct yz_exchange *x);

/* Puts the request on the handle and hands it to curl. */
void yz_exchange_start(struct yz_exchange *x, const struct yz_http_request *r);

/* Curl has ended it. */
void yz_exchange_finish(struct yz_exchange *x, CURLcode code);

#endif
