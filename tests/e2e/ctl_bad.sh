#!/bin/sh
# yizhanctl told wrongly: nothing half made, JSON also when it fails, an answer that cannot be written.
set -u
ctl=${YZ_BUILDDIR:?}/yizhanctl
data=${YZ_SRCDIR:?}/data
dir=$(mktemp -d /tmp/yizhan-XXXXXX) || exit 99
trap 'rm -rf "$dir"' EXIT
failed=0
export LANG=en_US.UTF-8
unset LC_ALL LC_MESSAGES LANGUAGE

wrong() {
	echo "$*"
	failed=1
}

# expect CODE TEXT ARGS...: the exit code, and a text that standard output must hold.
expect() {
	code=$1 text=$2
	shift 2
	"$ctl" --data "$data" "$@" >"$dir/out" 2>"$dir/err" </dev/null
	got=$?
	[ "$got" -eq "$code" ] || { wrong "$*: exit $got, not $code"; cat "$dir/out" "$dir/err"; }
	grep -qaF -- "$text" "$dir/out" || { wrong "$*: no \"$text\" in:"; cat "$dir/out"; }
}

# An error is one JSON object on standard output, with the file it is about.
expect 2 '"status":"usage"' --json
expect 2 '"status":"usage"' --json nonsense
for command in import user check quote outbox init export; do
	expect 2 '{"ok":false,"status":"usage","reason":' --json $command
	[ "$(wc -l <"$dir/out")" -eq 1 ] || wrong "$command: more than one line of JSON"
done
mkdir "$dir/folder"
expect 3 "this is a folder" --json -c "$dir/folder" doctor
expect 3 "\"detail\":\"$dir/none.conf: the configuration" --json -c "$dir/none.conf" doctor

# What init refuses leaves nothing behind.
long=$(printf '%0200d' 0)
refuse() {
	expect "$@"
	[ ! -e "$dir/half" ] || { wrong "$*: a folder was made"; rm -rf "$dir/half"; }
}
good="--id A --name n --code 530381"
# shellcheck disable=SC2086 # $good is a list of words
{
	refuse 2 '"usage"' --json init "$dir/half" $good --colour red
	refuse 2 '"usage"' --json init "$dir/half" $good --phone
	refuse 3 '"range"' --json init "$dir/half" --id A --code 530381 --name "$long"
	refuse 3 '"range"' --json init "$dir/half" --id A --code 530381 --name "$(printf 'a\nb')"
	refuse 3 '"range"' --json init "$dir/half" --id A --code 530381 --name "$(printf '\377')"
	refuse 3 '"range"' --json init "$dir/half" --id A --name n --code 5303811
	refuse 3 '"range"' --json init "$dir/half" --id A --name n --code 530381100000000
	refuse 3 '"range"' --json init "$dir/half" $good --level city
	refuse 3 '"range"' --json init "$dir/half" $good --lang de
	refuse 3 '"range"' --json init "$dir/half" $good --platform "$(printf 'http://x\n[test]')"
	refuse 3 '"range"' --json init "$dir/half" $good --platform ftp://x
	mkdir "$dir/s 站" && echo '# mine' >"$dir/s 站/yizhan.conf"
	expect 3 '"exists"' --json init "$dir/s 站" $good
	grep -q '# mine' "$dir/s 站/yizhan.conf" || wrong "init wrote over a configuration"
	rm "$dir/s 站/yizhan.conf"
	expect 0 '"station":"A"' --json init "$dir/s 站" $good
	for n in 1 2 3 4; do
		"$ctl" --json init "$dir/two" $good >"$dir/init$n" 2>/dev/null &
	done
	wait
	[ "$(grep -l '"ok":true' "$dir"/init? | wc -l)" -eq 1 ] || wrong "one of four inits must win"
}
conf="$dir/s 站/yizhan.conf"

# A file that lost its content is not a new station; a missing one is told with the remedy.
mkdir "$dir/gone"
printf '[station]\ndir = .\n' >"$dir/gone/yizhan.conf"
expect 3 'set one up with yizhanctl init' --json -c "$dir/gone/yizhan.conf" doctor
: >"$dir/gone/station.db"
expect 3 '"status":"corrupt"' --json -c "$dir/gone/yizhan.conf" user list
[ ! -s "$dir/gone/station.db" ] || wrong "an empty file became a station"

# Clerks: a cut or broken name would be another clerk.
user() {
	code=$1
	shift
	echo 739105 | "$ctl" -c "$conf" user add "$@" >/dev/null 2>&1
	got=$?
	[ "$got" -eq "$code" ] || wrong "user add $*: exit $got, not $code"
}
user 3 "aa$long" --name X
user 3 ab --name "$(printf 'a\nb')"
user 3 ab --name "$(printf '\377')"
user 3 ab --name ' '
user 2 ab --nmae X
user 2 ab --name
user 0 ab --name 王秀英

# Files: a NUL hides the rest; a number range of no courier would never be used.
expect 0 '"rows"' --json -c "$conf" import couriers "$data/couriers.csv"
head='courier,first,last,check'
printf '%s\nZTO,100,200,none\n\0ZTO,300,400,none\n' "$head" >"$dir/n.csv"
expect 3 'n.csv:3: a NUL byte' --json -c "$conf" import numbers "$dir/n.csv"
printf '%s\nZTOO,100,200,none\n' "$head" >"$dir/n.csv"
expect 3 'n.csv:2: courier: not one of' --json -c "$conf" import numbers "$dir/n.csv"
printf '%s\nSF,100,200,none\n' "$head" >"$dir/n.csv"
expect 3 'n.csv:2: courier: its numbers do not' --json -c "$conf" import numbers "$dir/n.csv"
expect 3 'no header row' --json quote --to 53 --weight-g 5 --tariff /dev/null
expect 0 '"kind":"couriers","csv":"' --json -c "$conf" export couriers
expect 1 '"ok":false' --json check phone -- -5

# An answer that does not get out is not given; a device stays a device.
for command in '--help' 'check phone 13812345678' 'address --json abc' 'outbox list --json'; do
	# shellcheck disable=SC2086 # $command is a list of words
	"$ctl" -c "$conf" $command >/dev/full 2>/dev/null
	got=$?
	[ "$got" -eq 3 ] || wrong "$command to a full disk: exit $got, not 3"
done
mkfifo "$dir/pipe"
cat "$dir/pipe" >"$dir/copy" &
timeout 20 "$ctl" -c "$conf" export couriers -o "$dir/pipe" || wrong "export into a pipe failed"
[ -p "$dir/pipe" ] || { wrong "the pipe was replaced"; kill %1; }
wait
cmp -s "$dir/copy" "$data/couriers.csv" || wrong "the pipe got something else"
exit $failed
