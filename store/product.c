#include "config.h"

#include "store/product.h"

#include "store/db.h"

#define PRODUCT(X)                      \
	X(yz_product, ID, id)           \
	X(yz_product, NUM, rev)         \
	X(yz_product, TEXT, item_no)    \
	X(yz_product, TEXT, name)       \
	X(yz_product, TEXT, class_code) \
	X(yz_product, TEXT, origin)     \
	X(yz_product, TEXT, tier314)    \
	X(yz_product, TEXT, leading)    \
	X(yz_product, TEXT, unit)       \
	X(yz_product, NUM, content_g)   \
	X(yz_product, TEXT, grades)     \
	X(yz_product, NUM, price_fen)   \
	X(yz_product, NUM, shelf_days)  \
	X(yz_product, TEXT, storage)    \
	X(yz_product, TEXT, doc_rule)   \
	X(yz_product, TEXT, gtin)       \
	X(yz_product, TEXT, hs10)       \
	X(yz_product, ID, farmer)       \
	X(yz_product, TEXT, search)     \
	X(yz_product, ID, clerk)        \
	X(yz_product, NUM, at_ms)
YZ_COLS(product, yz_product, PRODUCT);

#define SELECT_PRODUCT YZ_SELECT("product", PRODUCT) " WHERE current = 1"
#define MATCHES                                                                                 \
	" AND (?1 = '%%' OR name LIKE ?1 ESCAPE '\\' OR search LIKE ?1 ESCAPE '\\' OR item_no " \
	"LIKE ?1 ESCAPE '\\')"

static enum yz_status retire(
        struct yz_tx *tx, const struct yz_id *id, int64_t *rev, struct yz_error *err)
{
	struct yz_q q = yz_q_start(tx->s,
	        "UPDATE product SET current = 0 WHERE id = ? AND current = 1"
	        " RETURNING rev",
	        err);

	*rev = 0;
	yz_q_id(&q, id);
	return yz_q_value(&q, rev);
}

enum yz_status yz_product_put(struct yz_tx *tx, struct yz_product *p, struct yz_error *err)
{
	struct yz_product row = *p, other;
	int64_t rev;
	enum yz_status st = yz_product_by_item(tx->s, row.item_no, &other, NULL);
	struct yz_q q;

	if (yz_id_is_none(&row.id))
		row.id = yz_id_new(tx->now.wall_ms);
	/* Before the old revision is retired: a refused change must leave it as it was. */
	if (st == YZ_OK && !yz_id_equal(&other.id, &row.id))
		return yz_fail(err, YZ_E_EXISTS, "another product has this item number");
	st = retire(tx, &row.id, &rev, err);
	if (st != YZ_OK)
		return st;
	row.rev = (int)rev + 1;
	row.at_ms = tx->now.wall_ms;
	q = yz_q_start(tx->s, YZ_INSERT_CURRENT("product", PRODUCT), err);
	yz_q_record(&q, &product, &row);
	st = yz_q_run(&q);
	if (st == YZ_OK)
		*p = row;
	return st;
}

enum yz_status yz_product_get(
        struct yz_store *s, const struct yz_id *id, struct yz_product *out, struct yz_error *err)
{
	struct yz_q q = yz_q_start(s, SELECT_PRODUCT " AND id = ?", err);

	yz_q_id(&q, id);
	return yz_q_one(&q, &product, out, "product");
}

enum yz_status yz_product_by_item(
        struct yz_store *s, const char *item_no, struct yz_product *out, struct yz_error *err)
{
	struct yz_q q = yz_q_start(s, SELECT_PRODUCT " AND item_no = ?", err);

	yz_q_text(&q, item_no);
	return yz_q_one(&q, &product, out, "product");
}

enum yz_status yz_product_find(struct yz_store *s, const char *text, size_t skip,
        struct yz_product *rows, size_t max, size_t *n, size_t *total, struct yz_error *err)
{
	char like[YZ_LIKE_SIZE];
	int64_t count = 0;
	struct yz_q q;

	(void)yz_like(like, text);
	if (total) {
		enum yz_status st;

		q = yz_q_start(s, "SELECT count(*) FROM product WHERE current = 1" MATCHES, err);
		yz_q_text(&q, like);
		st = yz_q_value(&q, &count);
		if (st != YZ_OK)
			return st;
		*total = (size_t)count;
	}
	q = yz_q_start(s, SELECT_PRODUCT MATCHES " ORDER BY name, item_no LIMIT ?2 OFFSET ?3", err);
	yz_q_text(&q, like);
	yz_q_num(&q, (int64_t)max);
	yz_q_num(&q, (int64_t)skip);
	return yz_q_all(&q, &product, rows, max, n);
}
