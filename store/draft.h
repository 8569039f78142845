/* Unfinished forms, one for each clerk and screen. Saved at every field exit; gone when the record
 * is saved. */
#ifndef YZ_STORE_DRAFT_H
#define YZ_STORE_DRAFT_H

#include "base/fields.h"
#include "store/store.h"

struct yz_draft {
	struct yz_id clerk;
	char screen[YZ_SHORT_SIZE];
	int64_t at_ms;
};

/* Durable when it returns; replaces an older one. */
enum yz_status yz_draft_save(struct yz_store *s, const struct yz_now *now,
        const struct yz_id *clerk, const char *screen, const struct yz_fields *fields,
        struct yz_error *err);
/* Fills fields (cleared first); YZ_E_NOTFOUND. */
enum yz_status yz_draft_load(struct yz_store *s, const struct yz_id *clerk, const char *screen,
        struct yz_fields *fields, struct yz_error *err);
/* Inside the transaction that saves the record. No draft is fine. */
enum yz_status yz_draft_drop(
        struct yz_tx *tx, const struct yz_id *clerk, const char *screen, struct yz_error *err);
enum yz_status yz_draft_list(struct yz_store *s, const struct yz_id *clerk, struct yz_draft *rows,
        size_t max, size_t *n, struct yz_error *err);

#endif
