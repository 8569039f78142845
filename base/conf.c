#include "config.h"

#include "base/conf.h"

#include "base/buf.h"
#include "base/clock.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum kind { TEXT, PATH, INT, BOOL, TIME };

static const struct key {
	const char *section, *name;
	enum kind kind;
	size_t at, size;
} keys[] = {
#define TEXT(s, k) \
	{#s, #k, TEXT, offsetof(struct yz_conf, s##_##k), sizeof(((struct yz_conf *)0)->s##_##k)},
#define PATH(s, k) \
	{#s, #k, PATH, offsetof(struct yz_conf, s##_##k), sizeof(((struct yz_conf *)0)->s##_##k)},
#define INT(s, k) {#s, #k, INT, offsetof(struct yz_conf, s##_##k), 0},
#define BOOL(s, k) {#s, #k, BOOL, offsetof(struct yz_conf, s##_##k), 0},
#define TIME(s, k) {#s, #k, TIME, offsetof(struct yz_conf, s##_##k##_ms), 0},
#define X(section, key, kind, def) kind(section, key)
        YZ_CONF_KEYS(X)
#undef X
#undef TEXT
#undef PATH
#undef INT
#undef BOOL
#undef TIME
};

static const struct {
	const char *section, *name, *value;
} defaults[] = {
#define X(section, key, kind, def) {#section, #key, def},
        YZ_CONF_KEYS(X)
#undef X
};

struct reader {
	struct yz_conf *conf;
	struct yz_error *err;
	enum yz_status st;
	int line;
};

static bool set_int(const char *value, int *out)
{
	char *end;
	long v;

	errno = 0;
	v = strtol(value, &end, 10);
	if (errno || end == value || *end || v < 0 || v > 1000000)
		return false;
	*out = (int)v;
	return true;
}

/* A path is relative to the folder of the configuration file. */
static bool set_path(const struct yz_conf *conf, const char *value, char *out, size_t size)
{
	char folder[sizeof(conf->file)];
	char *slash;
	int n;

	memcpy(folder, conf->file, sizeof(folder));
	slash = strrchr(folder, '/');
	if (!*value || *value == '/' || !slash)
		n = snprintf(out, size, "%s", value);
	else
		n = snprintf(out, size, "%.*s/%s", (int)(slash - folder), folder, value);
	return n < (int)size;
}

/* What is wrong with the value, or NULL if it was taken. */
static const char *set(struct yz_conf *conf, const struct key *key, const char *value)
{
	char *at = (char *)conf + key->at;

	switch (key->kind) {
	case TEXT:
		return snprintf(at, key->size, "%s", value) < (int)key->size ? NULL : "is too long";
	case PATH:
		return set_path(conf, value, at, key->size) ? NULL : "is too long";
	case INT:
		return set_int(value, (int *)(void *)at)
		               ? NULL
		               : "must be a whole number from 0 to 1000000";
	case BOOL:
		*(bool *)at = !strcmp(value, "yes");
		return !strcmp(value, "yes") || !strcmp(value, "no") ? NULL : "must be yes or no";
	case TIME:
		if (!*value)
			return NULL;
		return yz_clock_parse(value, (int64_t *)(void *)at)
		               ? NULL
		               : "must be a time such as 2026-11-24T09:00:00+08:00";
	}
	return "is not known";
}

static int entry(void *user, const char *section, const char *name, const char *value)
{
	struct reader *r = user;
	const char *wrong = "is not a key that yizhan knows";

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (!strcmp(keys[i].section, section) && !strcmp(keys[i].name, name))
			wrong = set(r->conf, &keys[i], value);
	if (wrong && r->st == YZ_OK)
		r->st = yz_fail(
		        r->err, YZ_E_CONFIG, "%s: [%s] %s %s", r->conf->file, section, name, wrong);
	return !wrong;
}

static bool is_loopback(const char *url)
{
	static const char *const starts[] = {"http://127.", "https://127.", "http://localhost",
	        "https://localhost", "http://[::1]", "https://[::1]"};

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (!strncmp(url, starts[i], strlen(starts[i])))
			return true;
	return !*url;
}

enum yz_status yz_conf_read(struct yz_conf *out, const char *path, struct yz_error *err)
{
	struct yz_conf *conf = yz_alloc(sizeof(*conf));
	struct reader r = {conf, err, YZ_OK, 0};
	enum yz_status st = YZ_OK;
	struct stat at;
	int bad;

	(void)snprintf(conf->file, sizeof(conf->file), "%s",
	        path ? path : YZ_SYSCONFDIR "/yizhan/yizhan.conf");
	for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++)
		(void)set(conf, &keys[i], defaults[i].value);
	/* a folder opens like a file and reads as an empty one */
	if (stat(conf->file, &at) == 0 && S_ISDIR(at.st_mode)) {
		st = yz_fail(err, YZ_E_CONFIG,
		        "%s: this is a folder; the configuration is a file in it", conf->file);
		goto done;
	}
	bad = ini_parse(conf->file, entry, &r);
	if (bad < 0) {
		st = yz_fail(err, YZ_E_CONFIG,
		        "%s: %s; make one with yizhanctl init, or name another with -c FILE",
		        conf->file,
		        bad == -1 ? "the configuration cannot be opened" : "out of memory");
	} else if (r.st != YZ_OK) {
		st = r.st;
	} else if (bad > 0) {
		st = yz_fail(err, YZ_E_CONFIG, "%s:%d: expected [section] or key = value",
		        conf->file, bad);
	} else if (conf->test_now_ms && !is_loopback(conf->platform_url)) {
		st = yz_fail(err, YZ_E_CONFIG,
		        "%s: [test] now is only for a platform on the loopback", conf->file);
	}
	if (st == YZ_OK)
		*out = *conf;
done:
	free(conf);
	return st;
}
