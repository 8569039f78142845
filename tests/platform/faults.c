#include "config.h"

#include "tests/platform/platform.h"

#include <sodium.h>
#include <string.h>

static void text(const cJSON *j, const char *name, char *out, size_t size)
{
	const cJSON *v = cJSON_GetObjectItemCaseSensitive(j, name);

	if (cJSON_IsString(v))
		(void)yz_copy(out, size, v->valuestring);
}

static int number(const cJSON *j, const char *name, int none)
{
	const cJSON *v = cJSON_GetObjectItemCaseSensitive(j, name);

	return cJSON_IsNumber(v) ? v->valueint : none;
}

void plat_fault_set(struct plat *p, const struct plat_request *r, struct plat_answer *a)
{
	struct plat_fault f = {
	        .path = "/v1/batches", .code = "validation", .message = "平台不接受这条记录"};
	size_t i = 0, n = sizeof(p->faults) / sizeof(p->faults[0]);

	text(r->json, "fault", f.fault, sizeof(f.fault));
	text(r->json, "path", f.path, sizeof(f.path));
	text(r->json, "kind", f.kind, sizeof(f.kind));
	text(r->json, "pointer", f.pointer, sizeof(f.pointer));
	text(r->json, "code", f.code, sizeof(f.code));
	text(r->json, "message", f.message, sizeof(f.message));
	f.count = number(r->json, "count", 1);
	f.status = number(r->json, "status", 503);
	f.retry_after_s = number(r->json, "retry_after_s", 0);
	f.delay_ms = number(r->json, "delay_ms", 0);
	f.percent = number(r->json, "percent", 100);
	f.days = number(r->json, "days", 0);
	a->status = 204;
	if (!strcmp(f.fault, "clear")) {
		memset(p->faults, 0, sizeof(p->faults));
		return;
	}
	if (!strcmp(f.fault, "backup") || !strcmp(f.fault, "restore")) {
		if (!(f.fault[0] == 'b' ? plat_db_backup(p)
		                        : plat_db_restore(p, !strcmp(f.kind, "silent"))))
			a->status = 500;
		return;
	}
	while (i < n && p->faults[i].count && strcmp(p->faults[i].fault, f.fault) != 0)
		i++;
	if (!f.fault[0] || i == n)
		plat_answer_problem(
		        a, plat_problem(400, "malformed", "no such fault, or too many", NULL));
	else
		p->faults[i] = f;
}

const struct plat_fault *plat_fault_hit(struct plat *p, const char *name, const char *about)
{
	for (size_t i = 0; i < sizeof(p->faults) / sizeof(p->faults[0]); i++) {
		struct plat_fault *f = &p->faults[i];
		bool reject =
		        !strcmp(name, "reject") || !strcmp(name, "retry") || !strcmp(name, "spoil");

		if (!f->count || strcmp(f->fault, name) != 0)
			continue;
		if (reject ? strcmp(f->kind, about) != 0
		           : strncmp(f->path, about, strlen(f->path)) != 0)
			continue;
		if (f->percent < 100 && (int)randombytes_uniform(100) >= f->percent)
			continue;
		if (f->count > 0)
			f->count--;
		return f;
	}
	return NULL;
}
