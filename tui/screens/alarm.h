/* What a clerk must know before anything else: a damaged database, a full disk, numbers that run
 * low. */
#ifndef YZ_TUI_ALARM_H
#define YZ_TUI_ALARM_H

#include "station/queue.h"
#include "tui/app.h"

/* One line, translated; "" if nothing is the matter. app gives the courier's name. */
void yz_alarm_line(struct yz_app *app, const struct yz_pulse *p, char *out, size_t size);

/* Opens the page that says what is damaged, what still works, what to do, if the database is
 * damaged. */
void yz_alarm_show(struct yz_app *app);

/* True, and the clerk is told, if nothing new can be saved. */
bool yz_alarm_is_readonly(struct yz_app *app);

#endif
