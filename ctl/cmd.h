/* The frame of yizhanctl: one row of yz_cmds a command, one file ctl/cmd_NAME.c a row. main() takes
 * the common options
 * (--json, --help, --data DIR, -c FILE) out of the arguments; a command sees what is left. */
#ifndef YZ_CTL_CMD_H
#define YZ_CTL_CMD_H

#include "base/error.h"

#include <libintl.h>
#include <stdbool.h>
#include <stddef.h>

#define _(s) gettext(s)

enum yz_exit { YZ_EXIT_OK = 0, YZ_EXIT_NO = 1, YZ_EXIT_USAGE = 2, YZ_EXIT_CANNOT = 3 };

struct yz_ctl {
	const char *conf_file; /* -c, or NULL */
	const char *data_dir;  /* --data, or NULL */
	bool is_json;
	const struct yz_cmd *cmd; /* the one that runs */
};

struct yz_cmd {
	const char *name;
	const char *summary; /* msgid, one sentence */
	const char
	        *usage; /* what follows the name: "id|uscc|phone|waybill VALUE"; not translated */
	/* argv[0..argc-1] are the arguments after the name; returns the exit code. */
	int (*run)(const struct yz_ctl *ctl, int argc, char **argv);
};

/* Ends with a row whose name is NULL. */
extern const struct yz_cmd yz_cmds[];

/* Takes "--name VALUE" or "--name=VALUE" out of the arguments; NULL if it is not there. *argc -1 if
 * the value is missing. */
const char *yz_ctl_option(int *argc, char **argv, const char *name);

/* Takes a bare "--name" out; true if it was there. */
bool yz_ctl_flag(int *argc, char **argv, const char *name);

/* Says how the command is used on standard error; returns YZ_EXIT_USAGE. */
int yz_ctl_usage(const struct yz_ctl *ctl);

/* Says err in the clerk's words, and the log's line behind it; returns YZ_EXIT_CANNOT, or 75 where
 * trying again may help. With --json an object {"ok":false,"status":...,"reason":...} goes to
 * standard output too, with the log's line as "detail". */
int yz_ctl_cannot(const struct yz_ctl *ctl, const struct yz_error *err);

/* Commands. */
int yz_cmd_address(const struct yz_ctl *ctl, int argc, char **argv);
int yz_cmd_check(const struct yz_ctl *ctl, int argc, char **argv);
int yz_cmd_quote(const struct yz_ctl *ctl, int argc, char **argv);
int yz_cmd_doctor(const struct yz_ctl *ctl, int argc, char **argv);
int yz_cmd_export(const struct yz_ctl *ctl, int argc, char **argv);
int yz_cmd_import(const struct yz_ctl *ctl, int argc, char **argv);
int yz_cmd_init(const struct yz_ctl *ctl, int argc, char **argv);
int yz_cmd_notices(const struct yz_ctl *ctl, int argc, char **argv);
int yz_cmd_numbers(const struct yz_ctl *ctl, int argc, char **argv);
int yz_cmd_outbox(const struct yz_ctl *ctl, int argc, char **argv);
int yz_cmd_user(const struct yz_ctl *ctl, int argc, char **argv);
int yz_cmd_backup(const struct yz_ctl *ctl, int argc, char **argv);
int yz_cmd_owner_key(const struct yz_ctl *ctl, int argc, char **argv);
int yz_cmd_rescue(const struct yz_ctl *ctl, int argc, char **argv);
int yz_cmd_restore(const struct yz_ctl *ctl, int argc, char **argv);
int yz_cmd_verify(const struct yz_ctl *ctl, int argc, char **argv);
int yz_cmd_render(const struct yz_ctl *ctl, int argc, char **argv);

#endif
