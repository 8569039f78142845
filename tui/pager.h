/* Text to read: the help made from a key table, and any longer text. */
#ifndef YZ_TUI_PAGER_H
#define YZ_TUI_PAGER_H

#include "tui/view.h"

/* What yz_view_pager shows; all copied by open(). */
struct yz_pager_text {
	const char *title; /* translated */
	const char *text;  /* lines; a line wider than the screen is wrapped by columns */
};

extern const struct yz_view_ops yz_view_pager; /* arg: struct yz_pager_text */
extern const struct yz_view_ops yz_view_help;  /* arg: struct yz_keymap of the screen to explain */
extern const struct yz_keymap yz_keymap_pager;

#endif
