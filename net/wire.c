#include "config.h"

#include "net/wire.h"

#include "base/text.h"
#include "net/wire_json.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const status_names[] = {
#define X(id, name) name,
        YZ_WIRE_STATUSES(X)
#undef X
};

static void *checked(void *p)
{
	if (!p)
		abort(); /* no memory */
	return p;
}

static void put_text(cJSON *o, const char *name, const char *value)
{
	(void)checked(cJSON_AddStringToObject(o, name, value));
}

static void put_id(cJSON *o, const char *name, const struct yz_id *id)
{
	char text[YZ_ID_TEXT_SIZE];

	put_text(o, name, yz_id_text(id, text));
}

static void put_int(cJSON *o, const char *name, int64_t value)
{
	(void)checked(cJSON_AddNumberToObject(o, name, (double)value));
}

static const char *trust_name(enum yz_clock_trust trust)
{
	return trust == YZ_CLOCK_CHECKED ? "checked"
	       : trust == YZ_CLOCK_WRONG ? "wrong"
	                                 : "unknown";
}

static cJSON *operation(const struct yz_op *op)
{
	cJSON *o = checked(cJSON_CreateObject()), *clock, *needs;
	char when[32], text[YZ_ID_TEXT_SIZE];

	put_id(o, "op_id", &op->id);
	put_int(o, "seq", op->seq);
	put_text(o, "agg", op->agg);
	put_int(o, "agg_ver", op->agg_ver);
	put_text(o, "kind", op->kind);
	put_int(o, "schema", op->schema);
	yz_clock_rfc3339(op->created_ms, when, sizeof(when));
	put_text(o, "occurred_at", when);
	clock = checked(cJSON_AddObjectToObject(o, "clock"));
	put_text(clock, "boot_id", op->boot_id);
	put_int(clock, "mono_ms", op->mono_ms);
	put_text(clock, "trust", trust_name(op->trust));
	needs = checked(cJSON_AddArrayToObject(o, "needs"));
	for (int i = 0; i < op->need_count; i++)
		(void)cJSON_AddItemToArray(
		        needs, checked(cJSON_CreateString(yz_id_text(&op->needs[i], text))));
	if (!yz_id_is_none(&op->supersedes))
		put_id(o, "supersedes", &op->supersedes);
	(void)checked(cJSON_AddRawToObject(o, "data", op->body));
	return o;
}

void yz_wire_batch(
        struct yz_buf *out, const struct yz_id *batch_id, const struct yz_op *ops, size_t n)
{
	cJSON *o = checked(cJSON_CreateObject()), *list;
	int64_t first = ops[0].seq;
	char *text;

	for (size_t i = 1; i < n; i++)
		first = ops[i].seq < first ? ops[i].seq : first;
	put_id(o, "batch_id", batch_id);
	put_int(o, "first_seq", first);
	list = checked(cJSON_AddArrayToObject(o, "ops"));
	for (size_t i = 0; i < n; i++)
		(void)cJSON_AddItemToArray(list, operation(&ops[i]));
	text = checked(cJSON_PrintUnformatted(o));
	yz_buf_clear(out);
	yz_buf_puts(out, text);
	cJSON_free(text);
	cJSON_Delete(o);
}

void yz_wire_item(struct yz_buf *out, const struct yz_op *op)
{
	cJSON *o = operation(op);
	char *text = checked(cJSON_PrintUnformatted(o));

	yz_buf_puts(out, text);
	cJSON_free(text);
	cJSON_Delete(o);
}

static void take(char *out, size_t size, const char *text)
{
	(void)yz_copy(out, size, text);
	yz_text_clean(out);
}

/* status, code, reason and field of a problem; false if it has no code. */
static bool read_problem(struct yz_verdict *v, const cJSON *problem)
{
	const cJSON *errors = yz_json_member(problem, "errors"), *e;
	const cJSON *status = yz_json_member(problem, "status");
	struct yz_buf words = YZ_BUF_INIT;

	v->http = yz_json_is_count(status) && status->valuedouble < 600 ? status->valueint : 0;
	take(v->code, sizeof(v->code), yz_json_text(problem, "code"));
	cJSON_ArrayForEach(e, errors)
	{
		const char *message = yz_json_text(e, "message");

		if (!v->field[0])
			take(v->field, sizeof(v->field), yz_json_text(e, "pointer"));
		if (*message)
			yz_buf_printf(&words, "%s%s", words.len ? ";" : "", message);
	}
	if (!words.len)
		yz_buf_puts(&words, yz_json_text(problem,
		                            *yz_json_text(problem, "detail") ? "detail" : "title"));
	take(v->reason, sizeof(v->reason), yz_buf_str(&words));
	yz_buf_free(&words);
	return cJSON_IsObject(problem) && v->code[0];
}

static bool read_result(struct yz_verdict *v, const struct yz_op *op, const cJSON *result)
{
	char id[YZ_ID_TEXT_SIZE];
	const char *status;

	if (!cJSON_IsObject(result) ||
	        strcmp(yz_json_text(result, "op_id"), yz_id_text(&op->id, id)) != 0)
		return false;
	status = yz_json_text(result, "status");
	while (v->status < YZ_WIRE_STATUS_COUNT && strcmp(status_names[v->status], status) != 0)
		v->status++;
	take(v->server_id, sizeof(v->server_id), yz_json_text(result, "server_id"));
	switch (v->status) {
	case YZ_WIRE_APPLIED:
	case YZ_WIRE_REPLAYED:
		return !yz_json_member(result, "problem") && !yz_json_member(result, "code");
	case YZ_WIRE_REJECTED:
		return read_problem(v, yz_json_member(result, "problem"));
	case YZ_WIRE_BLOCKED:
	case YZ_WIRE_RETRY:
		(void)read_problem(v, yz_json_member(result, "problem"));
		if (!v->code[0])
			(void)yz_copy(v->code, sizeof(v->code), status);
		return true;
	case YZ_WIRE_STATUS_COUNT:
		break;
	}
	return false;
}

enum yz_status yz_wire_read(struct yz_verdict *verdicts, const struct yz_op *ops, size_t n,
        const struct yz_answer *a, struct yz_error *err)
{
	struct yz_verdict *read = yz_alloc(n * sizeof(*read));
	cJSON *o = yz_json_parse(a, "application/json");
	const cJSON *results = yz_json_member(o, "results"), *r;
	size_t i = 0;
	bool ok = cJSON_IsArray(results) && (size_t)cJSON_GetArraySize(results) == n &&
	          yz_json_is_count(yz_json_member(o, "high_seq"));

	if (!ok)
		results = NULL;
	cJSON_ArrayForEach(r, results)
	{
		ok = ok && read_result(&read[i], &ops[i], r);
		i++;
	}
	if (ok)
		memcpy(verdicts, read, n * sizeof(*read));
	cJSON_Delete(o);
	free(read);
	return ok ? YZ_OK
	          : yz_fail(err, YZ_E_PARSE, "the answer is not what the platform's contract says");
}

int64_t yz_wire_high_seq(const struct yz_answer *a)
{
	cJSON *o = yz_json_parse(a, "application/json");
	const cJSON *high = yz_json_member(o, "high_seq");
	int64_t seq = yz_json_is_count(high) ? (int64_t)high->valuedouble : -1;

	cJSON_Delete(o);
	return seq;
}

enum yz_status yz_wire_problem(
        struct yz_verdict *out, const struct yz_answer *a, struct yz_error *err)
{
	struct yz_verdict v = {.status = YZ_WIRE_REJECTED};
	cJSON *o = yz_json_parse(a, "application/problem+json");
	bool ok = o && read_problem(&v, o);

	cJSON_Delete(o);
	if (!ok)
		return yz_fail(
		        err, YZ_E_PARSE, "the answer is not a problem report of the platform");
	*out = v;
	return YZ_OK;
}
