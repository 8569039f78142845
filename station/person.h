/* The rules that every person of a paper or a register keeps: name, phone, place, address in
 * detail. */
#ifndef YZ_STATION_PERSON_H
#define YZ_STATION_PERSON_H

#include "base/error.h"

struct yz_person {
	char *name, *phone, *detail; /* borrowed; tidied in place */
	const char *code;            /* division, 6 to 12 digits: down to the county at least */
	const char *prefix;          /* of the field's name in err: "sender.", or "" */
};

/* Name 2 to 40 characters, a phone as yz_check_phone has it, detail 1 to 80 characters. A fault is
 * YZ_E_RANGE with field (prefix and name, phone, code or detail) and what is wanted. */
enum yz_status yz_person_check(const struct yz_person *p, struct yz_error *err);

#endif
