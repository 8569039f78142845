#include "config.h"

#include "tests/fault/disk.h"

#include "tests/fault/fault.h"

#include <errno.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

const char *disk_prepare(void)
{
	const char *was = getenv("PATH");
	char path[4096];

	if (geteuid() != 0)
		return "only root may mount";
	if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
		return "no mount namespace of one's own";
	(void)snprintf(path, sizeof(path), "%s:/usr/sbin:/sbin", was ? was : "/usr/bin:/bin");
	(void)setenv("PATH", path, 1);
	return NULL;
}

bool disk_run(const char *format, ...)
{
	char command[400];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(command, sizeof(command), format, args);
	va_end(args);
	return system(command) == 0;
}

bool disk_put(const char *dir, const char *mount_command)
{
	char aside[FAULT_DIR_SIZE];
	bool mounted;

	fault_folder(aside);
	if (!disk_run("cp -a %s/. %s/", dir, aside))
		fault_stop("cannot copy %s", dir);
	mounted = disk_run("%s", mount_command);
	if (mounted && !disk_run("cp -a %s/. %s/ && sync -f %s", aside, dir, dir))
		fault_stop("%s does not fit", dir);
	fault_remove(aside);
	return mounted;
}

void disk_unmount(const char *dir)
{
	for (int i = 0; umount(dir) != 0; i++)
		if (errno != EBUSY || i == 1000)
			fault_stop("umount %s: %s", dir, strerror(errno));
		else
			fault_nap_us(10000);
}
