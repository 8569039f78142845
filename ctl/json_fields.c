#include "config.h"

#include "ctl/json_fields.h"

#include "base/buf.h"
#include "base/text.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 6 };

static enum yz_status add_text(struct yz_fields *out, const char *key, const char *value,
        const char *file, struct yz_error *err)
{
	char *clean;

	if (!yz_utf8_is_valid(value))
		return yz_fail(err, YZ_E_PARSE, "%s: %s: expected UTF-8", file, key);
	clean = yz_strdup(value);
	yz_text_clean(clean);
	yz_fields_set(out, key, clean);
	free(clean);
	return YZ_OK;
}

static enum yz_status add(struct yz_fields *out, const cJSON *node, const char *key,
        const char *file, struct yz_error *err);

static enum yz_status add_children(struct yz_fields *out, const cJSON *node, const char *key,
        const char *file, struct yz_error *err)
{
	const cJSON *child;
	size_t i = 0, depth = 0;

	for (const char *p = key; *p; p++)
		depth += *p == '.';
	if (depth > DEPTH_MAX)
		return yz_fail(err, YZ_E_PARSE,
		        "%s: %.60s: expected fewer objects inside each other", file, key);
	cJSON_ArrayForEach(child, node)
	{
		char name[120], number[24];
		enum yz_status st;

		(void)snprintf(number, sizeof(number), "%zu", i++);
		if (snprintf(name, sizeof(name), "%s%s%s", key, *key ? "." : "",
		            cJSON_IsArray(node) ? number : child->string) >= (int)sizeof(name))
			return yz_fail(
			        err, YZ_E_PARSE, "%s: %.60s: expected a shorter name", file, name);
		st = add(out, child, name, file, err);
		if (st != YZ_OK)
			return st;
	}
	return YZ_OK;
}

static enum yz_status add(struct yz_fields *out, const cJSON *node, const char *key,
        const char *file, struct yz_error *err)
{
	if (cJSON_IsObject(node) || cJSON_IsArray(node))
		return add_children(out, node, key, file, err);
	if (cJSON_IsString(node))
		return add_text(out, key, node->valuestring, file, err);
	if (cJSON_IsNumber(node)) {
		double v = node->valuedouble;

		if (!(v > -1e15 && v < 1e15) || v != (double)(int64_t)v)
			return yz_fail(
			        err, YZ_E_PARSE, "%s: %s: expected a whole number", file, key);
		yz_fields_set_int(out, key, (int64_t)v);
		return YZ_OK;
	}
	yz_fields_set(out, key, cJSON_IsTrue(node) ? "yes" : "");
	return YZ_OK;
}

enum yz_status yz_json_fields(
        struct yz_fields *out, const char *text, size_t len, const char *name, struct yz_error *err)
{
	const char *end = NULL;
	cJSON *root = cJSON_ParseWithLengthOpts(text, len, &end, false);
	enum yz_status st;

	if (!root) {
		int line = 1;

		for (const char *p = text; end && p < end; p++)
			line += *p == '\n';
		return yz_fail(err, YZ_E_PARSE, "%s:%d: expected JSON", name, line);
	}
	if (cJSON_IsObject(root))
		st = add(out, root, "", name, err);
	else
		st = yz_fail(err, YZ_E_PARSE, "%s:1: expected a JSON object", name);
	cJSON_Delete(root);
	return st;
}
