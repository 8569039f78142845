/* Keys, actions and the tables that join them. An action is a meaning; a key table gives it keys on
 * one screen, and what a table lacks is looked up in its parent. One list makes the enum, the names
 * used by tests and the help sentences.
 *
 * A function key has one meaning everywhere (yz_keymap_meaning): tests/unit/test_keymap.c reads
 * every table of every screen and fails on a second one. The word on the key bar may differ (F8
 * "Void", "Park"), the meaning may not. */
#ifndef YZ_TUI_KEYMAP_H
#define YZ_TUI_KEYMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifndef N_
#define N_(s) s
#endif

/* Values above Unicode; below them a key is a character, or 1 to 31 for Ctrl-A to Ctrl-_. */
enum yz_key {
	YZ_KEY_NONE = 0,
	YZ_KEY_BASE = 0x110000,
	YZ_KEY_F1,
	YZ_KEY_F2,
	YZ_KEY_F3,
	YZ_KEY_F4,
	YZ_KEY_F5,
	YZ_KEY_F6,
	YZ_KEY_F7,
	YZ_KEY_F8,
	YZ_KEY_F9,
	YZ_KEY_F10,
	YZ_KEY_F11,
	YZ_KEY_F12,
	YZ_KEY_UP,
	YZ_KEY_DOWN,
	YZ_KEY_LEFT,
	YZ_KEY_RIGHT,
	YZ_KEY_HOME,
	YZ_KEY_END,
	YZ_KEY_PGUP,
	YZ_KEY_PGDN,
	YZ_KEY_INSERT,
	YZ_KEY_DELETE,
	YZ_KEY_BACKSPACE,
	YZ_KEY_ENTER,
	YZ_KEY_TAB,
	YZ_KEY_BACKTAB,
	YZ_KEY_ESC,       /* a lone Esc, after the waiting time */
	YZ_KEY_PASTE_END, /* a bracketed paste is over */
	YZ_KEY_BAD,       /* a byte that is not UTF-8 */
	YZ_KEY_GBK /* two bytes that look like GBK: the terminal is set to another encoding */
};
#define YZ_CTRL(letter) ((letter)&0x1F)

/* id, name, help sentence */
#define YZ_ACTIONS(X)                                           \
	X(HELP, "help", N_("Help: the keys of this screen"))    \
	X(SAVE, "save", N_("Save or confirm"))                  \
	X(QUERY, "query", N_("Search"))                         \
	X(PICK, "pick", N_("Choose from a list"))               \
	X(REFRESH, "refresh", N_("Read again"))                 \
	X(PRINT, "print", N_("Print"))                          \
	X(COPY, "copy", N_("Copy from the last one"))           \
	X(UNDO, "undo", N_("Undo, void or park"))               \
	X(COMMAND, "command", N_("Any command by its letters")) \
	X(QUIT, "quit", N_("Leave the program"))                \
	X(BACK, "back", N_("Back; nothing is lost"))            \
	X(OPEN, "open", N_("Open or go on"))                    \
	X(NEXT, "next", N_("Next field"))                       \
	X(PREV, "prev", N_("Previous field"))                   \
	X(UP, "up", N_("Move up"))                              \
	X(DOWN, "down", N_("Move down"))                        \
	X(PAGE_UP, "page-up", N_("A page up"))                  \
	X(PAGE_DOWN, "page-down", N_("A page down"))            \
	X(FIRST, "first", N_("To the first"))                   \
	X(LAST, "last", N_("To the last"))                      \
	X(NEW, "new", N_("A new record"))                       \
	X(ERASE, "erase", N_("Empty the field"))                \
	X(REPAINT, "repaint", N_("Paint the screen anew"))

#define X(id, name, help) YZ_ACT_##id,
enum yz_action { YZ_ACT_NONE, YZ_ACTIONS(X) YZ_ACT_COUNT };
#undef X

struct yz_binding {
	int32_t key; /* 0 ends a table */
	enum yz_action action;
	const char *bar; /* msgid, at most 4 Chinese characters: stands on the key bar; NULL: in the
	                    help only */
};

struct yz_keymap {
	const struct yz_keymap *parent; /* NULL: none */
	const struct yz_binding *keys;
};

/* Parents for screens: help, command, back, repaint; then moving in a form, moving in a list. */
extern const struct yz_keymap yz_keymap_kiosk;
extern const struct yz_keymap yz_keymap_form;
extern const struct yz_keymap yz_keymap_list;

/* The action of a key on a screen, YZ_ACT_NONE if it has none. */
enum yz_action yz_keymap_find(const struct yz_keymap *map, int32_t key);

/* The one action that a function key may have; YZ_ACT_NONE for F11 and for keys that are not
 * function keys. */
enum yz_action yz_keymap_meaning(int32_t key);

/* Walks the bindings of map, own ones first, without those that a child hides: *at starts as 0.
 * Returns NULL at the end. */
const struct yz_binding *yz_keymap_next(const struct yz_keymap *map, size_t *at);

const char *yz_action_name(enum yz_action a); /* "page-up", for logs and tests */
const char *yz_action_help(enum yz_action a); /* msgid */

/* "F2", "Ctrl-K", "Enter", "a": into out (at least 12 bytes), which is returned. */
char *yz_key_name(int32_t key, char *out, size_t size);

/* The other way round, for test scripts; 0 if there is no such key. */
int32_t yz_key_parse(const char *name);

#endif
