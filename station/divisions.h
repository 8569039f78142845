/* The administrative divisions of China in memory: provinces to townships, villages where the file
 * has them. Owned by whoever loads them; read-only afterwards and shared freely. Source:
 * data/divisions.csv (codes of the National Bureau of Statistics, 2 digits a province, 4 a city, 6
 * a county, 9 a town, 12 a village) and, where it is there, data/divisions-old.csv (names that are
 * no longer in use, by the code they have now). */
#ifndef YZ_STATION_DIVISIONS_H
#define YZ_STATION_DIVISIONS_H

#include "base/buf.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum yz_division_level {
	YZ_DIVISION_COUNTRY,
	YZ_DIVISION_PROVINCE,
	YZ_DIVISION_CITY,
	YZ_DIVISION_COUNTY,
	YZ_DIVISION_TOWN,
	YZ_DIVISION_VILLAGE,
	YZ_DIVISION_LEVELS
};

struct yz_division {
	char code[13];
	uint8_t level; /* enum yz_division_level */
	bool is_placeholder; /* 市辖区, 县, 省直辖县级行政区划: a code without a place; never shown
	                      */
	const char *name;
	const struct yz_division *parent; /* NULL above a province */
	const struct yz_division *child;  /* first one, in the order of the file, or NULL */
	const struct yz_division *next;   /* the next child of the same parent, or NULL */
};

/* How a text names a division. */
enum yz_division_naming {
	YZ_NAMED_EXACT, /* the official name */
	YZ_NAMED_STEM,  /* the name without 县, 街道, 彝族自治州, ... */
	YZ_NAMED_OLD,   /* a name that is no longer official */
};

struct yz_division_alias {
	const char *text; /* len bytes, not terminated */
	uint16_t len;
	uint8_t naming; /* enum yz_division_naming */
	const struct yz_division *division;
	const struct yz_division_alias *next; /* in the same bucket: other texts too */
	uint32_t hash;
};

struct yz_divisions;

/* Reads the files of a data folder; blocks on the disk for some 15 ms. The caller frees *out.
 * Errors: YZ_E_NOTFOUND, YZ_E_IO, YZ_E_PARSE (with file and line). */
enum yz_status yz_divisions_load(struct yz_divisions **out, const char *dir, struct yz_error *err);

/* The same from texts in memory (changed in place); old_names may be empty. Errors: YZ_E_PARSE. */
enum yz_status yz_divisions_build(struct yz_divisions **out, struct yz_buf *current,
        struct yz_buf *old_names, struct yz_error *err);
void yz_divisions_free(struct yz_divisions *d);

size_t yz_divisions_count(const struct yz_divisions *d);

/* The division of a code, or NULL. Borrowed from d, as all divisions below. */
const struct yz_division *yz_divisions_find(const struct yz_divisions *d, const char *code);

/* The division at a level that a division lies in (or is), placeholders included; NULL if it is
 * above that level. */
const struct yz_division *yz_division_above(
        const struct yz_division *div, enum yz_division_level level);

/* True if inner is outer or lies in it; outer NULL is the country. */
bool yz_division_is_within(const struct yz_division *inner, const struct yz_division *outer);

/* Writes up to cap children of a code ("" is the country) in the file's order and returns how many
 * there are. Placeholders are left out and their children stand in their place: the children of 11
 * are the districts of Beijing. */
size_t yz_divisions_children(
        const struct yz_divisions *d, const char *code, const struct yz_division **out, size_t cap);

/* As yz_divisions_children, only those whose name holds query (Chinese) or whose pinyin or initials
 * start with it. */
size_t yz_divisions_search(const struct yz_divisions *d, const char *code, const char *query,
        const struct yz_division **out, size_t cap);

/* "云南省曲靖市麒麟区" for 530302: without placeholders and without saying a name twice. "" for an
 * unknown code. */
void yz_divisions_full_name(const struct yz_divisions *d, const char *code, char *out, size_t size);

/* The hash of a text that grows: start with YZ_DIVISIONS_HASH_START and add what is new. */
#define YZ_DIVISIONS_HASH_START 2166136261U
uint32_t yz_divisions_hash_more(uint32_t h, const char *s, size_t len);

/* The first alias whose text is exactly these bytes (hash as above), or NULL; yz_divisions_also
 * gives the next one. For the parser, which tries every length at every place. */
const struct yz_division_alias *yz_divisions_named(
        const struct yz_divisions *d, const char *text, size_t len, uint32_t hash);
const struct yz_division_alias *yz_divisions_also(const struct yz_division_alias *a);

#endif
