#include "config.h"

#include "ctl/backup.h"
#include "ctl/cmd.h"

#include "base/clock.h"
#include "station/bundle_key.h"
#include "station/vault.h"
#include "store/backup.h"
#include "store/guard.h"
#include "store/restore.h"
#include "store/verify.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

struct restore {
	struct yz_conf conf;
	const char *file, *key_file;
	char work[PATH_MAX], fresh[PATH_MAX], kept[PATH_MAX];
	struct yz_store *before; /* what is replaced, if it can be read */
	struct yz_settled settled;
	bool leave_unsent, is_blind;
	int64_t unsent; /* operations that only the replaced database holds, as far as it tells */
};

static enum yz_status open_backup(struct restore *r, struct yz_error *err)
{
	uint8_t secret[YZ_BUNDLE_KEY];
	enum yz_status st = yz_bundle_key_read(secret, r->key_file, YZ_KEY_OWNER, err);

	if (st == YZ_OK)
		st = yz_vault_open(r->file, r->fresh, secret, err);
	sodium_memzero(secret, sizeof(secret));
	return st;
}

/* One that can be opened but not asked is as good as lost. */
static enum yz_status same_station(
        struct yz_store *fresh, struct yz_store *before, struct yz_error *err)
{
	enum yz_status st = yz_backup_same_station(fresh, before, NULL, err);

	return st == YZ_E_NOTFOUND ? YZ_OK : st;
}

/* Not even the platform has these. One that cannot be counted is what a restore is for. */
static enum yz_status look_for_unsent(
        struct restore *r, struct yz_store *fresh, struct yz_error *err)
{
	if (!r->before || yz_store_unsent(fresh, r->before, &r->unsent, NULL) != YZ_OK ||
	        !r->unsent || r->leave_unsent)
		return YZ_OK;
	return yz_fail_say(err, YZ_E_STATE,
	        N_("Operations made since this backup are not sent yet, and a restore would leave "
	           "them behind. yizhanctl rescue with the same backup and key keeps them; restore "
	           "--leave-unsent gives them up."),
	        "%lld operations of the database in place are not sent and not in the backup",
	        (long long)r->unsent);
}

/* The backup as a database of today's version, whole, with nothing in it that was given out since.
 */
static enum yz_status prepare(struct restore *r, struct yz_error *err)
{
	struct yz_now now = yz_clock_now(r->conf.test_now_ms);
	struct yz_store *s = NULL;
	struct yz_tx *tx = NULL;
	enum yz_status st = yz_store_open(&s, r->work, 0, err);

	if (st == YZ_OK)
		st = yz_store_verify(s, err);
	if (st == YZ_OK && r->before) /* a lost disk: the key and the name of the file must do */
		st = same_station(s, r->before, err);
	if (st == YZ_OK)
		st = look_for_unsent(r, s, err);
	if (st == YZ_OK)
		st = yz_tx_begin(s, &now, &tx, err);
	if (st == YZ_OK) {
		st = yz_store_settle(tx, r->before, "station.restore", "", &r->settled, err);
		if (st == YZ_OK)
			st = yz_tx_commit(tx, err);
		else
			yz_tx_rollback(tx);
	}
	if (st == YZ_OK)
		st = yz_store_fold(s, err);
	yz_store_close(s);
	return st;
}

static enum yz_status restore(struct restore *r, struct yz_error *err)
{
	const char *dir = r->conf.station_dir;
	int fd = -1;
	enum yz_status st = yz_swap_begin(dir, &fd, err);
	char path[PATH_MAX];

	if (st != YZ_OK)
		return st;
	st = yz_workshop_open(dir, "restore", r->work, err);
	if (st == YZ_OK) {
		(void)snprintf(r->fresh, sizeof(r->fresh), "%.4000s/station.db", r->work);
		(void)snprintf(path, sizeof(path), "%.4000s/station.db", dir);
		st = open_backup(r, err);
		if (st == YZ_OK && yz_store_open_file(&r->before, path, NULL) != YZ_OK)
			r->before = NULL;
		r->is_blind = !r->before;
		if (st == YZ_OK)
			st = prepare(r, err);
		yz_store_close(r->before);
		if (st == YZ_OK)
			st = yz_swap_in(dir, r->fresh, r->kept, err);
		yz_workshop_close(r->work);
	}
	yz_swap_end(fd);
	return st;
}

static void say(const struct restore *r)
{
	(void)printf(_("The backup is in place and checked. What was there is kept as %s.\n"),
	        *r->kept ? r->kept : "-");
	(void)printf(_("%lld waybill numbers that may have been used since are not used any more: "
	               "import or lease new ones. Waiting operations go out again; that does no "
	               "harm.\n"),
	        (long long)r->settled.burned);
	if (r->is_blind)
		(void)puts(_("What was there could not be read: import only ranges of waybill "
		             "numbers that were never imported here before."));
	if (r->unsent)
		(void)printf(_("%lld operations that were never sent stand only in %s.\n"),
		        (long long)r->unsent, r->kept);
}

int yz_cmd_restore(const struct yz_ctl *ctl, int argc, char **argv)
{
	struct restore r = {.key_file = yz_ctl_option(&argc, argv, "--key")};
	struct yz_error err = {0};
	enum yz_status st;

	r.leave_unsent = argc > 0 && yz_ctl_flag(&argc, argv, "--leave-unsent");
	if (argc != 1 || argv[0][0] == '-' || !r.key_file)
		return yz_ctl_usage(ctl);
	r.file = argv[0];
	st = yz_conf_read(&r.conf, ctl->conf_file, &err);
	if (st == YZ_OK)
		st = restore(&r, &err);
	if (st != YZ_OK)
		return yz_ctl_cannot(ctl, &err);
	if (ctl->is_json)
		(void)printf("{\"ok\":true,\"kept\":\"%s\",\"agent_epoch\":%" PRId64
		             ",\"burned\":%" PRId64 ",\"unsent\":%" PRId64 "}\n",
		        r.kept, r.settled.epoch, r.settled.burned, r.unsent);
	else
		say(&r);
	return YZ_EXIT_OK;
}
