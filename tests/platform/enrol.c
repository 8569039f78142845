/* Enrolment by a one-time code, and renewal of a station's certificate. What was given once is
 * given again to the same question, so that a lost answer costs nothing. */
#include "config.h"

#include "tests/platform/platform.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool refuse(struct plat_answer *a, unsigned status, const char *code, const char *detail)
{
	plat_answer_problem(a, plat_problem(status, code, detail, NULL));
	return false;
}

static const char *text_of(const cJSON *o, const char *name)
{
	const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, name);

	return cJSON_IsString(v) ? v->valuestring : "";
}

/* True if `what` was given already: a holds the same answer, or a refusal if this asks for
 * something else. */
static bool given(
        struct plat *p, const struct plat_request *r, const char *what, struct plat_answer *a)
{
	sqlite3_stmt *st = plat_db_query(
	        p->db, "SELECT key, digest, answer FROM given WHERE what=?", what, NULL);
	char digest[PLAT_DIGEST_SIZE];
	bool found = plat_db_step(st);

	plat_digest(r->body, r->body_len, digest);
	if (found && strcmp(plat_db_text(st, 0), r->key) != 0)
		(void)refuse(a, 403, "code-wrong-or-used", "注册码不对或已用过");
	else if (found && strcmp(plat_db_text(st, 1), digest) != 0)
		(void)refuse(a, 422, "key-reused-different-body", "同一编号的内容不一致");
	else if (found)
		plat_answer_json(a, 201, cJSON_Parse(plat_db_text(st, 2)));
	(void)sqlite3_finalize(st);
	return found;
}

/* Stores the answer before it is given; takes json over. */
static void give(struct plat *p, const struct plat_request *r, const char *what,
        struct plat_answer *a, cJSON *json)
{
	char digest[PLAT_DIGEST_SIZE], *text = cJSON_PrintUnformatted(json);

	plat_digest(r->body, r->body_len, digest);
	(void)plat_db_int(plat_db_query(p->db, "INSERT INTO given VALUES(?,?,?,?,?)", what,
	                          r->station, r->key, digest, text, NULL),
	        0);
	cJSON_free(text);
	plat_answer_json(a, 201, json);
}

/* Adds the certificate for the request in the body. False: refused in a. */
static bool certify(struct plat *p, const struct plat_request *r, const char *station,
        cJSON *answer, struct plat_answer *a)
{
	const struct plat_fault *old = plat_fault_hit(p, "cert-age", r->path);
	struct yz_buf pem = YZ_BUF_INIT;
	bool ok = p->pki && plat_pki_sign(p->pki, text_of(r->json, "csr"), station,
	                            old ? old->days : 0, &pem);

	if (ok)
		(void)cJSON_AddStringToObject(answer, "certificate", yz_buf_str(&pem));
	else
		(void)refuse(a, 400, "csr-refused", "证书申请不合要求");
	yz_buf_free(&pem);
	return ok;
}

void plat_enrol(struct plat *p, const struct plat_request *r, struct plat_answer *a)
{
	const char *code, *station;
	struct plat_request as = *r;
	int64_t epoch;
	cJSON *o;

	if (!plat_body_ok("enrol", r, a))
		return;
	code = text_of(r->json, "code");
	as.station = station = text_of(r->json, "station");
	if (given(p, r, code, a))
		return;
	if (!*p->enrol_code || strcmp(code, p->enrol_code) != 0) {
		(void)refuse(a, 403, "code-wrong-or-used", "注册码不对或已用过");
		return;
	}
	epoch = 1 + plat_db_int(plat_db_query(p->db, "SELECT agent_epoch FROM station WHERE id=?",
	                                station, NULL),
	                    0);
	o = cJSON_CreateObject();
	(void)cJSON_AddStringToObject(o, "station", station);
	(void)cJSON_AddStringToObject(o, "token", p->token);
	(void)cJSON_AddNumberToObject(o, "agent_epoch", (double)epoch);
	if (*text_of(r->json, "csr") && !certify(p, r, station, o, a))
		cJSON_Delete(o);
	else
		give(p, &as, code, a, o);
}

void plat_renew(struct plat *p, const struct plat_request *r, struct plat_answer *a)
{
	char path[64], what[96];
	cJSON *o;

	(void)snprintf(path, sizeof(path), "/v1/stations/%s/certificates", r->station);
	if (strcmp(path, r->path) != 0) {
		(void)refuse(a, 403, "unauthorised", "只能为本站点续期");
		return;
	}
	if (!plat_body_ok("renew", r, a))
		return;
	(void)snprintf(what, sizeof(what), "%s %s", r->station, r->key);
	if (given(p, r, what, a))
		return;
	o = cJSON_CreateObject();
	if (certify(p, r, r->station, o, a))
		give(p, r, what, a, o);
	else
		cJSON_Delete(o);
}
