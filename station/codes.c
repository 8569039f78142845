#include "config.h"

#include "station/codes.h"

#include "base/buf.h"
#include "station/refdata.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct entry {
	int64_t code; /* the digits as a number: no code starts with 0 */
	int line;
};

struct yz_codes {
	struct entry *rows; /* sorted by code */
	size_t count, cap;
	const char *name; /* during loading */
};

enum yz_level yz_code_level(const char *code)
{
	static const enum yz_level levels[] = {[2] = YZ_LEVEL_PROVINCE,
	        [4] = YZ_LEVEL_CITY,
	        [6] = YZ_LEVEL_COUNTY,
	        [9] = YZ_LEVEL_TOWN,
	        [12] = YZ_LEVEL_VILLAGE};
	size_t len = strspn(code, "0123456789");

	if (code[len] || code[0] == '0' || len >= sizeof(levels) / sizeof(levels[0]))
		return YZ_LEVEL_NONE;
	return levels[len];
}

static int by_code(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return x->code < y->code ? -1 : x->code > y->code;
}

/* The first entry whose code is not below this one. */
static size_t lower(const struct yz_codes *codes, int64_t code)
{
	size_t lo = 0, hi = codes->count;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (codes->rows[mid].code < code)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static bool listed(const struct yz_codes *codes, int64_t code)
{
	size_t i = lower(codes, code);

	return i < codes->count && codes->rows[i].code == code;
}

static enum yz_status add(void *arg, const struct yz_division_row *row, struct yz_error *err)
{
	struct yz_codes *codes = arg;

	(void)err;
	if (codes->count == codes->cap) {
		codes->cap = codes->cap ? codes->cap * 2 : 4096;
		codes->rows = yz_realloc(codes->rows, codes->cap * sizeof(*codes->rows));
	}
	codes->rows[codes->count++] = (struct entry){strtoll(row->code, NULL, 10), row->line};
	return YZ_OK;
}

static int64_t parent(int64_t code)
{
	if (code < 100)
		return 0;
	return code < 1000000 ? code / 100 : code / 1000;
}

static enum yz_status verify(const struct yz_codes *codes, struct yz_error *err)
{
	for (size_t i = 0; i < codes->count; i++) {
		const struct entry *e = &codes->rows[i];

		if (i && e->code == e[-1].code)
			return yz_fail(err, YZ_E_PARSE, "%s:%d: code: %lld is already on line %d",
			        codes->name, e->line > e[-1].line ? e->line : e[-1].line,
			        (long long)e->code, e->line > e[-1].line ? e[-1].line : e->line);
		if (parent(e->code) && !listed(codes, parent(e->code)))
			return yz_fail(err, YZ_E_PARSE,
			        "%s:%d: code: %lld has no parent %lld in the file", codes->name,
			        e->line, (long long)e->code, (long long)parent(e->code));
	}
	return YZ_OK;
}

enum yz_status yz_codes_load(
        struct yz_codes **out, char *text, const char *name, struct yz_error *err)
{
	struct yz_codes *codes = yz_alloc(sizeof(*codes));
	struct yz_ref_source src = {text, name, NULL};
	enum yz_status st;

	codes->name = name;
	if ((st = yz_divisions_read(&src, add, codes, err)) != YZ_OK)
		goto done;
	if (codes->count)
		qsort(codes->rows, codes->count, sizeof(*codes->rows), by_code);
	if ((st = verify(codes, err)) != YZ_OK)
		goto done;
	codes->name = NULL;
	*out = codes;
	codes = NULL;
done:
	yz_codes_free(codes);
	return st;
}

void yz_codes_free(struct yz_codes *codes)
{
	if (!codes)
		return;
	free(codes->rows);
	free(codes);
}

size_t yz_codes_count(const struct yz_codes *codes)
{
	return codes->count;
}

bool yz_codes_has(const struct yz_codes *codes, const char *code)
{
	enum yz_level level = yz_code_level(code);
	int64_t n, town;
	size_t i;

	if (level == YZ_LEVEL_NONE)
		return false;
	n = strtoll(code, NULL, 10);
	if (listed(codes, n) || level != YZ_LEVEL_VILLAGE)
		return listed(codes, n);
	town = n / 1000;
	i = lower(codes, town * 1000);
	return listed(codes, town) &&
	       (i == codes->count || codes->rows[i].code >= (town + 1) * 1000);
}
