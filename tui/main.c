/* yizhan: the kiosk at the counter. */
#include "config.h"

#include "base/bell.h"
#include "base/buf.h"
#include "base/core.h"
#include "base/lang.h"
#include "base/log.h"
#include "tui/loop.h"
#include "tui/screens/alarm.h"
#include "tui/screens/kiosk.h"
#include "tui/screens/screens.h"
#include "tui/words.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct options {
	const char *conf;  /* NULL: the installed one */
	const char *login; /* sign in as; the PIN comes through pin_fd */
	int pin_fd;
};

static void usage(FILE *out)
{
	(void)fputs(_("usage: yizhan [-c FILE] [--sign-in-as LOGIN --pin-fd N]\n"
	              "  -c FILE             the station's configuration\n"
	              "  --sign-in-as LOGIN  sign in at once; the PIN is read from the open "
	              "descriptor N and checked\n"
	              "                      like one that is typed\n"
	              "  --help, --version\n"),
	        out);
}

/* 0: go on; above: exit with this code - 1 */
static int read_options(int argc, char **argv, struct options *o)
{
	static const struct option longs[] = {
	        {"sign-in-as", required_argument, NULL, 's'},
	        {"pin-fd", required_argument, NULL, 'p'},
	        {"help", no_argument, NULL, 'h'},
	        {"version", no_argument, NULL, 'v'},
	        {NULL, 0, NULL, 0},
	};

	for (int opt; (opt = getopt_long(argc, argv, "c:h", longs, NULL)) != -1;) {
		switch (opt) {
		case 'c':
			o->conf = optarg;
			break;
		case 's':
			o->login = optarg;
			break;
		case 'p':
			o->pin_fd = (int)strtol(optarg, NULL, 10);
			break;
		case 'h':
			usage(stdout);
			return 1;
		case 'v':
			(void)printf("yizhan %s\n", PACKAGE_VERSION);
			return 1;
		default:
			usage(stderr);
			return 3;
		}
	}
	if (optind < argc || (o->login && o->pin_fd < 0)) {
		usage(stderr);
		return 3;
	}
	return 0;
}

/* The sentence for whoever starts it, and the English detail that names the file. */
static int refuse(const struct yz_error *err)
{
	(void)fprintf(stderr, "yizhan: %s\n        %s\n", _(yz_error_say(err)), err->text);
	return yz_status_exit(err->status) == 1 ? 3 : yz_status_exit(err->status);
}

static enum yz_status open_bell(
        const char *dir, char *path, size_t size, int *fd, struct yz_error *err)
{
	char name[32], folder[PATH_MAX];

	yz_desk_bell_path(dir, "", folder, sizeof(folder));
	(void)mkdir(folder, 02770); /* there already, or the next call says why not */
	yz_desk_bell_path(dir, "ui", folder, sizeof(folder));
	if (mkdir(folder, 02770) < 0 && errno != EEXIST)
		return yz_fail(err, YZ_E_IO, "%s: %s", folder, strerror(errno));
	(void)snprintf(name, sizeof(name), "ui/%ld", (long)getpid());
	yz_desk_bell_path(dir, name, path, size);
	return yz_bell_open(path, fd, err);
}

static enum yz_status sign_in_at_once(
        struct yz_app *app, const struct options *o, struct yz_error *err)
{
	char pin[80] = "";
	ssize_t n = read(o->pin_fd, pin, sizeof(pin) - 1);
	enum yz_status st;

	(void)close(o->pin_fd);
	if (n <= 0)
		return yz_fail(err, YZ_E_IO, "no PIN on descriptor %d", o->pin_fd);
	pin[strcspn(pin, "\r\n")] = '\0';
	st = yz_kiosk_sign_in(app, o->login, pin, err);
	memset(pin, 0, sizeof(pin));
	if (st == YZ_OK)
		(void)yz_view_push(app, &yz_view_menu, NULL, NULL);
	if (st == YZ_OK)
		yz_alarm_show(app);
	return st;
}

static void lock_screen(struct yz_app *app)
{
	if (yz_kiosk_is_signed_in(app->kiosk) && app->top->ops != &yz_view_signin)
		(void)yz_view_push(app, &yz_view_signin, "", NULL);
}

static enum yz_status run(
        struct yz_app *app, const struct options *o, int bell_fd, struct yz_error *err)
{
	struct yz_kiosk *k = app->kiosk;
	struct yz_loop_options lo = {
	        bell_fd, k->conf.kiosk_esc_ms, k->conf.kiosk_idle_s, lock_screen};
	struct yz_term *term = NULL;
	enum yz_status st;

	app->refresh = yz_kiosk_refresh;
	app->command = &yz_view_palette;
	app->command_done = yz_command_answered;
	app->test_now_ms = k->conf.test_now_ms;
	app->now = yz_clock_now(app->test_now_ms);
	(void)yz_copy(app->place, sizeof(app->place), k->desk.station.name);
	(void)yz_view_push(app, &yz_view_signin, NULL, NULL);
	if (o->login && (st = sign_in_at_once(app, o, err)) != YZ_OK)
		return st;
	yz_kiosk_refresh(app);
	if ((st = yz_term_open(&term, err)) != YZ_OK)
		return st;
	st = yz_loop_run(app, term, &lo, err);
	yz_term_close(term);
	return st;
}

int main(int argc, char **argv)
{
	struct options o = {NULL, NULL, -1};
	struct yz_kiosk kiosk = {0};
	struct yz_app app;
	struct yz_error err = {0};
	char bell[PATH_MAX] = "", log[PATH_MAX];
	int bell_fd = -1, code;

	kiosk.lang = yz_lang_start("");
	yz_core_forbid();
	(void)umask(0007);
	if ((code = read_options(argc, argv, &o)) != 0)
		return code - 1;
	if (yz_conf_read(&kiosk.conf, o.conf, &err) != YZ_OK)
		return refuse(&err);
	if (kiosk.conf.kiosk_lang[0])
		kiosk.lang = yz_lang_start(kiosk.conf.kiosk_lang);
	(void)snprintf(log, sizeof(log), "%.*s/yizhan.log", PATH_MAX - 16, kiosk.conf.station_dir);
	yz_app_init(&app, &kiosk);
	if (yz_kiosk_open(&kiosk, &err) == YZ_OK &&
	        open_bell(kiosk.conf.station_dir, bell, sizeof(bell), &bell_fd, &err) == YZ_OK) {
		yz_log_start("yizhan", YZ_LOG_INFO, log);
		(void)run(&app, &o, bell_fd, &err);
	}
	yz_app_fini(&app);
	if (kiosk.store)
		yz_kiosk_sign_out(&app);
	yz_bell_close(bell_fd, bell);
	yz_kiosk_close(&kiosk);
	return err.status == YZ_OK ? 0 : refuse(&err);
}
