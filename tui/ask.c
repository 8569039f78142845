#include "config.h"

#include "tui/ask.h"

#include "base/buf.h"
#include "base/text.h"
#include "tui/form.h"
#include "tui/words.h"

#include <stdio.h>
#include <string.h>

enum { REASON_ROW = 4, REASONS_MAX = 9 };

struct ask {
	char text[400];
	bool has_reason;
	const char *const *offered; /* reasons or choices: borrowed, static */
	bool is_choice;
	struct yz_form form;
	struct yz_entry_spec spec;
};

static bool ask_open(struct yz_view *v, const void *arg)
{
	const struct yz_question *q = arg;
	struct ask *a = v->state;

	(void)yz_copy(a->text, sizeof(a->text), q->text);
	a->has_reason = q->reason_label != NULL;
	a->is_choice = q->choices != NULL;
	a->offered = q->choices ? q->choices : q->reasons;
	a->spec = (struct yz_entry_spec){
	        .name = "reason",
	        .label = q->reason_label ? q->reason_label : "",
	        .kind = YZ_ENTRY_TEXT,
	        .flags = YZ_ENTRY_REQUIRED,
	        .row = REASON_ROW,
	        .col = 2,
	        .cols = 60,
	        .max_chars = 60,
	};
	yz_form_init(&a->form, &a->spec, 1, &v->app->message, v);
	return true;
}

static int offered_count(const struct ask *a)
{
	int n = 0;

	while (a->offered && a->offered[n] && n < REASONS_MAX)
		n++;
	return n;
}

static void ask_draw(const struct yz_view *v, struct yz_canvas *c)
{
	const struct ask *a = v->state;
	const char *line = a->text;
	char part[400];
	int col = 4;

	for (int row = 1; *line && row < REASON_ROW; row++) {
		size_t len = strcspn(line, "\n");

		(void)snprintf(part, sizeof(part), "%.*s", (int)len, line);
		(void)yz_canvas_text(c, row, 4, -1, YZ_LOOK_NORMAL, part);
		line += len + (line[len] == '\n');
	}
	if (a->has_reason)
		yz_form_draw(&a->form, c);
	else
		yz_canvas_cursor(c, REASON_ROW, 4);
	for (int i = 0; i < offered_count(a); i++) {
		(void)snprintf(part, sizeof(part), "%d %s", i + 1, _(a->offered[i]));
		col += yz_canvas_text(c, REASON_ROW + 2, col, -1, YZ_LOOK_NORMAL, part) + 2;
	}
}

static unsigned ask_act(struct yz_view *v, enum yz_action act)
{
	struct ask *a = v->state;

	if (act == YZ_ACT_BACK)
		return YZ_NEED_CLOSE;
	if (act != YZ_ACT_SAVE &&
	        !(act == YZ_ACT_NEXT && a->has_reason && a->form.entries[0].text[0]))
		return a->has_reason ? yz_form_act(&a->form, act) : (unsigned)YZ_NEED_PASS;
	if (a->is_choice)
		return YZ_NEED_DRAW;
	if (a->has_reason && !yz_form_check(&a->form))
		return YZ_NEED_DRAW;
	v->answer.code = 1;
	(void)yz_copy(v->answer.text, sizeof(v->answer.text), a->form.entries[0].text);
	return YZ_NEED_CLOSE;
}

/* A digit answers, or in the empty field takes the reason that stands behind it. */
static unsigned ask_key(struct yz_view *v, const struct yz_keypress *k)
{
	struct ask *a = v->state;
	bool is_digit = !k->pasted && k->key >= '1' && k->key < '1' + offered_count(a);

	if (a->is_choice && is_digit) {
		v->answer.code = k->key - '0';
		return YZ_NEED_CLOSE;
	}
	if (!a->has_reason)
		return YZ_NEED_NOTHING;
	if (is_digit && !a->form.entries[0].text[0]) {
		yz_form_set(&a->form, "reason", _(a->offered[k->key - '1']));
		return YZ_NEED_DRAW;
	}
	return yz_form_key(&a->form, k);
}

static void ask_hint(const struct yz_view *v, char *out, size_t size)
{
	const struct ask *a = v->state;

	(void)yz_copy(out, size,
	        a->is_choice    ? _("Press a digit. Esc: leave it as it is.")
	        : a->has_reason ? _("Give the reason (a digit takes one of those shown), then F2. "
	                            "Esc: no change.")
	                        : _("F2: yes. Esc: no, leave it as it is."));
}

static void ask_close(struct yz_view *v)
{
	yz_form_fini(&((struct ask *)v->state)->form);
}

static const struct yz_binding ask_keys[] = {
        {YZ_KEY_F2, YZ_ACT_SAVE, N_("Yes")},
        {YZ_KEY_F12, YZ_ACT_BACK, N_("No")},
        {0, YZ_ACT_NONE, NULL},
};
const struct yz_keymap yz_keymap_ask = {&yz_keymap_form, ask_keys};

const struct yz_view_ops yz_view_ask = {
        .name = "ask",
        .title = N_("Question"),
        .state_size = sizeof(struct ask),
        .keymap = &yz_keymap_ask,
        .is_dialog = true,
        .open = ask_open,
        .draw = ask_draw,
        .act = ask_act,
        .key = ask_key,
        .hint = ask_hint,
        .close = ask_close,
};
