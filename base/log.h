/* The log: English lines on standard error ("time level program: text"), kept by the service
 * manager. Never personal data: ids and codes only. */
#ifndef YZ_BASE_LOG_H
#define YZ_BASE_LOG_H

#include "base/error.h"

enum yz_log_level { YZ_LOG_ERROR, YZ_LOG_WARN, YZ_LOG_INFO, YZ_LOG_DEBUG };

/* Names the program and the most talkative level shown. To a file if path is not NULL (the kiosk,
 * whose standard error is the screen): opened for append, mode 0640; on failure the log goes
 * nowhere. */
void yz_log_start(const char *program, enum yz_log_level most, const char *path);

void yz_log(enum yz_log_level level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Logs err as "what: status: text". */
void yz_log_error(const char *what, const struct yz_error *err);

#endif
