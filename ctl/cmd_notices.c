#include "config.h"

#include "ctl/open.h"

#include "base/buf.h"
#include "store/notice.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NOTICES_MAX = 500 };

/* What the station itself noticed has a key word for a title. */
static const char *title_of(const struct yz_notice *n)
{
	if (!strcmp(n->title, "void-parcel-moves"))
		return _("A parcel that was cancelled here is on its way: ask the courier.");
	return n->title;
}

static void say(const struct yz_notice *n, cJSON *list)
{
	char at[32];
	cJSON *o;

	yz_clock_rfc3339(n->at_ms, at, sizeof(at));
	if (!list) {
		(void)printf("%s %s  %s\n", n->read_ms ? " " : "*", at, title_of(n));
		if (*n->text)
			(void)printf("      %s\n", n->text);
		return;
	}
	o = cJSON_CreateObject();
	(void)cJSON_AddStringToObject(o, "id", n->id);
	(void)cJSON_AddStringToObject(o, "title", title_of(n));
	(void)cJSON_AddStringToObject(o, "text", n->text);
	(void)cJSON_AddStringToObject(o, "until", n->until);
	(void)cJSON_AddStringToObject(o, "came_at", at);
	(void)cJSON_AddBoolToObject(o, "read", n->read_ms != 0);
	(void)cJSON_AddItemToArray(list, o);
}

static enum yz_status mark_read(
        struct yz_ctl_station *s, const struct yz_notice *rows, size_t n, struct yz_error *err)
{
	struct yz_tx *tx = NULL;
	enum yz_status st = yz_tx_begin(s->desk.store, &s->now, &tx, err);

	for (size_t i = 0; st == YZ_OK && i < n; i++)
		st = yz_notice_read(tx, rows[i].id, err);
	return yz_desk_finish(&s->desk, tx, st, err);
}

/* Prints them, and with --read they count as read. */
int yz_cmd_notices(const struct yz_ctl *ctl, int argc, char **argv)
{
	bool read = yz_ctl_flag(&argc, argv, "--read");
	struct yz_notice *rows;
	struct yz_ctl_station s;
	struct yz_error err = {0};
	cJSON *list;
	size_t n = 0;
	enum yz_status st;

	if (argc != 0)
		return yz_ctl_usage(ctl);
	rows = yz_alloc(NOTICES_MAX * sizeof(*rows));
	list = ctl->is_json ? cJSON_CreateArray() : NULL;
	st = yz_ctl_open(ctl, &s, &err);
	if (st == YZ_OK)
		st = yz_notice_list(s.desk.store, rows, NOTICES_MAX, &n, &err);
	for (size_t i = 0; st == YZ_OK && i < n; i++)
		say(&rows[i], list);
	if (st == YZ_OK && read)
		st = mark_read(&s, rows, n, &err);
	yz_ctl_close(&s);
	if (st == YZ_OK && list) {
		char *text = cJSON_PrintUnformatted(list);

		(void)puts(text);
		free(text);
	}
	cJSON_Delete(list);
	free(rows);
	return st == YZ_OK ? YZ_EXIT_OK : yz_ctl_cannot(ctl, &err);
}
