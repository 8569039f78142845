#include "config.h"

#include "net/wire_pull.h"

#include "net/wire_json.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void yz_wire_lease(struct yz_buf *out, const struct yz_lease *l)
{
	yz_buf_clear(out);
	if (!strcmp(l->what, "return"))
		yz_buf_printf(out, "{\"used_to\":%" PRId64 "}", l->used_to);
	else /* a courier's code is capital letters and digits */
		yz_buf_printf(out,
		        "{\"count\":%" PRId64 ",\"courier\":\"%s\",\"high_water\":%" PRId64
		        ",\"kind\":\"waybill\"}",
		        l->count, l->courier, l->high_water);
}

static int64_t count_of(const cJSON *o, const char *name, int64_t none)
{
	const cJSON *v = yz_json_member(o, name);

	return yz_json_is_count(v) ? (int64_t)v->valuedouble : none;
}

/* A text that stands there and fits, whole. */
static bool take_text(char *out, size_t size, const cJSON *o, const char *name)
{
	const cJSON *v = yz_json_member(o, name);

	if (!cJSON_IsString(v) || strlen(v->valuestring) >= size)
		return false;
	(void)yz_copy(out, size, v->valuestring);
	return true;
}

enum yz_status yz_wire_lease_read(
        struct yz_pool *p, const struct yz_answer *a, struct yz_error *err)
{
	cJSON *o = yz_json_parse(a, "application/json");
	struct yz_pool read = {.width = 0};
	struct yz_id id;
	int64_t width = count_of(o, "width", -1);
	bool ok = o && !strcmp(yz_json_text(o, "kind"), "waybill") &&
	          take_text(read.lease_id, sizeof(read.lease_id), o, "lease_id") &&
	          yz_id_parse(read.lease_id, &id) &&
	          take_text(read.courier, sizeof(read.courier), o, "courier") &&
	          take_text(read.prefix, sizeof(read.prefix), o, "prefix") &&
	          take_text(read.suffix, sizeof(read.suffix), o, "suffix") &&
	          take_text(read.check_rule, sizeof(read.check_rule), o, "check_rule") &&
	          width >= 0 && width < 100;

	read.width = (int)width;
	read.lo = count_of(o, "lo", -1);
	read.hi = count_of(o, "hi", -1);
	read.next = read.lo;
	ok = ok && read.lo >= 0 && read.hi >= 0;
	cJSON_Delete(o);
	if (!ok)
		return yz_fail(err, YZ_E_PARSE, "the answer is not a lease of the contract");
	*p = read;
	return YZ_OK;
}

static void free_item(struct yz_pulled *item)
{
	for (size_t i = 0; i < item->field_count; i++) {
		free(item->fields[i].name);
		free(item->fields[i].value);
	}
	free(item->fields);
}

void yz_wire_page_free(struct yz_wire_page *page)
{
	for (size_t i = 0; i < page->n; i++)
		free_item(&page->items[i]);
	free(page->items);
	page->items = NULL;
	page->n = 0;
}

/* A field as text; false for what is neither a text nor a whole number. */
static bool add_field(struct yz_pulled *item, const cJSON *v)
{
	char number[32];
	const char *value = number;

	if (cJSON_IsString(v))
		value = v->valuestring;
	else if (yz_json_is_count(v))
		(void)snprintf(number, sizeof(number), "%" PRId64, (int64_t)v->valuedouble);
	else
		return false;
	item->fields[item->field_count].name = yz_strdup(v->string);
	item->fields[item->field_count++].value = yz_strdup(value);
	return true;
}

static void read_data(struct yz_pulled *item, const cJSON *data)
{
	char *text = cJSON_PrintUnformatted(data);
	const cJSON *v;

	if (!text)
		abort(); /* no memory */
	(void)crypto_hash_sha256(item->digest, (const unsigned char *)text, strlen(text));
	cJSON_free(text);
	item->fields =
	        yz_alloc(((size_t)cJSON_GetArraySize(data) + 1) * sizeof(struct yz_pulled_field));
	cJSON_ArrayForEach(v, data) item->odd =
	        !add_field(item, v) || yz_json_member(data, v->string) != v || item->odd;
}

static bool read_item(struct yz_pulled *item, const cJSON *o)
{
	const char *op = yz_json_text(o, "op");
	const cJSON *data = yz_json_member(o, "data");

	item->version = count_of(o, "version", 0);
	item->gone = !strcmp(op, "delete");
	if (!take_text(item->id, sizeof(item->id), o, "id") || !*item->id || item->version < 1)
		return false;
	if (item->gone)
		return true;
	if (strcmp(op, "put") != 0 || !cJSON_IsObject(data))
		return false;
	read_data(item, data);
	return true;
}

static enum yz_status no_page(struct yz_wire_page *page, struct yz_error *err)
{
	yz_wire_page_free(page);
	return yz_fail(err, YZ_E_PARSE, "the answer is not what the platform's contract says");
}

enum yz_status yz_wire_changes(
        struct yz_wire_page *out, const struct yz_answer *a, struct yz_error *err)
{
	struct yz_wire_page page = {.n = 0};
	cJSON *o = yz_json_parse(a, "application/json");
	const cJSON *items = yz_json_member(o, "items"), *v;
	const cJSON *more = yz_json_member(o, "more"), *reset = yz_json_member(o, "reset");
	bool ok = cJSON_IsArray(items) && cJSON_IsBool(more) && cJSON_IsBool(reset) &&
	          take_text(page.cursor, sizeof(page.cursor), o, "cursor");

	if (ok) {
		page.more = cJSON_IsTrue(more);
		page.reset = cJSON_IsTrue(reset);
		page.items =
		        yz_alloc(((size_t)cJSON_GetArraySize(items) + 1) * sizeof(*page.items));
		cJSON_ArrayForEach(v, items) ok = ok && read_item(&page.items[page.n++], v);
	}
	cJSON_Delete(o);
	if (!ok)
		return no_page(&page, err);
	*out = page;
	return YZ_OK;
}

/* One line of a snapshot: an item, or the cursor that ends it. */
static bool read_line(struct yz_wire_page *page, const char *line, size_t len, bool *ended)
{
	struct yz_answer a = {"application/json", line, len};
	cJSON *o = yz_json_parse(&a, "application/json");
	bool ok = o && !*ended;

	if (ok && yz_json_member(o, "id")) {
		/* room for 1, 2, 4, 8 ... */
		if (!(page->n & (page->n - 1)))
			page->items = yz_realloc(
			        page->items, (page->n ? page->n * 2 : 1) * sizeof(*page->items));
		page->items[page->n] = (struct yz_pulled){.version = 0};
		ok = read_item(&page->items[page->n++], o);
	} else if (ok) {
		ok = *ended = take_text(page->cursor, sizeof(page->cursor), o, "cursor");
	}
	cJSON_Delete(o);
	return ok;
}

enum yz_status yz_wire_snapshot(
        struct yz_wire_page *out, char *text, size_t len, struct yz_error *err)
{
	struct yz_wire_page page = {.n = 0};
	bool ok = strlen(text) == len, ended = false;
	char *end;

	while (ok && *text) {
		end = strchr(text, '\n');
		if (!end)
			break; /* the last line ends too: else it may be cut */
		*end = '\0';
		ok = read_line(&page, text, (size_t)(end - text), &ended);
		text = end + 1;
	}
	if (!ok || !ended || *text)
		return no_page(&page, err);
	*out = page;
	return YZ_OK;
}
