#include "config.h"

#include "station/money.h"

#include "base/buf.h"
#include "base/text.h"

#include <assert.h>
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum yz_status unreadable(struct yz_error *err)
{
	return yz_fail_field(err, YZ_E_PARSE, "amount",
	        N_("Type an amount in yuan with at most two decimals, such as 12.50 or 12+3.5."));
}

static enum yz_status out_of_range(struct yz_error *err)
{
	return yz_fail_field(err, YZ_E_RANGE, "amount", N_("The amount is below 0 or too large."));
}

static void skip(const char **p, const char *word)
{
	while (**p == ' ')
		(*p)++;
	if (!strncmp(*p, word, strlen(word)))
		*p += strlen(word);
	while (**p == ' ')
		(*p)++;
}

/* One term "12.5"; *fen stays below YZ_MONEY_MAX_FEN. */
static enum yz_status term(const char **p, int64_t *fen, struct yz_error *err)
{
	int64_t n = 0;
	int decimals = -1, digits = 0;

	skip(p, "¥");
	for (; isdigit((unsigned char)**p) || (**p == '.' && decimals < 0); (*p)++) {
		if (**p == '.') {
			decimals = 0;
			continue;
		}
		if (decimals >= 0 && ++decimals > 2)
			return unreadable(err);
		n = n * 10 + (**p - '0');
		digits++;
		if (n > YZ_MONEY_MAX_FEN)
			return out_of_range(err);
	}
	if (!digits)
		return unreadable(err);
	for (int d = decimals < 0 ? 0 : decimals; d < 2; d++)
		n *= 10;
	if (n > YZ_MONEY_MAX_FEN)
		return out_of_range(err);
	skip(p, "元");
	*fen = n;
	return YZ_OK;
}

enum yz_status yz_money_parse(const char *text, int64_t *fen, struct yz_error *err)
{
	char *copy = yz_strdup(text);
	const char *p = copy;
	int64_t sum = 0, n = 0;
	int sign = 1;
	enum yz_status st;

	yz_text_halve(copy);
	for (;;) {
		if ((st = term(&p, &n, err)) != YZ_OK)
			goto done;
		sum += sign * n;
		if (sum > YZ_MONEY_MAX_FEN || sum < -YZ_MONEY_MAX_FEN) {
			st = out_of_range(err);
			goto done;
		}
		if (!*p)
			break;
		if (*p != '+' && *p != '-') {
			st = unreadable(err);
			goto done;
		}
		sign = *p++ == '+' ? 1 : -1;
	}
	if (sum < 0)
		st = out_of_range(err);
	else
		*fen = sum;
done:
	free(copy);
	return st;
}

char *yz_money_text(int64_t fen, char *out)
{
	(void)snprintf(out, YZ_MONEY_TEXT_SIZE, "%s%" PRId64 ".%02d", fen < 0 ? "-" : "",
	        imaxabs(fen / 100), (int)imaxabs(fen % 100));
	return out;
}

static const char *const han_digit[] = {"零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"};

/* Whole yuan. A run of zeros is one 零 when digits follow it; a group of four zeros loses its 万.
 */
static void put_yuan(struct yz_buf *b, int64_t yuan)
{
	static const char *const place[] = {"", "拾", "佰", "仟"};
	static const char *const group[] = {"", "万", "亿"};
	char digits[20];
	int len = snprintf(digits, sizeof(digits), "%" PRId64, yuan);
	bool zero = false, group_has = false;

	for (int i = 0; i < len; i++) {
		int rest = len - 1 - i, d = digits[i] - '0';

		if (d == 0) {
			zero = true;
		} else {
			if (zero)
				yz_buf_puts(b, "零");
			zero = false;
			group_has = true;
			yz_buf_puts(b, han_digit[d]);
			yz_buf_puts(b, place[rest % 4]);
		}
		if (rest % 4 == 0) {
			if (group_has)
				yz_buf_puts(b, group[rest / 4]);
			group_has = false;
		}
	}
}

char *yz_money_han(int64_t fen, char *out)
{
	struct yz_buf b = YZ_BUF_INIT;
	int64_t yuan = imaxabs(fen) / 100;
	int jiao = (int)(imaxabs(fen) / 10 % 10), cents = (int)(imaxabs(fen) % 10);

	assert(imaxabs(fen) <= YZ_MONEY_MAX_FEN);
	if (fen < 0)
		yz_buf_puts(&b, "负");
	if (yuan) {
		put_yuan(&b, yuan);
		yz_buf_puts(&b, "元");
	}
	if (jiao)
		yz_buf_printf(&b, "%s角", han_digit[jiao]);
	else if (yuan && cents)
		yz_buf_puts(&b, "零");
	if (cents)
		yz_buf_printf(&b, "%s分", han_digit[cents]);
	if (!fen)
		yz_buf_puts(&b, "零元");
	if (!cents)
		yz_buf_puts(&b, "整");
	(void)yz_copy(out, YZ_MONEY_HAN_SIZE, yz_buf_str(&b));
	yz_buf_free(&b);
	return out;
}
