#include "config.h"

#include "tui/pager.h"

#include "base/buf.h"
#include "base/text.h"
#include "tui/app.h"
#include "tui/frame.h"
#include "tui/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MARGIN_COLS = 2, TEXT_COLS = YZ_SCREEN_COLS_MIN - 2 * MARGIN_COLS };

struct pager {
	char **lines; /* owned */
	size_t count, top;
	int height;
};

static void add_line(struct pager *p, const char *text, size_t len)
{
	p->lines = yz_realloc(p->lines, (p->count + 1) * sizeof(*p->lines));
	p->lines[p->count] = yz_alloc(len + 1);
	memcpy(p->lines[p->count++], text, len);
}

static void wrap(struct pager *p, const char *text)
{
	while (*text) {
		size_t line = strcspn(text, "\n"), fit = yz_text_fit(text, TEXT_COLS);

		if (fit > line)
			fit = line;
		if (fit < line) /* break at a blank if there is one in the second half */
			for (size_t at = fit; at > fit / 2; at--)
				if (text[at] == ' ') {
					fit = at;
					break;
				}
		add_line(p, text, fit);
		text += fit;
		if (*text == '\n' || (fit < line && *text == ' '))
			text++;
	}
}

static void start(struct yz_view *v, const char *title, const char *text)
{
	struct pager *p = v->state;

	(void)yz_copy(v->title, sizeof(v->title), title);
	p->height = (v->app->rows > YZ_SCREEN_ROWS_MIN ? v->app->rows : YZ_SCREEN_ROWS_MIN) -
	            YZ_FRAME_TOP - YZ_FRAME_BOTTOM;
	wrap(p, text);
}

static bool pager_open(struct yz_view *v, const void *arg)
{
	const struct yz_pager_text *t = arg;

	start(v, t->title, t->text);
	return true;
}

/* The help is drawn from the same tables that the keys are looked up in, so it cannot tell anything
 * else. */
static bool help_open(struct yz_view *v, const void *arg)
{
	const struct yz_keymap *map = arg;
	const struct yz_binding *b;
	struct yz_buf text = YZ_BUF_INIT;
	char title[256], key[16], padded[32];

	for (size_t at = 0; (b = yz_keymap_next(map, &at));) {
		yz_text_pad(
		        padded, sizeof(padded), yz_key_name(b->key, key, sizeof(key)), 10, false);
		yz_buf_printf(&text, "%s%s", padded, _(yz_action_help(b->action)));
		if (b->bar)
			yz_buf_printf(&text, " (%s)", _(b->bar));
		yz_buf_putc(&text, '\n');
	}
	yz_buf_puts(&text,
	        _("\nEsc and a digit are F1 to F10, Esc - is F11, Esc = is F12.\n"
	          "Shift and the mouse select text for copying; the program takes no mouse.\n"));
	(void)snprintf(title, sizeof(title), "%s - %s", v->below ? v->below->title : "", _("Help"));
	start(v, title, yz_buf_str(&text));
	yz_buf_free(&text);
	return true;
}

static void pager_draw(const struct yz_view *v, struct yz_canvas *c)
{
	const struct pager *p = v->state;

	for (int row = 0; row < c->rows && p->top + (size_t)row < p->count; row++)
		(void)yz_canvas_text(
		        c, row, MARGIN_COLS, -1, YZ_LOOK_NORMAL, p->lines[p->top + (size_t)row]);
	yz_canvas_cursor(c, 0, 0);
}

static unsigned pager_act(struct yz_view *v, enum yz_action a)
{
	struct pager *p = v->state;
	size_t page = (size_t)p->height, last = p->count > page ? p->count - page : 0;

	switch (a) {
	case YZ_ACT_UP:
		p->top -= p->top > 0;
		break;
	case YZ_ACT_DOWN:
		p->top += p->top < last;
		break;
	case YZ_ACT_PAGE_UP:
		p->top = p->top > page ? p->top - page : 0;
		break;
	case YZ_ACT_PAGE_DOWN:
		p->top = p->top + page < last ? p->top + page : last;
		break;
	case YZ_ACT_FIRST:
		p->top = 0;
		break;
	case YZ_ACT_LAST:
		p->top = last;
		break;
	case YZ_ACT_OPEN:
	case YZ_ACT_HELP: /* twice F1 is back where one was */
		return YZ_NEED_CLOSE;
	case YZ_ACT_ERASE:
		break;
	default:
		return YZ_NEED_PASS;
	}
	return YZ_NEED_DRAW;
}

static void pager_position(const struct yz_view *v, char *out, size_t size)
{
	const struct pager *p = v->state;

	if (p->count > (size_t)p->height)
		(void)snprintf(out, size, _("No. %zu of %zu"), p->top + 1, p->count);
}

static void pager_close(struct yz_view *v)
{
	struct pager *p = v->state;

	for (size_t i = 0; i < p->count; i++)
		free(p->lines[i]);
	free(p->lines);
}

static const struct yz_binding pager_keys[] = {
        {0, YZ_ACT_NONE, NULL},
};
const struct yz_keymap yz_keymap_pager = {&yz_keymap_list, pager_keys};

const struct yz_view_ops yz_view_pager = {
        .name = "pager",
        .title = N_("Text"),
        .state_size = sizeof(struct pager),
        .keymap = &yz_keymap_pager,
        .open = pager_open,
        .draw = pager_draw,
        .act = pager_act,
        .position = pager_position,
        .close = pager_close,
};

const struct yz_view_ops yz_view_help = {
        .name = "help",
        .title = N_("Help"),
        .state_size = sizeof(struct pager),
        .keymap = &yz_keymap_pager,
        .open = help_open,
        .draw = pager_draw,
        .act = pager_act,
        .position = pager_position,
        .close = pager_close,
};
