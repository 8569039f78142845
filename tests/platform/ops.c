#include "config.h"

#include "tests/platform/platform.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One operation of a batch while it is judged. */
struct judged {
	struct plat *p;
	const char *station;
	const char *op_id, *agg, *kind,
	        *supersedes; /* borrowed from the batch; supersedes "" for none */
	const cJSON *needs, *data;
	int64_t seq, agg_ver;
	int64_t place; /* in the aggregate: agg_ver, or that of what it supersedes; 0 unknown */
	struct yz_buf canon; /* data, canonical */
	char digest[PLAT_DIGEST_SIZE];
	const char *status; /* applied, replayed, rejected, blocked */
	cJSON *problem;     /* owned, or NULL */
	int64_t server_id;
};

static const char *text_of(const cJSON *object, const char *name)
{
	const cJSON *v = cJSON_GetObjectItemCaseSensitive(object, name);

	return cJSON_IsString(v) ? v->valuestring : "";
}

static int64_t int_of(const cJSON *object, const char *name)
{
	const cJSON *v = cJSON_GetObjectItemCaseSensitive(object, name);

	return cJSON_IsNumber(v) ? (int64_t)v->valuedouble : 0;
}

/* Ends the judgement with a reason; always false, so that checks read as a chain. */
static bool refuse(struct judged *j, const char *status, const char *code, const char *pointer,
        const char *detail)
{
	cJSON *errors = cJSON_CreateArray();

	if (*pointer)
		plat_error_add(errors, pointer, code, detail);
	j->status = status;
	j->problem = plat_problem(422, code, detail, errors);
	return false;
}

/* A station's op_id is bound to its content for good; an applied one is answered from the store. */
static bool is_new(struct judged *j)
{
	sqlite3_stmt *st = plat_db_query(j->p->db,
	        "SELECT n, digest, status FROM op WHERE station=? AND op_id=? ORDER BY n LIMIT 1",
	        j->station, j->op_id, NULL);
	bool fresh = true;

	if (plat_db_step(st) && j->p->dedupe) {
		if (strcmp(plat_db_text(st, 1), j->digest) != 0) {
			fresh = refuse(j, "rejected", "key-reused-different-body", "/op_id",
			        "同一编号的内容不一致");
		} else if (!strcmp(plat_db_text(st, 2), "applied")) {
			j->status = "replayed";
			j->server_id = sqlite3_column_int64(st, 0);
			fresh = false;
		}
	}
	(void)sqlite3_finalize(st);
	if (j->status && !strcmp(j->status, "replayed"))
		(void)plat_db_int(
		        plat_db_query(j->p->db,
		                "UPDATE op SET replayed=replayed+1 WHERE station=? AND op_id=?",
		                j->station, j->op_id, NULL),
		        0);
	return fresh;
}

static bool is_valid(struct judged *j)
{
	const struct plat_fault *f = plat_fault_hit(j->p, "reject", j->kind);
	cJSON *errors;

	if (f)
		return refuse(j, "rejected", f->code, f->pointer, f->message);
	if (plat_fault_hit(j->p, "retry", j->kind))
		return refuse(j, "retry", "unavailable", "", "稍后再试");
	errors = cJSON_CreateArray();
	if (!plat_schema_check(j->kind, j->data, "/data", errors)) {
		cJSON_Delete(errors);
		return refuse(j, "rejected", "unknown-kind", "/kind", "平台不认识这类记录");
	}
	if (!cJSON_GetArraySize(errors)) {
		cJSON_Delete(errors);
		return true;
	}
	j->status = "rejected";
	j->problem = plat_problem(
	        422, "validation", text_of(cJSON_GetArrayItem(errors, 0), "message"), errors);
	return false;
}

/* Applied itself, or repaired by one that was. */
static bool is_settled(struct judged *j, const char *op_id)
{
	return plat_db_int(
	               plat_db_query(j->p->db,
	                       "WITH RECURSIVE c(id) AS (SELECT ?2 UNION SELECT op_id FROM op JOIN "
	                       "c ON"
	                       " op.station=?1 AND op.supersedes=c.id AND op.supersedes<>'') "
	                       "SELECT 1 FROM op JOIN c ON"
	                       " op.station=?1 AND op.op_id=c.id WHERE status='applied' LIMIT 1",
	                       j->station, op_id, NULL),
	               0) == 1;
}

static bool is_unblocked(struct judged *j)
{
	const cJSON *need;
	char place[24];

	cJSON_ArrayForEach(need, j->needs) if (!is_settled(j, need->valuestring)) return refuse(
	        j, "blocked", "needs-missing", "/needs", "所依赖的记录还没有被平台接受");
	(void)snprintf(place, sizeof(place), "%lld", (long long)j->place);
	if (plat_db_int(plat_db_query(j->p->db,
	                        "SELECT 1 FROM op WHERE station=? AND agg=? AND place<CAST(? AS "
	                        "INTEGER) AND"
	                        " status='rejected' AND replaced=0 AND op_id<>? LIMIT 1",
	                        j->station, j->agg, place, j->supersedes, NULL),
	            0))
		return refuse(
		        j, "blocked", "earlier-refused", "", "同一对象较早的记录被退回,先处理它");
	if (j->p->dedupe && j->place &&
	        plat_db_int(plat_db_query(j->p->db,
	                            "SELECT max(place) FROM op WHERE station=? AND agg=? AND "
	                            "status='applied'",
	                            j->station, j->agg, NULL),
	                0) >= j->place)
		return refuse(
		        j, "rejected", "version-conflict", "/agg_ver", "平台上已有更新的版本");
	return true;
}

/* A repair stands where the refused operation stood; one whose predecessor never came here claims
 * no order. A predecessor that was applied after all (its answer was lost, the clerk held it) keeps
 * its place. */
static void find_place(struct judged *j)
{
	char ver[24];

	j->place = j->agg_ver;
	(void)snprintf(ver, sizeof(ver), "%lld", (long long)j->agg_ver);
	if (*j->supersedes)
		j->place = plat_db_int(plat_db_query(j->p->db,
		                               "SELECT CASE status WHEN 'applied' THEN CAST(?3 AS "
		                               "INTEGER) ELSE place "
		                               "END FROM op WHERE station=?1 AND op_id=?2",
		                               j->station, j->supersedes, ver, NULL),
		        0);
}

static bool book(struct judged *j)
{
	const char *no = text_of(j->data, "waybill_no"), *id = text_of(j->data, "shipment_id");

	if (*no && j->p->dedupe &&
	        plat_db_int(plat_db_query(j->p->db,
	                            "SELECT 1 FROM shipment WHERE waybill_no=? AND cancelled<>2",
	                            no, NULL),
	                0))
		return refuse(j, "rejected", "waybill-taken", "/data/waybill_no", "运单号已被使用");
	(void)plat_db_int(
	        plat_db_query(j->p->db,
	                "INSERT INTO shipment(station, shipment_id, waybill_no) VALUES(?,?,?)",
	                j->station, id, no, NULL),
	        0);
	return true;
}

static bool cancel(struct judged *j)
{
	const char *id = text_of(j->data, "shipment_id");
	int64_t cancelled = plat_db_int(
	        plat_db_query(j->p->db,
	                "SELECT cancelled FROM shipment WHERE station=? AND shipment_id=?",
	                j->station, id, NULL),
	        -1);

	if (cancelled < 0 && *j->supersedes)
		return true; /* the booking was refused, or never came: its end is all there is */
	if (cancelled < 0)
		return refuse(j, "rejected", "unknown-shipment", "/data/shipment_id",
		        "平台上没有这个寄件");
	if (cancelled && j->p->dedupe)
		return refuse(
		        j, "rejected", "already-cancelled", "/data/shipment_id", "这个寄件已作废");
	(void)plat_db_int(plat_db_query(j->p->db,
	                          "UPDATE shipment SET cancelled=CASE ? WHEN 'returned' THEN 2 "
	                          "ELSE 1 END WHERE "
	                          "shipment_id=?",
	                          text_of(j->data, "number"), id, NULL),
	        0);
	return true;
}

static bool take_effect(struct judged *j)
{
	if (!strcmp(j->kind, "shipment.book"))
		return book(j);
	if (!strcmp(j->kind, "shipment.cancel"))
		return cancel(j);
	return true;
}

/* Keeps the verdict: an applied operation for good, a refused one until it is judged anew. */
static void keep(struct judged *j)
{
	char seq[24], ver[24], place[24],
	        *problem = j->problem ? cJSON_PrintUnformatted(j->problem) : NULL;
	sqlite3 *db = j->p->db;

	(void)snprintf(seq, sizeof(seq), "%lld", (long long)j->seq);
	(void)snprintf(ver, sizeof(ver), "%lld", (long long)j->agg_ver);
	(void)snprintf(place, sizeof(place), "%lld", (long long)j->place);
	(void)plat_db_int(
	        plat_db_query(db,
	                "DELETE FROM op WHERE station=? AND op_id=? AND status='rejected'",
	                j->station, j->op_id, NULL),
	        0);
	(void)plat_db_int(
	        plat_db_query(db,
	                "INSERT INTO "
	                "op(station,op_id,seq,agg,agg_ver,place,kind,supersedes,digest,data,status,"
	                "problem) VALUES(?,?,CAST(? AS INTEGER),?,CAST(? AS INTEGER),CAST(? AS "
	                "INTEGER),?,?,?,?,?,?)",
	                j->station, j->op_id, seq, j->agg, ver, place, j->kind, j->supersedes,
	                j->digest, yz_buf_str(&j->canon), j->status, problem ? problem : "", NULL),
	        0);
	j->server_id = sqlite3_last_insert_rowid(db);
	if (*j->supersedes)
		(void)plat_db_int(
		        plat_db_query(db, "UPDATE op SET replaced=1 WHERE station=? AND op_id=?",
		                j->station, j->supersedes, NULL),
		        0);
	cJSON_free(problem);
}

static void judge(struct judged *j)
{
	bool reused;

	if (!j->p->one_commit)
		plat_db_exec(j->p->db, "BEGIN IMMEDIATE");
	if (!plat_canon(&j->canon, j->data)) {
		(void)refuse(j, "rejected", "validation", "/data", "只接受整数,字段不得重复");
	}
	plat_digest(yz_buf_str(&j->canon), j->canon.len, j->digest);
	find_place(j);
	if (!j->status && is_new(j) && is_valid(j) && is_unblocked(j) && take_effect(j))
		j->status = "applied";
	reused = j->problem && !strcmp(text_of(j->problem, "code"), "key-reused-different-body");
	if (!strcmp(j->status, "applied"))
		j->p->sends_applied = j->p->sends;
	if (!strcmp(j->status, "applied") || (!strcmp(j->status, "rejected") && !reused))
		keep(j);
	if (!j->p->one_commit)
		plat_db_exec(j->p->db, "COMMIT");
}

static cJSON *result_of(struct judged *j)
{
	cJSON *r = cJSON_CreateObject();
	char id[24];

	(void)cJSON_AddStringToObject(r, "op_id", j->op_id);
	(void)cJSON_AddStringToObject(r, "status", j->status);
	if (j->problem) {
		(void)cJSON_AddStringToObject(r, "code", text_of(j->problem, "code"));
		(void)cJSON_AddItemToObject(r, "problem", j->problem);
	} else {
		(void)snprintf(id, sizeof(id), "%lld", (long long)j->server_id);
		(void)cJSON_AddStringToObject(r, "server_id", id);
		(void)cJSON_AddNumberToObject(r, "version", (double)j->agg_ver);
	}
	return r;
}

static cJSON *judge_one(struct plat *p, const char *station, const cJSON *op)
{
	struct judged j = {.p = p,
	        .station = station,
	        .op_id = text_of(op, "op_id"),
	        .agg = text_of(op, "agg"),
	        .kind = text_of(op, "kind"),
	        .supersedes = text_of(op, "supersedes"),
	        .needs = cJSON_GetObjectItemCaseSensitive(op, "needs"),
	        .data = cJSON_GetObjectItemCaseSensitive(op, "data"),
	        .seq = int_of(op, "seq"),
	        .agg_ver = int_of(op, "agg_ver")};
	cJSON *r;

	judge(&j);
	r = result_of(&j);
	yz_buf_free(&j.canon);
	return r;
}

/* A batch's key is bound to its content too. */
static bool key_is_free(struct plat *p, const struct plat_request *r)
{
	char digest[PLAT_DIGEST_SIZE];
	sqlite3_stmt *st;
	bool ok = false;

	plat_digest(r->body, r->body_len, digest);
	st = plat_db_query(p->db, "INSERT OR IGNORE INTO batch VALUES(?,?,?)", r->station, r->key,
	        digest, NULL);
	(void)plat_db_int(st, 0);
	st = plat_db_query(p->db, "SELECT digest FROM batch WHERE station=? AND key=?", r->station,
	        r->key, NULL);
	if (plat_db_step(st))
		ok = !strcmp(plat_db_text(st, 0), digest);
	(void)sqlite3_finalize(st);
	return ok;
}

/* A batch that fails as a whole because of one kind in it. */
static bool is_spoilt(struct plat *p, const struct plat_request *r, struct plat_answer *a)
{
	const struct plat_fault *f = NULL;
	const cJSON *op;

	cJSON_ArrayForEach(op, cJSON_GetObjectItemCaseSensitive(r->json, "ops")) f =
	        f ? f : plat_fault_hit(p, "spoil", text_of(op, "kind"));
	if (f)
		plat_answer_problem(a,
		        plat_problem((unsigned)f->status,
		                f->status < 500 ? "malformed" : "unavailable", "测试故障", NULL));
	return f;
}

static void judge_all(struct plat *p, const struct plat_request *r, struct plat_answer *a)
{
	cJSON *answer, *results;
	const cJSON *op;

	if (!key_is_free(p, r)) {
		plat_answer_problem(a, plat_problem(422, "key-reused-different-body",
		                               "同一编号的内容不一致", NULL));
		return;
	}
	answer = cJSON_CreateObject();
	results = cJSON_AddArrayToObject(answer, "results");
	cJSON_ArrayForEach(op, cJSON_GetObjectItemCaseSensitive(r->json, "ops"))
	        cJSON_AddItemToArray(results, judge_one(p, r->station, op));
	(void)cJSON_AddNumberToObject(answer, "high_seq",
	        (double)plat_db_int(
	                plat_db_query(p->db,
	                        "SELECT max(seq) FROM op WHERE station=? AND status='applied'",
	                        r->station, NULL),
	                0));
	plat_answer_json(a, 200, answer);
}

void plat_batch(struct plat *p, const struct plat_request *r, struct plat_answer *a)
{
	cJSON *errors = cJSON_CreateArray();

	(void)plat_schema_check("batch", r->json, "", errors);
	if (!cJSON_GetArraySize(errors) && strcmp(text_of(r->json, "batch_id"), r->key) != 0)
		plat_error_add(
		        errors, "/batch_id", "not-the-key", "batch_id must equal Idempotency-Key");
	if (cJSON_GetArraySize(errors)) {
		plat_answer_problem(a, plat_problem(400, "malformed", "请求格式不对", errors));
		return;
	}
	cJSON_Delete(errors);
	if (is_spoilt(p, r, a))
		return;
	if (p->one_commit)
		plat_db_exec(p->db, "BEGIN IMMEDIATE");
	judge_all(p, r, a);
	if (p->one_commit)
		plat_db_exec(p->db, "COMMIT");
}

void plat_operation(struct plat *p, const struct plat_request *r, struct plat_answer *a)
{
	const char *op_id = r->path + strlen("/v1/operations/");
	sqlite3_stmt *st = plat_db_query(p->db,
	        "SELECT n, agg_ver, status, problem FROM op WHERE station=? AND op_id=? ORDER BY n "
	        "DESC LIMIT 1",
	        r->station, op_id, NULL);

	if (plat_db_step(st)) {
		cJSON *o = cJSON_CreateObject(), *problem = cJSON_Parse(plat_db_text(st, 3));

		(void)cJSON_AddStringToObject(o, "op_id", op_id);
		(void)cJSON_AddStringToObject(o, "status", plat_db_text(st, 2));
		if (problem) {
			(void)cJSON_AddStringToObject(o, "code", text_of(problem, "code"));
			(void)cJSON_AddItemToObject(o, "problem", problem);
		} else {
			(void)cJSON_AddStringToObject(o, "server_id", plat_db_text(st, 0));
			(void)cJSON_AddNumberToObject(o, "version", sqlite3_column_int(st, 1));
		}
		plat_answer_json(a, 200, o);
	} else {
		plat_answer_problem(
		        a, plat_problem(404, "unknown-op", "平台没有收到过这条记录", NULL));
	}
	(void)sqlite3_finalize(st);
}

void plat_dump(struct plat *p, struct plat_answer *a)
{
	cJSON *o = cJSON_CreateObject(), *ops = cJSON_AddArrayToObject(o, "operations");
	sqlite3_stmt *st = plat_db_query(
	        p->db, "SELECT op_id, kind, data FROM op WHERE status='applied' ORDER BY n", NULL);

	while (plat_db_step(st)) {
		cJSON *op = cJSON_CreateObject();

		(void)cJSON_AddStringToObject(op, "op_id", plat_db_text(st, 0));
		(void)cJSON_AddStringToObject(op, "kind", plat_db_text(st, 1));
		(void)cJSON_AddItemToObject(op, "data", cJSON_Parse(plat_db_text(st, 2)));
		(void)cJSON_AddItemToArray(ops, op);
	}
	(void)sqlite3_finalize(st);
	(void)cJSON_AddNumberToObject(o, "replayed",
	        (double)plat_db_int(plat_db_query(p->db, "SELECT sum(replayed) FROM op", NULL), 0));
	plat_answer_json(a, 200, o);
}
