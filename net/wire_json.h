/* Private to net/wire*.c: strict reading of the platform's JSON. */
#ifndef YZ_NET_WIRE_JSON_H
#define YZ_NET_WIRE_JSON_H

#include "net/wire.h"

struct cJSON;

/* The one JSON object that the body is, or NULL; the caller deletes it. Another type, a NUL inside,
 * bytes after it and broken UTF-8 are all refused. */
struct cJSON *yz_json_parse(const struct yz_answer *a, const char *type);

/* The member of that name if it stands there exactly once, else NULL. o may be NULL. */
const struct cJSON *yz_json_member(const struct cJSON *o, const char *name);

/* A member's text, "" if it is none. Borrowed from o. */
const char *yz_json_text(const struct cJSON *o, const char *name);

/* A whole number of at least 0 that a double holds exactly. */
bool yz_json_is_count(const struct cJSON *v);

#endif
