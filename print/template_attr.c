#include "config.h"

#include "print/template_attr.h"

#include "base/buf.h"

#include <stdio.h>
#include <string.h>

static const char *const weights[] = {"normal", "bold", NULL};
static const char *const aligns[] = {"left", "center", "right", NULL};
static const char *const valigns[] = {"top", "middle", "bottom", NULL};
static const char *const overflows[] = {"error", "shrink", "clip", NULL};
static const char *const colors[] = {"black", "white", NULL};
static const char *const fills[] = {"", "black", NULL};
static const char *const yes[] = {"", "yes", NULL};

#define AT(field) offsetof(struct yz_item, field)
#define XY                                                  \
	{"x", YZ_ATTR_MM, true, AT(x_um), NULL, 0},         \
	{                                                   \
		"y", YZ_ATTR_PLACE, true, AT(y_um), NULL, 0 \
	}
#define END                                         \
	{                                           \
		NULL, YZ_ATTR_MM, false, 0, NULL, 0 \
	}
/* "field" and "format" of text, barcode and qr are read with the words */
static const struct yz_attr text_attrs[] = {XY, {"w", YZ_ATTR_MM, true, AT(w_um), NULL, 0},
        {"h", YZ_ATTR_MM_AUTO, true, AT(h_um), NULL, 0},
        {"size", YZ_ATTR_MM, true, AT(size_um), NULL, 0},
        {"min", YZ_ATTR_MM, false, AT(min_um), NULL, 2200},
        {"weight", YZ_ATTR_FLAG, false, AT(bold), weights, 0},
        {"align", YZ_ATTR_CHOICE, false, AT(align), aligns, 0},
        {"valign", YZ_ATTR_CHOICE, false, AT(valign), valigns, 0},
        {"overflow", YZ_ATTR_CHOICE, false, AT(overflow), overflows, 0},
        {"color", YZ_ATTR_FLAG, false, AT(white), colors, 0},
        {"required", YZ_ATTR_FLAG, false, AT(required), yes, 0}, END};
static const struct yz_attr barcode_attrs[] = {XY, {"w", YZ_ATTR_MM, true, AT(w_um), NULL, 0},
        {"h", YZ_ATTR_MM, true, AT(h_um), NULL, 0},
        {"module", YZ_ATTR_MM, false, AT(module_um), NULL, 250}, END};
static const struct yz_attr qr_attrs[] = {XY, {"w", YZ_ATTR_MM, true, AT(w_um), NULL, 0},
        {"module", YZ_ATTR_MM, false, AT(module_um), NULL, 250}, END};
static const struct yz_attr line_attrs[] = {XY, {"w", YZ_ATTR_MM, false, AT(w_um), NULL, 0},
        {"h", YZ_ATTR_MM, false, AT(h_um), NULL, 0},
        {"thick", YZ_ATTR_MM, false, AT(thick_um), NULL, 250},
        {"dash", YZ_ATTR_MM, false, AT(dash_um), NULL, 0}, END};
static const struct yz_attr rect_attrs[] = {XY, {"w", YZ_ATTR_MM, true, AT(w_um), NULL, 0},
        {"h", YZ_ATTR_MM, true, AT(h_um), NULL, 0},
        {"thick", YZ_ATTR_MM, false, AT(thick_um), NULL, 250},
        {"fill", YZ_ATTR_FLAG, false, AT(fill), fills, 0}, END};
static const struct yz_attr if_attrs[] = {{"field", YZ_ATTR_FIELD, true, AT(field), NULL, 0},
        {"is", YZ_ATTR_TEXT, false, AT(is), NULL, 0},
        {"empty", YZ_ATTR_FLAG, false, AT(empty), yes, 0}, END};
static const struct yz_attr repeat_attrs[] = {{"each", YZ_ATTR_FIELD, true, AT(field), NULL, 0},
        {"y", YZ_ATTR_PLACE, true, AT(y_um), NULL, 0},
        {"pitch", YZ_ATTR_MM_AUTO, true, AT(pitch_um), NULL, 0}, END};
#undef AT
#define AT(field) offsetof(struct yz_template, field)
static const struct yz_attr label_attrs[] = {{"name", YZ_ATTR_WORD, true, AT(name), NULL, 0},
        {"width", YZ_ATTR_MM, true, AT(width_um), NULL, 0},
        {"height", YZ_ATTR_MM_AUTO, true, AT(height_um), NULL, 0},
        {"media", YZ_ATTR_WORD, true, AT(media), NULL, 0},
        {"font", YZ_ATTR_TEXT, false, AT(font), NULL, 0}, END};
#undef AT

const struct yz_element yz_elements[YZ_ITEM_KIND_COUNT] = {
        [YZ_ITEM_TEXT] = {"text", text_attrs, true, false},
        [YZ_ITEM_BARCODE] = {"barcode", barcode_attrs, true, false},
        [YZ_ITEM_QR] = {"qr", qr_attrs, true, false},
        [YZ_ITEM_LINE] = {"line", line_attrs, false, false},
        [YZ_ITEM_RECT] = {"rect", rect_attrs, false, false},
        [YZ_ITEM_IF] = {"if", if_attrs, false, true},
        [YZ_ITEM_REPEAT] = {"repeat", repeat_attrs, false, true},
};

const struct yz_element yz_element_label = {"label", label_attrs, false, true};

const char *yz_item_name(enum yz_item_kind kind)
{
	return yz_elements[kind].name;
}

/* "12.5" to 12500; false for anything but digits with at most three decimals */
static bool read_um(const char *s, int *um)
{
	int whole = 0, part = 0, scale = 1000, digits = 0;

	for (; *s >= '0' && *s <= '9' && digits < 4; s++, digits++)
		whole = whole * 10 + (*s - '0');
	if (!digits)
		return false;
	if (*s == '.') {
		if (!s[1])
			return false;
		for (s++; *s >= '0' && *s <= '9' && scale > 1; s++) {
			scale /= 10;
			part += (*s - '0') * scale;
		}
	}
	*um = whole * 1000 + part;
	return !*s && *um <= YZ_PAGE_UM_MAX;
}

#define NAME_CHARS "abcdefghijklmnopqrstuvwxyz0123456789_."
#define WORD_CHARS NAME_CHARS "ABCDEFGHIJKLMNOPQRSTUVWXYZ-"

static bool is_made_of(const char *s, const char *chars)
{
	size_t n = strlen(s);

	return n && n <= 60 && strspn(s, chars) == n;
}

bool yz_attr_is_field(const char *s)
{
	return is_made_of(s, NAME_CHARS) && s[0] >= 'a';
}

static bool read_place(const char *s, int *um, enum yz_place *place)
{
	*place = *s == '+' ? YZ_PLACE_BELOW : YZ_PLACE_AT;
	if (strcmp(s, "=") != 0)
		return read_um(s + (*s == '+'), um);
	*um = 0;
	*place = YZ_PLACE_SAME;
	return true;
}

/* The place of the word in the list, -1 if it is not there. */
static int choose(const char *const *words, const char *value)
{
	for (int i = 0; words[i]; i++)
		if (*words[i] && !strcmp(words[i], value))
			return i;
	return -1;
}

static void list_words(const char *const *words, char *expected, size_t size)
{
	struct yz_buf list = YZ_BUF_INIT;

	for (; *words; words++)
		if (**words)
			yz_buf_printf(&list, "%s%s", list.len ? " or " : "", *words);
	(void)snprintf(expected, size, "%s", yz_buf_str(&list));
	yz_buf_free(&list);
}

static bool set_choice(
        const struct yz_attr *a, const char *value, char *base, char *expected, size_t size)
{
	int chosen = choose(a->words, value);

	if (chosen < 0) {
		list_words(a->words, expected, size);
		return false;
	}
	if (a->kind == YZ_ATTR_FLAG)
		*(bool *)(void *)(base + a->offset) = chosen > 0;
	else
		memcpy(base + a->offset, &chosen,
		        sizeof(chosen)); /* an enum has the size of an int */
	return true;
}

static bool set_length(const struct yz_attr *a, const char *value, char *base)
{
	int *um = (int *)(void *)(base + a->offset);

	if (a->kind == YZ_ATTR_PLACE)
		return read_place(value, um, &((struct yz_item *)(void *)base)->place);
	if (a->kind == YZ_ATTR_MM_AUTO && !strcmp(value, "auto")) {
		*um = YZ_UM_AUTO;
		return true;
	}
	return read_um(value, um);
}

bool yz_attr_set(
        const struct yz_attr *a, const char *value, void *base, char *expected, size_t size)
{
	static const char *const wanted[] = {
	        [YZ_ATTR_MM] = "millimetres such as 12.5, at most 1200",
	        [YZ_ATTR_MM_AUTO] = "millimetres such as 12.5, at most 1200, or auto",
	        [YZ_ATTR_PLACE] = "millimetres such as 12.5, +1 or =",
	        [YZ_ATTR_WORD] = "up to 60 letters, digits, - _ .",
	        [YZ_ATTR_FIELD] = "a field name such as receiver.name",
	};
	bool ok = true;

	switch (a->kind) {
	case YZ_ATTR_CHOICE:
	case YZ_ATTR_FLAG:
		return set_choice(a, value, base, expected, size);
	case YZ_ATTR_MM:
	case YZ_ATTR_MM_AUTO:
	case YZ_ATTR_PLACE:
		ok = set_length(a, value, base);
		break;
	case YZ_ATTR_FIELD:
		ok = yz_attr_is_field(value);
		break;
	case YZ_ATTR_WORD:
		ok = is_made_of(value, WORD_CHARS);
		break;
	case YZ_ATTR_TEXT:
		break;
	}
	if (!ok)
		(void)snprintf(expected, size, "%s", wanted[a->kind]);
	else if (a->kind == YZ_ATTR_FIELD || a->kind == YZ_ATTR_WORD || a->kind == YZ_ATTR_TEXT)
		*(char **)(void *)((char *)base + a->offset) = yz_strdup(value);
	return ok;
}
