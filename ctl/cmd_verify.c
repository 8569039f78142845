#include "config.h"

#include "ctl/cmd.h"

#include "base/conf.h"
#include "store/guard.h"
#include "store/verify.h"

#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>

/* A damaged station: what was found, and what helps. */
static int say_damage(const struct yz_ctl *ctl, const struct yz_error *why)
{
	struct yz_error said = *why;

	said.say = N_("The database is damaged. Stop all programs of the station, then run "
	              "yizhanctl rescue; the damaged file is kept.");
	(void)yz_ctl_cannot(ctl, &said);
	return YZ_EXIT_NO;
}

/* Sound as the file of the moment may be, it lacks what the command that was cut off had moved. */
static int say_half_replaced(const struct yz_ctl *ctl)
{
	struct yz_error said = {0};

	(void)yz_fail_say(&said, YZ_E_CORRUPT,
	        N_("A restore or rescue was cut off. Run the same command again; until then "
	           "nothing new can be saved."),
	        "the database was being replaced");
	(void)yz_ctl_cannot(ctl, &said);
	return YZ_EXIT_NO;
}

static int say_whole(const struct yz_ctl *ctl, const char *what)
{
	if (ctl->is_json)
		(void)puts("{\"ok\":true}");
	else
		(void)printf(_("%s: whole. Every row is as it was written.\n"), what);
	return YZ_EXIT_OK;
}

/* The mark of damage follows what the sweep found, so that the station stops or goes on. */
static void set_mark(const char *dir, enum yz_status st, const struct yz_error *err)
{
	if (st == YZ_OK)
		yz_damage_clear(dir);
	else if (st == YZ_E_CORRUPT)
		(void)yz_damage_mark(dir, err->text, NULL);
}

int yz_cmd_verify(const struct yz_ctl *ctl, int argc, char **argv)
{
	struct yz_conf conf;
	struct yz_error err = {0};
	struct yz_store *s = NULL;
	struct stat sb;
	const char *what = argc == 1 ? argv[0] : NULL;
	bool is_folder = true;
	enum yz_status st = YZ_OK;

	if (argc > 1 || (what && *what == '-'))
		return yz_ctl_usage(ctl);
	if (!what) {
		st = yz_conf_read(&conf, ctl->conf_file, &err);
		what = conf.station_dir;
	} else {
		is_folder = stat(what, &sb) == 0 && S_ISDIR(sb.st_mode);
	}
	if (st == YZ_OK)
		st = is_folder ? yz_store_open(&s, what, YZ_STORE_READONLY, &err)
		               : yz_store_open_file(&s, what, &err);
	if (st == YZ_OK)
		st = yz_store_verify(s, &err);
	yz_store_close(s);
	if (is_folder && (st == YZ_OK || st == YZ_E_CORRUPT))
		set_mark(what, st, &err);
	if (st == YZ_E_CORRUPT)
		return say_damage(ctl, &err);
	if (st == YZ_OK && is_folder && yz_replacing_is_marked(what))
		return say_half_replaced(ctl);
	return st == YZ_OK ? say_whole(ctl, what) : yz_ctl_cannot(ctl, &err);
}
