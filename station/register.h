/* Registering people and goods: checks, then one transaction of record + operation + audit row. A
 * rejected record changes nothing and names the field (err->field) and what is wanted (err->say).
 * All block on one disk sync. */
#ifndef YZ_STATION_REGISTER_H
#define YZ_STATION_REGISTER_H

#include "station/desk.h"
#include "store/contact.h"
#include "store/product.h"

/* Rules only, no disk: name 2 to 40 characters, phone valid, region and detail within their sizes.
 * Fields: name, phone, region, detail, postcode. Texts are trimmed and full-width digits of the
 * phone halved in place. */
enum yz_status yz_contact_check(struct yz_contact *c, struct yz_error *err);

/* What the draft of a record's form is called: kind for a new record, else with the end of its id,
 * so that every record has its own. Saving a record drops its draft in the same transaction. kind:
 * contact, farmer, product. */
void yz_register_draft(const char *kind, const struct yz_id *id, char out[YZ_SHORT_SIZE]);

/* Saves a contact (new when c->id is none) with its contact.upsert operation. */
enum yz_status yz_contact_save(
        struct yz_desk *desk, const struct yz_now *now, struct yz_contact *c, struct yz_error *err);

/* What the farmer is asked before the upload, word by word (a msgid); its version is kept with the
 * consent. */
const char *yz_consent_upload_wording(void);

struct yz_farmer_form {
	struct yz_contact contact;
	struct yz_farmer farmer;
	bool consent_upload; /* the farmer agrees that the record goes to the platform (PIPL Art.
	                        13, 23) */
};

/* Contact, farm profile and consent in one transaction. Without consent_upload nothing of the farm
 * profile is posted. Fields also: kind, uscc (required for cooperative and company), village. */
enum yz_status yz_farmer_save(struct yz_desk *desk, const struct yz_now *now,
        struct yz_farmer_form *f, struct yz_error *err);

/* Checks an identity number as typed (halved in place), keeps type, last four and, where the
 * station knows the recipient "purchase", the number sealed to it; then wipes id_no. Call it at
 * field exit. Errors: YZ_E_RANGE. */
enum yz_status yz_farmer_take_id(struct yz_desk *desk, const struct yz_now *now, char *id_no,
        struct yz_farmer *f, struct yz_error *err);

/* Fields: item_no, name, unit, content_g, price, shelf_days, gtin. An empty item_no gets a number
 * of the station. */
enum yz_status yz_product_check(struct yz_product *p, struct yz_error *err);
enum yz_status yz_product_save(
        struct yz_desk *desk, const struct yz_now *now, struct yz_product *p, struct yz_error *err);

/* Puts the catalogue's products in (one transaction): new item numbers are added, known ones get a
 * new revision if they differ. text is a catalogue CSV. *count: rows read. */
enum yz_status yz_catalogue_import(struct yz_desk *desk, const struct yz_now *now, char *text,
        const char *name, size_t *count, struct yz_error *err);

/* The same in a transaction of the caller's, which rolls back on an error. */
struct yz_ref_source;
enum yz_status yz_catalogue_take(struct yz_desk *desk, struct yz_tx *tx,
        const struct yz_ref_source *src, size_t *count, struct yz_error *err);

#endif
