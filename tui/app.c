#include "config.h"

#include "tui/app.h"

#include "base/buf.h"
#include "tui/frame.h"
#include "tui/pager.h"
#include "tui/words.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void yz_app_init(struct yz_app *app, void *kiosk)
{
	memset(app, 0, sizeof(*app));
	app->kiosk = kiosk;
	app->now = yz_clock_now(0);
}

static void free_view(struct yz_view *v)
{
	if (v->ops->close)
		v->ops->close(v);
	free(v->state);
	free(v);
}

bool yz_view_push(struct yz_app *app, const struct yz_view_ops *ops, const void *arg,
        void (*done)(struct yz_view *below, const struct yz_answer *answer))
{
	struct yz_view *v = yz_alloc(sizeof(*v));

	v->ops = ops;
	v->app = app;
	v->state = yz_alloc(ops->state_size ? ops->state_size : 1);
	v->below = app->top;
	v->done = done;
	(void)yz_copy(v->title, sizeof(v->title), _(ops->title));
	app->top = v;
	if (ops->open && !ops->open(v, arg)) {
		app->top = v->below;
		free_view(v);
		return false;
	}
	return true;
}

/* The view below is on top again before it hears the answer, so that it may push the next one. */
static void close_top(struct yz_app *app)
{
	struct yz_view *v = app->top, *below = v->below;
	struct yz_answer answer = v->answer;
	void (*done)(struct yz_view *, const struct yz_answer *) = v->done;

	app->top = below;
	free_view(v);
	if (!below) {
		app->is_over = true;
		return;
	}
	(void)yz_app_event(app, YZ_EVENT_RESUME);
	if (done)
		done(below, &answer);
}

void yz_app_fini(struct yz_app *app)
{
	while (app->top) {
		struct yz_view *v = app->top;

		app->top = v->below;
		free_view(v);
	}
}

void yz_app_home(struct yz_app *app)
{
	while (app->top && app->top->below) {
		struct yz_view *v = app->top;

		app->top = v->below;
		free_view(v);
	}
	(void)yz_app_event(app, YZ_EVENT_RESUME);
}

static void heed(struct yz_app *app, const struct yz_view *v, unsigned need)
{
	if (need & YZ_NEED_QUIT)
		app->is_over = true;
	if ((need & YZ_NEED_CLOSE) && app->top == v)
		close_top(app);
}

/* What an action does where the screen has no say. */
static void act_everywhere(struct yz_app *app, enum yz_action a)
{
	switch (a) {
	case YZ_ACT_HELP:
		(void)yz_view_push(app, &yz_view_help, app->top->ops->keymap, NULL);
		break;
	case YZ_ACT_COMMAND:
		if (app->command && app->top->ops != app->command)
			(void)yz_view_push(app, app->command, NULL, app->command_done);
		break;
	case YZ_ACT_BACK:
		if (app->top->below)
			close_top(app);
		break;
	case YZ_ACT_REPAINT:
		app->is_repaint = true;
		break;
	default:
		break;
	}
}

void yz_app_key(struct yz_app *app, const struct yz_keypress *k)
{
	struct yz_view *v = app->top;
	enum yz_action a = k->pasted ? YZ_ACT_NONE : yz_keymap_find(v->ops->keymap, k->key);
	unsigned need;

	if (yz_frame_is_too_small(app->rows, app->cols))
		return; /* nobody sees what a key would do */
	if (k->key == YZ_KEY_GBK) {
		yz_say(app, YZ_SAY_ERROR, "%s",
		        _("This terminal sends GBK. Set its character set to UTF-8 and type "
		          "again."));
		return;
	}
	if (a != YZ_ACT_NONE) {
		app->message.level = YZ_SAY_NOTHING;
		need = v->ops->act ? v->ops->act(v, a) : (unsigned)YZ_NEED_PASS;
		if (need & YZ_NEED_PASS) {
			act_everywhere(app, a); /* v may be closed and gone now */
			return;
		}
	} else {
		need = v->ops->key && k->key != YZ_KEY_BAD ? v->ops->key(v, k) : YZ_NEED_NOTHING;
	}
	heed(app, v, need);
}

bool yz_app_event(struct yz_app *app, enum yz_event e)
{
	unsigned need = YZ_NEED_NOTHING;

	if (e == YZ_EVENT_LEAVE) {
		for (struct yz_view *v = app->top; v; v = v->below)
			if (v->ops->event)
				(void)v->ops->event(v, e);
		return false;
	}
	if ((e == YZ_EVENT_STORE || e == YZ_EVENT_RESUME) && app->refresh)
		app->refresh(app);
	if (app->top && app->top->ops->event) {
		struct yz_view *v = app->top;

		need = v->ops->event(v, e);
		heed(app, v, need);
	}
	return need != YZ_NEED_NOTHING || e == YZ_EVENT_STORE;
}

void yz_app_draw(const struct yz_app *app, struct yz_grid *g)
{
	yz_frame_draw(app, g);
}

int64_t yz_app_due_ms(const struct yz_app *app)
{
	return app->top ? app->top->due_ms : 0;
}

static void set_text(struct yz_message *m, enum yz_say_level level, const char *fmt, va_list ap)
        __attribute__((format(printf, 3, 0)));
static void set_text(struct yz_message *m, enum yz_say_level level, const char *fmt, va_list ap)
{
	m->level = level;
	(void)vsnprintf(m->text, sizeof(m->text), fmt, ap);
}

void yz_message_set(struct yz_message *m, enum yz_say_level level, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set_text(m, level, fmt, ap);
	va_end(ap);
}

void yz_say(struct yz_app *app, enum yz_say_level level, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set_text(&app->message, level, fmt, ap);
	va_end(ap);
}

void yz_say_error(struct yz_app *app, const struct yz_error *err)
{
	yz_say(app, YZ_SAY_ERROR, "%s", _(yz_error_say(err)));
}
