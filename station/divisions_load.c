#include "config.h"

#include "station/divisions_table.h"

#include "base/buf.h"
#include "base/csv.h"
#include "base/file.h"
#include "base/text.h"
#include "station/division_stem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX_BYTES = 16 << 20 };

static enum yz_division_level level_of(const char *code)
{
	static const uint8_t by_digits[13] = {[2] = YZ_DIVISION_PROVINCE,
	        [4] = YZ_DIVISION_CITY,
	        [6] = YZ_DIVISION_COUNTY,
	        [9] = YZ_DIVISION_TOWN,
	        [12] = YZ_DIVISION_VILLAGE};
	size_t n = strspn(code, "0123456789");

	return code[n] || n > 12 ? YZ_DIVISION_COUNTRY : by_digits[n];
}

static bool is_placeholder(const char *name)
{
	static const char *const names[] = {"市辖区", "县", "省直辖县级行政区划",
	        "自治区直辖县级行政区划", "县直辖村级区划", "省直辖县级行政单位"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

static void alias_add(
        struct yz_divisions *d, const char *text, size_t len, struct yz_division_alias like)
{
	struct yz_division_alias *a = d->aliases + d->alias_count++;
	uint32_t h = yz_divisions_hash(text, len);

	*a = like;
	a->text = text;
	a->len = (uint16_t)len;
	a->hash = h;
	a->next = d->names[h % YZ_DIVISIONS_BUCKETS];
	d->names[h % YZ_DIVISIONS_BUCKETS] = a;
}

/* Some towns carry their county's name (济源市沁园街道): they are known without it too. */
static const char *own_part(const struct yz_division *row)
{
	size_t n = row->parent ? strlen(row->parent->name) : 0;

	if (row->level == YZ_DIVISION_TOWN && n && !strncmp(row->name, row->parent->name, n) &&
	        row->name[n])
		return row->name + n;
	return row->name;
}

static void alias_row(struct yz_divisions *d, const struct yz_division *row)
{
	const char *own = own_part(row);
	size_t stem = yz_division_stem(own, row->level);
	struct yz_division_alias exact = {.naming = YZ_NAMED_EXACT, .division = row};
	struct yz_division_alias stemmed = {.naming = YZ_NAMED_STEM, .division = row};

	if (row->is_placeholder)
		return;
	if (strstr(row->name,
	            "（")) { /* people's brackets are made ASCII before they are looked up */
		char *ascii = d->spare;

		memcpy(ascii, row->name, strlen(row->name) + 1);
		yz_text_halve(ascii);
		d->spare += strlen(ascii) + 1;
		alias_add(d, ascii, strlen(ascii), exact);
	}
	alias_add(d, row->name, strlen(row->name), exact);
	if (own != row->name)
		alias_add(d, own, strlen(own), exact);
	if (stem)
		alias_add(d, own, stem, stemmed);
}

static void link_row(
        struct yz_divisions *d, struct yz_division *row, const struct yz_division **last)
{
	struct yz_division *up = NULL;
	const struct yz_division **tail;

	for (int level = row->level - 1; level > YZ_DIVISION_COUNTRY && !up; level--)
		up = yz_divisions_row(d, row->code, yz_division_digits[level]);
	row->parent = up;
	tail = last + (up ? up - d->rows + 1 : 0);
	if (*tail)
		d->rows[*tail - d->rows].next = row;
	else if (up)
		up->child = row;
	else
		d->first = row;
	*tail = row;
}

static void index_rows(struct yz_divisions *d)
{
	const struct yz_division **last =
	        yz_alloc((d->count + 1) * sizeof(const struct yz_division *));

	for (size_t i = 0; i < d->count; i++) {
		size_t len = strlen(d->rows[i].code);
		uint32_t at = yz_divisions_hash(d->rows[i].code, len) % YZ_DIVISIONS_BUCKETS;

		while (d->codes[at])
			at = (at + 1) % YZ_DIVISIONS_BUCKETS;
		d->codes[at] = (uint32_t)i + 1;
	}
	for (size_t i = 0; i < d->count; i++)
		link_row(d, d->rows + i, last);
	for (size_t i = 0; i < d->count; i++)
		alias_row(d, d->rows + i);
	free(last);
}

static enum yz_status read_rows(struct yz_divisions *d, struct yz_csv *csv, struct yz_error *err)
{
	char *text = d->texts;
	bool more;
	enum yz_status st;

	while ((st = yz_csv_next(csv, &more, err)) == YZ_OK && more) {
		const char *code = yz_csv_get(csv, "code"), *name = yz_csv_get(csv, "name");
		struct yz_division *row = d->rows + d->count;
		enum yz_division_level level = level_of(code);

		if (level == YZ_DIVISION_COUNTRY)
			return yz_csv_fail(csv, err, "code", "expected 2, 4, 6, 9 or 12 digits");
		if (!*name)
			return yz_csv_fail(csv, err, "name", "missing");
		if (d->count == d->cap)
			return yz_csv_fail(csv, err, "code", "too many divisions");
		memcpy(row->code, code, strlen(code) + 1);
		memcpy(text, name, strlen(name) + 1);
		row->name = text;
		text += strlen(name) + 1;
		row->level = (uint8_t)level;
		row->is_placeholder = is_placeholder(name);
		d->count++;
	}
	d->spare = text;
	return st;
}

/* The reader has ended the header's cells by then, so the text is more than one string. */
static size_t lines_of(const struct yz_buf *text)
{
	size_t n = 1;

	for (size_t i = 0; i < text->len; i++)
		n += text->data[i] == '\n';
	return n;
}

static enum yz_status open_csv(
        struct yz_csv **csv, struct yz_buf *text, const char *name, struct yz_error *err)
{
	static const char *const need[] = {"code", "name", NULL};
	enum yz_status st;

	yz_buf_putc(text, '\n'); /* so that data is never NULL */
	if ((st = yz_csv_open(csv, text->data, name, err)) != YZ_OK)
		return st;
	return yz_csv_require(*csv, need, err);
}

static enum yz_status read_current(
        struct yz_divisions *d, struct yz_buf *text, struct yz_error *err)
{
	struct yz_csv *csv = NULL;
	enum yz_status st = open_csv(&csv, text, "divisions.csv", err);

	if (st == YZ_OK) {
		d->cap = lines_of(text);
		d->rows = yz_alloc((d->cap + 1) * sizeof(*d->rows));
		d->texts = yz_alloc(text->len * 2 + 1); /* room for ASCII brackets */
		st = read_rows(d, csv, err);
	}
	yz_csv_free(csv);
	return st;
}

static enum yz_status read_old(struct yz_divisions *d, struct yz_csv *csv, struct yz_error *err)
{
	char *into = d->old_texts;
	bool more;
	enum yz_status st;

	while ((st = yz_csv_next(csv, &more, err)) == YZ_OK && more) {
		const char *name = yz_csv_get(csv, "name"), *now = yz_csv_get(csv, "now_code");
		const struct yz_division *row = yz_divisions_row(d, now, strlen(now));
		struct yz_division_alias old = {.naming = YZ_NAMED_OLD, .division = row};

		if (!row || strlen(name) < strlen("一县"))
			continue; /* its land was shared out, or lies where the divisions do not
			             reach */
		memcpy(into, name, strlen(name) + 1);
		alias_add(d, into, strlen(name), old);
		into += strlen(name) + 1;
	}
	return st;
}

/* Short forms that are not the beginning of a name without its kind. */
static void add_short_forms(struct yz_divisions *d)
{
	static const struct {
		const char *code, *name;
	} rows[] = {{"15", "内蒙"}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct yz_division_alias a = {.naming = YZ_NAMED_STEM,
		        .division = yz_divisions_row(d, rows[i].code, strlen(rows[i].code))};

		if (a.division)
			alias_add(d, rows[i].name, strlen(rows[i].name), a);
	}
}

enum { SHORT_FORMS_ROOM = 8 };

enum yz_status yz_divisions_build(struct yz_divisions **out, struct yz_buf *current,
        struct yz_buf *old_names, struct yz_error *err)
{
	struct yz_divisions *d = yz_alloc(sizeof(*d));
	struct yz_csv *old = NULL;
	enum yz_status st;

	d->names = yz_alloc(YZ_DIVISIONS_BUCKETS * sizeof(const struct yz_division_alias *));
	d->codes = yz_alloc(YZ_DIVISIONS_BUCKETS * sizeof(*d->codes));
	if ((st = read_current(d, current, err)) != YZ_OK)
		goto done;
	if (old_names->len && (st = open_csv(&old, old_names, "divisions-old.csv", err)) != YZ_OK)
		goto done;
	/* at most four names a row (official, ASCII brackets, without its county, stem), and the
	 * old ones */
	d->aliases = yz_alloc(
	        (d->count * 4 + lines_of(old_names) + SHORT_FORMS_ROOM) * sizeof(*d->aliases));
	d->old_texts = yz_alloc(old_names->len + 1);
	index_rows(d);
	add_short_forms(d);
	if (old && (st = read_old(d, old, err)) != YZ_OK)
		goto done;
	*out = d;
	d = NULL;
done:
	yz_csv_free(old);
	yz_divisions_free(d);
	return st;
}

enum yz_status yz_divisions_load(struct yz_divisions **out, const char *dir, struct yz_error *err)
{
	struct yz_buf current = YZ_BUF_INIT, old = YZ_BUF_INIT;
	char path[4096];
	enum yz_status st;

	(void)snprintf(path, sizeof(path), "%s/divisions.csv", dir);
	st = yz_file_read(&current, path, FILE_MAX_BYTES, err);
	(void)snprintf(path, sizeof(path), "%s/divisions-old.csv", dir);
	/* old names are a help, not a duty: without the file only today's names are known */
	if (st == YZ_OK && yz_file_exists(path))
		st = yz_file_read(&old, path, FILE_MAX_BYTES, err);
	if (st == YZ_OK)
		st = yz_divisions_build(out, &current, &old, err);
	yz_buf_free(&current);
	yz_buf_free(&old);
	return st;
}

void yz_divisions_free(struct yz_divisions *d)
{
	if (!d)
		return;
	free(d->rows);
	free(d->aliases);
	free(d->names);
	free(d->codes);
	free(d->texts);
	free(d->old_texts);
	free(d);
}
