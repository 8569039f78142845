/* one_post STATION-FOLDER URL CA-FILE TOKEN-FILE N: the peer of tests/bench/drain.sh: sends N
 * operations the plain way, a POST a record, uncompressed, one after the other on one kept
 * connection. Prints the milliseconds a record takes once the connection stands. */
#include "config.h"

#include "base/buf.h"
#include "base/file.h"
#include "net/wire.h"
#include "tests/bench/bar.h"

#include <curl/curl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t swallow(char *data, size_t size, size_t n, void *user)
{
	(void)data, (void)user;
	return size * n;
}

static struct curl_slist *headers(
        const struct yz_buf *body, const struct yz_id *key, const char *token)
{
	char line[400], digest[64], id[YZ_ID_TEXT_SIZE];
	unsigned char raw[crypto_hash_sha256_BYTES];
	struct curl_slist *list = NULL;

	(void)crypto_hash_sha256(raw, (const unsigned char *)yz_buf_str(body), body->len);
	(void)sodium_bin2base64(
	        digest, sizeof(digest), raw, sizeof(raw), sodium_base64_VARIANT_ORIGINAL);
	yz_id_text(key, id);
	(void)snprintf(line, sizeof(line), "Authorization: Bearer %s", token);
	list = curl_slist_append(list, line);
	(void)snprintf(line, sizeof(line), "Content-Digest: sha-256=:%s:", digest);
	list = curl_slist_append(list, line);
	(void)snprintf(line, sizeof(line), "Idempotency-Key: \"%s\"", id);
	list = curl_slist_append(list, line);
	list = curl_slist_append(list, "Content-Type: application/json");
	list = curl_slist_append(list, "Station-Id: QJ530381");
	list = curl_slist_append(list, "Agent-Epoch: 1");
	return curl_slist_append(list, "Api-Version: " YZ_API_VERSION);
}

static void post(CURL *c, const struct yz_op *op, const char *token)
{
	struct yz_id key = yz_id_new(yz_clock_now(0).wall_ms);
	struct yz_buf body = YZ_BUF_INIT;
	struct curl_slist *list;
	long status = 0;

	yz_wire_batch(&body, &key, op, 1);
	list = headers(&body, &key, token);
	(void)curl_easy_setopt(c, CURLOPT_HTTPHEADER, list);
	(void)curl_easy_setopt(c, CURLOPT_POSTFIELDS, yz_buf_str(&body));
	(void)curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE, (long)body.len);
	if (curl_easy_perform(c) != CURLE_OK ||
	        curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status) != CURLE_OK || status != 200)
		bar_stop("a POST was not answered");
	curl_slist_free_all(list);
	yz_buf_free(&body);
}

int main(int argc, char **argv)
{
	struct yz_store *s = NULL;
	struct yz_op *ops = NULL;
	struct yz_buf token = YZ_BUF_INIT;
	struct yz_error err = {0};
	CURL *c = curl_easy_init();
	char url[300];
	size_t n = 0, want = argc == 6 ? strtoul(argv[5], NULL, 10) : 0;
	int64_t start;

	if (want < 2 || !c)
		bar_stop("usage: one_post STATION URL CA TOKEN N");
	if (yz_file_read(&token, argv[4], 200, &err) != YZ_OK ||
	        yz_store_open(&s, argv[1], 0, &err) != YZ_OK ||
	        yz_outbox_claim(s, yz_clock_now(0).wall_ms, want, 1 << 20, &ops, &n, &err) != YZ_OK)
		bar_stop(err.text);
	(void)snprintf(url, sizeof(url), "%s/v1/batches", argv[2]);
	(void)curl_easy_setopt(c, CURLOPT_URL, url);
	(void)curl_easy_setopt(c, CURLOPT_CAINFO, argv[3]);
	(void)curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, swallow);
	post(c, &ops[0], yz_buf_str(&token));
	start = bar_now_ns();
	for (size_t i = 1; i < n; i++)
		post(c, &ops[i], yz_buf_str(&token));
	(void)printf("%.3f\n", (double)(bar_now_ns() - start) / 1e6 / (double)(n - 1));
	curl_easy_cleanup(c);
	yz_ops_free(ops, n);
	yz_store_close(s);
	yz_buf_free(&token);
	return 0;
}
