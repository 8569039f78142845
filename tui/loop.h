/* Runs the view stack on the terminal until it is over: one poll() on terminal, doorbell and
 * signals, timeout = nearest timer;
 * every 10 s the store is looked at as after a ring. Coalesces what has been typed ahead into one
 * frame. */
#ifndef YZ_TUI_LOOP_H
#define YZ_TUI_LOOP_H

#include "base/error.h"
#include "tui/app.h"
#include "tui/term.h"

struct yz_loop_options {
	int bell_fd;                         /* doorbell, below 0: none */
	int esc_ms;                          /* a lone Esc is a key after this time */
	int idle_s;                          /* on_idle after this time without a key, 0: never */
	void (*on_idle)(struct yz_app *app); /* may be NULL */
};

/* Blocks signals of this process and reads them from a descriptor: HUP and TERM (and a terminal
 * that went away) keep the drafts and end the loop, WINCH redraws, INT, QUIT and TSTP are ignored.
 * Returns when app->is_over. Errors: YZ_E_IO. */
enum yz_status yz_loop_run(struct yz_app *app, struct yz_term *term,
        const struct yz_loop_options *o, struct yz_error *err);

#endif
