#include "config.h"

#include "station/check.h"

#include <stdbool.h>
#include <string.h>

static const char digits[] = "0123456789";

/* A courier's numbers: a prefix, then least to most digits. */
struct format {
	const char *courier, *prefix;
	size_t least, most;
};

/* Prefixes and lengths as shops and aggregators know them (2022, SF from today's numbers); no
 * courier publishes its rule, so a number that fits is possible, not certain. */
static const struct format formats[] = {
        {"sf", "SF", 12, 15},
        {"sf", "", 12, 12},
        {"jd", "JDX", 12, 13},
        {"jd", "JDK", 12, 13},
        {"jd", "JDV", 11, 13},
        {"jd", "JD", 11, 13},
        {"ems", "10", 11, 11},
        {"ems", "11", 11, 11},
        {"ems", "12", 11, 11},
        {"ems", "50", 11, 11},
        {"ems", "51", 11, 11},
        {"ems", "52", 11, 11},
        {"ems", "95", 11, 11},
        {"ems", "97", 11, 11},
        {"ems", "98", 11, 11},
        {"ems", "99", 11, 11},
        {"post", "", 13, 13},
        {"zto", "", 14, 14},
        {"zto", "", 12, 12},
        {"yto", "YT", 10, 13},
        {"sto", "77", 10, 13},
        {"sto", "268", 9, 12},
        {"yunda", "", 13, 13},
        {"yunda", "", 15, 15},
        {"jt", "JT", 12, 13},
        {"deppon", "DPK", 11, 14},
};

static bool fits(const struct format *f, const char *s)
{
	size_t skip = strlen(f->prefix), n;

	if (strncmp(s, f->prefix, skip) != 0)
		return false;
	n = strspn(s + skip, digits);
	return !s[skip + n] && n >= f->least && n <= f->most;
}

/* UPU S10: two letters, eight digits and their check digit, two letters of the country. */
static bool looks_s10(const char *s)
{
	return strlen(s) == 13 && s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' && s[1] <= 'Z' &&
	       strspn(s + 2, digits) == 9 && s[11] >= 'A' && s[11] <= 'Z' && s[12] >= 'A' &&
	       s[12] <= 'Z';
}

static bool adds_up_s10(const char *s)
{
	static const int weights[8] = {8, 6, 4, 2, 3, 5, 9, 7};
	int sum = 0, want;

	for (int i = 0; i < 8; i++)
		sum += weights[i] * (s[2 + i] - '0');
	want = 11 - sum % 11;
	want = want == 10 ? 0 : want == 11 ? 5 : want;
	return s[10] - '0' == want;
}

static void add(struct yz_waybill_match *m, const char *courier)
{
	for (size_t i = 0; i < m->count; i++)
		if (!strcmp(m->couriers[i], courier))
			return;
	if (m->count < YZ_WAYBILL_COURIERS_MAX)
		m->couriers[m->count++] = courier;
}

enum yz_status yz_check_waybill(const char *s, struct yz_waybill_match *out, struct yz_error *err)
{
	struct yz_waybill_match m = {.count = 0};

	if (looks_s10(s)) {
		if (!adds_up_s10(s))
			return yz_fail_field(err, YZ_E_RANGE, "waybill",
			        N_("The waybill number does not add up: one of its digits is "
			           "wrong."));
		add(&m, s[0] == 'E' ? "ems" : "post");
	}
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (fits(formats + i, s))
			add(&m, formats[i].courier);
	if (!m.count)
		return yz_fail_field(err, YZ_E_RANGE, "waybill",
		        N_("This is no waybill number of a courier that the station knows. Please "
		           "scan or "
		           "type it again."));
	if (out)
		*out = m;
	return YZ_OK;
}
