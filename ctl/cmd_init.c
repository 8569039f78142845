#include "config.h"

#include "ctl/cmd.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "station/check.h"
#include "store/audit.h"
#include "store/station.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { CONF_BYTES_MAX = 1 << 20 };

/* The keys of the configuration that have an option here. */
static const struct {
	const char *option, *section, *key;
} keys[] = {{"--platform", "platform", "url"}, {"--token-file", "platform", "token_file"},
        {"--ca-file", "platform", "ca_file"}, {"--cups", "print", "server"},
        {"--waybill-queue", "print", "waybill_queue"},
        {"--receipt-queue", "print", "receipt_queue"}, {"--lang", "kiosk", "lang"}};
enum { KEYS = sizeof(keys) / sizeof(keys[0]) };

struct plan {
	struct yz_station station;
	const char *values[KEYS]; /* NULL: not given */
};

/* A cut name would be another name: refused. */
static enum yz_status take(
        char *to, size_t size, const char *option, const char *value, struct yz_error *err)
{
	if (strlen(value) >= size || !yz_text_is_clean(value))
		return yz_fail_field(err, YZ_E_RANGE, option,
		        N_("A value is too long, not UTF-8, or has blanks or control characters "
		           "around it."));
	(void)yz_copy(to, size, value);
	return YZ_OK;
}

/* The station's profile from the options; what is not given stays empty. */
static enum yz_status words(int *argc, char **argv, struct plan *p, struct yz_error *err)
{
	struct yz_station *s = &p->station;
	const struct {
		const char *option;
		char *to;
		size_t size;
	} rows[] = {{"--id", s->id, sizeof(s->id)}, {"--name", s->name, sizeof(s->name)},
	        {"--level", s->level, sizeof(s->level)}, {"--code", s->code, sizeof(s->code)},
	        {"--parent", s->parent, sizeof(s->parent)}, {"--phone", s->phone, sizeof(s->phone)},
	        {"--region", s->region, sizeof(s->region)},
	        {"--detail", s->detail, sizeof(s->detail)}};
	enum yz_status st = YZ_OK;

	(void)yz_copy(s->level, sizeof(s->level), "township");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *v = yz_ctl_option(argc, argv, rows[i].option);

		if (v && st == YZ_OK)
			st = take(rows[i].to, rows[i].size, rows[i].option, v, err);
	}
	for (size_t i = 0; i < KEYS; i++)
		p->values[i] = yz_ctl_option(argc, argv, keys[i].option);
	return st;
}

static enum yz_status check_profile(const struct yz_station *s, struct yz_error *err)
{
	static const char id_chars[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	static const char *const levels[] = {"county", "township", "park", "village", "community"};
	size_t digits = strlen(s->code), i = 0;

	if (!*s->id || strlen(s->id) > 16 || strspn(s->id, id_chars) != strlen(s->id))
		return yz_fail_field(err, YZ_E_RANGE, "--id",
		        N_("--id is the station's number: 1 to 16 digits and capital letters."));
	if (!*s->name)
		return yz_fail_field(
		        err, YZ_E_RANGE, "--name", N_("--name is the station's name."));
	if ((digits != 6 && digits != 9 && digits != 12) || strspn(s->code, "0123456789") != digits)
		return yz_fail_field(err, YZ_E_RANGE, "--code",
		        N_("--code is the division the station stands in: 6, 9 or 12 digits."));
	while (i < sizeof(levels) / sizeof(levels[0]) && strcmp(levels[i], s->level) != 0)
		i++;
	if (i == sizeof(levels) / sizeof(levels[0]))
		return yz_fail_field(err, YZ_E_RANGE, "--level",
		        N_("--level is county, township, park, village or community."));
	return *s->phone ? yz_check_phone(s->phone, err) : YZ_OK;
}

/* What the reader of the configuration would take for something else. */
static enum yz_status check_settings(const struct plan *p, struct yz_error *err)
{
	for (size_t i = 0; i < KEYS; i++) {
		const char *v = p->values[i];

		if (!v)
			continue;
		if (!yz_text_is_clean(v) || strpbrk(v, ";\""))
			return yz_fail_field(err, YZ_E_RANGE, keys[i].option,
			        N_("A setting may not hold line breaks, quotation marks or ;."));
		if (!strcmp(keys[i].key, "lang") && strcmp(v, "zh_CN") != 0 && strcmp(v, "en") != 0)
			return yz_fail_field(
			        err, YZ_E_RANGE, keys[i].option, N_("--lang is zh_CN or en."));
		if (!strcmp(keys[i].key, "url") && strncmp(v, "http://", 7) != 0 &&
		        strncmp(v, "https://", 8) != 0)
			return yz_fail_field(err, YZ_E_RANGE, keys[i].option,
			        N_("--platform is an address that starts with https://."));
	}
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

static void write_settings(const struct plan *p, struct yz_buf *text)
{
	const char *section = "station";

	yz_buf_puts(
	        text, "# One station; every key stands in yizhan.conf(5).\n[station]\ndir = .\n");
	for (size_t i = 0; i < KEYS; i++) {
		if (!p->values[i])
			continue;
		if (strcmp(section, keys[i].section) != 0)
			yz_buf_printf(text, "[%s]\n", section = keys[i].section);
		yz_buf_printf(text, "%s = %s\n", keys[i].key, p->values[i]);
	}
}

/* Makes DIR/yizhan.conf. One of a first try that got no further is as good; another one is the
 * owner's, and must neither be lost nor stand in for what was asked now. */
static enum yz_status configure(const struct plan *p, const char *dir, struct yz_error *err)
{
	struct yz_buf text = YZ_BUF_INIT, old = YZ_BUF_INIT;
	char path[PATH_MAX];
	enum yz_status st;

	write_settings(p, &text);
	(void)snprintf(path, sizeof(path), "%s/yizhan.conf", dir);
	st = yz_file_read(&old, path, CONF_BYTES_MAX, err);
	if (st == YZ_E_NOTFOUND)
		st = yz_file_write(path, text.data, text.len, 0640, err);
	else if (st == YZ_OK && strcmp(yz_buf_str(&old), text.data) != 0)
		st = yz_fail_field(err, YZ_E_EXISTS, "yizhan.conf",
		        N_("There is a yizhan.conf with other settings in this folder: move it "
		           "away first."));
	yz_buf_free(&text);
	yz_buf_free(&old);
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
	st = yz_tx_begin(store, &now, &tx, err);
	if (st == YZ_OK) /* inside: another init may be at work */
		st = yz_station_get(store, &old, err);
	if (st == YZ_OK)
		st = yz_fail_field(
		        err, YZ_E_EXISTS, "", N_("There is a station in this folder already."));
	else if (st == YZ_E_NOTFOUND)
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
	struct plan p = {.values = {NULL}};
	struct yz_error err = {0};
	enum yz_status st = words(&argc, argv, &p, &err);

	if (argc != 1 || argv[0][0] == '-' || !argv[0][0])
		return yz_ctl_usage(ctl);
	/* nothing is made before all is known to be right */
	if (st == YZ_OK)
		st = check_profile(&p.station, &err);
	if (st == YZ_OK)
		st = check_settings(&p, &err);
	if (st == YZ_OK)
		st = folders(argv[0], &err);
	if (st == YZ_OK)
		st = configure(&p, argv[0], &err);
	if (st == YZ_OK)
		st = create(argv[0], &p.station, &err);
	if (st != YZ_OK)
		return yz_ctl_cannot(ctl, &err);
	if (ctl->is_json)
		(void)printf("{\"ok\":true,\"station\":\"%s\"}\n", p.station.id);
	else
		(void)printf(_("Station %s is set up in %s. Next: yizhanctl import, yizhanctl user "
		               "add, yizhanctl "
		               "doctor.\n"),
		        p.station.id, argv[0]);
	return YZ_EXIT_OK;
}
