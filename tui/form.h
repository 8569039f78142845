/* A form: fields in order, one active. Enter and Tab go on, Shift-Tab and Up back, Ctrl-U empties,
 * F7 copies. A field is checked when it is left; saving is refused with the cursor on the first
 * fault, and what was typed stays. */
#ifndef YZ_TUI_FORM_H
#define YZ_TUI_FORM_H

#include "tui/app.h"
#include "tui/entry.h"

struct yz_form {
	struct yz_entry *entries; /* owned */
	size_t count, active;
	struct yz_message *message; /* where faults are told; borrowed */
	void *owner;                /* for the callbacks */
	/* A field was left after a change and is in order: look up, compute, keep a draft. May be
	 * NULL. */
	void (*left)(void *owner, size_t index);
	/* F7: fills the field (or more) from the last record, and may move on; false: there is
	 * nothing. May be NULL. */
	bool (*copy)(void *owner, size_t index);
};

/* specs: count rows in the order of Enter, borrowed. The first field that can be active is. */
void yz_form_init(struct yz_form *f, const struct yz_entry_spec *specs, size_t count,
        struct yz_message *message, void *owner);
void yz_form_fini(struct yz_form *f);

/* The keys of yz_keymap_form and F7. Returns YZ_NEED_PASS for actions that are not a form's. */
unsigned yz_form_act(struct yz_form *f, enum yz_action a);

/* A character or editing key for the active field. */
unsigned yz_form_key(struct yz_form *f, const struct yz_keypress *k);

/* Leaves the active field and enters another; false if that one is off or read only. */
bool yz_form_go(struct yz_form *f, size_t index);

/* Leaves the active field where it is: check, callback. Before reading values or opening another
 * view. */
void yz_form_settle(struct yz_form *f);

/* Checks every field; on a fault tells it, goes to the first and returns false. */
bool yz_form_check(struct yz_form *f);

/* Puts the fault of a use case on the field that err names and goes there; without such a field
 * only tells. */
void yz_form_fault(struct yz_form *f, const struct yz_error *err);

/* Goes to a field and marks it with what is wrong (a msgid), without a message; nothing if there is
 * no such field or it does not apply now. */
void yz_form_blame(struct yz_form *f, const char *name, const char *fault);

/* Index of a field by name; asserts that it exists. */
size_t yz_form_index(const struct yz_form *f, const char *name);
bool yz_form_has(const struct yz_form *f, const char *name);

/* Text of a field: borrowed until it changes. */
const char *yz_form_get(const struct yz_form *f, const char *name);
void yz_form_set(struct yz_form *f, const char *name, const char *text);
struct yz_entry *yz_form_entry(struct yz_form *f, const char *name);

/* Draws the fields into c, moved up so that the active one is seen. */
void yz_form_draw(const struct yz_form *f, struct yz_canvas *c);

/* The hint of the active field, or what is wrong with it. */
void yz_form_hint(const struct yz_form *f, char *out, size_t size);

#endif
