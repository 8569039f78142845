/* A broken sender, for tests whose safeguard sits in yizhan-sync. It claims and posts as that does,
 * but with one thing wrong:
 *   --ack-first   marks operations as sent, then posts them
 *   --trust       takes every status 200 for a yes to all
 *   --no-lock     does not care whether another one sends
 *   --by-clock    sends in the order of the wall clock
 *   --no-beat     does not care whether the disk takes anything
 * --once ends when nothing waits or a post failed. */
#include "config.h"

#include "base/conf.h"
#include "net/token.h"
#include "net/wire.h"
#include "station/desk.h"
#include "store/station.h"
#include "tests/fault/sync_fault.h"
#include "tests/fault/line.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BATCH = 25, BYTES = 512 * 1024, IDLE_MS = 20 };

struct twin {
	struct yz_conf conf;
	struct yz_store *store;
	struct yz_station station;
	char token[YZ_TOKEN_SIZE], epoch[24];
	int port, lock;
	bool ack_first, trust, no_lock, by_clock, no_beat, once;
	struct yz_op *ops;
	size_t n;
};

static void must(enum yz_status st, const struct yz_error *err)
{
	if (st == YZ_E_BUSY)
		exit(75);
	if (st != YZ_OK)
		fault_stop("twin_sync: %s", err->text);
}

static void ack_all(struct twin *t)
{
	struct yz_now now = yz_clock_now(0);
	struct yz_tx *tx = NULL;
	struct yz_error err;
	enum yz_status st = YZ_OK;

	must(yz_tx_begin(t->store, &now, &tx, &err), &err);
	for (size_t i = 0; st == YZ_OK && i < t->n; i++)
		st = yz_outbox_ack(tx, &t->ops[i].id, NULL, &err);
	if (st == YZ_OK)
		st = yz_tx_commit(tx, &err);
	else
		yz_tx_rollback(tx);
	if (st != YZ_E_FULL || !t->no_beat)
		must(st, &err);
}

static void build(struct twin *t, struct yz_buf *out)
{
	struct yz_id id = yz_id_new(yz_clock_now(0).wall_ms);
	unsigned char d[crypto_hash_sha256_BYTES];
	char b64[sodium_base64_ENCODED_LEN(sizeof(d), sodium_base64_VARIANT_ORIGINAL)];
	char text[YZ_ID_TEXT_SIZE];
	struct yz_buf body = YZ_BUF_INIT;

	yz_wire_batch(&body, &id, t->ops, t->n);
	(void)crypto_hash_sha256(d, (const unsigned char *)yz_buf_str(&body), body.len);
	(void)sodium_bin2base64(b64, sizeof(b64), d, sizeof(d), sodium_base64_VARIANT_ORIGINAL);
	yz_buf_printf(out,
	        "POST /v1/batches HTTP/1.1\r\nHost: 127.0.0.1\r\nStation-Id: %s\r\n"
	        "Api-Version: " YZ_API_VERSION "\r\nAuthorization: Bearer %s\r\n"
	        "Agent-Epoch: %s\r\nContent-Digest: sha-256=:%s:\r\nIdempotency-Key: \"%s\"\r\n"
	        "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
	        t->station.id, t->token, t->epoch, b64, yz_id_text(&id, text), body.len,
	        yz_buf_str(&body));
	yz_buf_free(&body);
}

static bool says_yes(const struct twin *t, const struct yz_buf *reply)
{
	struct yz_verdict *v;
	struct yz_answer a;
	char type[64];
	bool yes;

	if (reply->len < 12 || strncmp(yz_buf_str(reply) + 8, " 200", 4) != 0)
		return false;
	if (t->trust)
		return true;
	line_header(reply, "Content-Type", type, sizeof(type));
	a.type = type;
	a.body = line_body(reply, &a.len);
	v = yz_alloc(t->n * sizeof(*v));
	yes = yz_wire_read(v, t->ops, t->n, &a, NULL) == YZ_OK;
	for (size_t i = 0; yes && i < t->n; i++)
		yes = v[i].status == YZ_WIRE_APPLIED || v[i].status == YZ_WIRE_REPLAYED;
	free(v);
	return yes;
}

/* True if all were taken, or so it believes. */
static bool post(struct twin *t)
{
	struct yz_buf request = YZ_BUF_INIT, reply = YZ_BUF_INIT;
	int s = line_reach(t->port);
	bool yes;

	build(t, &request);
	yes = s >= 0 && line_write(s, yz_buf_str(&request), request.len);
	if (yes)
		(void)line_read(s, &reply);
	yes = yes && says_yes(t, &reply);
	if (s >= 0)
		(void)close(s);
	yz_buf_free(&request);
	yz_buf_free(&reply);
	return yes;
}

static int by_time(const void *a, const void *b)
{
	const struct yz_op *x = a, *y = b;

	return x->created_ms < y->created_ms ? -1 : x->created_ms > y->created_ms;
}

/* One batch; false if there was none or it failed. */
static bool step(struct twin *t)
{
	struct yz_error err;
	bool yes = false;

	must(yz_outbox_claim(t->store, yz_clock_now(0).wall_ms, BATCH, BYTES, &t->ops, &t->n, &err),
	        &err);
	if (t->by_clock)
		qsort(t->ops, t->n, sizeof(t->ops[0]), by_time);
	if (t->n && t->ack_first)
		ack_all(t);
	if (t->n)
		yes = post(t);
	if (yes && !t->ack_first)
		ack_all(t);
	yz_ops_free(t->ops, t->n);
	return yes;
}

static void read_options(struct twin *t, int argc, char **argv)
{
	struct yz_error err;

	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "-c") && i + 1 < argc)
			must(yz_conf_read(&t->conf, argv[++i], &err), &err);
		else if (!strcmp(argv[i], "--ack-first"))
			t->ack_first = true;
		else if (!strcmp(argv[i], "--trust"))
			t->trust = true;
		else if (!strcmp(argv[i], "--no-lock"))
			t->no_lock = true;
		else if (!strcmp(argv[i], "--by-clock"))
			t->by_clock = true;
		else if (!strcmp(argv[i], "--no-beat"))
			t->no_beat = true;
		else if (!strcmp(argv[i], "--once"))
			t->once = true;
		else
			fault_stop("twin_sync: what is %s?", argv[i]);
	}
}

int main(int argc, char **argv)
{
	struct twin t = {.lock = -1};
	struct yz_error err;
	const char *port;

	read_options(&t, argc, argv);
	must(yz_store_open(&t.store, t.conf.station_dir, 0, &err), &err);
	if (!t.no_lock)
		must(yz_desk_lock(t.conf.station_dir, "sync", &t.lock, &err), &err);
	must(yz_station_get(t.store, &t.station, &err), &err);
	must(yz_token_read(t.token, t.conf.platform_token_file, &err), &err);
	must(yz_meta_get(t.store, "agent.epoch", t.epoch, sizeof(t.epoch), &err), &err);
	if (!*t.epoch)
		(void)yz_copy(t.epoch, sizeof(t.epoch), "1");
	port = strrchr(t.conf.platform_url, ':');
	t.port = port ? (int)strtol(port + 1, NULL, 10) : 0;
	for (;;) {
		if (step(&t))
			continue;
		if (t.once)
			break;
		fault_nap_us(IDLE_MS * 1000);
	}
	yz_store_close(t.store);
	if (t.lock >= 0)
		(void)close(t.lock);
	return 0;
}
