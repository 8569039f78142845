/* The top of the queue screen: what waits, since when, why, and what to do. Facts in, sentences
 * out: nothing is read here. */
#ifndef YZ_TUI_QUEUE_HEAD_H
#define YZ_TUI_QUEUE_HEAD_H

#include "station/queue.h"
#include "tui/canvas.h"

enum { YZ_QUEUE_HEAD_ROWS = 5 };

/* What the line is, since when and why; what to do about it. */
void yz_queue_head_link(const struct yz_pulse *p, int64_t now_ms, char *out, size_t size);
const char *yz_queue_head_todo(const struct yz_pulse *p);

/* alarm: of yz_alarm_line(). */
void yz_queue_head_draw(
        const struct yz_pulse *p, int64_t now_ms, const char *alarm, struct yz_canvas *c);

#endif
