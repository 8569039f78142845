#!/bin/sh
# Who the platform is and who we are, on real TLS: tests/e2e/test_tls.c.
exec "${YZ_BUILDDIR:-build}/tests/e2e/test_tls"
