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

int yz_cmd_restore(const struct yz_ctl *ctl, int argc, char **argv)
{
	struct restore r = {.key_file = yz_ctl_option(&argc, argv, "--key")};
	struct yz_error err = {0};
	enum yz_status st;

	if (argc != 1 || argv[0][0] == '-' || !r.key_file)
		return yz_ctl_usage(ctl);
	r.file = argv[0];
	st = yz_conf_read(&r.conf, ctl->conf_file, &err);
	if (st == YZ_OK)
		st = restore(&r, &err);
	if (st != YZ_OK)
		return yz_ctl_cannot(ctl, &err);
	if (ctl->is_json) {
		(void)printf("{\"ok\":true,\"kept\":\"%s\",\"agent_epoch\":%" PRId64
		             ",\"burned\":%" PRId64 "}\n",
		        r.kept, r.settled.epoch, r.settled.burned);
		return YZ_EXIT_OK;
	}
	(void)printf(_("The backup is in place and checked. What was there is kept as %s.\n"),
	        *r.kept ? r.kept : "-");
	(void)printf(_("%lld waybill numbers that may have been used since are not used any more: "
	               "import or lease new ones. Waiting operations go out again; that does no "
	               "harm.\n"),
	        (long long)r.settled.burned);
	return YZ_EXIT_OK;
}
