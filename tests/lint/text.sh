#!/bin/sh
# Text files are UTF-8, end in one newline, have no blanks at line ends and no carriage returns.
. "$(dirname "$0")/common"

text_files | while read -r f; do
	[ -s "$f" ] || continue
	iconv -f UTF-8 -t UTF-8 "$f" >/dev/null 2>&1 || echo "$f:1: not UTF-8"
	[ -z "$(tail -c 1 "$f")" ] || echo "$f:$(wc -l <"$f"): no newline at the end"
	grep -n '[ 	]$' "$f" | sed "s,^\([0-9]*\):.*,$f:\1: blanks at the end of the line,"
	grep -n "$(printf '\r')\$" "$f" | sed "s,^\([0-9]*\):.*,$f:\1: carriage return,"
done >"$found"
verdict
