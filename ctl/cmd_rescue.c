#include "config.h"

#include "ctl/backup.h"
#include "ctl/cmd.h"

#include "base/buf.h"
#include "base/clock.h"
#include "station/bundle_key.h"
#include "station/vault.h"
#include "store/backup.h"
#include "store/rescue.h"
#include "store/verify.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct rescue {
	struct yz_conf conf;
	const char *backup, *key_file, *id; /* or NULL */
	char work[PATH_MAX], damaged[PATH_MAX], kept[PATH_MAX];
	struct yz_rescued got;
};

static void below(char out[PATH_MAX], const char *dir, const char *name)
{
	(void)snprintf(out, PATH_MAX, "%.4000s/%s", dir, name);
}

static enum yz_status fail_at(const char *path, struct yz_error *err)
{
	return yz_fail(err, errno == ENOSPC ? YZ_E_FULL : YZ_E_IO, "%s: %s", path, strerror(errno));
}

/* What can be read of a file; a sector that cannot is left as zeros. */
static enum yz_status copy_file(const char *from, const char *to, struct yz_error *err)
{
	enum { SECTOR = 4096 };
	char block[SECTOR];
	struct stat sb = {0};
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = in < 0 ? -1 : open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	enum yz_status st = in < 0 || out < 0 || fstat(in, &sb) != 0 ? fail_at(from, err) : YZ_OK;

	for (off_t at = 0; st == YZ_OK && at < sb.st_size; at += SECTOR) {
		size_t want = sb.st_size - at < SECTOR ? (size_t)(sb.st_size - at) : SECTOR;
		ssize_t n = pread(in, block, want, at);

		memset(block + (n > 0 ? n : 0), 0, want - (size_t)(n > 0 ? n : 0));
		if (pwrite(out, block, want, at) != (ssize_t)want)
			st = fail_at(to, err);
	}
	if (in >= 0)
		(void)close(in);
	if (out >= 0)
		(void)close(out);
	return st;
}

/* Read from a copy: the damaged file stays as it is. */
static enum yz_status copy_damaged(struct rescue *r, struct yz_error *err)
{
	char from[PATH_MAX], to[PATH_MAX];
	enum yz_status st;

	below(from, r->conf.station_dir, "station.db");
	below(r->damaged, r->work, "damaged.db");
	st = copy_file(from, r->damaged, err);
	below(from, r->conf.station_dir, "station.db-wal");
	below(to, r->work, "damaged.db-wal");
	if (st == YZ_OK && access(from, F_OK) == 0)
		st = copy_file(from, to, err);
	return st;
}

static enum yz_status same_station(
        const struct rescue *r, struct yz_store *backup, struct yz_error *err)
{
	struct yz_store *damaged = NULL;
	enum yz_status st;

	(void)yz_store_open_file(&damaged, r->damaged, NULL); /* or it does not tell */
	st = yz_backup_same_station(backup, damaged, r->id, err);
	yz_store_close(damaged);
	return st;
}

/* The backup as a database of today's version. */
static enum yz_status open_backup(struct rescue *r, char path[PATH_MAX], struct yz_error *err)
{
	uint8_t secret[YZ_BUNDLE_KEY];
	char dir[PATH_MAX];
	struct yz_store *s = NULL;
	enum yz_status st = yz_bundle_key_read(secret, r->key_file, YZ_KEY_OWNER, err);

	below(dir, r->work, "backup");
	if (st == YZ_OK && mkdir(dir, 0700) != 0)
		st = fail_at(dir, err);
	below(path, dir, "station.db");
	if (st == YZ_OK)
		st = yz_vault_open(r->backup, path, secret, err);
	sodium_memzero(secret, sizeof(secret));
	if (st == YZ_OK)
		st = yz_store_open(&s, dir, 0, err);
	if (st == YZ_OK)
		st = yz_store_verify(s, err);
	if (st == YZ_OK)
		st = same_station(r, s, err);
	if (st == YZ_OK)
		st = yz_store_fold(s, err);
	yz_store_close(s);
	return st;
}

static enum yz_status build(struct rescue *r, char fresh[PATH_MAX], struct yz_error *err)
{
	char dir[PATH_MAX], backup[PATH_MAX], wal[PATH_MAX];
	struct yz_rescue ask = {.now = yz_clock_now(r->conf.test_now_ms),
	        .lost_say =
	                _("The contents were lost when the database was rescued: enter it anew.")};
	struct yz_store *s = NULL;
	enum yz_status st = copy_damaged(r, err);

	below(wal, r->work, "damaged.db-wal");
	ask.wal_whole = yz_wal_is_whole(wal); /* before SQLite reads it in */
	if (st == YZ_OK && r->backup) {
		st = open_backup(r, backup, err);
		ask.backup = backup;
	}
	ask.damaged = r->damaged;
	below(dir, r->work, "fresh");
	if (st == YZ_OK)
		st = yz_store_open(&s, dir, YZ_STORE_CREATE, err);
	if (st == YZ_OK)
		st = yz_store_rescue(s, &ask, &r->got, err);
	if (st == YZ_OK)
		st = yz_store_fold(s, err);
	yz_store_close(s);
	below(fresh, dir, "station.db");
	return st;
}

static enum yz_status rescue(struct rescue *r, struct yz_error *err)
{
	const char *dir = r->conf.station_dir;
	char fresh[PATH_MAX];
	int fd = -1;
	enum yz_status st = yz_swap_begin(dir, &fd, err);

	if (st != YZ_OK)
		return st;
	st = yz_workshop_open(dir, "rescue", r->work, err);
	if (st == YZ_OK) {
		st = build(r, fresh, err);
		if (st == YZ_OK)
			st = yz_swap_in(dir, fresh, r->kept, err);
		yz_workshop_close(r->work);
	}
	yz_swap_end(fd);
	return st;
}

static void say(const struct rescue *r)
{
	long long rows = r->got.rows + r->got.from_backup;

	(void)printf(
	        _("The station works again, with %lld rows; the damaged file is kept as %s.\n"),
	        rows, r->kept);
	if (r->backup)
		(void)printf(_("%lld rows came from the backup.\n"), (long long)r->got.from_backup);
	if (r->got.unproved)
		(void)printf(
		        _("In %lld tables it cannot be shown that no row is missing or changed: "
		          "compare the last parcels with the paper.\n"),
		        (long long)r->got.unproved);
	if (r->got.bodies)
		(void)printf(
		        _("The contents of %lld operations are lost: they stand as refused on the "
		          "queue screen; book or register them anew.\n"),
		        (long long)r->got.bodies);
	if (r->got.burned)
		(void)printf(
		        _("%lld waybill numbers that may have been used are not used any more: "
		          "import or lease new ones, and no range that was imported here "
		          "before.\n"),
		        (long long)r->got.burned);
	if (r->got.again)
		(void)printf(
		        _("%lld operations go out once more, for it is not sure that the platform "
		          "has them; that does no harm.\n"),
		        (long long)r->got.again);
	if (r->got.audit_broken)
		(void)puts(_("Rows of the audit may be lost."));
	(void)puts(_("The disk that did this may do it again: have it looked at."));
}

int yz_cmd_rescue(const struct yz_ctl *ctl, int argc, char **argv)
{
	struct rescue r = {.backup = yz_ctl_option(&argc, argv, "--backup")};
	struct yz_error err = {0};
	enum yz_status st;

	r.key_file = argc < 0 ? NULL : yz_ctl_option(&argc, argv, "--key");
	r.id = argc < 0 ? NULL : yz_ctl_option(&argc, argv, "--id");
	if (argc != 0 || !r.backup != !r.key_file || (r.id && !r.backup))
		return yz_ctl_usage(ctl);
	st = yz_conf_read(&r.conf, ctl->conf_file, &err);
	if (st == YZ_OK)
		st = rescue(&r, &err);
	if (st != YZ_OK)
		return yz_ctl_cannot(ctl, &err);
	if (ctl->is_json)
		(void)printf("{\"ok\":true,\"kept\":\"%s\",\"rows\":%" PRId64
		             ",\"from_backup\":%" PRId64 ",\"unproved\":%" PRId64
		             ",\"bodies_lost\":%" PRId64 ",\"burned\":%" PRId64
		             ",\"again\":%" PRId64 "}\n",
		        r.kept, r.got.rows, r.got.from_backup, r.got.unproved, r.got.bodies,
		        r.got.burned, r.got.again);
	else
		say(&r);
	return YZ_EXIT_OK;
}
