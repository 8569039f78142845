/* The configuration file of one station (INI; the keys stand in doc/yizhan.conf.5). Shared by all
 * programs. */
#ifndef YZ_BASE_CONF_H
#define YZ_BASE_CONF_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

/* section, key, kind (TEXT, PATH, INT, BOOL, TIME), default. PATH: relative to the file's folder.
 */
#define YZ_CONF_KEYS(X)                                                                 \
	X(station, dir, PATH, ".")           /* station.db, run/, drafts */             \
	X(platform, url, TEXT, "")           /* "" is 单机: no platform */            \
	X(platform, token_file, PATH, "")    /* read by yizhan-sync alone */            \
	X(platform, ca_file, PATH, "")       /* PEM: no other authority is trusted */   \
	X(platform, pins, TEXT, "")          /* sha256//BASE64;... of the keys */       \
	X(platform, cert_file, PATH, "")     /* client certificate, PEM */              \
	X(platform, key_file, PATH, "")      /* its key; read by yizhan-sync alone */   \
	X(platform, sign_key_file, PATH, "") /* "" is no signatures */                  \
	X(platform, poll_s, INT, "30")       /* longest sleep of the sync */            \
	X(print, server, TEXT, "")           /* host:port of CUPS; "" is its default */ \
	X(print, waybill_queue, TEXT, "")    /* "" is no printer */                     \
	X(print, receipt_queue, TEXT, "")                                               \
	X(print, format, TEXT, "auto") /* auto, pwg or pdf */                           \
	X(kiosk, lang, TEXT, "")       /* zh_CN, en; "" asks the environment */         \
	X(kiosk, idle_s, INT, "300")   /* lock after; 0 is never */                     \
	X(kiosk, esc_ms, INT, "300")   /* a lone Esc is a key after */                  \
	X(backup, dir, PATH, "")       /* "" is backups/ in the station's folder */     \
	X(data, dir, PATH, "")         /* "" is beside the program or installed */      \
	X(test, now, TIME, "")         /* only with a loopback platform; shown as 测试 */

struct yz_conf {
	char file[512]; /* where it was read from */
#define TEXT(s, k) char s##_##k[256];
#define PATH(s, k) char s##_##k[512];
#define INT(s, k) int s##_##k;
#define BOOL(s, k) bool s##_##k;
#define TIME(s, k) int64_t s##_##k##_ms; /* 0 if not set */
#define X(section, key, kind, def) kind(section, key)
	YZ_CONF_KEYS(X)
#undef X
#undef TEXT
#undef PATH
#undef INT
#undef BOOL
#undef TIME
};

/* Reads path (NULL: the installed default, SYSCONFDIR/yizhan/yizhan.conf).
 * Errors: YZ_E_CONFIG, naming file, line, key and what was expected: a missing file, an unknown key
 * and a wrong value are all refused, and so is [test] now= with a platform that is not on the
 * loopback. */
enum yz_status yz_conf_read(struct yz_conf *out, const char *path, struct yz_error *err);

#endif
