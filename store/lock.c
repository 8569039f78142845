#include "config.h"

#include "store/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid /* glibc has the field without its name */
#endif

enum { WAKE_MS = 50 };

static void woken(int signo)
{
	(void)signo;
}

static int64_t mono_ms(void)
{
	struct timespec ts = {0};

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static struct flock whole(short type)
{
	struct flock lock = {0};

	lock.l_type = type;
	lock.l_whence = SEEK_SET;
	return lock;
}

/* A timer that interrupts this thread's fcntl again and again, so that a wake-up just before the
 * wait is not the last. The handler stays: taking it away could kill a thread that waits on another
 * store. */
static bool wake_me(timer_t *timer)
{
	struct sigaction act = {.sa_handler = woken}; /* no SA_RESTART */
	struct sigevent ev = {.sigev_notify = SIGEV_THREAD_ID};
	struct itimerspec every = {{0, WAKE_MS * 1000000L}, {0, WAKE_MS * 1000000L}};
	sigset_t set;

	ev.sigev_signo = SIGRTMAX;
	ev.sigev_notify_thread_id = gettid();
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGRTMAX);
	if (sigaction(SIGRTMAX, &act, NULL) != 0 || pthread_sigmask(SIG_UNBLOCK, &set, NULL) != 0 ||
	        timer_create(CLOCK_MONOTONIC, &ev, timer) != 0)
		return false;
	(void)timer_settime(*timer, 0, &every, NULL);
	return true;
}

enum yz_status yz_lock_take(int fd, int wait_ms, struct yz_error *err)
{
	int64_t deadline = mono_ms() + wait_ms;
	struct flock lock = whole(F_WRLCK);
	timer_t timer;
	int rc;

	if (fcntl(fd, F_OFD_SETLK, &lock) == 0)
		return YZ_OK;
	if ((errno != EAGAIN && errno != EACCES) || !wake_me(&timer))
		return yz_fail(err, YZ_E_IO, "write.lock: %s", strerror(errno));
	do
		rc = fcntl(fd, F_OFD_SETLKW, &lock);
	while (rc != 0 && errno == EINTR && mono_ms() < deadline);
	(void)timer_delete(timer);
	if (rc == 0)
		return YZ_OK;
	return errno == EINTR
	               ? yz_fail(err, YZ_E_BUSY, "write.lock: held by another for %d ms", wait_ms)
	               : yz_fail(err, YZ_E_IO, "write.lock: %s", strerror(errno));
}

void yz_lock_release(int fd)
{
	struct flock lock = whole(F_UNLCK);

	(void)fcntl(fd, F_OFD_SETLK,
	        &lock); /* the kernel frees it at the latest when the file is closed */
}

static enum yz_status use(int fd, short type, struct yz_error *err)
{
	struct flock lock = whole(type);

	if (fcntl(fd, F_OFD_SETLK, &lock) == 0)
		return YZ_OK;
	return yz_fail(err, errno == EAGAIN || errno == EACCES ? YZ_E_BUSY : YZ_E_IO,
	        "use.lock: %s", strerror(errno));
}

enum yz_status yz_lock_share(int fd, struct yz_error *err)
{
	return use(fd, F_RDLCK, err);
}

enum yz_status yz_lock_alone(int fd, struct yz_error *err)
{
	return use(fd, F_WRLCK, err);
}
