#!/bin/sh
# Each header begins with a comment that says what it is for; each .c of the programs starts with
# config.h;
# each script says what it does.
. "$(dirname "$0")/common"

c_files | xargs -r awk '
	FNR == 1 { first = 0 }
	FNR == 1 && FILENAME ~ /\.h$/ && !/^\/\*/ { print FILENAME ":1: a header begins with a comment on its purpose" }
	FILENAME ~ /^(base|store|station|net|print|tui|ctl)\/.*\.c$/ && !first && /^#/ {
		first = 1
		if ($0 !~ /^#include "config.h"/) print FILENAME ":" FNR ": the first include is config.h"
	}' >"$found"
sh_files | xargs -r awk '
	FNR == 1 { said = 0 }
	FNR <= 3 && /^# / { said = 1 }
	FNR == 3 && !said { print FILENAME ":1: a script begins with a comment on its purpose" }' >>"$found"
verdict
