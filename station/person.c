#include "config.h"

#include "station/person.h"

#include "base/text.h"
#include "station/check.h"

#include <stdio.h>
#include <string.h>

static enum yz_status at(
        struct yz_error *err, const char *prefix, const char *what, const char *say)
{
	char field[32];

	(void)snprintf(field, sizeof(field), "%s%s", prefix, what);
	return yz_fail_field(err, YZ_E_RANGE, field, say);
}

static bool has_chars(const char *s, size_t least, size_t most)
{
	size_t n = yz_text_chars(s);

	return n >= least && n <= most;
}

enum yz_status yz_person_check(const struct yz_person *p, struct yz_error *err)
{
	size_t digits = strlen(p->code);
	enum yz_status st;

	yz_text_clean(p->name);
	yz_text_trim(p->name);
	yz_text_halve(p->phone);
	yz_text_clean(p->detail);
	yz_text_trim(p->detail);
	if (!has_chars(p->name, 2, 40))
		return at(err, p->prefix, "name", N_("The name needs 2 to 40 characters."));
	if ((st = yz_check_phone(p->phone, err)) != YZ_OK) {
		if (err)
			(void)snprintf(err->field, sizeof(err->field), "%sphone", p->prefix);
		return st;
	}
	if (digits < 6 || digits > 12 || strspn(p->code, "0123456789") != digits)
		return at(
		        err, p->prefix, "code", N_("Choose the place down to the county with F4."));
	if (!has_chars(p->detail, 1, 80))
		return at(err, p->prefix, "detail",
		        N_("The address in detail needs 1 to 80 characters: village, street, "
		           "house."));
	return YZ_OK;
}
