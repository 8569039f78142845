/* Booking a shipment: the job the house exists for. One transaction holds the parties (kept as
 * contacts, never as farmers), the shipment, its number, the payment, the print jobs, the
 * operations and the audit row; nothing is shown as saved before its COMMIT. */
#ifndef YZ_STATION_BOOKING_H
#define YZ_STATION_BOOKING_H

#include "station/books.h"
#include "station/desk.h"
#include "store/shipment.h"

/* How a courier stands at the counter at this moment, for one destination and weight. */
struct yz_offer {
	char courier[YZ_SHORT_SIZE], service[YZ_SHORT_SIZE];
	char name[YZ_NAME_SIZE];     /* the courier's, in the clerk's language */
	int64_t price_fen, billed_g; /* freight only */
	char tariff[YZ_SHORT_SIZE];
	int row;
	bool can_book;
	bool provisional;             /* booked under a station number until the courier's comes */
	char why_not[YZ_REASON_SIZE]; /* in the clerk's language; "" if can_book */
	const char *
	        why_say; /* the same as a msgid where it has no numbers in it, else a general one */
};
enum { YZ_OFFERS_MAX = 32 };

/* Prices of all couriers side by side, cheapest bookable first. Knows the number pools and whether
 * the line is up: an `online` courier is not bookable offline, a `range` courier not without
 * numbers. Reads the store, does not write. */
enum yz_status yz_booking_offers(struct yz_desk *desk, struct yz_books *books,
        const struct yz_now *now, const char *to_code, int64_t weight_g, struct yz_offer *rows,
        size_t *n, struct yz_error *err);

struct yz_booking {
	struct yz_party sender, receiver;
	bool keep_sender, keep_receiver; /* as contacts for the next time */
	struct yz_line lines[YZ_LINES_MAX];
	int line_count;
	int pieces;
	int64_t weight_g;
	char courier[YZ_SHORT_SIZE];
	char payer[YZ_SHORT_SIZE];  /* sender, receiver, monthly */
	char method[YZ_SHORT_SIZE]; /* cash, wechat, alipay; ignored unless the sender pays */
	int64_t insured_fen, insurance_fen,
	        packing_fen;         /* declared value; the courier's fee for it; box and tape */
	char id_type[YZ_SHORT_SIZE]; /* resident, passport, company, agreement, ... */
	char id_last4[5];
	bool identity_seen, inspected,
	        terms_read; /* interim regulation Art. 21, 22, 31: each must be true */
	char remark[YZ_REASON_SIZE];
	/* A booked parcel that this one takes the place of, or none: it is voided in the same
	 * transaction, with the reason given and without a refund slip. */
	struct yz_id replaces;
	char replace_reason[YZ_REASON_SIZE];
	char draft[YZ_SHORT_SIZE]; /* whose draft ends with the booking, "" is the form's own */
};

/* Rules only, no disk. err->field: sender.name, receiver.phone, receiver.code, lines.0.name,
 * weight_g, pieces, courier, payer, method, insured_fen, identity_seen, inspected, terms_read, ...
 * Texts are tidied in place. */
enum yz_status yz_booking_check(struct yz_booking *b, struct yz_error *err);

/* Books it. *out is the shipment as saved, with its number. Errors also: YZ_E_EMPTY (the numbers
 * ran out), YZ_E_STATE (the courier cannot be booked now: err->say), YZ_E_BUSY, YZ_E_FULL, YZ_E_IO.
 * Rings sync and print. */
enum yz_status yz_booking_save(struct yz_desk *desk, struct yz_books *books,
        const struct yz_now *now, struct yz_booking *b, struct yz_shipment *out,
        struct yz_error *err);

/* Voids a shipment before hand-over: payments reversed, a refund slip queued if money was taken,
 * the number burned or returned by the courier's rule, shipment.cancel posted. reason: 2 to 80
 * characters. Errors: YZ_E_STATE, YZ_E_RANGE. */
enum yz_status yz_shipment_void(struct yz_desk *desk, struct yz_books *books,
        const struct yz_now *now, const struct yz_id *id, const char *reason, struct yz_error *err);

/* Prints waybill or receipt again, marked 补打 with its print number; reason 2 to 80 characters,
 * kept and audited. */
enum yz_status yz_shipment_reprint(struct yz_desk *desk, const struct yz_now *now,
        const struct yz_id *id, const char *paper, const char *reason, struct yz_error *err);

/* A print job that FAILED is queued again; one at ASK is settled: came_out true is DONE, false
 * prints again as a reprint. */
enum yz_status yz_print_retry(struct yz_desk *desk, const struct yz_now *now,
        const struct yz_id *job, struct yz_error *err);
enum yz_status yz_print_answer(struct yz_desk *desk, const struct yz_now *now,
        const struct yz_id *job, bool came_out, struct yz_error *err);

#endif
