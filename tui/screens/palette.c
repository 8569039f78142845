/* The command palette: every screen by its letters, its Chinese name or the initials of its name.
 */
#include "config.h"

#include "base/buf.h"
#include "station/pinyin.h"
#include "tui/screens/kiosk.h"
#include "tui/screens/screens.h"
#include "tui/words.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static bool matches(const struct yz_command *c, const char *filter)
{
	return !*filter || !strncasecmp(c->mnemonic, filter, strlen(filter)) ||
	       strstr(_(c->name), filter) || yz_pinyin_match(_(c->name), filter);
}

static enum yz_status commands_page(void *owner, const char *filter, size_t offset, size_t limit,
        struct yz_list_page *page, struct yz_error *err)
{
	(void)owner;
	(void)err;
	for (const struct yz_command *c = yz_commands; c->mnemonic; c++) {
		struct yz_list_row *r = &page->rows[page->count];

		if (!matches(c, filter) || page->total++ < offset || page->count == limit)
			continue;
		(void)yz_copy(r->key, sizeof(r->key), c->mnemonic);
		yz_list_cell(r, 0, c->mnemonic);
		yz_list_cell(r, 1, _(c->name));
		yz_list_cell(r, 2, _(c->about));
		page->count++;
	}
	return YZ_OK;
}

static const struct yz_list_column columns[] = {
        {N_("Letters"), 8, false},
        {N_("Command"), 18, false},
        {N_("What it does"), 0, false},
};
static const struct yz_list_source commands_source = {
        "commands", columns, 3, commands_page, false, NULL};

static bool palette_open(struct yz_view *v, const void *arg)
{
	(void)arg;
	yz_list_init(v->state, &commands_source, v->app, NULL);
	return true;
}

static void palette_draw(const struct yz_view *v, struct yz_canvas *c)
{
	yz_list_draw(v->state, c);
}

/* Opened above the menu, whatever was open before stays below: Esc comes back to it. */
static unsigned choose(struct yz_view *v)
{
	const struct yz_list_row *row = yz_list_row(v->state);

	for (const struct yz_command *c = yz_commands; row && c->mnemonic; c++) {
		if (strcmp(c->mnemonic, row->key) != 0)
			continue;
		v->answer.code = (int)(c - yz_commands) + 1;
		return YZ_NEED_CLOSE;
	}
	return YZ_NEED_DRAW;
}

static unsigned palette_act(struct yz_view *v, enum yz_action a)
{
	if (a == YZ_ACT_OPEN || a == YZ_ACT_SAVE)
		return choose(v);
	return yz_list_act(v->state, a);
}

static unsigned palette_key(struct yz_view *v, const struct yz_keypress *k)
{
	return yz_list_key(v->state, k);
}

static void palette_hint(const struct yz_view *v, char *out, size_t size)
{
	(void)v;
	(void)yz_copy(
	        out, size, _("Type letters, Chinese or initials; Enter opens it; Esc goes back."));
}

static void palette_close(struct yz_view *v)
{
	yz_list_fini(v->state);
}

static const struct yz_binding palette_keys[] = {
        {YZ_KEY_F2, YZ_ACT_SAVE, N_("Open")},
        {0, YZ_ACT_NONE, NULL},
};
const struct yz_keymap yz_keymap_palette = {&yz_keymap_list, palette_keys};

const struct yz_view_ops yz_view_palette = {
        .name = "palette",
        .title = N_("Commands"),
        .state_size = sizeof(struct yz_list),
        .keymap = &yz_keymap_palette,
        .open = palette_open,
        .draw = palette_draw,
        .act = palette_act,
        .key = palette_key,
        .hint = palette_hint,
        .close = palette_close,
};
