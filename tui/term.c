#include "config.h"

/* cchar_t and the wide calls */
#define NCURSES_WIDECHAR 1

#include "tui/term.h"

#include "base/buf.h"
#include "base/text.h"
#include "tui/words.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

struct yz_term {
	SCREEN *screen;
	int tty;    /* a copy of standard output: the terminal */
	int memory; /* a memfd that standard output points at while ncurses draws */
	bool mono;
	struct yz_grid given; /* what ncurses was given last */
	cchar_t *line;        /* room for one row */
	bool started;         /* the first frame also switches bracketed paste on */
	struct termios before;
	attr_t attrs[YZ_LOOK_COUNT];
	short pairs[YZ_LOOK_COUNT];
};

static const char PASTE_ON[] = "\033[?2004h", PASTE_OFF[] = "\033[?2004l";

/* Exported (-rdynamic): ncurses then asks us, not glibc, which knows no Extensions H and I and
 * would drop them from a person's name. */
int wcwidth(wchar_t c);
int wcwidth(wchar_t c)
{
	return c == 0 ? 0 : yz_char_cols((int32_t)c);
}

static void theme_start(struct yz_term *t)
{
	static const struct {
		enum yz_look look;
		attr_t mono;
		attr_t attr;
		short colour; /* -1: the terminal's own */
	} rows[] = {
	        {YZ_LOOK_TITLE, A_BOLD, A_BOLD, COLOR_BLUE},
	        {YZ_LOOK_FIELD, A_UNDERLINE, A_UNDERLINE, COLOR_CYAN},
	        {YZ_LOOK_DIM, A_DIM, A_DIM, -1},
	        {YZ_LOOK_WARN, A_BOLD, A_BOLD, COLOR_YELLOW},
	        {YZ_LOOK_ERROR, A_REVERSE, A_REVERSE, -1},
	        {YZ_LOOK_MARK, A_REVERSE, A_REVERSE, -1},
	        {YZ_LOOK_GOOD, A_BOLD, A_BOLD, COLOR_GREEN},
	};
	const char *no_color = getenv("NO_COLOR");

	t->mono = (no_color && *no_color) || !has_colors() || start_color() == ERR ||
	          use_default_colors() == ERR;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		enum yz_look look = rows[i].look;

		t->attrs[look] = t->mono ? rows[i].mono : rows[i].attr;
		if (!t->mono && rows[i].colour >= 0) {
			t->pairs[look] = (short)look;
			(void)init_pair((short)look, rows[i].colour, -1);
		}
	}
}

static SCREEN *open_screen(void)
{
	const char *term = getenv("TERM");
	const char *const tries[] = {term && *term ? term : "xterm", "xterm", "vt100"};

	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		SCREEN *s = newterm(tries[i], stdout, stdin);

		if (s)
			return s;
	}
	return NULL;
}

enum yz_status yz_term_open(struct yz_term **out, struct yz_error *err)
{
	struct yz_term *t;
	enum yz_status st = YZ_OK;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		st = yz_fail(err, YZ_E_CONFIG, "standard input or output is not a terminal");
		if (err)
			err->say = N_(
			        "The kiosk needs a terminal: start it at a screen or with ssh -t.");
		return st;
	}
	t = yz_alloc(sizeof(*t));
	yz_grid_init(&t->given);
	t->tty = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	t->memory = memfd_create("frame", MFD_CLOEXEC);
	if (t->tty < 0 || t->memory < 0 || tcgetattr(STDIN_FILENO, &t->before) < 0) {
		st = yz_fail(err, YZ_E_IO, "terminal: %s", strerror(errno));
		goto done;
	}
	(void)use_env(FALSE); /* LINES and COLUMNS in the environment would be believed */
	(void)use_tioctl(TRUE);
	t->screen = open_screen();
	if (!t->screen) {
		st = yz_fail(err, YZ_E_IO, "no terminal description works: install ncurses-base");
		goto done;
	}
	(void)raw(); /* before the first draw: no Ctrl-C, Ctrl-Z or Ctrl-\ of the kernel's */
	(void)noecho();
	(void)nonl();
	(void)typeahead(-1);
	(void)intrflush(stdscr, FALSE);
	(void)leaveok(stdscr, FALSE);
	theme_start(t);
	*out = t;
	t = NULL;
done:
	yz_term_close(t);
	return st;
}

static void write_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, bytes, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		bytes += n;
		len -= (size_t)n;
	}
}

void yz_term_close(struct yz_term *t)
{
	if (!t)
		return;
	if (t->screen) {
		if (t->started)
			write_all(t->tty, PASTE_OFF, sizeof(PASTE_OFF) - 1);
		(void)endwin();
		delscreen(t->screen);
		(void)tcsetattr(STDIN_FILENO, TCSANOW, &t->before);
	}
	yz_grid_fini(&t->given);
	free(t->line);
	if (t->tty >= 0)
		(void)close(t->tty);
	if (t->memory >= 0)
		(void)close(t->memory);
	free(t);
}

void yz_term_size(const struct yz_term *t, int *rows, int *cols)
{
	struct winsize ws;

	*rows = 24;
	*cols = 80;
	if (ioctl(t->tty, TIOCGWINSZ, &ws) == 0 && ws.ws_row > 0 && ws.ws_col > 0) {
		*rows = ws.ws_row < 1000 ? ws.ws_row : 1000;
		*cols = ws.ws_col < 1000 ? ws.ws_col : 1000;
	}
}

/* Hands a row to ncurses if it differs from what it was given before. */
static void put_row(struct yz_term *t, const struct yz_grid *g, int row)
{
	size_t at = (size_t)row * (size_t)g->cols, n = 0;

	if (t->given.cells) {
		size_t bytes = (size_t)g->cols * sizeof(*g->cells);

		if (!memcmp(&t->given.cells[at], &g->cells[at], bytes))
			return;
		memcpy(&t->given.cells[at], &g->cells[at], bytes);
	}
	for (int col = 0; col < g->cols; col++) {
		const struct yz_cell *cell = &g->cells[at + (size_t)col];
		wchar_t text[2 + YZ_CELL_MARKS_MAX] = {(wchar_t)cell->c};

		if (cell->c == 0)
			continue; /* ncurses fills it with the left half */
		for (int i = 0; i < YZ_CELL_MARKS_MAX; i++)
			text[1 + i] = (wchar_t)cell->marks[i];
		if (setcchar(&t->line[n], text, t->attrs[cell->look], t->pairs[cell->look], NULL) ==
		        OK)
			n++;
	}
	(void)mvadd_wchnstr(row, 0, t->line, (int)n);
}

static void fit_size(struct yz_term *t, const struct yz_grid *g)
{
	if (LINES != g->rows || COLS != g->cols)
		(void)resizeterm(g->rows, g->cols);
	if (t->given.rows == g->rows && t->given.cols == g->cols)
		return;
	yz_grid_reset(&t->given, g->rows, g->cols);
	for (int i = 0; i < g->rows * g->cols; i++)
		t->given.cells[i].c = -1; /* as nothing that can be drawn: every row is new */
	t->line = yz_realloc(t->line, (size_t)g->cols * sizeof(*t->line));
}

/* ncurses emits one write per jump of the cursor, each an SSH packet of its own: let it write into
 * memory, then write once. */
long yz_term_draw(struct yz_term *t, const struct yz_grid *g)
{
	struct yz_buf frame = YZ_BUF_INIT;
	off_t len;
	long result = -1;
	char chunk[4096];

	fit_size(t, g);
	for (int row = 0; row < g->rows; row++)
		put_row(t, g, row);
	if (g->cursor_row >= 0)
		(void)move(g->cursor_row, g->cursor_col);
	(void)curs_set(g->cursor_row >= 0);
	if (ftruncate(t->memory, 0) < 0 || lseek(t->memory, 0, SEEK_SET) < 0 ||
	        dup2(t->memory, STDOUT_FILENO) < 0)
		return -1;
	(void)wnoutrefresh(stdscr);
	(void)doupdate();
	(void)fflush(stdout);
	if (dup2(t->tty, STDOUT_FILENO) < 0)
		return -1;
	len = lseek(t->memory, 0, SEEK_END);
	if (!t->started) {
		yz_buf_add(&frame, PASTE_ON, sizeof(PASTE_ON) - 1);
		t->started = true;
	}
	for (off_t at = 0; at < len;) {
		ssize_t n = pread(t->memory, chunk, sizeof(chunk), at);

		if (n <= 0)
			break;
		yz_buf_add(&frame, chunk, (size_t)n);
		at += n;
	}
	write_all(t->tty, yz_buf_str(&frame), frame.len);
	result = (long)frame.len;
	yz_buf_free(&frame);
	return result;
}

void yz_term_repaint(struct yz_term *t)
{
	(void)t;
	(void)clearok(curscr, TRUE);
}

long yz_term_read(struct yz_term *t, void *out, size_t size)
{
	ssize_t n;

	(void)t;
	n = read(STDIN_FILENO, out, size);
	if (n < 0)
		return errno == EINTR || errno == EAGAIN ? -1 : 0;
	return n;
}

int yz_term_fd(const struct yz_term *t)
{
	(void)t;
	return STDIN_FILENO;
}

void yz_term_beep(struct yz_term *t)
{
	write_all(t->tty, "\a", 1);
}
