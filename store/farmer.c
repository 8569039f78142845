#include "config.h"

#include "store/contact.h"
#include "store/db.h"

#include <string.h>

#define FARMER(X)                        \
	X(yz_farmer, ID, contact)        \
	X(yz_farmer, NUM, rev)           \
	X(yz_farmer, TEXT, kind)         \
	X(yz_farmer, TEXT, id_type)      \
	X(yz_farmer, TEXT, id_last4)     \
	X(yz_farmer, TEXT, id_recipient) \
	X(yz_farmer, TEXT, uscc)         \
	X(yz_farmer, TEXT, subject_code) \
	X(yz_farmer, TEXT, village)      \
	X(yz_farmer, TEXT, payee)        \
	X(yz_farmer, TEXT, account_tail) \
	X(yz_farmer, ID, clerk)          \
	X(yz_farmer, NUM, at_ms)
YZ_COLS(farmer, yz_farmer, FARMER);
#define FARMER_NAMES FARMER(YZ_COL_NAME)
#define FARMER_MARKS FARMER(YZ_COL_MARK)

#define CONSENT(X)                   \
	X(yz_consent, ID, id)        \
	X(yz_consent, ID, contact)   \
	X(yz_consent, TEXT, purpose) \
	X(yz_consent, TEXT, wording) \
	X(yz_consent, TEXT, how)     \
	X(yz_consent, ID, clerk)     \
	X(yz_consent, NUM, given_ms) \
	X(yz_consent, NUM, withdrawn_ms)
YZ_COLS(consent, yz_consent, CONSENT);
#define SELECT_CONSENT YZ_SELECT("consent", CONSENT)

static enum yz_status has_contact(struct yz_store *s, const struct yz_id *id, struct yz_error *err)
{
	struct yz_q q =
	        yz_q_start(s, "SELECT count(*) FROM contact WHERE id = ? AND current = 1", err);
	int64_t n = 0;
	enum yz_status st;

	yz_q_id(&q, id);
	st = yz_q_value(&q, &n);
	return st == YZ_OK && n == 0 ? yz_fail(err, YZ_E_NOTFOUND, "no such contact") : st;
}

static enum yz_status retire(
        struct yz_tx *tx, const struct yz_id *id, int64_t *rev, struct yz_error *err)
{
	struct yz_q q = yz_q_start(tx->s,
	        "UPDATE farmer SET current = 0 WHERE contact = ? AND current = 1"
	        " RETURNING rev",
	        err);

	*rev = 0;
	yz_q_id(&q, id);
	return yz_q_value(&q, rev);
}

enum yz_status yz_farmer_put(struct yz_tx *tx, struct yz_farmer *f, struct yz_error *err)
{
	struct yz_farmer row = *f;
	int64_t rev = 0;
	enum yz_status st = has_contact(tx->s, &row.contact, err);
	struct yz_q q;

	if (st == YZ_OK && row.id_sealed_len > sizeof(row.id_sealed))
		st = yz_fail(err, YZ_E_RANGE, "a sealed number is longer than %zu bytes",
		        sizeof(row.id_sealed));
	if (st == YZ_OK)
		st = retire(tx, &row.contact, &rev, err);
	if (st != YZ_OK)
		return st;
	row.rev = (int)rev + 1;
	row.at_ms = tx->now.wall_ms;
	q = yz_q_start(tx->s,
	        "INSERT INTO farmer(current" FARMER_NAMES ", id_sealed) VALUES(1" FARMER_MARKS
	        ",?)",
	        err);
	yz_q_record(&q, &farmer, &row);
	yz_q_bytes(&q, row.id_sealed, row.id_sealed_len);
	st = yz_q_run(&q);
	if (st == YZ_OK)
		*f = row;
	return st;
}

enum yz_status yz_farmer_get(struct yz_store *s, const struct yz_id *contact, struct yz_farmer *out,
        struct yz_error *err)
{
	struct yz_q q = yz_q_start(s,
	        "SELECT seq" FARMER_NAMES
	        ", id_sealed FROM farmer WHERE contact = ? AND current = 1",
	        err);

	yz_q_id(&q, contact);
	if (yz_q_next(&q)) {
		const void *sealed;
		size_t len;

		yz_q_get_record(&q, &farmer, out);
		sealed = yz_q_get_bytes(&q, &len);
		if (sealed && len <= sizeof(out->id_sealed))
			memcpy(out->id_sealed, sealed, out->id_sealed_len = len);
	} else if (q.st == YZ_OK) {
		q.st = yz_fail(err, YZ_E_NOTFOUND, "no such farm profile");
	}
	return yz_q_end(&q);
}

enum yz_status yz_consent_add(struct yz_tx *tx, struct yz_consent *c, struct yz_error *err)
{
	struct yz_consent row = *c;
	enum yz_status st = has_contact(tx->s, &row.contact, err);
	struct yz_q q;

	if (st != YZ_OK)
		return st;
	if (yz_id_is_none(&row.id))
		row.id = yz_id_new(tx->now.wall_ms);
	if (row.given_ms == 0)
		row.given_ms = tx->now.wall_ms;
	row.withdrawn_ms = 0;
	q = yz_q_start(tx->s, YZ_INSERT("consent", CONSENT), err);
	yz_q_record(&q, &consent, &row);
	st = yz_q_run(&q);
	if (st == YZ_OK)
		*c = row;
	return st;
}

enum yz_status yz_consent_withdraw(struct yz_tx *tx, const struct yz_id *id, struct yz_error *err)
{
	/* Older ones for the same purpose too, else one of them would be in force again. */
	struct yz_q q = yz_q_start(tx->s,
	        "UPDATE consent SET withdrawn_ms = ?1 FROM"
	        " (SELECT contact AS who, purpose AS what FROM consent"
	        " WHERE id = ?2 AND withdrawn_ms = 0) WHERE contact = who"
	        " AND purpose = what AND withdrawn_ms = 0",
	        err);

	yz_q_num(&q, tx->now.wall_ms);
	yz_q_id(&q, id);
	return yz_q_change(&q, "consent in force");
}

enum yz_status yz_consent_by_id(
        struct yz_store *s, const struct yz_id *id, struct yz_consent *out, struct yz_error *err)
{
	struct yz_q q = yz_q_start(s, SELECT_CONSENT " WHERE id = ?", err);

	yz_q_id(&q, id);
	return yz_q_one(&q, &consent, out, "consent");
}

enum yz_status yz_consent_get(struct yz_store *s, const struct yz_id *contact, const char *purpose,
        struct yz_consent *out, struct yz_error *err)
{
	struct yz_q q = yz_q_start(s,
	        SELECT_CONSENT " WHERE contact = ? AND purpose = ? AND withdrawn_ms = 0"
	                       " ORDER BY seq DESC LIMIT 1",
	        err);

	yz_q_id(&q, contact);
	yz_q_text(&q, purpose);
	return yz_q_one(&q, &consent, out, "consent in force");
}
