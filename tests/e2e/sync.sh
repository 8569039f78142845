#!/bin/sh
# yizhan-sync and the stand-in platform as real processes: tests/e2e/test_sync.c.
exec "${YZ_BUILDDIR:-build}/tests/e2e/test_sync"
