#!/bin/bash
# Each lint has a broken twin: a tree with one planted fault that it must find. And a clean tree, in
# which none may find anything. Speaks TAP.
set -u
shopt -s lastpipe # plant counts, also at the end of a pipe
here=$(cd "$(dirname "$0")" && pwd -P)
work=$(mktemp -d /tmp/yizhan-XXXXXX) || exit 3
trap 'rm -rf "$work"' EXIT
n=0

clean_tree() { # clean_tree FOLDER
	mkdir -p "$1"/{base,print,tui,locale}
	printf '/* Sums. */\n#ifndef A_H\n#define A_H\n\n/* Adds. */\nint yz_add(int a, int b);\n\n#endif\n' \
		>"$1/base/a.h"
	printf '#include "config.h"\n\n#include "base/a.h"\n\nint yz_add(int a, int b)\n{\n\treturn a + b;\n}\n' \
		>"$1/base/a.c"
	printf '#!/bin/sh\n# Says hello.\necho hello\n' >"$1/hello"
	printf 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n' >"$1/locale/zh_CN.po"
	: >"$1/locale/POTFILES.in"
	cp "$here/../../.clang-format" "$1"
}

case_of() { # case_of LINT fails|passes WHAT
	local status word=$2
	YZ_SRCDIR=$work/tree "$here/$1.sh" >"$work/log" 2>&1
	status=$?
	n=$((n + 1))
	if [ $status = 77 ]; then
		echo "ok $n - $1 $word $3 # SKIP $(tail -n 1 "$work/log")"
	elif { [ "$word" = fails ] && [ $status = 1 ]; } || { [ "$word" = passes ] && [ $status = 0 ]; }; then
		echo "ok $n - $1 $word $3"
	else
		sed 's/^/# /' "$work/log"
		echo "not ok $n - $1 $word $3"
	fi
}

plant() { # plant LINT FILE WHAT: standard input is appended to FILE of a clean tree
	rm -rf "$work/tree"
	clean_tree "$work/tree"
	mkdir -p "$(dirname "$work/tree/$2")"
	cat >>"$work/tree/$2"
	case_of "$1" fails "on $3"
}

clean_tree "$work/tree"
for lint in banned format headers includes paths po shell sizes text; do
	case_of $lint passes "on a clean tree"
done

echo 'void f(char *s) { strcpy(s, "x"); }' | plant banned base/a.c "a call of strcpy"
echo '/* TO''DO: later */' | plant banned base/a.c "a note that something is not done"
echo 'int   yz_x( void );' | plant format base/a.h "crooked code"
echo '#ifndef B_H' | plant headers base/b.h "a header without a comment"
echo '#include <stdio.h>' | plant headers base/b.c "a source without config.h"
printf '#!/bin/sh\n\n\necho\n' | plant headers tool "a script without a comment"
echo '#include "store/store.h"' | plant includes base/a.c "base that includes store"
echo '#include <curl/curl.h>' | plant includes print/a.c "curl outside net"
echo '#include "print/a.h"' | plant includes tui/a.c "tui that includes print"
echo '#include <sqlite3.h>' | plant includes print/a.c "SQL outside store"
echo '/* see /wo''rk/shared */' | plant paths base/a.c "a path of one machine"
echo 'const char *t = _("Not translated.");' | plant po base/a.c "a sentence without Chinese"
printf '#, fuzzy\nmsgid "a"\nmsgstr "b"\n' | plant po locale/zh_CN.po "a fuzzy sentence"
for format in d s; do # the same sentence with its format kept, then changed
	rm -rf "$work/tree"
	clean_tree "$work/tree"
	echo 'const char *t = _("%d rows");' >>"$work/tree/base/a.c"
	echo base/a.c >"$work/tree/locale/POTFILES.in"
	printf 'msgid "%%d rows"\nmsgstr "%%%s"\n' $format >>"$work/tree/locale/zh_CN.po"
	[ $format = d ] && case_of po passes "on a format that is kept"
	[ $format = s ] && case_of po fails "on a format that differs"
done
printf '#!/bin/sh\n# Broken.\nif true; then\n' | plant shell broken "a script that does not parse"
printf '#!/bin/sh\n# Sloppy.\ncd $1\n' | plant shell sloppy "a script that shellcheck warns about"
yes 'int a;' | head -n 601 | plant sizes base/a.c "a file of 601 lines"
{
	echo 'void f(void)'
	echo '{'
	yes '	a();' | head -n 79
	echo '}'
} | plant sizes base/a.c "a function of 81 lines"
printf '%0101d\n' 0 | plant sizes base/a.c "a line of 101 columns"
printf 'no newline' | plant text notes.md "a file without a newline at its end"
printf 'blank \n' | plant text notes.md "a blank at the end of a line"
printf 'dos\r\n' | plant text notes.md "a carriage return"
printf '\377\n' | plant text notes.md "bytes that are not UTF-8"
echo "1..$n"
