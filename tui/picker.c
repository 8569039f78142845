#include "config.h"

#include "tui/list.h"

#include "base/buf.h"
#include "tui/words.h"

static bool picker_open(struct yz_view *v, const void *arg)
{
	const struct yz_picker *p = arg;

	(void)yz_copy(v->title, sizeof(v->title), p->title);
	yz_list_init(v->state, p->source, v->app, p->owner);
	if (p->filter && *p->filter)
		yz_list_search(v->state, p->filter);
	return true;
}

static void picker_draw(const struct yz_view *v, struct yz_canvas *c)
{
	yz_list_draw(v->state, c);
}

static unsigned picker_choose(struct yz_view *v)
{
	const struct yz_list_row *row = yz_list_row(v->state);

	if (!row)
		return YZ_NEED_DRAW;
	if (row->look == YZ_LOOK_DIM) {
		yz_say(v->app, YZ_SAY_WARN, "%s",
		        _("This one cannot be chosen now; the reason stands in its row."));
		return YZ_NEED_DRAW;
	}
	v->answer.code = 1;
	v->answer.id = row->id;
	(void)yz_copy(v->answer.text, sizeof(v->answer.text), row->key);
	return YZ_NEED_CLOSE;
}

static unsigned picker_act(struct yz_view *v, enum yz_action a)
{
	if (a == YZ_ACT_OPEN || a == YZ_ACT_SAVE)
		return picker_choose(v);
	return yz_list_act(v->state, a);
}

static unsigned picker_key(struct yz_view *v, const struct yz_keypress *k)
{
	return yz_list_key(v->state, k);
}

static unsigned picker_event(struct yz_view *v, enum yz_event e)
{
	if (e != YZ_EVENT_LEAVE)
		yz_list_refresh(v->state);
	return YZ_NEED_DRAW;
}

static void picker_hint(const struct yz_view *v, char *out, size_t size)
{
	(void)yz_copy(out, size,
	        ((const struct yz_list *)v->state)->source->is_short
	                ? _("Enter chooses; Esc goes back.")
	                : _("Type to search, by Chinese or by initials; Enter chooses; Esc goes "
	                    "back."));
}

static void picker_position(const struct yz_view *v, char *out, size_t size)
{
	yz_list_position(v->state, out, size);
}

static void picker_close(struct yz_view *v)
{
	yz_list_fini(v->state);
}

static const struct yz_binding picker_keys[] = {
        {YZ_KEY_F2, YZ_ACT_SAVE, N_("Choose")},
        {YZ_KEY_F5, YZ_ACT_REFRESH, N_("Refresh")},
        {0, YZ_ACT_NONE, NULL},
};
const struct yz_keymap yz_keymap_picker = {&yz_keymap_list, picker_keys};

const struct yz_view_ops yz_view_picker = {
        .name = "picker",
        .title = N_("Choose"),
        .state_size = sizeof(struct yz_list),
        .keymap = &yz_keymap_picker,
        .open = picker_open,
        .draw = picker_draw,
        .act = picker_act,
        .key = picker_key,
        .event = picker_event,
        .hint = picker_hint,
        .position = picker_position,
        .close = picker_close,
};
