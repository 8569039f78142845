#!/bin/sh
# C code is as clang-format 14 lays it out.
. "$(dirname "$0")/common"
command -v clang-format >/dev/null || { echo "clang-format is not installed (./check --all installs it)"; exit 77; }
case $(clang-format --version) in
*"version 14."*) ;;
*) echo "clang-format is not version 14"; exit 77 ;;
esac

c_files | xargs -r clang-format --dry-run 2>&1 | grep 'warning:' | sed 's/ warning:.*/ not as clang-format has it/' |
	sort -u >"$found"
verdict
