#!/bin/sh
# Files of at most 600 lines, functions of at most 80, lines of at most 100 columns (a tab goes to
# the next 8).
. "$(dirname "$0")/common"

c_files | xargs -r awk '
	function wrong(line, why) { printf "%s:%d: %s\n", FILENAME, line, why }
	function cols(s,   n, at) {
		gsub(/[\200-\277]/, "", s)
		n = 0
		while ((at = index(s, "\t")) > 0) {
			n += at - 1
			n += 8 - n % 8
			s = substr(s, at + 1)
		}
		return n + length(s)
	}
	FNR == 1 { start = 0 }
	cols($0) > 100 { wrong(FNR, "line of " cols($0) " columns") }
	FNR == 601 { wrong(FNR, "file of more than 600 lines") }
	FILENAME ~ /\.[ch]$/ && /^\{/ { start = FNR }
	FILENAME ~ /\.[ch]$/ && /^\}/ && start {
		if (FNR - start + 1 > 80) wrong(start, "function of " FNR - start + 1 " lines")
		start = 0
	}' >"$found"
verdict
