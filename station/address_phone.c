#include "config.h"

#include "station/address_parts.h"

#include "base/buf.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* What was read at one place of the text. */
struct found {
	char number[32];
	size_t len; /* bytes it takes in the text; 0: nothing there */
	bool is_mobile;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static size_t digit_run(const char *s)
{
	return strspn(s, "0123456789");
}

static bool starts(const char *s, const char *word)
{
	return !strncmp(s, word, strlen(word));
}

/* "转801", "-801", "分机801", "#801", "ext 801": appends "-801" to the number and returns the bytes
 * it takes. */
static size_t extension(const char *s, char *number, size_t size)
{
	static const char *const words[] = {"转分机", "转", "分机", "-", "ext.", "ext", "#"};
	size_t skip = strspn(s, " ,"), n = 0, used;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]) && !n; i++)
		if (starts(s + skip, words[i]))
			n = strlen(words[i]);
	if (!n || (skip && s[skip] == '-'))
		return 0;
	skip += n;
	skip += strspn(s + skip, " :");
	n = digit_run(s + skip);
	if (n < 1 || n > 4)
		return 0;
	used = strlen(number);
	(void)snprintf(number + used, size - used, "-%.*s", (int)n, s + skip);
	return skip + n;
}

/* Eleven digits, in groups of 3-4-4, 3-3-5 or 4-3-4 if there are blanks or dashes between; 0 if it
 * is not that. */
static size_t eleven(const char *s, char digits[12])
{
	size_t n = 0, i = 0;

	while (n < 11) {
		if (is_digit(s[i]))
			digits[n++] = s[i++];
		else if ((s[i] == ' ' || s[i] == '-') && (n == 3 || n == 4 || n == 6 || n == 7) &&
		         is_digit(s[i + 1]))
			i++;
		else
			return 0;
	}
	digits[11] = '\0';
	return is_digit(s[i]) || digits[0] != '1' ? 0 : i;
}

static bool is_mobile(const char *s)
{
	return s[0] == '1' && s[1] >= '3' && s[1] <= '9';
}

static struct found mobile_at(const char *s)
{
	struct found f = {.is_mobile = true};
	size_t skip = 0, n;
	char digits[12];

	for (size_t i = 0; i < 5 && !skip; i++) {
		static const char *const prefixes[] = {"+86", "(+86)", "0086", "86", "0"};

		if (starts(s, prefixes[i]) &&
		        eleven(s + strlen(prefixes[i]) + strspn(s + strlen(prefixes[i]), " -"),
		                digits) != 0 &&
		        is_mobile(digits))
			skip = strlen(prefixes[i]) + strspn(s + strlen(prefixes[i]), " -");
	}
	n = eleven(s + skip, digits);
	if (!n)
		return f;
	(void)yz_copy(f.number, sizeof(f.number), digits);
	f.len = skip + n;
	f.len += extension(s + f.len, f.number, sizeof(f.number));
	/* a platform's virtual number may start with any two digits, but never lacks its extension
	 */
	if (!is_mobile(digits) && strlen(f.number) == 11)
		f.len = 0;
	return f;
}

static struct found landline_at(const char *s)
{
	struct found f = {.is_mobile = false};
	bool has_paren = *s == '(';
	const char *area = s + has_paren, *number;
	size_t area_len, n;

	if (area[0] != '0' || area[1] < '1' || area[1] > '9')
		return f;
	area_len = area[1] == '1' || area[1] == '2' ? 3 : 4;
	if (digit_run(area) < area_len || (has_paren && area[area_len] != ')'))
		return f;
	number = area + area_len + has_paren;
	number += *number == '-' || *number == ' ';
	n = digit_run(number);
	if (n < 7 || n > 8 || *number < '2')
		return f;
	(void)snprintf(f.number, sizeof(f.number), "%.*s%s%.*s", (int)area_len, area,
	        number == area + area_len ? "" : "-", (int)n, number);
	f.len = (size_t)(number - s) + n;
	f.len += extension(s + f.len, f.number, sizeof(f.number));
	return f;
}

static struct found masked_at(const char *s)
{
	struct found f = {.is_mobile = true};
	size_t head = digit_run(s), stars = strspn(s + head, "*"),
	       tail = digit_run(s + head + stars);

	if (head >= 2 && stars >= 3 && tail >= 1)
		f.len = head + stars + tail;
	return f;
}

/* "30115801691123" behind 单元: a room number glued to the phone. Either end may be the phone; what
 * follows tells. */
static struct found glued_at(const char *s, size_t *skip, bool *is_sure)
{
	static const char *const units[] = {"号", "室", "栋", "幢", "楼", "单元", "座", "层", "-"};
	struct found f = {.is_mobile = true};
	size_t run = digit_run(s);
	bool has_unit = false, at_end, at_start;

	if (run < 12 || run > 16)
		return f;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		has_unit = has_unit || starts(s + run, units[i]);
	at_end = is_mobile(s + run - 11);
	at_start = is_mobile(s);
	if (!at_end && !at_start)
		return f;
	*is_sure = at_end != at_start || has_unit;
	*skip = at_end && !(at_start && has_unit) ? run - 11 : 0;
	(void)snprintf(f.number, sizeof(f.number), "%.11s", s + *skip);
	f.len = 11;
	if (*skip)
		f.len += extension(s + *skip + f.len, f.number, sizeof(f.number));
	return f;
}

/* Puts a mark in place of the number. */
static void cut(char *text, size_t at, size_t len)
{
	text[at] = YZ_ADDR_PHONE_MARK;
	memmove(text + at + 1, text + at + len, strlen(text + at + len) + 1);
}

static void keep(struct yz_addr_work *w, const struct found *f)
{
	bool has = w->out->phone[0] != '\0';

	if (has && (!strcmp(w->out->phone, f->number) || !f->number[0]))
		return;
	if (has)
		yz_addr_doubt(
		        w, 0.88); /* two numbers: the clerk decides which one goes on the label */
	if (!has || (f->is_mobile && w->out->phone[0] == '0'))
		(void)yz_copy(w->out->phone, sizeof(w->out->phone), f->number);
}

static bool may_start(const char *text, size_t at)
{
	char before = at ? text[at - 1] : ' ';

	return (is_digit(text[at]) || text[at] == '+' || text[at] == '(') && !is_digit(before) &&
	       before != '*' && !(isalpha((unsigned char)before) && isascii(before));
}

static void take_glued(struct yz_addr_work *w)
{
	for (size_t i = 0; w->text[i]; i++) {
		size_t skip = 0;
		bool is_sure = false;
		struct found f = {.len = 0};

		if (may_start(w->text, i))
			f = glued_at(w->text + i, &skip, &is_sure);
		if (!f.len)
			continue;
		if (!is_sure)
			yz_addr_doubt(w, 0.7);
		keep(w, &f);
		cut(w->text, i + skip, f.len);
		return;
	}
}

/* Order and identity numbers: too long for a phone and nothing of an address. */
static void drop_long_numbers(struct yz_addr_work *w)
{
	for (size_t i = 0; w->text[i];) {
		size_t run = digit_run(w->text + i);

		if (run >= 15) {
			run += w->text[i + run] == 'X' || w->text[i + run] == 'x';
			memset(w->text + i, ' ', run);
			yz_addr_doubt(w, 0.95);
		}
		i += run ? run : 1;
	}
}

void yz_addr_take_phones(struct yz_addr_work *w)
{
	for (size_t i = 0; w->text[i]; i++) {
		struct found f;

		if (!may_start(w->text, i))
			continue;
		f = landline_at(w->text + i);
		if (!f.len)
			f = mobile_at(w->text + i);
		if (!f.len)
			f = masked_at(w->text + i);
		if (!f.len)
			continue;
		if (!f.number[0])
			yz_addr_doubt(w, 0.5);
		keep(w, &f);
		cut(w->text, i, f.len);
	}
	if (!w->out->phone[0])
		take_glued(w);
	drop_long_numbers(w);
}
