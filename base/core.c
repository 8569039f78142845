#include "config.h"

#include "base/core.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

void yz_core_forbid(void)
{
	const struct rlimit none = {0, 0};
	int fd = open("/proc/self/coredump_filter", O_WRONLY | O_CLOEXEC);

	(void)setrlimit(RLIMIT_CORE, &none);
	if (fd < 0)
		return; /* no /proc: the limit has to do */
	if (write(fd, "0", 1) != 1) {
		/* as above */
	}
	(void)close(fd);
}
