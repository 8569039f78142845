#include "config.h"

#include "net/wire_json.h"

#include "base/text.h"

#include <cjson/cJSON.h>
#include <string.h>
#include <strings.h>

/* The type without its parameters, whatever the case. */
static bool is_type(const char *type, const char *want)
{
	size_t n = strlen(want);

	return strlen(type) >= n && !strncasecmp(type, want, n) &&
	       (type[n] == '\0' || type[n] == ';' || type[n] == ' ');
}

/* The one JSON object that the body is, or NULL. A NUL inside, bytes after it and broken UTF-8 are
 * all refused. */
struct cJSON *yz_json_parse(const struct yz_answer *a, const char *type)
{
	cJSON *o;

	if (!is_type(a->type, type) || !a->body || strlen(a->body) != a->len ||
	        !yz_utf8_is_valid(a->body))
		return NULL;
	o = cJSON_ParseWithLengthOpts(a->body, a->len + 1, NULL, true);
	if (cJSON_IsObject(o))
		return o;
	cJSON_Delete(o);
	return NULL;
}

/* The member of that name if it stands there exactly once. */
const struct cJSON *yz_json_member(const struct cJSON *o, const char *name)
{
	const cJSON *m, *found = NULL;

	cJSON_ArrayForEach(m, o)
	{
		if (strcmp(m->string, name) != 0)
			continue;
		if (found)
			return NULL;
		found = m;
	}
	return found;
}

const char *yz_json_text(const struct cJSON *o, const char *name)
{
	const cJSON *v = yz_json_member(o, name);

	return cJSON_IsString(v) ? v->valuestring : "";
}

bool yz_json_is_count(const struct cJSON *v)
{
	return cJSON_IsNumber(v) && v->valuedouble >= 0 && v->valuedouble <= 9007199254740991.0 &&
	       v->valuedouble == (double)(int64_t)v->valuedouble;
}
