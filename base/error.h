/* What went wrong, as a value: a status for the caller, an English line for the log.
 *
 * A function that can fail for outside reasons returns enum yz_status (YZ_OK is 0) and takes
 * `struct yz_error *err` last (NULL is fine). The place that sees the fault fills err; everyone
 * above passes it up unchanged. Outputs are written only on YZ_OK. Programming mistakes are
 * asserted. */
#ifndef YZ_BASE_ERROR_H
#define YZ_BASE_ERROR_H

#include <stdbool.h>

#ifndef N_
#define N_(s) s /* marks a msgid for translation where it is only stored */
#endif

/* code, short name for logs and --json, sentence for the clerk (a msgid) */
#define YZ_STATUSES(X)                                                                             \
	X(OK, "ok", N_("Done."))                                                                   \
	X(E_RANGE, "range", N_("The value is outside what is allowed."))                           \
	X(E_PARSE, "parse", N_("The text could not be read."))                                     \
	X(E_NOTFOUND, "not-found", N_("Nothing was found."))                                       \
	X(E_EXISTS, "exists", N_("This is already there."))                                        \
	X(E_STATE, "state", N_("This cannot be done any more."))                                   \
	X(E_DENIED, "denied", N_("You may not do this."))                                          \
	X(E_BUSY, "busy", N_("Another clerk is saving. Please try again."))                        \
	X(E_FULL, "disk-full", N_("The disk is full. Tell the station owner; nothing was saved.")) \
	X(E_IO, "io", N_("The disk could not be read or written; nothing was saved."))             \
	X(E_CORRUPT, "corrupt", N_("The database is damaged. Stop and call the station owner."))   \
	X(E_VERSION, "version", N_("The database is newer than this program. Upgrade yizhan."))    \
	X(E_CONFIG, "config", N_("The configuration is wrong."))                                   \
	X(E_NET, "net", N_("The line is down."))                                                   \
	X(E_PRINT, "print", N_("The printer did not take the job."))                               \
	X(E_GLYPH, "glyph", N_("No font has one of the characters."))                              \
	X(E_EMPTY, "empty", N_("The numbers are used up."))

#define X(id, name, say) YZ_##id,
enum yz_status { YZ_STATUSES(X) YZ_STATUS_COUNT };
#undef X

enum { YZ_ERROR_TEXT_MAX = 320 };

struct yz_error {
	enum yz_status status;
	char field[32];  /* name of the field at fault ("receiver.phone"), or "" */
	const char *say; /* msgid for the clerk when more exact than the status; static, or NULL */
	char text[YZ_ERROR_TEXT_MAX]; /* English, for the log; never personal data */
};

/* Fills err (NULL is fine) and returns st, so that `return yz_fail(...)` reads well. */
enum yz_status yz_fail(struct yz_error *err, enum yz_status st, const char *fmt, ...)
        __attribute__((format(printf, 3, 4)));

/* As yz_fail, for one field of a form: say is a static msgid that tells the clerk what is wanted.
 */
enum yz_status yz_fail_field(
        struct yz_error *err, enum yz_status st, const char *field, const char *say);

/* As yz_fail, with a sentence for the clerk (a static msgid) that is more exact than the status's.
 */
enum yz_status yz_fail_say(struct yz_error *err, enum yz_status st, const char *say,
        const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* The short name ("disk-full") and the clerk's sentence (a msgid) of a status; static, never NULL.
 */
const char *yz_status_name(enum yz_status st);
const char *yz_status_say(enum yz_status st);

/* The msgid to show for err: err->say if set, else the sentence of its status. */
const char *yz_error_say(const struct yz_error *err);

/* Exit code of a program that ends with st: 0, 1 (the answer is no), 2, 3 (cannot) or 75 (try
 * again). */
int yz_status_exit(enum yz_status st);

#endif
