#include "config.h"

#include "tui/keymap.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

static const struct yz_binding kiosk_keys[] = {
        {YZ_KEY_F1, YZ_ACT_HELP, N_("Help")},
        {YZ_KEY_F9, YZ_ACT_COMMAND, N_("Command")},
        {YZ_CTRL('K'), YZ_ACT_COMMAND, NULL},
        {YZ_KEY_F12, YZ_ACT_BACK, N_("Back")},
        {YZ_KEY_ESC, YZ_ACT_BACK, NULL},
        {YZ_CTRL('L'), YZ_ACT_REPAINT, NULL},
        {0, YZ_ACT_NONE, NULL},
};
const struct yz_keymap yz_keymap_kiosk = {NULL, kiosk_keys};

static const struct yz_binding form_keys[] = {
        {YZ_KEY_ENTER, YZ_ACT_NEXT, NULL},
        {YZ_KEY_TAB, YZ_ACT_NEXT, NULL},
        {YZ_KEY_DOWN, YZ_ACT_NEXT, NULL},
        {YZ_KEY_BACKTAB, YZ_ACT_PREV, NULL},
        {YZ_KEY_UP, YZ_ACT_PREV, NULL},
        {YZ_KEY_PGUP, YZ_ACT_PAGE_UP, NULL},
        {YZ_KEY_PGDN, YZ_ACT_PAGE_DOWN, NULL},
        {YZ_CTRL('U'), YZ_ACT_ERASE, NULL},
        {0, YZ_ACT_NONE, NULL},
};
const struct yz_keymap yz_keymap_form = {&yz_keymap_kiosk, form_keys};

static const struct yz_binding list_keys[] = {
        {YZ_KEY_ENTER, YZ_ACT_OPEN, NULL},
        {YZ_KEY_UP, YZ_ACT_UP, NULL},
        {YZ_KEY_DOWN, YZ_ACT_DOWN, NULL},
        {YZ_KEY_PGUP, YZ_ACT_PAGE_UP, NULL},
        {YZ_KEY_PGDN, YZ_ACT_PAGE_DOWN, NULL},
        {YZ_KEY_HOME, YZ_ACT_FIRST, NULL},
        {YZ_KEY_END, YZ_ACT_LAST, NULL},
        {YZ_CTRL('U'), YZ_ACT_ERASE, NULL},
        {0, YZ_ACT_NONE, NULL},
};
const struct yz_keymap yz_keymap_list = {&yz_keymap_kiosk, list_keys};

static const struct {
	const char *name, *help;
} actions[] = {{"none", ""},
#define X(id, name, help) {name, help},
        YZ_ACTIONS(X)
#undef X
};

static const struct {
	int32_t key;
	const char *name;
} names[] = {
        {YZ_KEY_F1, "F1"},
        {YZ_KEY_F2, "F2"},
        {YZ_KEY_F3, "F3"},
        {YZ_KEY_F4, "F4"},
        {YZ_KEY_F5, "F5"},
        {YZ_KEY_F6, "F6"},
        {YZ_KEY_F7, "F7"},
        {YZ_KEY_F8, "F8"},
        {YZ_KEY_F9, "F9"},
        {YZ_KEY_F10, "F10"},
        {YZ_KEY_F11, "F11"},
        {YZ_KEY_F12, "F12"},
        {YZ_KEY_UP, "Up"},
        {YZ_KEY_DOWN, "Down"},
        {YZ_KEY_LEFT, "Left"},
        {YZ_KEY_RIGHT, "Right"},
        {YZ_KEY_HOME, "Home"},
        {YZ_KEY_END, "End"},
        {YZ_KEY_PGUP, "PgUp"},
        {YZ_KEY_PGDN, "PgDn"},
        {YZ_KEY_INSERT, "Ins"},
        {YZ_KEY_DELETE, "Del"},
        {YZ_KEY_ENTER, "Enter"},
        {YZ_KEY_BACKSPACE, "Backspace"},
        {YZ_KEY_TAB, "Tab"},
        {YZ_KEY_BACKTAB, "S-Tab"},
        {YZ_KEY_ESC, "Esc"},
        {' ', "Space"},
};

enum yz_action yz_keymap_find(const struct yz_keymap *map, int32_t key)
{
	for (; map; map = map->parent)
		for (const struct yz_binding *b = map->keys; b->key; b++)
			if (b->key == key)
				return b->action;
	return YZ_ACT_NONE;
}

enum yz_action yz_keymap_meaning(int32_t key)
{
	static const enum yz_action meaning[] = {
	        YZ_ACT_HELP,
	        YZ_ACT_SAVE,
	        YZ_ACT_QUERY,
	        YZ_ACT_PICK,
	        YZ_ACT_REFRESH,
	        YZ_ACT_PRINT,
	        YZ_ACT_COPY,
	        YZ_ACT_UNDO,
	        YZ_ACT_COMMAND,
	        YZ_ACT_QUIT,
	        YZ_ACT_NONE,
	        YZ_ACT_BACK,
	};

	return key >= YZ_KEY_F1 && key <= YZ_KEY_F12 ? meaning[key - YZ_KEY_F1] : YZ_ACT_NONE;
}

const struct yz_binding *yz_keymap_next(const struct yz_keymap *map, size_t *at)
{
	size_t n = 0;

	for (const struct yz_keymap *m = map; m; m = m->parent) {
		for (const struct yz_binding *b = m->keys; b->key; b++, n++) {
			bool hidden = false;

			if (n < *at)
				continue;
			for (const struct yz_keymap *child = map; child != m && !hidden;
			        child = child->parent)
				for (const struct yz_binding *c = child->keys; c->key; c++)
					hidden = hidden || c->key == b->key;
			if (hidden)
				continue;
			*at = n + 1;
			return b;
		}
	}
	return NULL;
}

const char *yz_action_name(enum yz_action a)
{
	return actions[a].name;
}

const char *yz_action_help(enum yz_action a)
{
	return actions[a].help;
}

char *yz_key_name(int32_t key, char *out, size_t size)
{
	char utf8[5] = "";

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (names[i].key == key) {
			(void)snprintf(out, size, "%s", names[i].name);
			return out;
		}
	}
	if (key > 0 && key < 32) {
		(void)snprintf(out, size, "Ctrl-%c", (char)(key + 64));
	} else {
		if (key > 0 && key < YZ_KEY_BASE)
			utf8[yz_utf8_put(key, utf8)] = '\0';
		(void)snprintf(out, size, "%s", utf8);
	}
	return out;
}

int32_t yz_key_parse(const char *name)
{
	const char *p = name;
	int32_t c;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(names[i].name, name))
			return names[i].key;
	if (!strncmp(name, "Ctrl-", 5) && name[5] >= '@' && name[5] <= '_' && !name[6])
		return YZ_CTRL(name[5]);
	c = yz_utf8_next(&p);
	return c > 0 && !*p ? c : 0;
}
