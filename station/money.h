/* Money: whole fen (1/100 yuan), never a floating number. */
#ifndef YZ_STATION_MONEY_H
#define YZ_STATION_MONEY_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

enum {
	YZ_MONEY_TEXT_SIZE = 24, /* "-123456789012.34" */
	YZ_MONEY_HAN_SIZE = 160,
};
/* Under a trillion yuan: the capitals end there. */
#define YZ_MONEY_MAX_FEN INT64_C(99999999999999)

/* Reads yuan as a clerk types them: "12", "12.5", "12.50", a sum "12+3.5" or "20-1.5", full-width
 * forms, a trailing 元 or a leading ¥. At most two decimals. *fen is 0 or above. Errors (field
 * "amount", with a sentence for the clerk): YZ_E_PARSE, YZ_E_RANGE (below 0 or above
 * YZ_MONEY_MAX_FEN). */
enum yz_status yz_money_parse(const char *text, int64_t *fen, struct yz_error *err);

/* "12.50"; out holds YZ_MONEY_TEXT_SIZE bytes. Returns out. */
char *yz_money_text(int64_t fen, char *out);

/* The capitals of receipts and pay-outs (the bill-filling rules, 正确填写票据和结算凭证的基本规定):
 * "壹拾肆元整", "壹佰零伍元叁角整", "壹元零伍分", "伍角整", "零元整"; 负 in front of a negative
 * one. |fen| <= YZ_MONEY_MAX_FEN; out holds YZ_MONEY_HAN_SIZE bytes. Returns out. */
char *yz_money_han(int64_t fen, char *out);

#endif
