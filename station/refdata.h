/* The reference files (CSV, see data/README.md): each kind is read row by row, every value checked,
 * and given to a callback. A fault ends the reading with "file:line: column: text" and no later row
 * is given, so that the receiver rolls back and nothing is half-imported. The readers do not touch
 * files or the database and do not block. */
#ifndef YZ_STATION_REFDATA_H
#define YZ_STATION_REFDATA_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

struct yz_codes;

struct yz_ref_source {
	char *text;                   /* the file's bytes, NUL-terminated; changed in place */
	const char *name;             /* for errors */
	const struct yz_codes *codes; /* the known divisions; NULL checks only the form of codes */
};

/* All row structs are whole copies: no pointers into the text. line is the row's line in its file.
 */

struct yz_division_row {
	int line;
	char code[13], name[128];
};

struct yz_old_division_row { /* a name that addresses still use */
	int line;
	char code[13]; /* the code it had, or "" where none is recorded */
	char name[64];
	char now_code[13]; /* what it is now */
	char until[11];    /* "2018-03-01", "2018" or "" */
	char source[160];
};

struct yz_reporting_unit_row { /* whoever the figures are reported for: a county, a development zone
	                        */
	int line;
	char unit[24], name[64];
	char divisions[256];                  /* division codes joined by ';' */
	char valid_from[11], valid_until[11]; /* days; until "" is still valid */
	char source[160];
};

struct yz_unit_row { /* a unit of the customs and farm table JGS-20 */
	int line;
	char code[4], name[16], name_en[24];
	int64_t grams; /* 0: a container or a piece, its content weight stands in the product */
};

struct yz_catalogue_row { /* the product record of the default catalogue */
	int line;
	char item_no[21]; /* [0-9A-Z-] */
	char name[120];
	char class_code[13]; /* NY/T 3177-2018, pairs of digits, or "" */
	char origin_county[7];
	char tier314[12];  /* large, middle, small, none, or "" where the county has not said */
	char leading[12];  /* county (一县一业), village (一村一品), none */
	char unit[4];      /* JGS-20 */
	int64_t content_g; /* 0 where the unit is a weight or the content varies */
	char grades[64];   /* joined by ';', or "" */
	int64_t price_fen; /* per unit; 0 is not set */
	int shelf_days;    /* 0 is not set */
	char storage[12];  /* normal, cold, frozen */
	char doc_rule[12]; /* certificate (承诺达标合格证), sc, quarantine, none */
	char gtin[15], hs10[11]; /* or "" */
};

struct yz_prohibited_row { /* a group of the list of what may not be sent */
	int line, group;
	char name[120], name_en[120];
};

typedef enum yz_status yz_division_fn(
        void *arg, const struct yz_division_row *row, struct yz_error *err);
typedef enum yz_status yz_old_division_fn(
        void *arg, const struct yz_old_division_row *row, struct yz_error *err);
typedef enum yz_status yz_reporting_unit_fn(
        void *arg, const struct yz_reporting_unit_row *row, struct yz_error *err);
typedef enum yz_status yz_unit_fn(void *arg, const struct yz_unit_row *row, struct yz_error *err);
typedef enum yz_status yz_catalogue_fn(
        void *arg, const struct yz_catalogue_row *row, struct yz_error *err);
typedef enum yz_status yz_prohibited_fn(
        void *arg, const struct yz_prohibited_row *row, struct yz_error *err);

/* Errors of all: YZ_E_PARSE, and whatever fn returns (it fills err). */
enum yz_status yz_divisions_read(
        const struct yz_ref_source *src, yz_division_fn *fn, void *arg, struct yz_error *err);
enum yz_status yz_old_divisions_read(
        const struct yz_ref_source *src, yz_old_division_fn *fn, void *arg, struct yz_error *err);
enum yz_status yz_reporting_units_read(
        const struct yz_ref_source *src, yz_reporting_unit_fn *fn, void *arg, struct yz_error *err);
enum yz_status yz_units_read(
        const struct yz_ref_source *src, yz_unit_fn *fn, void *arg, struct yz_error *err);
enum yz_status yz_catalogue_read(
        const struct yz_ref_source *src, yz_catalogue_fn *fn, void *arg, struct yz_error *err);
enum yz_status yz_prohibited_read(
        const struct yz_ref_source *src, yz_prohibited_fn *fn, void *arg, struct yz_error *err);

#endif
