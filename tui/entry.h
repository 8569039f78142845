/* One field on the screen: what was typed, the caret, the rule that is checked when it is left. A
 * fault is a message and never a lock: the text stays as typed, the clerk goes on and comes back.
 * (base/fields.h holds data, this is a widget.) */
#ifndef YZ_TUI_ENTRY_H
#define YZ_TUI_ENTRY_H

#include "base/error.h"
#include "tui/canvas.h"
#include "tui/input.h"

enum yz_entry_kind {
	YZ_ENTRY_TEXT,
	YZ_ENTRY_NUMBER, /* digits */
	YZ_ENTRY_MONEY,  /* digits . + - ; the check makes "12+3.5" into "15.50" */
	YZ_ENTRY_MASS,   /* digits . and a unit */
	YZ_ENTRY_PHONE,  /* digits - + */
	YZ_ENTRY_CODE,   /* ASCII, made half-width and upper-case: waybill and identity numbers */
	YZ_ENTRY_CHOICE, /* one of spec->choices by its digit; text is "1", "2", ... or "" */
	YZ_ENTRY_TICK,   /* text is "1" or "": starts at no */
	YZ_ENTRY_PICK,   /* text chosen with F4; typing filters there */
	YZ_ENTRY_SECRET  /* drawn as stars, never kept as a draft */
};

enum yz_entry_flag {
	YZ_ENTRY_REQUIRED = 1,
	YZ_ENTRY_READONLY = 2, /* shown, never active */
	YZ_ENTRY_LINES = 4,    /* a paste may have several lines: they become blanks */
	YZ_ENTRY_NO_DRAFT = 8, /* not kept (ticks of this visit) */
	YZ_ENTRY_APPEND = 16   /* typing goes on behind the old text, which is long */
};

enum { YZ_ENTRY_BYTES = 512, YZ_LABEL_COLS = 10, YZ_ENTRY_INDENT = 12 };

struct yz_entry_spec {
	const char *name;  /* "receiver.phone": drafts, errors, tests */
	const char *label; /* msgid, at most 10 columns */
	const char *hint;  /* msgid for the message line while active, or NULL */
	enum yz_entry_kind kind;
	unsigned flags;
	int row, col;  /* of the label in the form; the value starts 12 columns behind */
	int cols;      /* of the value */
	int max_chars; /* 0: as many as 511 bytes hold */
	const char *const *choices; /* msgids, NULL at the end; CHOICE only */
	/* Checks what was typed (trimmed, not empty) and gives the form it is kept in; NULL:
	 * anything goes. May not block. err->say tells the clerk what is wanted. */
	enum yz_status (*check)(const char *typed, char *normal, size_t size, struct yz_error *err);
};

struct yz_entry {
	const struct yz_entry_spec *spec; /* borrowed */
	char text[YZ_ENTRY_BYTES];
	size_t caret;  /* byte of text */
	bool is_fresh; /* just entered: the first character replaces the text, an arrow edits it */
	bool is_changed;   /* since it was entered or set */
	bool is_off;       /* does not apply now: skipped and dim */
	const char *fault; /* msgid of what is wrong, NULL: nothing known */
};

enum yz_entry_reply {
	YZ_ENTRY_IGNORED, /* not a key for a field */
	YZ_ENTRY_DONE,
	YZ_ENTRY_FULL, /* no room, the character was not taken */
	YZ_ENTRY_UNFIT /* a character that this kind does not have */
};

void yz_entry_init(struct yz_entry *e, const struct yz_entry_spec *spec);

/* Sets the text (cut to what fits, cleaned); not a change of the clerk's. */
void yz_entry_set(struct yz_entry *e, const char *text);

/* The field becomes active: caret to the end. */
void yz_entry_enter(struct yz_entry *e);

/* The field is left: trims, makes half-width what must be, checks, and keeps the normal form. An
 * empty field passes here (yz_form_check() asks for required ones). On a fault sets e->fault and
 * keeps the text. */
enum yz_status yz_entry_leave(struct yz_entry *e, struct yz_error *err);

enum yz_entry_reply yz_entry_key(struct yz_entry *e, const struct yz_keypress *k);
void yz_entry_erase(struct yz_entry *e);

/* Draws label, sign and value; an active field in default attributes behind '>', with the cursor at
 * the caret. */
void yz_entry_draw(const struct yz_entry *e, struct yz_canvas *c, int row, bool is_active);

bool yz_entry_is_ticked(const struct yz_entry *e);

#endif
