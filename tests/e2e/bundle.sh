#!/bin/bash
# bundle.sh: a day of 120 bookings goes to the platform by stick, by paper and by the line, all of it
# and in several orders: each operation is there exactly once. A platform without memory must fail
# that. Whatever was changed, cut, mixed up or sealed for another is refused with a sentence.
set -u
top=${YZ_SRCDIR:-$(cd "$(dirname "$0")/../.." && pwd -P)}
built=${YZ_BUILDDIR:-$top/build}
{ export YZ_SRCDIR=$top LC_ALL=en_US.UTF-8; } 2>/dev/null # bash warns where there is no such locale
# shellcheck source=tests/fixtures/trial.sh
. "$top/tests/fixtures/trial.sh"

# expect CODE TEXT ARGS...: the exit code of yizhanctl outbox ARGS, and a text that it must say.
expect() {
	local code=$1 text=$2 got
	shift 2
	"$built/yizhanctl" -c "$conf" outbox "$@" >"$state/out" 2>&1 </dev/null
	got=$?
	[ "$got" -eq "$code" ] || fail "outbox $*: exit $got, not $code"
	grep -qF -- "$text" "$state/out" || fail "outbox $*: no \"$text\""
}

write_conf() {
	printf '[station]\ndir = .\n[platform]\nurl = http://127.0.0.1:%s\ntoken_file = ../platform.token\npoll_s = 1\n' \
		"$(cat "$run/port")" >"$state/station/yizhan.conf"
}

# Another platform, with nothing in it, and the station as it was when the bundle was made.
begin_anew() { # begin_anew [PLATFORM OPTION]
	end platform
	rm -rf "$state"/platform.db* "$state/station" "$run/port"
	cp -a "$state/saved" "$state/station"
	spawn platform "$built/tests/platform/platform" --db "$state/platform.db" \
		--token-file "$state/platform.token" --port-file "$run/port.new" "$@"
	wait_for 30 test -s "$run/port.new" || fail "no platform"
	mv "$run/port.new" "$run/port"
	write_conf
}

sql() { sqlite3 -cmd '.timeout 10000' "$@"; }

# The line carries the operations up to a number; later ones are put off.
line() { # line UP_TO
	sql "$state/station/station.db" "UPDATE outbox SET next_ms = CASE WHEN seq <= $1 THEN 0 ELSE
		strftime('%s', 'now') * 1000 + 12 * 3600000 END WHERE state = 0"
	"$built/yizhan-sync" -c "$conf" --once 2>>"$run/log/sync" || fail "the line failed"
}

stick() { take "$state/day.yzb"; }
paper() { take "$state/scans"; }
take() {
	"$built/yizhanctl" --json outbox import "$1" --key "$state/centre.key" --stations "$state/stations.csv" \
		--url "http://127.0.0.1:$(cat "$run/port")" --token-file "$state/platform.token" \
		>"$state/out" 2>>"$run/log/import" || fail "import of $1 failed"
}

said() { grep -qF "\"applied\":$1,\"replayed\":$2,\"rejected\":0,\"blocked\":0" "$state/out" || fail "not $1 new, $2 old"; }

# "all at the platform once" is "180 180": rows applied, different operations.
at_platform() { sql -separator ' ' "$state/platform.db" "SELECT count(*), count(DISTINCT op_id) FROM op WHERE status = 'applied'"; }
waiting() { sql "$state/station/station.db" "SELECT count(*) FROM outbox WHERE state <> 1"; }

settled() {
	[ "$(at_platform)" = "$ops $ops" ] || fail "at the platform: $(at_platform), not $ops $ops"
	[ "$(waiting)" = 0 ] || fail "the station still has $(waiting) waiting"
}

set_up() {
	local kind
	"$built/yizhanctl" init "$state/station" --id QJ530326009 --name 会泽县金钟街道电商公共服务站 --code 530326001 ||
		return
	for kind in couriers units prohibited; do
		ctl import "$kind" "$top/data/$kind.csv" || return
	done
	ctl import tariff "$top/data/tariff-example.csv" && station_numbers 9 >"$state/n.csv" &&
		ctl import numbers "$state/n.csv" && echo "$station_pin" | ctl user add "$station_clerk" --name 张会琼 &&
		"$built/tests/e2e/make_day" "$state/station" 120 7
}

station_open || exit 3
set_up >"$run/log/set-up" 2>&1 || fail "the station was not set up"

# ---- keys, and what is refused without them ----
expect 3 'import recipients' export "$state/none.yzb"
[ ! -e "$state/none.yzb" ] || fail "a bundle without a recipient"
"$built/yizhanctl" outbox key new "$state/centre.key" >"$state/centre.csv" 2>/dev/null || fail "no centre's key"
expect 3 'never written over' key new "$state/centre.key"
ctl import recipients "$state/centre.csv" >/dev/null || fail "the centre's key was not loaded"
expect 0 'station,public_key' key
cp "$state/out" "$state/stations.csv"

# ---- the day, on a stick and on paper ----
ops=$(waiting)
expect 0 "$ops operations" export "$state/day.yzb" --pages "$state/day.pdf"
pages=$(pdfinfo "$state/day.pdf" | sed -n 's/^Pages: *//p')
[ "$pages" -le 2 ] || fail "120 bookings take $pages pages, not 2"
[ "$(waiting)" = "$ops" ] || fail "an export changed what waits"
[ "$(sql "$state/station/station.db" "SELECT count(*) FROM audit WHERE action = 'outbox.export'")" = 1 ] ||
	fail "the export is not in the audit"
grep -aq 'shipment.book\|1[35][0-9]\{9\}' "$state/day.yzb" && fail "the bundle can be read"
cp -a "$state/station" "$state/saved"
"$top/scripts/yizhan-read-pages" "$state/day.pdf" >"$state/scans" || fail "the pages cannot be read"
look="200 dpi"
if ! "$built/yizhanctl" outbox import "$state/scans" >"$state/out" 2>&1; then # about one code in 500: look closer
	"$top/scripts/yizhan-read-pages" -r 300 "$state/day.pdf" >>"$state/scans"
	look="200 and 300 dpi"
fi
for page in 1 2; do
	grep ":$page/2:" "$state/scans" | sort -u >"$state/page-$page.txt"
done
cat "$state"/page-*.txt "$state"/page-*.txt | shuf >"$state/scans" # each twice, in any order
codes=$(sort -u "$state/scans" | wc -l)

# ---- line, stick and paper in several orders ----
half=$((ops / 2))
begin_anew
line "$half"
stick && said $((ops - half)) "$half"
paper && said 0 "$ops"
[ "$(waiting)" = $((ops - half)) ] || fail "an import at the centre changed the station"
line "$ops"
settled
[ "$(sql "$state/platform.db" 'SELECT count(*) FROM op WHERE replayed >= 2')" -ge $((ops - half)) ] ||
	fail "the line's rest was not answered from the store"
begin_anew
paper && said "$ops" 0
line "$half"
stick && said 0 "$ops"
line "$ops"
settled
begin_anew
line "$ops"
paper && said 0 "$ops"
stick && said 0 "$ops"
settled

# ---- a station that was restored, or set up anew, since the stick was made ----
begin_anew
sql "$state/station/station.db" "INSERT OR REPLACE INTO meta VALUES('agent.epoch', '2')"
line "$half"
stick && said $((ops - half)) "$half"
[ "$(sql "$state/platform.db" 'SELECT agent_epoch FROM station')" = 2 ] ||
	fail "an old stick took the platform back to the old disk"
line "$ops"
settled

# ---- only the platform gets it: its own authority or its own key, TLS 1.3 ----
open="--key $state/centre.key --stations $state/stations.csv"
over_tls() { # over_tls CODE TEXT PINS-OR-CA...
	local code=$1 text=$2
	shift 2
	# shellcheck disable=SC2086 # $open is a list of words
	expect "$code" "$text" import "$state/day.yzb" $open --url "https://localhost:$(head -n 1 "$run/port")" \
		--token-file "$state/platform.token" "$@"
}
begin_anew --tls "$state/pki"
over_tls 3 '--ca-file or --pins'
over_tls 75 'Import the same again later' --pins "sha256//$(head -c 32 /dev/zero | base64)"
[ "$(at_platform)" = '0 0' ] || fail "a stranger was given the bundle"
over_tls 0 "$ops new" --pins "$(cat "$state/pki/pins")" --ca-file "$state/pki/ca.pem"
begin_anew --tls "$state/pki" --tls-fault tls12
over_tls 75 'Import the same again later' --ca-file "$state/pki/ca.pem"

# ---- the twin: a platform without memory counts twice ----
begin_anew --no-dedupe
line "$half"
stick
[ "$(at_platform)" = "$((ops + half)) $ops" ] || fail "twin: $(at_platform): the test cannot fail"

# ---- what was meant for nobody ----
# shellcheck disable=SC2086 # $open is a list of words
{
	expect 0 'Signature and contents are good' import "$state/day.yzb" $open
	expect 0 'page 2 of 2: complete' import "$state/scans"
	head -c 9000 "$state/day.yzb" >"$state/cut.yzb"
	expect 3 'cut short or damaged' import "$state/cut.yzb" $open
	cp "$state/day.yzb" "$state/bad.yzb"
	printf '\377\376' | dd of="$state/bad.yzb" bs=1 seek=9000 conv=notrunc 2>/dev/null
	expect 1 'The signature is wrong' import "$state/bad.yzb" $open
	"$built/yizhanctl" outbox key new "$state/other.key" >"$state/other.csv" 2>/dev/null
	expect 1 'sealed for another key' import "$state/day.yzb" --key "$state/other.key" --stations "$state/stations.csv"
	sed 's/QJ530326009/QJ530326010/' "$state/stations.csv" >"$state/strange.csv"
	expect 1 'not in the list of known keys' import "$state/day.yzb" --key "$state/centre.key" --stations "$state/strange.csv"
	expect 1 'missing codes 13-' import "$state/page-1.txt" $open
	expect 1 'Codes are missing' import "$state/page-1.txt" $open
	grep -v ':14/' "$state/scans" >"$state/fewer"
	expect 1 '(page 2: 14)' import "$state/fewer" $open
	sed '1s/.\{9\}\.$/AAAAAAAAA./' "$state/page-2.txt" >"$state/misread"
	expect 1 'misread:1: this code was read wrongly' import "$state/misread"
	echo 'https://example.org/' >"$state/strange"
	expect 1 'no code of a bundle' import "$state/strange"
	expect 2 'Use it like this' import "$state/day.yzb" --url http://127.0.0.1:1
	chmod 644 "$state/centre.key"
	expect 1 'Others on this computer can read' import "$state/day.yzb" $open
	chmod 600 "$state/centre.key"
	end platform
	expect 75 'Import the same again later' import "$state/day.yzb" $open --url "http://127.0.0.1:$(cat "$run/port")" \
		--token-file "$state/platform.token"
}

# ---- another bundle's page, a full stick ----
expect 0 'operations' export --pages "$state/again.pdf"
"$top/scripts/yizhan-read-pages" "$state/again.pdf" >"$state/again.txt" || fail "the pages cannot be read"
expect 1 'of two bundles' import "$state/page-1.txt" "$state/again.txt"
expect 3 'no room for the bundle' export /dev/full
if unshare -m true 2>/dev/null; then
	mkdir "$state/stick"
	# shellcheck disable=SC2016 # for the inner shell
	unshare -m sh -c 'mount -t tmpfs -o size=28k none "$1" && cp "$2" "$1/old.yzb" || exit 99
		"$3" -c "$4" outbox export "$1/old.yzb" >"$5" 2>&1; [ $? = 3 ] && cmp "$1/old.yzb" "$2" && [ "$(ls "$1")" = old.yzb ]' \
		sh "$state/stick" "$state/day.yzb" "$built/yizhanctl" "$conf" "$state/out" || fail "a full stick"
	grep -q 'no room for the bundle' "$state/out" || fail "a full stick is not told"
fi
echo "120 bookings, $ops operations: $(stat -c %s "$state/day.yzb") bytes, $codes codes on $pages pages, read at $look; twin failed"
