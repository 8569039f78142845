#!/bin/sh
# See tests/e2e/test_enrol.c.
exec "${YZ_BUILDDIR:-build}/tests/e2e/test_enrol"
