#!/bin/sh
# A saved row survives SIGKILL; a writer that says "saved" too early is caught (--faults: many rounds).
set -e
cd "${YZ_BUILDDIR:-.}"
tests/fault/kill_store --rounds "${YZ_ROUNDS:-10}"
tests/fault/kill_store --rounds "${YZ_ROUNDS:-10}" --early
