#include "config.h"

#include "station/booking.h"

#include "base/buf.h"
#include "base/text.h"
#include "station/person.h"

#include <stdio.h>
#include <string.h>

enum { WEIGHT_MAX_G = 50 * 1000 * 1000, PIECES_MAX = 1000, INSURED_MAX_FEN = 100 * 1000 * 1000 };

static void tidy(char *s)
{
	yz_text_clean(s);
	yz_text_trim(s);
}

static enum yz_status check_party(struct yz_party *p, const char *prefix, struct yz_error *err)
{
	struct yz_person person = {p->name, p->phone, p->detail, p->code, prefix};

	tidy(p->company);
	return yz_person_check(&person, err);
}

static enum yz_status check_goods(struct yz_booking *b, struct yz_error *err)
{
	if (b->line_count < 1 || b->line_count > YZ_LINES_MAX)
		return yz_fail_field(
		        err, YZ_E_RANGE, "lines.0.name", N_("Say what is in the parcel."));
	for (int i = 0; i < b->line_count; i++) {
		char field[32];

		tidy(b->lines[i].name);
		(void)snprintf(field, sizeof(field), "lines.%d.name", i);
		if (!*b->lines[i].name || yz_text_chars(b->lines[i].name) > 40)
			return yz_fail_field(err, YZ_E_RANGE, field,
			        N_("Say what is in the parcel, in 1 to 40 characters."));
	}
	if (b->pieces < 1 || b->pieces > PIECES_MAX)
		return yz_fail_field(
		        err, YZ_E_RANGE, "pieces", N_("The number of pieces is from 1 to 1000."));
	if (b->weight_g < 1 || b->weight_g > WEIGHT_MAX_G)
		return yz_fail_field(err, YZ_E_RANGE, "weight_g",
		        N_("Give the weight, for example 12.5kg or 25斤."));
	return YZ_OK;
}

static bool one_of(const char *value, const char *const *list)
{
	for (; *list; list++)
		if (!strcmp(value, *list))
			return true;
	return false;
}

static enum yz_status check_money(const struct yz_booking *b, struct yz_error *err)
{
	static const char *const payers[] = {"sender", "receiver", "monthly", NULL};
	static const char *const methods[] = {"cash", "wechat", "alipay", NULL};

	if (!*b->courier)
		return yz_fail_field(err, YZ_E_RANGE, "courier", N_("Choose a courier."));
	if (!one_of(b->payer, payers))
		return yz_fail_field(err, YZ_E_RANGE, "payer",
		        N_("Choose who pays: sender, receiver or monthly account."));
	if (!strcmp(b->payer, "sender") && !one_of(b->method, methods))
		return yz_fail_field(err, YZ_E_RANGE, "method",
		        N_("Choose how it is paid: cash, WeChat or Alipay."));
	if (b->insured_fen < 0 || b->insured_fen > INSURED_MAX_FEN)
		return yz_fail_field(err, YZ_E_RANGE, "insured_fen",
		        N_("The insured value is from 0 to 1000000 yuan."));
	if (b->insurance_fen < 0 || b->insurance_fen > b->insured_fen)
		return yz_fail_field(err, YZ_E_RANGE, "insurance_fen",
		        N_("The insurance fee is 0 or more and not above the insured value."));
	if (b->packing_fen < 0 || b->packing_fen > INSURED_MAX_FEN)
		return yz_fail_field(
		        err, YZ_E_RANGE, "packing_fen", N_("The packing fee is 0 or more."));
	return YZ_OK;
}

/* Interim regulation on express delivery, Art. 21 (terms), 22 (identity) and 31 (inspection):
 * without each of them the parcel may not be accepted. */
static enum yz_status check_duties(const struct yz_booking *b, struct yz_error *err)
{
	if (!b->identity_seen)
		return yz_fail_field(err, YZ_E_RANGE, "identity_seen",
		        N_("Look at the sender's identity card first; without it the parcel may "
		           "not be taken."));
	if (strlen(b->id_last4) != 4)
		return yz_fail_field(
		        err, YZ_E_RANGE, "id_last4", N_("Type the last four places of the card."));
	if (!b->inspected)
		return yz_fail_field(err, YZ_E_RANGE, "inspected",
		        N_("Open the parcel and look; without that it may not be taken."));
	if (!b->terms_read)
		return yz_fail_field(err, YZ_E_RANGE, "terms_read",
		        N_("Read the terms and the insurance rule to the sender first."));
	return YZ_OK;
}

enum yz_status yz_booking_check(struct yz_booking *b, struct yz_error *err)
{
	enum yz_status st;

	tidy(b->remark);
	yz_text_halve(b->id_last4);
	if ((st = check_party(&b->sender, "sender.", err)) != YZ_OK ||
	        (st = check_party(&b->receiver, "receiver.", err)) != YZ_OK ||
	        (st = check_goods(b, err)) != YZ_OK || (st = check_money(b, err)) != YZ_OK)
		return st;
	return check_duties(b, err);
}
