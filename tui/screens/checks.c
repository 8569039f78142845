#include "config.h"

#include "tui/screens/checks.h"

#include "base/buf.h"
#include "station/check.h"
#include "station/money.h"
#include "station/units.h"

#include <stdio.h>

enum yz_status yz_entry_check_phone(
        const char *typed, char *normal, size_t size, struct yz_error *err)
{
	enum yz_status st = yz_check_phone(typed, err);

	if (st == YZ_OK)
		(void)yz_copy(normal, size, typed);
	return st;
}

enum yz_status yz_entry_check_money(
        const char *typed, char *normal, size_t size, struct yz_error *err)
{
	int64_t fen;
	char text[YZ_MONEY_TEXT_SIZE];
	enum yz_status st = yz_money_parse(typed, &fen, err);

	if (st == YZ_OK)
		(void)yz_copy(normal, size, yz_money_text(fen, text));
	return st;
}

enum yz_status yz_entry_check_weight(
        const char *typed, char *normal, size_t size, struct yz_error *err)
{
	struct yz_weight w;
	enum yz_status st = yz_weight_parse(typed, YZ_WEIGHT_KG, &w, err);

	if (st == YZ_OK)
		(void)snprintf(normal, size, "%s%s", typed, w.assumed ? "kg" : "");
	return st;
}
