/* Doorbells: empty datagrams to a Unix socket that wake another program's poll(). A lost ring costs
 * one poll period. */
#ifndef YZ_BASE_BELL_H
#define YZ_BASE_BELL_H

#include "base/error.h"

/* Binds the doorbell at path (mode 0660, replacing a dead one); *fd is non-blocking and closes on
 * exec. Errors: YZ_E_IO, YZ_E_RANGE (a socket path ends at 107 bytes). */
enum yz_status yz_bell_open(const char *path, int *fd, struct yz_error *err);

/* Reads away all rings. */
void yz_bell_drain(int fd);

/* Closes and unlinks. fd below 0 is fine. */
void yz_bell_close(int fd, const char *path);

/* Rings one doorbell; never blocks, never fails: nobody at home is fine. */
void yz_bell_ring(const char *path);

/* Rings every doorbell in a folder and unlinks those whose owner is gone. */
void yz_bell_ring_all(const char *dir);

#endif
