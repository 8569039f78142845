#!/bin/sh
# Calls that overflow, guess or start a shell, and notes that something is not done yet.
. "$(dirname "$0")/common"

c_files | xargs -r awk '
	BEGIN {
		overflow = "strcpy|strcat|sprintf|vsprintf|stpcpy|atoi|atol|atoll|atof|strtok|gets"
		overflow = overflow "|tmpnam|mktemp|alloca|rand|srand"
		shell = "system|popen" # tests may
	}
	{ code = $0 }
	{ gsub(/"([^"\\]|\\.)*"/, "\"\"", code) } # strings are no calls
	{ sub(/\/\*.*/, "", code); sub(/^[ \t]*\*.*/, "", code) } # nor are comments
	{ pattern = FILENAME ~ /^tests\// ? overflow : overflow "|" shell }
	match(code, "(^|[^A-Za-z0-9_])(" pattern ")[ \t]*\\(") {
		name = substr(code, RSTART, RLENGTH)
		gsub(/[^a-z]/, "", name)
		printf "%s:%d: %s is banned\n", FILENAME, FNR, name
	}' >"$found"
text_files | grep -v '^tests/lint/' | xargs -r grep -nE '(^|[^A-Za-z])(TODO|FIXME|XXX)([^A-Za-z]|$)' /dev/null |
	grep -Ev '^(data|locale)/' | sed 's/$/  <- finish it or leave it out/' >>"$found"
verdict
