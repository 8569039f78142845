#include "config.h"

#include "base/fields.h"

#include "base/buf.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct yz_field *find(const struct yz_fields *f, const char *name)
{
	for (size_t i = 0; i < f->count; i++)
		if (!strcmp(f->rows[i].name, name))
			return &f->rows[i];
	return NULL;
}

void yz_fields_set(struct yz_fields *f, const char *name, const char *value)
{
	struct yz_field *row = find(f, name);
	char *copy = yz_strdup(value);

	if (row) {
		free(row->value);
		row->value = copy;
		return;
	}
	if (f->count == f->cap) {
		f->cap = f->cap ? f->cap * 2 : 32;
		f->rows = yz_realloc(f->rows, f->cap * sizeof(*f->rows));
	}
	f->rows[f->count].name = yz_strdup(name);
	f->rows[f->count++].value = copy;
}

void yz_fields_set_int(struct yz_fields *f, const char *name, int64_t value)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%" PRId64, value);
	yz_fields_set(f, name, text);
}

const char *yz_fields_get(const struct yz_fields *f, const char *name)
{
	const struct yz_field *row = find(f, name);

	return row ? row->value : NULL;
}

size_t yz_fields_repeats(const struct yz_fields *f, const char *group)
{
	for (size_t n = 0;; n++) {
		char prefix[80];
		size_t i = 0;
		int len = snprintf(prefix, sizeof(prefix), "%s.%zu.", group, n);

		while (i < f->count && strncmp(f->rows[i].name, prefix, (size_t)len) != 0)
			i++;
		if (i == f->count)
			return n;
	}
}

void yz_fields_free(struct yz_fields *f)
{
	for (size_t i = 0; i < f->count; i++) {
		free(f->rows[i].name);
		free(f->rows[i].value);
	}
	free(f->rows);
	memset(f, 0, sizeof(*f));
}
