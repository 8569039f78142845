#include "config.h"

#include "ctl/doctor.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>

static const struct yz_checkup checkups[] = {
        {"folder", yz_look_folder},
        {"database", yz_look_database},
        {"audit", yz_look_audit},
        {"backup", yz_look_backup},
        {"copies", yz_look_copies},
        {"disk", yz_look_disk},
        {"clerks", yz_look_clerks},
        {"reference", yz_look_reference},
        {"tariff", yz_look_tariff},
        {"numbers", yz_look_numbers},
        {"pulled", yz_look_pulled},
        {"outbox", yz_look_outbox},
        {"line", yz_look_line},
        {"token", yz_look_token},
        {"certificate", yz_look_certificate},
        {"clock", yz_look_clock},
        {"printers", yz_look_printers},
        {"templates", yz_look_templates},
        {"programs", yz_look_programs},
};

void yz_finding_set(struct yz_finding *f, enum yz_verdict verdict, const char *remedy)
{
	f->verdict = verdict;
	f->remedy = remedy;
}

void yz_finding_fail(struct yz_finding *f, const struct yz_error *err, const char *remedy)
{
	yz_buf_printf(&f->text, "%s (%s)", _(yz_error_say(err)), err->text);
	yz_finding_set(f, YZ_ILL, remedy);
}

static void print_finding(
        const struct yz_ctl *ctl, const char *name, const struct yz_finding *f, cJSON *list)
{
	static const char *const words[] = {"ok", "note", "ill"};
	const char *remedy = f->remedy ? _(f->remedy) : "";
	cJSON *o;

	if (!ctl->is_json) {
		(void)printf("%-4s %-10s %s\n", words[f->verdict], name, yz_buf_str(&f->text));
		if (*remedy)
			(void)printf("                -> %s\n", remedy);
		return;
	}
	o = cJSON_CreateObject();
	(void)cJSON_AddStringToObject(o, "check", name);
	(void)cJSON_AddStringToObject(o, "verdict", words[f->verdict]);
	(void)cJSON_AddStringToObject(o, "text", yz_buf_str(&f->text));
	(void)cJSON_AddStringToObject(o, "remedy", remedy);
	(void)cJSON_AddItemToArray(list, o);
}

int yz_cmd_doctor(const struct yz_ctl *ctl, int argc, char **argv)
{
	struct yz_ctl_station s;
	struct yz_error err = {0};
	cJSON *list;
	bool ill = false;
	enum yz_status st;

	(void)argv;
	if (argc != 0)
		return yz_ctl_usage(ctl);
	st = yz_ctl_open(ctl, &s, &err);
	if (st != YZ_OK) {
		yz_ctl_close(&s);
		return yz_ctl_cannot(ctl, &err);
	}
	list = cJSON_CreateArray();
	for (size_t i = 0; i < sizeof(checkups) / sizeof(checkups[0]); i++) {
		struct yz_finding f = {.text = YZ_BUF_INIT};

		checkups[i].look(&s, ctl, &f);
		print_finding(ctl, checkups[i].name, &f, list);
		ill = ill || f.verdict == YZ_ILL;
		yz_buf_free(&f.text);
	}
	if (ctl->is_json) {
		char *text = cJSON_PrintUnformatted(list);

		(void)puts(text);
		free(text);
	} else {
		(void)puts(ill ? _("Something must be mended; see the arrows.")
		               : _("The station can work."));
	}
	cJSON_Delete(list);
	yz_ctl_close(&s);
	return ill ? YZ_EXIT_NO : YZ_EXIT_OK;
}
