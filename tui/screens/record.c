#include "config.h"

#include "tui/screens/record.h"

#include "base/buf.h"
#include "station/address.h"
#include "station/register.h"
#include "store/draft.h"
#include "tui/ask.h"
#include "tui/screens/screens.h"
#include "tui/words.h"

#include <stdio.h>
#include <string.h>

enum { DRAFT_IDLE_MS = 2000 };

const char *yz_record_hidden(const struct yz_record *r, const char *name)
{
	const char *v = yz_fields_get(&r->hidden, name);

	return v ? v : "";
}

static void code_name(const struct yz_record *r, size_t index, char *out, size_t size)
{
	(void)snprintf(out, size, "%s.code", r->kind->specs[index].name);
}

const char *yz_record_code(const struct yz_record *r, size_t index)
{
	char name[40];

	code_name(r, index, name, sizeof(name));
	return yz_record_hidden(r, name);
}

void yz_record_code_set(struct yz_record *r, size_t index, const char *code, const char *text)
{
	char name[40];

	code_name(r, index, name, sizeof(name));
	yz_fields_set(&r->hidden, name, code);
	if (text)
		yz_entry_set(&r->form.entries[index], text);
}

void yz_record_fault(struct yz_record *r, size_t index, const char *msgid)
{
	r->form.entries[index].fault = msgid;
	yz_say(r->view->app, YZ_SAY_WARN, "%s", _(msgid));
}

void yz_record_go(struct yz_record *r, size_t index)
{
	r->form.active = index;
	yz_entry_enter(&r->form.entries[index]);
}

const char *yz_record_choice(const struct yz_record *r, size_t index, const char *const *words)
{
	char digit = r->form.entries[index].text[0];
	size_t at = 0;

	while (words[at] && digit != (char)('1' + at))
		at++;
	return words[at] ? words[at] : "";
}

void yz_record_choice_set(
        struct yz_record *r, size_t index, const char *const *words, const char *word)
{
	char digit[2] = "";

	for (size_t i = 0; words[i]; i++)
		if (!strcmp(words[i], word))
			digit[0] = (char)('1' + i);
	yz_entry_set(&r->form.entries[index], digit);
}

/* ---- drafts */

static void keep(struct yz_record *r)
{
	struct yz_fields f = YZ_FIELDS_INIT;
	char draft[YZ_SHORT_SIZE];

	if (!r->is_touched)
		return;
	r->is_touched = false;
	r->view->due_ms = 0;
	for (size_t i = 0; i < r->kind->count; i++)
		if (!(r->kind->specs[i].flags & YZ_ENTRY_NO_DRAFT))
			yz_fields_set(&f, r->kind->specs[i].name, r->form.entries[i].text);
	for (size_t i = 0; i < r->hidden.count; i++)
		yz_fields_set(&f, r->hidden.rows[i].name, r->hidden.rows[i].value);
	yz_register_draft(r->kind->name, &r->id, draft);
	yz_kiosk_draft_put(r->view, draft, &f);
	yz_fields_free(&f);
}

void yz_record_touch(struct yz_record *r)
{
	r->is_touched = r->is_begun = true;
	keep(r);
}

static bool is_field(const struct yz_record *r, const char *name)
{
	for (size_t i = 0; i < r->kind->count; i++)
		if (!strcmp(r->kind->specs[i].name, name))
			return true;
	return false;
}

static bool restore(struct yz_record *r)
{
	struct yz_kiosk *k = yz_kiosk(r->view);
	struct yz_fields f = YZ_FIELDS_INIT;
	struct yz_error err = {0};
	char draft[YZ_SHORT_SIZE];
	enum yz_status st;

	yz_register_draft(r->kind->name, &r->id, draft);
	yz_kiosk_draft_settle(r->view->app);
	st = yz_draft_load(k->store, &k->desk.clerk.id, draft, &f, &err);
	if (st != YZ_OK && st != YZ_E_NOTFOUND)
		yz_say_error(r->view->app, &err);
	for (size_t i = 0; st == YZ_OK && i < f.count; i++) {
		if (is_field(r, f.rows[i].name))
			yz_form_set(&r->form, f.rows[i].name, f.rows[i].value);
		else
			yz_fields_set(&r->hidden, f.rows[i].name, f.rows[i].value);
	}
	yz_fields_free(&f);
	if (st == YZ_OK && r->kind->restored)
		r->kind->restored(r);
	return st == YZ_OK;
}

static void forget(struct yz_record *r)
{
	struct yz_kiosk *k = yz_kiosk(r->view);
	struct yz_tx *tx = NULL;
	struct yz_error err = {0};
	char draft[YZ_SHORT_SIZE];
	enum yz_status st;

	yz_kiosk_draft_settle(r->view->app);
	st = yz_tx_begin(k->store, &r->view->app->now, &tx, &err);
	yz_register_draft(r->kind->name, &r->id, draft);
	if (st == YZ_OK && (st = yz_draft_drop(tx, &k->desk.clerk.id, draft, &err)) == YZ_OK)
		st = yz_tx_commit(tx, &err);
	else
		yz_tx_rollback(tx);
	if (st != YZ_OK)
		yz_say_error(r->view->app, &err);
}

/* ---- the form */

static void field_left(void *owner, size_t index)
{
	struct yz_record *r = owner;
	struct yz_id before = r->id;

	r->kind->left(r, index);
	if (yz_id_equal(&before, &r->id)) /* else another record was loaded: nothing typed yet */
		yz_record_touch(r);
}

static bool load(struct yz_record *r)
{
	struct yz_error err = {0};

	for (size_t i = 0; i < r->kind->count; i++)
		yz_entry_set(&r->form.entries[i], "");
	yz_fields_free(&r->hidden);
	r->is_touched = r->is_begun = false;
	r->view->due_ms = 0;
	if (r->kind->load(r, &err) != YZ_OK) {
		yz_say_error(r->view->app, &err);
		return false;
	}
	(void)yz_copy(r->view->title, sizeof(r->view->title),
	        _(yz_id_is_none(&r->id) ? r->kind->fresh : r->kind->known));
	return true;
}

bool yz_record_open(struct yz_view *v, const struct yz_record_kind *kind, const void *arg)
{
	const struct yz_record_arg *a = arg;
	struct yz_record *r = v->state;

	r->view = v;
	r->kind = kind;
	if (a)
		r->id = a->id;
	yz_form_init(&r->form, kind->specs, kind->count, &v->app->message, r);
	r->form.left = field_left;
	if (!load(r))
		return false;
	if (restore(r)) {
		r->is_begun = true;
		yz_say(v->app, YZ_SAY_INFO, "%s",
		        _("Here is your unfinished form again. F8 starts anew."));
	} else if (a && a->name && yz_form_has(&r->form, "name")) {
		yz_form_set(&r->form, "name", a->name);
	}
	yz_record_go(r, r->form.active);
	if (a && a->field)
		yz_form_blame(&r->form, a->field, N_("The platform refused what stands here."));
	return true;
}

void yz_record_adopt(struct yz_record *r, const struct yz_id *id)
{
	forget(r);
	r->id = *id;
	if (load(r))
		yz_say(r->view->app, YZ_SAY_INFO, "%s",
		        _("This one is in the book already: here it is. Change what is new, F2 "
		          "saves."));
	yz_record_go(r, r->form.active);
}

/* One transaction; what is shown as saved is on the disk. */
static unsigned save(struct yz_record *r)
{
	struct yz_error err = {0};

	if (!yz_form_check(&r->form))
		return YZ_NEED_DRAW;
	yz_kiosk_draft_settle(r->view->app); /* saving drops the draft: none may follow */
	if (r->kind->save(r, &err) != YZ_OK) {
		yz_form_fault(&r->form, &err);
		return YZ_NEED_DRAW;
	}
	r->is_touched = false;
	r->view->answer.code = 1;
	r->view->answer.id = r->id;
	yz_say(r->view->app, YZ_SAY_GOOD, _("Saved: %s %s"), yz_form_get(&r->form, "name"),
	        yz_form_has(&r->form, "item_no") ? yz_form_get(&r->form, "item_no") : "");
	return YZ_NEED_CLOSE;
}

static void anew_answered(struct yz_view *v, const struct yz_answer *a)
{
	struct yz_record *r = v->state;

	if (!a->code)
		return;
	forget(r);
	(void)load(r);
	yz_record_go(r, 0);
}

static void pick(struct yz_record *r)
{
	r->asking = r->form.active;
	if (!r->kind->pick(r, r->form.active))
		yz_say(r->view->app, YZ_SAY_INFO, "%s", _("There is no list for this field."));
}

unsigned yz_record_act(struct yz_view *v, enum yz_action a)
{
	struct yz_record *r = v->state;
	struct yz_question q = {.text = _("Start anew?\nWhat is in the form is thrown away.")};

	switch (a) {
	case YZ_ACT_SAVE:
		return save(r);
	case YZ_ACT_PICK:
		pick(r);
		return YZ_NEED_DRAW;
	case YZ_ACT_UNDO:
		if (r->is_begun)
			(void)yz_view_push(v->app, &yz_view_ask, &q, anew_answered);
		return YZ_NEED_DRAW;
	default:
		return yz_form_act(&r->form, a);
	}
}

unsigned yz_record_key(struct yz_view *v, const struct yz_keypress *k)
{
	struct yz_record *r = v->state;
	unsigned need = yz_form_key(&r->form, k);

	if (r->form.entries[r->form.active].is_changed) {
		r->is_touched = r->is_begun = true;
		v->due_ms = v->app->now.mono_ms + DRAFT_IDLE_MS;
	}
	return need;
}

unsigned yz_record_event(struct yz_view *v, enum yz_event e)
{
	struct yz_record *r = v->state;

	if (e == YZ_EVENT_LEAVE)
		yz_form_settle(&r->form); /* an identity number typed in full is sealed now */
	if (e == YZ_EVENT_TIMER || e == YZ_EVENT_LEAVE)
		keep(r);
	return e == YZ_EVENT_TIMER ? YZ_NEED_NOTHING : YZ_NEED_DRAW;
}

void yz_record_hint(const struct yz_view *v, char *out, size_t size)
{
	yz_form_hint(&((const struct yz_record *)v->state)->form, out, size);
}

void yz_record_draw(const struct yz_view *v, struct yz_canvas *c)
{
	struct yz_canvas body = yz_canvas_part(c, 1, 0, c->rows - 1, c->cols);

	yz_form_draw(&((const struct yz_record *)v->state)->form, &body);
}

void yz_record_close(struct yz_view *v)
{
	struct yz_record *r = v->state;

	if (r->is_touched)
		yz_form_settle(&r->form);
	keep(r);
	yz_form_fini(&r->form);
	yz_fields_free(&r->hidden);
}

/* ---- places */

static const struct yz_divisions *divisions(struct yz_record *r)
{
	const struct yz_divisions *d = NULL;
	struct yz_error err = {0};

	if (yz_books_divisions(yz_kiosk(r->view)->books, &d, &err) != YZ_OK)
		yz_say_error(r->view->app, &err);
	return d;
}

void yz_record_place_set(struct yz_record *r, size_t index, const char *code)
{
	const struct yz_divisions *d = divisions(r);
	char full[YZ_REGION_SIZE];

	if (!d)
		return;
	yz_divisions_full_name(d, code, full, sizeof(full));
	yz_record_code_set(r, index, code, full);
}

/* Initials mean the towns of the own county first, then the counties of the own city, then the
 * country. NULL if nothing or more than one fits. */
static const struct yz_division *find_place(
        const struct yz_record *r, const struct yz_divisions *d, const char *text)
{
	static const size_t scopes[] = {6, 4};
	const struct yz_division *found[1];
	char code[YZ_CODE_SIZE];

	for (size_t i = 0; i < sizeof(scopes) / sizeof(scopes[0]); i++) {
		(void)yz_copy(code, scopes[i] + 1, yz_kiosk(r->view)->desk.station.code);
		if (yz_divisions_search(d, code, text, found, 1) == 1)
			return found[0];
	}
	return yz_place_find(d, text);
}

void yz_record_place_left(struct yz_record *r, size_t index, bool is_county, char *rest)
{
	const struct yz_divisions *d = divisions(r);
	const char *text = r->form.entries[index].text;
	struct yz_address a = {.code = ""};

	yz_record_code_set(r, index, "", NULL);
	if (!text[0] || !d)
		return;
	yz_address_parse(d, text, &a);
	if (strlen(a.code) < 6) {
		const struct yz_division *found = find_place(r, d, text);

		(void)yz_copy(a.code, sizeof(a.code), found ? found->code : "");
		a.detail[0] = '\0';
	}
	if (!a.code[0]) {
		yz_record_fault(r, index, N_("Choose the place down to the county with F4."));
		return;
	}
	if (is_county)
		a.code[6] = '\0';
	yz_record_place_set(r, index, a.code);
	if (rest)
		(void)yz_copy(rest, sizeof(a.detail), a.detail);
	if (r->kind->placed)
		r->kind->placed(r, index);
}

static void place_picked(struct yz_view *v, const struct yz_answer *a)
{
	struct yz_record *r = v->state;

	if (!a->code)
		return;
	yz_record_place_set(r, r->asking, a->text);
	if (r->kind->placed)
		r->kind->placed(r, r->asking);
	yz_record_touch(r);
	(void)yz_form_act(&r->form, YZ_ACT_NEXT);
}

void yz_record_place_pick(struct yz_record *r, size_t index, const char *code)
{
	struct yz_place_arg arg = {code, ""};

	r->asking = index;
	if (r->form.entries[index].text[0] &&
	        (r->form.entries[index].is_changed || !yz_record_code(r, index)[0]))
		arg = (struct yz_place_arg){"", r->form.entries[index].text};
	(void)yz_view_push(r->view->app, &yz_view_divisions, &arg, place_picked);
}

/* ---- keys */

static const struct yz_binding record_keys[] = {
        {YZ_KEY_F2, YZ_ACT_SAVE, N_("Save")},
        {YZ_KEY_F4, YZ_ACT_PICK, N_("Choose")},
        {YZ_KEY_F8, YZ_ACT_UNDO, N_("Anew")},
        {0, YZ_ACT_NONE, NULL},
};
const struct yz_keymap yz_keymap_record = {&yz_keymap_form, record_keys};
