/* yizhan-print: prints the station's papers. One loop, one thread. */
#include "config.h"

#include "base/bell.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/core.h"
#include "base/datadir.h"
#include "base/lang.h"
#include "base/log.h"
#include "print/jobs.h"
#include "print/render.h"
#include "station/desk.h"

#include <errno.h>
#include <getopt.h>
#include <libintl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#define _(s) gettext(s)

struct program {
	struct yz_conf conf;
	struct yz_store *store;
	struct yz_books *books;
	struct yz_jobs *jobs;
	char data_dir[PATH_MAX], bell_path[PATH_MAX];
	char complaint[YZ_ERROR_TEXT_MAX]; /* logged last, so that a lasting fault is logged once */
	int lock_fd, bell_fd, signal_fd;
};

static int usage(FILE *to, int code)
{
	(void)fputs(_("yizhan-print: prints the waybills and slips of a station\n"
	              "\n"
	              "  -c, --config FILE  the station's configuration\n"
	              "      --once         hand over and follow what waits now, then leave;\n"
	              "                     75 if jobs are still waiting or printing\n"
	              "      --help         this text\n"
	              "\n"
	              "Exit: 0 done, 2 wrong use, 3 cannot, 75 one is running already.\n"),
	        to);
	return code;
}

static enum yz_status open_signals(struct program *p, struct yz_error *err)
{
	sigset_t set;

	(void)signal(SIGPIPE, SIG_IGN);
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGHUP);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
	p->signal_fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	return p->signal_fd < 0 ? yz_fail(err, YZ_E_IO, "signalfd: %s", strerror(errno)) : YZ_OK;
}

static enum yz_status start(struct program *p, struct yz_error *err)
{
	struct yz_jobs_setup setup = {NULL, NULL, &p->conf, p->data_dir, false};
	enum yz_status st;

	st = yz_datadir_find(
	        *p->conf.data_dir ? p->conf.data_dir : NULL, p->data_dir, sizeof(p->data_dir), err);
	if (st == YZ_OK)
		st = yz_store_open(&p->store, p->conf.station_dir, YZ_STORE_CHECK, err);
	if (st == YZ_OK)
		st = yz_desk_lock(p->conf.station_dir, "print", &p->lock_fd, err);
	if (st != YZ_OK)
		return st;
	p->books = yz_books_new(p->store);
	setup.store = p->store;
	setup.books = p->books;
	setup.resend_blindly = p->conf.test_now_ms > 0 && getenv("YZ_TEST_RESEND_BLINDLY");
	st = yz_jobs_new(&p->jobs, &setup, err);
	yz_desk_bell_path(p->conf.station_dir, "print", p->bell_path, sizeof(p->bell_path));
	if (st == YZ_OK)
		st = yz_bell_open(p->bell_path, &p->bell_fd, err);
	if (st == YZ_OK)
		st = open_signals(p, err);
	return st;
}

static void stop(struct program *p)
{
	yz_bell_close(p->bell_fd, p->bell_path);
	yz_jobs_free(p->jobs);
	yz_books_free(p->books);
	yz_store_close(p->store);
	yz_render_forget();
	if (p->signal_fd >= 0)
		(void)close(p->signal_fd);
	if (p->lock_fd >= 0)
		(void)close(p->lock_fd);
}

static struct yz_jobs_next do_round(struct program *p)
{
	struct yz_now now = yz_clock_now(p->conf.test_now_ms);
	struct yz_jobs_next next;
	struct yz_error err;

	if (yz_jobs_round(p->jobs, &now, &next, &err) == YZ_OK) {
		p->complaint[0] = '\0';
	} else if (strcmp(p->complaint, err.text) != 0) {
		yz_log_error("print jobs", &err);
		(void)snprintf(p->complaint, sizeof(p->complaint), "%s", err.text);
	}
	return next;
}

/* Waits for a ring, a signal or the time; false when it is time to leave. */
static bool wait_for_work(const struct program *p, int ms)
{
	struct pollfd fds[] = {{p->bell_fd, POLLIN, 0}, {p->signal_fd, POLLIN, 0}};
	struct signalfd_siginfo info;

	if (poll(fds, 2, ms) <= 0)
		return true;
	if (fds[0].revents)
		yz_bell_drain(p->bell_fd);
	return !fds[1].revents || read(p->signal_fd, &info, sizeof(info)) <= 0;
}

static int run(struct program *p, bool once)
{
	struct yz_jobs_next next;

	do
		next = do_round(p);
	while (wait_for_work(p, next.wait_ms) && (!once || next.is_moving));
	return once && next.open > 0 ? 75 : 0;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {{"config", required_argument, NULL, 'c'},
	        {"once", no_argument, NULL, 'o'}, {"help", no_argument, NULL, 'h'},
	        {NULL, 0, NULL, 0}};
	struct program p = {.lock_fd = -1, .bell_fd = -1, .signal_fd = -1};
	const char *conf = NULL;
	bool once = false;
	struct yz_error err;
	enum yz_status st;
	int opt, code;

	yz_core_forbid();
	(void)umask(0007);
	(void)yz_lang_start("");
	yz_log_start("yizhan-print", YZ_LOG_INFO, NULL);
	while ((opt = getopt_long(argc, argv, "c:", options, NULL)) != -1) {
		if (opt == 'h')
			return usage(stdout, 0);
		if (opt == 'o')
			once = true;
		else if (opt == 'c')
			conf = optarg;
		else
			return usage(stderr, 2);
	}
	if (optind != argc)
		return usage(stderr, 2);
	st = yz_conf_read(&p.conf, conf, &err);
	if (st == YZ_OK) {
		(void)yz_lang_start("zh_CN"); /* papers are Chinese by law */
		st = start(&p, &err);
	}
	if (st == YZ_OK) {
		code = run(&p, once);
	} else {
		yz_log_error("cannot start", &err);
		code = yz_status_exit(st) == 75 ? 75 : 3;
	}
	stop(&p);
	return code;
}
