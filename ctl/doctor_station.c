#include "config.h"

#include "ctl/doctor.h"

#include "station/books.h"
#include "station/couriers.h"
#include "station/tariff.h"
#include "store/audit.h"
#include "store/guard.h"
#include "store/reference.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { CLERKS_MAX = 200, REFS_MAX = 100, LOW_NUMBERS = 50, LATE_MINUTES = 120 };

#define LATE_BACKUP N_("Run yizhanctl backup, and have the timer yizhan-backup@ID run each hour.")

void yz_look_folder(struct yz_ctl_station *s, const struct yz_ctl *ctl, struct yz_finding *f)
{
	struct stat st;

	(void)ctl;
	yz_buf_puts(&f->text, s->conf.station_dir);
	if (stat(s->conf.station_dir, &st) != 0) {
		yz_buf_printf(&f->text, ": %s", strerror(errno));
		yz_finding_set(f, YZ_ILL,
		        N_("Set the station up with yizhanctl init, or mend [station] dir."));
	} else if (st.st_mode & 07) {
		yz_finding_set(f, YZ_NOTE,
		        N_("Others on this machine can look into the folder: chmod 2770 it, group "
		           "yizhan."));
	}
}

void yz_look_database(struct yz_ctl_station *s, const struct yz_ctl *ctl, struct yz_finding *f)
{
	struct yz_error err = {0};

	(void)ctl;
	if (yz_store_is_damaged(s->desk.store, &err) ||
	        yz_store_check(s->desk.store, &err) != YZ_OK)
		yz_finding_fail(f, &err,
		        N_("Stop all programs of the station, then run yizhanctl rescue; the "
		           "damaged "
		           "file is kept."));
	else
		yz_buf_puts(&f->text, _("The database is whole."));
}

void yz_look_backup(struct yz_ctl_station *s, const struct yz_ctl *ctl, struct yz_finding *f)
{
	struct yz_recipient owner;
	struct yz_error err = {0};
	char at[24] = "";
	int64_t minutes;

	(void)ctl;
	if (yz_recipient_get(s->desk.store, "owner", &owner, &err) != YZ_OK) {
		yz_buf_puts(&f->text, _("There is no owner key, so no backup is made."));
		yz_finding_set(f, YZ_NOTE,
		        N_("Make one: yizhanctl owner-key new FILE, the file on a stick."));
		return;
	}
	if (yz_meta_get(s->desk.store, "backup.at_ms", at, sizeof(at), &err) != YZ_OK || !*at) {
		yz_buf_puts(&f->text, _("No backup was made yet."));
		yz_finding_set(f, YZ_NOTE, LATE_BACKUP);
		return;
	}
	minutes = (s->now.wall_ms - strtoll(at, NULL, 10)) / 60000;
	yz_buf_printf(&f->text, _("The last backup is %lld minutes old."), (long long)minutes);
	if (minutes > LATE_MINUTES || minutes < 0) /* below 0: the clock went back */
		yz_finding_set(f, YZ_NOTE, LATE_BACKUP);
}

static bool is_copy(const char *name)
{
	return !strncmp(name, "station.db.v", 12) || !strncmp(name, "station.db.kept-", 16);
}

/* A migration, a restore and a rescue keep what was there; only people know when it may go. */
void yz_look_copies(struct yz_ctl_station *s, const struct yz_ctl *ctl, struct yz_finding *f)
{
	DIR *d = opendir(s->conf.station_dir);
	const struct dirent *e;
	int n = 0;

	(void)ctl;
	/* cppcheck-suppress readdirCalled ; one thread */
	while (d && (e = readdir(d)))
		if (is_copy(e->d_name))
			yz_buf_printf(&f->text, "%s%s", n++ ? ", " : _("Old copies, not sealed: "),
			        e->d_name);
	if (d)
		(void)closedir(d);
	if (n)
		yz_finding_set(f, YZ_NOTE,
		        N_("They hold names and phones as they are: once the station works well "
		           "and "
		           "nothing is missed, delete them, each -wal with its file."));
	else
		yz_buf_puts(&f->text, _("No old copy of the database lies open in the folder."));
}

void yz_look_audit(struct yz_ctl_station *s, const struct yz_ctl *ctl, struct yz_finding *f)
{
	struct yz_error err = {0};
	int64_t rows = 0;

	(void)ctl;
	if (yz_audit_verify(s->desk.store, &rows, &err) != YZ_OK)
		yz_finding_fail(f, &err,
		        N_("Somebody or something changed the audit: keep the folder and call for "
		           "help."));
	else
		yz_buf_printf(
		        &f->text, _("The audit's chain holds; its rows: %lld."), (long long)rows);
}

void yz_look_disk(struct yz_ctl_station *s, const struct yz_ctl *ctl, struct yz_finding *f)
{
	struct yz_error err = {0};
	int64_t bytes;

	(void)ctl;
	if (yz_space_left(s->conf.station_dir, &bytes, &err) != YZ_OK) {
		yz_buf_puts(&f->text, err.text);
		yz_finding_set(
		        f, YZ_ILL, N_("The station's disk cannot be read: check the mount."));
		return;
	}
	yz_buf_printf(&f->text, _("%lld MiB free."), (long long)(bytes >> 20));
	if (bytes >> 20 < YZ_SPACE_MIN_MIB)
		yz_finding_set(
		        f, YZ_ILL, N_("Make room on the station's disk before the next parcel."));
}

void yz_look_clerks(struct yz_ctl_station *s, const struct yz_ctl *ctl, struct yz_finding *f)
{
	struct yz_clerk *rows = yz_alloc(CLERKS_MAX * sizeof(*rows));
	struct yz_error err = {0};
	size_t n = 0, active = 0;

	(void)ctl;
	if (yz_clerk_list(s->desk.store, rows, CLERKS_MAX, &n, &err) != YZ_OK) {
		yz_finding_fail(f, &err, NULL);
	} else {
		for (size_t i = 0; i < n; i++)
			active += rows[i].active;
		yz_buf_printf(&f->text,
		        ngettext("%zu clerk can sign in.", "%zu clerks can sign in.", active),
		        active);
		if (!active)
			yz_finding_set(
			        f, YZ_ILL, N_("Add one: yizhanctl user add LOGIN --name NAME."));
	}
	free(rows);
}

void yz_look_reference(struct yz_ctl_station *s, const struct yz_ctl *ctl, struct yz_finding *f)
{
	static const char *const needed[] = {"divisions", "couriers", "tariff", "units"};
	struct yz_reference *rows = yz_alloc(REFS_MAX * sizeof(*rows));
	struct yz_error err = {0};
	size_t n = 0, missing = 0;

	(void)ctl;
	if (yz_reference_list(s->desk.store, rows, REFS_MAX, &n, &err) != YZ_OK)
		yz_finding_fail(f, &err, NULL);
	for (size_t k = 0; !err.status && k < sizeof(needed) / sizeof(needed[0]); k++) {
		size_t i = 0;

		while (i < n && strcmp(rows[i].kind, needed[k]) != 0)
			i++;
		if (i < n)
			continue;
		yz_buf_printf(&f->text, "%s%s", missing++ ? ", " : _("Missing: "), needed[k]);
	}
	if (missing)
		yz_finding_set(f, YZ_ILL,
		        N_("Load each with yizhanctl import KIND FILE; the files are in the data "
		           "folder."));
	else if (!err.status)
		yz_buf_printf(&f->text, _("%zu reference files are loaded."), n);
	free(rows);
}

void yz_look_tariff(struct yz_ctl_station *s, const struct yz_ctl *ctl, struct yz_finding *f)
{
	struct yz_books *books = yz_books_new(s->desk.store);
	const struct yz_tariff *tariff;
	struct yz_error err = {0};
	char today[16];
	size_t valid = 0, examples = 0;

	(void)ctl;
	yz_clock_date(s->now.wall_ms, today, sizeof(today));
	if (yz_books_tariff(books, &tariff, &err) != YZ_OK) {
		yz_finding_fail(
		        f, &err, N_("Load the station's prices: yizhanctl import tariff FILE."));
		yz_books_free(books);
		return;
	}
	for (size_t i = 0; i < tariff->count; i++) {
		const struct yz_tariff_row *r = &tariff->rows[i];

		if (strcmp(r->valid_from, today) > 0 ||
		        (*r->valid_until && strcmp(r->valid_until, today) < 0))
			continue;
		valid++;
		examples += !strncmp(r->tariff, "EXAMPLE", 7);
	}
	yz_buf_printf(&f->text, _("%zu prices are in force today."), valid);
	if (!valid)
		yz_finding_set(
		        f, YZ_ILL, N_("No price is in force today: import a sheet that is."));
	else if (examples)
		yz_finding_set(f, YZ_NOTE,
		        N_("These are example prices: import the station's own tariff before real "
		           "work."));
	yz_books_free(books);
}
