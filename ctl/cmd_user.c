#include "config.h"

#include "ctl/open.h"

#include "base/buf.h"
#include "base/file.h"
#include "station/seal.h"
#include "station/signin.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { CLERKS_MAX = 200 };

/* The PIN comes from the terminal without echo, else from standard input: never from the arguments,
 * which others see. */
static bool read_pin(char *pin, size_t size)
{
	struct termios old, quiet;
	bool tty = tcgetattr(STDIN_FILENO, &old) == 0;
	bool got;

	if (tty) {
		(void)fputs(_("PIN: "), stderr);
		quiet = old;
		quiet.c_lflag &= ~(tcflag_t)ECHO;
		(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
	}
	got = fgets(pin, (int)size, stdin) != NULL;
	if (tty) {
		(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &old);
		(void)fputc('\n', stderr);
	}
	pin[got ? strcspn(pin, "\r\n") : 0] = '\0';
	return got;
}

struct clerk_words {
	const char *login, *name, *role;
};

static enum yz_status add(
        struct yz_ctl_station *s, const struct clerk_words *w, struct yz_error *err)
{
	struct yz_clerk c = {.login = ""};
	char pin[256];
	enum yz_status st;

	/* too long a word is left out, and then refused: a cut one would be another clerk */
	if (strlen(w->login) < sizeof(c.login))
		(void)yz_copy(c.login, sizeof(c.login), w->login);
	if (w->name && strlen(w->name) < sizeof(c.name))
		(void)yz_copy(c.name, sizeof(c.name), w->name);
	(void)yz_copy(c.role, sizeof(c.role), w->role ? w->role : "clerk");
	if (!read_pin(pin, sizeof(pin)))
		return yz_fail_field(err, YZ_E_RANGE, "pin", N_("Give the PIN on standard input."));
	st = yz_clerk_new(s->desk.store, &s->now, &c, pin, err);
	yz_wipe(pin);
	return st;
}

static enum yz_status passwd(struct yz_ctl_station *s, const char *login, struct yz_error *err)
{
	char pin[256];
	enum yz_status st;

	if (!read_pin(pin, sizeof(pin)))
		return yz_fail_field(err, YZ_E_RANGE, "pin", N_("Give the PIN on standard input."));
	st = yz_clerk_set_pin(s->desk.store, &s->now, login, pin, err);
	yz_wipe(pin);
	return st;
}

static void print_clerks(const struct yz_ctl *ctl, const struct yz_clerk *rows, size_t n)
{
	cJSON *list = cJSON_CreateArray();
	char *text;

	for (size_t i = 0; i < n; i++) {
		cJSON *o = cJSON_CreateObject();

		(void)cJSON_AddStringToObject(o, "login", rows[i].login);
		(void)cJSON_AddStringToObject(o, "name", rows[i].name);
		(void)cJSON_AddStringToObject(o, "role", rows[i].role);
		(void)cJSON_AddBoolToObject(o, "active", rows[i].active);
		(void)cJSON_AddItemToArray(list, o);
		if (!ctl->is_json)
			(void)printf("%-16s %-6s %s\n", rows[i].login, rows[i].role, rows[i].name);
	}
	text = cJSON_PrintUnformatted(list);
	if (ctl->is_json)
		(void)puts(text);
	free(text);
	cJSON_Delete(list);
}

static enum yz_status list(const struct yz_ctl *ctl, struct yz_ctl_station *s, struct yz_error *err)
{
	struct yz_clerk *rows = yz_alloc(CLERKS_MAX * sizeof(*rows));
	size_t n = 0;
	enum yz_status st = yz_clerk_list(s->desk.store, rows, CLERKS_MAX, &n, err);

	if (st == YZ_OK)
		print_clerks(ctl, rows, n);
	free(rows);
	return st;
}

int yz_cmd_user(const struct yz_ctl *ctl, int argc, char **argv)
{
	struct yz_ctl_station s;
	struct yz_error err = {0};
	struct clerk_words w = {.login = NULL};
	const char *what = argc > 0 ? argv[0] : "";
	bool is_list = !strcmp(what, "list"), is_add = !strcmp(what, "add"),
	     is_passwd = !strcmp(what, "passwd");
	enum yz_status st;

	if (is_add) {
		w.name = yz_ctl_option(&argc, argv, "--name");
		w.role = argc < 0 ? NULL : yz_ctl_option(&argc, argv, "--role");
	}
	if (!(is_list && argc == 1) && !((is_add || is_passwd) && argc == 2))
		return yz_ctl_usage(ctl);
	w.login = argv[argc - 1];
	st = yz_ctl_open(ctl, &s, &err);
	if (st == YZ_OK && is_list)
		st = list(ctl, &s, &err);
	else if (st == YZ_OK && is_add)
		st = add(&s, &w, &err);
	else if (st == YZ_OK)
		st = passwd(&s, argv[1], &err);
	yz_ctl_close(&s);
	if (st != YZ_OK)
		return yz_ctl_cannot(ctl, &err);
	if (!is_list && ctl->is_json)
		(void)puts("{\"ok\":true}");
	return YZ_EXIT_OK;
}
