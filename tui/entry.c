#include "config.h"

#include "tui/entry.h"

#include "base/buf.h"
#include "base/text.h"
#include "tui/words.h"

#include <stdio.h>
#include <string.h>

void yz_entry_init(struct yz_entry *e, const struct yz_entry_spec *spec)
{
	memset(e, 0, sizeof(*e));
	e->spec = spec;
}

void yz_entry_set(struct yz_entry *e, const char *text)
{
	(void)yz_copy(e->text, sizeof(e->text), text);
	yz_text_clean(e->text);
	e->caret = strlen(e->text);
	e->is_changed = false;
	e->is_fresh = true;
	e->fault = NULL;
}

void yz_entry_enter(struct yz_entry *e)
{
	e->caret = strlen(e->text);
	e->is_fresh = true;
	e->is_changed = false;
}

static bool is_numeric(const struct yz_entry *e)
{
	return e->spec->kind == YZ_ENTRY_NUMBER || e->spec->kind == YZ_ENTRY_MONEY ||
	       e->spec->kind == YZ_ENTRY_MASS;
}

static bool is_half_width(const struct yz_entry *e)
{
	return is_numeric(e) || e->spec->kind == YZ_ENTRY_PHONE || e->spec->kind == YZ_ENTRY_CODE ||
	       e->spec->kind == YZ_ENTRY_SECRET;
}

enum yz_status yz_entry_leave(struct yz_entry *e, struct yz_error *err)
{
	char normal[YZ_ENTRY_BYTES];
	struct yz_error own = {0};
	enum yz_status st;

	if (!err)
		err = &own;
	if (is_half_width(e) && e->spec->kind != YZ_ENTRY_SECRET)
		yz_text_halve(e->text);
	else
		yz_text_trim(e->text);
	e->caret = strlen(e->text);
	e->fault = NULL;
	if (!e->text[0] || !e->spec->check || e->is_off)
		return YZ_OK;
	st = e->spec->check(e->text, normal, sizeof(normal), err);
	if (st != YZ_OK) {
		e->fault = yz_error_say(err);
		return st;
	}
	(void)yz_copy(e->text, sizeof(e->text), normal);
	e->caret = strlen(e->text);
	return YZ_OK;
}

/* A full-width digit or letter typed with the input method still on, as the kind needs it. */
static int32_t fold(const struct yz_entry *e, int32_t c)
{
	if (!is_half_width(e))
		return c;
	if (c >= 0xFF01 && c <= 0xFF5E)
		c -= 0xFEE0;
	if (c == 0x3002) /* the ideographic full stop on the '.' key */
		c = '.';
	if (e->spec->kind == YZ_ENTRY_CODE && c >= 'a' && c <= 'z')
		c -= 32;
	return c;
}

static bool fits_kind(const struct yz_entry *e, int32_t c)
{
	bool digit = c >= '0' && c <= '9';

	switch (e->spec->kind) {
	case YZ_ENTRY_NUMBER:
		return digit;
	case YZ_ENTRY_MONEY:
		return digit || c == '.' || c == '+' || c == '-';
	case YZ_ENTRY_PHONE:
		return digit || c == '-' || c == '+' || c == ' ';
	case YZ_ENTRY_CODE:
	case YZ_ENTRY_SECRET:
		return c >= 0x20 && c < 0x7F;
	default:
		return yz_char_cols(c) >= 0;
	}
}

static enum yz_entry_reply insert(struct yz_entry *e, int32_t c, bool pasted)
{
	char utf8[4];
	size_t n, len;

	c = fold(e, c);
	if (!fits_kind(e, c))
		return pasted ? YZ_ENTRY_DONE : YZ_ENTRY_UNFIT;
	if (e->is_fresh && c == ' ' && e->text[0])
		return YZ_ENTRY_DONE; /* a blank too many must not wipe a field */
	if (e->is_fresh && !(e->spec->flags & YZ_ENTRY_APPEND)) {
		e->text[0] = '\0';
		e->caret = 0;
	}
	e->is_fresh = false;
	n = yz_utf8_put(c, utf8);
	len = strlen(e->text);
	if (len + n >= sizeof(e->text) ||
	        (e->spec->max_chars > 0 && yz_text_chars(e->text) >= (size_t)e->spec->max_chars))
		return YZ_ENTRY_FULL;
	memmove(e->text + e->caret + n, e->text + e->caret, len - e->caret + 1);
	memcpy(e->text + e->caret, utf8, n);
	e->caret += n;
	e->is_changed = true;
	e->fault = NULL;
	return YZ_ENTRY_DONE;
}

/* start of the character (with its marks) before byte `at` */
static size_t before(const char *s, size_t at)
{
	while (at > 0) {
		const char *p;

		do
			at--;
		while (at > 0 && ((unsigned char)s[at] & 0xC0) == 0x80);
		p = s + at;
		if (yz_char_cols(yz_utf8_next(&p)) != 0)
			break;
	}
	return at;
}

static size_t after(const char *s, size_t at)
{
	const char *p = s + at, *end;

	if (!*p)
		return at;
	(void)yz_utf8_next(&p);
	for (end = p; *p && yz_char_cols(yz_utf8_next(&p)) == 0;)
		end = p;
	return (size_t)(end - s);
}

static void cut(struct yz_entry *e, size_t from, size_t to)
{
	if (from == to)
		return;
	memmove(e->text + from, e->text + to, strlen(e->text + to) + 1);
	e->caret = from;
	e->is_changed = true;
	e->is_fresh = false;
	e->fault = NULL;
}

void yz_entry_erase(struct yz_entry *e)
{
	cut(e, 0, strlen(e->text));
}

static enum yz_entry_reply edit_key(struct yz_entry *e, int32_t key)
{
	size_t caret = e->caret;

	switch (key) {
	case YZ_KEY_LEFT:
		e->caret = before(e->text, caret);
		break;
	case YZ_KEY_RIGHT:
		e->caret = after(e->text, caret);
		break;
	case YZ_KEY_HOME:
		e->caret = 0;
		break;
	case YZ_KEY_END:
		e->caret = strlen(e->text);
		break;
	case YZ_KEY_BACKSPACE:
		cut(e, before(e->text, caret), caret);
		break;
	case YZ_KEY_DELETE:
		cut(e, caret, after(e->text, caret));
		break;
	default:
		return YZ_ENTRY_IGNORED;
	}
	e->is_fresh = false;
	return YZ_ENTRY_DONE;
}

static int choice_count(const struct yz_entry *e)
{
	int n = 0;

	while (e->spec->choices && e->spec->choices[n])
		n++;
	return n;
}

static void put_choice(struct yz_entry *e, int choice)
{
	char text[2] = {(char)('0' + choice), '\0'};

	e->is_changed = e->is_changed || strcmp(e->text, text) != 0;
	(void)yz_copy(e->text, sizeof(e->text), text);
	e->fault = NULL;
}

/* A digit chooses; blank, Left and Right go round. Without spec->choices the caller knows which
 * digits there are. */
static enum yz_entry_reply choice_key(struct yz_entry *e, int32_t key)
{
	int count = choice_count(e), now = e->text[0] ? e->text[0] - '0' : 0;

	if (key >= 0xFF11 && key <= 0xFF19)
		key -= 0xFEE0;
	if (key >= '1' && key <= '9') {
		if (count > 0 && key - '0' > count)
			return YZ_ENTRY_UNFIT;
		put_choice(e, key - '0');
	} else if ((key == ' ' || key == YZ_KEY_RIGHT) && count > 0) {
		put_choice(e, now % count + 1);
	} else if (key == YZ_KEY_LEFT && count > 0) {
		put_choice(e, now > 1 ? now - 1 : count);
	} else if (key == YZ_KEY_BACKSPACE || key == YZ_KEY_DELETE) {
		yz_entry_erase(e);
	} else {
		return key < YZ_KEY_BASE ? YZ_ENTRY_UNFIT : YZ_ENTRY_IGNORED;
	}
	return YZ_ENTRY_DONE;
}

static enum yz_entry_reply tick_key(struct yz_entry *e, int32_t key)
{
	bool on = e->text[0] != '\0', want;

	if (key == ' ')
		want = !on;
	else if (key == 'y' || key == 'Y' || key == '1')
		want = true;
	else if (key == 'n' || key == 'N' || key == '0' || key == YZ_KEY_BACKSPACE ||
	         key == YZ_KEY_DELETE)
		want = false;
	else
		return key < YZ_KEY_BASE ? YZ_ENTRY_UNFIT : YZ_ENTRY_IGNORED;
	(void)yz_copy(e->text, sizeof(e->text), want ? "1" : "");
	e->is_changed = e->is_changed || want != on;
	e->fault = NULL;
	return YZ_ENTRY_DONE;
}

enum yz_entry_reply yz_entry_key(struct yz_entry *e, const struct yz_keypress *k)
{
	int32_t c = k->key;

	if (k->key == YZ_KEY_PASTE_END)
		return YZ_ENTRY_DONE;
	if (e->spec->kind == YZ_ENTRY_CHOICE)
		return k->pasted ? YZ_ENTRY_DONE : choice_key(e, c);
	if (e->spec->kind == YZ_ENTRY_TICK)
		return k->pasted ? YZ_ENTRY_DONE : tick_key(e, c);
	if (k->pasted && c == '\n') {
		if (!(e->spec->flags & YZ_ENTRY_LINES))
			return YZ_ENTRY_DONE;
		c = ' ';
	}
	if (c >= YZ_KEY_BASE)
		return edit_key(e, c);
	if (c < 32)
		return YZ_ENTRY_IGNORED;
	return insert(e, c, k->pasted);
}

bool yz_entry_is_ticked(const struct yz_entry *e)
{
	return e->text[0] == '1';
}

/* "[1] 1 cash 2 WeChat": the answer first, so that a narrow field still shows it. */
static void draw_choice(const struct yz_entry *e, struct yz_canvas *c, int row, int col)
{
	struct yz_canvas part = yz_canvas_part(c, row, col, 1, e->spec->cols);
	enum yz_look look = e->is_off ? YZ_LOOK_DIM : YZ_LOOK_NORMAL;
	char text[96];
	int at;

	(void)snprintf(text, sizeof(text), "[%.1s]", e->text[0] ? e->text : " ");
	at = yz_canvas_text(&part, 0, 0, -1, look, text) + 1;
	for (int i = 0; i < choice_count(e); i++) {
		bool on = e->text[0] == '1' + i && !e->is_off;

		(void)snprintf(text, sizeof(text), "%d %s", i + 1, _(e->spec->choices[i]));
		at += yz_canvas_text(&part, 0, at, -1, on ? YZ_LOOK_MARK : look, text) + 1;
	}
}

/* first byte shown: the caret must stay inside the visible columns */
static size_t shown_from(const struct yz_entry *e, const char *text, size_t caret)
{
	size_t from = 0;
	char head[YZ_ENTRY_BYTES];

	(void)yz_copy(head, sizeof(head), text);
	head[caret] = '\0';
	while (yz_text_cols(head + from) >= e->spec->cols && head[from])
		from = after(head, from);
	return from;
}

static void draw_active(const struct yz_entry *e, struct yz_canvas *c, int row, int col)
{
	char text[YZ_ENTRY_BYTES], head[YZ_ENTRY_BYTES];
	size_t from, caret = e->caret;

	(void)yz_copy(text, sizeof(text), e->text);
	if (e->spec->kind == YZ_ENTRY_SECRET)
		memset(text, '*', strlen(text));
	from = shown_from(e, text, caret);
	yz_canvas_field(c, row, col, e->spec->cols, YZ_LOOK_NORMAL, text + from);
	(void)yz_copy(head, sizeof(head), text + from);
	head[caret - from] = '\0';
	yz_canvas_cursor(c, row, col + yz_text_cols(head));
}

void yz_entry_draw(const struct yz_entry *e, struct yz_canvas *c, int row, bool is_active)
{
	const struct yz_entry_spec *s = e->spec;
	int col = s->col + YZ_ENTRY_INDENT;
	enum yz_look look = e->is_off                      ? YZ_LOOK_DIM
	                    : s->flags & YZ_ENTRY_READONLY ? YZ_LOOK_NORMAL
	                                                   : YZ_LOOK_FIELD;
	char stars[64] = "";

	(void)yz_canvas_text(c, row, s->col, YZ_LABEL_COLS, e->is_off ? YZ_LOOK_DIM : YZ_LOOK_LABEL,
	        _(s->label));
	if (is_active)
		(void)yz_canvas_text(c, row, col - 2, 1, YZ_LOOK_NORMAL, ">");
	else if (e->fault)
		(void)yz_canvas_text(c, row, col - 2, 1, YZ_LOOK_WARN, "!");
	if (s->kind == YZ_ENTRY_CHOICE && s->choices) {
		draw_choice(e, c, row, col);
		if (is_active)
			yz_canvas_cursor(c, row, col + 1);
	} else if (s->kind == YZ_ENTRY_TICK) {
		(void)yz_canvas_text(
		        c, row, col, -1, YZ_LOOK_NORMAL, yz_entry_is_ticked(e) ? "[x]" : "[ ]");
		if (is_active)
			yz_canvas_cursor(c, row, col + 1);
	} else if (is_active) {
		draw_active(e, c, row, col);
	} else if (s->kind == YZ_ENTRY_SECRET) {
		memset(stars, '*',
		        strlen(e->text) < sizeof(stars) ? strlen(e->text) : sizeof(stars) - 1);
		yz_canvas_field(c, row, col, s->cols, look, stars);
	} else if (is_numeric(e)) {
		yz_canvas_right(c, row, col, s->cols, look, e->text);
	} else {
		yz_canvas_field(c, row, col, s->cols, look, e->text);
	}
}
