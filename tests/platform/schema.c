/* The schemas of doc/platform-api.yaml as tables: one row a field, so that the two can be read side
 * by side. */
#include "config.h"

#include "tests/platform/platform.h"

#include "base/clock.h"
#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum type {
	STR,
	INT,
	YES,
	OBJ,
	ARR,
	ANY
}; /* YES: true and nothing else; ANY: an object looked at elsewhere */
/* DATE_: a date or empty. DIGITS, UPPER: may be empty, whatever their least length. */
enum form { FREE, UUID, DATE, DATE_, TIME, DIGITS, UPPER, ITEM };

struct rule {
	const char *path; /* "" is the root; "[]" stands for each element */
	enum type type;
	bool must;
	int64_t min, max; /* STR: characters; INT: value; ARR: elements */
	enum form form;
	const char *one_of; /* "a|b|", or NULL */
};

#define FEN_MAX 100000000000
#define ID(p, must)                              \
	{                                        \
		p, STR, must, 36, 36, UUID, NULL \
	}
#define TEXT(p, must, min, max)                    \
	{                                          \
		p, STR, must, min, max, FREE, NULL \
	}
#define ENUM(p, must, list)                     \
	{                                       \
		p, STR, must, 0, 40, FREE, list \
	}
#define FEN(p, must)                                 \
	{                                            \
		p, INT, must, 0, FEN_MAX, FREE, NULL \
	}
#define NUM(p, must, min, max)                     \
	{                                          \
		p, INT, must, min, max, FREE, NULL \
	}
#define END                                        \
	{                                          \
		NULL, ANY, false, 0, 0, FREE, NULL \
	}

#define PLACE(at)                                                                                  \
	TEXT(at "name", true, 1, 40), TEXT(at "org", false, 0, 60), TEXT(at "phone", true, 7, 24), \
	        {at "code", STR, true, 2, 12, DIGITS, NULL}, TEXT(at "region", false, 0, 60),      \
	        TEXT(at "province", false, 0, 40), TEXT(at "city", false, 0, 40),                  \
	        TEXT(at "county", false, 0, 40), TEXT(at "town", false, 0, 40),                    \
	        TEXT(at "village", false, 0, 40), TEXT(at "detail", true, 0, 120),                 \
	{                                                                                          \
		at "postcode", STR, false, 6, 6, DIGITS, NULL                                      \
	}
#define PARTY(at) {at, OBJ, true, 0, 0, FREE, NULL}, ID(at ".contact_id", false), PLACE(at ".")
#define SEALED                                                                                 \
	{"sealed", ARR, false, 0, 4, FREE, NULL}, {"sealed[]", OBJ, false, 0, 0, FREE, NULL},  \
	        ENUM("sealed[].what", true, "id_number|bank_account|"),                        \
	        TEXT("sealed[].recipient", true, 1, 40), TEXT("sealed[].key_id", true, 1, 64), \
	        TEXT("sealed[].box", true, 64, 1000)
#define PAYMENTS                                                                                  \
	{"payments", ARR, true, 0, 20, FREE, NULL}, {"payments[]", OBJ, false, 0, 0, FREE, NULL}, \
	        ID("payments[].payment_id", true),                                                \
	        ENUM("payments[].method", true,                                                   \
	                "cash|wechat|alipay|bank_card|account|monthly|collect|"),                 \
	        FEN("payments[].amount_fen", true), TEXT("payments[].clerk", true, 1, 40),        \
	        ID("payments[].reverses", false)

static const struct rule contact_rules[] = {ID("contact_id", true), PLACE(""),
        TEXT("id_type", false, 0, 32), {"id_last4", STR, false, 4, 4, UPPER, NULL},
        {"id_seen_on", STR, false, 0, 10, DATE_, NULL}, SEALED, END};

static const struct rule farmer_rules[] = {ID("farmer_id", true), ID("contact_id", true),
        ENUM("kind", true, "household|family_farm|cooperative|company|buyer|"),
        {"uscc", STR, false, 18, 18, UPPER, NULL}, TEXT("subject_code", false, 0, 40),
        TEXT("id_type", false, 0, 32), {"id_last4", STR, false, 4, 4, UPPER, NULL},
        {"village_code", STR, false, 12, 12, DIGITS, NULL}, TEXT("main_goods", false, 0, 60),
        TEXT("payee", false, 0, 40), {"account_last4", STR, false, 4, 4, DIGITS, NULL}, SEALED,
        END};

static const struct rule consent_rules[] = {ID("consent_id", true), ID("contact_id", true),
        ENUM("purpose", true, "platform_upload|bank_details|photo|marketing|station_pickup|"),
        TEXT("wording", true, 1, 40), {"given_on", STR, true, 10, 10, DATE, NULL},
        ENUM("how", true, "spoken|signed|screen|"),
        {"withdrawn_on", STR, false, 0, 10, DATE_, NULL}, END};

static const struct rule product_rules[] = {ID("product_id", true),
        {"item_no", STR, true, 1, 20, ITEM, NULL}, TEXT("name", true, 1, 60),
        ID("farmer_id", false), TEXT("class", false, 0, 40),
        {"origin_code", STR, false, 2, 12, DIGITS, NULL}, TEXT("tier", false, 0, 16),
        TEXT("leading", false, 0, 16), TEXT("unit", true, 1, 16),
        NUM("content_g", false, 0, FEN_MAX), {"grades", ARR, false, 0, 10, FREE, NULL},
        TEXT("grades[]", false, 1, 20), FEN("price_fen", true), NUM("shelf_days", false, 0, 3650),
        TEXT("storage", false, 0, 16), TEXT("doc_rule", false, 0, 16),
        {"gtin", STR, false, 8, 14, DIGITS, NULL}, {"hs10", STR, false, 10, 10, DIGITS, NULL}, END};

static const struct rule book_rules[] = {ID("shipment_id", true), TEXT("courier", true, 1, 16),
        TEXT("service", true, 0, 40), TEXT("carrier", false, 0, 40),
        TEXT("product_line", false, 0, 40), {"waybill_no", STR, true, 0, 32, UPPER, NULL},
        ENUM("number_source", true, "range|online|station|none|"), TEXT("station_no", false, 0, 32),
        PARTY("sender"), PARTY("receiver"), {"lines", ARR, true, 1, 50, FREE, NULL},
        {"lines[]", OBJ, false, 0, 0, FREE, NULL}, ID("lines[].product_id", false),
        TEXT("lines[].name", true, 1, 60), TEXT("lines[].grade", false, 0, 20),
        NUM("lines[].qty_milli", false, 0, 1000000000), TEXT("lines[].unit", false, 0, 16),
        NUM("lines[].mass_g", false, 0, FEN_MAX), FEN("lines[].price_fen", false),
        NUM("pieces", true, 1, 1000), NUM("gross_g", true, 1, 100000000),
        NUM("billed_g", true, 1, 100000000), FEN("freight_fen", true), FEN("insured_fen", false),
        FEN("insurance_fen", false), FEN("packing_fen", false), FEN("cod_fen", false),
        FEN("total_fen", true), ENUM("payer", true, "sender|receiver|monthly|"),
        TEXT("tariff", false, 0, 60), TEXT("tariff_row", false, 0, 60),
        {"identity_seen", YES, true, 0, 0, FREE, NULL},
        {"parcel_opened", YES, true, 0, 0, FREE, NULL}, {"terms_read", YES, true, 0, 0, FREE, NULL},
        TEXT("id_type", false, 0, 32), {"id_last4", STR, false, 4, 4, UPPER, NULL},
        TEXT("note", false, 0, 200), {"booked_at", STR, true, 0, 40, TIME, NULL},
        TEXT("clerk", true, 1, 40), PAYMENTS, SEALED, END};

static const struct rule cancel_rules[] = {ID("shipment_id", true), TEXT("reason", true, 1, 120),
        ENUM("number", true, "burned|returned|none|"),
        {"cancelled_at", STR, true, 0, 40, TIME, NULL}, TEXT("clerk", true, 1, 40), PAYMENTS, END};

static const struct rule withdrawal_rules[] = {ID("operation_id", true),
        TEXT("reason", true, 1, 120), {"cancelled_at", STR, true, 0, 40, TIME, NULL},
        TEXT("clerk", true, 1, 40), END};

static const struct rule batch_rules[] = {ID("batch_id", true),
        NUM("first_seq", true, 1, INT64_MAX), {"ops", ARR, true, 1, PLAT_OPS_MAX, FREE, NULL},
        {"ops[]", OBJ, false, 0, 0, FREE, NULL}, ID("ops[].op_id", true),
        NUM("ops[].seq", true, 1, INT64_MAX), TEXT("ops[].agg", true, 1, 64),
        NUM("ops[].agg_ver", true, 1, INT64_MAX), TEXT("ops[].kind", true, 1, 40),
        NUM("ops[].schema", true, 1, 1), {"ops[].occurred_at", STR, true, 0, 40, TIME, NULL},
        {"ops[].clock", OBJ, true, 0, 0, FREE, NULL}, TEXT("ops[].clock.boot_id", true, 0, 36),
        NUM("ops[].clock.mono_ms", true, 0, INT64_MAX),
        ENUM("ops[].clock.trust", true, "unknown|checked|wrong|"),
        {"ops[].needs", ARR, true, 0, 8, FREE, NULL}, ID("ops[].needs[]", false),
        ID("ops[].supersedes", false), {"ops[].data", ANY, true, 0, 0, FREE, NULL}, END};

static const struct rule lease_rules[] = {ENUM("kind", true, "waybill|"),
        TEXT("courier", true, 1, 16), NUM("count", true, 1, 100000),
        NUM("high_water", true, 0, INT64_MAX), END};
static const struct rule return_rules[] = {NUM("used_to", true, 0, INT64_MAX), END};
static const struct rule enrol_rules[] = {
        TEXT("code", true, 8, 40), TEXT("station", true, 1, 16), TEXT("csr", false, 0, 8000), END};
static const struct rule renew_rules[] = {TEXT("csr", true, 1, 8000), END};
static const struct rule status_rules[] = {NUM("waiting", true, 0, INT64_MAX),
        NUM("refused", true, 0, INT64_MAX), NUM("oldest_s", true, 0, INT64_MAX),
        NUM("skew_ms", true, INT64_MIN, INT64_MAX), NUM("free_mib", true, 0, INT64_MAX),
        TEXT("version", true, 0, 40), END};

static const struct {
	const char *kind;
	const struct rule *rules;
} kinds[] = {
        {"contact.upsert", contact_rules},
        {"farmer.upsert", farmer_rules},
        {"consent.give", consent_rules},
        {"product.upsert", product_rules},
        {"shipment.book", book_rules},
        {"shipment.cancel", cancel_rules},
        {"operation.cancel", withdrawal_rules},
        {"batch", batch_rules},
        {"lease", lease_rules},
        {"return", return_rules},
        {"enrol", enrol_rules},
        {"renew", renew_rules},
        {"status", status_rules},
};

/* What a clerk calls a field, for the messages. */
static const struct {
	const char *name, *label;
} labels[] = {
        {"name", "名称"},
        {"phone", "电话"},
        {"code", "行政区划"},
        {"detail", "详细地址"},
        {"waybill_no", "运单号"},
        {"gross_g", "重量"},
        {"billed_g", "计费重量"},
        {"price_fen", "单价"},
        {"postcode", "邮编"},
        {"receiver", "收件人"},
        {"sender", "寄件人"},
        {"item_no", "货号"},
        {"uscc", "统一社会信用代码"},
        {"identity_seen", "已核验身份"},
        {"parcel_opened", "已开箱验视"},
        {"terms_read", "已告知条款"},
        {"reason", "原因"},
        {"lines", "货物"},
        {"payments", "付款"},
};

struct walk {
	const struct rule *rules;
	cJSON *errors;
};

static void complain(struct walk *w, const char *pointer, const char *code, const char *say)
{
	const char *last = strrchr(pointer, '/');
	char message[160];
	const char *label = last ? last + 1 : pointer;

	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
		if (!strcmp(labels[i].name, label))
			label = labels[i].label;
	(void)snprintf(message, sizeof(message), "%s%s%s%s",
	        strstr(pointer, "/receiver/") ? "收件人" : "",
	        strstr(pointer, "/sender/") ? "寄件人" : "", label, say);
	plat_error_add(w->errors, pointer, code, message);
}

static const struct rule *rule_of(const struct rule *rules, const char *path)
{
	for (; rules->path; rules++)
		if (!strcmp(rules->path, path))
			return rules;
	return NULL;
}

static bool only(const char *s, const char *extra, bool letters)
{
	for (; *s; s++)
		if (!(*s >= '0' && *s <= '9') && !(letters && *s >= 'A' && *s <= 'Z') &&
		        !(*extra && strchr(extra, *s)))
			return false;
	return true;
}

static bool form_ok(enum form form, const char *s)
{
	char canonical[YZ_ID_TEXT_SIZE];
	struct yz_id id;
	int64_t ms;

	switch (form) {
	case FREE:
		return true;
	case UUID:
		return yz_id_parse(s, &id) && !strcmp(yz_id_text(&id, canonical), s);
	case DATE:
	case DATE_:
		return (form == DATE_ && !*s) || (strlen(s) == 10 && yz_clock_parse(s, &ms));
	case TIME:
		return strlen(s) > 10 && yz_clock_parse(s, &ms);
	case DIGITS:
		return only(s, "", false);
	case UPPER:
		return only(s, "", true);
	case ITEM:
		return only(s, "-", true);
	}
	return false;
}

static bool one_of(const char *list, const char *s)
{
	size_t n = strlen(s);

	for (const char *p = list; p; p = strchr(p, '|') ? strchr(p, '|') + 1 : NULL)
		if (!strncmp(p, s, n) && p[n] == '|')
			return true;
	return false;
}

static void check_string(struct walk *w, const struct rule *r, const cJSON *node, const char *at)
{
	const char *s = node->valuestring;
	int64_t n = (int64_t)yz_text_chars(s);
	bool may_be_empty = r->form == DIGITS || r->form == UPPER;

	if (!yz_utf8_is_valid(s))
		complain(w, at, "not-utf8", "不是有效的文字");
	else if (n < r->min && (n || !may_be_empty))
		complain(w, at, "too-short", n ? "太短" : "必须填写");
	else if (n > r->max)
		complain(w, at, "too-long", "太长");
	else if (!form_ok(r->form, s))
		complain(w, at, "format", "格式不对");
	else if (r->one_of && !one_of(r->one_of, s))
		complain(w, at, "not-allowed", "不在允许的范围内");
}

static void check(struct walk *w, const struct rule *r, const cJSON *node, const char *at);

static void check_members(struct walk *w, const char *path, const cJSON *node, const char *at)
{
	size_t n = strlen(path);
	const cJSON *m;

	cJSON_ArrayForEach(m, node)
	{
		char sub[128], pointer[192];
		const struct rule *r;

		(void)snprintf(sub, sizeof(sub), "%s%s%s", path, *path ? "." : "", m->string);
		(void)snprintf(pointer, sizeof(pointer), "%s/%s", at, m->string);
		r = rule_of(w->rules, sub);
		if (r)
			check(w, r, m, pointer);
		else
			complain(w, pointer, "unknown-field", "是平台不认识的字段");
	}
	for (const struct rule *r = w->rules; r->path; r++) {
		const char *name = r->path + n + (*path ? 1 : 0);
		char pointer[192];

		if (!r->must || strlen(r->path) <= n || strncmp(r->path, path, n) != 0 ||
		        (*path && r->path[n] != '.'))
			continue;
		if (strpbrk(name, ".[") || cJSON_GetObjectItemCaseSensitive(node, name))
			continue;
		(void)snprintf(pointer, sizeof(pointer), "%s/%s", at, name);
		complain(w, pointer, "missing", "必须填写");
	}
}

static void check_elements(struct walk *w, const struct rule *r, const cJSON *node, const char *at)
{
	int64_t n = cJSON_GetArraySize(node);
	const struct rule *each;
	char path[128], pointer[192];
	const cJSON *m;
	int i = 0;

	(void)snprintf(path, sizeof(path), "%s[]", r->path);
	each = rule_of(w->rules, path);
	if (n < r->min || n > r->max)
		complain(w, at, n < r->min ? "too-short" : "too-long",
		        n < r->min ? "必须填写" : "太多");
	cJSON_ArrayForEach(m, node)
	{
		(void)snprintf(pointer, sizeof(pointer), "%s/%d", at, i++);
		check(w, each, m, pointer);
	}
}

static void check(struct walk *w, const struct rule *r, const cJSON *node, const char *at)
{
	double v = node->valuedouble;

	if (r->type == STR && cJSON_IsString(node)) {
		check_string(w, r, node, at);
	} else if (r->type == INT && cJSON_IsNumber(node) && v == trunc(v)) {
		if (v < (double)r->min || v > (double)r->max || fabs(v) > 9007199254740991.0)
			complain(w, at, "range", "超出范围");
	} else if (r->type == YES && cJSON_IsBool(node)) {
		if (!cJSON_IsTrue(node))
			complain(w, at, "must-be-true", "必须确认");
	} else if (r->type == OBJ && cJSON_IsObject(node)) {
		check_members(w, r->path, node, at);
	} else if (r->type == ARR && cJSON_IsArray(node)) {
		check_elements(w, r, node, at);
	} else if (r->type != ANY || !cJSON_IsObject(node)) {
		complain(w, at, "type", "类型不对");
	}
}

bool plat_schema_check(const char *kind, const cJSON *node, const char *at, cJSON *errors)
{
	static const struct rule root = {"", OBJ, true, 0, 0, FREE, NULL};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct walk w = {kinds[i].rules, errors};

		if (strcmp(kinds[i].kind, kind) != 0)
			continue;
		check(&w, &root, node, at);
		return true;
	}
	return false;
}
