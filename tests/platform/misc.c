/* Number leases, status. */
#include "config.h"

#include "tests/platform/platform.h"

#include "base/clock.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

/* Example shapes of numbers; real ones come with a courier's contract. */
static const struct shape {
	const char *courier, *prefix, *suffix, *check_rule;
	int width;
} shapes[] = {
        {"YUNDA", "43", "", "none", 11},
        {"STO", "773", "", "none", 12},
        {"ZTO", "78", "", "none", 12},
        {"YTO", "YT", "", "none", 13},
        {"JT", "JT", "", "none", 13},
        {"EMS", "EA", "CN", "s10", 8},
        {"POST", "98", "", "none", 11},
};

static const struct shape *shape_of(const char *courier)
{
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
		if (!strcmp(shapes[i].courier, courier))
			return &shapes[i];
	return NULL;
}

static int64_t int_of(const cJSON *object, const char *name)
{
	return (int64_t)cJSON_GetObjectItemCaseSensitive(object, name)->valuedouble;
}

bool plat_body_ok(const char *kind, const struct plat_request *r, struct plat_answer *a)
{
	cJSON *errors = cJSON_CreateArray();

	(void)plat_schema_check(kind, r->json, "", errors);
	if (!cJSON_GetArraySize(errors)) {
		cJSON_Delete(errors);
		return true;
	}
	plat_answer_problem(a, plat_problem(400, "malformed", "请求格式不对", errors));
	return false;
}

static void set_number(cJSON *o, const char *name, double value)
{
	(void)cJSON_ReplaceItemInObjectCaseSensitive(o, name, cJSON_CreateNumber(value));
}

/* A platform that gives numbers which may not be used; how is the fault's code. */
static void spoil_lease(cJSON *o, const char *how)
{
	if (!strcmp(how, "overlap")) { /* the first numbers that this platform ever gave */
		set_number(o, "hi", (double)(1000 + int_of(o, "hi") - int_of(o, "lo")));
		set_number(o, "lo", 1000);
	} else if (!strcmp(how, "width")) {
		set_number(o, "width", 9);
	} else if (!strcmp(how, "check")) {
		(void)cJSON_ReplaceItemInObjectCaseSensitive(
		        o, "check_rule", cJSON_CreateString("mod7"));
	} else if (!strcmp(how, "more")) {
		set_number(o, "hi", (double)(int_of(o, "hi") + 1));
	} else {
		cJSON_DeleteItemFromObjectCaseSensitive(o, "hi");
	}
}

static void lease_answer(struct plat *p, struct plat_answer *a, sqlite3_stmt *st)
{
	const struct plat_fault *f = plat_fault_hit(p, "lease", "/v1/number-leases");
	const struct shape *s = shape_of(plat_db_text(st, 1));
	cJSON *o = cJSON_CreateObject();

	(void)cJSON_AddStringToObject(o, "lease_id", plat_db_text(st, 0));
	(void)cJSON_AddStringToObject(o, "kind", "waybill");
	(void)cJSON_AddStringToObject(o, "courier", plat_db_text(st, 1));
	(void)cJSON_AddStringToObject(o, "prefix", s->prefix);
	(void)cJSON_AddNumberToObject(o, "width", s->width);
	(void)cJSON_AddStringToObject(o, "suffix", s->suffix);
	(void)cJSON_AddNumberToObject(o, "lo", (double)sqlite3_column_int64(st, 2));
	(void)cJSON_AddNumberToObject(o, "hi", (double)sqlite3_column_int64(st, 3));
	(void)cJSON_AddStringToObject(o, "check_rule", s->check_rule);
	if (f)
		spoil_lease(o, f->code);
	plat_answer_json(a, 201, o);
}

static void lease_make(
        struct plat *p, const struct plat_request *r, const char *courier, const char *digest)
{
	struct yz_id id = yz_id_new(yz_clock_now(0).wall_ms);
	char id_text[YZ_ID_TEXT_SIZE], lo[24], hi[24];
	int64_t from =
	        1 + plat_db_int(plat_db_query(p->db, "SELECT max(hi) FROM lease WHERE courier=?",
	                                courier, NULL),
	                    999);

	if (from <= int_of(r->json, "high_water"))
		from = int_of(r->json, "high_water") + 1;
	(void)snprintf(lo, sizeof(lo), "%lld", (long long)from);
	(void)snprintf(hi, sizeof(hi), "%lld", (long long)(from + int_of(r->json, "count") - 1));
	(void)plat_db_int(plat_db_query(p->db,
	                          "INSERT INTO lease(lease_id,station,key,digest,courier,lo,hi) "
	                          "VALUES(?,?,?,?,?,"
	                          "CAST(? AS INTEGER),CAST(? AS INTEGER))",
	                          yz_id_text(&id, id_text), r->station, r->key, digest, courier, lo,
	                          hi, NULL),
	        0);
}

void plat_lease(struct plat *p, const struct plat_request *r, struct plat_answer *a)
{
	static const char find[] =
	        "SELECT lease_id, courier, lo, hi, digest FROM lease WHERE station=? AND key=?";
	char digest[PLAT_DIGEST_SIZE];
	const char *courier;
	sqlite3_stmt *st;

	if (!plat_body_ok("lease", r, a))
		return;
	courier = cJSON_GetObjectItemCaseSensitive(r->json, "courier")->valuestring;
	if (!shape_of(courier)) {
		plat_answer_problem(
		        a, plat_problem(422, "no-numbers", "平台没有这家快递的号段", NULL));
		return;
	}
	plat_digest(r->body, r->body_len, digest);
	plat_db_exec(p->db, "BEGIN IMMEDIATE");
	st = plat_db_query(p->db, find, r->station, r->key, NULL);
	if (!plat_db_step(st)) {
		lease_make(p, r, courier, digest);
		(void)sqlite3_reset(st);
		(void)plat_db_step(st);
	}
	if (strcmp(plat_db_text(st, 4), digest) != 0)
		plat_answer_problem(a, plat_problem(422, "key-reused-different-body",
		                               "同一编号的内容不一致", NULL));
	else
		lease_answer(p, a, st);
	(void)sqlite3_finalize(st);
	plat_db_exec(p->db, "COMMIT");
}

void plat_lease_return(struct plat *p, const struct plat_request *r, struct plat_answer *a)
{
	char id[YZ_ID_TEXT_SIZE], used[24];
	sqlite3_stmt *st;

	if (!plat_body_ok("return", r, a))
		return;
	(void)yz_copy(id, sizeof(id), r->path + strlen("/v1/number-leases/"));
	st = plat_db_query(p->db,
	        "SELECT lo, hi, used_to FROM lease WHERE station=? AND lease_id=?", r->station, id,
	        NULL);
	if (!plat_db_step(st)) {
		plat_answer_problem(a, plat_problem(404, "unknown-lease", "没有这个号段", NULL));
	} else if (sqlite3_column_type(st, 2) != SQLITE_NULL &&
	           sqlite3_column_int64(st, 2) != int_of(r->json, "used_to")) {
		plat_answer_problem(
		        a, plat_problem(409, "already-returned", "这个号段已经退回", NULL));
	} else {
		int64_t lo = sqlite3_column_int64(st, 0), hi = sqlite3_column_int64(st, 1);
		int64_t to = int_of(r->json, "used_to");
		cJSON *o = cJSON_CreateObject();

		(void)snprintf(used, sizeof(used), "%lld", (long long)to);
		(void)plat_db_int(
		        plat_db_query(p->db,
		                "UPDATE lease SET used_to=CAST(? AS INTEGER) WHERE lease_id=?",
		                used, id, NULL),
		        0);
		(void)cJSON_AddStringToObject(o, "lease_id", id);
		(void)cJSON_AddNumberToObject(o, "used_to", (double)to);
		(void)cJSON_AddNumberToObject(
		        o, "burned", (double)(to >= hi ? 0 : hi - (to < lo ? lo - 1 : to)));
		plat_answer_json(a, 200, o);
	}
	(void)sqlite3_finalize(st);
}

void plat_status(struct plat *p, const struct plat_request *r, struct plat_answer *a)
{
	if (!plat_body_ok("status", r, a))
		return;
	(void)plat_db_int(plat_db_query(p->db, "UPDATE station SET status=? WHERE id=?", r->body,
	                          r->station, NULL),
	        0);
	a->status = 204;
}

void plat_test_stats(struct plat *p, struct plat_answer *a)
{
	cJSON *o = cJSON_CreateObject();

	(void)cJSON_AddNumberToObject(o, "requests", (double)p->requests);
	(void)cJSON_AddNumberToObject(o, "sends", (double)p->sends);
	(void)cJSON_AddNumberToObject(o, "sends_applied", (double)p->sends_applied);
	(void)cJSON_AddNumberToObject(o, "gzipped", (double)p->gzipped);
	(void)cJSON_AddNumberToObject(o, "rejected",
	        (double)plat_db_int(
	                plat_db_query(
	                        p->db, "SELECT count(*) FROM op WHERE status='rejected'", NULL),
	                0));
	(void)cJSON_AddNumberToObject(o, "shipments",
	        (double)plat_db_int(
	                plat_db_query(p->db, "SELECT count(*) FROM shipment", NULL), 0));
	plat_answer_json(a, 200, o);
}

/* Every lease, for tests that hold numbers against them. */
void plat_test_leases(struct plat *p, struct plat_answer *a)
{
	cJSON *list = cJSON_CreateArray();
	sqlite3_stmt *st = plat_db_query(
	        p->db, "SELECT courier, lo, hi, used_to FROM lease ORDER BY rowid", NULL);

	while (plat_db_step(st)) {
		cJSON *o = cJSON_CreateObject();

		(void)cJSON_AddStringToObject(o, "courier", plat_db_text(st, 0));
		(void)cJSON_AddNumberToObject(o, "lo", (double)sqlite3_column_int64(st, 1));
		(void)cJSON_AddNumberToObject(o, "hi", (double)sqlite3_column_int64(st, 2));
		if (sqlite3_column_type(st, 3) != SQLITE_NULL)
			(void)cJSON_AddNumberToObject(
			        o, "used_to", (double)sqlite3_column_int64(st, 3));
		(void)cJSON_AddItemToArray(list, o);
	}
	(void)sqlite3_finalize(st);
	plat_answer_json(a, 200, list);
}
