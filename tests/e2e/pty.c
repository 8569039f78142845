/* pty: drives a program on an 80x24 terminal by a script, for the demo and the end-to-end tests.
 *
 *   pty [-t TERM] [-s ROWSxCOLS] [-w MS] [-v] SCRIPT PROGRAM [ARGUMENT...]
 *
 * SCRIPT "-" is standard input. A step a line; blank lines and lines that start with '#' are
 * skipped; ${NAME} is taken from the environment.
 *   wait TEXT      wait until one row of the screen holds TEXT (deadline: -w, else 10000 ms)
 *   gone TEXT      wait until no row holds TEXT
 *   expect TEXT    TEXT must be there once what has been sent is drawn
 *   type TEXT      type it (no Enter)
 *   field TEXT     type it, then Enter: fill a field and go on
 *   key NAME [N]   F1 to F12, Enter, Tab, S-Tab, Esc, Up, ..., Space, Ctrl-K; N times
 *   paste TEXT     as a bracketed paste; \n is a newline
 *   send HEX       raw bytes, "1b 5b 41"
 *   shot FILE      the screen as text, one line a row, blanks at the ends cut
 *   size RxC       change the terminal's size
 *   deadline MS    for the steps that follow
 *   say TEXT       print it on standard output
 *   grab NAME TEXT print "NAME=VALUE": the word that follows TEXT on the screen
 *   end [CODE]     wait for the program's end and its exit code (0)
 *   quit           close the terminal (SIGHUP) and wait for the end
 *
 * Exit: 0 all steps done; 1 a step failed (which one, why and the screen go to standard error);
 * 2 usage; 3 cannot start. */
#include "config.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/text.h"
#include "tests/e2e/ptydrive.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SCRIPT_MAX_BYTES = 1 << 20, QUIET_MS = 60, ESC_MS = 400 };

struct run {
	struct yz_pty *pty; /* NULL after quit */
	int rows, cols, deadline_ms;
	bool is_verbose;
};

static enum yz_status send_text(struct run *r, const char *text, struct yz_error *err)
{
	return yz_pty_send(r->pty, text, strlen(text), err);
}

static enum yz_status step_wait(struct run *r, const char *arg, struct yz_error *err)
{
	return yz_pty_wait(r->pty, arg, true, r->deadline_ms, err);
}

static enum yz_status step_gone(struct run *r, const char *arg, struct yz_error *err)
{
	return yz_pty_wait(r->pty, arg, false, r->deadline_ms, err);
}

static enum yz_status step_expect(struct run *r, const char *arg, struct yz_error *err)
{
	yz_pty_settle(r->pty, QUIET_MS);
	return yz_pty_has(r->pty, arg) ? YZ_OK : yz_fail(err, YZ_E_NOTFOUND, "not on the screen");
}

static enum yz_status step_field(struct run *r, const char *arg, struct yz_error *err)
{
	enum yz_status st = send_text(r, arg, err);

	return st == YZ_OK ? send_text(r, "\r", err) : st;
}

static enum yz_status step_key(struct run *r, const char *arg, struct yz_error *err)
{
	char name[32] = "", bytes[16];
	int times = 1;
	enum yz_status st = YZ_OK;

	if (sscanf(arg, "%31s %d", name, &times) < 1 || !yz_pty_key(name, bytes, sizeof(bytes)))
		return yz_fail(err, YZ_E_PARSE, "no such key");
	for (int i = 0; i < times && st == YZ_OK; i++) {
		st = send_text(r, bytes, err);
		if (st == YZ_OK && !strcmp(name, "Esc"))
			yz_pty_settle(
			        r->pty, ESC_MS); /* it is a key only if nothing follows at once */
	}
	return st;
}

static enum yz_status step_paste(struct run *r, const char *arg, struct yz_error *err)
{
	struct yz_buf b = YZ_BUF_INIT;
	enum yz_status st;

	yz_buf_puts(&b, "\033[200~");
	for (; *arg; arg++) {
		bool newline = arg[0] == '\\' && arg[1] == 'n';

		yz_buf_putc(&b, newline ? '\r' : *arg);
		arg += newline;
	}
	yz_buf_puts(&b, "\033[201~");
	st = yz_pty_send(r->pty, b.data, b.len, err);
	yz_buf_free(&b);
	return st;
}

static enum yz_status step_send(struct run *r, const char *arg, struct yz_error *err)
{
	enum yz_status st = YZ_OK;

	for (char *end; *arg && st == YZ_OK; arg = end) {
		char byte = (char)strtol(arg, &end, 16);

		if (end == arg)
			return yz_fail(err, YZ_E_PARSE, "not hexadecimal");
		st = yz_pty_send(r->pty, &byte, 1, err);
		end += strspn(end, " ");
	}
	return st;
}

static void screen_text(const struct run *r, struct yz_buf *b)
{
	char row[YZ_PTY_ROW_BYTES];

	for (int i = 0; i < r->rows; i++) {
		yz_pty_row(r->pty, i, row);
		yz_buf_printf(b, "%s\n", row);
	}
}

static enum yz_status step_shot(struct run *r, const char *arg, struct yz_error *err)
{
	struct yz_buf b = YZ_BUF_INIT;
	enum yz_status st;

	yz_pty_settle(r->pty, QUIET_MS);
	screen_text(r, &b);
	st = yz_file_write(arg, b.data, b.len, 0644, err);
	yz_buf_free(&b);
	return st;
}

static enum yz_status step_size(struct run *r, const char *arg, struct yz_error *err)
{
	if (sscanf(arg, "%dx%d", &r->rows, &r->cols) != 2)
		return yz_fail(err, YZ_E_PARSE, "size ROWSxCOLS");
	yz_pty_resize(r->pty, r->rows, r->cols);
	return YZ_OK;
}

static enum yz_status step_deadline(struct run *r, const char *arg, struct yz_error *err)
{
	long ms = strtol(arg, NULL, 10);

	if (ms < 1 || ms > 3600000)
		return yz_fail(err, YZ_E_PARSE, "deadline MS");
	r->deadline_ms = (int)ms;
	return YZ_OK;
}

static enum yz_status step_say(struct run *r, const char *arg, struct yz_error *err)
{
	(void)r;
	(void)err;
	(void)printf("%s\n", arg);
	(void)fflush(stdout);
	return YZ_OK;
}

static enum yz_status step_grab(struct run *r, const char *arg, struct yz_error *err)
{
	char name[64] = "", row[YZ_PTY_ROW_BYTES];
	const char *text = strchr(arg, ' ');
	enum yz_status st;

	if (!text || sscanf(arg, "%63s", name) != 1)
		return yz_fail(err, YZ_E_PARSE, "grab NAME TEXT");
	text += strspn(text, " ");
	st = step_wait(r, text, err);
	for (int i = 0; st == YZ_OK && i < r->rows; i++) {
		char *at;

		yz_pty_row(r->pty, i, row);
		if (!(at = strstr(row, text)))
			continue;
		at += strlen(text);
		at += strspn(at, " ");
		at[strcspn(at, " ")] = '\0';
		(void)printf("%s=%s\n", name, at);
		(void)fflush(stdout);
		break;
	}
	return st;
}

static enum yz_status step_end(struct run *r, const char *arg, struct yz_error *err)
{
	int code = 0, want = *arg ? (int)strtol(arg, NULL, 10) : 0;
	enum yz_status st = yz_pty_wait_end(r->pty, r->deadline_ms, &code, err);

	if (st == YZ_OK && code != want)
		st = yz_fail(err, YZ_E_STATE, "exit code %d, not %d", code, want);
	return st;
}

static enum yz_status step_quit(struct run *r, const char *arg, struct yz_error *err)
{
	(void)arg;
	(void)err;
	yz_pty_free(r->pty);
	r->pty = NULL;
	return YZ_OK;
}

static const struct {
	const char *name;
	enum yz_status (*run)(struct run *r, const char *arg, struct yz_error *err);
} steps[] = {
        {"wait", step_wait},
        {"gone", step_gone},
        {"expect", step_expect},
        {"type", send_text},
        {"field", step_field},
        {"key", step_key},
        {"paste", step_paste},
        {"send", step_send},
        {"shot", step_shot},
        {"size", step_size},
        {"say", step_say},
        {"grab", step_grab},
        {"end", step_end},
        {"deadline", step_deadline},
        {"quit", step_quit},
};

/* ${NAME} from the environment */
static enum yz_status expand(struct yz_buf *out, const char *line, struct yz_error *err)
{
	char name[64];

	while (*line) {
		size_t len = line[0] == '$' && line[1] == '{' ? strcspn(line, "}") : 0;

		if (!len || !line[len] || len - 2 >= sizeof(name)) {
			yz_buf_putc(out, *line++);
			continue;
		}
		memcpy(name, line + 2, len - 2);
		name[len - 2] = '\0';
		if (!getenv(name))
			return yz_fail(err, YZ_E_PARSE, "${%s} is not set", name);
		yz_buf_puts(out, getenv(name));
		line += len + 1;
	}
	return YZ_OK;
}

static enum yz_status run_line(struct run *r, const char *line, struct yz_error *err)
{
	struct yz_buf b = YZ_BUF_INIT;
	enum yz_status st = expand(&b, line, err);
	size_t word, i;

	if (st != YZ_OK)
		goto done;
	word = strcspn(yz_buf_str(&b), " \t");
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (strlen(steps[i].name) == word && !strncmp(steps[i].name, b.data, word))
			break;
	if (i == sizeof(steps) / sizeof(steps[0]))
		st = yz_fail(err, YZ_E_PARSE, "no such step");
	else if (!r->pty)
		st = yz_fail(err, YZ_E_STATE, "the program has ended");
	else
		st = steps[i].run(r, b.data + word + strspn(b.data + word, " \t"), err);
done:
	yz_buf_free(&b);
	return st;
}

static int run_script(struct run *r, char *script, const char *name)
{
	int number = 0;

	for (char *line = script, *next; line; line = next) {
		struct yz_error err = {0};
		struct yz_buf screen = YZ_BUF_INIT;

		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		number++;
		if (!line[strspn(line, " \t")] || *line == '#')
			continue;
		if (r->is_verbose)
			(void)fprintf(stderr, "%s:%d: %s\n", name, number, line);
		if (run_line(r, line, &err) == YZ_OK)
			continue;
		if (r->pty)
			screen_text(r, &screen);
		(void)fprintf(stderr, "%s:%d: %s: %s\n%s", name, number, line, err.text,
		        yz_buf_str(&screen));
		yz_buf_free(&screen);
		return 1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct run r = {NULL, 24, 80, 10000, false};
	const char *term = "xterm-256color";
	struct yz_buf script = YZ_BUF_INIT;
	struct yz_error err = {0};
	int code = 3;

	for (int opt; (opt = getopt(argc, argv, "+t:s:w:v")) != -1;) {
		if (opt == 't')
			term = optarg;
		else if (opt == 'w')
			r.deadline_ms = (int)strtol(optarg, NULL, 10);
		else if (opt == 'v')
			r.is_verbose = true;
		else if (opt != 's' || sscanf(optarg, "%dx%d", &r.rows, &r.cols) != 2)
			return 2;
	}
	if (argc - optind < 2 || r.deadline_ms < 1) {
		(void)fprintf(stderr, "usage: pty [-t TERM] [-s ROWSxCOLS] [-w MS] [-v] SCRIPT "
		                      "PROGRAM [ARGUMENT...]\n");
		return 2;
	}
	if (yz_file_read(&script, argv[optind], SCRIPT_MAX_BYTES, &err) != YZ_OK ||
	        yz_pty_start(&r.pty, argv + optind + 1, term, r.rows, r.cols, &err) != YZ_OK) {
		(void)fprintf(stderr, "pty: %s\n", err.text);
		goto done;
	}
	code = script.len ? run_script(&r, script.data, argv[optind]) : 0;
done:
	yz_pty_free(r.pty);
	yz_buf_free(&script);
	return code;
}
