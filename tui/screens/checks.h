/* What several forms check when a field is left. Each turns what was typed into its normal form
 * (size bytes) or says what is wanted; the value stays as typed then. For tui/screens only. */
#ifndef YZ_TUI_CHECKS_H
#define YZ_TUI_CHECKS_H

#include "base/error.h"

#include <stddef.h>

/* Mobile or landline, as yz_check_phone has it. */
enum yz_status yz_entry_check_phone(
        const char *typed, char *normal, size_t size, struct yz_error *err);

/* Yuan or a sum of yuan ("12+3.5") becomes "15.50". */
enum yz_status yz_entry_check_money(
        const char *typed, char *normal, size_t size, struct yz_error *err);

/* A weight with its unit. A bare number is kilograms, and the field says so when it is left: a
 * wrong unit is the dearest slip. */
enum yz_status yz_entry_check_weight(
        const char *typed, char *normal, size_t size, struct yz_error *err);

#endif
