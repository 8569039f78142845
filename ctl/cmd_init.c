#include "config.h"

#include "ctl/cmd.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "station/check.h"
#include "store/audit.h"
#include "store/station.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* The station's profile from the options; what is not given stays empty. */
static enum yz_status profile(int *argc, char **argv, struct yz_station *s, struct yz_error *err)
{
	const struct {
		const char *option;
		char *to;
		size_t size;
	} rows[] = {{"--id", s->id, sizeof(s->id)}, {"--name", s->name, sizeof(s->name)},
	        {"--level", s->level, sizeof(s->level)}, {"--code", s->code, sizeof(s->code)},
	        {"--parent", s->parent, sizeof(s->parent)}, {"--phone", s->phone, sizeof(s->phone)},
	        {"--region", s->region, sizeof(s->region)},
	        {"--detail", s->detail, sizeof(s->detail)}};
	static const char id_chars[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	enum yz_status st;

	(void)yz_copy(s->level, sizeof(s->level), "township");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *v = yz_ctl_option(argc, argv, rows[i].option);

		if (v)
			(void)yz_copy(rows[i].to, rows[i].size, v);
	}
	if (!*s->id || strlen(s->id) > 16 || strspn(s->id, id_chars) != strlen(s->id))
		return yz_fail_field(err, YZ_E_RANGE, "--id",
		        N_("--id is the station's number: 1 to 16 digits and capital letters."));
	if (!*s->name)
		return yz_fail_field(
		        err, YZ_E_RANGE, "--name", N_("--name is the station's name."));
	if (strlen(s->code) < 6 || strspn(s->code, "0123456789") != strlen(s->code))
		return yz_fail_field(err, YZ_E_RANGE, "--code",
		        N_("--code is the division the station stands in: 6 to 12 digits."));
	if (*s->phone && (st = yz_check_phone(s->phone, err)) != YZ_OK)
		return st;
	return YZ_OK;
}

static enum yz_status folder(const char *path, struct yz_error *err)
{
	if (mkdir(path, 0770) == 0)
		(void)chmod(path,
		        02770); /* whatever the umask; setgid may be refused, as in the store */
	else if (errno != EEXIST)
		return yz_fail(err, YZ_E_IO, "%s: %s", path, strerror(errno));
	return YZ_OK;
}

static enum yz_status folders(const char *dir, struct yz_error *err)
{
	static const char *const below[] = {"", "/run", "/run/ui"};
	enum yz_status st = YZ_OK;

	for (size_t i = 0; i < sizeof(below) / sizeof(below[0]) && st == YZ_OK; i++) {
		char path[PATH_MAX];

		if (snprintf(path, sizeof(path), "%s%s", dir, below[i]) >= (int)sizeof(path))
			return yz_fail(err, YZ_E_RANGE, "%s: the path is too long", dir);
		st = folder(path, err);
	}
	return st;
}

/* Writes DIR/yizhan.conf from the options left over, each a key of the configuration. */
static enum yz_status configure(int *argc, char **argv, const char *dir, struct yz_error *err)
{
	static const struct {
		const char *option, *section, *key;
	} keys[] = {{"--platform", "platform", "url"}, {"--token-file", "platform", "token_file"},
	        {"--ca-file", "platform", "ca_file"}, {"--cups", "print", "server"},
	        {"--waybill-queue", "print", "waybill_queue"},
	        {"--receipt-queue", "print", "receipt_queue"}, {"--lang", "kiosk", "lang"}};
	struct yz_buf text = YZ_BUF_INIT;
	char path[PATH_MAX];
	const char *section = "station";
	enum yz_status st;

	yz_buf_puts(
	        &text, "# One station; every key stands in yizhan.conf(5).\n[station]\ndir = .\n");
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const char *v = yz_ctl_option(argc, argv, keys[i].option);

		if (!v)
			continue;
		if (strcmp(section, keys[i].section) != 0)
			yz_buf_printf(&text, "[%s]\n", section = keys[i].section);
		yz_buf_printf(&text, "%s = %s\n", keys[i].key, v);
	}
	(void)snprintf(path, sizeof(path), "%s/yizhan.conf", dir);
	st = yz_file_exists(path) ? YZ_OK : yz_file_write(path, text.data, text.len, 0640, err);
	yz_buf_free(&text);
	return st;
}

static enum yz_status create(const char *dir, const struct yz_station *s, struct yz_error *err)
{
	struct yz_store *store = NULL;
	struct yz_tx *tx = NULL;
	struct yz_station old;
	struct yz_now now = yz_clock_now(0);
	enum yz_status st = yz_store_open(&store, dir, YZ_STORE_CREATE, err);

	if (st != YZ_OK)
		return st;
	st = yz_station_get(store, &old, err);
	if (st == YZ_OK)
		st = yz_fail_field(
		        err, YZ_E_EXISTS, "", N_("There is a station in this folder already."));
	else if (st == YZ_E_NOTFOUND)
		st = yz_tx_begin(store, &now, &tx, err);
	if (st == YZ_OK)
		st = yz_station_put(tx, s, err);
	if (st == YZ_OK)
		st = yz_audit_add(tx, NULL, "station.init", "", s->id, err);
	if (st == YZ_OK)
		st = yz_tx_commit(tx, err);
	else
		yz_tx_rollback(tx);
	yz_store_close(store);
	return st;
}

int yz_cmd_init(const struct yz_ctl *ctl, int argc, char **argv)
{
	struct yz_station s = {.id = ""};
	struct yz_error err = {0};
	enum yz_status st = profile(&argc, argv, &s, &err);

	if (argc < 1)
		return yz_ctl_usage(ctl);
	if (st == YZ_OK)
		st = folders(argv[0], &err);
	if (st == YZ_OK)
		st = configure(&argc, argv, argv[0], &err);
	if (argc != 1)
		return yz_ctl_usage(ctl);
	if (st == YZ_OK)
		st = create(argv[0], &s, &err);
	if (st != YZ_OK)
		return yz_ctl_cannot(ctl, &err);
	if (ctl->is_json)
		(void)printf("{\"ok\":true,\"station\":\"%s\"}\n", s.id);
	else
		(void)printf(_("Station %s is set up in %s. Next: yizhanctl import, yizhanctl user "
		               "add, yizhanctl "
		               "doctor.\n"),
		        s.id, argv[0]);
	return YZ_EXIT_OK;
}
