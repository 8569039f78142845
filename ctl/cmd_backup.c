#include "config.h"

#include "ctl/backup.h"
#include "ctl/open.h"

#include "base/file.h"
#include "station/bundle_key.h"
#include "station/vault.h"
#include "store/audit.h"
#include "store/backup.h"
#include "store/guard.h"
#include "store/reference.h"
#include "store/verify.h"

#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NICE = 10 };

struct backup {
	struct yz_ctl_station s;
	char dir[PATH_MAX], work[PATH_MAX], plain[PATH_MAX], sealed[PATH_MAX];
	uint8_t owner[YZ_VAULT_KEY];
	size_t left; /* backups in the folder */
};

static enum yz_status find_owner(struct backup *b, struct yz_error *err)
{
	struct yz_recipient r;
	enum yz_status st = yz_recipient_get(b->s.desk.store, "owner", &r, err);

	if (st == YZ_E_NOTFOUND)
		return yz_fail_say(err, YZ_E_CONFIG,
		        N_("Without an owner key there is no backup: yizhanctl owner-key new "
		           "FILE."),
		        "no recipient \"owner\"");
	if (st == YZ_OK)
		memcpy(b->owner, r.public_key, sizeof(b->owner));
	return st;
}

/* A backup is what has been read and found whole, not what has been written. */
static enum yz_status copy_and_prove(struct backup *b, struct yz_error *err)
{
	struct yz_store *copy = NULL;
	enum yz_status st = yz_backup_copy(b->s.desk.store, b->plain, err);

	/* a page that cannot be read is found by looking at all of them */
	if (st == YZ_E_IO && yz_store_verify(b->s.desk.store, NULL) == YZ_E_CORRUPT)
		st = YZ_E_CORRUPT;
	if (st == YZ_OK)
		st = yz_store_open_file(&copy, b->plain, err);
	if (st == YZ_OK)
		st = yz_store_verify(copy, err);
	yz_store_close(copy);
	if (st == YZ_E_CORRUPT)
		(void)yz_damage_mark(b->s.conf.station_dir, err->text, NULL);
	return st;
}

static enum yz_status note(struct backup *b, struct yz_error *err)
{
	struct yz_store *store = b->s.desk.store;
	struct yz_tx *tx = NULL;
	const char *name = strrchr(b->sealed, '/') + 1;
	char at[24];
	enum yz_status st = yz_tx_begin(store, &b->s.now, &tx, err);

	if (st != YZ_OK)
		return st;
	(void)snprintf(at, sizeof(at), "%" PRId64, b->s.now.wall_ms);
	st = yz_meta_put(tx, "backup.at_ms", at, err);
	if (st == YZ_OK)
		st = yz_meta_put(tx, "backup.file", b->sealed, err);
	if (st == YZ_OK)
		st = yz_audit_add(tx, NULL, "station.backup", "", name, err);
	return yz_desk_finish(&b->s.desk, tx, st, err);
}

/* The timer's user writes there too, though root may have been first: its group may. Under the
 * umask of an older program it was not so. */
static enum yz_status make_folder(const char *dir, struct yz_error *err)
{
	struct stat sb;

	if (mkdir(dir, 0770) != 0 && errno != EEXIST)
		return yz_fail(err, YZ_E_IO, "%s: %s", dir, strerror(errno));
	if (stat(dir, &sb) == 0 && (sb.st_mode & 0777) == 0750)
		(void)chmod(dir, (sb.st_mode & 07000) | 0770); /* refused: not ours to mend */
	return YZ_OK;
}

static enum yz_status make(struct backup *b, struct yz_error *err)
{
	const char *station = b->s.desk.station.id;
	enum yz_status st = find_owner(b, err);

	if (st == YZ_OK)
		st = make_folder(b->dir, err);
	if (st == YZ_OK)
		st = yz_backup_next(b->dir, station, b->s.now.wall_ms, b->sealed, err);
	if (st == YZ_OK)
		st = yz_workshop_open(b->s.conf.station_dir, "backup", b->work, err);
	if (st != YZ_OK)
		return st;
	(void)snprintf(b->plain, sizeof(b->plain), "%.4000s/station.db", b->work);
	st = copy_and_prove(b, err);
	if (st == YZ_OK)
		st = yz_vault_seal(b->plain, b->sealed, b->owner, err);
	yz_workshop_close(b->work);
	if (st == YZ_OK)
		st = yz_backup_prune(b->dir, station, &b->left, err);
	return st == YZ_OK ? note(b, err) : st;
}

int yz_cmd_backup(const struct yz_ctl *ctl, int argc, char **argv)
{
	struct backup b = {.dir = ""};
	struct yz_error err = {0};
	const char *to = yz_ctl_option(&argc, argv, "--to");
	int lock = -1;
	enum yz_status st;

	if (argc != 0 || (to && !*to))
		return yz_ctl_usage(ctl);
	(void)setpriority(PRIO_PROCESS, 0, NICE); /* the clerks come first */
	st = yz_ctl_open(ctl, &b.s, &err);
	if (st == YZ_OK && yz_store_is_damaged(b.s.desk.store, &err))
		st = YZ_E_CORRUPT;
	if (st == YZ_OK)
		st = yz_desk_lock(b.s.conf.station_dir, "backup", &lock, &err);
	if (to)
		(void)snprintf(b.dir, sizeof(b.dir), "%s", to);
	else
		yz_backup_dir(&b.s.conf, b.dir);
	if (st == YZ_OK)
		st = make(&b, &err);
	yz_ctl_close(&b.s);
	if (lock >= 0)
		(void)close(lock);
	if (st != YZ_OK)
		return yz_ctl_cannot(ctl, &err);
	if (ctl->is_json)
		(void)printf("{\"ok\":true,\"file\":\"%s\",\"kept\":%zu}\n", b.sealed, b.left);
	else
		(void)printf(_("%s: made, checked and sealed; %zu backups are kept.\n"), b.sealed,
		        b.left);
	return YZ_EXIT_OK;
}

static enum yz_status keep_public(
        struct yz_ctl_station *s, const uint8_t *public, struct yz_error *err)
{
	struct yz_recipient r = {.code = "owner", .name = "owner"};
	struct yz_tx *tx = NULL;
	enum yz_status st = yz_tx_begin(s->desk.store, &s->now, &tx, err);

	if (st != YZ_OK)
		return st;
	memcpy(r.public_key, public, sizeof(r.public_key));
	st = yz_recipient_put(tx, &r, err);
	if (st == YZ_OK)
		st = yz_audit_add(tx, NULL, "station.owner-key", "", "", err);
	return yz_desk_finish(&s->desk, tx, st, err);
}

int yz_cmd_owner_key(const struct yz_ctl *ctl, int argc, char **argv)
{
	struct yz_ctl_station s;
	struct yz_error err = {0};
	uint8_t secret[YZ_BUNDLE_KEY], public[YZ_BUNDLE_KEY];
	enum yz_status st;

	if (argc != 2 || strcmp(argv[0], "new") != 0 || !*argv[1] || argv[1][0] == '-')
		return yz_ctl_usage(ctl);
	st = yz_ctl_open(ctl, &s, &err);
	if (st == YZ_OK)
		st = yz_bundle_key_make(secret, argv[1], YZ_KEY_OWNER, &err);
	if (st == YZ_OK) {
		yz_bundle_key_public(public, secret, YZ_KEY_OWNER);
		sodium_memzero(secret, sizeof(secret));
		st = keep_public(&s, public, &err);
		if (st != YZ_OK) /* a key that no station knows opens nothing */
			(void)unlink(argv[1]);
	}
	yz_ctl_close(&s);
	if (st != YZ_OK)
		return yz_ctl_cannot(ctl, &err);
	if (ctl->is_json)
		(void)puts("{\"ok\":true}");
	else
		(void)printf(
		        _("%s holds the secret key that opens the backups made from now on. Copy "
		          "it to two sticks, keep them away from this computer, and delete it "
		          "here. Without it no backup can be opened.\n"),
		        argv[1]);
	return YZ_EXIT_OK;
}
