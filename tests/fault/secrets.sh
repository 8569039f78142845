#!/bin/bash
# Test 19: secrets. A day at a station with a certificate, signed requests, a printer and sealed
# backups: a clerk signs in with her PIN, registers a farmer with his identity number, books a
# parcel. Then all that the programs left behind is searched. Identity number, PIN and keys: in the
# database and its log, backups, bundles, program logs, CUPS, arguments, audit, cores, and the memory
# of the programs at work; phones: in all of these but the database and the memory of those that
# show, send and print them. yizhan-sync is what proves who the station is: while it works its token,
# its private key and its signing secret are in its memory, and only there; it leaves no core.
#
# The twin is the same search where one secret was left: it has to find each of them.
set -u
top=${YZ_SRCDIR:-$(cd "$(dirname "$0")/../.." && pwd -P)}
built=${YZ_BUILDDIR:-$top/build}
export YZ_SRCDIR=$top
# shellcheck source=tests/fixtures/trial.sh
. "$top/tests/fixtures/trial.sh"
station_pin=4827159063
id_no=530381197001010017
farmer_phone=13987650142
receiver_phone=13612348875
sampler="" hits=0 missed=0 places=0

# shellcheck disable=SC2317 # called by the trap
leave() {
	[ -z "$sampler" ] || kill "$sampler"
	trial_end
}
trap leave EXIT

# shellcheck disable=SC2317 # called by station_conf
station_url() { echo "https://localhost:$(sed -n 1p "$run/port")"; }
# shellcheck disable=SC2317 # called by station_conf
station_trust() {
	cat <<-END
		ca_file = ../pki/ca.pem
		pins = $(tr -d '\n' <"$state/pki/pins")
		cert_file = cert.pem
		key_file = key.pem
		sign_key_file = ../sign.key
	END
}

# What everybody on the computer can read of everybody's arguments, again and again.
sample_arguments() { # sample_arguments FILE
	while :; do
		cat /proc/[0-9]*/cmdline >>"$1" 2>/dev/null
		sleep 0.03
	done
}

open_the_station() {
	platform_options=(--tls "$state/pki" --enrol-code K7QM-4D2X --sign-key-file "$state/sign.key")
	station_open && platform_up && cups_up && station_set_up 9 >"$run/log/set-up" || return
	ctl owner-key new "$state/owner.key" >>"$run/log/set-up" || return
	ctl outbox key new "$state/centre.key" >"$state/centre.csv" 2>>"$run/log/set-up" || return
	sed -n '2s/^centre/purchase/p' "$state/centre.csv" >>"$state/centre.csv"
	ctl import recipients "$state/centre.csv" >>"$run/log/set-up" || return
	mkdir "$run/work" && cd "$run/work" || return # where cores would fall
	echo K7QM-4D2X | "$built/yizhan-sync" -c "$conf" --enrol >>"$run/log/set-up" 2>&1 || return
	sync_up && print_up
}

name_the_secrets() {
	{
		echo "identity $id_no"
		echo "PIN $station_pin"
		echo "token $(cat "$state/platform.token")"
		echo "signing $(cat "$state/sign.key")"
		echo "private $(sed -n 2p "$run/station/key.pem")"
		echo "owner $(grep -o '[A-Za-z0-9+/]*=*$' "$state/owner.key")"
		echo "centre $(grep -o '[A-Za-z0-9+/]*=*$' "$state/centre.key")"
	} >"$state/secrets"
	grep -Ev '^(token|signing|private) ' "$state/secrets" >"$state/not-of-sync"
	printf 'phone-%s %s\n' farmer "$farmer_phone" receiver "$receiver_phone" >"$state/phones"
	[ "$(wc -l <"$state/secrets")" = 7 ] || fail "not 7 secrets"
}

# In files and not in the environment, which a program keeps.
write_keys() {
	cat >"$state/keys" <<-END
		wait 登录
		field $station_clerk
		field $station_pin
		wait 主菜单
		type NH
		key Ctrl-N
		wait 新农户
		paste 张有福 $farmer_phone 云南省曲靖市宣威市宝山镇虎场村3组12号
		key Enter
		wait 请核对姓名
		key PgDn
		key Up 4
		wait >
		field $id_no
		wait 末四位 0017
		key PgDn
		type y
		wait [x]
		key F2
		wait 已保存: 张有福
		key F12
		wait 今日
		type SJ
		wait 寄件人
		paste 张有福 $farmer_phone 云南省曲靖市宣威市宝山镇虎场村3组12号
		key Enter
		wait 整行已拆好
		paste 王小明 $receiver_phone 浙江省杭州市西湖区古荡街道文二路391号3栋2单元501室
		key Enter
		wait 浙江省杭州市西湖区
		field 会泽洋芋
		key Enter
		field 12斤
		wait 6.0
		key Enter 2
		field 4321
		type 3
		key Enter
		wait 中通快递 标准快递
		key Enter 5
		key Space
		key Enter
		key Space
		key Enter
		key Space
		key F2
		wait 已保存
		key F12
		wait 主菜单
		say the day is done
		deadline 3600000
		wait the end of the world
	END
}

papers() { find "$run/cups/got" -name '*.pwg' -o -name '*.pdf' | wc -l; }
are_printed() { [ "$(papers)" = 2 ]; }
is_sent() { [ "$(sqlite3 -readonly "$run/station/station.db" 'SELECT count(*) FROM outbox WHERE state <> 1')" = 0 ]; }

play_the_day() {
	spawn kiosk "$built/tests/e2e/pty" -w 40000 "$state/keys" "$built/yizhan" -c "$conf"
	wait_for 120 grep -q 'the day is done' "$run/log/kiosk" || fail "the clerk could not work"
	wait_for 60 are_printed || fail "$(papers) papers came out, not 2"
	wait_for 60 is_sent || fail "something was not sent"
	kiosk=$(cat "/proc/$(cat "$run/pid/kiosk")/task/$(cat "$run/pid/kiosk")/children")
	kiosk=${kiosk%% *} print=$(cat "$run/pid/print") sync=$(cat "$run/pid/sync")
	rm "$run/log/kiosk" # the driver's, who shows the screen when the kiosk dies
	mkdir "$state/out"
	cp "$run/station"/station.db* "$state/out" || fail "no copy of database and log"
	ctl backup --to "$state/out/backup" >>"$run/log/ctl" 2>&1 || fail "no backup"
	ctl outbox export "$state/out/day.yzb" >>"$run/log/ctl" 2>&1 || true # nothing waits
	ctl doctor >>"$run/log/ctl" 2>&1
	sqlite3 -readonly "$run/station/station.db" 'SELECT * FROM audit' >"$state/audit"
	[ -s "$state/audit" ] || fail "no audit"
}

# search NEEDLES PLACE...: what is found counts as a hit.
search() {
	local found
	found=$("$built/tests/fault/find_secrets" "$@") && { places=$((places + $# - 1)) && return; }
	[ $? = 1 ] || fail "the search failed"
	echo "$found" >&2
	hits=$((hits + $(wc -l <<<"$found")))
}

# The memory of programs at work. What a sanitizer's own allocator and stacks keep is not the product's:
# there a hit is told, with where it lies, and counts only in a build without.
search_memory() { # search_memory NEEDLES pid:PID...
	local found place
	if ! grep -q __asan_init "$built/yizhan"; then
		search "$@"
		return
	fi
	found=$("$built/tests/fault/find_secrets" "$@") && { places=$((places + $# - 1)) && return; }
	[ $? = 1 ] || fail "the search failed"
	while read -r place _; do
		echo "in a sanitizer's memory: $(tr '\0' ' ' <"/proc/${place#pid:}/cmdline")" >&2
	done <<<"$found"
	echo "$found" >&2
}

# finds NAME NEEDLES PLACE...: the twin; this has to be found.
finds_quietly() { "$built/tests/fault/find_secrets" "${@:2}" | grep -q ": $1 ("; }
finds() {
	finds_quietly "$@" && return
	echo "not found in ${*:3}: $1" >&2
	missed=$((missed + 1))
}

# The key files themselves are where keys are.
files_of_the_station() { find "$run/station/" -type f ! -name key.pem ! -name bundle.key; }

# A core would fall into $run/work. Where a program takes cores instead of the kernel, the limit does
# not count: so there must be nothing of the memory in them.
die() { # die PID
	kill -ABRT "$1"
	wait_for 60 bash -c "! kill -0 $1 2>/dev/null" || fail "it does not die"
}
keeps_no_core() { # keeps_no_core PID
	grep -qE '^Max core file size +0 +0 ' "/proc/$1/limits" && grep -qxE '0+' "/proc/$1/coredump_filter" || {
		echo "$(tr '\0' ' ' <"/proc/$1/cmdline") may leave a core" >&2
		hits=$((hits + 1))
	}
}

look_everywhere() {
	local files pid
	mapfile -t files < <(files_of_the_station)
	search "$state/secrets" "$state/out" "${files[@]}"
	search_memory "$state/secrets" "pid:$kiosk" "pid:$print"
	search_memory "$state/not-of-sync" "pid:$sync"
	finds phone-farmer "$state/phones" "pid:$kiosk" # so its memory is seen
	for pid in $kiosk $print $sync; do
		keeps_no_core "$pid"
		die "$pid"
	done
	for needles in "$state/secrets" "$state/phones"; do
		search "$needles" "$run/log" "$run/arguments" "$state/audit" "$run/work" "$run/cups/log" \
			"$run"/cups/got/*.env "$run"/station/*.log
	done
}

# Places where each was left.
look_at_the_twins() {
	local sampler teller
	finds phone-farmer "$state/phones" "$state/out" # plain in the database by design
	cp -r "$run/log" "$state/log"
	echo "no paper for $farmer_phone" >>"$state/log/print"
	finds phone-farmer "$state/phones" "$state/log"
	sqlite3 "$state/out/station.db" "INSERT INTO meta VALUES('twin', '$id_no')" ||
		fail "the copy of the database cannot be changed"
	finds identity "$state/secrets" "$state/out"
	sample_arguments "$state/arguments" &
	sampler=$!
	bash -c 'exec -a "$0" sleep 600' "$farmer_phone" &
	teller=$!
	wait_for 60 finds_quietly phone-farmer "$state/phones" "$state/arguments"
	kill "$sampler" "$teller"
	finds phone-farmer "$state/phones" "$state/arguments"
	core_of_the_twin
}

core_of_the_twin() {
	# the sanitizers forbid cores too
	ASAN_OPTIONS=${ASAN_OPTIONS:-}:disable_coredump=0 spawn sync "$built/tests/fault/twin_core" -c "$conf"
	sync=$(cat "$run/pid/sync")
	wait_for 60 finds_quietly token "$state/secrets" "pid:$sync" || fail "the twin does not run"
	finds token "$state/secrets" "pid:$sync"
	[[ $(cat /proc/sys/kernel/core_pattern) =~ ^[^/|]*$ ]] || return 0 # cores go elsewhere
	[ "$(ulimit -c)" = unlimited ] || return 0
	die "$sync"
	finds token "$state/secrets" "$run/work"
}

ulimit -c unlimited 2>/dev/null
open_the_station || fail "the station did not start"
name_the_secrets
write_keys
sample_arguments "$run/arguments" &
sampler=$!
play_the_day
kill "$sampler"
sampler=""
look_everywhere
look_at_the_twins
printf 'fault 19: 7 secrets and 2 phones, %d places, %d hits, twin %s\n' "$places" "$hits" \
	"$([ "$missed" = 0 ] && echo failed || echo 'DID NOT FAIL')"
[ "$hits" = 0 ] && [ "$missed" = 0 ]
