/* What the screens share: the station's database, its books, the clerk at the desk. One a process,
 * owned by tui/main.c; reached from a screen through yz_kiosk(view). */
#ifndef YZ_TUI_KIOSK_H
#define YZ_TUI_KIOSK_H

#include "base/conf.h"
#include "base/fields.h"
#include "station/books.h"
#include "station/desk.h"
#include "tui/app.h"
#include "tui/drafts.h"

struct yz_kiosk {
	struct yz_conf conf;
	const char *lang; /* of the station; a clerk may have another */
	struct yz_store *store;
	struct yz_books *books;
	struct yz_drafts *drafts;
	int64_t now_ms;      /* wall clock at the last look at the store: for "since" */
	bool is_disk_full;   /* at that look: no new parcel may be taken */
	bool is_paper_stuck; /* at that look: no paper comes out before somebody does something */
	struct yz_desk desk; /* desk.clerk has no id while nobody is signed in */
};

struct yz_kiosk *yz_kiosk(const struct yz_view *v);

/* Opens the store and reads the station's profile. Errors: as yz_store_open and yz_station_get. */
enum yz_status yz_kiosk_open(struct yz_kiosk *k, struct yz_error *err);
void yz_kiosk_close(struct yz_kiosk *k);

bool yz_kiosk_is_signed_in(const struct yz_kiosk *k);

/* Signs a clerk in or out; the status line shows it. */
enum yz_status yz_kiosk_sign_in(
        struct yz_app *app, const char *login, const char *pin, struct yz_error *err);
void yz_kiosk_sign_out(struct yz_app *app);

/* Reads link, queue and printers into the status line: app->refresh. */
void yz_kiosk_refresh(struct yz_app *app);

/* What a printer's state or a job's trouble is called at the counter (translated); the word itself
 * if unknown. */
const char *yz_kiosk_printer_say(const char *word);

/* Keeps a form as the clerk's draft of a screen, without secrets and what is marked NO_DRAFT: takes
 * fields over and does not block, the thread of tui/drafts.h writes them. A write that failed is
 * told at the next one. Whoever reads, drops or supersedes the draft calls yz_kiosk_draft_settle
 * first, which waits for the disk. */
void yz_kiosk_draft_put(struct yz_view *v, const char *screen, struct yz_fields *fields);
void yz_kiosk_draft_settle(struct yz_app *app);

#endif
