#include "config.h"

#include "station/units.h"

#include "base/buf.h"
#include "base/text.h"

#include <ctype.h>
#include <inttypes.h>
#include <libintl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define _(s) gettext(s)

static const int64_t grams_of[] = {
        [YZ_WEIGHT_G] = 1,
        [YZ_WEIGHT_LIANG] = 50,
        [YZ_WEIGHT_JIN] = 500,
        [YZ_WEIGHT_KG] = 1000,
        [YZ_WEIGHT_T] = 1000000,
};

/* Longer words first: "公斤" must not be read as a broken "斤". */
static const struct {
	const char *word;
	enum yz_weight_unit unit;
} words[] = {
        {"公斤", YZ_WEIGHT_KG},
        {"千克", YZ_WEIGHT_KG},
        {"市斤", YZ_WEIGHT_JIN},
        {"斤", YZ_WEIGHT_JIN},
        {"两", YZ_WEIGHT_LIANG},
        {"克", YZ_WEIGHT_G},
        {"吨", YZ_WEIGHT_T},
        {"jin", YZ_WEIGHT_JIN},
        {"kg", YZ_WEIGHT_KG},
        {"g", YZ_WEIGHT_G},
        {"t", YZ_WEIGHT_T},
};

int64_t yz_weight_unit_g(enum yz_weight_unit unit)
{
	return grams_of[unit];
}

static enum yz_status unreadable(struct yz_error *err)
{
	return yz_fail_field(
	        err, YZ_E_PARSE, "weight_g", N_("Type a weight such as 12 jin, 6kg or 800g."));
}

static bool unit_word(const char **p, enum yz_weight_unit *unit)
{
	while (**p == ' ')
		(*p)++;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t len = strlen(words[i].word);

		if (!strncasecmp(*p, words[i].word, len)) {
			*unit = words[i].unit;
			*p += len;
			while (**p == ' ')
				(*p)++;
			return true;
		}
	}
	return false;
}

/* A number with up to three decimals, in thousandths. */
static bool number(const char **p, int64_t *thousandths)
{
	int64_t n = 0;
	int decimals = -1, digits = 0;

	for (; isdigit((unsigned char)**p) || (**p == '.' && decimals < 0); (*p)++) {
		if (**p == '.') {
			decimals = 0;
			continue;
		}
		if (decimals >= 0 && ++decimals > 3)
			return false;
		n = n * 10 + (**p - '0');
		if (++digits > 13)
			return false;
	}
	for (int d = decimals < 0 ? 0 : decimals; d < 3; d++)
		n *= 10;
	*thousandths = n;
	return digits > 0;
}

/* All terms of s; *milligrams keeps the exact sum. */
static enum yz_status terms(
        const char *s, struct yz_weight *w, int64_t *milligrams, struct yz_error *err)
{
	int64_t n = 0;
	bool first = true;

	if (!*s)
		return unreadable(err);
	for (; *s; first = false) {
		if (!number(&s, &n))
			return unreadable(err);
		if (n > YZ_WEIGHT_MAX_G * 1000)
			n = YZ_WEIGHT_MAX_G * 1000 + 1; /* keeps the product inside 64 bits */
		if (!unit_word(&s, &w->unit)) {
			if (!first || *s)
				return unreadable(err);
			w->assumed = true;
		}
		*milligrams += n * grams_of[w->unit];
		if (*milligrams > YZ_WEIGHT_MAX_G * 1000)
			break;
	}
	return YZ_OK;
}

enum yz_status yz_weight_parse(
        const char *text, enum yz_weight_unit assume, struct yz_weight *out, struct yz_error *err)
{
	struct yz_weight w = {0, assume, false};
	char *copy = yz_strdup(text);
	int64_t mg = 0;
	enum yz_status st;

	yz_text_halve(copy);
	if ((st = terms(copy, &w, &mg, err)) != YZ_OK)
		goto done;
	if (mg <= 0 || mg > YZ_WEIGHT_MAX_G * 1000) {
		st = yz_fail_field(err, YZ_E_RANGE, "weight_g",
		        N_("The weight must be above 0 and at most 1000 tons."));
	} else if (mg % 1000) {
		st = yz_fail_field(
		        err, YZ_E_PARSE, "weight_g", N_("A weight is kept in whole grams."));
	} else {
		w.grams = mg / 1000;
		*out = w;
	}
done:
	free(copy);
	return st;
}

char *yz_weight_kg(int64_t grams, char *out)
{
	(void)snprintf(out, YZ_WEIGHT_TEXT_SIZE, "%s%" PRId64 ".%03d", grams < 0 ? "-" : "",
	        imaxabs(grams / 1000), (int)imaxabs(grams % 1000));
	return out;
}

char *yz_weight_jin(int64_t grams, char *out)
{
	size_t len;

	(void)snprintf(out, YZ_WEIGHT_TEXT_SIZE, "%s%" PRId64 ".%03d", grams < 0 ? "-" : "",
	        imaxabs(grams / 500), (int)imaxabs(grams % 500) * 2);
	for (len = strlen(out); out[len - 1] == '0'; len--)
		;
	out[out[len - 1] == '.' ? len - 1 : len] = '\0';
	return out;
}

char *yz_weight_both(const struct yz_weight *weight, char *out)
{
	char kg[YZ_WEIGHT_TEXT_SIZE], jin[YZ_WEIGHT_TEXT_SIZE];

	(void)yz_weight_kg(weight->grams, kg);
	(void)yz_weight_jin(weight->grams, jin);
	if (weight->unit == YZ_WEIGHT_JIN || weight->unit == YZ_WEIGHT_LIANG)
		(void)snprintf(out, YZ_WEIGHT_TEXT_SIZE, _("%s jin = %s kg"), jin, kg);
	else
		(void)snprintf(out, YZ_WEIGHT_TEXT_SIZE, _("%s kg = %s jin"), kg, jin);
	return out;
}

struct loading {
	struct yz_units units;
	const char *name;
};

static enum yz_status add(void *arg, const struct yz_unit_row *row, struct yz_error *err)
{
	struct loading *l = arg;

	for (size_t i = 0; i < l->units.count; i++)
		if (!strcmp(l->units.rows[i].code, row->code))
			return yz_fail(err, YZ_E_PARSE, "%s:%d: code: %s is already on line %d",
			        l->name, row->line, row->code, l->units.rows[i].line);
	l->units.rows = yz_realloc(l->units.rows, (l->units.count + 1) * sizeof(*l->units.rows));
	l->units.rows[l->units.count++] = *row;
	return YZ_OK;
}

enum yz_status yz_units_load(
        struct yz_units *out, const struct yz_ref_source *src, struct yz_error *err)
{
	struct loading l = {{NULL, 0}, src->name};
	enum yz_status st = yz_units_read(src, add, &l, err);

	if (st == YZ_OK)
		*out = l.units;
	else
		yz_units_free(&l.units);
	return st;
}

void yz_units_free(struct yz_units *units)
{
	free(units->rows);
	units->rows = NULL;
	units->count = 0;
}

const struct yz_unit_row *yz_units_find(const struct yz_units *units, const char *code_or_name)
{
	for (size_t i = 0; i < units->count; i++) {
		const struct yz_unit_row *u = &units->rows[i];

		if (!strcmp(u->code, code_or_name) || !strcmp(u->name, code_or_name) ||
		        !strcasecmp(u->name_en, code_or_name))
			return u;
	}
	return NULL;
}
