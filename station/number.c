#include "config.h"

#include "station/number.h"

#include "base/buf.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COUNTER_DIGITS_MAX = 18 };

int yz_number_s10_check(int64_t serial)
{
	static const int weights[] = {8, 6, 4, 2, 3, 5, 9, 7};
	int64_t sum = 0;

	for (int i = 7; i >= 0; i--, serial /= 10)
		sum += serial % 10 * weights[i];
	switch (11 - sum % 11) {
	case 10:
		return 0;
	case 11:
		return 5;
	default:
		return (int)(11 - sum % 11);
	}
}

enum yz_status yz_number_format(
        const struct yz_pool *p, int64_t counter, char out[YZ_NUMBER_SIZE], struct yz_error *err)
{
	char digits[24], check[12] = "";
	bool s10 = !strcmp(p->check_rule, "s10");

	if (!s10 && strcmp(p->check_rule, "none") != 0)
		return yz_fail(
		        err, YZ_E_RANGE, "number pool: unknown check rule %s", p->check_rule);
	(void)snprintf(digits, sizeof(digits), "%0*" PRId64, p->width, counter);
	if (counter < 0 || (int)strlen(digits) != p->width)
		return yz_fail(err, YZ_E_RANGE, "number pool: %" PRId64 " does not fit %d digits",
		        counter, p->width);
	if (s10)
		(void)snprintf(check, sizeof(check), "%d", yz_number_s10_check(counter) % 10);
	if (snprintf(out, YZ_NUMBER_SIZE, "%s%s%s%s", p->prefix, digits, check, p->suffix) >=
	        YZ_NUMBER_SIZE)
		return yz_fail(err, YZ_E_RANGE, "number pool: the number is longer than %d",
		        YZ_NUMBER_SIZE - 1);
	return YZ_OK;
}

static bool is_upper_or_digit(const char *s)
{
	for (; *s; s++)
		if (!(*s >= '0' && *s <= '9') && !(*s >= 'A' && *s <= 'Z'))
			return false;
	return true;
}

/* The counter is the last run of digits; with s10 its last digit is the check digit. */
static bool split(const char *number, bool s10, struct yz_pool *p, int64_t *counter, int *check)
{
	size_t len = strlen(number), end = len, start;
	char digits[COUNTER_DIGITS_MAX + 1];

	while (end && !(number[end - 1] >= '0' && number[end - 1] <= '9'))
		end--;
	start = end;
	while (start && number[start - 1] >= '0' && number[start - 1] <= '9' &&
	        end - start < COUNTER_DIGITS_MAX)
		start--;
	if (s10) {
		if (end - start != 9)
			return false;
		end--;
		*check = number[end] - '0';
	}
	if (start >= sizeof(p->prefix) || len - end - (s10 ? 1 : 0) >= sizeof(p->suffix) ||
	        end == start)
		return false;
	(void)snprintf(p->prefix, sizeof(p->prefix), "%.*s", (int)start, number);
	(void)yz_copy(p->suffix, sizeof(p->suffix), number + end + (s10 ? 1 : 0));
	(void)snprintf(digits, sizeof(digits), "%.*s", (int)(end - start), number + start);
	p->width = (int)(end - start);
	*counter = strtoll(digits, NULL, 10);
	return true;
}

enum yz_status yz_number_range(const char *first, const char *last, const char *check_rule,
        struct yz_pool *p, struct yz_error *err)
{
	struct yz_pool a = *p, b = *p;
	bool s10 = !strcmp(check_rule, "s10");
	int check_a = 0, check_b = 0;

	if (!s10 && strcmp(check_rule, "none") != 0)
		return yz_fail(err, YZ_E_RANGE, "check must be none or s10");
	if (!is_upper_or_digit(first) || !is_upper_or_digit(last) ||
	        strlen(first) >= YZ_NUMBER_SIZE)
		return yz_fail(err, YZ_E_RANGE, "numbers are 1 to %d digits and capital letters",
		        YZ_NUMBER_SIZE - 1);
	if (!split(first, s10, &a, &a.lo, &check_a) || !split(last, s10, &b, &b.lo, &check_b))
		return yz_fail(err, YZ_E_RANGE,
		        s10 ? "an S10 number has 2 letters, 9 digits and 2 letters"
		            : "no digits to count in, or more around them than expected");
	if (strlen(first) != strlen(last) || strcmp(a.prefix, b.prefix) != 0 ||
	        strcmp(a.suffix, b.suffix) != 0)
		return yz_fail(err, YZ_E_RANGE, "first and last differ in more than the counter");
	if (s10 && (yz_number_s10_check(a.lo) != check_a || yz_number_s10_check(b.lo) != check_b))
		return yz_fail(err, YZ_E_RANGE, "the S10 check digit of first or last is wrong");
	if (b.lo < a.lo)
		return yz_fail(err, YZ_E_RANGE, "last is before first");
	a.hi = b.lo;
	a.next = a.lo;
	(void)yz_copy(a.check_rule, sizeof(a.check_rule), check_rule);
	*p = a;
	return YZ_OK;
}
