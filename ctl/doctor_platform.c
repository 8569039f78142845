#include "config.h"

#include "ctl/doctor.h"

#include "station/books.h"
#include "station/couriers.h"
#include "station/lease.h"
#include "station/pulled.h"
#include "store/notice.h"

#include <inttypes.h>
#include <string.h>

/* What comes from the platform: waybill numbers, streams, notices. */

enum { FAULTS_MAX = 5, STOCK_MAX = 64 };

/* One courier's line of numbers; true if it can be booked. */
static bool look_courier(struct yz_store *s, const struct yz_stock *k, struct yz_finding *f)
{
	struct yz_lease last;

	if (k->left)
		yz_buf_printf(&f->text, "%s %" PRId64 "  ", k->courier, k->left);
	if (yz_lease_is_low(k->left, k->busy_day) && k->left)
		yz_finding_set(f, YZ_NOTE,
		        N_("Numbers run low: bring the line up, or yizhanctl import numbers "
		           "FILE."));
	if (yz_lease_last(s, k->courier, &last, NULL) == YZ_OK && last.state == YZ_LEASE_REFUSED &&
	        strcmp(last.code, "restored") != 0) {
		yz_buf_printf(&f->text, "(%s: %s)  ", last.code, last.reason);
		yz_finding_set(f, YZ_NOTE,
		        N_("The platform gave no numbers that can be used: call the county "
		           "centre."));
	}
	return k->left > 0;
}

void yz_look_numbers(struct yz_ctl_station *s, const struct yz_ctl *ctl, struct yz_finding *f)
{
	struct yz_books *books = yz_books_new(s->desk.store);
	const struct yz_couriers *couriers;
	struct yz_stock stock[STOCK_MAX];
	struct yz_error err = {0};
	size_t bookable = 0, n = 0;

	(void)ctl;
	if (yz_books_couriers(books, &couriers, &err) != YZ_OK) {
		yz_finding_fail(f, &err, N_("Load the couriers: yizhanctl import couriers FILE."));
	} else if (yz_pool_stock(s->desk.store, stock, STOCK_MAX, &n, &err) != YZ_OK) {
		yz_finding_fail(f, &err, NULL);
	} else {
		for (size_t i = 0; i < n; i++) {
			const struct yz_courier *c = yz_couriers_find(couriers, stock[i].courier);

			if (c && c->number_mode == YZ_NUMBERS_RANGE)
				bookable += look_courier(s->desk.store, &stock[i], f);
		}
		if (!bookable) {
			yz_buf_puts(&f->text, _("No courier has waybill numbers."));
			yz_finding_set(f, YZ_NOTE,
			        N_("Without numbers nothing can be booked offline: yizhanctl "
			           "import "
			           "numbers FILE."));
		}
	}
	yz_books_free(books);
}

static void look_streams(struct yz_store *s, struct yz_finding *f)
{
	struct yz_feed feed;
	size_t read = 0;

	for (size_t i = 0; yz_pulled_streams[i]; i++) {
		if (yz_feed_get(s, yz_pulled_streams[i], &feed, NULL) != YZ_OK)
			continue;
		read += *feed.cursor != '\0';
		if (!*feed.fault)
			continue;
		yz_buf_printf(&f->text, "%s: %s  ", feed.stream, feed.fault);
		yz_finding_set(f, YZ_NOTE,
		        N_("The platform does not hand this out as agreed: tell the county "
		           "centre."));
	}
	yz_buf_printf(
	        &f->text, ngettext("%zu stream is read.", "%zu streams are read.", read), read);
}

/* What is pulled: streams that stand still, items that were kept out, notices that nobody read. */
void yz_look_pulled(struct yz_ctl_station *s, const struct yz_ctl *ctl, struct yz_finding *f)
{
	struct yz_feed_fault faults[FAULTS_MAX];
	struct yz_error err = {0};
	int64_t unread = 0;
	char today[16];
	size_t n = 0;

	(void)ctl;
	look_streams(s->desk.store, f);
	yz_clock_date(s->now.wall_ms, today, sizeof(today));
	if (yz_feed_faults(s->desk.store, faults, FAULTS_MAX, &n, &err) != YZ_OK ||
	        yz_notice_unread(s->desk.store, today, &unread, &err) != YZ_OK) {
		yz_finding_fail(f, &err, NULL);
		return;
	}
	if (unread) {
		yz_buf_puts(&f->text, " ");
		yz_buf_printf(&f->text,
		        ngettext("%lld notice is not read.", "%lld notices are not read.",
		                (unsigned long)unread),
		        (long long)unread);
		yz_finding_set(f, YZ_NOTE, N_("Read them: yizhanctl notices."));
	}
	for (size_t i = 0; i < n; i++)
		yz_buf_printf(&f->text, " %s: %s;", faults[i].stream, faults[i].fault);
	if (n)
		yz_finding_set(f, YZ_NOTE,
		        N_("This came from the platform and was kept out, because it cannot be "
		           "right: tell the county centre."));
}
