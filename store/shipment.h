/* Outbound shipments with their parties, lines and payments. Written once; afterwards only the
 * state moves on (void, handed over), the number arrives (courier `online`), and payments are
 * added. */
#ifndef YZ_STORE_SHIPMENT_H
#define YZ_STORE_SHIPMENT_H

#include "store/store.h"

enum { YZ_LINES_MAX = 20 };

struct yz_party {
	struct yz_id contact; /* none: not kept as a contact */
	char name[YZ_NAME_SIZE];
	char phone[YZ_PHONE_SIZE];
	char company[YZ_NAME_SIZE];
	char code[YZ_CODE_SIZE];
	char region[YZ_REGION_SIZE];
	char detail[YZ_DETAIL_SIZE];
	char postcode[7];
};

struct yz_line {
	struct yz_id product; /* none: free text */
	char name[YZ_NAME_SIZE];
	int64_t qty_milli; /* thousandths of the unit */
	char unit[4];      /* JGS-20, or "" */
	int64_t mass_g;    /* 0: not told */
};

enum yz_shipment_state { YZ_SHIPMENT_BOOKED, YZ_SHIPMENT_HANDED_OVER, YZ_SHIPMENT_VOID };

struct yz_shipment {
	struct yz_id id;
	int64_t seq;                     /* of the station, from 1; set by yz_shipment_add */
	char station_no[YZ_NUMBER_SIZE]; /* the station's own order number, always there */
	char waybill_no[YZ_NUMBER_SIZE]; /* the courier's number, or "" while it has none */
	char courier[YZ_SHORT_SIZE];     /* brand on the label */
	char carrier[YZ_SHORT_SIZE];     /* firm that carries (interim regulation Art. 19) */
	char service[YZ_SHORT_SIZE];
	char product_line[YZ_SHORT_SIZE]; /* special line of the tariff, or "" */
	struct yz_party sender, receiver;
	struct yz_line lines[YZ_LINES_MAX];
	int line_count;
	int pieces;
	int64_t weight_g; /* as weighed at the station */
	int64_t billed_g; /* what the tariff made of it */
	int64_t freight_fen, insured_fen, insurance_fen, packing_fen, total_fen;
	char tariff[YZ_SHORT_SIZE]; /* sheet version that priced it */
	int tariff_row;
	char payer[YZ_SHORT_SIZE]; /* sender, receiver, monthly */
	char id_type[YZ_SHORT_SIZE];
	char id_last4[5];
	bool identity_seen, inspected, terms_read;
	char remark[YZ_REASON_SIZE];
	enum yz_shipment_state state;
	char void_reason[YZ_REASON_SIZE];
	struct yz_id clerk, void_clerk;
	int64_t booked_ms, voided_ms;
	struct yz_id op; /* its shipment.book operation */
};

/* Adds s with its parties and lines; id must be set, seq and booked_ms are written back.
 * YZ_E_EXISTS: the waybill number is taken already by a shipment of this courier. */
enum yz_status yz_shipment_add(struct yz_tx *tx, struct yz_shipment *s, struct yz_error *err);
enum yz_status yz_shipment_get(
        struct yz_store *st, const struct yz_id *id, struct yz_shipment *out, struct yz_error *err);
/* By waybill number or station number. */
enum yz_status yz_shipment_by_number(
        struct yz_store *st, const char *number, struct yz_shipment *out, struct yz_error *err);
/* BOOKED to VOID, once; YZ_E_STATE otherwise. */
enum yz_status yz_shipment_set_void(struct yz_tx *tx, const struct yz_id *id,
        const struct yz_id *clerk, const char *reason, struct yz_error *err);

/* The parcel that had a courier's number last and gave it back; YZ_E_NOTFOUND if none did. */
enum yz_status yz_shipment_gave_back(struct yz_store *st, const char *waybill_no,
        const char *courier, struct yz_id *id, struct yz_error *err);

/* The courier's number arrives (mode online): once, for a BOOKED shipment without one; YZ_E_STATE
 * otherwise. YZ_E_EXISTS as in yz_shipment_add. */
enum yz_status yz_shipment_set_number(
        struct yz_tx *tx, const struct yz_id *id, const char *waybill_no, struct yz_error *err);

struct yz_shipment_brief { /* a row of the order list */
	struct yz_id id;
	int64_t seq, booked_ms, weight_g, total_fen;
	char station_no[YZ_NUMBER_SIZE], waybill_no[YZ_NUMBER_SIZE], courier[YZ_SHORT_SIZE];
	char sender[YZ_NAME_SIZE], receiver[YZ_NAME_SIZE], receiver_region[YZ_REGION_SIZE],
	        goods[YZ_NAME_SIZE];
	enum yz_shipment_state state;
	int op_state;    /* enum yz_op_state of its booking, -1 if none */
	int print_state; /* enum yz_print_state of its newest waybill, -1 if none */
};
/* Newest first; text: part of a number, phone, name or initials of either party; "" is all. */
enum yz_status yz_shipment_find(struct yz_store *st, const char *text, size_t skip,
        struct yz_shipment_brief *rows, size_t max, size_t *n, size_t *total, struct yz_error *err);

struct yz_payment {
	struct yz_id id, shipment;
	char method[YZ_SHORT_SIZE]; /* cash, wechat, alipay, monthly, collect (paid by the receiver)
	                             */
	int64_t amount_fen;         /* below 0: given back */
	struct yz_id reverses;      /* the payment it takes back, or none */
	struct yz_id clerk;
	int64_t at_ms;
};
/* id made if none, at_ms set. YZ_E_NOTFOUND: no such shipment; YZ_E_EXISTS: reverses was given back
 * already. */
enum yz_status yz_payment_add(struct yz_tx *tx, struct yz_payment *p, struct yz_error *err);
enum yz_status yz_payment_list(struct yz_store *st, const struct yz_id *shipment,
        struct yz_payment *rows, size_t max, size_t *n, struct yz_error *err);

struct yz_day { /* today at the counter */
	int64_t booked, voided, cash_fen, other_fen;
	int64_t prints_waiting, prints_failed, drafts;
};
/* From from_ms on. */
enum yz_status yz_day_get(
        struct yz_store *st, int64_t from_ms, struct yz_day *out, struct yz_error *err);

#endif
