/* A JSON object as named texts, for yizhanctl render. */
#ifndef YZ_CTL_JSON_FIELDS_H
#define YZ_CTL_JSON_FIELDS_H

#include "base/error.h"
#include "base/fields.h"

/* Adds the object in text to *out. Objects and arrays become dotted names (receiver.name,
 * line.0.name), names may be dotted already; true is "yes", false and null are "". Numbers must be
 * whole. name is used in errors. Errors: YZ_E_PARSE with what was expected and the key, never a
 * value. */
enum yz_status yz_json_fields(struct yz_fields *out, const char *text, size_t len, const char *name,
        struct yz_error *err);

#endif
