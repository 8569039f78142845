#include "config.h"

#include "station/divisions_table.h"

#include "base/buf.h"
#include "station/pinyin.h"

#include <string.h>

const uint8_t yz_division_digits[YZ_DIVISION_LEVELS] = {0, 2, 4, 6, 9, 12};

uint32_t yz_divisions_hash_more(uint32_t h, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)s[i]) * 16777619U;
	return h;
}

uint32_t yz_divisions_hash(const char *s, size_t len)
{
	uint32_t h = yz_divisions_hash_more(YZ_DIVISIONS_HASH_START, s, len);

	return h ^ h >> 15;
}

struct yz_division *yz_divisions_row(const struct yz_divisions *d, const char *code, size_t len)
{
	uint32_t at = yz_divisions_hash(code, len) % YZ_DIVISIONS_BUCKETS;

	for (; d->codes[at]; at = (at + 1) % YZ_DIVISIONS_BUCKETS) {
		struct yz_division *row = d->rows + d->codes[at] - 1;

		if (!strncmp(row->code, code, len) && !row->code[len])
			return row;
	}
	return NULL;
}

size_t yz_divisions_count(const struct yz_divisions *d)
{
	return d->count;
}

const struct yz_division *yz_divisions_find(const struct yz_divisions *d, const char *code)
{
	size_t len = strlen(code);

	return len && len < sizeof(d->rows->code) ? yz_divisions_row(d, code, len) : NULL;
}

const struct yz_division *yz_division_above(
        const struct yz_division *div, enum yz_division_level level)
{
	while (div && div->level > level)
		div = div->parent;
	return div && div->level == level ? div : NULL;
}

bool yz_division_is_within(const struct yz_division *inner, const struct yz_division *outer)
{
	while (inner && inner != outer)
		inner = inner->parent;
	return inner == outer;
}

/* Walks children, placeholders replaced by theirs, as far as `pick` says yes. */
struct walk {
	const char *query; /* "" picks all */
	const struct yz_division **out;
	size_t cap, count;
};

static bool is_picked(const struct yz_division *div, const char *query)
{
	return !*query || strstr(div->name, query) || yz_pinyin_match(div->name, query);
}

static void walk(struct walk *w, const struct yz_division *child)
{
	for (; child; child = child->next) {
		if (child->is_placeholder) {
			for (const struct yz_division *c = child->child; c; c = c->next)
				if (!c->is_placeholder && is_picked(c, w->query)) {
					if (w->count < w->cap)
						w->out[w->count] = c;
					w->count++;
				}
		} else if (is_picked(child, w->query)) {
			if (w->count < w->cap)
				w->out[w->count] = child;
			w->count++;
		}
	}
}

size_t yz_divisions_search(const struct yz_divisions *d, const char *code, const char *query,
        const struct yz_division **out, size_t cap)
{
	struct walk w = {query, out, cap, 0};
	const struct yz_division *up = *code ? yz_divisions_find(d, code) : NULL;

	if (!*code || up)
		walk(&w, up ? up->child : d->first);
	return w.count;
}

size_t yz_divisions_children(
        const struct yz_divisions *d, const char *code, const struct yz_division **out, size_t cap)
{
	return yz_divisions_search(d, code, "", out, cap);
}

void yz_divisions_full_name(const struct yz_divisions *d, const char *code, char *out, size_t size)
{
	const struct yz_division *div = yz_divisions_find(d, code);
	const char *before = "";
	size_t used = 0;

	out[0] = '\0';
	for (int level = YZ_DIVISION_PROVINCE; level < YZ_DIVISION_LEVELS; level++) {
		const struct yz_division *part =
		        yz_division_above(div, (enum yz_division_level)level);

		if (!part || part->is_placeholder || !strcmp(part->name, before))
			continue;
		used += yz_copy(out + used, size - used, part->name);
		before = part->name;
	}
}

const struct yz_division_alias *yz_divisions_named(
        const struct yz_divisions *d, const char *text, size_t len, uint32_t hash)
{
	uint32_t h = hash ^ hash >> 15;

	for (const struct yz_division_alias *a = d->names[h % YZ_DIVISIONS_BUCKETS]; a; a = a->next)
		if (a->hash == h && a->len == len && !memcmp(a->text, text, len))
			return a;
	return NULL;
}

const struct yz_division_alias *yz_divisions_also(const struct yz_division_alias *a)
{
	for (const struct yz_division_alias *b = a->next; b; b = b->next)
		if (b->hash == a->hash && b->len == a->len && !memcmp(b->text, a->text, a->len))
			return b;
	return NULL;
}
