/* The view stack and what all views share: message, status, time. tui/loop.c runs it on a terminal;
 * tests drive it with yz_app_key() and look at yz_app_draw(). */
#ifndef YZ_TUI_APP_H
#define YZ_TUI_APP_H

#include "base/error.h"
#include "tui/view.h"

enum yz_say_level { YZ_SAY_NOTHING, YZ_SAY_INFO, YZ_SAY_GOOD, YZ_SAY_WARN, YZ_SAY_ERROR };

struct yz_message {
	enum yz_say_level level;
	char text[256];
};

/* The status line. Facts with their start; nothing that runs. */
struct yz_status_line {
	char link[48];    /* "[在线]", "[离线 14:20 起]", "[单机]" */
	char counts[64];  /* "待传 3  退回 1" */
	char printer[48]; /* "打印: 就绪" */
	char clerk[48];
	bool is_test;                                /* [test] now= is set */
	bool is_offline, is_refused, is_printer_bad; /* drawn as a warning */
};

struct yz_app {
	void *kiosk; /* what the screens share (tui/screens/kiosk.h); borrowed */
	struct yz_view *top;
	struct yz_message message;
	struct yz_status_line status;
	int rows, cols; /* of the terminal, 0 before it is known */
	char place[64]; /* right end of line 1: the station's name */
	struct yz_now now;
	int64_t test_now_ms;
	const struct yz_view_ops *command; /* the command palette, NULL: none */
	void (*command_done)(struct yz_view *below, const struct yz_answer *a);
	void (*refresh)(struct yz_app *app); /* reads the status line anew; may be NULL */
	bool is_over;                        /* leave the loop */
	bool is_repaint;                     /* the next frame sends everything */
	bool is_beep;
};

void yz_app_init(struct yz_app *app, void *kiosk);

/* Closes all views, top first. */
void yz_app_fini(struct yz_app *app);

/* One key: to the top view, or to what it means everywhere. */
void yz_app_key(struct yz_app *app, const struct yz_keypress *k);

/* An event to the top view (YZ_EVENT_LEAVE: to all). Returns true if the screen must be drawn. */
bool yz_app_event(struct yz_app *app, enum yz_event e);

/* Draws the whole screen into the grid (already of the terminal's size). Changes nothing. */
void yz_app_draw(const struct yz_app *app, struct yz_grid *g);

/* When the top view's timer is due, 0: never. */
int64_t yz_app_due_ms(const struct yz_app *app);

/* Tells the clerk something on the message line, where it stays until the next action. text is
 * translated already. */
void yz_say(struct yz_app *app, enum yz_say_level level, const char *fmt, ...)
        __attribute__((format(printf, 3, 4)));

/* Tells what err says, as an error. */
void yz_say_error(struct yz_app *app, const struct yz_error *err);

void yz_message_set(struct yz_message *m, enum yz_say_level level, const char *fmt, ...)
        __attribute__((format(printf, 3, 4)));

/* Closes views until only the bottom one is left. */
void yz_app_home(struct yz_app *app);

#endif
