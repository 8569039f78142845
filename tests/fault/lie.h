/* Answers that look like a yes to a batch and are none. Test programs only. */
#ifndef YZ_TESTS_LIE_H
#define YZ_TESTS_LIE_H

#include "tests/fault/line.h"

#ifdef __SANITIZE_ADDRESS__
#define LIE_IGNORES_RSS true /* the sanitizer keeps freed memory */
#else
#define LIE_IGNORES_RSS false
#endif

const char *lie_name(int lie); /* NULL behind the last */
bool lie_is_slow(int lie);     /* holds a sender for half a minute or more */
line_liar lie_tell;

#endif
