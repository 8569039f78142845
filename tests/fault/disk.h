/* Disks of a test's own, in a mount namespace of its own: nothing that others see is mounted, and
 * all goes with the program. Root only. */
#ifndef YZ_TESTS_FAULT_DISK_H
#define YZ_TESTS_FAULT_DISK_H

#include <stdbool.h>

/* Enters the namespace, before anything is mounted. NULL, or why it cannot be tried here. */
const char *disk_prepare(void);
/* Runs a shell command; true if it ended with 0. */
bool disk_run(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Runs the command, which mounts something on dir, and puts what was in dir there. False if it
 * cannot be mounted. */
bool disk_put(const char *dir, const char *mount_command);
void disk_unmount(const char *dir);

#endif
