#include "config.h"

#include "base/bell.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static bool address(const char *path, struct sockaddr_un *a)
{
	memset(a, 0, sizeof(*a));
	a->sun_family = AF_UNIX;
	return snprintf(a->sun_path, sizeof(a->sun_path), "%s", path) < (int)sizeof(a->sun_path);
}

enum yz_status yz_bell_open(const char *path, int *fd, struct yz_error *err)
{
	struct sockaddr_un a;
	int s;

	if (!address(path, &a))
		return yz_fail(err, YZ_E_RANGE, "%s: a socket path may have 107 bytes", path);
	s = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (s < 0)
		return yz_fail(err, YZ_E_IO, "socket: %s", strerror(errno));
	(void)unlink(path);
	if (bind(s, (struct sockaddr *)&a, sizeof(a)) != 0 || chmod(path, 0660) != 0) {
		(void)yz_fail(err, YZ_E_IO, "%s: %s", path, strerror(errno));
		(void)close(s);
		return YZ_E_IO;
	}
	*fd = s;
	return YZ_OK;
}

void yz_bell_drain(int fd)
{
	char b[16];

	while (recv(fd, b, sizeof(b), MSG_DONTWAIT) >= 0)
		;
}

void yz_bell_close(int fd, const char *path)
{
	if (fd < 0)
		return;
	(void)close(fd);
	(void)unlink(path);
}

static bool ring(const char *path)
{
	struct sockaddr_un a;
	bool refused;
	int s;

	if (!address(path, &a))
		return true;
	s = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (s < 0)
		return true;
	refused = sendto(s, "", 1, MSG_DONTWAIT, (struct sockaddr *)&a, sizeof(a)) < 0 &&
	          errno == ECONNREFUSED;
	(void)close(s);
	return !refused;
}

void yz_bell_ring(const char *path)
{
	(void)ring(path);
}

void yz_bell_ring_all(const char *dir)
{
	DIR *d = opendir(dir);

	if (!d)
		return;
	/* cppcheck-suppress readdirCalled ; one thread a program */
	for (struct dirent *e; (e = readdir(d));) {
		char path[PATH_MAX];

		if (e->d_name[0] == '.' ||
		        snprintf(path, sizeof(path), "%s/%s", dir, e->d_name) >= (int)sizeof(path))
			continue;
		if (!ring(path))
			(void)unlink(path);
	}
	(void)closedir(d);
}
