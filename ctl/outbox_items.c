#include "config.h"

#include "ctl/outbox.h"

#include "net/wire.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

void yz_items_write(struct yz_buf *out, const struct yz_op *ops, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		yz_wire_item(out, &ops[i]);
		yz_buf_putc(out, '\n');
	}
}

static const char *text_of(const cJSON *o, const char *name)
{
	const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, name);

	return cJSON_IsString(v) ? v->valuestring : "";
}

static int64_t number_of(const cJSON *o, const char *name)
{
	const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, name);

	return cJSON_IsNumber(v) && v->valuedouble >= 0 && v->valuedouble < 9007199254740992.0
	               ? (int64_t)v->valuedouble
	               : 0;
}

static void read_clock(struct yz_op *op, const cJSON *clock)
{
	const char *trust = text_of(clock, "trust");

	(void)yz_copy(op->boot_id, sizeof(op->boot_id), text_of(clock, "boot_id"));
	op->mono_ms = number_of(clock, "mono_ms");
	op->trust = !strcmp(trust, "checked") ? YZ_CLOCK_CHECKED
	            : !strcmp(trust, "wrong") ? YZ_CLOCK_WRONG
	                                      : YZ_CLOCK_UNKNOWN;
}

/* Everything but the body. What is missing or odd stays empty: the comparison in read_item finds
 * it. */
static void read_front(struct yz_op *op, const cJSON *o)
{
	const cJSON *need;

	(void)yz_id_parse(text_of(o, "op_id"), &op->id);
	(void)yz_id_parse(text_of(o, "supersedes"), &op->supersedes);
	(void)yz_copy(op->agg, sizeof(op->agg), text_of(o, "agg"));
	(void)yz_copy(op->kind, sizeof(op->kind), text_of(o, "kind"));
	(void)yz_clock_parse(text_of(o, "occurred_at"), &op->created_ms);
	op->seq = number_of(o, "seq");
	op->agg_ver = number_of(o, "agg_ver");
	op->schema = (int)(number_of(o, "schema") & 0xFFFF);
	read_clock(op, cJSON_GetObjectItemCaseSensitive(o, "clock"));
	cJSON_ArrayForEach(need, cJSON_GetObjectItemCaseSensitive(o, "needs"))
	{
		if (op->need_count < YZ_NEEDS_MAX && cJSON_IsString(need) &&
		        yz_id_parse(need->valuestring, &op->needs[op->need_count]))
			op->need_count++;
	}
}

/* One line of len bytes. The body is taken as it stands, so that its digest stays; the rest must be
 * exactly what this program would write. */
static bool read_item(struct yz_op *op, const char *line, size_t len)
{
	static const char mark[] = ",\"data\":";
	struct yz_buf again = YZ_BUF_INIT;
	cJSON *o = cJSON_ParseWithLength(line, len);
	const char *data = NULL;
	bool ok = cJSON_IsObject(o);

	for (size_t i = 0; ok && !data && i + sizeof(mark) < len; i++)
		if (!memcmp(line + i, mark, sizeof(mark) - 1))
			data = line + i + sizeof(mark) - 1;
	ok = ok && data && line[len - 1] == '}';
	if (ok) {
		read_front(op, o);
		op->body_len = len - 1 - (size_t)(data - line);
		op->body = yz_alloc(op->body_len + 1);
		memcpy(op->body, data, op->body_len);
		yz_wire_item(&again, op);
		ok = again.len == len && !memcmp(again.data, line, len);
	}
	yz_buf_free(&again);
	cJSON_Delete(o);
	return ok;
}

enum yz_status yz_items_read(
        struct yz_op **ops, const struct yz_buf *items, size_t count, struct yz_error *err)
{
	struct yz_op *rows = yz_alloc((count + 1) * sizeof(*rows));
	const char *at = yz_buf_str(items), *end = at + items->len;
	size_t n = 0;
	bool ok = true;

	while (ok && at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));

		ok = stop && n < count && read_item(&rows[n], at, (size_t)(stop - at));
		n += n < count;
		at = stop ? stop + 1 : end;
	}
	if (ok && n == count) {
		*ops = rows;
		return YZ_OK;
	}
	yz_ops_free(rows, n);
	return yz_fail_say(err, YZ_E_PARSE,
	        N_("The bundle is whole and signed, but this program does not understand it: "
	           "upgrade it."),
	        "item %zu of %zu", n, count);
}
