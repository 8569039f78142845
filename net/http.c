#include "config.h"

#include "net/http.h"

#include "base/clock.h"
#include "net/exchange.h"

#include <assert.h>
#include <poll.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	FDS_MAX = 4,
	TOTAL_MS = 60000,
	SLOW_S = 30,
	PULL_ASKS_MS = 60000, /* so long a slot is left free for a pull that asked */
	PULL_RESTS = 3,       /* times the length of its exchange */
	PULL_RESTS_MAX_MS = 120000
};

static bool starts(const char *s, const char *with)
{
	return !strncmp(s, with, strlen(with));
}

/* A key must not travel in the open: http is for the loopback, where the tests and a local gateway
 * live. */
static bool url_ok(const char *url)
{
	static const char *const loopback[] = {
	        "http://127.0.0.1", "http://localhost", "http://[::1]"};

	if (strchr(url, '@') || strchr(url, '?') || strchr(url, '#'))
		return false;
	if (starts(url, "https://"))
		return url[8] != '\0';
	for (size_t i = 0; i < sizeof(loopback) / sizeof(loopback[0]); i++) {
		char after = starts(url, loopback[i]) ? url[strlen(loopback[i])] : 'x';

		if (after == '\0' || after == ':' || after == '/')
			return true;
	}
	return false;
}

static bool can_read(const char *path)
{
	return access(path, R_OK) == 0;
}

/* HTTP/1.1 and a connection for each exchange: a lost packet then holds up one of four batches. */
static bool set_up(struct yz_http *h)
{
	bool ok = curl_multi_setopt(h->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS,
	                  (long)YZ_HTTP_EXCHANGES) == CURLM_OK &&
	          curl_multi_setopt(h->multi, CURLMOPT_MAXCONNECTS, (long)YZ_HTTP_EXCHANGES) ==
	                  CURLM_OK &&
	          curl_share_setopt(h->sessions, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION) ==
	                  CURLSHE_OK;

	for (int i = 0; ok && i < YZ_HTTP_EXCHANGES; i++)
		ok = yz_exchange_open(&h->slots[i], h);
	return ok;
}

static void configure(struct yz_http *h, const struct yz_http_setup *setup)
{
	size_t n;

	(void)yz_copy(h->url, sizeof(h->url), setup->url);
	for (n = strlen(h->url); n && h->url[n - 1] == '/'; n--)
		h->url[n - 1] = '\0';
	(void)yz_copy(h->station, sizeof(h->station), setup->station);
	(void)yz_copy(h->ca_file, sizeof(h->ca_file), setup->ca_file);
	h->agent_epoch = setup->agent_epoch;
	h->timeout_ms = setup->timeout_ms ? setup->timeout_ms : TOTAL_MS;
	h->slow_s = setup->slow_s ? setup->slow_s : SLOW_S;
	h->hooks = setup->hooks;
}

enum yz_status yz_http_open(
        struct yz_http **out, const struct yz_http_setup *setup, struct yz_error *err)
{
	struct yz_http *h;

	if (!url_ok(setup->url))
		return yz_fail(err, YZ_E_CONFIG,
		        "[platform] url %s: expected https://HOST (http is for the loopback)",
		        setup->url);
	if (*setup->ca_file && !can_read(setup->ca_file))
		return yz_fail(
		        err, YZ_E_CONFIG, "[platform] ca_file %s cannot be read", setup->ca_file);
	h = yz_alloc(sizeof(*h));
	configure(h, setup);
	(void)curl_global_init(CURL_GLOBAL_DEFAULT);
	h->multi = curl_multi_init();
	h->sessions = curl_share_init();
	if (!h->multi || !h->sessions || sodium_init() < 0 || !set_up(h)) {
		yz_http_close(h);
		return yz_fail(err, YZ_E_CONFIG, "the curl library cannot do what is needed");
	}
	*out = h;
	return YZ_OK;
}

void yz_http_close(struct yz_http *h)
{
	if (!h)
		return;
	for (int i = 0; i < YZ_HTTP_EXCHANGES; i++)
		yz_exchange_close(&h->slots[i]);
	(void)curl_multi_cleanup(h->multi);
	(void)curl_share_cleanup(h->sessions);
	free(h);
	curl_global_cleanup();
}

static int taken(const struct yz_http *h, enum yz_http_share share)
{
	int n = 0;

	for (int i = 0; i < YZ_HTTP_EXCHANGES; i++)
		n += h->slots[i].taken && h->slots[i].share == share;
	return n;
}

bool yz_http_may_start(struct yz_http *h, enum yz_http_share share)
{
	int64_t now = yz_clock_now(0).mono_ms;
	int pulls = taken(h, YZ_HTTP_PULL);
	int all = taken(h, YZ_HTTP_PUSH) + pulls + taken(h, YZ_HTTP_KEEP);

	if (share == YZ_HTTP_KEEP)
		return all < YZ_HTTP_EXCHANGES;
	if (h->held)
		return false;
	if (share == YZ_HTTP_PULL) {
		if (pulls || (h->pushes_wait && now < h->pull_rests_ms))
			return false;
		h->pull_asked_ms = now;
		return all < YZ_HTTP_EXCHANGES;
	}
	if (h->pull_asked_ms && now - h->pull_asked_ms > PULL_ASKS_MS)
		h->pull_asked_ms = 0;
	return all + (!pulls && h->pull_asked_ms) < YZ_HTTP_EXCHANGES;
}

void yz_http_hold(struct yz_http *h, bool held)
{
	h->held = held;
}

struct yz_exchange *yz_http_start(
        struct yz_http *h, enum yz_http_share share, const struct yz_http_request *r)
{
	int i = 0;

	if (!yz_http_may_start(h, share))
		return NULL;
	if (share == YZ_HTTP_PULL)
		h->pull_asked_ms = 0;
	while (h->slots[i].taken)
		i++;
	h->slots[i].share = share;
	yz_exchange_start(&h->slots[i], r);
	return &h->slots[i];
}

void yz_http_pushes_wait(struct yz_http *h, bool wait)
{
	h->pushes_wait = wait;
}

const struct yz_http_reply *yz_http_done(struct yz_exchange *x)
{
	assert(x->taken);
	x->ended = false;
	return x->busy ? NULL : &x->reply;
}

void yz_http_release(struct yz_exchange *x)
{
	struct yz_http *h;
	int64_t now = yz_clock_now(0).mono_ms, rest;

	if (!x)
		return;
	h = x->pool;
	if (x->share == YZ_HTTP_PULL) {
		rest = PULL_RESTS * (now - x->reply.began_ms);
		h->pull_rests_ms = now + (rest < PULL_RESTS_MAX_MS ? rest : PULL_RESTS_MAX_MS);
	}
	if (x->busy)
		(void)curl_multi_remove_handle(h->multi, x->easy);
	x->busy = x->ended = x->taken = false;
}

/* True if an exchange has ended that nobody has looked at. */
static bool advance(struct yz_http *h)
{
	const CURLMsg *m;
	bool ended = false;
	int left;

	(void)curl_multi_perform(h->multi, &left);
	while ((m = curl_multi_info_read(h->multi, &left))) {
		CURLcode code = m->data.result;
		char *owner = NULL;

		if (m->msg == CURLMSG_DONE &&
		        curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &owner) == CURLE_OK)
			yz_exchange_finish((struct yz_exchange *)(void *)owner, code);
	}
	for (int i = 0; i < YZ_HTTP_EXCHANGES; i++)
		ended = ended || h->slots[i].ended;
	return ended;
}

void yz_http_wait(struct yz_http *h, const int *fds, size_t n, int timeout_ms)
{
	struct curl_waitfd wait[FDS_MAX];
	struct pollfd plain[FDS_MAX];

	assert(n <= FDS_MAX);
	for (size_t i = 0; i < n; i++) {
		wait[i] = (struct curl_waitfd){.fd = fds[i], .events = CURL_WAIT_POLLIN};
		plain[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
	}
	if (!h) {
		(void)poll(plain, n, timeout_ms);
		return;
	}
	if (advance(h))
		return;
	(void)curl_multi_poll(h->multi, wait, (unsigned)n, timeout_ms, NULL);
	(void)advance(h);
}
