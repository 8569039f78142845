#include "config.h"

#include "ctl/cmd.h"

#include "base/buf.h"
#include "base/core.h"
#include "base/lang.h"
#include "base/text.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void drop(int *argc, char **argv, int at, int count)
{
	for (int i = at; i + count < *argc; i++)
		argv[i] = argv[i + count];
	*argc -= count;
}

const char *yz_ctl_option(int *argc, char **argv, const char *name)
{
	size_t len = strlen(name);

	for (int i = 0; i < *argc && strcmp(argv[i], "--") != 0; i++) {
		const char *value;

		if (!strcmp(argv[i], name)) {
			if (i + 1 == *argc) {
				*argc = -1;
				return NULL;
			}
			value = argv[i + 1];
			drop(argc, argv, i, 2);
			return value;
		}
		if (!strncmp(argv[i], name, len) && argv[i][len] == '=') {
			value = argv[i] + len + 1;
			drop(argc, argv, i, 1);
			return value;
		}
	}
	return NULL;
}

bool yz_ctl_flag(int *argc, char **argv, const char *name)
{
	for (int i = 0; i < *argc && (strcmp(argv[i], "--") != 0 || !strcmp(name, "--")); i++)
		if (!strcmp(argv[i], name)) {
			drop(argc, argv, i, 1);
			return true;
		}
	return false;
}

static void usage_line(FILE *to, const struct yz_cmd *cmd)
{
	(void)fprintf(to, "yizhanctl %s %s\n", cmd->name, cmd->usage);
}

/* The paths in detail come from the arguments: they may be cut, or no UTF-8. */
static void say_json(
        const struct yz_ctl *ctl, const char *status, const char *reason, const char *detail)
{
	cJSON *o = ctl->is_json ? cJSON_CreateObject() : NULL;
	char *clean, *text;

	if (!o)
		return;
	clean = yz_strdup(detail);
	yz_text_clean(clean);
	(void)cJSON_AddBoolToObject(o, "ok", false);
	(void)cJSON_AddStringToObject(o, "status", status);
	(void)cJSON_AddStringToObject(o, "reason", reason);
	(void)cJSON_AddStringToObject(o, "detail", clean);
	text = cJSON_PrintUnformatted(o);
	(void)puts(text);
	free(text);
	free(clean);
	cJSON_Delete(o);
}

int yz_ctl_usage(const struct yz_ctl *ctl)
{
	(void)fprintf(stderr, "%s\n  ", _("Use it like this:"));
	usage_line(stderr, ctl->cmd);
	say_json(ctl, "usage", _("Use it like this:"), ctl->cmd->usage);
	return YZ_EXIT_USAGE;
}

int yz_ctl_cannot(const struct yz_ctl *ctl, const struct yz_error *err)
{
	int code = yz_status_exit(err->status);

	(void)fprintf(stderr, "%s (%s)\n", _(yz_error_say(err)), err->text);
	say_json(ctl, yz_status_name(err->status), _(yz_error_say(err)), err->text);
	return code == 75 ? code : YZ_EXIT_CANNOT;
}

static void help_all(FILE *to)
{
	(void)fprintf(to, "%s\n\n", _("yizhanctl: set up, check and repair a station."));
	for (const struct yz_cmd *c = yz_cmds; c->name; c++)
		(void)fprintf(to, "  %-10s %s\n", c->name, _(c->summary));
	(void)fprintf(to, "\n  --json     %s\n  --help     %s\n  --data DIR %s\n  -c FILE    %s\n",
	        _("Answer in JSON."), _("Say how a command is used."),
	        _("The folder of the reference data, if not the installed one."),
	        _("The configuration of the station."));
}

static const struct yz_cmd *command(const char *name)
{
	for (const struct yz_cmd *c = yz_cmds; c->name; c++)
		if (!strcmp(c->name, name))
			return c;
	return NULL;
}

/* An answer that did not get out is none. */
static int finish(int code)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return code;
	(void)fprintf(stderr, "%s (%s)\n", _("The answer could not be written."), strerror(errno));
	return YZ_EXIT_CANNOT;
}

int main(int argc, char **argv)
{
	struct yz_ctl ctl = {0};
	bool is_help;
	const char *c;

	yz_core_forbid();
	(void)umask(007); /* what root makes in the station's folder is its group's too */
	(void)yz_lang_start("");
	argc--;
	argv++;
	is_help = yz_ctl_flag(&argc, argv, "--help");
	ctl.is_json = yz_ctl_flag(&argc, argv, "--json");
	ctl.data_dir = yz_ctl_option(&argc, argv, "--data");
	c = argc < 0 ? NULL : yz_ctl_option(&argc, argv, "-c");
	ctl.conf_file = c;
	if (argc > 0)
		ctl.cmd = command(argv[0]);
	if (is_help) {
		if (!ctl.cmd) {
			help_all(stdout);
		} else {
			usage_line(stdout, ctl.cmd);
			(void)printf("  %s\n", _(ctl.cmd->summary));
		}
		return finish(YZ_EXIT_OK);
	}
	if (!ctl.cmd) {
		help_all(stderr);
		say_json(&ctl, "usage", _("There is no such command; see yizhanctl --help."),
		        argc > 0 ? argv[0] : "");
		return finish(YZ_EXIT_USAGE);
	}
	argc--;
	argv++;
	(void)yz_ctl_flag(&argc, argv, "--");
	return finish(ctl.cmd->run(&ctl, argc, argv));
}
