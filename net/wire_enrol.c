#include "config.h"

#include "net/wire_enrol.h"

#include "net/wire_json.h"

#include <cjson/cJSON.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static void put(cJSON *o, const char *name, const char *value)
{
	if (!cJSON_AddStringToObject(o, name, value))
		abort(); /* no memory */
}

static void write_out(struct yz_buf *out, cJSON *o)
{
	char *text = cJSON_PrintUnformatted(o);

	if (!text)
		abort(); /* no memory */
	yz_buf_clear(out);
	yz_buf_puts(out, text);
	cJSON_free(text);
	cJSON_Delete(o);
}

void yz_wire_enrol(struct yz_buf *out, const char *code, const char *station, const char *csr)
{
	cJSON *o = cJSON_CreateObject();

	put(o, "code", code);
	put(o, "station", station);
	if (*csr)
		put(o, "csr", csr);
	write_out(out, o);
}

void yz_wire_renew(struct yz_buf *out, const char *csr)
{
	cJSON *o = cJSON_CreateObject();

	put(o, "csr", csr);
	write_out(out, o);
}

struct yz_id yz_wire_key_of(const struct yz_buf *body)
{
	unsigned char d[crypto_hash_sha256_BYTES];
	struct yz_id id;

	(void)crypto_hash_sha256(d, (const unsigned char *)yz_buf_str(body), body->len);
	memcpy(id.b, d, sizeof(id.b));
	id.b[6] = (uint8_t)((id.b[6] & 0x0f) | 0x80);
	id.b[8] = (uint8_t)((id.b[8] & 0x3f) | 0x80);
	return id;
}

enum yz_status yz_wire_given(
        struct yz_given *out, bool enrolment, const struct yz_answer *a, struct yz_error *err)
{
	cJSON *o = yz_json_parse(a, "application/json");
	const cJSON *epoch = yz_json_member(o, "agent_epoch");
	const char *certificate = o ? yz_json_text(o, "certificate") : "";
	const char *station = o ? yz_json_text(o, "station") : "";
	const char *token = o ? yz_json_text(o, "token") : "";
	bool ok = o && (enrolment ? *station && *token && strlen(token) < sizeof(out->token) &&
	                                       yz_json_is_count(epoch) && epoch->valuedouble >= 1
	                          : *certificate != '\0');

	if (ok) {
		(void)yz_copy(out->station, sizeof(out->station), station);
		(void)yz_copy(out->token, sizeof(out->token), token);
		out->agent_epoch = enrolment ? (int64_t)epoch->valuedouble : 0;
		yz_buf_clear(&out->certificate);
		yz_buf_puts(&out->certificate, certificate);
	}
	cJSON_Delete(o);
	return ok ? YZ_OK
	          : yz_fail(err, YZ_E_PARSE, "the answer is not what the platform's contract says");
}
