/* A question over the screen: F2 says yes, Esc says no. With a reason field the yes needs a reason.
 */
#ifndef YZ_TUI_ASK_H
#define YZ_TUI_ASK_H

#include "tui/view.h"

struct yz_question {
	const char *text;           /* translated; what will happen, one or more lines */
	const char *reason_label;   /* msgid: a reason must be given; NULL: a plain yes or no */
	const char *const *reasons; /* msgids offered by digit, NULL at the end; may be NULL */
	const char *const
	        *choices; /* msgids, NULL at the end: a digit answers at once; may be NULL */
};

/* arg: struct yz_question. answer.code: 1 for yes, or the digit of the choice; 0 for no.
 * answer.text: the reason. */
extern const struct yz_view_ops yz_view_ask;
extern const struct yz_keymap yz_keymap_ask;

#endif
