#!/bin/sh
# A saved row survives SIGKILL; a writer that says "saved" too early is caught (--faults: many rounds).
set -e
cd "${YZ_BUILDDIR:-.}"
tests/fault/kill_store --rounds "${YZ_ROUNDS:-10}"
for _ in 1 2 3 4 5; do # a busy machine may never be killed between the word and the disk
	tests/fault/kill_store --rounds "${YZ_ROUNDS:-10}" --early && exit 0
done
exit 1
