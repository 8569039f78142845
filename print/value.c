#include "config.h"

#include "print/value.h"

#include "base/clock.h"
#include "station/mask.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

int yz_value_format_by_name(const char *name)
{
	static const char *const names[] = {
#define X(name, id) name,
	        YZ_VALUE_FORMATS(X)
#undef X
	};

	for (int i = 0; i < YZ_VALUE_FORMAT_COUNT; i++)
		if (!strcmp(names[i], name))
			return i;
	return -1;
}

bool yz_value_is_set(const char *value)
{
	return value && *value && strcmp(value, "0") != 0 && strcmp(value, "no") != 0;
}

static bool read_int(const char *s, int64_t *out)
{
	char *end;

	errno = 0;
	*out = strtoll(s, &end, 10);
	return !errno && end != s && !*end && *out > -1000000000000 && *out < 1000000000000;
}

static enum yz_status add_money(struct yz_buf *out, const char *value, struct yz_error *err)
{
	int64_t fen, size;

	if (!read_int(value, &fen))
		return yz_fail(err, YZ_E_PARSE, "money: expected whole fen");
	size = fen < 0 ? -fen : fen;
	yz_buf_printf(out, "%s¥%" PRId64 ".%02" PRId64, fen < 0 ? "-" : "", size / 100, size % 100);
	return YZ_OK;
}

/* whole + thousandths without the zeros at the end */
static void add_milli(struct yz_buf *out, int64_t milli)
{
	int digits = 3;
	int64_t rest = milli % 1000;

	yz_buf_printf(out, "%" PRId64, milli / 1000);
	if (!rest)
		return;
	for (; rest % 10 == 0; rest /= 10)
		digits--;
	yz_buf_printf(out, ".%0*" PRId64, digits, rest);
}

static enum yz_status add_mass(struct yz_buf *out, const char *value, struct yz_error *err)
{
	int64_t g;

	if (!read_int(value, &g) || g < 0)
		return yz_fail(err, YZ_E_PARSE, "mass: expected whole grams");
	add_milli(out, g);
	yz_buf_puts(out, " kg (");
	add_milli(out, g * 2); /* 1 斤 is 500 g; kg is the legal unit */
	yz_buf_puts(out, "斤)");
	return YZ_OK;
}

static enum yz_status add_date(struct yz_buf *out, const char *value, struct yz_error *err)
{
	int64_t ms;
	char date[11], hhmm[6];

	if (!yz_clock_parse(value, &ms))
		return yz_fail(err, YZ_E_PARSE, "date: expected RFC 3339 or YYYY-MM-DD");
	yz_clock_date(ms, date, sizeof(date));
	yz_buf_puts(out, date);
	if (strlen(value) > 10) {
		yz_clock_hhmm(ms, hhmm, sizeof(hhmm));
		yz_buf_printf(out, " %s", hhmm);
	}
	return YZ_OK;
}

static const struct word {
	enum yz_value_format format;
	const char *code, *words;
} words[] = {
        {YZ_VALUE_PAYER, "sender", "寄付"},
        {YZ_VALUE_PAYER, "receiver", "到付"},
        {YZ_VALUE_PAYER, "monthly", "月结"},
        {YZ_VALUE_PAID_BY, "cash", "现金"},
        {YZ_VALUE_PAID_BY, "wechat", "微信"},
        {YZ_VALUE_PAID_BY, "alipay", "支付宝"},
        {YZ_VALUE_PAID_BY, "monthly", "月结"},
        {YZ_VALUE_PAID_BY, "collect", "到付"},
};

static enum yz_status add_word(
        struct yz_buf *out, enum yz_value_format format, const char *value, struct yz_error *err)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (words[i].format == format && !strcmp(words[i].code, value)) {
			yz_buf_puts(out, words[i].words);
			return YZ_OK;
		}
	return yz_fail(err, YZ_E_PARSE, "expected one of the codes in data/templates/README.md");
}

static void add_masked(struct yz_buf *out, enum yz_value_format format, const char *value)
{
	size_t size = strlen(value) + 1; /* a mask is never longer */
	char *masked = yz_alloc(size);

	if (format == YZ_VALUE_MASK_PHONE)
		yz_mask_phone(value, masked, size);
	else if (format == YZ_VALUE_MASK_NAME)
		yz_mask_name(value, masked, size);
	else
		yz_mask_detail(value, masked, size);
	yz_buf_puts(out, masked);
	free(masked);
}

enum yz_status yz_value_add(struct yz_buf *out, enum yz_value_format format, const char *value,
        bool masked, struct yz_error *err)
{
	if (!value || !*value)
		return YZ_OK;
	switch (format) {
	case YZ_VALUE_MONEY:
		return add_money(out, value, err);
	case YZ_VALUE_MASS:
		return add_mass(out, value, err);
	case YZ_VALUE_DATE:
		return add_date(out, value, err);
	case YZ_VALUE_PAYER:
	case YZ_VALUE_PAID_BY:
		return add_word(out, format, value, err);
	case YZ_VALUE_MASK_PHONE:
	case YZ_VALUE_MASK_NAME:
	case YZ_VALUE_MASK_DETAIL:
		if (masked) {
			add_masked(out, format, value);
			return YZ_OK;
		}
		/* fall through */
	case YZ_VALUE_PLAIN:
	case YZ_VALUE_FORMAT_COUNT:
		break;
	}
	yz_buf_puts(out, value);
	return YZ_OK;
}
