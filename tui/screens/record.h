/* What the forms of the registers (contact, farmer, product) share: opening a new or a known
 * record, drafts, places, saving. A form's state begins with struct yz_record and its table of
 * callbacks is made of the functions below. For tui/screens only. */
#ifndef YZ_TUI_RECORD_H
#define YZ_TUI_RECORD_H

#include "base/fields.h"
#include "tui/form.h"
#include "tui/screens/kiosk.h"

struct yz_record;

struct yz_record_kind {
	const char *name; /* "contact": of its drafts, see yz_register_draft() */
	const struct yz_entry_spec *specs;
	size_t count;
	const char *fresh, *known; /* msgids: titles for a new record and for one in the book */
	/* Fills the form: from the record r->id, or with the defaults of a new one. */
	enum yz_status (*load)(struct yz_record *r, struct yz_error *err);
	/* A field was left after a change and is in order. */
	void (*left)(struct yz_record *r, size_t index);
	/* F4 on a field; false: it has no list. */
	bool (*pick)(struct yz_record *r, size_t index);
	/* The use case: on the disk when it returns YZ_OK; writes r->id. */
	enum yz_status (*save)(struct yz_record *r, struct yz_error *err);
	/* A place was set by typing or choosing; may be NULL. */
	void (*placed)(struct yz_record *r, size_t index);
	/* What follows from the fields after a draft came back; may be NULL. */
	void (*restored)(struct yz_record *r);
};

struct yz_record {
	struct yz_view *view;
	struct yz_form form;
	const struct yz_record_kind *kind;
	struct yz_id id;         /* none: a new record */
	struct yz_fields hidden; /* kept with the draft and not shown: codes behind texts */
	size_t asking;           /* the field that a picker was opened for */
	bool is_touched;         /* something that is not in a draft yet */
	bool is_begun;           /* something was typed since it was loaded */
};

struct yz_record_arg {
	struct yz_id id;   /* none: a new record */
	const char *name;  /* what a new one may be called, or NULL */
	const char *field; /* the platform refused this field: the cursor goes there; NULL or "" */
};

/* For open(): arg is a struct yz_record_arg or NULL. Tells of a draft that came back. */
bool yz_record_open(struct yz_view *v, const struct yz_record_kind *kind, const void *arg);
unsigned yz_record_act(struct yz_view *v, enum yz_action a);
unsigned yz_record_key(struct yz_view *v, const struct yz_keypress *k);
unsigned yz_record_event(struct yz_view *v, enum yz_event e);
void yz_record_hint(const struct yz_view *v, char *out, size_t size);
void yz_record_draw(const struct yz_view *v, struct yz_canvas *c);
void yz_record_close(struct yz_view *v);

/* Loads a record in place of the new one: the clerk typed somebody who is in the book. */
void yz_record_adopt(struct yz_record *r, const struct yz_id *id);

/* The clerk changed something by other means than typing: keeps the draft. */
void yz_record_touch(struct yz_record *r);

/* Moves the cursor to a field without leaving the active one. */
void yz_record_go(struct yz_record *r, size_t index);

/* Hidden texts; "" if never set. Borrowed. */
const char *yz_record_hidden(const struct yz_record *r, const char *name);

/* A field that shows a name for a code ("530302", "035", an id): the code is hidden as
 * "<field>.code". */
const char *yz_record_code(const struct yz_record *r, size_t index);
void yz_record_code_set(struct yz_record *r, size_t index, const char *code, const char *text);
void yz_record_fault(struct yz_record *r, size_t index, const char *msgid);

/* Places: what was typed becomes a division (only a county where is_county), or a fault. rest (may
 * be NULL, 512 bytes) gets what follows the place. */
void yz_record_place_left(struct yz_record *r, size_t index, bool is_county, char *rest);
void yz_record_place_set(struct yz_record *r, size_t index, const char *code);
/* The picker, which starts below code, or with what was typed if that is no place yet. */
void yz_record_place_pick(struct yz_record *r, size_t index, const char *code);

/* The index of a choice's word (its digit less one) and the word of a choice; words end in NULL. */
const char *yz_record_choice(const struct yz_record *r, size_t index, const char *const *words);
void yz_record_choice_set(
        struct yz_record *r, size_t index, const char *const *words, const char *word);

#endif
