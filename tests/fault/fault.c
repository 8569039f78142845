#include "config.h"

#include "tests/fault/fault.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static long number_of(const char *name, long otherwise)
{
	const char *text = getenv(name);
	char *end;
	long n;

	if (!text || !*text)
		return otherwise;
	n = strtol(text, &end, 10);
	if (*end || n < 1 || n > 10000000)
		fault_stop("%s is no number", name);
	return n;
}

struct fault fault_begin(const char *number, long few)
{
	struct fault f = {.number = number,
	        .rounds = number_of("YZ_ROUNDS", few),
	        .seed = 0x9E3779B97F4A7C15};

	f.end_ms = fault_ms() + 1000 * number_of("YZ_SECONDS", 86400);
	return f;
}

bool fault_more(const struct fault *f, long played)
{
	return played < f->rounds && (played == 0 || fault_ms() < f->end_ms);
}

uint32_t fault_chance(struct fault *f, uint32_t below)
{
	f->seed ^= f->seed << 13;
	f->seed ^= f->seed >> 7;
	f->seed ^= f->seed << 17;
	return below ? (uint32_t)((f->seed >> 32) % below) : 0;
}

int64_t fault_ms(void)
{
	struct timespec ts = {0};

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

void fault_nap_us(int64_t us)
{
	struct timespec ts = {us / 1000000, us % 1000000 * 1000};

	(void)nanosleep(&ts, NULL);
}

void fault_stop(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vfprintf(stderr, format, args);
	va_end(args);
	(void)fputc('\n', stderr);
	_exit(3);
}

int fault_end(const struct fault *f, bool good, bool twin_failed, const char *figures, ...)
{
	va_list args;

	(void)printf("fault %s: ", f->number);
	va_start(args, figures);
	(void)vprintf(figures, args);
	va_end(args);
	(void)printf(", twin %s\n", twin_failed ? "failed" : "DID NOT FAIL");
	return good && twin_failed ? 0 : 1;
}

int fault_skip(const struct fault *f, const char *why)
{
	(void)printf("fault %s: not tried, %s\n", f->number, why);
	return 77;
}

void fault_folder(char out[FAULT_DIR_SIZE])
{
	(void)snprintf(out, FAULT_DIR_SIZE, "/tmp/yizhan-XXXXXX");
	if (!mkdtemp(out))
		fault_stop("no temporary folder");
}

static int remove_one(const char *path, const struct stat *sb, int flag, struct FTW *ftw)
{
	(void)sb;
	(void)flag;
	(void)ftw;
	return remove(path);
}

void fault_remove(const char *dir)
{
	(void)nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

void fault_copy(const char *from, const char *to)
{
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0660);
	ssize_t n = 1;

	if (in < 0 || out < 0)
		fault_stop("cannot copy %s to %s", from, to);
	while (n > 0)
		n = copy_file_range(in, NULL, out, NULL, 1 << 30, 0);
	if (n < 0)
		fault_stop("cannot copy %s", from);
	(void)close(in);
	(void)close(out);
}
