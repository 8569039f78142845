#include "config.h"

#include "tests/platform/platform.h"

#include <stdio.h>
#include <string.h>

void plat_error_add(cJSON *errors, const char *pointer, const char *code, const char *message)
{
	cJSON *e = cJSON_CreateObject();

	(void)cJSON_AddStringToObject(e, "pointer", pointer);
	(void)cJSON_AddStringToObject(e, "code", code);
	(void)cJSON_AddStringToObject(e, "message", message);
	(void)cJSON_AddItemToArray(errors, e);
}

/* "waybill-taken" is titled "Waybill taken". */
static void title_of(const char *code, char *out, size_t size)
{
	(void)yz_copy(out, size, code);
	for (char *c = out; *c; c++)
		if (*c == '-')
			*c = ' ';
	if (*out >= 'a' && *out <= 'z')
		*out = (char)(*out - 'a' + 'A');
}

cJSON *plat_problem(unsigned status, const char *code, const char *detail, cJSON *errors)
{
	cJSON *p = cJSON_CreateObject();
	char title[64], type[96];

	title_of(code, title, sizeof(title));
	(void)snprintf(type, sizeof(type), "urn:yizhan:problem:%s", code);
	(void)cJSON_AddStringToObject(p, "type", type);
	(void)cJSON_AddStringToObject(p, "title", title);
	(void)cJSON_AddNumberToObject(p, "status", status);
	(void)cJSON_AddStringToObject(p, "detail", detail);
	(void)cJSON_AddStringToObject(p, "code", code);
	(void)cJSON_AddBoolToObject(p, "retryable", status == 429 || status >= 500);
	if (errors && cJSON_GetArraySize(errors))
		(void)cJSON_AddItemToObject(p, "errors", errors);
	else
		cJSON_Delete(errors);
	return p;
}

static void put(struct plat_answer *a, unsigned status, const char *type, cJSON *json)
{
	char *text = cJSON_PrintUnformatted(json);

	a->status = status;
	a->type = type;
	yz_buf_clear(&a->body);
	yz_buf_puts(&a->body, text);
	cJSON_free(text);
	cJSON_Delete(json);
}

void plat_answer_problem(struct plat_answer *a, cJSON *problem)
{
	put(a, (unsigned)cJSON_GetObjectItem(problem, "status")->valueint,
	        "application/problem+json", problem);
}

void plat_answer_json(struct plat_answer *a, unsigned status, cJSON *json)
{
	put(a, status, "application/json", json);
}
