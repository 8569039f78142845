#!/bin/sh
# Each sentence of the programs has its Chinese: none missing, none fuzzy, formats equal, POTFILES
# complete.
. "$(dirname "$0")/common"
sources=$(c_files | grep -E '^(base|store|station|net|print|tui|ctl)/')
[ -n "$sources" ] || exit 0
command -v xgettext >/dev/null || { echo "gettext is not installed"; exit 77; }

pot=$(mktemp "${TMPDIR:-/tmp}/yizhan-lint-XXXXXX") || exit 3
trap 'rm -f "$found" "$pot"' EXIT
# shellcheck disable=SC2086 # a list of words
xgettext --from-code=UTF-8 --language=C -k -k_ -kN_ -kgettext -kngettext:1,2 -kP_:1c,2 --force-po \
	-o "$pot" $sources || exit 3
sed -i 's/charset=CHARSET/charset=UTF-8/' "$pot"

if [ -f locale/zh_CN.po ]; then
	msgfmt --check-format -o /dev/null locale/zh_CN.po 2>>"$found"
	msgattrib --only-fuzzy locale/zh_CN.po |
		sed -n 's/^msgid \(".\+"\)/locale\/zh_CN.po: fuzzy: \1/p' >>"$found"
	# what is a format is known from the sources; merged with them, one that differs turns fuzzy
	msgmerge -q --no-fuzzy-matching locale/zh_CN.po "$pot" 2>>"$found" | msgattrib --only-fuzzy |
		sed -n 's/^msgid \(".\+"\)/locale\/zh_CN.po: its format differs: \1/p' >>"$found"
	msgcmp locale/zh_CN.po "$pot" 2>&1 | grep -v 'warning: this message is not used' |
		grep -v '^msgcmp: found' >>"$found"
elif grep -q '^msgid "..*"' "$pot"; then
	echo "locale/zh_CN.po: missing" >>"$found"
fi
if [ -f locale/POTFILES.in ]; then
	# shellcheck disable=SC2086 # a list of words
	grep -lE '(^|[^A-Za-z0-9_])(N?_|n?gettext)\("' $sources | sort | while read -r f; do
		grep -qx "$f" locale/POTFILES.in || echo "locale/POTFILES.in: $f is not in it"
	done >>"$found"
	grep -v '^#' locale/POTFILES.in | grep . | while read -r f; do
		[ -f "$f" ] || echo "locale/POTFILES.in: $f does not exist"
	done >>"$found"
fi
verdict
