/* What the platform hands out: changes and snapshots of its streams, and the tests' hand on them.
 */
#include "config.h"

#include "tests/platform/platform.h"

#include "base/clock.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The stream's name in the path if it is one, else NULL and 404. */
static const char *stream_of(const struct plat_request *r, struct plat_answer *a)
{
	static const char *const streams[] = {
	        "tariffs", "catalogue", "tracking", "notices", "stations"};
	const char *name = strrchr(r->path, '/') + 1;

	for (size_t i = 0; i < sizeof(streams) / sizeof(streams[0]); i++)
		if (!strcmp(streams[i], name))
			return name;
	plat_answer_problem(a, plat_problem(404, "unknown-stream", "没有这种数据", NULL));
	return NULL;
}

static int64_t last_change(struct plat *p, const char *stream)
{
	return plat_db_int(plat_db_query(p->db, "SELECT max(n) FROM change WHERE stream=? OR ?1=''",
	                           stream, NULL),
	        0);
}

/* A cursor is the number of the last change that was seen. One from before the stream was thinned
 * out, and one that this platform never gave, are no good. */
static bool cursor_ok(struct plat *p, const char *stream, const char *cursor, int64_t *at)
{
	char name[48], *end;
	int64_t floor;

	(void)snprintf(name, sizeof(name), "expired:%s", stream);
	floor = plat_db_int(
	        plat_db_query(
	                p->db, "SELECT CAST(value AS INTEGER) FROM meta WHERE name=?", name, NULL),
	        0);
	*at = cursor ? strtoll(cursor, &end, 10) : 0;
	if (cursor && (!*cursor || *end))
		return false;
	return *at >= floor && *at <= last_change(p, "");
}

void plat_changes(struct plat *p, const struct plat_request *r, struct plat_answer *a)
{
	const char *stream = stream_of(r, a);
	int64_t last = 0;
	cJSON *o, *items;
	sqlite3_stmt *st;
	char cursor[24];
	int n = 0;

	if (!stream)
		return;
	if (!cursor_ok(p, stream, r->cursor, &last)) {
		plat_answer_problem(
		        a, plat_problem(410, "cursor-expired", "请重新取整份数据", NULL));
		return;
	}
	o = cJSON_CreateObject();
	items = cJSON_AddArrayToObject(o, "items");
	(void)snprintf(cursor, sizeof(cursor), "%lld", (long long)last);
	st = plat_db_query(p->db,
	        "SELECT n, item FROM change WHERE stream=? AND n>CAST(? AS INTEGER) ORDER BY n",
	        stream, cursor, NULL);
	while (n < r->limit && plat_db_step(st)) {
		(void)snprintf(
		        cursor, sizeof(cursor), "%lld", (long long)sqlite3_column_int64(st, 0));
		(void)cJSON_AddItemToArray(items, cJSON_Parse(plat_db_text(st, 1)));
		n++;
	}
	(void)cJSON_AddStringToObject(o, "cursor", cursor);
	(void)cJSON_AddBoolToObject(o, "more", n == r->limit && plat_db_step(st));
	(void)cJSON_AddBoolToObject(o, "reset", false);
	(void)sqlite3_finalize(st);
	plat_answer_json(a, 200, o);
}

/* What stands in the stream now, one item a line, in the order of its ids. */
static void whole_stream(struct plat *p, const char *stream, struct yz_buf *out)
{
	sqlite3_stmt *st = plat_db_query(p->db,
	        "SELECT item FROM change WHERE n IN (SELECT max(n) FROM change WHERE stream=?"
	        " GROUP BY item->>'id') AND item->>'op'='put' ORDER BY item->>'id'",
	        stream, NULL);

	while (plat_db_step(st))
		yz_buf_printf(out, "%s\n", plat_db_text(st, 0));
	(void)sqlite3_finalize(st);
	yz_buf_printf(out, "{\"cursor\":\"%lld\"}\n", (long long)last_change(p, stream));
}

static void digest_header(struct yz_buf *headers, const char *name, const char *bytes, size_t len)
{
	unsigned char d[crypto_hash_sha256_BYTES];
	char b64[sodium_base64_ENCODED_LEN(sizeof(d), sodium_base64_VARIANT_ORIGINAL)];

	(void)crypto_hash_sha256(d, (const unsigned char *)bytes, len);
	(void)sodium_bin2base64(b64, sizeof(b64), d, sizeof(d), sodium_base64_VARIANT_ORIGINAL);
	yz_buf_printf(headers, "%s: sha-256=:%s:\n", name, b64);
}

/* The piece that Range asks for; false if it is none (then all of it is meant) or, with status 416,
 * outside. */
static bool cut(const struct plat_request *r, const char *etag, struct plat_answer *a)
{
	unsigned long long from, to;
	size_t total = a->body.len;

	if (sscanf(r->range, "bytes=%llu-%llu", &from, &to) != 2 || to < from ||
	        (*r->if_range && strcmp(r->if_range, etag) != 0))
		return false;
	if (from >= total) {
		plat_answer_problem(a, plat_problem(416, "range", "没有这一段", NULL));
		return true;
	}
	to = to < total ? to : total - 1;
	memmove(a->body.data, a->body.data + from, to - from + 1);
	a->body.len = (size_t)(to - from + 1);
	a->status = 206;
	yz_buf_printf(&a->headers, "Content-Range: bytes %llu-%llu/%zu\n", from, to, total);
	return true;
}

void plat_snapshot(struct plat *p, const struct plat_request *r, struct plat_answer *a)
{
	const char *stream = stream_of(r, a);
	char etag[PLAT_DIGEST_SIZE + 2], hex[PLAT_DIGEST_SIZE];

	if (!stream)
		return;
	whole_stream(p, stream, &a->body);
	plat_digest(a->body.data, a->body.len, hex);
	(void)snprintf(etag, sizeof(etag), "\"%.20s\"", hex);
	yz_buf_printf(&a->headers, "ETag: %s\n", etag);
	a->type = "application/x-ndjson";
	a->status = 200;
	if (!strcmp(r->if_none_match, etag)) {
		a->status = 304;
		a->type = NULL;
		yz_buf_clear(&a->body);
		return;
	}
	digest_header(&a->headers, "Repr-Digest", a->body.data, a->body.len);
	if (!cut(r, etag, a) || a->status == 206)
		digest_header(&a->headers, "Content-Digest", a->body.data, a->body.len);
}

/* One change, or {"items":[..]} of one stream in a transaction. */
void plat_test_change(struct plat *p, const struct plat_request *r, struct plat_answer *a)
{
	const cJSON *stream = cJSON_GetObjectItemCaseSensitive(r->json, "stream");
	const cJSON *items = cJSON_GetObjectItemCaseSensitive(r->json, "items");
	const cJSON *one = cJSON_GetObjectItemCaseSensitive(r->json, "item"), *item;
	cJSON *list = cJSON_IsArray(items) ? cJSON_Duplicate(items, true) : cJSON_CreateArray();

	a->status = 204;
	if (cJSON_IsObject(one))
		(void)cJSON_AddItemToArray(list, cJSON_Duplicate(one, true));
	if (!cJSON_IsString(stream) || !cJSON_GetArraySize(list))
		a->status = 400;
	plat_db_exec(p->db, "BEGIN IMMEDIATE");
	cJSON_ArrayForEach(item, list)
	{
		char *text = cJSON_PrintUnformatted(item);

		if (a->status == 204)
			(void)plat_db_int(
			        plat_db_query(p->db, "INSERT INTO change(stream, item) VALUES(?,?)",
			                stream->valuestring, text, NULL),
			        0);
		cJSON_free(text);
	}
	plat_db_exec(p->db, "COMMIT");
	cJSON_Delete(list);
}

/* From now on every cursor that was given for the stream is expired. */
void plat_test_expire(struct plat *p, const struct plat_request *r, struct plat_answer *a)
{
	const cJSON *stream = cJSON_GetObjectItemCaseSensitive(r->json, "stream");
	char name[48], value[24];

	a->status = cJSON_IsString(stream) ? 204 : 400;
	if (a->status != 204)
		return;
	(void)snprintf(name, sizeof(name), "expired:%s", stream->valuestring);
	(void)snprintf(
	        value, sizeof(value), "%lld", (long long)last_change(p, stream->valuestring));
	(void)plat_db_int(
	        plat_db_query(p->db, "INSERT OR REPLACE INTO meta VALUES(?,?)", name, value, NULL),
	        0);
}

/* As after a restore from a backup. */
void plat_test_epoch(struct plat *p, struct plat_answer *a)
{
	struct yz_id id = yz_id_new(yz_clock_now(0).wall_ms);

	(void)plat_db_int(plat_db_query(p->db, "INSERT OR REPLACE INTO meta VALUES('epoch', ?)",
	                          yz_id_text(&id, p->epoch), NULL),
	        0);
	a->status = 204;
}

/* What a replica must hold, without a key. */
void plat_test_stream(struct plat *p, const struct plat_request *r, struct plat_answer *a)
{
	const char *stream = stream_of(r, a);

	if (!stream)
		return;
	whole_stream(p, stream, &a->body);
	a->type = "application/x-ndjson";
	a->status = 200;
}
