#include "config.h"

#include "store/contact.h"

#include "store/db.h"
#include "store/use.h"

#define WRITTEN(X)                    \
	X(yz_contact, ID, id)         \
	X(yz_contact, NUM, rev)       \
	X(yz_contact, TEXT, name)     \
	X(yz_contact, TEXT, phone)    \
	X(yz_contact, TEXT, company)  \
	X(yz_contact, TEXT, code)     \
	X(yz_contact, TEXT, region)   \
	X(yz_contact, TEXT, detail)   \
	X(yz_contact, TEXT, postcode) \
	X(yz_contact, TEXT, search)   \
	X(yz_contact, ID, clerk)      \
	X(yz_contact, NUM, at_ms)
#define READ(X)    \
	WRITTEN(X) \
	X(yz_contact, NUM, is_farmer)
YZ_COLS(written, yz_contact, WRITTEN);
YZ_COLS(contact, yz_contact, READ);
#define READ_NAMES READ(YZ_COL_NAME)

#define NOW_CONTACTS                                                                               \
	"(SELECT c.*, EXISTS(SELECT 1 FROM farmer f WHERE f.contact = c.id AND f.current = 1) AS " \
	"is_farmer"                                                                                \
	" FROM contact c WHERE c.current = 1)"
#define SELECT_CONTACT YZ_SELECT(NOW_CONTACTS, READ)
#define MATCHES                                                                                 \
	" WHERE (?1 = '%%' OR name LIKE ?1 ESCAPE '\\' OR search LIKE ?1 ESCAPE '\\' OR phone " \
	"LIKE ?1 ESCAPE '\\')"                                                                  \
	" AND (?2 = 0 OR is_farmer)"

enum yz_status yz_contact_used(struct yz_tx *tx, const struct yz_id *id, struct yz_error *err)
{
	struct yz_q q = yz_q_start(tx->s,
	        "INSERT INTO contact_use(contact, used) VALUES(?, (SELECT"
	        " coalesce(max(used), 0) + 1 FROM contact_use))"
	        " ON CONFLICT(contact) DO UPDATE SET used = excluded.used",
	        err);

	yz_q_id(&q, id);
	return yz_q_run(&q);
}

/* The highest revision, which stops being the current one. */
static enum yz_status retire(
        struct yz_tx *tx, const struct yz_id *id, int64_t *rev, struct yz_error *err)
{
	struct yz_q q = yz_q_start(tx->s,
	        "UPDATE contact SET current = 0 WHERE id = ? AND current = 1"
	        " RETURNING rev",
	        err);

	*rev = 0;
	yz_q_id(&q, id);
	return yz_q_value(&q, rev);
}

enum yz_status yz_contact_put(struct yz_tx *tx, struct yz_contact *c, struct yz_error *err)
{
	struct yz_contact row = *c;
	int64_t rev;
	enum yz_status st;
	struct yz_q q;

	if (yz_id_is_none(&row.id))
		row.id = yz_id_new(tx->now.wall_ms);
	st = retire(tx, &row.id, &rev, err);
	if (st != YZ_OK)
		return st;
	row.rev = (int)rev + 1;
	row.at_ms = tx->now.wall_ms;
	q = yz_q_start(tx->s, YZ_INSERT_CURRENT("contact", WRITTEN), err);
	yz_q_record(&q, &written, &row);
	st = yz_q_run(&q);
	if (st == YZ_OK)
		st = yz_contact_used(tx, &row.id, err);
	if (st == YZ_OK)
		*c = row;
	return st;
}

enum yz_status yz_contact_get(
        struct yz_store *s, const struct yz_id *id, struct yz_contact *out, struct yz_error *err)
{
	struct yz_q q = yz_q_start(s, SELECT_CONTACT " WHERE id = ?", err);

	yz_q_id(&q, id);
	return yz_q_one(&q, &contact, out, "contact");
}

static enum yz_status total_of(struct yz_store *s, const char *like,
        const struct yz_contact_query *query, size_t *total, struct yz_error *err)
{
	struct yz_q q = yz_q_start(s, "SELECT count(*) FROM " NOW_CONTACTS MATCHES, err);
	int64_t n = 0;
	enum yz_status st;

	yz_q_text(&q, like);
	yz_q_num(&q, query->farmers_only);
	st = yz_q_value(&q, &n);
	if (st == YZ_OK)
		*total = (size_t)n;
	return st;
}

enum yz_status yz_contact_find(struct yz_store *s, const struct yz_contact_query *query,
        struct yz_contact *rows, size_t max, size_t *n, size_t *total, struct yz_error *err)
{
	char like[YZ_LIKE_SIZE];
	enum yz_status st = YZ_OK;
	struct yz_q q;

	(void)yz_like(like, query->text);
	if (total)
		st = total_of(s, like, query, total, err);
	if (st != YZ_OK)
		return st;
	q = yz_q_start(s,
	        "SELECT used" READ_NAMES " FROM contact_use JOIN " NOW_CONTACTS
	        " ON id = contact" MATCHES " ORDER BY used DESC LIMIT ?3 OFFSET ?4",
	        err);
	yz_q_text(&q, like);
	yz_q_num(&q, query->farmers_only);
	yz_q_num(&q, (int64_t)max);
	yz_q_num(&q, (int64_t)query->skip);
	return yz_q_all(&q, &contact, rows, max, n);
}

enum yz_status yz_contact_same(struct yz_store *s, const char *name, const char *phone,
        struct yz_contact *out, struct yz_error *err)
{
	struct yz_q q = yz_q_start(
	        s, SELECT_CONTACT " WHERE phone = ? AND name = ? ORDER BY seq DESC LIMIT 1", err);

	yz_q_text(&q, phone);
	yz_q_text(&q, name);
	return yz_q_one(&q, &contact, out, "contact");
}

enum yz_status yz_contact_receivers(struct yz_store *s, const struct yz_id *sender,
        struct yz_contact *rows, size_t max, size_t *n, struct yz_error *err)
{
	struct yz_q q = yz_q_start(s,
	        "SELECT newest" READ_NAMES
	        " FROM (SELECT r.contact AS whose, max(r.shipment) AS newest"
	        " FROM party p JOIN party r ON r.shipment = p.shipment"
	        " AND r.role = 1 WHERE p.role = 0 AND p.contact = ?"
	        " AND r.contact IS NOT NULL GROUP BY r.contact) JOIN " NOW_CONTACTS
	        " ON id = whose ORDER BY newest DESC LIMIT ?",
	        err);

	yz_q_id(&q, sender);
	yz_q_num(&q, (int64_t)max);
	return yz_q_all(&q, &contact, rows, max, n);
}
