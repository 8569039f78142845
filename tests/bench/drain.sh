#!/bin/bash
# drain.sh BUILD FOLDER: how long a thousand waiting bookings take to reach the platform, over a 2G line
# (tests/link/linkem: 128 kbit/s, 600 ms there and back, 3 % loss each way, TLS 1.3) and over the loopback.
# Floors: what the line's rate needs for the bytes that went up, and gzip -6 of the same batch bodies of 50; the
# peer (one_post) sends a record a POST on one kept connection. Over the line the time runs from the start of
# yizhan-sync until the platform has all; over the loopback a record's time counts once the connection stands, as
# the peer's. Prints bars as JSON, a line each.
# YZ_DRAIN_ROUNDS makes it shorter.
set -u
# near HOST WHAT...: the station's end, once the platform answers; the milliseconds go to $dir/ms.
near() {
	local url host=$1
	shift
	for _ in $(seq 600); do [ -s "$dir/port" ] && break || sleep 0.05; done
	url=https://$host:$(head -n 1 "$dir/port")
	printf '[station]\ndir = .\n[platform]\nurl = %s\nca_file = %s\ntoken_file = %s\npoll_s = 1\n' \
		"$url" "$dir/tls/ca.pem" "$dir/token" >"$dir/station/yizhan.conf"
	if [ "$1" = ours ]; then
		local clock sync status
		"$bench/drained" "$dir/station" >"$dir/ms" &
		clock=$!
		"$build/yizhan-sync" -c "$dir/station/yizhan.conf" 2>>"$dir/log" &
		sync=$!
		wait $clock
		status=$?
		kill $sync
		wait $sync
		return $status
	else
		"$bench/one_post" "$dir/station" "$url" "$dir/tls/ca.pem" "$dir/token" "$2" >"$dir/ms"
	fi
}
if [ "$1" = near ]; then # called by linkem; $build and $dir are in the environment
	shift
	near "$@"
	exit
fi
build=$1 dir=$2
self=$(cd "$(dirname "$0")" && pwd -P)/${0##*/}
rounds=${YZ_DRAIN_ROUNDS:-15}
rate_kbit=128
bench=$build/tests/bench
mkdir -p "$dir" || exit 3
export build dir bench

cannot() {
	echo "drain: $*" >&2
	exit 3
}

per_record=$("$bench/full_queue" "$dir/full") || cannot "no queue"


fresh() {
	rm -rf "$dir/station" "$dir/port" "$dir"/db* "$dir/ms"
	cp -r "$dir/full" "$dir/station"
}

platform="exec \$build/tests/platform/platform --db \$dir/db --token-file \$dir/token --tls \$dir/tls --port-file \$dir/port --one-commit"

over_line() { # over_line SEED WHAT...: one drain over the bad line
	local seed=$1
	shift
	fresh
	"$build/tests/link/linkem" --rate-kbit $rate_kbit --delay-ms 300 --loss-permille 30 --seed "$seed" \
		--counts "$dir/counts" "$self near 10.77.0.2 $*" "$platform --far >/dev/null" 2>>"$dir/log"
}

over_loopback() { # over_loopback WHAT...
	local status
	fresh
	bash -c "$platform" >/dev/null &
	local pid=$!
	near 127.0.0.1 "$@"
	status=$?
	kill $pid
	wait $pid 2>/dev/null
	return $status
}

count() { sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p" "$dir/counts"; }

calc() { awk "BEGIN { print $* }"; }

line() {
	local i ours up single
	over_line 1 peer 2
	case $? in
	0) ;;
	77)
		echo '{"name":"drain.line-*","skipped":"network namespaces or TUN devices are not allowed here"}'
		return 0
		;;
	*) cannot "the line: $(tail -n 2 "$dir/log")" ;;
	esac
	for i in $(seq "$rounds"); do
		over_line "$i" ours || cannot "drain over the line"
		ours=$(cut -d ' ' -f 1 "$dir/ms") up=$(count up_bytes)
		echo "$ours $(calc "$up * 8 / $rate_kbit")" >>"$dir/seconds"
		echo "$(calc "$up / 1000") $per_record" >>"$dir/bytes"
		over_line "$i" peer 9 || cannot "the peer over the line"
		single=$(cat "$dir/ms")
		echo "$(calc "$single * 1000") $ours" >>"$dir/single"
	done
	"$bench/pairs" drain.line-ms-to-rate 1.3 low <"$dir/seconds"
	"$bench/pairs" drain.line-bytes-up-a-record 1.25 low <"$dir/bytes"
	"$bench/pairs" drain.line-one-a-post-to-ours 30 high <"$dir/single"
}

loopback() {
	local ours
	for _ in $(seq "$rounds"); do
		over_loopback ours || cannot "drain over the loopback"
		ours=$(cut -d ' ' -f 2 "$dir/ms")
		over_loopback peer 200 || cannot "the peer over the loopback"
		echo "$(cat "$dir/ms") $ours" >>"$dir/loop"
	done
	"$bench/pairs" drain.loopback-one-a-post-to-ours 3.5 high <"$dir/loop"
}

line
loopback
exit 0
