/* A paper template as plain structs, in whole micrometres. Owned by print/: template_load.c makes
 * one from XML (the only file with libxml2; another front end may make the same structs),
 * template_check.c looks for what a schema cannot see, layout.c reads it. The language is told in
 * data/templates/README.md. */
#ifndef YZ_PRINT_TEMPLATE_H
#define YZ_PRINT_TEMPLATE_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

enum { YZ_TEMPLATE_BYTES_MAX = 256 * 1024, YZ_PAGE_UM_MAX = 1200 * 1000, YZ_UM_AUTO = -1 };

enum yz_item_kind {
	YZ_ITEM_TEXT,
	YZ_ITEM_BARCODE,
	YZ_ITEM_QR,
	YZ_ITEM_LINE,
	YZ_ITEM_RECT,
	YZ_ITEM_IF,
	YZ_ITEM_REPEAT,
	YZ_ITEM_KIND_COUNT
};

enum yz_place { YZ_PLACE_AT, YZ_PLACE_BELOW, YZ_PLACE_SAME }; /* how y is meant: "12", "+1", "=" */
enum yz_align { YZ_ALIGN_LEFT, YZ_ALIGN_CENTER, YZ_ALIGN_RIGHT };
enum yz_valign { YZ_VALIGN_TOP, YZ_VALIGN_MIDDLE, YZ_VALIGN_BOTTOM };
enum yz_overflow { YZ_OVERFLOW_ERROR, YZ_OVERFLOW_SHRINK, YZ_OVERFLOW_CLIP };

struct yz_part {     /* a piece of a text: words, or a field with its format */
	char *words; /* owned; NULL for a field */
	char *field; /* owned; NULL for words */
	int format;  /* enum yz_value_format */
	int line;
};

struct yz_item { /* one element; what a kind does not use is 0 */
	enum yz_item_kind kind;
	int line; /* in the file */
	int x_um, y_um;
	enum yz_place place;
	int w_um, h_um; /* h YZ_UM_AUTO: grows with the text */

	int size_um, min_um; /* text: height of the letters, least one when shrunk */
	bool bold, white, required;
	enum yz_align align;
	enum yz_valign valign;
	enum yz_overflow overflow;
	struct yz_part *parts; /* text, barcode, qr; owned */
	size_t part_count;

	int module_um;         /* barcode, qr: the least module */
	int thick_um, dash_um; /* line, rect */
	bool fill;

	char *field;  /* if: its field; repeat: the group; owned */
	char *is;     /* if: the value wanted, or NULL for any that counts as set; owned */
	bool empty;   /* if: the field must be empty instead */
	int pitch_um; /* repeat: from row to row, or YZ_UM_AUTO */
	struct yz_item *children; /* if, repeat; owned */
	size_t child_count;
};

struct yz_template {
	char *path;                /* as given, for messages; owned */
	char *name, *media, *font; /* owned; font may be NULL */
	int width_um, height_um;   /* height YZ_UM_AUTO: as long as the content */
	struct yz_item *items;     /* owned */
	size_t item_count;
};

/* Reads and checks a template file. Errors, all as "file:line: element: what was expected":
 * YZ_E_CONFIG (no such file), YZ_E_PARSE (not XML, not the language, unknown field, off the page).
 * Blocks on the disk. The caller frees *out. */
enum yz_status yz_template_load(struct yz_template **out, const char *path, struct yz_error *err);

/* As yz_template_load, from memory; name stands in for the path in messages. Never reads a file nor
 * the network. */
enum yz_status yz_template_parse(struct yz_template **out, const char *xml, size_t len,
        const char *name, struct yz_error *err);

/* The second pass: fields that no paper has, boxes off the page, what may not be clipped.
 * YZ_E_PARSE. */
enum yz_status yz_template_check(const struct yz_template *t, struct yz_error *err);

void yz_template_free(struct yz_template *t); /* NULL is fine */

/* The element's name ("text"). */
const char *yz_item_name(enum yz_item_kind kind);

/* True for a field of the table in data/templates/README.md; group is the repeat's or NULL. */
bool yz_template_has_field(const char *name, const char *group);

/* The i-th row of that table as "name" or "line.N.name"; NULL behind the last. */
const char *yz_template_field(size_t i);

#endif
