/* yizhan-sync: hands the station's operations to the city's platform. See doc/yizhan-sync.8. */
#include "config.h"

#include "base/bell.h"
#include "base/conf.h"
#include "base/core.h"
#include "base/lang.h"
#include "base/log.h"
#include "net/enrol.h"
#include "net/http.h"
#include "net/keeper.h"
#include "net/lease.h"
#include "net/link.h"
#include "net/pull.h"
#include "net/push.h"
#include "station/skew.h"
#include "net/tls.h"
#include "station/desk.h"
#include "store/station.h"

#include <errno.h>
#include <getopt.h>
#include <libintl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#define _(s) gettext(s)

static const char usage[] =
        N_("usage: yizhan-sync [-c FILE] [--once | --enrol]\n"
           "Sends what waits at this station to the city's platform.\n"
           "  -c FILE   the station's configuration\n"
           "  --once    send what can be sent now, then end: 0 all sent, 75 try again later\n"
           "  --enrol   read the one-time code from standard input, fetch the station's keys\n"
           "  --help    this text\n");

struct sync {
	struct yz_conf conf;
	struct yz_station station;
	struct yz_store *store;
	struct yz_http *http;
	struct yz_skew skew;
	struct yz_tls *tls;
	struct yz_keeper *keeper;
	struct yz_push *push;
	struct yz_leases *leases;
	struct yz_pull *pull;
	char bell_path[PATH_MAX];
	int lock, bell, signals;
	bool once, enrols;
};

static enum yz_status open_signals(struct sync *s, struct yz_error *err)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGHUP);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
	s->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return s->signals < 0 ? yz_fail(err, YZ_E_IO, "signalfd: %s", strerror(errno)) : YZ_OK;
}

static void open_errands(struct sync *s)
{
	int poll_s = s->conf.platform_poll_s > 0 ? s->conf.platform_poll_s : 1;
	const char *token_file = s->conf.platform_token_file;
	bool by_certificate = !*token_file && yz_tls_cert(s->tls);
	struct yz_leases_setup leases = {.store = s->store,
	        .http = s->http,
	        .token_file = by_certificate ? NULL : token_file,
	        .poll_s = poll_s,
	        .test_now_ms = s->conf.test_now_ms};
	struct yz_pull_setup pull = {.desk = {.store = s->store, .station = s->station},
	        .http = s->http,
	        .token_file = by_certificate ? NULL : token_file,
	        .poll_s = poll_s,
	        .test_now_ms = s->conf.test_now_ms};

	s->leases = yz_leases_new(&leases);
	s->pull = yz_pull_new(&pull);
}

static enum yz_status open_line(
        struct sync *s, const struct yz_station *station, struct yz_error *err)
{
	struct yz_tls_setup tls = {.url = s->conf.platform_url,
	        .ca_file = s->conf.platform_ca_file,
	        .pins = s->conf.platform_pins,
	        .files = {s->conf.platform_cert_file, s->conf.platform_key_file},
	        .sign_key_file = s->conf.platform_sign_key_file,
	        .station = station->id,
	        .skew = &s->skew};
	struct yz_http_setup setup = {.url = s->conf.platform_url,
	        .ca_file = s->conf.platform_ca_file,
	        .station = station->id};
	char epoch[24];
	enum yz_status st = yz_meta_get(s->store, "agent.epoch", epoch, sizeof(epoch), err);

	if (s->enrols) { /* what is to be replaced need not be good */
		tls.files = (struct yz_cert_files){"", ""};
		tls.sign_key_file = "";
	}
	if (st == YZ_OK)
		st = yz_skew_load(&s->skew, s->store, err);
	if (st == YZ_OK)
		st = yz_tls_open(&s->tls, &tls, err);
	if (st != YZ_OK)
		return st;
	setup.agent_epoch = *epoch ? strtoll(epoch, NULL, 10) : 1;
	setup.hooks = yz_tls_hooks(s->tls);
	return yz_http_open(&s->http, &setup, err);
}

static enum yz_status open_push(struct sync *s, struct yz_error *err)
{
	enum yz_status st = yz_station_get(s->store, &s->station, err);

	if (st == YZ_OK)
		st = open_line(s, &s->station, err);
	if (st == YZ_OK) {
		struct yz_push_setup setup = {.store = s->store,
		        .http = s->http,
		        .token_file = s->conf.platform_token_file,
		        .by_certificate = yz_tls_cert(s->tls) != NULL,
		        .poll_s = s->conf.platform_poll_s > 0 ? s->conf.platform_poll_s : 1,
		        .skew = &s->skew,
		        .test_now_ms = s->conf.test_now_ms};
		struct yz_keeper_setup keeper = {.store = s->store,
		        .http = s->http,
		        .tls = s->tls,
		        .skew = &s->skew,
		        .files = {s->conf.platform_cert_file, s->conf.platform_key_file},
		        .station = s->station.id};

		s->keeper = yz_keeper_new(&keeper);
		s->push = yz_push_new(&setup);
	}
	if (st == YZ_OK)
		open_errands(s);
	return st;
}

static enum yz_status open_all(struct sync *s, const char *conf, struct yz_error *err)
{
	enum yz_status st = yz_conf_read(&s->conf, conf, err);

	if (st == YZ_OK)
		st = yz_store_open(&s->store, s->conf.station_dir, YZ_STORE_CHECK, err);
	if (st == YZ_OK)
		st = yz_desk_lock(s->conf.station_dir, "sync", &s->lock, err);
	if (st == YZ_OK && !s->enrols)
		st = open_signals(s, err);
	if (st == YZ_OK) {
		yz_desk_bell_path(s->conf.station_dir, "sync", s->bell_path, sizeof(s->bell_path));
		st = yz_bell_open(s->bell_path, &s->bell, err);
	}
	if (st == YZ_OK && *s->conf.platform_url)
		st = open_push(s, err);
	return st;
}

static void close_all(struct sync *s)
{
	yz_pull_free(s->pull);
	yz_leases_free(s->leases);
	yz_push_free(s->push);
	yz_keeper_free(s->keeper);
	yz_http_close(s->http);
	yz_tls_close(s->tls);
	if (s->bell >= 0)
		yz_bell_close(s->bell, s->bell_path);
	yz_store_close(s->store);
	if (s->signals >= 0)
		(void)close(s->signals);
	if (s->lock >= 0)
		(void)close(s->lock);
}

/* No platform is a supported state: operations are kept, nothing is sent. */
static enum yz_status mark_standalone(struct sync *s, struct yz_error *err)
{
	struct yz_now now = yz_clock_now(s->conf.test_now_ms);
	struct yz_link link = {.known = false};

	yz_log(YZ_LOG_INFO, "no platform is configured ([platform] url): nothing is sent");
	return yz_link_set(&link, s->store, &now, "standalone", "", err);
}

static bool told_to_stop(const struct sync *s)
{
	struct signalfd_siginfo info;

	return read(s->signals, &info, sizeof(info)) == (ssize_t)sizeof(info);
}

enum { KEEPER_MS = 1000 };

struct progress {
	bool busy, failed;
	int64_t wait_ms;
};

/* Moves all on: what waits at the station goes before what the platform hands out. While the keeper
 * is at work the others only end what they have under way, and the network wakes us. */
static struct progress step(struct sync *s)
{
	int64_t push_ms, lease_ms, pull_ms;
	bool keeps = yz_keeper_step(s->keeper);
	enum yz_push_outcome push = yz_push_step(s->push, &push_ms);
	enum yz_errand_outcome lease = yz_leases_step(s->leases, &lease_ms);
	enum yz_errand_outcome pull = yz_pull_step(s->pull, &pull_ms);
	struct progress p = {.busy = keeps || push == YZ_PUSH_BUSY || lease == YZ_ERRAND_BUSY ||
	                             pull == YZ_ERRAND_BUSY,
	        .failed = push == YZ_PUSH_FAILED || lease == YZ_ERRAND_FAILED ||
	                  pull == YZ_ERRAND_FAILED,
	        .wait_ms = push_ms < lease_ms ? push_ms : lease_ms};

	p.wait_ms = pull_ms < p.wait_ms ? pull_ms : p.wait_ms;
	if (keeps)
		p.wait_ms = KEEPER_MS;
	return p;
}

/* Ends when told to, or with --once when nothing more can be sent. */
static int run(struct sync *s)
{
	int fds[] = {s->signals, s->bell};
	struct progress now = {.wait_ms = INT_MAX};

	for (;;) {
		if (s->push)
			now = step(s);
		if (s->once && !now.busy)
			return now.failed ? 75 : 0;
		yz_http_wait(s->http, fds, 2, now.wait_ms < INT_MAX ? (int)now.wait_ms : INT_MAX);
		yz_bell_drain(s->bell);
		if (told_to_stop(s))
			return 0;
	}
}

static bool read_options(int argc, char **argv, struct sync *s, const char **conf)
{
	static const struct option longs[] = {{"once", 0, NULL, 'o'}, {"enrol", 0, NULL, 'e'},
	        {"help", 0, NULL, 'h'}, {NULL, 0, NULL, 0}};
	int c;

	while ((c = getopt_long(argc, argv, "c:", longs, NULL)) != -1) {
		if (c == 'c') {
			*conf = optarg;
		} else if (c == 'o') {
			s->once = true;
		} else if (c == 'e') {
			s->enrols = true;
		} else if (c == 'h') {
			(void)fputs(_(usage), stdout);
			exit(0);
		} else {
			return false;
		}
	}
	return optind == argc && !(s->once && s->enrols);
}

/* The code is never an argument: those can be read by everybody on the computer. */
static int enrol(struct sync *s)
{
	struct yz_enrol_setup setup = {.store = s->store,
	        .http = s->http,
	        .tls = s->tls,
	        .skew = &s->skew,
	        .files = {s->conf.platform_cert_file, s->conf.platform_key_file},
	        .token_file = s->conf.platform_token_file,
	        .station = s->station.id};
	char code[YZ_ENROL_CODE_SIZE + 1] = "";
	struct yz_error err;
	enum yz_status st;

	if (isatty(STDIN_FILENO))
		(void)fputs(_("One-time code: "), stderr);
	if (!fgets(code, sizeof(code), stdin))
		code[0] = '\0';
	code[strcspn(code, " \r\n")] = '\0';
	st = yz_enrol(&setup, code, &err);
	if (st == YZ_OK) {
		(void)puts(_("The station is enrolled; its keys are stored. Start yizhan-sync."));
		return 0;
	}
	(void)fprintf(stderr, "%s\n(%s)\n", _(yz_error_say(&err)), err.text);
	return st == YZ_E_NET ? 75 : yz_status_exit(st);
}

int main(int argc, char **argv)
{
	struct sync s = {.lock = -1, .bell = -1, .signals = -1};
	const char *conf = NULL;
	struct yz_error err;
	enum yz_status st;
	int rc;

	(void)yz_lang_start("");
	if (!read_options(argc, argv, &s, &conf)) {
		(void)fputs(_(usage), stderr);
		return 2;
	}
	yz_core_forbid();
	(void)umask(007);
	yz_log_start("yizhan-sync", YZ_LOG_INFO, NULL);
	st = open_all(&s, conf, &err);
	if (st == YZ_OK && !s.push && s.enrols)
		st = yz_fail(&err, YZ_E_CONFIG, "[platform] url is not set: enrol with whom?");
	else if (st == YZ_OK && !s.push)
		st = mark_standalone(&s, &err);
	if (st != YZ_OK) {
		yz_log_error("start", &err);
		if (s.enrols && st == YZ_E_BUSY)
			(void)fputs(_("Stop yizhan-sync of this station first.\n"), stderr);
		rc = st == YZ_E_BUSY ? 75 : yz_status_exit(st) == 1 ? 3 : yz_status_exit(st);
	} else if (s.enrols) {
		rc = enrol(&s);
	} else {
		rc = run(&s);
		if (s.push && !s.once)
			yz_push_stop(s.push);
	}
	close_all(&s);
	return rc;
}
