#!/bin/bash
# contract.sh: doc/platform-api.yaml is valid, the stand-in keeps to it, the guide's transcripts are true,
# and what yizhan-sync really sends is what the document says.
# Needs node and npm; the tools come from npm (tests/contract/package.json), into the build tree.
set -u
src=${YZ_SRCDIR:?} build=${YZ_BUILDDIR:?}
tools=$build/tests/contract-tools
dir=$(mktemp -d /tmp/yizhan-XXXXXX) || exit 3
platform=
trap '[ -n "$platform" ] && kill "$platform"; rm -rf "$dir"' EXIT
export REDOCLY_TELEMETRY=off srcdir=$src
api=$src/doc/platform-api.yaml

tools() {
	mkdir -p "$tools" && cp "$src"/tests/contract/{*.mjs,package.json,redocly.yaml} "$tools/" || return
	[ -x "$tools/node_modules/.bin/redocly" ] && cmp -s "$tools/package.json" "$tools/installed" && return
	(cd "$tools" && npm install --ignore-scripts --no-package-lock --no-audit --no-fund) >"$dir/npm" 2>&1 || {
		tail -n 5 "$dir/npm"
		return 1
	}
	cp "$tools/package.json" "$tools/installed"
}

start() { # start NAME: a stand-in with a database of its own
	[ -z "$platform" ] || kill "$platform"
	"$build/tests/platform/platform" --db "$dir/$1.db" --token-file "$dir/token" --port-file "$dir/$1.port" \
		--enrol-code K7QM-4D2X --record "$dir/$1.record" >"$dir/$1.log" 2>&1 &
	platform=$!
	for _ in $(seq 300); do [ -s "$dir/$1.port" ] && break || sleep 0.1; done
	url=http://127.0.0.1:$(cat "$dir/$1.port")
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

all() {
	part "a third-party validator passes the API's description" lint "$api"
	part "the validator sees a spoilt description" lint_twin
	start enforce
	part "stand-in" node "$tools/enforce.mjs" "$api" "$url" "$(cat "$dir/token")"
	start guide
	part "guide" guide
	part "traffic of a station" traffic
	part "record" node "$tools/records.mjs" "$api" "$dir/guide.record" "$dir/station.record"
}

guide() { (cd "$dir" && node "$tools/guide.mjs" "$src/doc/platform-guide.md" "$url" "$(cat "$dir/token")"); }

# A day at a station, through the real yizhan-sync.
traffic() {
	start station
	srcdir=$src bash "$src/tests/contract/day.sh" "$build" "$dir/day" "$url" "$dir/token"
}

command -v node >/dev/null && command -v npm >/dev/null || {
	echo "node and npm are not installed (Debian: apt-get install nodejs npm)"
	exit 77
}
tools || {
	echo "npm could not install the validators"
	exit 1
}
all | tee "$dir/all" | awk '/^(not )?ok / {n++; sub(/ok -/, "ok " n " -")} {print} END {print "1.." n}'
! grep -q '^not ok' "$dir/all"
