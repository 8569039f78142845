#include "config.h"

#include "tests/e2e/ptydrive.h"

#include "base/buf.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <vterm.h>

enum { KILL_AFTER_MS = 5000, SEND_PART_BYTES = 512 };

struct yz_pty {
	int fd;       /* below 0: closed */
	pid_t pid;    /* 0: waited for */
	bool is_over; /* nobody is left on the terminal */
	int status;   /* of waitpid */
	int rows, cols;
	long bytes;
	VTerm *vt;
	VTermScreen *screen;
};

static long now_ms(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000L + ts.tv_nsec / 1000000L;
}

enum yz_status yz_pty_start(struct yz_pty **out, char *const *argv, const char *term, int rows,
        int cols, struct yz_error *err)
{
	struct winsize ws = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};
	struct yz_pty *p = yz_alloc(sizeof(*p));

	p->pid = forkpty(&p->fd, NULL, NULL, &ws);
	if (p->pid == 0) {
		(void)setenv("TERM", term, 1);
		(void)execvp(argv[0], argv);
		(void)fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
		_exit(127);
	}
	if (p->pid < 0) {
		free(p);
		return yz_fail(err, YZ_E_IO, "forkpty: %s", strerror(errno));
	}
	(void)fcntl(p->fd, F_SETFD, FD_CLOEXEC);
	p->rows = rows;
	p->cols = cols;
	p->vt = vterm_new(rows, cols);
	vterm_set_utf8(p->vt, 1);
	p->screen = vterm_obtain_screen(p->vt);
	vterm_screen_enable_altscreen(p->screen, 1);
	vterm_screen_reset(p->screen, 1);
	*out = p;
	return YZ_OK;
}

/* Takes what comes within timeout_ms into the emulator and sends its answers back. False: nothing
 * came, or it is over. */
static bool feed(struct yz_pty *p, int timeout_ms)
{
	struct pollfd pfd = {p->fd, POLLIN, 0};
	char bytes[4096];
	ssize_t n;
	size_t answer;

	if (p->is_over || poll(&pfd, 1, timeout_ms) <= 0)
		return false;
	n = read(p->fd, bytes, sizeof(bytes));
	if (n < 0 && errno == EINTR)
		return true;
	if (n <= 0) {
		p->is_over = true; /* EIO: the last process on the terminal has gone */
		return false;
	}
	p->bytes += n;
	(void)vterm_input_write(p->vt, bytes, (size_t)n);
	answer = vterm_output_read(p->vt, bytes, sizeof(bytes));
	if (answer && write(p->fd, bytes, answer) < 0)
		p->is_over = true;
	return true;
}

void yz_pty_free(struct yz_pty *p)
{
	int code;

	if (!p)
		return;
	(void)close(p->fd);
	p->is_over = true;
	if (p->pid > 0 && yz_pty_wait_end(p, KILL_AFTER_MS, &code, NULL) != YZ_OK) {
		(void)kill(p->pid, SIGKILL);
		(void)waitpid(p->pid, NULL, 0);
	}
	vterm_free(p->vt);
	free(p);
}

enum yz_status yz_pty_send(struct yz_pty *p, const char *bytes, size_t len, struct yz_error *err)
{
	while (len > 0) {
		struct pollfd pfd = {p->fd, POLLIN | POLLOUT, 0};
		ssize_t n;

		if (p->is_over)
			return yz_fail(err, YZ_E_IO, "the program has ended");
		if (poll(&pfd, 1, KILL_AFTER_MS) <= 0)
			return yz_fail(err, YZ_E_IO, "the program does not read its terminal");
		if (pfd.revents & (POLLIN | POLLHUP))
			(void)feed(p, 0); /* so that neither side waits for the other for ever */
		if (!(pfd.revents & POLLOUT))
			continue;
		n = write(p->fd, bytes, len < SEND_PART_BYTES ? len : SEND_PART_BYTES);
		if (n <= 0)
			return yz_fail(err, YZ_E_IO, "write: %s", strerror(errno));
		bytes += n;
		len -= (size_t)n;
	}
	return YZ_OK;
}

const char *yz_pty_key(const char *name, char *out, size_t size)
{
	static const struct {
		const char *name, *bytes;
	} keys[] = {
	        {"F1", "\033OP"},
	        {"F2", "\033OQ"},
	        {"F3", "\033OR"},
	        {"F4", "\033OS"},
	        {"F5", "\033[15~"},
	        {"F6", "\033[17~"},
	        {"F7", "\033[18~"},
	        {"F8", "\033[19~"},
	        {"F9", "\033[20~"},
	        {"F10", "\033[21~"},
	        {"F11", "\033[23~"},
	        {"F12", "\033[24~"},
	        {"Up", "\033[A"},
	        {"Down", "\033[B"},
	        {"Right", "\033[C"},
	        {"Left", "\033[D"},
	        {"Home", "\033[H"},
	        {"End", "\033[F"},
	        {"PgUp", "\033[5~"},
	        {"PgDn", "\033[6~"},
	        {"Ins", "\033[2~"},
	        {"Del", "\033[3~"},
	        {"Enter", "\r"},
	        {"Tab", "\t"},
	        {"S-Tab", "\033[Z"},
	        {"Esc", "\033"},
	        {"Backspace", "\177"},
	        {"Space", " "},
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (!strcmp(keys[i].name, name)) {
			(void)snprintf(out, size, "%s", keys[i].bytes);
			return out;
		}
	}
	if (!strncmp(name, "Ctrl-", 5) && name[5] >= 'A' && name[5] <= 'Z' && !name[6]) {
		(void)snprintf(out, size, "%c", name[5] & 0x1F);
		return out;
	}
	return NULL;
}

void yz_pty_row(const struct yz_pty *p, int row, char *out)
{
	size_t len = 0, full = 0;

	for (int col = 0; col < p->cols && len + 40 < YZ_PTY_ROW_BYTES; col++) {
		VTermScreenCell cell;
		VTermPos pos = {row, col};

		if (!vterm_screen_get_cell(p->screen, pos, &cell))
			break;
		if (cell.chars[0] == (uint32_t)-1)
			continue; /* the right half of a wide character */
		if (!cell.chars[0])
			cell.chars[0] = ' ',
			cell.chars[1] = 0; /* an empty cell says nothing of the rest */
		for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; i++)
			len += yz_utf8_put((int32_t)cell.chars[i], out + len);
		if (cell.chars[0] != ' ')
			full = len;
	}
	out[full] = '\0';
}

int yz_pty_looks(const struct yz_pty *p, int row)
{
	VTermScreenCell last = {0}, cell;
	int changes = 0;

	vterm_state_get_default_colors(vterm_obtain_state(p->vt), &last.fg, &last.bg);
	for (int col = 0; col < p->cols; col++, last = cell) {
		VTermPos pos = {row, col};

		if (!vterm_screen_get_cell(p->screen, pos, &cell))
			break;
		if (cell.attrs.bold != last.attrs.bold ||
		        cell.attrs.underline != last.attrs.underline ||
		        cell.attrs.reverse != last.attrs.reverse ||
		        !vterm_color_is_equal(&cell.fg, &last.fg))
			changes++;
	}
	return changes;
}

void yz_pty_cursor(const struct yz_pty *p, int *row, int *col)
{
	VTermPos pos;

	vterm_state_get_cursorpos(vterm_obtain_state(p->vt), &pos);
	*row = pos.row;
	*col = pos.col;
}

bool yz_pty_has(const struct yz_pty *p, const char *text)
{
	char row[YZ_PTY_ROW_BYTES];

	for (int i = 0; i < p->rows; i++) {
		yz_pty_row(p, i, row);
		if (strstr(row, text))
			return true;
	}
	return false;
}

enum yz_status yz_pty_wait(
        struct yz_pty *p, const char *text, bool present, int timeout_ms, struct yz_error *err)
{
	long until = now_ms() + timeout_ms;

	for (;;) {
		long left = until - now_ms();

		while (feed(p, 0))
			;
		if (yz_pty_has(p, text) == present)
			return YZ_OK;
		if (p->is_over)
			return yz_fail(err, YZ_E_IO, "the program has ended");
		if (left <= 0)
			return yz_fail(err, YZ_E_NOTFOUND, "not %s after %d ms",
			        present ? "shown" : "gone", timeout_ms);
		(void)feed(p, (int)left);
	}
}

enum yz_status yz_pty_wait_more(struct yz_pty *p, long bytes, int timeout_ms, struct yz_error *err)
{
	long until = now_ms() + timeout_ms;

	while (p->bytes <= bytes) {
		long left = until - now_ms();

		if (p->is_over)
			return yz_fail(err, YZ_E_IO, "the program has ended");
		if (left <= 0)
			return yz_fail(err, YZ_E_NOTFOUND, "nothing after %d ms", timeout_ms);
		(void)feed(p, (int)left);
	}
	return YZ_OK;
}

void yz_pty_settle(struct yz_pty *p, int quiet_ms)
{
	while (feed(p, quiet_ms))
		;
}

/* The terminal's end of file comes first; only the last moment between it and the exit is asked for
 * in steps. */
enum yz_status yz_pty_wait_end(struct yz_pty *p, int timeout_ms, int *code, struct yz_error *err)
{
	long until = now_ms() + timeout_ms;

	while (p->pid > 0) {
		long left = until - now_ms();
		int status;

		if (waitpid(p->pid, &status, WNOHANG) == p->pid) {
			p->status = status;
			p->pid = 0;
			break;
		}
		if (left <= 0)
			return yz_fail(err, YZ_E_NOTFOUND, "the program still runs after %d ms",
			        timeout_ms);
		if (p->is_over)
			(void)poll(NULL, 0, 5);
		else
			(void)feed(p, left < 50 ? (int)left : 50);
	}
	*code = WIFEXITED(p->status) ? WEXITSTATUS(p->status) : 128 + WTERMSIG(p->status);
	return YZ_OK;
}

void yz_pty_resize(struct yz_pty *p, int rows, int cols)
{
	struct winsize ws = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};

	p->rows = rows;
	p->cols = cols;
	vterm_set_size(p->vt, rows, cols);
	(void)ioctl(p->fd, TIOCSWINSZ, &ws);
}

long yz_pty_bytes(const struct yz_pty *p)
{
	return p->bytes;
}

int yz_pty_pid(const struct yz_pty *p)
{
	return (int)p->pid;
}
