#include "config.h"

#include "ctl/cmd.h"

#include "base/clock.h"
#include "station/check.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct answer {
	struct yz_waybill_match match;
	struct yz_error err;
};

static enum yz_status check_id(const char *s, struct answer *a)
{
	return yz_check_id(s, yz_clock_now(0).wall_ms, &a->err);
}

static enum yz_status check_uscc(const char *s, struct answer *a)
{
	return yz_check_uscc(s, &a->err);
}

static enum yz_status check_phone(const char *s, struct answer *a)
{
	return yz_check_phone(s, &a->err);
}

static enum yz_status check_waybill(const char *s, struct answer *a)
{
	return yz_check_waybill(s, &a->match, &a->err);
}

static const struct {
	const char *name;
	enum yz_status (*check)(const char *s, struct answer *a);
} kinds[] = {
        {"id", check_id}, {"uscc", check_uscc}, {"phone", check_phone}, {"waybill", check_waybill}};

/* The value itself never comes back: it may end in a log. */
static void say_json(bool ok, const char *reason, const struct answer *a)
{
	cJSON *o = cJSON_CreateObject();
	char *text;

	(void)cJSON_AddBoolToObject(o, "ok", ok);
	(void)cJSON_AddStringToObject(o, "reason", reason);
	if (a->match.count) {
		cJSON *list = cJSON_AddArrayToObject(o, "couriers");

		for (size_t i = 0; i < a->match.count; i++)
			(void)cJSON_AddItemToArray(list, cJSON_CreateString(a->match.couriers[i]));
	}
	text = cJSON_PrintUnformatted(o);
	(void)puts(text);
	free(text);
	cJSON_Delete(o);
}

int yz_cmd_check(const struct yz_ctl *ctl, int argc, char **argv)
{
	struct answer a = {.match = {.count = 0}};
	const char *reason;
	bool ok;
	size_t i;

	if (argc != 2)
		return yz_ctl_usage(ctl);
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]) && strcmp(kinds[i].name, argv[0]) != 0;
	        i++)
		;
	if (i == sizeof(kinds) / sizeof(kinds[0]))
		return yz_ctl_usage(ctl);
	ok = kinds[i].check(argv[1], &a) == YZ_OK;
	reason = ok ? "" : _(yz_error_say(&a.err));
	if (ctl->is_json)
		say_json(ok, reason, &a);
	else
		(void)puts(ok ? _("This number is right.") : reason);
	return ok ? YZ_EXIT_OK : YZ_EXIT_NO;
}
