/* Whole files, read and written in one go. All calls block on the disk. */
#ifndef YZ_BASE_FILE_H
#define YZ_BASE_FILE_H

#include "base/buf.h"
#include "base/error.h"

#include <stdbool.h>

/* Reads path ("-" is standard input) to the end, at most max_bytes; out is cleared first.
 * Errors: YZ_E_NOTFOUND, YZ_E_RANGE (longer than max_bytes), YZ_E_IO. */
enum yz_status yz_file_read(
        struct yz_buf *out, const char *path, size_t max_bytes, struct yz_error *err);

/* As yz_file_read, for text: a NUL would hide what stands behind it, so it is YZ_E_PARSE. out->data
 * is never NULL. */
enum yz_status yz_file_read_text(
        struct yz_buf *out, const char *path, size_t max_bytes, struct yz_error *err);

/* Writes path through a temporary file beside it, fsync, rename and fsync of the folder: the old
 * content or the new, never half. mode as in open(). "-" is standard output; a device or a
 * pipe is written to as it is. Errors: YZ_E_IO, YZ_E_FULL. */
enum yz_status yz_file_write(
        const char *path, const void *bytes, size_t len, unsigned mode, struct yz_error *err);

/* The same for a file that must not be there yet: YZ_E_EXISTS if it is, also when another process
 * makes it at the same moment. For keys, which nothing may write over. */
enum yz_status yz_file_create(
        const char *path, const void *bytes, size_t len, unsigned mode, struct yz_error *err);

/* Has a file, or a folder's names, reach the disk; the second takes the folder that path lies in.
 * Errors: YZ_E_IO, YZ_E_FULL. */
enum yz_status yz_file_sync(const char *path, struct yz_error *err);
enum yz_status yz_file_sync_folder(const char *path, struct yz_error *err);

bool yz_file_exists(const char *path);

#endif
