#include "config.h"

#include "tests/e2e/sync_world.h"

#include "base/bell.h"
#include "base/file.h"
#include "store/station.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <ftw.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { DEADLINE_MS = 30000, LOOK_MS = 10 };

static void look_later(void)
{
	const struct timespec t = {0, LOOK_MS * 1000000L};

	(void)nanosleep(&t, NULL);
}

static const char *path_of(const struct world *w, const char *name)
{
	static char path[128];

	(void)snprintf(path, sizeof(path), "%s/%s", w->dir, name);
	return path;
}

/* The sanitizers want to be loaded first, unless told otherwise. */
static void preload_clock(const struct world *w, const char *build)
{
	const char *asan = getenv("ASAN_OPTIONS");
	char text[512];

	(void)snprintf(text, sizeof(text), "%s/tests/fixtures/wrongclock.so", build);
	(void)setenv("LD_PRELOAD", text, 1);
	(void)snprintf(text, sizeof(text), "%s:verify_asan_link_order=0", asan ? asan : "");
	(void)setenv("ASAN_OPTIONS", text, 1);
	(void)setenv("YZ_CLOCK_FILE", path_of(w, "clock"), 1);
}

void clock_off(struct world *w, int64_t seconds)
{
	char text[24];
	struct yz_error err;

	w->wrong_clock = true;
	(void)snprintf(text, sizeof(text), "%lld", (long long)seconds);
	assert_int_equal(yz_file_write(path_of(w, "clock"), text, strlen(text), 0644, &err), YZ_OK);
}

/* Starts a program of the build tree; standard error goes to DIR/log, standard output to out_fd if
 * not below 0. */
static pid_t spawn(const struct world *w, const char *program, const char *const *args, int out_fd)
{
	const char *build = getenv("YZ_BUILDDIR");
	char path[512], *argv[24] = {0};
	pid_t pid;

	(void)snprintf(path, sizeof(path), "%s/%s", build ? build : ".", program);
	argv[0] = path;
	for (size_t i = 0; args[i]; i++)
		argv[i + 1] = (char *)(uintptr_t)args[i];
	pid = fork();
	if (pid == 0) {
		int log = open(path_of(w, "log"), O_WRONLY | O_APPEND | O_CREAT, 0644);

		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		(void)dup2(log, 2);
		if (out_fd >= 0)
			(void)dup2(out_fd, 1);
		if (w->wrong_clock && !strcmp(program, "yizhan-sync"))
			preload_clock(w, build ? build : ".");
		(void)execv(path, argv);
		_exit(127);
	}
	assert_true(pid > 0);
	return pid;
}

int stop(pid_t *pid, int sig)
{
	int status = 0;

	if (!*pid)
		return -1;
	(void)kill(*pid, sig);
	(void)waitpid(*pid, &status, 0);
	*pid = 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void configure(struct world *w, bool with_platform)
{
	struct yz_buf b = YZ_BUF_INIT;
	struct yz_error err;

	yz_buf_puts(&b, "[station]\ndir = .\n[platform]\npoll_s = 1\n");
	if (!w->conf || !strstr(w->conf, "token_file"))
		yz_buf_puts(&b, "token_file = token\n");
	if (with_platform)
		yz_buf_printf(&b, "url = %s:%d\n",
		        w->tls ? "https://localhost" : "http://127.0.0.1",
		        w->door ? w->door : w->port);
	yz_buf_puts(&b, w->conf ? w->conf : "");
	assert_int_equal(
	        yz_file_write(path_of(w, "yizhan.conf"), b.data, b.len, 0644, &err), YZ_OK);
	yz_buf_free(&b);
}

void platform_start(struct world *w)
{
	char db[128], token[128], port[16], pki[128], line[32] = "";
	const char *args[20] = {"--db", db, "--token-file", token, "--port", port};
	size_t n = 6;
	int fds[2];

	(void)snprintf(db, sizeof(db), "%s", path_of(w, "platform.db"));
	(void)snprintf(token, sizeof(token), "%s", path_of(w, "token"));
	(void)snprintf(pki, sizeof(pki), "%s", path_of(w, "pki"));
	(void)snprintf(port, sizeof(port), "%d", w->port);
	if (w->forgetful)
		args[n++] = "--no-dedupe";
	if (w->tls) {
		args[n++] = "--tls";
		args[n++] = pki;
	}
	for (size_t i = 0; w->platform_args[i]; i++)
		args[n++] = w->platform_args[i];
	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	w->platform = spawn(w, "tests/platform/platform", args, fds[1]);
	(void)close(fds[1]);
	if (read(fds[0], line, sizeof(line) - 1) <= 0)
		fail_msg("the platform does not start: see %s/log", w->dir);
	(void)close(fds[0]);
	w->side_port = w->tls ? (int)strtol(strchr(line, '\n'), NULL, 10) : 0;
	if (!w->port) {
		w->port = (int)strtol(line, NULL, 10);
		configure(w, true);
	}
}

void sync_start(struct world *w)
{
	char conf[128];
	const char *args[] = {"-c", conf, NULL};

	(void)snprintf(conf, sizeof(conf), "%s", path_of(w, "yizhan.conf"));
	w->sync = spawn(w, w->program ? w->program : "yizhan-sync", args, -1);
}

int sync_once(struct world *w)
{
	char conf[128];
	const char *args[] = {"-c", conf, "--once", NULL};
	pid_t pid;

	(void)snprintf(conf, sizeof(conf), "%s", path_of(w, "yizhan.conf"));
	pid = spawn(w, w->program ? w->program : "yizhan-sync", args, -1);
	return stop(&pid, 0);
}

void read_in(const struct world *w, const char *name, struct yz_buf *out)
{
	struct yz_error err;

	yz_buf_clear(out);
	(void)yz_file_read(out, path_of(w, name), 65536, &err);
}

void read_pins(const struct world *w, char *out, size_t size)
{
	struct yz_buf text = YZ_BUF_INIT;

	read_in(w, "pki/pins", &text);
	(void)yz_copy(out, size, yz_buf_str(&text));
	yz_buf_free(&text);
}

int enrol(struct world *w, const char *code)
{
	char conf[128];
	const char *args[] = {"-c", conf, "--enrol", NULL};
	int fds[2], was = dup(STDIN_FILENO);
	pid_t pid;

	(void)snprintf(conf, sizeof(conf), "%s", path_of(w, "yizhan.conf"));
	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	assert_int_equal(write(fds[1], code, strlen(code)), (ssize_t)strlen(code));
	(void)close(fds[1]);
	(void)dup2(fds[0], STDIN_FILENO);
	(void)close(fds[0]);
	pid = spawn(w, w->program ? w->program : "yizhan-sync", args, -1);
	(void)dup2(was, STDIN_FILENO);
	(void)close(was);
	return stop(&pid, 0);
}

int world_setup(void **state)
{
	struct world *w = yz_alloc(sizeof(*w));
	struct yz_station station = {
	        .id = "QJ530381001", .name = "宝山镇站", .level = "township", .code = "530381"};
	struct yz_now now = yz_clock_now(0);
	struct yz_tx *tx = NULL;
	struct yz_error err;

	(void)snprintf(w->dir, sizeof(w->dir), "/tmp/yizhan-XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	(void)mkdir(path_of(w, "run"), 02770);
	assert_int_equal(yz_store_open(&w->s, w->dir, YZ_STORE_CREATE, &err), YZ_OK);
	assert_int_equal(yz_tx_begin(w->s, &now, &tx, &err), YZ_OK);
	assert_int_equal(yz_station_put(tx, &station, &err), YZ_OK);
	assert_int_equal(yz_tx_commit(tx, &err), YZ_OK);
	*state = w;
	return 0;
}

static int remove_one(const char *path, const struct stat *info, int type, struct FTW *at)
{
	(void)info, (void)type, (void)at;
	return remove(path);
}

int world_teardown(void **state)
{
	struct world *w = *state;

	(void)stop(&w->sync, SIGTERM);
	(void)stop(&w->platform, SIGTERM);
	yz_store_close(w->s);
	(void)nftw(w->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(w);
	return 0;
}

void side_door(const struct world *w, const char *path, const char *json, struct yz_buf *out)
{
	int port = w->side_port ? w->side_port : w->port;
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	struct yz_buf b = YZ_BUF_INIT;
	char chunk[4096];
	const char *body;
	ssize_t n;
	int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(connect(s, (struct sockaddr *)&to, sizeof(to)), 0);
	yz_buf_printf(&b, "%s %s HTTP/1.0\r\nContent-Length: %zu\r\n\r\n%s", json ? "POST" : "GET",
	        path, json ? strlen(json) : 0, json ? json : "");
	assert_int_equal(write(s, b.data, b.len), (ssize_t)b.len);
	yz_buf_clear(&b);
	while ((n = read(s, chunk, sizeof(chunk))) > 0)
		yz_buf_add(&b, chunk, (size_t)n);
	(void)close(s);
	body = strstr(yz_buf_str(&b), "\r\n\r\n");
	assert_non_null(body);
	yz_buf_clear(out);
	yz_buf_puts(out, body + 4);
	yz_buf_free(&b);
}

int64_t stat_of(const struct world *w, const char *name)
{
	struct yz_buf out = YZ_BUF_INIT;
	char needle[64];
	const char *at;
	int64_t n;

	side_door(w, "/test/stats", NULL, &out);
	(void)snprintf(needle, sizeof(needle), "\"%s\":", name);
	at = strstr(yz_buf_str(&out), needle);
	assert_non_null(at);
	n = strtoll(at + strlen(needle), NULL, 10);
	yz_buf_free(&out);
	return n;
}

void fault(const struct world *w, const char *json)
{
	struct yz_buf out = YZ_BUF_INIT;

	side_door(w, "/test/faults", json, &out);
	assert_string_equal(yz_buf_str(&out), "");
	yz_buf_free(&out);
}

struct yz_id save(struct world *w, const char *kind, const char *agg, const char *body,
        const struct yz_id *needs)
{
	struct yz_now now = yz_clock_now(0);
	struct yz_op op = {.schema = 1, .body = (char *)(uintptr_t)body, .body_len = strlen(body)};
	struct yz_tx *tx = NULL;
	struct yz_error err;

	(void)yz_copy(op.kind, sizeof(op.kind), kind);
	(void)yz_copy(op.agg, sizeof(op.agg), agg);
	if (!strcmp(kind, "test.schema-7"))
		op.schema = 7;
	if (needs)
		op.needs[op.need_count++] = *needs;
	assert_int_equal(yz_tx_begin(w->s, &now, &tx, &err), YZ_OK);
	assert_int_equal(yz_outbox_add(tx, &op, &err), YZ_OK);
	assert_int_equal(yz_tx_commit(tx, &err), YZ_OK);
	yz_bell_ring(path_of(w, "run/sync"));
	return op.id;
}

struct yz_id save_product(struct world *w, int n)
{
	char body[256], agg[64], id[YZ_ID_TEXT_SIZE];
	struct yz_id product = yz_id_new(yz_clock_now(0).wall_ms);

	(void)snprintf(body, sizeof(body),
	        "{\"item_no\":\"JH-%d\",\"name\":\"小黄姜\",\"price_fen\":880,\"product_id\":\"%"
	        "s\",\"unit\":\"035\"}",
	        n, yz_id_text(&product, id));
	(void)snprintf(agg, sizeof(agg), "product:%s", id);
	return save(w, "product.upsert", agg, body, NULL);
}

struct yz_op op_of(struct world *w, const struct yz_id *id)
{
	struct yz_op op = {0};
	struct yz_error err;

	assert_int_equal(yz_outbox_get(w->s, id, &op, &err), YZ_OK);
	free(op.body);
	op.body = NULL;
	return op;
}

bool comes_to(struct world *w, const struct yz_id *id, enum yz_op_state state)
{
	for (int waited = 0; waited < DEADLINE_MS; waited += LOOK_MS) {
		if (op_of(w, id).state == state)
			return true;
		look_later();
	}
	return false;
}

bool fact_becomes(struct world *w, const char *key, const char *value)
{
	char now[128];
	struct yz_error err;

	for (int waited = 0; waited < DEADLINE_MS; waited += LOOK_MS) {
		assert_int_equal(yz_meta_get(w->s, key, now, sizeof(now), &err), YZ_OK);
		if (!strcmp(now, value))
			return true;
		look_later();
	}
	print_message("%s stays %s\n", key, now);
	return false;
}

int held(const struct world *w, const struct yz_id *id, int *replayed)
{
	struct yz_buf out = YZ_BUF_INIT;
	char text[YZ_ID_TEXT_SIZE], needle[64];
	const char *at;
	int n = 0;

	side_door(w, "/test/dump", NULL, &out);
	(void)snprintf(needle, sizeof(needle), "\"op_id\":\"%s\"", yz_id_text(id, text));
	for (at = strstr(yz_buf_str(&out), needle); at; at = strstr(at + 1, needle))
		n++;
	at = strstr(yz_buf_str(&out), "\"replayed\":");
	assert_non_null(at);
	if (replayed)
		*replayed = (int)strtol(at + strlen("\"replayed\":"), NULL, 10);
	yz_buf_free(&out);
	return n;
}
