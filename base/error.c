#include "config.h"

#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void __attribute__((format(printf, 3, 0)))
fill(struct yz_error *err, enum yz_status st, const char *fmt, va_list ap)
{
	memset(err, 0, sizeof(*err));
	err->status = st;
	(void)vsnprintf(err->text, sizeof(err->text), fmt, ap); /* a cut log line is fine */
}

enum yz_status yz_fail(struct yz_error *err, enum yz_status st, const char *fmt, ...)
{
	va_list ap;

	if (!err)
		return st;
	va_start(ap, fmt);
	fill(err, st, fmt, ap);
	va_end(ap);
	return st;
}

enum yz_status yz_fail_say(
        struct yz_error *err, enum yz_status st, const char *say, const char *fmt, ...)
{
	va_list ap;

	if (!err)
		return st;
	va_start(ap, fmt);
	fill(err, st, fmt, ap);
	va_end(ap);
	err->say = say;
	return st;
}

enum yz_status yz_fail_field(
        struct yz_error *err, enum yz_status st, const char *field, const char *say)
{
	if (!err)
		return st;
	(void)yz_fail(err, st, "field %s: %s", field, say);
	(void)snprintf(err->field, sizeof(err->field), "%s", field);
	err->say = say;
	return st;
}

static const struct {
	const char *name, *say;
} statuses[] = {
#define X(id, name, say) {name, say},
        YZ_STATUSES(X)
#undef X
};

const char *yz_status_name(enum yz_status st)
{
	return (unsigned)st < YZ_STATUS_COUNT ? statuses[st].name : "unknown";
}

const char *yz_status_say(enum yz_status st)
{
	return (unsigned)st < YZ_STATUS_COUNT ? statuses[st].say : statuses[YZ_E_STATE].say;
}

const char *yz_error_say(const struct yz_error *err)
{
	return err->say ? err->say : yz_status_say(err->status);
}

int yz_status_exit(enum yz_status st)
{
	switch (st) {
	case YZ_OK:
		return 0;
	case YZ_E_RANGE:
	case YZ_E_PARSE:
	case YZ_E_NOTFOUND:
	case YZ_E_EXISTS:
	case YZ_E_STATE:
	case YZ_E_DENIED:
	case YZ_E_EMPTY:
	case YZ_E_GLYPH:
		return 1;
	case YZ_E_BUSY:
	case YZ_E_NET:
	case YZ_E_PRINT:
		return 75;
	default:
		return 3;
	}
}
