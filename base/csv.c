#include "config.h"

#include "base/csv.h"

#include "base/buf.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

struct yz_csv {
	char *p; /* next byte to read */
	const char *name;
	const char *header[YZ_CSV_COLUMNS_MAX];
	char *cell[YZ_CSV_COLUMNS_MAX];
	int columns, line, next_line;
};

/* Reads one cell in place; *last is set when the row ends behind it. */
static char *cell(struct yz_csv *csv, bool *last)
{
	char *start = csv->p, *in = csv->p, *out = csv->p;
	bool quoted = *in == '"';

	if (quoted)
		in++;
	while (*in) {
		if (quoted && *in == '"') {
			if (in[1] != '"') {
				quoted = false;
				in++;
				continue;
			}
			in++;
		} else if (!quoted && (*in == ',' || *in == '\n' || *in == '\r')) {
			break;
		}
		if (*in == '\n')
			csv->next_line++;
		*out++ = *in++;
	}
	*last = *in != ',';
	if (*in == '\r' && in[1] == '\n')
		in++;
	if (*in == '\n' || *in == '\r')
		csv->next_line++;
	if (*in)
		in++;
	csv->p = in;
	*out = '\0';
	yz_text_trim(start);
	return start;
}

/* Skips notes and empty lines; false at the end of the text. */
static bool skip_notes(struct yz_csv *csv)
{
	while (*csv->p == '#' || *csv->p == '\n' || *csv->p == '\r') {
		csv->p += strcspn(csv->p, "\n");
		if (*csv->p)
			csv->p++;
		csv->next_line++;
	}
	csv->line = csv->next_line;
	return *csv->p != '\0';
}

static enum yz_status row(struct yz_csv *csv, char **cells, int *count, struct yz_error *err)
{
	bool last = false;

	for (*count = 0; !last; (*count)++) {
		if (*count == YZ_CSV_COLUMNS_MAX)
			return yz_fail(err, YZ_E_PARSE, "%s:%d: more than %d columns", csv->name,
			        csv->line, YZ_CSV_COLUMNS_MAX);
		cells[*count] = cell(csv, &last);
	}
	return YZ_OK;
}

enum yz_status yz_csv_open(struct yz_csv **out, char *text, const char *name, struct yz_error *err)
{
	struct yz_csv *csv;
	char *cells[YZ_CSV_COLUMNS_MAX];
	enum yz_status st;

	if (!yz_utf8_is_valid(text))
		return yz_fail(err, YZ_E_PARSE, "%s: not UTF-8", name);
	csv = yz_alloc(sizeof(*csv));
	csv->p = strncmp(text, "\xEF\xBB\xBF", 3) ? text : text + 3;
	csv->name = name;
	csv->next_line = 1;
	if (!skip_notes(csv)) {
		st = yz_fail(err, YZ_E_PARSE, "%s: no header row", name);
		goto done;
	}
	if ((st = row(csv, cells, &csv->columns, err)) != YZ_OK)
		goto done;
	for (int i = 0; i < csv->columns; i++)
		csv->header[i] = cells[i];
	*out = csv;
	csv = NULL;
done:
	yz_csv_free(csv);
	return st;
}

void yz_csv_free(struct yz_csv *csv)
{
	free(csv);
}

enum yz_status yz_csv_require(
        const struct yz_csv *csv, const char *const *names, struct yz_error *err)
{
	for (; *names; names++) {
		int i = 0;

		while (i < csv->columns && strcmp(csv->header[i], *names) != 0)
			i++;
		if (i == csv->columns)
			return yz_fail(err, YZ_E_PARSE, "%s:1: the column \"%s\" is missing",
			        csv->name, *names);
	}
	return YZ_OK;
}

enum yz_status yz_csv_next(struct yz_csv *csv, bool *more, struct yz_error *err)
{
	int count;
	enum yz_status st;

	if (!skip_notes(csv)) {
		*more = false;
		return YZ_OK;
	}
	if ((st = row(csv, csv->cell, &count, err)) != YZ_OK)
		return st;
	if (count != csv->columns)
		return yz_fail(err, YZ_E_PARSE, "%s:%d: %d columns, expected %d", csv->name,
		        csv->line, count, csv->columns);
	*more = true;
	return YZ_OK;
}

const char *yz_csv_get(const struct yz_csv *csv, const char *column)
{
	for (int i = 0; i < csv->columns; i++)
		if (!strcmp(csv->header[i], column))
			return csv->cell[i] ? csv->cell[i] : "";
	return "";
}

int yz_csv_line(const struct yz_csv *csv)
{
	return csv->line;
}

enum yz_status yz_csv_fail(
        const struct yz_csv *csv, struct yz_error *err, const char *column, const char *text)
{
	return yz_fail(err, YZ_E_PARSE, "%s:%d: %s: %s", csv->name, csv->line, column, text);
}
