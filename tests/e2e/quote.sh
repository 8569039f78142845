#!/bin/sh
# yizhanctl quote: prices from the example sheet and from a sheet of one's own, and what it refuses.
set -u
ctl=${YZ_BUILDDIR:?}/yizhanctl
dir=$(mktemp -d /tmp/yizhan-XXXXXX) || exit 99
trap 'rm -rf "$dir"' EXIT
failed=0

# expect CODE TEXT ARGS...: the exit code, and a text that standard output or error must hold.
expect() {
	code=$1 text=$2
	shift 2
	LC_ALL=en_US.UTF-8 "$ctl" quote "$@" >"$dir/out" 2>&1
	got=$?
	[ "$got" -eq "$code" ] || { echo "quote $*: exit $got, not $code"; failed=1; }
	grep -qF -- "$text" "$dir/out" || { echo "quote $*: no \"$text\" in:"; cat "$dir/out"; failed=1; }
}

cat >"$dir/own.csv" <<'SHEET'
# a station's own sheet
tariff,courier,service,zone,to,product_line,no_ship,first_g,first_fen,step_g,step_fen,max_g,valid_from,valid_until,note
OWN-1,ZTO,s,all,*,,,1000,1000,500,150,30000,2026-01-01,2026-12-31,
OWN-1,ZTO,s,here,5303,,,1000,400,500,50,30000,2026-01-01,2026-12-31,
SHEET
sed 's/30000,2026-01-01,2026-12-31,$/x,2026-01-01,2026-12-31,/' "$dir/own.csv" >"$dir/bad.csv"
own="--tariff $dir/own.csv --date 2026-03-01 --json"

# shellcheck disable=SC2086 # $own is a list of words
{
	expect 0 '[{"courier":"ZTO","service":"s","price_fen":1450,"billed_g":2500,"tariff":"OWN-1","row":3,"why_not":""}]' \
		$own --to 440106 --weight-g 2100
	expect 0 '"price_fen":400,"billed_g":1000,"tariff":"OWN-1","row":4' $own --to 530324102 --weight-g 1
	expect 1 '"price_fen":0,"billed_g":0,"tariff":"OWN-1","row":3,"why_not":"Too heavy: ' \
		$own --to 440106 --weight-g 30001
}
expect 1 '"row":0,"why_not":"No tariff of ' --tariff "$dir/own.csv" --date 2027-01-01 --to 44 --weight-g 1 --json

expect 0 '"courier":"SF"' --to 440106 --weight-g 2500 --json
expect 1 'No place has this division code' --to 530328 --weight-g 10
expect 1 'A division code has 2, 4, 6, 9 or 12 digits' --to 5303x --weight-g 10
expect 1 'The weight must be above 0' --to 53 --weight-g 0
expect 1 'The weight must be above 0' --to 53 --weight-g -5
expect 1 'The weight must be whole grams' --to 53 --weight-g 1.5
expect 1 'A day is written as' --to 53 --weight-g 5 --date 2026-02-30
expect 2 'Use it like this' --to 53
expect 3 'bad.csv:3: max_g: must be a whole number' --to 53 --weight-g 5 --tariff "$dir/bad.csv"
expect 3 "$dir/none.csv" --to 53 --weight-g 5 --tariff "$dir/none.csv"
exit "$failed"
