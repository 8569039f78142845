/* Runs a fuzz target over its corpus as an ordinary test: the folder of the program's own name, or
 * the files given. */
#include "config.h"

#include "base/file.h"

#include <dirent.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INPUT_BYTES_MAX = 1 << 20 };

__attribute__((weak)) int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int run(const char *path)
{
	struct yz_buf b = YZ_BUF_INIT;
	struct yz_error err = {0};

	if (yz_file_read(&b, path, INPUT_BYTES_MAX, &err) != YZ_OK) {
		(void)fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	(void)LLVMFuzzerTestOneInput((const uint8_t *)yz_buf_str(&b), b.len);
	yz_buf_free(&b);
	return 0;
}

static int run_folder(const char *name)
{
	const char *top = getenv("YZ_SRCDIR"), *fuzz = strstr(name, "fuzz_");
	char path[PATH_MAX];
	int failed = 0, count = 0;
	const struct dirent *e;
	DIR *dir;

	(void)snprintf(path, sizeof(path), "%s/tests/fuzz/corpus/%s", top ? top : ".",
	        fuzz ? fuzz + strlen("fuzz_") : name);
	dir = opendir(path);
	while (dir && (e = readdir(dir))) {
		char file[PATH_MAX + 260];

		if (e->d_name[0] == '.')
			continue;
		(void)snprintf(file, sizeof(file), "%s/%s", path, e->d_name);
		failed |= run(file);
		count++;
	}
	if (dir)
		(void)closedir(dir);
	if (!count)
		(void)fprintf(stderr, "%s: no corpus\n", path);
	return failed || !count;
}

int main(int argc, char **argv)
{
	const char *slash = strrchr(argv[0], '/');
	int failed = 0;

	if (LLVMFuzzerInitialize && LLVMFuzzerInitialize(&argc, &argv))
		return 1;
	if (argc < 2)
		return run_folder(slash ? slash + 1 : argv[0]);
	for (int i = 1; i < argc; i++)
		failed |= run(argv[i]);
	return failed;
}
