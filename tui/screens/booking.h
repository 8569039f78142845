/* Parts of the booking screen; for tui/screens/booking*.c only. */
#ifndef YZ_TUI_BOOKING_H
#define YZ_TUI_BOOKING_H

#include "station/booking.h"
#include "station/units.h"
#include "store/contact.h"
#include "tui/form.h"
#include "tui/screens/kiosk.h"

/* The fields in the order of Enter. Those of a party stand together: the receiver's are
 * YZ_BOOKING_PARTY behind. */
enum yz_booking_field {
	YZ_BF_SENDER_NAME,
	YZ_BF_SENDER_PHONE,
	YZ_BF_SENDER_PLACE,
	YZ_BF_SENDER_DETAIL,
	YZ_BF_RECEIVER_NAME,
	YZ_BF_RECEIVER_PHONE,
	YZ_BF_RECEIVER_PLACE,
	YZ_BF_RECEIVER_DETAIL,
	YZ_BF_GOODS,
	YZ_BF_PIECES,
	YZ_BF_WEIGHT,
	YZ_BF_INSURED,
	YZ_BF_ID_TYPE,
	YZ_BF_ID_TAIL,
	YZ_BF_COURIER,
	YZ_BF_PAYER,
	YZ_BF_METHOD,
	YZ_BF_PACKING,
	YZ_BF_INSURANCE,
	YZ_BF_REMARK,
	YZ_BF_IDENTITY,
	YZ_BF_INSPECTED,
	YZ_BF_TERMS,
	YZ_BF_COUNT
};
enum {
	YZ_BOOKING_PARTY = YZ_BF_RECEIVER_NAME,
	YZ_BOOKING_OFFERS_SHOWN = 9,
	YZ_BOOKING_OFFERS_ROW = 10
};

/* What belongs to a party and has no field of its own. */
struct yz_booking_side {
	char code[YZ_CODE_SIZE]; /* of the place field's text; "" if it is not known */
	char postcode[7];
	char company[YZ_NAME_SIZE];
	struct yz_id contact;
};

struct yz_booking_view {
	struct yz_view *view;
	struct yz_form form;
	struct yz_booking_side sides[2]; /* sender, receiver */
	int asking;                      /* the side that a picker was opened for */
	struct yz_weight weight;         /* grams 0: not known */
	struct yz_offer offers[YZ_OFFERS_MAX];
	size_t offer_count;
	char draft[YZ_SHORT_SIZE]; /* what the form's draft is called */
	struct yz_id replaces;     /* the refused parcel that is booked anew, or none */
	struct yz_shipment old;    /* that parcel, while replaces is set */
	struct yz_shipment last;   /* the station's newest, for F7; id none: there is none */
	char saved[256];           /* what the last save said, until the next parcel has a weight */
	bool is_asking;            /* a list was opened that must be answered before saving */
	bool is_touched;           /* something that is not in a draft yet */
	bool is_begun;             /* something was typed since the form was empty */
};

extern const struct yz_entry_spec yz_booking_specs[YZ_BF_COUNT];

const char *yz_booking_text(const struct yz_booking_view *b, enum yz_booking_field field);
void yz_booking_put(struct yz_booking_view *b, enum yz_booking_field field, const char *text);

/* Reads the prices if place and weight are known. A failure is told. */
void yz_booking_reprice(struct yz_booking_view *b);

/* The offer whose digit is typed, NULL if none. */
const struct yz_offer *yz_booking_offer(const struct yz_booking_view *b);

/* Why the couriers that cannot be had cannot: "EMS: no numbers are left; JD: ..."; false if all
 * can.
 */
bool yz_booking_reasons(const struct yz_booking_view *b, char *out, size_t size);

/* The sender pays at the counter; else nothing is collected now. */
bool yz_booking_is_paid_here(const struct yz_booking_view *b);

/* The body of the screen. */
void yz_booking_draw(const struct yz_view *v, struct yz_canvas *c);

/* ---- booking_party.c: finding and splitting people */

/* A field of a party was left: finds a contact, splits a pasted line, finds the place's code. */
void yz_booking_party_left(struct yz_booking_view *b, enum yz_booking_field field);
/* Fills a side from a contact and goes on to what comes after the party. */
void yz_booking_party_fill(struct yz_booking_view *b, int side, const struct yz_contact *c);
void yz_booking_place_set(struct yz_booking_view *b, int side, const char *code);
/* F7: on a party the receiver that this sender wrote to last, or the party of the last parcel; on
 * goods and remark those. */
bool yz_booking_copy(void *owner, size_t index);

/* ---- booking_goods.c: what is in the parcel, from the products */

/* The goods field was left: typed initials that fit one product become its name, of several the
 * list is opened. */
void yz_booking_goods_left(struct yz_booking_view *b);
void yz_booking_goods_pick(struct yz_booking_view *b); /* F4 */

/* ---- booking_data.c: the form as a booking and as a draft */

/* Fills an empty form from b->old, but for the three ticks, which are of each visit. */
void yz_booking_fill(struct yz_booking_view *b);

void yz_booking_build(const struct yz_booking_view *b, struct yz_booking *out);
void yz_booking_keep(struct yz_booking_view *b);    /* saves the draft if something changed */
bool yz_booking_restore(struct yz_booking_view *b); /* false: there is no draft */
void yz_booking_forget(struct yz_booking_view *b);  /* drops the draft */
void yz_booking_reset(
        struct yz_booking_view *b); /* an empty form with its defaults; reads the last shipment */

#endif
