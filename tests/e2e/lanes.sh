#!/bin/sh
# yizhan-sync over four lanes and the stand-in platform: tests/e2e/test_lanes.c.
exec "${YZ_BUILDDIR:-build}/tests/e2e/test_lanes"
