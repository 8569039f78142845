#include "config.h"

#include "print/display.h"

#include "base/buf.h"

#include <stdlib.h>
#include <string.h>

int yz_res_dots(struct yz_res res, int um)
{
	return (int)(((int64_t)um * res.dots * 2 + res.um) / (2 * (int64_t)res.um));
}

struct yz_mark *yz_display_add(struct yz_display *d, enum yz_mark_kind kind)
{
	if (d->count == d->cap) {
		d->cap = d->cap ? d->cap * 2 : 128;
		d->marks = yz_realloc(d->marks, d->cap * sizeof(*d->marks));
	}
	d->marks[d->count] = (struct yz_mark){.kind = kind};
	return &d->marks[d->count++];
}

void yz_display_rect(struct yz_display *d, int x, int y, int w, int h)
{
	struct yz_mark *m = yz_display_add(d, YZ_MARK_RECT);

	m->x = x;
	m->y = y;
	m->w = w;
	m->h = h;
}

void yz_display_free(struct yz_display *d)
{
	for (size_t i = 0; i < d->count; i++)
		free(d->marks[i].text);
	free(d->marks);
	free(d->font);
	memset(d, 0, sizeof(*d));
}
