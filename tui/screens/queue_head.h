/* The top of the queue screen: what waits, since when, why, and what to do. Facts in, sentences
 * out: nothing is read here. */
#ifndef YZ_TUI_QUEUE_HEAD_H
#define YZ_TUI_QUEUE_HEAD_H

#include "station/queue.h"
#include "tui/canvas.h"

enum { YZ_QUEUE_HEAD_ROWS = 5 };

/* alarm: of yz_alarm_line(). */
void yz_queue_head_draw(
        const struct yz_pulse *p, int64_t now_ms, const char *alarm, struct yz_canvas *c);

#endif
