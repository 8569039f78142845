#!/bin/bash
# contract.sh: doc/platform-api.yaml is valid, the stand-in keeps to it, the guide's transcripts are true,
# and what yizhan-sync really sends is what the document says.
# Needs node and npm; the tools come from npm (tests/contract/package.json), into the build tree.
set -u
top=${YZ_SRCDIR:?} built=${YZ_BUILDDIR:?}
dir=$(mktemp -d /tmp/yizhan-XXXXXX) || exit 3
# shellcheck source=tests/fixtures/station.sh
. "$top/tests/fixtures/station.sh"
trap 'station_close; rm -rf "$dir"' EXIT
trap 'exit 143' TERM INT HUP
export REDOCLY_TELEMETRY=off
tools=$built/tests/contract-tools
api=$top/doc/platform-api.yaml

tools() {
	mkdir -p "$tools" && cp "$top"/tests/contract/{*.mjs,package.json,redocly.yaml} "$tools/" || return
	[ -x "$tools/node_modules/.bin/redocly" ] && cmp -s "$tools/package.json" "$tools/installed" && return
	(cd "$tools" && npm install --ignore-scripts --no-package-lock --no-audit --no-fund) >"$dir/npm" 2>&1 || {
		tail -n 5 "$dir/npm"
		return 1
	}
	cp "$tools/package.json" "$tools/installed"
}

start() { # start NAME: a stand-in with a database of its own, which writes $dir/NAME.record
	station_close
	state=$dir/$1
	platform_options=(--record "$dir/$1.record")
	station_open && platform_up && url=http://127.0.0.1:$(cat "$run/port") && token=$(cat "$state/platform.token")
}

part() { # part NAME COMMAND...: a test of its own, or the tests that the command prints
	local name=$1 status
	shift
	"$@" >"$dir/part" 2>&1
	status=$?
	if grep -q '^1\.\.' "$dir/part"; then
		sed -n "s/^\(not \)\?ok [0-9]* - \(.*\)/\1ok - $name: \2/p; /^#/p" "$dir/part"
	else
		[ $status = 0 ] || sed 's/^/# /' "$dir/part" | tail -n 40
		[ $status = 0 ] && echo "ok - $name" || echo "not ok - $name"
	fi
}

lint() { (cd "$tools" && node_modules/.bin/redocly lint --config redocly.yaml --format=stylish "$1"); }
lint_twin() { # a document with one wrong example may not pass
	sed "s/enum: \[applied, replayed, /enum: [/" "$api" >"$dir/twin.yaml"
	! lint "$dir/twin.yaml"
}

enforce() { start enforce && node "$tools/enforce.mjs" "$api" "$url" "$token"; }

guide() { start guide && (cd "$dir" && node "$tools/guide.mjs" "$top/doc/platform-guide.md" "$url" "$token"); }

# A farmer, a product and a parcel, which is then made void, through the real programs.
traffic() {
	start station && station_set_up 8 && mkdir "$run/screens" &&
		SCREENS=$run/screens LOGIN=$station_clerk PIN=$station_pin COURIER=1 \
			kiosk "$top/tests/e2e/demo.keys" && send &&
		printf '%s\n' 'wait 登录' "field $station_clerk" "field $station_pin" 'wait 主菜单' 'type DD' \
			'wait 中通快递' 'key Enter' 'key F8' 'wait 要作废这一单吗' 'type 2' 'key F2' 'wait 已作废' \
			quit | kiosk - && send
}
kiosk() { "$built/tests/e2e/pty" -w 60000 "$1" "$built/yizhan" -c "$conf"; }
send() { # and everything was taken
	"$built/yizhan-sync" -c "$conf" --once &&
		[ "$(sqlite3 -readonly "$state/station/station.db" "SELECT count(*) FROM outbox WHERE state <> 1")" = 0 ]
}

all() {
	part "a third-party validator passes the API's description" lint "$api"
	part "the validator sees a spoilt description" lint_twin
	part "stand-in" enforce
	part "guide" guide
	part "traffic of a station" traffic
	part "record" node "$tools/records.mjs" "$api" "$dir/guide.record" "$dir/station.record"
}

command -v node >/dev/null && command -v npm >/dev/null || {
	echo "node and npm are not installed (Debian: apt-get install nodejs npm)"
	exit 77
}
tools || {
	echo "npm could not install the validators"
	exit 1
}
all >"$dir/all"
awk '/^(not )?ok / {n++; sub(/ok -/, "ok " n " -")} {print} END {print "1.." n}' "$dir/all"
! grep -q '^not ok' "$dir/all"
