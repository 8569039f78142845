/* A screen is a table of callbacks (struct yz_view_ops) and a state that the view stack allocates
 * and frees.
 *
 * How a screen is written: one file tui/screens/NAME.c that ends in one `const struct yz_view_ops
 * yz_view_NAME`, declared in tui/screens/screens.h.
 *   1. A state struct; a key table whose parent is yz_keymap_form, yz_keymap_list or
 * yz_keymap_kiosk; the table is also listed in yz_screens_keymaps (tui/screens/screens.c) so that
 * the test reads it.
 *   2. open() reads what it needs through station/ (or store/ for plain reads), sets up its widgets
 * (struct yz_form, struct yz_list) and may refuse by closing itself: return value false.
 *   3. act() gets what the key table made of a key, key() the characters it made nothing of. Both
 * change the state, tell the clerk what happened with yz_say(), open other views with
 * yz_view_push() and return YZ_NEED_* bits. A form passes both on to yz_form_act() and
 * yz_form_key(), a list to yz_list_act() and yz_list_key().
 *   4. draw() draws the body only, from the state only: no reads, no changes. Title, place,
 * message, status and key bar come from tui/frame.c; the key bar and F1 are drawn from the key
 * table.
 *   5. A dialog (yes or no, a pick list, the sign-in) is a view with a completion callback, never a
 * nested loop: yz_view_push(app, &yz_view_ask, &question, answered) and later answered(view,
 * &answer) on the view that asked.
 *   6. close() keeps what was typed as a draft; it is also called when the terminal goes away. */
#ifndef YZ_TUI_VIEW_H
#define YZ_TUI_VIEW_H

#include "base/clock.h"
#include "base/id.h"
#include "tui/canvas.h"
#include "tui/input.h"
#include "tui/keymap.h"

struct yz_app;
struct yz_view;

enum yz_need {
	YZ_NEED_NOTHING = 0,
	YZ_NEED_DRAW = 1,  /* after an event; after a key the screen is drawn anyway */
	YZ_NEED_CLOSE = 2, /* this view is done: close it and hand its answer to the one below */
	YZ_NEED_QUIT = 4,  /* leave the program */
	YZ_NEED_PASS = 8   /* not mine: the app does what it does everywhere (help, command, back,
	                      repaint) */
};

enum yz_event {
	YZ_EVENT_STORE,  /* another program rang: what was read may be old */
	YZ_EVENT_TIMER,  /* view->due_ms has come; it is 0 again */
	YZ_EVENT_RESUME, /* the view above has closed: this one is on top again */
	YZ_EVENT_RESIZE,
	YZ_EVENT_LEAVE /* the program ends: keep drafts now; close() follows */
};

enum { YZ_ANSWER_TEXT_MAX = 512 };

/* What a closed view hands to the one that asked. code 0: nothing was chosen. */
struct yz_answer {
	int code;
	struct yz_id id;
	char text[YZ_ANSWER_TEXT_MAX];
};

struct yz_view_ops {
	const char *name;  /* "parcels": for logs and tests, never shown */
	const char *title; /* msgid, marked with N_() */
	size_t state_size; /* bytes of view->state; zeroed and freed by the view stack */
	const struct yz_keymap *keymap;
	bool is_dialog; /* drawn over the view below */
	bool (*open)(struct yz_view *v,
	        const void *arg); /* false: could not; has told the clerk with yz_say() */
	void (*draw)(const struct yz_view *v, struct yz_canvas *c);
	unsigned (*act)(struct yz_view *v, enum yz_action a);
	unsigned (*key)(struct yz_view *v, const struct yz_keypress *k); /* may be NULL */
	unsigned (*event)(struct yz_view *v, enum yz_event e);           /* may be NULL */
	void (*hint)(const struct yz_view *v, char *out,
	        size_t size); /* message line at rest; may be NULL */
	void (*position)(
	        const struct yz_view *v, char *out, size_t size); /* in the status; may be NULL */
	void (*close)(struct yz_view *v);                         /* may be NULL */
};

struct yz_view {
	const struct yz_view_ops *ops;
	struct yz_app *app;
	void *state;           /* owned by the stack */
	struct yz_view *below; /* NULL at the bottom */
	char title[96];        /* starts as the translated ops->title */
	int64_t due_ms;        /* monotonic moment of the next YZ_EVENT_TIMER, 0: none */
	struct yz_answer answer;
	void (*done)(struct yz_view *below, const struct yz_answer *answer); /* may be NULL */
};

/* Puts a view on top. arg is for its open() alone. done is called on the view that was on top
 * before, when the new one has closed. Returns false if open() refused; done is not called then. */
bool yz_view_push(struct yz_app *app, const struct yz_view_ops *ops, const void *arg,
        void (*done)(struct yz_view *below, const struct yz_answer *answer));

#endif
