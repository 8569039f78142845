/* _("...") gives the clerk's language. */
#ifndef YZ_TUI_WORDS_H
#define YZ_TUI_WORDS_H

#include <libintl.h>

/* gettext("") is the catalogue's header, never wanted. */
static inline const char *yz_words_get(const char *msgid) __attribute__((format_arg(1)));
static inline const char *yz_words_get(const char *msgid)
{
	return *msgid ? gettext(msgid) : msgid;
}

#define _(s) yz_words_get(s)
#ifndef N_
#define N_(s) s
#endif

#endif
