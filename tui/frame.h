/* The furniture around a view: title and place, rules, message, status, key bar. ASCII only: some
 * terminals draw other rules two columns wide. */
#ifndef YZ_TUI_FRAME_H
#define YZ_TUI_FRAME_H

#include "tui/canvas.h"

struct yz_app;

enum { YZ_SCREEN_ROWS_MIN = 24, YZ_SCREEN_COLS_MIN = 80, YZ_BAR_KEYS_MAX = 8 };
/* rows of the frame above and below the body */
enum { YZ_FRAME_TOP = 2, YZ_FRAME_BOTTOM = 4 };

/* Draws frame and views into the grid; below 80x24 one line that says so. Changes nothing. */
void yz_frame_draw(const struct yz_app *app, struct yz_grid *g);

/* A terminal of known size that is smaller than 80x24. */
bool yz_frame_is_too_small(int rows, int cols);

#endif
