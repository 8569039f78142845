/* _("...") gives the clerk's language. */
#ifndef YZ_TUI_WORDS_H
#define YZ_TUI_WORDS_H

#include <libintl.h>

#define _(s) gettext(s)
#ifndef N_
#define N_(s) s
#endif

#endif
