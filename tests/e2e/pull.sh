#!/bin/sh
# Number leases and what the platform hands out, with real processes: tests/e2e/test_pull.c.
exec "${YZ_BUILDDIR:-build}/tests/e2e/test_pull"
