/* Drives a program on a pty of its own with a terminal emulator (libvterm) behind it: types, waits
 * for text with a deadline, reads the screen back as text. For the tests and the demo; never
 * sleeps. */
#ifndef YZ_TESTS_PTYDRIVE_H
#define YZ_TESTS_PTYDRIVE_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

struct yz_pty;

enum { YZ_PTY_ROW_BYTES = 2048 };

/* Starts argv (NULL at the end, argv[0] a path or on PATH) on a pty of rows x cols with TERM=term
 * in its environment. Errors: YZ_E_IO. */
enum yz_status yz_pty_start(struct yz_pty **out, char *const *argv, const char *term, int rows,
        int cols, struct yz_error *err);

/* Ends the program if it runs (its terminal goes away; after 5 s SIGKILL to this process alone) and
 * frees all. */
void yz_pty_free(struct yz_pty *p);

/* Sends bytes to the program, feeding the emulator meanwhile. Errors: YZ_E_IO (it has gone or does
 * not read). */
enum yz_status yz_pty_send(struct yz_pty *p, const char *bytes, size_t len, struct yz_error *err);

/* The bytes an xterm sends for a key: F1 to F12, Enter, Esc, Tab, S-Tab, Up, Down, Left, Right,
 * PgUp, PgDn, Home, End, Ins, Del, Backspace, Space, Ctrl-A to Ctrl-Z. Into out (16 bytes), which
 * is returned; NULL for another name. */
const char *yz_pty_key(const char *name, char *out, size_t size);

/* Feeds the emulator until one row of the screen holds text, or none does if !present. timeout_ms
 * is a deadline. Errors: YZ_E_NOTFOUND, YZ_E_IO (the program ended before). */
enum yz_status yz_pty_wait(
        struct yz_pty *p, const char *text, bool present, int timeout_ms, struct yz_error *err);

/* Feeds the emulator until the program has sent more than bytes in all. timeout_ms is a deadline.
 * Errors: as yz_pty_wait. */
enum yz_status yz_pty_wait_more(struct yz_pty *p, long bytes, int timeout_ms, struct yz_error *err);

/* Feeds the emulator until nothing has come for quiet_ms. */
void yz_pty_settle(struct yz_pty *p, int quiet_ms);

/* Waits for the end of the program; *code is its exit code, or 128 + signal. Errors: YZ_E_NOTFOUND
 * (still running). */
enum yz_status yz_pty_wait_end(struct yz_pty *p, int timeout_ms, int *code, struct yz_error *err);

/* Row of the screen as UTF-8 without blanks at its end; out holds YZ_PTY_ROW_BYTES. */
void yz_pty_row(const struct yz_pty *p, int row, char *out);

/* How often the look (bold, underlined, reverse, colour) changes along a row that starts plain. */
int yz_pty_looks(const struct yz_pty *p, int row);

bool yz_pty_has(const struct yz_pty *p, const char *text);
void yz_pty_cursor(const struct yz_pty *p, int *row, int *col);

/* Changes the terminal's size; the program gets SIGWINCH. */
void yz_pty_resize(struct yz_pty *p, int rows, int cols);

long yz_pty_bytes(const struct yz_pty *p); /* received from the program so far */
int yz_pty_pid(const struct yz_pty *p);    /* 0 once its end has been waited for */

#endif
