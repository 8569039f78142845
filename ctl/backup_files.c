#include "config.h"

#include "ctl/backup.h"

#include "base/buf.h"
#include "base/clock.h"
#include "store/station.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SUFFIX ".yzbak"

enum { DAY = 8, NAME_SIZE = 96, FILES_MAX = 4096 };

struct backup {
	long number;
	char day[DAY + 1];
	char name[NAME_SIZE];
};

void yz_backup_dir(const struct yz_conf *conf, char out[PATH_MAX])
{
	if (*conf->backup_dir)
		(void)snprintf(out, PATH_MAX, "%s", conf->backup_dir);
	else
		(void)snprintf(out, PATH_MAX, "%s/backups", conf->station_dir);
}

static enum yz_status fail_at(const char *path, struct yz_error *err)
{
	return yz_fail(err, errno == ENOSPC ? YZ_E_FULL : YZ_E_IO, "%s: %s", path, strerror(errno));
}

/* "ID-NNNNNN-YYYYMMDD-hhmmss.yzbak" of this station, else false. */
static bool read_name(const char *name, const char *station, struct backup *out)
{
	size_t n = strlen(station);
	char day[DAY + 1], time[7], *end;
	int used = 0;

	if (strncmp(name, station, n) != 0 || name[n] != '-' || strlen(name) >= NAME_SIZE)
		return false;
	out->number = strtol(name + n + 1, &end, 10);
	if (out->number < 1 || end == name + n + 1 ||
	        sscanf(end, "-%8[0-9]-%6[0-9]%n", day, time, &used) != 2 ||
	        strcmp(end + used, SUFFIX) != 0)
		return false;
	(void)yz_copy(out->day, sizeof(out->day), day);
	(void)yz_copy(out->name, sizeof(out->name), name);
	return true;
}

static int newest_first(const void *a, const void *b)
{
	const struct backup *x = a, *y = b;

	return (x->number < y->number) - (x->number > y->number);
}

static enum yz_status list(
        const char *dir, const char *station, struct backup *rows, size_t *n, struct yz_error *err)
{
	DIR *d = opendir(dir);
	struct dirent *e;

	*n = 0;
	if (!d)
		return fail_at(dir, err);
	/* cppcheck-suppress readdirCalled ; one thread */
	while (*n < FILES_MAX && (e = readdir(d)))
		*n += read_name(e->d_name, station, &rows[*n]);
	(void)closedir(d);
	qsort(rows, *n, sizeof(*rows), newest_first);
	return YZ_OK;
}

enum yz_status yz_backup_next(const char *dir, const char *station, int64_t wall_ms,
        char out[PATH_MAX], struct yz_error *err)
{
	struct backup *rows = yz_alloc(FILES_MAX * sizeof(*rows));
	char at[32];
	size_t n;
	enum yz_status st = list(dir, station, rows, &n, err);

	if (st == YZ_OK) {
		yz_clock_rfc3339(wall_ms, at, sizeof(at));
		(void)snprintf(out, PATH_MAX, "%.3900s/%s-%06ld-%.4s%.2s%.2s-%.2s%.2s%.2s" SUFFIX,
		        dir, station, n ? rows[0].number + 1 : 1, at, at + 5, at + 8, at + 11,
		        at + 14, at + 17);
	}
	free(rows);
	return st;
}

enum yz_status yz_backup_prune(
        const char *dir, const char *station, size_t *left, struct yz_error *err)
{
	struct backup *rows = yz_alloc(FILES_MAX * sizeof(*rows));
	size_t n, days = 0, kept = 0;
	enum yz_status st = list(dir, station, rows, &n, err);

	for (size_t i = 0; st == YZ_OK && i < n; i++) {
		bool new_day = true;
		char path[PATH_MAX];

		for (size_t k = 0; k < i; k++)
			new_day = new_day && strcmp(rows[k].day, rows[i].day) != 0;
		days += new_day;
		if (i < YZ_BACKUPS_HOURLY || (new_day && days <= YZ_BACKUPS_DAILY)) {
			kept++;
			continue;
		}
		(void)snprintf(path, sizeof(path), "%.3900s/%s", dir, rows[i].name);
		if (unlink(path) != 0 && errno != ENOENT)
			st = fail_at(path, err);
	}
	free(rows);
	if (st == YZ_OK)
		*left = kept;
	return st;
}

enum yz_status yz_backup_same_station(
        struct yz_store *backup, struct yz_store *before, const char *id, struct yz_error *err)
{
	struct yz_station a, b;
	enum yz_status st = yz_station_get(backup, &a, err);

	if (st != YZ_OK)
		return st;
	if (!id && before && yz_station_get(before, &b, NULL) == YZ_OK)
		id = b.id;
	if (!id)
		return yz_fail_say(err, YZ_E_NOTFOUND,
		        N_("The damaged database does not tell which station it is of: name the "
		           "station with --id."),
		        "the station's profile is lost");
	if (!strcmp(a.id, id))
		return YZ_OK;
	return yz_fail_say(err, YZ_E_DENIED,
	        N_("This backup is of another station: take one of this station's."),
	        "%s is of %s, here is %s", "the backup", a.id, id);
}

static int drop(const char *path, const struct stat *sb, int flag, struct FTW *ftw)
{
	(void)sb;
	(void)flag;
	(void)ftw;
	return remove(path);
}

enum yz_status yz_workshop_open(
        const char *station_dir, const char *name, char out[PATH_MAX], struct yz_error *err)
{
	(void)snprintf(out, PATH_MAX, "%.3900s/%s.tmp", station_dir, name);
	yz_workshop_close(out);
	return mkdir(out, 0700) == 0 ? YZ_OK : fail_at(out, err);
}

void yz_workshop_close(const char *path)
{
	(void)nftw(path, drop, 8, FTW_DEPTH | FTW_PHYS);
}
