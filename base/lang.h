/* Which language the words are in. */
#ifndef YZ_BASE_LANG_H
#define YZ_BASE_LANG_H

/* Forces the locale C.UTF-8 (no zh_CN locale exists on a fresh Debian), chooses the catalogue by
 * wanted ("zh_CN", "en" or "" to ask LC_ALL, LC_MESSAGES and LANG; Chinese where they say C, POSIX
 * or nothing) and opens it: the one beside the build tree if there, else the installed one. Call
 * once, first. Returns "zh_CN" or "en". */
const char *yz_lang_start(const char *wanted);

#endif
