#include "config.h"

#include "base/clock.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { CHINA_OFFSET_S = 8 * 3600 };

static int64_t read_ms(clockid_t id)
{
	struct timespec ts = {0};

	(void)clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static char boot_id[sizeof(((struct yz_now *)0)->boot_id)];

/* Once: it cannot change under a process, and the time is asked for all the time. */
static void read_boot_id(void)
{
	FILE *f = fopen("/proc/sys/kernel/random/boot_id", "re");

	if (!f)
		return;
	if (!fgets(boot_id, sizeof(boot_id), f))
		boot_id[0] = '\0';
	(void)fclose(f);
	boot_id[strcspn(boot_id, "\n")] = '\0';
}

struct yz_now yz_clock_now(int64_t test_now_ms)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct yz_now now = {0};

	(void)pthread_once(&once, read_boot_id);
	now.wall_ms = test_now_ms > 0 ? test_now_ms : read_ms(CLOCK_REALTIME);
	now.played = test_now_ms > 0;
	now.mono_ms = read_ms(CLOCK_BOOTTIME);
	memcpy(now.boot_id, boot_id, sizeof(boot_id));
	return now;
}

static struct tm china(int64_t wall_ms)
{
	time_t s = (time_t)(wall_ms / 1000 + CHINA_OFFSET_S);
	struct tm tm = {0};

	(void)gmtime_r(&s, &tm);
	return tm;
}

void yz_clock_rfc3339(int64_t wall_ms, char *out, size_t size)
{
	struct tm tm = china(wall_ms);

	if (!strftime(out, size, "%Y-%m-%dT%H:%M:%S+08:00", &tm) && size)
		out[0] = '\0';
}

void yz_clock_date(int64_t wall_ms, char *out, size_t size)
{
	struct tm tm = china(wall_ms);

	if (!strftime(out, size, "%Y-%m-%d", &tm) && size)
		out[0] = '\0';
}

void yz_clock_hhmm(int64_t wall_ms, char *out, size_t size)
{
	struct tm tm = china(wall_ms);

	if (!strftime(out, size, "%H:%M", &tm) && size)
		out[0] = '\0';
}

void yz_clock_since(int64_t wall_ms, int64_t now_ms, char *out, size_t size)
{
	struct tm tm = china(wall_ms), now = china(now_ms);
	bool is_today = tm.tm_yday == now.tm_yday && tm.tm_year == now.tm_year;

	if (!strftime(out, size, is_today ? "%H:%M" : "%m-%d %H:%M", &tm) && size)
		out[0] = '\0';
}

bool yz_date_exists(int year, int month, int day)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1)
		return false;
	return day <= days[month - 1] + (month == 2 && leap ? 1 : 0);
}

static bool digits(const char **s, int n, int *out)
{
	int v = 0;

	for (int i = 0; i < n; i++) {
		if (**s < '0' || **s > '9')
			return false;
		v = v * 10 + (*(*s)++ - '0');
	}
	*out = v;
	return true;
}

static bool literal(const char **s, char c)
{
	if (**s != c)
		return false;
	(*s)++;
	return true;
}

static bool offset(const char **s, int *out_s)
{
	int h, m, sign = **s == '-' ? -1 : 1;

	if (literal(s, 'Z')) {
		*out_s = 0;
		return true;
	}
	if (!literal(s, '+') && !literal(s, '-'))
		return false;
	if (!digits(s, 2, &h) || !literal(s, ':') || !digits(s, 2, &m) || h > 14 || m > 59)
		return false;
	*out_s = sign * (h * 3600 + m * 60);
	return true;
}

bool yz_clock_parse(const char *s, int64_t *wall_ms)
{
	struct tm tm = {0};
	int y, mo, d, h = 0, mi = 0, sec = 0, off_s = CHINA_OFFSET_S;

	if (!digits(&s, 4, &y) || !literal(&s, '-') || !digits(&s, 2, &mo) || !literal(&s, '-') ||
	        !digits(&s, 2, &d) || !yz_date_exists(y, mo, d))
		return false;
	if (*s) {
		if (!literal(&s, 'T') || !digits(&s, 2, &h) || !literal(&s, ':') ||
		        !digits(&s, 2, &mi) || !literal(&s, ':') || !digits(&s, 2, &sec) ||
		        h > 23 || mi > 59 || sec > 59)
			return false;
		if (literal(&s, '.'))
			while (*s >= '0' && *s <= '9')
				s++;
		if (!offset(&s, &off_s) || *s)
			return false;
	}
	tm.tm_year = y - 1900;
	tm.tm_mon = mo - 1;
	tm.tm_mday = d;
	tm.tm_hour = h;
	tm.tm_min = mi;
	tm.tm_sec = sec;
	*wall_ms = ((int64_t)timegm(&tm) - off_s) * 1000;
	return true;
}
