#include "config.h"

#include "ctl/cmd.h"

#include "base/datadir.h"
#include "station/address.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void say_json(const struct yz_address *a)
{
	const struct {
		const char *name, *value;
	} rows[] = {{"name", a->name}, {"phone", a->phone}, {"code", a->code},
	        {"province", a->province}, {"city", a->city}, {"county", a->county},
	        {"town", a->town}, {"village", a->village}, {"detail", a->detail},
	        {"postcode", a->postcode}};
	cJSON *o = cJSON_CreateObject();
	char confidence[16], *text;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		(void)cJSON_AddStringToObject(o, rows[i].name, rows[i].value);
	(void)snprintf(confidence, sizeof(confidence), "%.2f", a->confidence);
	(void)cJSON_AddRawToObject(o, "confidence", confidence);
	text = cJSON_PrintUnformatted(o);
	(void)puts(text);
	free(text);
	cJSON_Delete(o);
}

static void say_plain(const struct yz_address *a)
{
	(void)printf("%s: %s\n%s: %s\n%s: %s %s%s%s%s%s\n%s: %s\n%s: %s\n%s: %.2f\n", _("Name"),
	        a->name, _("Phone"), a->phone, _("Division"), a->code, a->province,
	        strcmp(a->city, a->province) ? a->city : "",
	        strcmp(a->county, a->city) ? a->county : "", a->town, a->village, _("Address"),
	        a->detail, _("Postcode"), a->postcode, _("Confidence"), a->confidence);
}

static void answer(const struct yz_ctl *ctl, const struct yz_divisions *d, const char *line)
{
	struct yz_address a;

	yz_address_parse(d, line, &a);
	if (ctl->is_json)
		say_json(&a);
	else
		say_plain(&a);
}

/* One answer a line, also for an empty one, so that answers and lines stay in step. */
static void answer_lines(const struct yz_ctl *ctl, const struct yz_divisions *d)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;

	while ((n = getline(&line, &cap, stdin)) >= 0) {
		if (n && line[n - 1] == '\n')
			line[n - 1] = '\0';
		answer(ctl, d, line);
	}
	free(line);
}

int yz_cmd_address(const struct yz_ctl *ctl, int argc, char **argv)
{
	struct yz_divisions *d = NULL;
	struct yz_error err;
	char dir[4096];

	if (argc != 1)
		return yz_ctl_usage(ctl);
	if (yz_datadir_find(ctl->data_dir, dir, sizeof(dir), &err) != YZ_OK ||
	        yz_divisions_load(&d, dir, &err) != YZ_OK)
		return yz_ctl_cannot(ctl, &err);
	if (!strcmp(argv[0], "-"))
		answer_lines(ctl, d);
	else
		answer(ctl, d, argv[0]);
	yz_divisions_free(d);
	return YZ_EXIT_OK;
}
