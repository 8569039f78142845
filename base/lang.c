#include "config.h"

#include "base/lang.h"

#include <libintl.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *from_environment(void)
{
	static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *v = getenv(names[i]);

		if (v && *v)
			return !strncmp(v, "en", 2) ? "en" : "zh_CN";
	}
	return "zh_CN";
}

/* The catalogue lies in build/locale beside a program that was just built, and in
 * PREFIX/share/locale for one in PREFIX/bin, wherever the installed tree was moved to. */
static void bind_catalogue(void)
{
	static const char *const ways[] = {"locale", "../share/locale"};
	char dir[PATH_MAX], found[PATH_MAX + 32], probe[PATH_MAX + 64];
	ssize_t n = readlink("/proc/self/exe", dir, sizeof(dir) - 1);
	char *slash;

	dir[n > 0 ? n : 0] = '\0';
	slash = strrchr(dir, '/');
	for (size_t i = 0; slash && i < sizeof(ways) / sizeof(ways[0]); i++) {
		slash[1] = '\0';
		(void)snprintf(found, sizeof(found), "%s%s", dir, ways[i]);
		(void)snprintf(probe, sizeof(probe), "%s/zh_CN/LC_MESSAGES/yizhan.mo", found);
		if (access(probe, R_OK) == 0) {
			(void)bindtextdomain("yizhan", found);
			return;
		}
	}
	(void)bindtextdomain("yizhan", YZ_LOCALEDIR);
}

const char *yz_lang_start(const char *wanted)
{
	const char *lang = wanted && *wanted ? (!strncmp(wanted, "en", 2) ? "en" : "zh_CN")
	                                     : from_environment();

	(void)setenv("LC_ALL", "C.UTF-8", 1);
	(void)setlocale(LC_ALL, "C.UTF-8");
	/* gettext looks at LANGUAGE only when the locale is not plain "C", which C.UTF-8 is not */
	(void)setenv("LANGUAGE", lang, 1);
	bind_catalogue();
	(void)bind_textdomain_codeset("yizhan", "UTF-8");
	(void)textdomain("yizhan");
	return lang;
}
