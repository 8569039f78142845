/* The terminal: opened raw, drawn to with one write a frame, put back at the end. The only file
 * with curses. One terminal a process. */
#ifndef YZ_TUI_TERM_H
#define YZ_TUI_TERM_H

#include "base/error.h"
#include "tui/canvas.h"

struct yz_term;

/* Takes over the terminal on standard input and output. An unknown TERM is taken as xterm, then
 * vt100; NO_COLOR in the environment gives the mono theme. Errors: YZ_E_STATE (standard input or
 * output is not a terminal), YZ_E_IO. */
enum yz_status yz_term_open(struct yz_term **out, struct yz_error *err);

/* Puts the terminal back as it was. NULL is fine. */
void yz_term_close(struct yz_term *t);

/* The terminal's size now, asked from the kernel. */
void yz_term_size(const struct yz_term *t, int *rows, int *cols);

/* Brings the grid (of yz_term_size) to the terminal: only what changed, in one write, none if
 * nothing did. Blocks while the terminal does not take the bytes. Returns the bytes written, below
 * 0 if the terminal is gone. */
long yz_term_draw(struct yz_term *t, const struct yz_grid *g);

/* The next draw sends everything. */
void yz_term_repaint(struct yz_term *t);

/* Reads what is there after poll() said so; at most size bytes. 0: the terminal is gone; -1:
 * nothing now. */
long yz_term_read(struct yz_term *t, void *out, size_t size);

int yz_term_fd(const struct yz_term *t);

void yz_term_beep(struct yz_term *t);

#endif
