/* The main menu: a digit or two letters open a screen; today's figures; what waits for somebody. */
#include "config.h"

#include "base/buf.h"
#include "base/text.h"
#include "station/money.h"
#include "station/queue.h"
#include "store/draft.h"
#include "store/shipment.h"
#include "tui/ask.h"
#include "tui/screens/alarm.h"
#include "tui/screens/kiosk.h"
#include "tui/screens/screens.h"
#include "tui/words.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum {
	DRAFTS_MAX = 8,
	MENU_ROW = 1,
	ALARM_ROW = 8,
	TODAY_ROW = 9,
	WAITING_ROW = 11,
	COMMAND_ROW = 17
};

struct menu {
	struct yz_day day;
	struct yz_pulse pulse;
	struct yz_draft drafts[DRAFTS_MAX];
	size_t draft_count;
	char alarm[256];
	char letters[3];
};

/* midnight in China before this moment */
static int64_t midnight(int64_t wall_ms)
{
	char date[16];
	int64_t ms = wall_ms;

	yz_clock_date(wall_ms, date, sizeof(date));
	(void)yz_clock_parse(date, &ms);
	return ms;
}

static void load(struct yz_view *v)
{
	struct menu *m = v->state;
	struct yz_kiosk *k = yz_kiosk(v);
	struct yz_error err = {0};
	bool platform = k->conf.platform_url[0] != '\0';

	m->draft_count = 0;
	yz_kiosk_draft_settle(v->app);
	if (yz_day_get(k->store, midnight(v->app->now.wall_ms), &m->day, &err) != YZ_OK ||
	        yz_pulse_read(k->store, platform, &m->pulse, &err) != YZ_OK ||
	        yz_draft_list(k->store, &k->desk.clerk.id, m->drafts, DRAFTS_MAX, &m->draft_count,
	                &err) != YZ_OK)
		yz_say_error(v->app, &err);
	yz_alarm_line(v->app, &m->pulse, m->alarm, sizeof(m->alarm));
}

static bool menu_open(struct yz_view *v, const void *arg)
{
	(void)arg;
	load(v);
	yz_kiosk_refresh(v->app);
	return true;
}

static void draw_commands(struct yz_canvas *c)
{
	char part[64];

	for (int i = 0; yz_commands[i].mnemonic; i++) {
		const struct yz_command *cmd = &yz_commands[i];

		(void)snprintf(part, sizeof(part), "%c", cmd->digit);
		(void)yz_canvas_text(c, MENU_ROW + i, 4, 1, YZ_LOOK_MARK, part);
		(void)yz_canvas_text(c, MENU_ROW + i, 6, 16, YZ_LOOK_NORMAL, _(cmd->name));
		(void)yz_canvas_text(c, MENU_ROW + i, 24, 4, YZ_LOOK_LABEL, cmd->mnemonic);
		(void)yz_canvas_text(c, MENU_ROW + i, 30, -1, YZ_LOOK_NORMAL, _(cmd->about));
	}
}

static int draw_wait(struct yz_canvas *c, int row, int64_t count, const char *what, const char *go)
{
	char number[24];

	if (count <= 0)
		return row;
	(void)snprintf(number, sizeof(number), "%ld", (long)count);
	(void)yz_canvas_text(c, row, 4, 1, YZ_LOOK_WARN, "!");
	(void)yz_canvas_text(c, row, 6, 34, YZ_LOOK_NORMAL, what);
	yz_canvas_right(c, row, 40, 6, YZ_LOOK_NORMAL, number);
	(void)yz_canvas_text(c, row, 50, -1, YZ_LOOK_NORMAL, go);
	return row + 1;
}

static void menu_draw(const struct yz_view *v, struct yz_canvas *c)
{
	const struct menu *m = v->state;
	char line[160], cash[YZ_MONEY_TEXT_SIZE], other[YZ_MONEY_TEXT_SIZE];
	int row = WAITING_ROW, at;

	draw_commands(c);
	if (m->alarm[0])
		(void)yz_canvas_text(c, ALARM_ROW, 2, 1, YZ_LOOK_ERROR, "!");
	(void)yz_canvas_text(c, ALARM_ROW, 4, -1, YZ_LOOK_ERROR, m->alarm);
	(void)snprintf(line, sizeof(line),
	        _("Today   booked %ld   voided %ld   cash %s   other %s"), (long)m->day.booked,
	        (long)m->day.voided, yz_money_text(m->day.cash_fen, cash),
	        yz_money_text(m->day.other_fen, other));
	(void)yz_canvas_text(c, TODAY_ROW, 4, -1, YZ_LOOK_NORMAL, line);
	row = draw_wait(c, row, m->pulse.ops.dead, _("refused by the platform"), _("3 to look"));
	row = draw_wait(
	        c, row, m->pulse.prints_failed, _("prints that failed"), _("3 to print again"));
	row = draw_wait(
	        c, row, (int64_t)m->draft_count, _("unfinished forms"), _("their screens go on"));
	(void)draw_wait(c, row, m->pulse.ops.held, _("held back by a clerk"), _("3 to look"));
	at = yz_canvas_text(c, COMMAND_ROW, 4, -1, YZ_LOOK_LABEL, _("Digit or letters:")) + 5;
	at += yz_canvas_text(c, COMMAND_ROW, at, -1, YZ_LOOK_NORMAL, m->letters);
	yz_canvas_cursor(c, COMMAND_ROW, at);
}

static void quit_answered(struct yz_view *v, const struct yz_answer *a)
{
	if (a->code)
		v->app->is_over = true;
}

static unsigned menu_act(struct yz_view *v, enum yz_action a)
{
	struct menu *m = v->state;
	struct yz_question q = {0};

	switch (a) {
	case YZ_ACT_QUIT:
		q.text = _("Leave the program?\nUnfinished forms are kept.");
		(void)yz_view_push(v->app, &yz_view_ask, &q, quit_answered);
		return YZ_NEED_DRAW;
	case YZ_ACT_REFRESH:
		load(v);
		yz_kiosk_refresh(v->app);
		return YZ_NEED_DRAW;
	case YZ_ACT_BACK: /* of the letters typed; the way out is F10 */
		if (!m->letters[0])
			yz_say(v->app, YZ_SAY_INFO, "%s",
			        _("This is the main menu. F8 signs out, F10 leaves the program."));
		m->letters[0] = '\0';
		return YZ_NEED_DRAW;
	case YZ_ACT_UNDO:
		return YZ_NEED_CLOSE;
	default:
		return YZ_NEED_PASS;
	}
}

static void run(struct yz_view *v, const struct yz_command *cmd)
{
	((struct menu *)v->state)->letters[0] = '\0';
	yz_command_run(v->app, cmd);
}

static unsigned menu_key(struct yz_view *v, const struct yz_keypress *k)
{
	struct menu *m = v->state;
	size_t len = strlen(m->letters);
	int32_t c =
	        k->key >= 0xFF01 && k->key <= 0xFF5E ? k->key - 0xFEE0 : k->key; /* full-width */

	if (c == YZ_KEY_BACKSPACE && len > 0)
		m->letters[len - 1] = '\0';
	if (k->pasted || c <= 32 || c >= 127)
		return YZ_NEED_DRAW;
	for (const struct yz_command *cmd = yz_commands; cmd->mnemonic; cmd++) {
		if (cmd->digit == c) {
			run(v, cmd);
			return YZ_NEED_DRAW;
		}
	}
	if (len == 2)
		len = 0;
	m->letters[len] = (char)toupper((int)c);
	m->letters[len + 1] = '\0';
	if (len == 0)
		return YZ_NEED_DRAW;
	for (const struct yz_command *cmd = yz_commands; cmd->mnemonic; cmd++) {
		if (!strcmp(cmd->mnemonic, m->letters)) {
			run(v, cmd);
			return YZ_NEED_DRAW;
		}
	}
	yz_say(v->app, YZ_SAY_WARN, _("%s is no command. F9 shows them all."), m->letters);
	m->letters[0] = '\0';
	return YZ_NEED_DRAW;
}

static unsigned menu_event(struct yz_view *v, enum yz_event e)
{
	if (e == YZ_EVENT_STORE || e == YZ_EVENT_RESUME)
		load(v);
	return YZ_NEED_DRAW;
}

static void menu_hint(const struct yz_view *v, char *out, size_t size)
{
	(void)v;
	(void)yz_copy(out, size,
	        _("Press a digit or type the two letters; elsewhere Ctrl-K takes the letters."));
}

static const struct yz_binding menu_keys[] = {
        {YZ_KEY_F5, YZ_ACT_REFRESH, N_("Refresh")},
        {YZ_KEY_F8, YZ_ACT_UNDO, N_("Sign out")},
        {YZ_KEY_F10, YZ_ACT_QUIT, N_("Quit")},
        {YZ_KEY_F12, YZ_ACT_BACK, NULL},
        {0, YZ_ACT_NONE, NULL},
};
const struct yz_keymap yz_keymap_menu = {&yz_keymap_kiosk, menu_keys};

const struct yz_view_ops yz_view_menu = {
        .name = "menu",
        .title = N_("Main menu"),
        .state_size = sizeof(struct menu),
        .keymap = &yz_keymap_menu,
        .open = menu_open,
        .draw = menu_draw,
        .act = menu_act,
        .key = menu_key,
        .event = menu_event,
        .hint = menu_hint,
};
