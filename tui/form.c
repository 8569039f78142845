#include "config.h"

#include "tui/form.h"

#include "base/buf.h"
#include "base/text.h"
#include "tui/words.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static bool can_enter(const struct yz_form *f, size_t i)
{
	return !f->entries[i].is_off && !(f->entries[i].spec->flags & YZ_ENTRY_READONLY);
}

void yz_form_init(struct yz_form *f, const struct yz_entry_spec *specs, size_t count,
        struct yz_message *message, void *owner)
{
	memset(f, 0, sizeof(*f));
	f->entries = yz_alloc(count * sizeof(*f->entries));
	f->count = count;
	f->message = message;
	f->owner = owner;
	for (size_t i = 0; i < count; i++)
		yz_entry_init(&f->entries[i], &specs[i]);
	while (f->active + 1 < count && !can_enter(f, f->active))
		f->active++;
	yz_entry_enter(&f->entries[f->active]);
}

void yz_form_fini(struct yz_form *f)
{
	free(f->entries);
	memset(f, 0, sizeof(*f));
}

void yz_form_settle(struct yz_form *f)
{
	struct yz_entry *e = &f->entries[f->active];
	struct yz_error err = {0};
	bool changed = e->is_changed;

	if (yz_entry_leave(e, &err) != YZ_OK) {
		yz_message_set(f->message, YZ_SAY_WARN, "%s: %s", _(e->spec->label), _(e->fault));
		return;
	}
	e->is_changed = false;
	if (changed && f->left)
		f->left(f->owner, f->active);
}

bool yz_form_go(struct yz_form *f, size_t index)
{
	if (!can_enter(f, index))
		return false;
	if (index != f->active) {
		yz_form_settle(f);
		/* what the callback computed may have switched the target off */
		if (!can_enter(f, index))
			return false;
		f->active = index;
		yz_entry_enter(&f->entries[index]);
	}
	return true;
}

static void step(struct yz_form *f, int by)
{
	size_t from = f->active;

	yz_form_settle(f);
	if (f->active != from)
		return; /* the callback moved the cursor itself */
	for (size_t i = from;;) {
		if ((by < 0 && i == 0) || (by > 0 && i + 1 == f->count))
			break;
		i = by < 0 ? i - 1 : i + 1;
		if (can_enter(f, i)) {
			f->active = i;
			yz_entry_enter(&f->entries[i]);
			return;
		}
	}
	yz_entry_enter(&f->entries[f->active]);
	if (by > 0 && f->message->level == YZ_SAY_NOTHING)
		yz_message_set(
		        f->message, YZ_SAY_INFO, "%s", _("That was the last field: F2 saves."));
}

static void copy_last(struct yz_form *f)
{
	if (!f->copy || !f->copy(f->owner, f->active))
		yz_message_set(f->message, YZ_SAY_INFO, "%s",
		        _("There is nothing to copy for this field."));
}

unsigned yz_form_act(struct yz_form *f, enum yz_action a)
{
	switch (a) {
	case YZ_ACT_NEXT:
		step(f, 1);
		break;
	case YZ_ACT_PREV:
		step(f, -1);
		break;
	case YZ_ACT_PAGE_UP:
		for (size_t i = 0; i < f->count && !yz_form_go(f, i); i++)
			;
		break;
	case YZ_ACT_PAGE_DOWN:
		for (size_t i = f->count; i-- > 0 && !yz_form_go(f, i);)
			;
		break;
	case YZ_ACT_ERASE:
		yz_entry_erase(&f->entries[f->active]);
		break;
	case YZ_ACT_COPY:
		copy_last(f);
		break;
	default:
		return YZ_NEED_PASS;
	}
	return YZ_NEED_DRAW;
}

unsigned yz_form_key(struct yz_form *f, const struct yz_keypress *k)
{
	static const char *const unfit[] = {
	        [YZ_ENTRY_NUMBER] = N_("Only digits go here."),
	        [YZ_ENTRY_MONEY] = N_("Only digits, a point and + go here."),
	        [YZ_ENTRY_MASS] = N_("Only digits, a point and a unit go here."),
	        [YZ_ENTRY_PHONE] = N_("Only digits and a dash go here."),
	        [YZ_ENTRY_CODE] = N_("Only letters and digits go here."),
	        [YZ_ENTRY_CHOICE] = N_("Choose by its digit; the blank goes to the next one."),
	        [YZ_ENTRY_TICK] = N_("The blank ticks and unticks."),
	        [YZ_ENTRY_SECRET] = N_("Only letters and digits go here."),
	};
	struct yz_entry *e = &f->entries[f->active];

	switch (yz_entry_key(e, k)) {
	case YZ_ENTRY_FULL:
		yz_message_set(f->message, YZ_SAY_WARN, "%s", _("The field is full."));
		break;
	case YZ_ENTRY_UNFIT:
		if (unfit[e->spec->kind])
			yz_message_set(f->message, YZ_SAY_WARN, "%s", _(unfit[e->spec->kind]));
		break;
	case YZ_ENTRY_IGNORED:
		return YZ_NEED_NOTHING;
	case YZ_ENTRY_DONE:
		break;
	}
	return YZ_NEED_DRAW;
}

bool yz_form_check(struct yz_form *f)
{
	size_t bad = f->count;

	yz_form_settle(f);
	for (size_t i = 0; i < f->count; i++) {
		struct yz_entry *e = &f->entries[i];

		if (e->is_off)
			continue;
		if (!e->text[0] && (e->spec->flags & YZ_ENTRY_REQUIRED))
			e->fault = N_("This must be filled in.");
		else if (yz_entry_leave(e, NULL) == YZ_OK)
			continue;
		if (bad == f->count)
			bad = i;
	}
	if (bad == f->count)
		return true;
	f->active = bad;
	yz_entry_enter(&f->entries[bad]);
	yz_message_set(f->message, YZ_SAY_WARN, "%s: %s", _(f->entries[bad].spec->label),
	        _(f->entries[bad].fault));
	return false;
}

void yz_form_blame(struct yz_form *f, const char *name, const char *fault)
{
	struct yz_entry *e;

	if (!*name || !yz_form_has(f, name) || (e = yz_form_entry(f, name))->is_off)
		return;
	f->active = yz_form_index(f, name);
	yz_entry_enter(e);
	e->fault = fault;
}

void yz_form_fault(struct yz_form *f, const struct yz_error *err)
{
	yz_message_set(f->message, YZ_SAY_ERROR, "%s", _(yz_error_say(err)));
	yz_form_blame(f, err->field, yz_error_say(err));
}

static size_t find(const struct yz_form *f, const char *name)
{
	size_t i = 0;

	while (i < f->count && strcmp(f->entries[i].spec->name, name) != 0)
		i++;
	return i;
}

size_t yz_form_index(const struct yz_form *f, const char *name)
{
	size_t i = find(f, name);

	assert(i < f->count);
	return i;
}

bool yz_form_has(const struct yz_form *f, const char *name)
{
	return find(f, name) < f->count;
}

const char *yz_form_get(const struct yz_form *f, const char *name)
{
	return f->entries[yz_form_index(f, name)].text;
}

void yz_form_set(struct yz_form *f, const char *name, const char *text)
{
	yz_entry_set(&f->entries[yz_form_index(f, name)], text);
}

struct yz_entry *yz_form_entry(struct yz_form *f, const char *name)
{
	return &f->entries[yz_form_index(f, name)];
}

/* The form is moved up just far enough for the active row: computed from the state, so drawing
 * needs no memory. */
static int first_row(const struct yz_form *f, int rows)
{
	int active = f->entries[f->active].spec->row;

	return active < rows ? 0 : active - rows + 1;
}

void yz_form_draw(const struct yz_form *f, struct yz_canvas *c)
{
	int top = first_row(f, c->rows);

	for (size_t i = 0; i < f->count; i++)
		if (i != f->active && f->entries[i].spec->row >= top)
			yz_entry_draw(&f->entries[i], c, f->entries[i].spec->row - top, false);
	yz_entry_draw(&f->entries[f->active], c, f->entries[f->active].spec->row - top, true);
}

void yz_form_hint(const struct yz_form *f, char *out, size_t size)
{
	const struct yz_entry *e = &f->entries[f->active];

	(void)yz_copy(out, size, e->fault ? _(e->fault) : e->spec->hint ? _(e->spec->hint) : "");
}
