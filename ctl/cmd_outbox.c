#include "config.h"

#include "ctl/outbox.h"

#include "base/buf.h"
#include "store/outbox.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 200 };

static const struct {
	const char *name;
	unsigned mask;
} states[] = {{"pending", 1U << YZ_OP_PENDING}, {"acked", 1U << YZ_OP_ACKED},
        {"dead", 1U << YZ_OP_DEAD}, {"superseded", 1U << YZ_OP_SUPERSEDED},
        {"held", 1U << YZ_OP_HELD},
        {"waiting", 1U << YZ_OP_PENDING | 1U << YZ_OP_DEAD | 1U << YZ_OP_HELD}, {"all", 0x1FU}};

static const char *state_name(enum yz_op_state st)
{
	return states[st].name; /* the first five stand in the order of the enum */
}

static void print_op(const struct yz_ctl *ctl, const struct yz_op *op, cJSON *list)
{
	char id[YZ_ID_TEXT_SIZE], at[32];
	cJSON *o;

	(void)yz_id_text(&op->id, id);
	yz_clock_rfc3339(op->created_ms, at, sizeof(at));
	if (!ctl->is_json) {
		(void)printf("%6lld %-10s %-16s %s %s %s\n", (long long)op->seq,
		        state_name(op->state), op->kind, at, op->code, op->reason);
		return;
	}
	o = cJSON_CreateObject();
	(void)cJSON_AddNumberToObject(o, "seq", (double)op->seq);
	(void)cJSON_AddStringToObject(o, "op_id", id);
	(void)cJSON_AddStringToObject(o, "kind", op->kind);
	(void)cJSON_AddStringToObject(o, "agg", op->agg);
	(void)cJSON_AddStringToObject(o, "state", state_name(op->state));
	(void)cJSON_AddNumberToObject(o, "attempts", op->attempts);
	(void)cJSON_AddStringToObject(o, "created_at", at);
	(void)cJSON_AddStringToObject(o, "code", op->code);
	(void)cJSON_AddStringToObject(o, "reason", op->reason);
	(void)cJSON_AddStringToObject(o, "field", op->field);
	(void)cJSON_AddItemToArray(list, o);
}

static enum yz_status list_ops(const struct yz_ctl *ctl, struct yz_store *s, unsigned mask,
        cJSON *list, struct yz_error *err)
{
	struct yz_op *rows = yz_alloc(PAGE * sizeof(*rows));
	size_t n = 0, total = 0;
	enum yz_status st = YZ_OK;

	for (size_t skip = 0; st == YZ_OK; skip += n) {
		st = yz_outbox_list(s, mask, skip, rows, PAGE, &n, &total, err);
		for (size_t i = 0; st == YZ_OK && i < n; i++)
			print_op(ctl, &rows[i], list);
		if (st == YZ_OK && !n)
			break;
	}
	if (st == YZ_OK && !ctl->is_json)
		(void)printf(ngettext("%zu operation.\n", "%zu operations.\n", total), total);
	free(rows);
	return st;
}

static int list(const struct yz_ctl *ctl, int argc, char **argv)
{
	struct yz_ctl_station s;
	struct yz_error err = {0};
	const char *wanted = yz_ctl_option(&argc, argv, "--state");
	cJSON *rows = NULL;
	unsigned mask = 0;
	enum yz_status st;

	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (!strcmp(states[i].name, wanted ? wanted : "waiting"))
			mask = states[i].mask;
	if (argc != 1 || !mask)
		return yz_ctl_usage(ctl);
	rows = cJSON_CreateArray();
	st = yz_ctl_open(ctl, &s, &err);
	if (st == YZ_OK)
		st = list_ops(ctl, s.desk.store, mask, rows, &err);
	yz_ctl_close(&s);
	if (st == YZ_OK && ctl->is_json) {
		char *text = cJSON_PrintUnformatted(rows);

		(void)puts(text);
		free(text);
	}
	cJSON_Delete(rows);
	return st == YZ_OK ? YZ_EXIT_OK : yz_ctl_cannot(ctl, &err);
}

int yz_cmd_outbox(const struct yz_ctl *ctl, int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(const struct yz_ctl *ctl, int argc, char **argv);
	} verbs[] = {{"list", list}, {"export", yz_outbox_export}, {"import", yz_outbox_import},
	        {"key", yz_outbox_key}};

	for (size_t i = 0; argc > 0 && i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (!strcmp(argv[0], verbs[i].name))
			return verbs[i].run(ctl, argc, argv);
	return yz_ctl_usage(ctl);
}
