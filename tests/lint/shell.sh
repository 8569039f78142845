#!/bin/sh
# Shell scripts parse, and shellcheck has nothing above a note to say.
. "$(dirname "$0")/common"

sh_files | while read -r f; do
	if head -n 8 "$f" | grep -qE '^#!.*bash|shellcheck shell=bash'; then bash -n "$f"; else sh -n "$f"; fi 2>&1
done >"$found"
[ ! -s "$found" ] || verdict
command -v shellcheck >/dev/null || { echo "shellcheck is not installed (./check --all installs it)"; exit 77; }
sh_files | xargs -r shellcheck -S warning -f gcc -x -P SCRIPTDIR >"$found"
verdict
