#!/bin/bash
# numbers.sh: a station gets leases where it bought no range, gives them back, asks again, and tells
# what the platform sends, all by yizhanctl and yizhan-sync.
set -u
top=${YZ_SRCDIR:-$(cd "$(dirname "$0")/../.." && pwd -P)}
built=${YZ_BUILDDIR:-$top/build}
# shellcheck source=tests/fixtures/trial.sh
. "$top/tests/fixtures/trial.sh"
ctl() { LC_ALL=en_US.UTF-8 "$built/yizhanctl" -c "$conf" "$@"; }

# expect CODE TEXT ARGS...: the exit code, and a text that standard output or error must hold.
expect() {
	local code=$1 text=$2 got
	shift 2
	ctl "$@" >"$run/out" 2>&1
	got=$?
	[ "$got" = "$code" ] || fail "$*: exit $got, not $code"
	grep -qF -- "$text" "$run/out" || fail "$*: no \"$text\""
}
lacks() { # lacks TEXT: the last output does not hold it
	! grep -qF -- "$1" "$run/out" || fail "\"$1\" is there"
}
post() { # post PATH JSON: to the side door
	exec 7<>"/dev/tcp/127.0.0.1/$(cat "$run/port")" || return
	printf 'POST %s HTTP/1.0\r\nContent-Length: %d\r\n\r\n%s' "$1" "$(printf %s "$2" | wc -c)" "$2" >&7
	grep -q ' 204' <&7 || fail "$1 was not taken"
	exec 7>&-
}
once() { # it may be put off some times on a busy machine
	local i
	for i in 1 2 3 4 5; do
		"$built/yizhan-sync" -c "$conf" --once 2>>"$run/log/once" && return
	done
	fail "yizhan-sync --once does not come to an end ($i times)"
}

: >"${run:=$state}/out"
station_open && platform_up && station_set_up 3 >"$run/log/set-up" || fail "the station did not start"
grep -q 'EMS' "$top/data/tariff-example.csv" || fail "the example tariff knows no EMS"

once
expect 0 'EMS: 1000 numbers left' numbers list
expect 0 'ZTO    bought' numbers list
lacks 'ZTO    leased'
expect 0 '"source":"lease"' --json numbers list
expect 3 'no leased numbers' numbers return ZTO
expect 0 '2 leases go back, 1000 numbers are burned here' numbers return EMS
expect 0 'ZTO' numbers list
lacks EMS
once
platform_get /test/leases >"$run/out" || fail "the platform is gone"
grep -q '"courier":"EMS","lo":1000,"hi":1499,"used_to":999' "$run/out" || fail "the return is not told"
once
expect 0 'ZTO' numbers list
lacks 'EMS    leased'
expect 3 'do not come from a range' numbers lease SF
expect 0 'are asked for' numbers lease EMS
expect 3 'already' numbers lease EMS
once
expect 0 'EMS    leased' numbers list
expect 2 numbers numbers give

post /test/changes '{"stream":"notices","item":{"id":"n7","version":1,"op":"put",
	"data":{"title":"春节停运通知","text":"2月15日至20日停收。"}}}'
post /test/changes '{"stream":"tariffs","item":{"id":"T9","version":1,"op":"put","data":{"text":"no sheet"}}}'
once
ctl doctor >"$run/out" 2>&1
grep -qF '1 notice is not read' "$run/out" || fail "doctor does not know the notice"
grep -qF 'tariffs: T9' "$run/out" || fail "doctor does not tell the sheet that was kept out"
expect 0 '春节停运通知' notices --read
expect 0 '2月15日至20日停收' notices
lacks '* '
expect 0 '"read":true' --json notices
