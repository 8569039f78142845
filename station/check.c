#include "config.h"

#include "station/check.h"

#include "base/clock.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char digits[] = "0123456789";

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Nothing, or a dash and 1 to 4 digits. */
static bool is_extension(const char *s)
{
	size_t n = *s == '-' ? strspn(s + 1, digits) : 0;

	return !*s || (*s == '-' && n >= 1 && n <= 4 && !s[1 + n]);
}

/* Area codes are 010, 02x, and 0 with three digits from 03xx on; numbers have 7 or 8 digits. */
static bool is_landline(const char *s)
{
	size_t area, n;

	if (s[0] != '0')
		return false;
	area = s[1] == '1' || s[1] == '2' ? 3 : 4;
	if (s[1] < '1' || strspn(s, digits) < area || (s[1] == '1' && s[2] != '0'))
		return false;
	s += area;
	if (*s == '-')
		s++;
	n = strspn(s, digits);
	return (n == 7 || n == 8) && *s != '0' && *s != '1' && is_extension(s + n);
}

enum yz_status yz_check_phone(const char *s, struct yz_error *err)
{
	if (strchr(s, '*'))
		return yz_fail_field(err, YZ_E_RANGE, "phone",
		        N_("This phone number is partly hidden. Please enter all of its digits."));
	if (s[0] == '1' && s[1] >= '3' && s[1] <= '9' && strspn(s, digits) == 11 &&
	        is_extension(s + 11))
		return YZ_OK;
	if (is_landline(s))
		return YZ_OK;
	return yz_fail_field(err, YZ_E_RANGE, "phone",
	        N_("The phone number needs 11 digits starting with 13 to 19, or a landline such as "
	           "0874-3123456."));
}

/* First two digits of regions: provinces, Taiwan, Hong Kong, Macao and their residents' permits. */
static bool is_region(const char *s)
{
	static const char provinces[] =
	        " 11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 "
	        "54 61 62 63 64 65 71 81 82 83 ";
	const char two[] = {' ', s[0], s[1], ' ', '\0'};

	return strstr(provinces, two) != NULL;
}

/* The day from 8 digits that are known to be digits. */
static bool is_birth(const char *s, int64_t now_ms)
{
	char day[9], today[11];
	int n = 0, now = 0;

	memcpy(day, s, 8);
	day[8] = '\0';
	for (int i = 0; i < 8; i++)
		n = n * 10 + (day[i] - '0');
	yz_clock_date(now_ms, today, sizeof(today));
	for (const char *p = today; *p; p++)
		if (is_digit(*p))
			now = now * 10 + (*p - '0');
	return n >= 19000101 && n <= now && yz_date_exists(n / 10000, n / 100 % 100, n % 100);
}

enum yz_status yz_check_id(const char *s, int64_t now_ms, struct yz_error *err)
{
	static const int weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
	int sum = 0;

	if (strlen(s) != 18 || strspn(s, digits) < 17 || !strchr("0123456789Xx", s[17]))
		return yz_fail_field(err, YZ_E_RANGE, "id",
		        N_("The identity number needs 18 places: 17 digits, then a digit or X."));
	if (!is_region(s))
		return yz_fail_field(err, YZ_E_RANGE, "id",
		        N_("The first two digits of the identity number are no province. Please "
		           "look at the "
		           "card again."));
	if (!is_birth(s + 6, now_ms))
		return yz_fail_field(err, YZ_E_RANGE, "id",
		        N_("Places 7 to 14 of the identity number are no date of birth. Please "
		           "look at the "
		           "card again."));
	for (int i = 0; i < 17; i++)
		sum += weights[i] * (s[i] - '0');
	if ("10X98765432"[sum % 11] != (s[17] == 'x' ? 'X' : s[17]))
		return yz_fail_field(err, YZ_E_RANGE, "id",
		        N_("The identity number does not add up: one of its digits is wrong."));
	return YZ_OK;
}

enum yz_status yz_check_uscc(const char *s, struct yz_error *err)
{
	static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
	static const int weights[17] = {
	        1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};
	int sum = 0, at[18];

	if (strlen(s) != 18 || strspn(s, alphabet) != 18)
		return yz_fail_field(err, YZ_E_RANGE, "uscc",
		        N_("The credit code needs 18 places: digits and capital letters, but never "
		           "I, O, S, V "
		           "or Z."));
	for (int i = 0; i < 18; i++)
		at[i] = (int)(strchr(alphabet, s[i]) - alphabet);
	/* places 3 to 8 are the division where it was registered */
	if (strspn(s + 2, digits) < 6)
		return yz_fail_field(err, YZ_E_RANGE, "uscc",
		        N_("Places 3 to 8 of the credit code must be digits."));
	for (int i = 0; i < 17; i++)
		sum += weights[i] * at[i];
	if ((31 - sum % 31) % 31 != at[17])
		return yz_fail_field(err, YZ_E_RANGE, "uscc",
		        N_("The credit code does not add up: one of its places is wrong."));
	return YZ_OK;
}

enum yz_status yz_check_gtin(const char *s, struct yz_error *err)
{
	size_t n = strlen(s);
	int sum = 0;

	if ((n != 8 && n != 12 && n != 13 && n != 14) || strspn(s, "0123456789") != n)
		return yz_fail_field(
		        err, YZ_E_RANGE, "gtin", N_("A barcode has 8, 12, 13 or 14 digits."));
	for (size_t i = 0; i < n; i++) /* from the right: 1, 3, 1, 3, ... */
		sum += (s[n - 1 - i] - '0') * (i % 2 ? 3 : 1);
	if (sum % 10)
		return yz_fail_field(err, YZ_E_RANGE, "gtin",
		        N_("The barcode's last digit does not fit: scan or type it again."));
	return YZ_OK;
}
