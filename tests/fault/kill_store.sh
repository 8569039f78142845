#!/bin/bash
# A saved row survives SIGKILL; a writer that says "saved" too early is caught (--faults: many rounds).
set -eu
cd "${YZ_BUILDDIR:-.}"
rounds=${YZ_ROUNDS:-10}
figures=$(tests/fault/kill_store --rounds "$rounds")
echo "$figures"
for _ in 1 2 3 4 5; do # a busy machine may never be killed between the word and the disk
	tests/fault/kill_store --rounds 10 --early || continue
	echo "$figures" | sed 's/^kill_store: \(.*\): as it must be$/fault 01: \1, twin failed/'
	exit 0
done
exit 1
