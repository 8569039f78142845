#include "config.h"

#include "tui/screens/kiosk.h"

#include "base/buf.h"
#include "base/lang.h"
#include "base/log.h"
#include "station/queue.h"
#include "station/signin.h"
#include "tui/words.h"

#include <stdio.h>
#include <string.h>

struct yz_kiosk *yz_kiosk(const struct yz_view *v)
{
	return v->app->kiosk;
}

enum yz_status yz_kiosk_open(struct yz_kiosk *k, struct yz_error *err)
{
	enum yz_status st =
	        yz_store_open(&k->store, k->conf.station_dir, YZ_STORE_CHECK | YZ_STORE_LOOK, err);

	if (st == YZ_OK)
		st = yz_station_get(k->store, &k->desk.station, err);
	if (st != YZ_OK)
		return st;
	k->desk.store = k->store;
	k->books = yz_books_new(k->store);
	return yz_drafts_start(&k->drafts, k->conf.station_dir, err);
}

void yz_kiosk_close(struct yz_kiosk *k)
{
	yz_drafts_stop(k->drafts);
	if (k->books)
		yz_books_free(k->books);
	if (k->store)
		yz_store_close(k->store);
	k->drafts = NULL;
	k->books = NULL;
	k->store = NULL;
}

bool yz_kiosk_is_signed_in(const struct yz_kiosk *k)
{
	return !yz_id_is_none(&k->desk.clerk.id);
}

enum yz_status yz_kiosk_sign_in(
        struct yz_app *app, const char *login, const char *pin, struct yz_error *err)
{
	struct yz_kiosk *k = app->kiosk;
	enum yz_status st = yz_sign_in(k->store, &app->now, login, pin, &k->desk.clerk, err);

	if (st != YZ_OK)
		return st;
	(void)yz_lang_start(k->desk.clerk.lang[0] ? k->desk.clerk.lang : k->lang);
	(void)yz_copy(app->status.clerk, sizeof(app->status.clerk), k->desk.clerk.name);
	return YZ_OK;
}

void yz_kiosk_sign_out(struct yz_app *app)
{
	struct yz_kiosk *k = app->kiosk;
	struct yz_error err = {0};

	if (!yz_kiosk_is_signed_in(k))
		return;
	if (yz_sign_out(k->store, &app->now, &k->desk.clerk, &err) != YZ_OK)
		yz_log_error("sign out", &err);
	memset(&k->desk.clerk, 0, sizeof(k->desk.clerk));
	app->status.clerk[0] = '\0';
}

/* the words of print/printer.h and of a print job's trouble */
static const struct {
	const char *word, *say;
} printer_words[] = {
        {"ready", N_("ready")},
        {"cover-open", N_("cover open")},
        {"media-jam", N_("paper jam")},
        {"media-empty", N_("out of paper")},
        {"supply-empty", N_("out of ribbon or ink")},
        {"offline", N_("printer is offline")},
        {"printer-gone", N_("printer not reached")},
        {"stopped", N_("queue stopped")},
        {"raw-queue", N_("queue has no driver")},
        {"queue-gone", N_("no such queue")},
        {"cups-gone", N_("print service is down")},
        {"none", N_("no printer")},
        {"render", N_("label could not be drawn")},
        {"aborted", N_("the print service gave it up")},
        {"canceled", N_("cancelled at the printer")},
        {"forgotten", N_("the print service forgot it")},
};

const char *yz_kiosk_printer_say(const char *word)
{
	for (size_t i = 0; i < sizeof(printer_words) / sizeof(printer_words[0]); i++)
		if (!strcmp(printer_words[i].word, word))
			return _(printer_words[i].say);
	return word;
}

static bool is_bad(const char *word)
{
	return *word && strcmp(word, "ready") != 0 && strcmp(word, "none") != 0;
}

static void say_printers(struct yz_status_line *s, const struct yz_pulse *p)
{
	const char *word = is_bad(p->waybill_printer) ? p->waybill_printer : p->receipt_printer;

	s->is_printer_bad = is_bad(word) || p->prints_failed > 0;
	if (!is_bad(word))
		word = p->waybill_printer;
	if (p->prints_failed > 0)
		(void)snprintf(s->printer, sizeof(s->printer), _("Printer: %ld failed"),
		        (long)p->prints_failed);
	else if (*word)
		(void)snprintf(s->printer, sizeof(s->printer), _("Printer: %s"),
		        yz_kiosk_printer_say(word));
	else
		(void)yz_copy(s->printer, sizeof(s->printer), _("Printer: not running"));
}

static void say_link(struct yz_status_line *s, const struct yz_pulse *p, int64_t now_ms)
{
	char since[16];

	s->is_offline = (!p->standalone && !p->online) || p->is_damaged || p->is_disk_full;
	if (p->is_damaged)
		(void)yz_copy(s->link, sizeof(s->link), _("[damaged: reading only]"));
	else if (p->is_disk_full)
		(void)yz_copy(s->link, sizeof(s->link), _("[disk nearly full]"));
	else if (p->standalone)
		(void)yz_copy(s->link, sizeof(s->link), _("[standalone]"));
	else if (!p->sync_runs)
		(void)yz_copy(s->link, sizeof(s->link), _("[offline: sending not started]"));
	else if (p->online)
		(void)yz_copy(s->link, sizeof(s->link), _("[online]"));
	else if (!p->offline_since_ms)
		(void)yz_copy(s->link, sizeof(s->link), _("[offline]"));
	else {
		yz_clock_since(p->offline_since_ms, now_ms, since, sizeof(since));
		(void)snprintf(s->link, sizeof(s->link), _("[offline since %s]"), since);
	}
}

void yz_kiosk_refresh(struct yz_app *app)
{
	struct yz_kiosk *k = app->kiosk;
	struct yz_status_line *s = &app->status;
	struct yz_pulse p;
	struct yz_error err = {0};

	k->now_ms = app->now.wall_ms;
	if (yz_pulse_read(k->store, k->conf.platform_url[0] != '\0', &p, &err) != YZ_OK) {
		yz_log_error("status line", &err);
		(void)yz_copy(s->link, sizeof(s->link), _("[database trouble]"));
		s->is_offline = true;
		return;
	}
	k->is_disk_full = p.is_disk_full;
	k->is_paper_stuck = !p.print_runs || is_bad(p.waybill_printer) || is_bad(p.receipt_printer);
	say_link(s, &p, app->now.wall_ms);
	say_printers(s, &p);
	s->is_refused = p.ops.dead > 0;
	if (p.ops.dead > 0)
		(void)snprintf(s->counts, sizeof(s->counts), _("Waiting %ld  refused %ld"),
		        (long)p.ops.pending, (long)p.ops.dead);
	else
		(void)snprintf(s->counts, sizeof(s->counts), _("Waiting %ld"), (long)p.ops.pending);
	s->is_test = k->conf.test_now_ms > 0;
}

static void tell_draft(struct yz_app *app, const struct yz_error *err)
{
	yz_log_error("draft", err);
	yz_say(app, YZ_SAY_WARN, "%s",
	        _("The draft could not be kept; what is on the screen is not lost yet."));
}

void yz_kiosk_draft_put(struct yz_view *v, const char *screen, struct yz_fields *fields)
{
	struct yz_kiosk *k = yz_kiosk(v);
	struct yz_error err = {0};

	if (!yz_kiosk_is_signed_in(k))
		return;
	yz_drafts_put(k->drafts, &v->app->now, &k->desk.clerk.id, screen, fields);
	if (yz_drafts_fault(k->drafts, &err) != YZ_OK)
		tell_draft(v->app, &err);
}

void yz_kiosk_draft_settle(struct yz_app *app)
{
	struct yz_kiosk *k = app->kiosk;
	struct yz_error err = {0};

	if (yz_drafts_settle(k->drafts, &err) != YZ_OK)
		tell_draft(app, &err);
}
