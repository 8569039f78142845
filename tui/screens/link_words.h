/* What the words of the sending program (meta link.why) mean at the counter: what is wrong, and
 * what to do about it. A word that is not known here still reads well. */
#ifndef YZ_TUI_LINK_WORDS_H
#define YZ_TUI_LINK_WORDS_H

#include <stdbool.h>
#include <stddef.h>

enum { YZ_LINK_SENTENCE_SIZE = 256 };

/* What is wrong, without a full stop ("the platform does not answer"), translated. */
void yz_link_say(const char *why, char *out, size_t size);

/* What the clerk does about it, a sentence, translated; static. */
const char *yz_link_todo(const char *why);

/* The word is one of the table's (for the test that every word has its sentence). */
bool yz_link_is_known(const char *why);

#endif
