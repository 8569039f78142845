#!/bin/sh
# Text files are UTF-8, end in one newline, have no blanks at line ends and no carriage returns.
. "$(dirname "$0")/common"

list=$(mktemp "${TMPDIR:-/tmp}/yizhan-lint-XXXXXX") || exit 3
trap 'rm -f "$found" "$list"' EXIT
text_files | while read -r f; do [ ! -s "$f" ] || echo "$f"; done >"$list"
[ -s "$list" ] || exit 0

LC_ALL=C.UTF-8 xargs grep -axvn '.*' /dev/null <"$list" | sed 's/^\([^:]*:[0-9]*\):.*/\1: not UTF-8/' >"$found"
cr=$(printf '\r')
xargs grep -n '[ 	]$' /dev/null <"$list" | sed 's/^\([^:]*:[0-9]*\):.*/\1: blanks at the end of the line/' \
	>>"$found"
xargs grep -n "$cr\$" /dev/null <"$list" | sed 's/^\([^:]*:[0-9]*\):.*/\1: carriage return/' >>"$found"
# all last bytes at once; only if one is no newline is it worth asking whose
if [ "$(xargs tail -qc 1 <"$list" | wc -c)" != "$(xargs tail -qc 1 <"$list" | wc -l)" ]; then
	while read -r f; do
		[ -z "$(tail -c 1 "$f")" ] || echo "$f: no newline at the end"
	done <"$list" >>"$found"
fi
verdict
