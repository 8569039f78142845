/* Looks for secrets in files, folders and the memory of a running program.
 *   find_secrets NEEDLES PLACE...   PLACE is a file, a folder or pid:N
 * NEEDLES holds a line "NAME TEXT" each. A text is looked for as it is, as UTF-32 (so a form may
 * hold it), and, if it is base64 of 16 bytes or more, as these bytes. Prints "PLACE: NAME (as
 * what)" for each that is found; exit 0 if none is, 1 if one is, 3 if it cannot look. */
#include "config.h"

#include "tests/fault/fault.h"

#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NEEDLES_MAX = 64, TEXT_MAX = 256, RAW_MIN = 16, LITTLE = 1 << 18 };
static const uint64_t mapping_max = 1 << 30; /* the sanitizers' shadow is larger */

struct needle {
	char name[64];
	const char *form;
	unsigned char bytes[4 * TEXT_MAX];
	size_t len;
};

/* nftw takes no pointer of the caller's. */
static struct {
	struct needle all[NEEDLES_MAX];
	size_t count, hits;
	size_t bytes; /* of memory */
} look;

static struct needle *add(const char *name, const char *form)
{
	struct needle *n = &look.all[look.count++];

	if (look.count > NEEDLES_MAX)
		fault_stop("too many secrets");
	(void)snprintf(n->name, sizeof(n->name), "%s", name);
	n->form = form;
	return n;
}

static void add_forms(const char *name, const char *text)
{
	unsigned char raw[TEXT_MAX];
	struct needle *n = add(name, "text");
	size_t len = strlen(text), raw_len = 0;

	memcpy(n->bytes, text, len);
	n->len = len;
	n = add(name, "UTF-32");
	for (size_t i = 0; i < len; i++)
		n->bytes[4 * i] = (unsigned char)text[i];
	n->len = 4 * len;
	if (sodium_base642bin(raw, sizeof(raw), text, len, NULL, &raw_len, NULL,
	            sodium_base64_VARIANT_ORIGINAL) != 0 ||
	        raw_len < RAW_MIN)
		return;
	n = add(name, "bytes");
	memcpy(n->bytes, raw, raw_len);
	n->len = raw_len;
}

static void read_needles(const char *path)
{
	char name[64], text[TEXT_MAX];
	FILE *f = fopen(path, "re");

	if (!f)
		fault_stop("cannot read %s", path);
	while (fscanf(f, "%63s %255s", name, text) == 2)
		add_forms(name, text);
	(void)fclose(f);
	if (!look.count)
		fault_stop("%s names no secret", path);
}

static void look_in(const char *place, const void *bytes, size_t len)
{
	for (size_t i = 0; i < look.count; i++) {
		const struct needle *n = &look.all[i];

		if (!memmem(bytes, len, n->bytes, n->len))
			continue;
		(void)printf("%s: %s (%s)\n", place, n->name, n->form);
		look.hits++;
	}
}

static int look_in_file(const char *path, const struct stat *sb, int type, struct FTW *ftw)
{
	size_t len = (size_t)sb->st_size;
	void *bytes;
	int fd;

	(void)ftw;
	if (type != FTW_F || !S_ISREG(sb->st_mode) || !len)
		return 0;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	bytes = fd < 0 ? MAP_FAILED : mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0);
	if (bytes == MAP_FAILED)
		fault_stop("cannot read %s", path);
	look_in(path, bytes, len);
	(void)munmap(bytes, len);
	(void)close(fd);
	return 0;
}

/* Only the pages that are there: what was never touched holds nothing. */
static void look_in_mapping(const char *place, const int fds[2], uint64_t from, size_t len)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), got = 0;
	char *bytes = malloc(len), where[320];
	uint64_t entry;

	if (!bytes)
		fault_stop("no memory");
	for (uint64_t at = from; at < from + len; at += page)
		if (pread(fds[1], &entry, sizeof(entry), (off_t)(at / page * sizeof(entry))) ==
		                sizeof(entry) &&
		        entry >> 62 && /* in memory or in the swap */
		        pread(fds[0], bytes + got, page, (off_t)at) == (ssize_t)page)
			got += page;
	(void)snprintf(where, sizeof(where), "%s %" PRIx64, place, from);
	look_in(where, bytes, got);
	look.bytes += got;
	free(bytes);
}

static int open_of(const char *pid, const char *name)
{
	char path[64];
	int fd;

	(void)snprintf(path, sizeof(path), "/proc/%s/%s", pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		fault_stop("cannot read %s", path);
	return fd;
}

static void look_in_memory(const char *pid)
{
	const int fds[2] = {open_of(pid, "mem"), open_of(pid, "pagemap")};
	char place[64], line[400], mode[8], name[256];
	size_t before = look.bytes;
	uint64_t from, to;
	FILE *maps = fdopen(open_of(pid, "maps"), "r");

	(void)snprintf(place, sizeof(place), "pid:%s", pid);
	while (maps && fgets(line, sizeof(line), maps)) {
		*name = '\0';
		if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %7s %*s %*s %*s %255s", &from, &to, mode,
		            name) >= 3 &&
		        mode[0] == 'r' && mode[1] == 'w' && strncmp(name, "[v", 2) != 0 &&
		        to - from <= mapping_max)
			look_in_mapping(place, fds, from, (size_t)(to - from));
	}
	if (!maps || look.bytes - before < LITTLE)
		fault_stop("%s has no memory to look at", pid);
	(void)fclose(maps);
	(void)close(fds[0]);
	(void)close(fds[1]);
}

int main(int argc, char **argv)
{
	if (argc < 3)
		fault_stop("usage: find_secrets NEEDLES PLACE...");
	read_needles(argv[1]);
	for (int i = 2; i < argc; i++)
		if (!strncmp(argv[i], "pid:", 4))
			look_in_memory(argv[i] + 4);
		else if (nftw(argv[i], look_in_file, 8, FTW_PHYS) != 0)
			fault_stop("cannot look at %s", argv[i]);
	return look.hits ? 1 : 0;
}
