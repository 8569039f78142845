#include "config.h"

#include "station/mask.h"

#include "base/buf.h"
#include "base/text.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

enum { HIDDEN_DIGITS = 6, HEAD_DIGITS = 3, TAIL_DIGITS = 2 };

void yz_mask_phone(const char *phone, char *out, size_t size)
{
	const char *dash = strrchr(phone, '-');
	size_t digits = 0, at = 0, used = 0, len = strlen(phone), main_len = len, head, tail;

	/* 0874-3123456 has its dash in front, an extension has it behind at least 10 digits */
	if (dash && (size_t)(dash - phone) >= 10)
		main_len = (size_t)(dash - phone);
	for (size_t i = 0; i < main_len; i++)
		digits += isdigit((unsigned char)phone[i]) != 0;
	head = digits >= HIDDEN_DIGITS + TAIL_DIGITS + HEAD_DIGITS ? HEAD_DIGITS : 0;
	tail = digits >= HIDDEN_DIGITS + TAIL_DIGITS ? TAIL_DIGITS : 0;
	for (size_t i = 0; i < len && used + 1 < size; i++) {
		bool is_digit = isdigit((unsigned char)phone[i]);
		bool shown = !is_digit || (i < main_len && (at < head || at >= digits - tail));

		at += is_digit;
		out[used++] = shown ? phone[i] : '*';
	}
	if (size)
		out[used] = '\0';
}

void yz_mask_name(const char *name, char *out, size_t size)
{
	size_t chars = yz_text_chars(name), at = 0, used = 0;

	while (*name) {
		const char *from = name;
		bool shown;

		(void)yz_utf8_next(&name);
		shown = (at == 0 && chars > 1) || (at + 1 == chars && chars > 2);
		if (used + (shown ? (size_t)(name - from) : 1) + 1 > size)
			break;
		if (shown) {
			memcpy(out + used, from, (size_t)(name - from));
			used += (size_t)(name - from);
		} else {
			out[used++] = '*';
		}
		at++;
	}
	if (size)
		out[used] = '\0';
}

static bool is_number(char c)
{
	return isalnum((unsigned char)c) || c == '-' || c == '#';
}

/* Does the number that ends before this text name a dwelling? */
static bool is_dwelling(const char *run, size_t len, const char *after)
{
	static const char *const words[] = {
	        "室", "户", "单元", "栋", "幢", "座", "楼", "层", "号楼", "号房", "房", "门"};
	const char *p = after;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strncmp(p, words[i], strlen(words[i])))
			return true;
	/* 3-2-501, or a bare room number at the end */
	return memchr(run, '-', len) != NULL || !*after;
}

void yz_mask_detail(const char *detail, char *out, size_t size)
{
	size_t used = 0;

	while (*detail && used + 1 < size) {
		size_t run = 0;
		bool hidden;

		while (is_number(detail[run]))
			run++;
		if (!run) {
			out[used++] = *detail++;
			continue;
		}
		hidden = is_dwelling(detail, run, detail + run);
		for (size_t i = 0; i < run && used + 1 < size; i++)
			out[used++] = hidden && isalnum((unsigned char)detail[i]) ? '*' : detail[i];
		detail += run;
	}
	if (size)
		out[used] = '\0';
}
