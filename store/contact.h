/* Contacts (anyone who sends or receives), their farm profiles and consents. A change is a new
 * revision: the old rows stay. Reads give the current revision. */
#ifndef YZ_STORE_CONTACT_H
#define YZ_STORE_CONTACT_H

#include "store/store.h"

struct yz_contact {
	struct yz_id id;
	int rev; /* 1 for the first; set by yz_contact_put */
	char name[YZ_NAME_SIZE];
	char phone[YZ_PHONE_SIZE];
	char company[YZ_NAME_SIZE];
	char code[YZ_CODE_SIZE]; /* deepest division known, or "" */
	char region[YZ_REGION_SIZE];
	char detail[YZ_DETAIL_SIZE];
	char postcode[7];
	char search[YZ_SEARCH_SIZE]; /* made by station/ */
	struct yz_id clerk;          /* who wrote this revision */
	int64_t at_ms;               /* when; set by yz_contact_put */
	bool is_farmer;              /* read only: has a farm profile */
};

/* A new contact (id none: one is made and written back; an id never seen is kept) or a new revision
 * of c->id. */
enum yz_status yz_contact_put(struct yz_tx *tx, struct yz_contact *c, struct yz_error *err);
enum yz_status yz_contact_get(
        struct yz_store *s, const struct yz_id *id, struct yz_contact *out, struct yz_error *err);

struct yz_contact_query {
	const char *text; /* part of name, pinyin, initials or phone; "" is all */
	bool farmers_only;
	size_t skip;
};
/* Most lately used first. *total (may be NULL) is the number of all matches. */
enum yz_status yz_contact_find(struct yz_store *s, const struct yz_contact_query *q,
        struct yz_contact *rows, size_t max, size_t *n, size_t *total, struct yz_error *err);
/* Same phone and same name; YZ_E_NOTFOUND if there is none. */
enum yz_status yz_contact_same(struct yz_store *s, const char *name, const char *phone,
        struct yz_contact *out, struct yz_error *err);
/* Receivers that this sender's parcels went to, newest first, without repeats. */
enum yz_status yz_contact_receivers(struct yz_store *s, const struct yz_id *sender,
        struct yz_contact *rows, size_t max, size_t *n, struct yz_error *err);

struct yz_farmer {
	struct yz_id contact;
	int rev;
	char kind[YZ_SHORT_SIZE];    /* household, family_farm, cooperative, company, buyer */
	char id_type[YZ_SHORT_SIZE]; /* "", resident, passport, ... */
	char id_last4[5];
	uint8_t id_sealed[96]; /* crypto_box_seal of the number to the recipient; the station cannot
	                          read it */
	size_t id_sealed_len;  /* 0: not kept */
	char id_recipient[YZ_SHORT_SIZE]; /* whose key sealed it */
	char uscc[19];
	char subject_code[YZ_SHORT_SIZE]; /* 主体码 of the national platform */
	char village[YZ_CODE_SIZE];
	char payee[YZ_NAME_SIZE];
	char account_tail[5];
	struct yz_id clerk;
	int64_t at_ms;
};

/* Sets rev and at_ms. YZ_E_NOTFOUND if the contact does not exist. */
enum yz_status yz_farmer_put(struct yz_tx *tx, struct yz_farmer *f, struct yz_error *err);
enum yz_status yz_farmer_get(struct yz_store *s, const struct yz_id *contact, struct yz_farmer *out,
        struct yz_error *err);

struct yz_consent {
	struct yz_id id, contact;
	char purpose[YZ_SHORT_SIZE]; /* platform_upload, bank_details, photo, marketing,
	                                station_pickup */
	char wording[YZ_SHORT_SIZE]; /* version of the text that was shown */
	char how[YZ_SHORT_SIZE];     /* spoken, signed, screen */
	struct yz_id clerk;
	int64_t given_ms, withdrawn_ms; /* withdrawn 0: in force */
};

/* id made if none; given_ms is now if 0. YZ_E_NOTFOUND if the contact does not exist. */
enum yz_status yz_consent_add(struct yz_tx *tx, struct yz_consent *c, struct yz_error *err);
/* In force or withdrawn; YZ_E_NOTFOUND. */
enum yz_status yz_consent_by_id(
        struct yz_store *s, const struct yz_id *id, struct yz_consent *out, struct yz_error *err);
/* With all older ones of the same contact and purpose. YZ_E_NOTFOUND if it is not in force. */
enum yz_status yz_consent_withdraw(struct yz_tx *tx, const struct yz_id *id, struct yz_error *err);
/* The one in force for a purpose; YZ_E_NOTFOUND. */
enum yz_status yz_consent_get(struct yz_store *s, const struct yz_id *contact, const char *purpose,
        struct yz_consent *out, struct yz_error *err);

#endif
