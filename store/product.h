/* Products. A change is a new revision; reads give the current one. */
#ifndef YZ_STORE_PRODUCT_H
#define YZ_STORE_PRODUCT_H

#include "store/store.h"

struct yz_product {
	struct yz_id id;
	int rev;
	char item_no[21]; /* unique, [0-9A-Z-] (fits CEB itemNo) */
	char name[YZ_NAME_SIZE];
	char class_code[YZ_SHORT_SIZE]; /* NY/T 3177 */
	char origin[YZ_CODE_SIZE];      /* county */
	char tier314[YZ_SHORT_SIZE];    /* large, middle, small, none */
	char leading[YZ_SHORT_SIZE];    /* county, village, none */
	char unit[4];                   /* JGS-20 */
	int64_t content_g;              /* grams in one unit, 0 if the unit is a mass itself */
	char grades[YZ_NAME_SIZE];      /* "特;一;二" */
	int64_t price_fen;              /* for one unit; 0: none */
	int shelf_days;                 /* 0: not known */
	char storage[YZ_SHORT_SIZE];    /* normal, cold, frozen */
	char doc_rule[YZ_SHORT_SIZE];   /* certificate, sc, quarantine, none */
	char gtin[15];
	char hs10[11];
	struct yz_id farmer; /* whose it is, or none */
	char search[YZ_SEARCH_SIZE];
	struct yz_id clerk;
	int64_t at_ms;
};

/* New (id none) or a new revision. YZ_E_EXISTS if another product has the item_no. */
enum yz_status yz_product_put(struct yz_tx *tx, struct yz_product *p, struct yz_error *err);
enum yz_status yz_product_get(
        struct yz_store *s, const struct yz_id *id, struct yz_product *out, struct yz_error *err);
enum yz_status yz_product_by_item(
        struct yz_store *s, const char *item_no, struct yz_product *out, struct yz_error *err);
/* Part of name, pinyin, initials or item number; by name. */
enum yz_status yz_product_find(struct yz_store *s, const char *text, size_t skip,
        struct yz_product *rows, size_t max, size_t *n, size_t *total, struct yz_error *err);

#endif
