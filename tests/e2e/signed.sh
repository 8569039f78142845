#!/bin/sh
# See tests/e2e/test_signed.c.
exec "${YZ_BUILDDIR:-build}/tests/e2e/test_signed"
