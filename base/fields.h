/* Named texts in order: what a template, an operation body or a form is filled from. Repeated
 * groups are numbered: "line.0.name", "line.1.name". Values are UTF-8 without control characters.
 */
#ifndef YZ_BASE_FIELDS_H
#define YZ_BASE_FIELDS_H

#include <stddef.h>
#include <stdint.h>

struct yz_field {
	char *name, *value; /* owned */
};

struct yz_fields {
	struct yz_field *rows; /* owned, in the order of setting */
	size_t count, cap;
};

#define YZ_FIELDS_INIT     \
	{                  \
		NULL, 0, 0 \
	}

void yz_fields_set(
        struct yz_fields *f, const char *name, const char *value); /* replaces; both copied */
void yz_fields_set_int(struct yz_fields *f, const char *name, int64_t value);
const char *yz_fields_get(
        const struct yz_fields *f, const char *name); /* NULL if never set; borrowed */
size_t yz_fields_repeats(
        const struct yz_fields *f, const char *group); /* n when group.0. to group.n-1. exist */
void yz_fields_free(struct yz_fields *f);

#endif
