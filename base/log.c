#include "config.h"

#include "base/log.h"

#include "base/clock.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* the one place of the house with state of its own: where log lines go */
static struct {
	const char *program;
	enum yz_log_level most;
	int fd;
} sink = {"yizhan", YZ_LOG_INFO, 2};

void yz_log_start(const char *program, enum yz_log_level most, const char *path)
{
	sink.program = program;
	sink.most = most;
	if (path)
		sink.fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
}

void yz_log(enum yz_log_level level, const char *fmt, ...)
{
	static const char *const names[] = {"error", "warn", "info", "debug"};
	char line[1024], when[32];
	va_list ap;
	int n;

	if (level > sink.most || sink.fd < 0)
		return;
	yz_clock_rfc3339(yz_clock_now(0).wall_ms, when, sizeof(when));
	n = snprintf(line, sizeof(line) - 1, "%s %s %s: ", when, names[level], sink.program);
	va_start(ap, fmt);
	(void)vsnprintf(line + n, sizeof(line) - 1 - (size_t)n, fmt, ap);
	va_end(ap);
	for (char *p = line; *p; p++)
		if ((unsigned char)*p < 0x20)
			*p = ' ';
	n = (int)strlen(line);
	line[n++] = '\n';
	if (write(sink.fd, line, (size_t)n) != n)
		return; /* nowhere to complain */
}

void yz_log_error(const char *what, const struct yz_error *err)
{
	yz_log(YZ_LOG_ERROR, "%s: %s: %s", what, yz_status_name(err->status), err->text);
}
