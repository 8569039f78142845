#include "config.h"

#include "tui/loop.h"

#include "base/bell.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum {
	READ_BYTES = 4096,
	AHEAD_MAX_BYTES = 65536,
	LOOK_MS = 10000,
	FD_TERM = 0,
	FD_SIGNAL,
	FD_BELL,
	FD_COUNT
};

struct loop {
	struct yz_app *app;
	struct yz_term *term;
	const struct yz_loop_options *o;
	struct yz_input input;
	struct yz_grid grid;
	struct pollfd fds[FD_COUNT];
	int64_t key_ms;  /* of the last key */
	int64_t esc_ms;  /* when an unfinished key expires, 0: none */
	int64_t look_ms; /* when the store is looked at without a ring: who is killed rings nobody
	                  */
	bool is_dirty, is_idle;
};

static enum yz_status open_signals(int *fd, struct yz_error *err)
{
	static const int ignored[] = {SIGINT, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU, SIGPIPE};
	sigset_t set;

	for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		(void)signal(ignored[i], SIG_IGN);
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGWINCH);
	(void)sigaddset(&set, SIGHUP);
	(void)sigaddset(&set, SIGTERM);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0 ||
	        (*fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK)) < 0)
		return yz_fail(err, YZ_E_IO, "signals: %s", strerror(errno));
	return YZ_OK;
}

static void take_keys(struct loop *l)
{
	struct yz_keypress k;

	while (!l->app->is_over && yz_input_next(&l->input, &k)) {
		yz_app_key(l->app, &k);
		l->is_dirty = true;
	}
	l->esc_ms = yz_input_is_waiting(&l->input) ? l->app->now.mono_ms + l->o->esc_ms : 0;
}

/* Everything that has been typed ahead, before one frame is drawn. */
static void read_terminal(struct loop *l)
{
	unsigned char bytes[READ_BYTES];
	size_t total = 0;

	do {
		long n = yz_term_read(l->term, bytes, sizeof(bytes));

		if (n == 0) {
			l->app->is_over = true; /* the terminal is gone: as SIGHUP */
			return;
		}
		if (n < 0)
			return;
		yz_input_push(&l->input, bytes, (size_t)n);
		take_keys(l);
		total += (size_t)n;
		l->fds[FD_TERM].revents = 0;
	} while (!l->app->is_over && total < AHEAD_MAX_BYTES && poll(&l->fds[FD_TERM], 1, 0) > 0);
	l->key_ms = l->app->now.mono_ms;
	l->is_idle = false;
}

static void read_signals(struct loop *l)
{
	struct signalfd_siginfo info;

	while (read(l->fds[FD_SIGNAL].fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (info.ssi_signo == SIGWINCH) {
			yz_term_size(l->term, &l->app->rows, &l->app->cols);
			(void)yz_app_event(l->app, YZ_EVENT_RESIZE);
			l->is_dirty = l->app->is_repaint = true;
		} else {
			l->app->is_over = true;
		}
	}
}

static void run_timers(struct loop *l)
{
	int64_t now = l->app->now.mono_ms, due = yz_app_due_ms(l->app);

	if (l->esc_ms && now >= l->esc_ms) {
		l->esc_ms = 0;
		yz_input_expire(&l->input);
		take_keys(l);
	}
	if (due && now >= due) {
		l->app->top->due_ms = 0;
		if (yz_app_event(l->app, YZ_EVENT_TIMER))
			l->is_dirty = true;
	}
	if (now >= l->look_ms) {
		l->look_ms = now + LOOK_MS;
		l->is_dirty = yz_app_event(l->app, YZ_EVENT_STORE) || l->is_dirty;
	}
	if (l->o->idle_s > 0 && l->o->on_idle && !l->is_idle &&
	        now - l->key_ms >= l->o->idle_s * INT64_C(1000)) {
		l->is_idle = true;
		l->o->on_idle(l->app);
		l->is_dirty = true;
	}
}

static int timeout_ms(const struct loop *l)
{
	int64_t now = l->app->now.mono_ms, due = yz_app_due_ms(l->app);

	if (l->esc_ms && (!due || l->esc_ms < due))
		due = l->esc_ms;
	if (l->o->idle_s > 0 && l->o->on_idle && !l->is_idle) {
		int64_t idle = l->key_ms + l->o->idle_s * INT64_C(1000);

		if (!due || idle < due)
			due = idle;
	}
	if (!due || l->look_ms < due)
		due = l->look_ms;
	return due <= now ? 1 : (int)(due - now);
}

static void draw(struct loop *l)
{
	if (l->app->is_repaint)
		yz_term_repaint(l->term);
	if (l->app->is_beep)
		yz_term_beep(l->term);
	l->app->is_repaint = l->app->is_beep = l->is_dirty = false;
	yz_grid_reset(&l->grid, l->app->rows, l->app->cols);
	yz_app_draw(l->app, &l->grid);
	if (yz_term_draw(l->term, &l->grid) < 0)
		l->app->is_over = true;
}

static void wait_and_read(struct loop *l)
{
	if (poll(l->fds, FD_COUNT, timeout_ms(l)) < 0 && errno != EINTR)
		return;
	l->app->now = yz_clock_now(l->app->test_now_ms);
	if (l->fds[FD_SIGNAL].revents)
		read_signals(l);
	if (l->fds[FD_BELL].revents) {
		yz_bell_drain(l->o->bell_fd);
		l->is_dirty = yz_app_event(l->app, YZ_EVENT_STORE) || l->is_dirty;
	}
	if (l->fds[FD_TERM].revents & POLLIN)
		read_terminal(l);
	else if (l->fds[FD_TERM].revents)
		l->app->is_over = true;
	if (!l->app->is_over)
		run_timers(l);
}

enum yz_status yz_loop_run(struct yz_app *app, struct yz_term *term,
        const struct yz_loop_options *o, struct yz_error *err)
{
	struct loop l = {.app = app, .term = term, .o = o};
	int signals = -1;
	enum yz_status st = open_signals(&signals, err);

	if (st != YZ_OK)
		return st;
	yz_grid_init(&l.grid);
	l.fds[FD_TERM] = (struct pollfd){yz_term_fd(term), POLLIN, 0};
	l.fds[FD_SIGNAL] = (struct pollfd){signals, POLLIN, 0};
	l.fds[FD_BELL] = (struct pollfd){o->bell_fd, POLLIN, 0};
	l.key_ms = app->now.mono_ms;
	l.look_ms = l.key_ms + LOOK_MS;
	yz_term_size(term, &app->rows, &app->cols);
	l.is_dirty = true;
	while (!app->is_over) {
		if (l.is_dirty)
			draw(&l);
		if (!app->is_over)
			wait_and_read(&l);
	}
	(void)yz_app_event(app, YZ_EVENT_LEAVE);
	yz_grid_fini(&l.grid);
	(void)close(signals);
	return YZ_OK;
}
