#include "config.h"

#include "base/datadir.h"

#include "base/file.h"

#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A folder is the data folder if the divisions are in it. */
static bool has_data(const char *dir)
{
	char probe[PATH_MAX];

	return snprintf(probe, sizeof(probe), "%s/divisions.csv", dir) < (int)sizeof(probe) &&
	       yz_file_exists(probe);
}

enum yz_status yz_datadir_find(const char *option, char *out, size_t size, struct yz_error *err)
{
	char exe[PATH_MAX];
	ssize_t n;

	if (option) {
		if (!has_data(option))
			return yz_fail(err, YZ_E_CONFIG,
			        "%s: no divisions.csv there; give --data the folder that holds it",
			        option);
		(void)snprintf(out, size, "%s", option);
		return YZ_OK;
	}
	n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	if (n > 0) {
		char *dir;

		exe[n] = '\0';
		dir = dirname(exe);
		/* build/yizhanctl lies one folder below the sources, build/asan/yizhanctl two */
		for (int up = 0; up < 3; up++) {
			static const char *const way[] = {"..", "../..", "../../.."};
			char mark[PATH_MAX];

			(void)snprintf(out, size, "%s/%s/data", dir, way[up]);
			(void)snprintf(mark, sizeof(mark), "%.4000s/../configure.ac", out);
			if (has_data(out) && yz_file_exists(mark))
				return YZ_OK;
		}
		/* PREFIX/bin and PREFIX/share/yizhan, wherever the installed tree was moved to */
		(void)snprintf(out, size, "%s/../share/yizhan", dir);
		if (has_data(out))
			return YZ_OK;
	}
	(void)snprintf(out, size, "%s", YZ_DATADIR);
	if (has_data(out))
		return YZ_OK;
	return yz_fail(err, YZ_E_CONFIG,
	        "no reference data beside the program nor in %s: give --data DIR", YZ_DATADIR);
}
