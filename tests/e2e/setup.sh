#!/bin/sh
# yizhanctl init, import, user, doctor, export, outbox: a station from nothing, and what bad input is told.
set -u
ctl=${YZ_BUILDDIR:?}/yizhanctl
data=${YZ_SRCDIR:?}/data
dir=$(mktemp -d /tmp/yizhan-XXXXXX) || exit 99
trap 'rm -rf "$dir"' EXIT
failed=0
export LC_ALL=en_US.UTF-8

# expect CODE TEXT ARGS...: the exit code, and a text that standard output or error must hold.
expect() {
	code=$1 text=$2
	shift 2
	"$ctl" -c "$dir/s/yizhan.conf" --data "$data" "$@" >"$dir/out" 2>&1 </dev/null
	got=$?
	[ "$got" -eq "$code" ] || { echo "$*: exit $got, not $code"; cat "$dir/out"; failed=1; }
	grep -qF -- "$text" "$dir/out" || { echo "$*: no \"$text\" in:"; cat "$dir/out"; failed=1; }
}

expect 3 'yizhanctl init' doctor
expect 2 'Use it like this' init
expect 3 'number: 1 to 16' init "$dir/s" --id 'a b' --name n --code 530381
expect 0 '"station":"QJ1"' --json init "$dir/s" --id QJ1 --name 站 --code 530381100
expect 3 'already' init "$dir/s" --id QJ2 --name 站 --code 530381100
[ "$(stat -c %a "$dir/s/station.db")" = 660 ] || { echo "station.db is not 0660"; failed=1; }

for folder in s s/run s/run/ui; do
	[ "$(stat -c %a "$dir/$folder")" = 2770 ] || { echo "$folder is not 2770"; failed=1; }
done

for kind in divisions divisions-old reporting-units couriers units prohibited catalogue; do
	expect 0 'rows taken' import $kind "$data/$kind.csv"
done
expect 0 '"kind":"tariff"' --json import tariff "$data/tariff-example.csv"
expect 2 'catalogue' import nonsense "$data/units.csv"

# A bad row is told with its line, and nothing of the file is kept: the old one stays.
sed '5s/,[0-9]*$/,heavy/' "$data/units.csv" >"$dir/units.csv"
expect 3 'units.csv:5: grams' import units "$dir/units.csv"
expect 0 '075,' export units
grep -q heavy "$dir/out" && { echo "a refused file was kept"; failed=1; }
printf 'courier,first,last,check\nZTO,73100000000001,73100000000500,none\nZTO,73100000000400,73100000000600,none\n' \
	>"$dir/n.csv"
expect 3 'n.csv:3: first, last: overlaps' import numbers "$dir/n.csv"
expect 1 'No courier has waybill numbers' doctor
printf 'courier,first,last,check\nZTO,73100000000001,73100000000500,none\n' >"$dir/n.csv"
expect 0 'numbers: 1 row taken' import numbers "$dir/n.csv"
expect 3 'overlaps' import numbers "$dir/n.csv"

# A PIN comes from standard input; a weak one is refused; it stands nowhere in the database.
echo 123456 | "$ctl" -c "$dir/s/yizhan.conf" user add wang --name 王秀英 2>"$dir/out" && { echo "weak PIN taken"; failed=1; }
expect 1 'ill  clerks' doctor
echo 739105 | "$ctl" -c "$dir/s/yizhan.conf" user add wang --name 王秀英 || { echo "user add failed"; failed=1; }
expect 0 '"login":"wang"' --json user list
if grep -aqF 739105 "$dir/s/station.db"; then echo "the PIN stands in the database"; failed=1; fi

expect 0 'note tariff' doctor
expect 0 'ZTO 500' doctor
expect 0 '"check":"audit","verdict":"ok"' --json doctor
expect 0 '[]' --json outbox list
expect 0 'LPXHJ' export products

# A broken database and a broken configuration are sentences, not crashes.
cp "$dir/s/yizhan.conf" "$dir/conf"
echo 'colour = red' >>"$dir/s/yizhan.conf"
expect 3 '[station] colour is not a key' doctor
cp "$dir/conf" "$dir/s/yizhan.conf"
rm -f "$dir/s/station.db-wal" "$dir/s/station.db-shm"
dd if=/dev/zero of="$dir/s/station.db" bs=512 count=8 conv=notrunc 2>/dev/null
expect 3 'damaged' doctor

# An installed tree that was moved finds what is its own.
mkdir -p "$dir/t/bin" "$dir/t/share/locale" && cp "$ctl" "$dir/t/bin" && cp -r "$data" "$dir/t/share/yizhan"
cp -r "$YZ_BUILDDIR/locale/zh_CN" "$dir/t/share/locale"
(cd / && LC_ALL=C "$dir/t/bin/yizhanctl" address '会泽县金钟街道通宝路12号') >"$dir/out" 2>&1
grep -q '530326003 云南省曲靖市会泽县金钟街道' "$dir/out" && grep -q 区划 "$dir/out" ||
	{ echo "a moved tree does not find its data and words:"; cat "$dir/out"; failed=1; }
exit $failed
