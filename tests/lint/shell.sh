#!/bin/sh
# Shell scripts parse, and shellcheck has nothing above a note to say.
. "$(dirname "$0")/common"

sh_files | while read -r f; do
	case $(head -n 1 "$f") in
	*bash*) bash -n "$f" ;;
	*) [ "$f" = "${f%.sh}" ] && ! head -n 1 "$f" | grep -q '^#!' || sh -n "$f" ;;
	esac 2>&1
done >"$found"
[ ! -s "$found" ] || verdict
command -v shellcheck >/dev/null || { echo "shellcheck is not installed (./check --all installs it)"; exit 77; }
sh_files | xargs -r shellcheck -S warning -f gcc -x -P SCRIPTDIR >"$found"
verdict
