#include "config.h"

#include "station/refrow.h"

#include "base/buf.h"
#include "base/clock.h"
#include "station/codes.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FAULT_TEXT_MAX = 200 };

enum yz_status yz_refrow_each(const struct yz_ref_source *src,
        const struct yz_refrow_reader *reader, struct yz_error *err)
{
	struct yz_csv *csv = NULL;
	bool more;
	enum yz_status st;

	if ((st = yz_csv_open(&csv, src->text, src->name, err)) != YZ_OK)
		return st;
	if ((st = yz_csv_require(csv, reader->columns, err)) != YZ_OK)
		goto done;
	while ((st = yz_csv_next(csv, &more, err)) == YZ_OK && more) {
		struct yz_refrow r = {csv, src->codes, YZ_OK, err};

		if ((st = reader->row(reader->arg, &r)) != YZ_OK)
			break;
	}
done:
	yz_csv_free(csv);
	return st;
}

enum yz_status yz_refrow_fail(struct yz_refrow *r, const char *column, const char *text)
{
	if (r->st == YZ_OK)
		r->st = yz_csv_fail(r->csv, r->err, column, text);
	return r->st;
}

void yz_refrow_opt(struct yz_refrow *r, const char *column, char *out, size_t size)
{
	const char *value = yz_csv_get(r->csv, column);
	char fault[FAULT_TEXT_MAX];

	if (strlen(value) >= size) {
		(void)snprintf(fault, sizeof(fault), "longer than %zu bytes", size - 1);
		(void)yz_refrow_fail(r, column, fault);
		value = "";
	}
	(void)yz_copy(out, size, value);
}

void yz_refrow_text(struct yz_refrow *r, const char *column, char *out, size_t size)
{
	yz_refrow_opt(r, column, out, size);
	if (!*yz_csv_get(r->csv, column))
		(void)yz_refrow_fail(r, column, "must not be empty");
}

int64_t yz_refrow_int(struct yz_refrow *r, const char *column, struct yz_refrow_range range)
{
	const char *value = yz_csv_get(r->csv, column);
	char fault[FAULT_TEXT_MAX], *end;
	intmax_t n;

	if (!*value && range.empty != YZ_REFROW_NEEDED)
		return range.empty;
	errno = 0;
	n = strtoimax(value, &end, 10);
	if (*value && !*end && !errno && n >= range.min && n <= range.max)
		return n;
	(void)snprintf(fault, sizeof(fault), "must be a whole number from %" PRId64 " to %" PRId64,
	        range.min, range.max);
	(void)yz_refrow_fail(r, column, fault);
	return range.min;
}

int yz_refrow_choice(struct yz_refrow *r, const char *column, const char *const *names)
{
	const char *value = yz_csv_get(r->csv, column);
	struct yz_buf fault = YZ_BUF_INIT;

	for (int i = 0; names[i]; i++)
		if (!strcmp(names[i], value))
			return i;
	yz_buf_puts(&fault, "must be one of");
	for (int i = 0; names[i]; i++)
		yz_buf_printf(&fault, " \"%s\"", names[i]);
	(void)yz_refrow_fail(r, column, yz_buf_str(&fault));
	yz_buf_free(&fault);
	return 0;
}

void yz_refrow_date(struct yz_refrow *r, const char *column, char *out, bool optional)
{
	const char *value = yz_csv_get(r->csv, column);
	int64_t ms;

	*out = '\0';
	if (!*value && optional)
		return;
	if (strlen(value) != 10 || !yz_clock_parse(value, &ms))
		(void)yz_refrow_fail(r, column, "must be a day as YYYY-MM-DD");
	else
		(void)yz_copy(out, 11, value);
}

void yz_refrow_token(
        struct yz_refrow *r, const char *column, const char *allowed, const char *value)
{
	char fault[FAULT_TEXT_MAX];

	if (value[strspn(value, allowed)]) {
		(void)snprintf(fault, sizeof(fault), "may hold only these characters: %s", allowed);
		(void)yz_refrow_fail(r, column, fault);
	}
}

void yz_refrow_division(struct yz_refrow *r, const char *column, const char *code)
{
	char fault[FAULT_TEXT_MAX];

	if (yz_code_level(code) == YZ_LEVEL_NONE) {
		(void)snprintf(fault, sizeof(fault),
		        "\"%.24s\" is not a division code (2, 4, 6, 9 or 12 digits)", code);
		(void)yz_refrow_fail(r, column, fault);
	} else if (r->codes && !yz_codes_has(r->codes, code)) {
		(void)snprintf(fault, sizeof(fault), "the divisions do not list the code %s", code);
		(void)yz_refrow_fail(r, column, fault);
	}
}

void yz_refrow_divisions(struct yz_refrow *r, const char *column, const char *list, bool star)
{
	char code[24];

	if (star && !strcmp(list, "*"))
		return;
	for (;; list++) {
		size_t len = strcspn(list, ";");

		(void)snprintf(code, sizeof(code), "%.*s",
		        (int)(len < sizeof(code) ? len : sizeof(code)), list);
		yz_refrow_division(r, column, code);
		list += len;
		if (!*list)
			return;
	}
}
