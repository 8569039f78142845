#!/bin/bash
# outage.sh: the platform goes away, a clerk books a parcel at the real kiosk, the label still comes
# out, yizhan-sync is killed, the platform comes back: it then holds the parcel exactly once.
set -u
top=${YZ_SRCDIR:-$(cd "$(dirname "$0")/../.." && pwd -P)}
built=${YZ_BUILDDIR:-$top/build}
# shellcheck source=tests/fixtures/trial.sh
. "$top/tests/fixtures/trial.sh"

papers() { find "$run/cups/got" -name '*.pwg' -o -name '*.pdf' | wc -l; }
are_printed() { [ "$(papers)" = 2 ]; }
is_posted() { [ "$(platform_count "$waybill")" = 1 ]; }

station_open && platform_up && cups_up && station_set_up 9 >"$run/log/set-up" && sync_up && print_up ||
	fail "the station did not start"
platform_down
printf 'wait 登录\nfield %s\nfield %s\nwait 主菜单\nwait 离线\nquit\n' "$station_clerk" "$station_pin" |
	"$built/tests/e2e/pty" -w 90000 - "$built/yizhan" -c "$conf" || fail "the kiosk does not say 离线"

mkdir "$run/screens"
SCREENS=$run/screens LOGIN=$station_clerk PIN=$station_pin COURIER=1 "$built/tests/e2e/pty" -w 30000 \
	"$top/tests/e2e/demo.keys" "$built/yizhan" -c "$conf" >"$run/log/keys" || fail "no booking offline"
waybill=$(sed -n 's/^waybill=//p' "$run/log/keys")
[ -n "$waybill" ] || fail "no waybill number"
printf 'wait 登录\nfield %s\nfield %s\nwait 主菜单\ntype DL\nwait 最早\nkey Enter\nwait 怎么办\nexpect 起离线\nquit\n' \
	"$station_clerk" "$station_pin" | "$built/tests/e2e/pty" -w 30000 - "$built/yizhan" -c "$conf" ||
	fail "the parcel that waits does not say why"
wait_for 60 are_printed || fail "$(papers) papers came out, not 2"

end sync KILL
platform_up || fail "the platform did not come back"
[ "$(platform_count "$waybill")" = 0 ] || fail "the platform knew the parcel before it could"
sync_up || fail "yizhan-sync did not start again"
wait_for 90 is_posted || fail "the platform holds $(platform_count "$waybill") of $waybill, not 1"
sleep 3 # twice the time to post it again, if anything wanted to
is_posted || fail "the platform holds it $(platform_count "$waybill") times"
wait_for 1 are_printed || fail "$(papers) papers, not 2"
