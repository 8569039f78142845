#include "config.h"

#include "tui/frame.h"

#include "base/text.h"
#include "tui/app.h"
#include "tui/words.h"

#include <stdio.h>

static void draw_title(const struct yz_app *app, struct yz_canvas *c)
{
	int place = yz_text_cols(app->place);

	(void)yz_canvas_text(c, 0, 1, c->cols - place - 4, YZ_LOOK_TITLE, app->top->title);
	(void)yz_canvas_text(c, 0, c->cols - place - 1, -1, YZ_LOOK_NORMAL, app->place);
}

static void draw_message(const struct yz_app *app, struct yz_canvas *c, int row)
{
	static const struct {
		const char *sign;
		enum yz_look look;
	} levels[] = {
	        [YZ_SAY_NOTHING] = {" ", YZ_LOOK_NORMAL},
	        [YZ_SAY_INFO] = {" ", YZ_LOOK_NORMAL},
	        [YZ_SAY_GOOD] = {"*", YZ_LOOK_GOOD},
	        [YZ_SAY_WARN] = {"!", YZ_LOOK_WARN},
	        [YZ_SAY_ERROR] = {"!", YZ_LOOK_ERROR},
	};
	const struct yz_view *top = app->top;
	char hint[256] = "";

	if (app->message.level == YZ_SAY_NOTHING) {
		if (top->ops->hint)
			top->ops->hint(top, hint, sizeof(hint));
		(void)yz_canvas_text(c, row, 1, -1, YZ_LOOK_NORMAL, hint);
		return;
	}
	(void)yz_canvas_text(
	        c, row, 0, -1, levels[app->message.level].look, levels[app->message.level].sign);
	(void)yz_canvas_text(c, row, 2, -1, levels[app->message.level].look, app->message.text);
}

static int draw_part(struct yz_canvas *c, int row, int col, bool is_warning, const char *s)
{
	if (!*s)
		return col;
	return col + 2 +
	       yz_canvas_text(c, row, col, -1, is_warning ? YZ_LOOK_WARN : YZ_LOOK_NORMAL, s);
}

static void draw_status(const struct yz_app *app, struct yz_canvas *c, int row)
{
	const struct yz_status_line *s = &app->status;
	char position[48] = "";
	int clerk = yz_text_cols(s->clerk), col = 1;

	if (app->top->ops->position)
		app->top->ops->position(app->top, position, sizeof(position));
	col = draw_part(c, row, col, s->is_offline, s->link);
	if (s->is_test)
		col = draw_part(c, row, col, true, _("[TEST]"));
	col = draw_part(c, row, col, s->is_refused, s->counts);
	col = draw_part(c, row, col, s->is_printer_bad, s->printer);
	(void)draw_part(c, row, col, false, position);
	(void)yz_canvas_text(c, row, c->cols - clerk - 1, -1, YZ_LOOK_NORMAL, s->clerk);
}

static void draw_bar(const struct yz_app *app, struct yz_canvas *c, int row)
{
	size_t at = 0;
	int col = 1, shown = 0;
	char key[12];

	for (int f = YZ_KEY_F1; f <= YZ_KEY_INSERT; f++) {
		const struct yz_binding *b;

		for (at = 0; (b = yz_keymap_next(app->top->ops->keymap, &at)) &&
		             (b->key != f || !b->bar);)
			;
		if (!b || shown++ >= YZ_BAR_KEYS_MAX)
			continue;
		col += yz_canvas_text(
		        c, row, col, -1, YZ_LOOK_MARK, yz_key_name(b->key, key, sizeof(key)));
		col += yz_canvas_text(c, row, col, -1, YZ_LOOK_NORMAL, _(b->bar)) + 1;
	}
}

/* A dialog covers the middle of what lies below it. */
static void draw_view(const struct yz_view *v, struct yz_canvas *body)
{
	struct yz_canvas part = *body;

	if (v->ops->is_dialog && v->below) {
		draw_view(v->below, body);
		body->grid->cursor_row = -1;
		part = yz_canvas_part(body, 4, 0, body->rows - 8, body->cols);
		yz_canvas_clear(&part);
		yz_canvas_rule(&part, 0);
		yz_canvas_rule(&part, part.rows - 1);
		part = yz_canvas_part(&part, 1, 0, part.rows - 2, part.cols);
	}
	if (v->ops->draw)
		v->ops->draw(v, &part);
}

bool yz_frame_is_too_small(int rows, int cols)
{
	return rows > 0 && (rows < YZ_SCREEN_ROWS_MIN || cols < YZ_SCREEN_COLS_MIN);
}

void yz_frame_draw(const struct yz_app *app, struct yz_grid *g)
{
	struct yz_canvas c = yz_canvas_all(g), body;

	if (!app->top)
		return;
	if (yz_frame_is_too_small(g->rows, g->cols)) {
		(void)yz_canvas_text(&c, 0, 0, -1, YZ_LOOK_NORMAL,
		        _("The window is too small: make it 80x24 or larger. Nothing is lost."));
		(void)yz_canvas_text(
		        &c, 1, 0, -1, YZ_LOOK_NORMAL, _("Until then no key does anything."));
		return;
	}
	draw_title(app, &c);
	yz_canvas_rule(&c, 1);
	yz_canvas_rule(&c, c.rows - YZ_FRAME_BOTTOM);
	draw_message(app, &c, c.rows - 3);
	draw_status(app, &c, c.rows - 2);
	draw_bar(app, &c, c.rows - 1);
	body = yz_canvas_part(&c, YZ_FRAME_TOP, 0, c.rows - YZ_FRAME_TOP - YZ_FRAME_BOTTOM, c.cols);
	draw_view(app->top, &body);
}
