/* Private to store/: the station's write lock, an open-file-description lock that the kernel frees
 * when its holder dies. */
#ifndef YZ_STORE_LOCK_H
#define YZ_STORE_LOCK_H

#include "base/error.h"

/* Waits at most wait_ms for the whole file; waiters queue in the kernel, so none starves.
 * Errors: YZ_E_BUSY, YZ_E_IO. Uses the signal SIGRTMAX to end the wait. */
enum yz_status yz_lock_take(int fd, int wait_ms, struct yz_error *err);
void yz_lock_release(int fd);

/* The lock of use.lock: shared by everyone who has the database open, alone for who replaces it.
 * Neither waits. Errors: YZ_E_BUSY, YZ_E_IO. */
enum yz_status yz_lock_share(int fd, struct yz_error *err);
enum yz_status yz_lock_alone(int fd, struct yz_error *err);

#endif
