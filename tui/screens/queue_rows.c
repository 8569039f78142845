#include "config.h"

#include "tui/screens/queue_rows.h"

#include "base/buf.h"
#include "store/contact.h"
#include "store/product.h"
#include "store/shipment.h"
#include "tui/screens/link_words.h"
#include "tui/screens/repair.h"
#include "tui/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { JOBS_MAX = 100 };

const char *yz_queue_kind(const char *kind)
{
	static const struct {
		const char *kind, *say;
	} kinds[] = {
	        {"shipment.book", N_("parcel")},
	        {"shipment.cancel", N_("void")},
	        {"contact.upsert", N_("contact")},
	        {"farmer.upsert", N_("farmer")},
	        {"consent.give", N_("consent")},
	        {"product.upsert", N_("product")},
	        {"operation.cancel", N_("withdrawal")},
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(kinds[i].kind, kind))
			return _(kinds[i].say);
	return kind;
}

const char *yz_queue_paper(const char *paper)
{
	return !strcmp(paper, "waybill")  ? _("waybill")
	       : !strcmp(paper, "refund") ? _("refund slip")
	                                  : _("receipt");
}

bool yz_queue_record(const char *agg, struct yz_id *id)
{
	const char *uuid = strchr(agg, ':');

	return uuid && yz_id_parse(uuid + 1, id);
}

static void parcel_number(struct yz_store *s, const struct yz_id *id, char *out, size_t size)
{
	struct yz_shipment *sh = yz_alloc(sizeof(*sh));

	if (yz_shipment_get(s, id, sh, NULL) == YZ_OK)
		(void)yz_copy(out, size, sh->waybill_no[0] ? sh->waybill_no : sh->station_no);
	free(sh);
}

void yz_queue_about(struct yz_kiosk *k, const char *agg, char *out, size_t size)
{
	struct yz_id id;
	struct yz_contact c;
	struct yz_product p;
	struct yz_consent consent;

	out[0] = '\0';
	if (!yz_queue_record(agg, &id))
		return;
	if (!strncmp(agg, "shipment:", 9))
		parcel_number(k->store, &id, out, size);
	else if (!strncmp(agg, "product:", 8)) {
		if (yz_product_get(k->store, &id, &p, NULL) == YZ_OK)
			(void)yz_copy(out, size, p.name);
	} else {
		if (!strncmp(agg, "consent:", 8) &&
		        yz_consent_by_id(k->store, &id, &consent, NULL) == YZ_OK)
			id = consent.contact;
		if (yz_contact_get(k->store, &id, &c, NULL) == YZ_OK)
			(void)yz_copy(out, size, c.name);
	}
}

void yz_queue_why(struct yz_kiosk *k, const struct yz_op *op, char *out, size_t size)
{
	const char *label = yz_repair_label(op->kind, op->field);
	const char *reason = op->reason[0] ? op->reason : op->code;
	struct yz_op blocker;

	out[0] = '\0';
	if (op->state == YZ_OP_DEAD || (op->state == YZ_OP_HELD && op->reason[0]))
		(void)snprintf(out, size, "%s%s%s", label, *label ? ": " : "", reason);
	else if (op->state == YZ_OP_PENDING &&
	         yz_outbox_blocker(k->store, &op->id, &blocker, NULL) == YZ_OK)
		(void)snprintf(out, size,
		        blocker.state == YZ_OP_DEAD ? _("waits for the refused one: %s")
		                                    : _("waits for the held one: %s"),
		        yz_queue_kind(blocker.kind));
	else if (op->state == YZ_OP_PENDING && op->code[0])
		yz_link_say(op->code, out, size);
}

static bool wants_somebody(const struct yz_print_job *j)
{
	return j->state == YZ_PRINT_FAILED || j->state == YZ_PRINT_ASK;
}

static void put_job(struct yz_kiosk *k, const struct yz_print_job *j, struct yz_list_row *r)
{
	static const char *const states[] = {
#define X(id, say) say,
	        YZ_PRINT_STATES(X)
#undef X
	};
	char since[16], about[YZ_ABOUT_SIZE] = "";

	r->id = j->id;
	(void)yz_copy(r->key, sizeof(r->key), "print");
	r->look = wants_somebody(j) ? YZ_LOOK_WARN : YZ_LOOK_NORMAL;
	yz_clock_since(j->created_ms, k->now_ms, since, sizeof(since));
	parcel_number(k->store, &j->shipment, about, sizeof(about));
	yz_list_cell(r, 0, yz_queue_paper(j->paper));
	yz_list_cell(r, 1, about);
	yz_list_cell(r, 2, since);
	yz_list_cell(r, 3, j->state == YZ_PRINT_ASK ? _("unsure") : _(states[j->state]));
	yz_list_cell(r, 4,
	        j->state == YZ_PRINT_ASK ? _("Did it come out? F6 asks.")
	                                 : yz_kiosk_printer_say(j->trouble));
}

static void put_op(struct yz_kiosk *k, const struct yz_op *op, struct yz_list_row *r)
{
	static const char *const states[] = {
#define X(id, say) say,
	        YZ_OP_STATES(X)
#undef X
	};
	char since[16], about[YZ_ABOUT_SIZE], why[YZ_WHY_SIZE];

	r->id = op->id;
	(void)yz_copy(r->key, sizeof(r->key), "op");
	r->look = op->state == YZ_OP_DEAD ? YZ_LOOK_WARN : YZ_LOOK_NORMAL;
	yz_clock_since(op->created_ms, k->now_ms, since, sizeof(since));
	yz_queue_about(k, op->agg, about, sizeof(about));
	yz_queue_why(k, op, why, sizeof(why));
	yz_list_cell(r, 0, yz_queue_kind(op->kind));
	yz_list_cell(r, 1, about);
	yz_list_cell(r, 2, since);
	yz_list_cell(r, 3, _(states[op->state]));
	yz_list_cell(r, 4, why);
}

struct filling { /* a page that is put together from the parts of the queue */
	struct yz_kiosk *k;
	size_t skip; /* rows that lie before the page, of the parts to come */
	size_t limit;
	struct yz_list_page *page;
};

static enum yz_status take_ops(struct filling *f, enum yz_op_state state, struct yz_error *err)
{
	size_t room = f->limit - f->page->count, n = 0, total = 0;
	struct yz_op *ops = yz_alloc((room ? room : 1) * sizeof(*ops));
	enum yz_status st =
	        yz_outbox_list(f->k->store, 1U << state, f->skip, ops, room, &n, &total, err);

	for (size_t i = 0; st == YZ_OK && i < n; i++)
		put_op(f->k, &ops[i], &f->page->rows[f->page->count++]);
	f->skip = f->skip > total ? f->skip - total : 0;
	f->page->total += total;
	free(ops);
	return st;
}

static void take_jobs(
        struct filling *f, const struct yz_print_job *jobs, size_t n, bool that_want_somebody)
{
	for (size_t i = 0; i < n; i++) {
		if (wants_somebody(&jobs[i]) != that_want_somebody)
			continue;
		f->page->total++;
		if (f->skip > 0)
			f->skip--;
		else if (f->page->count < f->limit)
			put_job(f->k, &jobs[i], &f->page->rows[f->page->count++]);
	}
}

static enum yz_status queue_page(void *owner, const char *filter, size_t offset, size_t limit,
        struct yz_list_page *page, struct yz_error *err)
{
	struct filling f = {owner, offset, limit, page};
	struct yz_print_job *jobs = yz_alloc(JOBS_MAX * sizeof(*jobs));
	size_t n = 0;
	enum yz_status st = yz_print_job_open(f.k->store, jobs, JOBS_MAX, &n, err);

	(void)filter; /* things to do: nothing to find */
	if (st == YZ_OK)
		st = take_ops(&f, YZ_OP_DEAD, err);
	if (st == YZ_OK)
		take_jobs(&f, jobs, n, true);
	if (st == YZ_OK)
		st = take_ops(&f, YZ_OP_PENDING, err);
	if (st == YZ_OK)
		st = take_ops(&f, YZ_OP_HELD, err);
	if (st == YZ_OK)
		take_jobs(&f, jobs, n, false);
	free(jobs);
	return st;
}

static const struct yz_list_column columns[] = {
        {N_("What"), 8, false},
        {N_("About"), 16, false},
        {N_("Since"), 11, false},
        {N_("State"), 8, false},
        {N_("Why"), 0, false},
};
const struct yz_list_source yz_queue_source = {"queue", columns, 5, queue_page, true,
        N_("Nothing waits, nothing was refused: there is nothing to do here.")};
