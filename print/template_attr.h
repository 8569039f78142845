/* The elements of the template language and their attributes as tables, and how a value gets into
 * the structs. Shared by whatever reads a template; knows nothing of XML. Private to print/. */
#ifndef YZ_PRINT_TEMPLATE_ATTR_H
#define YZ_PRINT_TEMPLATE_ATTR_H

#include "print/template.h"

enum yz_attr_kind {
	YZ_ATTR_MM,
	YZ_ATTR_MM_AUTO,
	YZ_ATTR_PLACE,
	YZ_ATTR_CHOICE, /* an enum */
	YZ_ATTR_FLAG,   /* a bool: the first word is false */
	YZ_ATTR_TEXT,
	YZ_ATTR_WORD,
	YZ_ATTR_FIELD
};

struct yz_attr {
	const char *name; /* NULL behind the last */
	enum yz_attr_kind kind;
	bool required;
	size_t offset; /* in struct yz_item, or struct yz_template for the label */
	const char *const
	        *words;  /* CHOICE and FLAG: in the order of the values; "" cannot be written */
	int fallback_um; /* MM that is not there */
};

struct yz_element {
	const char *name;
	const struct yz_attr *attrs;
	bool has_words;    /* an attribute field, or words and field elements inside */
	bool has_children; /* elements inside */
};

/* The elements by enum yz_item_kind, and the root. */
extern const struct yz_element yz_elements[YZ_ITEM_KIND_COUNT];
extern const struct yz_element yz_element_label;

/* Stores value into base (the item or the label, zeroed before). False if it is not of the kind:
 * expected then says what is ("millimetres such as 12.5"), cut to size. */
bool yz_attr_set(
        const struct yz_attr *a, const char *value, void *base, char *expected, size_t size);

/* "receiver.name": small letters, digits, _ and dots, at most 60, a letter first. */
bool yz_attr_is_field(const char *s);

#endif
