/* One row of a reference file being checked: values are taken column by column, the first fault is
 * kept and names file, line and column, and every later take does nothing. For the readers in
 * station/ only. */
#ifndef YZ_STATION_REFROW_H
#define YZ_STATION_REFROW_H

#include "base/csv.h"
#include "station/refdata.h"

#include <stddef.h>
#include <stdint.h>

struct yz_refrow {
	struct yz_csv *csv;
	const struct yz_codes *codes; /* NULL: division codes are checked by their form only */
	enum yz_status st;
	struct yz_error *err;
};

/* Called once a row; returns r->st, or the status of whoever the row was given to. */
struct yz_refrow_reader {
	const char *const *columns; /* that the file must have, NULL-terminated */
	enum yz_status (*row)(void *arg, struct yz_refrow *r);
	void *arg;
};

/* Reads src to its end. Errors: YZ_E_PARSE with "name:line: ...", and what the row function gives.
 */
enum yz_status yz_refrow_each(const struct yz_ref_source *src,
        const struct yz_refrow_reader *reader, struct yz_error *err);

/* Records a fault of this row unless there is one already; returns r->st. */
enum yz_status yz_refrow_fail(struct yz_refrow *r, const char *column, const char *text);

/* Copies a text that must be there (text) or may be empty (opt); too long for out is a fault, never
 * a cut. */
void yz_refrow_text(struct yz_refrow *r, const char *column, char *out, size_t size);
void yz_refrow_opt(struct yz_refrow *r, const char *column, char *out, size_t size);

/* A whole number of min..max. An empty value counts as `empty` if that lies outside min..max, else
 * it is a fault. */
struct yz_refrow_range {
	int64_t min, max;
	int64_t empty; /* YZ_REFROW_NEEDED: must be there */
};
#define YZ_REFROW_NEEDED INT64_MIN
int64_t yz_refrow_int(struct yz_refrow *r, const char *column, struct yz_refrow_range range);

/* The place of the value in names (NULL-terminated); a fault names them all. */
int yz_refrow_choice(struct yz_refrow *r, const char *column, const char *const *names);

/* A day "YYYY-MM-DD" into out (11 bytes); empty is fine if optional. */
void yz_refrow_date(struct yz_refrow *r, const char *column, char *out, bool optional);

/* A text of which every character stands in allowed. */
void yz_refrow_token(
        struct yz_refrow *r, const char *column, const char *allowed, const char *value);

/* A fault unless code is a division code (2, 4, 6, 9 or 12 digits, known if codes are given). */
void yz_refrow_division(struct yz_refrow *r, const char *column, const char *code);

/* As above for each code of a list joined by ';'. "*" is allowed if star. */
void yz_refrow_divisions(struct yz_refrow *r, const char *column, const char *list, bool star);

#endif
