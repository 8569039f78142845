/* Field values as they stand on paper: the formats of the template language, by name. Pure
 * functions. */
#ifndef YZ_PRINT_VALUE_H
#define YZ_PRINT_VALUE_H

#include "base/buf.h"
#include "base/error.h"

#include <stdbool.h>

/* name in templates, identifier */
#define YZ_VALUE_FORMATS(X)           \
	X("", PLAIN)                  \
	X("mask-phone", MASK_PHONE)   \
	X("mask-name", MASK_NAME)     \
	X("mask-detail", MASK_DETAIL) \
	X("money", MONEY)             \
	X("mass", MASS)               \
	X("date", DATE)               \
	X("payer", PAYER)             \
	X("paid-by", PAID_BY)

#define X(name, id) YZ_VALUE_##id,
enum yz_value_format { YZ_VALUE_FORMATS(X) YZ_VALUE_FORMAT_COUNT };
#undef X

/* The format of that name, or -1. */
int yz_value_format_by_name(const char *name);

/* Adds value, formatted, to out; an empty value adds nothing. masked false lets the mask-… formats
 * through. Errors: YZ_E_PARSE when the value is not of the format's kind; the text names the kind,
 * never the value. */
enum yz_status yz_value_add(struct yz_buf *out, enum yz_value_format format, const char *value,
        bool masked, struct yz_error *err);

/* False for what counts as not there: NULL, "", "0", "no". */
bool yz_value_is_set(const char *value);

#endif
