/* A reader of comma-separated files (RFC 4180, UTF-8, an optional byte order mark, first row =
 * column names). Lines whose first character is '#' are notes and are skipped. */
#ifndef YZ_BASE_CSV_H
#define YZ_BASE_CSV_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

enum { YZ_CSV_COLUMNS_MAX = 40 };

struct yz_csv;

/* Starts on text (borrowed until free; it is changed in place). name is used in errors. Reads the
 * header row. Errors: YZ_E_PARSE (no header, not UTF-8, too many columns). */
enum yz_status yz_csv_open(struct yz_csv **out, char *text, const char *name, struct yz_error *err);
void yz_csv_free(struct yz_csv *csv);

/* Fails with YZ_E_PARSE, naming the first column of `names` (NULL-terminated) that the file lacks.
 */
enum yz_status yz_csv_require(
        const struct yz_csv *csv, const char *const *names, struct yz_error *err);

/* Moves to the next row; *more is false at the end. A row of another width than the header is
 * YZ_E_PARSE. */
enum yz_status yz_csv_next(struct yz_csv *csv, bool *more, struct yz_error *err);

/* The current row's value under a column name, trimmed; "" if the column is absent. Borrowed until
 * the next call. */
const char *yz_csv_get(const struct yz_csv *csv, const char *column);

/* Line number in the file where the current row starts (the header is line 1). */
int yz_csv_line(const struct yz_csv *csv);

/* YZ_E_PARSE with "name:line: column: text"; for the caller's own checks of a row. */
enum yz_status yz_csv_fail(
        const struct yz_csv *csv, struct yz_error *err, const char *column, const char *text);

#endif
