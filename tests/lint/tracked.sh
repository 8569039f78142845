#!/bin/sh
# Nothing that a build makes is held by git.
. "$(dirname "$0")/common"
command -v git >/dev/null && git -c safe.directory='*' rev-parse --is-inside-work-tree >/dev/null 2>&1 ||
	{ echo "this is not a git work tree, or git is not installed"; exit 77; }

git -c safe.directory='*' ls-files | grep -E \
	'(^|/)(configure|aclocal\.m4|Makefile\.in|config\.h(\.in)?|autom4te\.cache|\.deps)(/|$)|\.(o|a|mo|gcda|gcno|log|trs|pyc|orig|rej)$|^build(-aux)?/' |
	sed 's/$/: is made by the build/' >"$found"
verdict
