#include "config.h"

#include "tests/platform/platform.h"

#include <microhttpd.h>
#include <stdio.h>
#include <string.h>

static const char *const names[] = {"Station-Id", "Agent-Epoch", "Api-Version", "Bundle",
        "Content-Digest", "Idempotency-Key", "Content-Encoding", "Content-Type", NULL};

static cJSON *headers_of(struct MHD_Connection *c)
{
	cJSON *all = cJSON_CreateObject();

	for (size_t i = 0; names[i]; i++) {
		const char *value = MHD_lookup_connection_value(c, MHD_HEADER_KIND, names[i]);

		if (value)
			(void)cJSON_AddStringToObject(all, names[i], value);
	}
	return all;
}

/* JSON as JSON, other text as a string, nothing as null. */
static cJSON *content(const char *text)
{
	cJSON *json = text ? cJSON_Parse(text) : NULL;

	if (json)
		return json;
	return text && *text ? cJSON_CreateString(text) : cJSON_CreateNull();
}

void plat_record(struct plat *p, struct MHD_Connection *c, const struct plat_request *r,
        const struct plat_answer *a)
{
	struct yz_buf answer = YZ_BUF_INIT;
	cJSON *line;
	char *text;

	if (!p->record || strncmp(r->path, "/v1/", 4) != 0)
		return;
	yz_buf_add(&answer, yz_buf_str(&a->body), a->body.len);
	line = cJSON_CreateObject();
	(void)cJSON_AddStringToObject(line, "method", r->method);
	(void)cJSON_AddStringToObject(line, "path", r->path);
	(void)cJSON_AddItemToObject(line, "headers", headers_of(c));
	(void)cJSON_AddItemToObject(line, "request", content(r->body));
	(void)cJSON_AddNumberToObject(line, "status", a->status);
	(void)cJSON_AddStringToObject(line, "type", a->type ? a->type : "");
	(void)cJSON_AddItemToObject(line, "response", content(yz_buf_str(&answer)));
	text = cJSON_PrintUnformatted(line);
	(void)fprintf(p->record, "%s\n", text);
	(void)fflush(p->record);
	cJSON_free(text);
	cJSON_Delete(line);
	yz_buf_free(&answer);
}
