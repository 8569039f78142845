/* A filled paper and what to ask it, for the tests of print/. */
#ifndef YZ_TESTS_UNIT_PAPER_FIXTURE_H
#define YZ_TESTS_UNIT_PAPER_FIXTURE_H

#include "base/fields.h"
#include "print/paint.h"
#include "print/render.h"

/* The fields of an ordinary booking, enough for every paper; the caller frees them. */
struct yz_fields test_paper_fields(void);

/* Path of a paper of ours by its bare name; returns out. */
const char *test_paper_path(char *out, size_t size, const char *name);

/* Renders a paper and fails the test if that fails. */
void test_paper_render(const char *name, const struct yz_fields *f, const char *as,
        struct yz_buf *out, struct yz_page *page);

/* Black dots. */
size_t test_ink(const struct yz_bitmap *b);

#endif
