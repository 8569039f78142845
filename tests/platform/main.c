/* platform: the stand-in of the city platform for tests and the demo. See platform.h. */
#include "config.h"

#include "tests/platform/platform.h"

#include "base/file.h"

#include <getopt.h>
#include <microhttpd.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
        "usage: platform --db FILE --token-file FILE [--port N] [--port-file FILE] [--enrol-code "
        "CODE] [--no-dedupe] [--tls DIR [--tls-fault FAULT]] [--record FILE]\n"
        "                [--far] [--sign-key-file FILE] [--one-commit]\n"
        "The stand-in of the city platform (doc/platform-api.yaml) on 127.0.0.1.\n"
        "  --db FILE          where it keeps everything (made if missing)\n"
        "  --token-file FILE  the stations' bearer token (made if missing)\n"
        "  --port N           0, the default, takes any free port; the port is printed\n"
        "  --port-file FILE   the port is written there too, once it answers\n"
        "  --enrol-code CODE  what POST /v1/stations/enrol accepts\n"
        "  --no-dedupe        forgets what it has seen: the broken twin of the exactly-once test\n"
        "  --tls DIR          speaks TLS 1.3; its keys and certificates are in DIR (made if "
        "missing);\n"
        "                     a second port is printed then, plain, for /test alone\n"
        "  --sign-key-file FILE  requests must be signed with this secret (made if missing)\n"
        "  --tls-fault FAULT  name, expired, other-ca, spare, strange or tls12 (see pki.h)\n"
        "  --record FILE      every exchange, a line of JSON each\n"
        "  --far              at 10.77.0.2, the far end of tests/link/linkem, not at 127.0.0.1\n"
        "  --one-commit       a commit for a batch, not for each operation: quicker\n"
        "GET /test/dump, GET /test/stats, POST /test/faults, POST /test/changes are for tests.\n";

struct options {
	const char *db, *token_file, *port_file, *enrol_code, *tls, *tls_fault, *sign_key_file,
	        *record;
	int port;
	bool dedupe, far, one_commit;
};

static bool read_options(int argc, char **argv, struct options *o)
{
	static const struct option longs[] = {{"db", 1, NULL, 'd'}, {"token-file", 1, NULL, 't'},
	        {"port", 1, NULL, 'p'}, {"port-file", 1, NULL, 'f'}, {"enrol-code", 1, NULL, 'e'},
	        {"no-dedupe", 0, NULL, 'n'}, {"tls", 1, NULL, 's'}, {"tls-fault", 1, NULL, 'F'},
	        {"sign-key-file", 1, NULL, 'k'}, {"record", 1, NULL, 'r'}, {"far", 0, NULL, 'a'},
	        {"one-commit", 0, NULL, 'c'}, {"help", 0, NULL, 'h'}, {NULL, 0, NULL, 0}};
	int c;

	while ((c = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		if (c == 'd')
			o->db = optarg;
		else if (c == 't')
			o->token_file = optarg;
		else if (c == 'p')
			o->port = (int)strtol(optarg, NULL, 10);
		else if (c == 'f')
			o->port_file = optarg;
		else if (c == 'e')
			o->enrol_code = optarg;
		else if (c == 's')
			o->tls = optarg;
		else if (c == 'F')
			o->tls_fault = optarg;
		else if (c == 'k')
			o->sign_key_file = optarg;
		else if (c == 'n')
			o->dedupe = false;
		else if (c == 'r')
			o->record = optarg;
		else if (c == 'a')
			o->far = true;
		else if (c == 'c')
			o->one_commit = true;
		else if (c == 'h') {
			(void)fputs(usage, stdout);
			exit(0);
		} else
			return false;
	}
	return o->db && o->token_file && optind == argc && o->port >= 0 && o->port < 65536;
}

static enum yz_status take_token(struct plat *p, const char *path, struct yz_error *err)
{
	struct yz_buf b = YZ_BUF_INIT;
	unsigned char raw[24];
	enum yz_status st;

	if (!yz_file_exists(path)) {
		randombytes_buf(raw, sizeof(raw));
		(void)sodium_bin2hex(p->token, sizeof(p->token), raw, sizeof(raw));
		return yz_file_write(path, p->token, strlen(p->token), 0600, err);
	}
	st = yz_file_read(&b, path, sizeof(p->token) - 1, err);
	if (st == YZ_OK)
		(void)yz_copy(p->token, sizeof(p->token), yz_buf_str(&b));
	p->token[strcspn(p->token, "\r\n")] = '\0';
	yz_buf_free(&b);
	return st;
}

static unsigned port_of(struct MHD_Daemon *d)
{
	return (unsigned)MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT)->port;
}

/* Says where it listens, once it does. */
static void tell(struct MHD_Daemon *d, struct MHD_Daemon *side, const char *file)
{
	struct yz_error err;
	char port[32];

	if (side)
		(void)snprintf(port, sizeof(port), "%u\n%u\n", port_of(d), port_of(side));
	else
		(void)snprintf(port, sizeof(port), "%u\n", port_of(d));
	(void)fputs(port, stdout);
	(void)fflush(stdout);
	if (file && yz_file_write(file, port, strlen(port), 0644, &err) != YZ_OK)
		(void)fprintf(stderr, "platform: %s\n", err.text);
}

static int run(struct plat *p, const struct options *o)
{
	struct MHD_Daemon *d, *side = NULL;
	sigset_t stop;
	int sig;

	(void)sigemptyset(&stop);
	(void)sigaddset(&stop, SIGTERM);
	(void)sigaddset(&stop, SIGINT);
	(void)sigaddset(&stop, SIGHUP);
	(void)sigprocmask(SIG_BLOCK, &stop, NULL);
	d = plat_http_start(p, (uint16_t)o->port, o->tls != NULL);
	if (d && o->tls)
		side = plat_http_start(p, 0, false);
	if (!d || (o->tls && !side)) {
		(void)fprintf(stderr, "platform: cannot listen on port %d\n", o->port);
		return 3;
	}
	tell(d, side, o->port_file);
	(void)sigwait(&stop, &sig);
	MHD_stop_daemon(d);
	if (side)
		MHD_stop_daemon(side);
	return 0;
}

int main(int argc, char **argv)
{
	struct options o = {.dedupe = true, .enrol_code = "", .tls_fault = ""};
	struct plat p = {.dedupe = true};
	struct yz_error err;
	int rc;

	if (!read_options(argc, argv, &o)) {
		(void)fputs(usage, stderr);
		return 2;
	}
	if (sodium_init() < 0 || take_token(&p, o.token_file, &err) != YZ_OK) {
		(void)fprintf(stderr, "platform: %s: %s\n", o.token_file, err.text);
		return 3;
	}
	if (o.sign_key_file && plat_sign_open(&p, o.sign_key_file, &err) != YZ_OK) {
		(void)fprintf(stderr, "platform: %s\n", err.text);
		return 3;
	}
	if (o.tls && plat_pki_open(&p.pki, o.tls, o.tls_fault, &err) != YZ_OK) {
		(void)fprintf(stderr, "platform: %s\n", err.text);
		return 3;
	}
	p.dedupe = o.dedupe;
	p.one_commit = o.one_commit;
	p.far = o.far;
	(void)yz_copy(p.enrol_code, sizeof(p.enrol_code), o.enrol_code);
	(void)pthread_mutex_init(&p.at_work, NULL);
	plat_db_open(&p, o.db);
	if (o.record && !(p.record = fopen(o.record, "a"))) {
		(void)fprintf(stderr, "platform: cannot write %s\n", o.record);
		return 3;
	}
	rc = run(&p, &o);
	if (p.record)
		(void)fclose(p.record);
	(void)sqlite3_close(p.db);
	(void)pthread_mutex_destroy(&p.at_work);
	plat_pki_close(p.pki);
	return rc;
}
