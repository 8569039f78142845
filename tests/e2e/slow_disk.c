#include "config.h"

#include "tests/e2e/slow_disk.h"

#include "base/buf.h"
#include "base/file.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WAIT_MS = 60000, QUIET_MS = 50, LOOKS = 1200, LOG_MAX = 1 << 24 };

bool slow_disk_set(struct slow_disk *d, const char *build, const char *dir, int ms)
{
	const char *asan = getenv("ASAN_OPTIONS");
	char text[512];

	(void)snprintf(d->log, sizeof(d->log), "%s/syncs", dir);
	(void)snprintf(d->hold, sizeof(d->hold), "%s/hold", dir);
	(void)setenv("YZ_SYNC_LOG", d->log, 1);
	(void)setenv("YZ_SYNC_HOLD", d->hold, 1);
	(void)snprintf(text, sizeof(text), "%d", ms);
	(void)setenv("YZ_SYNC_MS", text, 1);
	/* the sanitizers want to be loaded first, unless told otherwise */
	(void)snprintf(text, sizeof(text), "verify_asan_link_order=0:%s", asan ? asan : "");
	(void)setenv("ASAN_OPTIONS", text, 1);
	(void)snprintf(text, sizeof(text), "%s/tests/fixtures/slowsync.so", build);
	(void)setenv("LD_PRELOAD", text, 1);
	return access(text, R_OK) == 0;
}

void slow_disk_hold(const struct slow_disk *d)
{
	int fd = open(d->hold, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	if (fd >= 0)
		(void)close(fd);
}

void slow_disk_let_go(const struct slow_disk *d)
{
	(void)unlink(d->hold);
}

struct slow_count slow_disk_count(const struct slow_disk *d, int pid)
{
	struct slow_count n = {0, 0, 0};
	struct yz_buf text = YZ_BUF_INIT;

	if (yz_file_read_text(&text, d->log, LOG_MAX, NULL) == YZ_OK) {
		for (const char *at = text.data; at && *at; at = strchr(at, '\n')) {
			at += *at == '\n';
			n.begun += *at == '+';
			n.ended += *at == '-';
			n.main += *at == '+' && strtol(at + 1, NULL, 10) == pid;
		}
	}
	yz_buf_free(&text);
	return n;
}

bool slow_disk_wait(const struct slow_disk *d, struct yz_pty *p, bool busy)
{
	for (int i = 0; i < LOOKS; i++) {
		struct slow_count n = slow_disk_count(d, yz_pty_pid(p));

		if ((n.begun > n.ended) == busy)
			return true;
		(void)yz_pty_wait(p, "no such words", true, QUIET_MS, NULL);
	}
	return false;
}

static bool see(struct yz_pty *p, const char *text)
{
	return yz_pty_wait(p, text, true, WAIT_MS, NULL) == YZ_OK;
}

static bool type(struct yz_pty *p, const char *text)
{
	return yz_pty_send(p, text, strlen(text), NULL) == YZ_OK;
}

struct yz_pty *slow_disk_sign_in(const char *program, const char *conf)
{
	const char *const words[] = {program, "-c", conf, NULL};
	char *argv[4] = {0};
	struct yz_pty *p = NULL;

	for (int i = 0; words[i]; i++)
		argv[i] = yz_strdup(words[i]);
	if (yz_pty_start(&p, argv, "xterm-256color", 24, 80, NULL) == YZ_OK &&
	        !(see(p, "登录名") && type(p, "demo\r246810\r") && see(p, "今日"))) {
		yz_pty_free(p);
		p = NULL;
	}
	for (int i = 0; argv[i]; i++)
		free(argv[i]);
	return p;
}

bool slow_disk_fill(struct yz_pty *p)
{
	return type(p, "\033[200~王秀英 13888888888 云南省曲靖市宣威市宝山镇1号\033[201~\r") &&
	       type(p, "\033[200~张三 13987654321 "
	               "湖北省恩施土家族苗族自治州恩施市三岔镇黄泥坡村二组12号\033[201~\r") &&
	       see(p, "恩施市三岔镇") && type(p, "小黄姜\r\r12斤\r") && see(p, "中通快递") &&
	       type(p, "\r\r4321\r1\r\r\r\r\r\r") && type(p, " \r \r ") &&
	       see(p, "中通快递 标准快递");
}
