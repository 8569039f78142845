#!/bin/bash
# peers.sh: yizhan-sync beside nullmailer and Postfix on one fault script: 1,000 messages, a clerk who hands one
# over every 60 ms, 200 kills of the sender, a peer that is dead from the 600th message until 10 s after the last.
# Prints for each what was lost, what came twice, and how long after the peer's return the first message went on.
# The two mail systems come from Debian into an overlay of this machine that nobody else sees; all three run in a
# network namespace without a way out. YZ_ROUNDS: how many messages.
set -u
top=${YZ_SRCDIR:?} build=${YZ_BUILDDIR:?}
messages=${YZ_ROUNDS:-1000}
patience_ms=90000
self=$top/tests/fault/peers.sh

skip() {
	echo "$*"
	exit 77
}

# ---- the overlays -----------------------------------------------------------------------------
overlay() { # overlay NAME PACKAGE: a root of its own in $dir/NAME
	local at=$dir/$1
	mkdir -p "$at" && mount -t tmpfs tmpfs "$at" && mkdir "$at/upper" "$at/work" "$at/tree" &&
		mount -t overlay overlay -o "lowerdir=/,upperdir=$at/upper,workdir=$at/work" "$at/tree" || return
	at=$at/tree
	mount -t proc proc "$at/proc" && mount --bind /dev "$at/dev" && mount --bind "$dir" "$at/mnt" || return
	printf '#!/bin/sh\nexit 101\n' >"$at/usr/sbin/policy-rc.d" && chmod 755 "$at/usr/sbin/policy-rc.d"
	DEBIAN_FRONTEND=noninteractive chroot "$at" apt-get install -y --no-install-recommends "$2" \
		>"$dir/$1.apt" 2>&1
}

# ---- the sink of the two mail systems, from Postfix ------------------------------------------
sink_start() {
	mkdir -p "$dir/got" && chmod 777 "$dir/got"
	chroot "$dir/postfix/tree" /usr/sbin/smtp-sink -u postfix -d '/mnt/got/%M.' 127.0.0.1:2525 200 2>>"$dir/log" &
	sink=$!
}
kill_all() { # the daemon and its children
	local kids
	mapfile -t kids < <(ps -o pid= --ppid "$daemon")
	kill -9 "$daemon" "${kids[@]// /}" 2>/dev/null
	wait "$daemon" 2>/dev/null
}
sink_stop() { kill -9 "$sink" && { wait "$sink" 2>/dev/null || :; }; }
sink_ids() { find "$dir/got" -type f -exec grep -hoE '^message-[0-9]+' {} +; }

# ---- nullmailer ------------------------------------------------------------------------------
nullmailer_set_up() {
	local etc=$dir/nullmailer/tree/etc/nullmailer
	echo "127.0.0.1 smtp --port=2525" >"$etc/remotes"
	echo 1 >"$etc/pausetime" # its own default is 60
	echo 30 >"$etc/maxpause"
	echo yizhan.test >"$etc/me"
}
nullmailer_start() {
	chroot --userspec=mail:mail "$dir/nullmailer/tree" /usr/sbin/nullmailer-send >>"$dir/log" 2>&1 &
	daemon=$!
}
nullmailer_kill() { kill_all; }
nullmailer_hand() {
	printf 'Subject: x\n\nmessage-%s\n' "$1" | chroot "$dir/nullmailer/tree" nullmailer-inject -f a@yizhan.test b@yizhan.test \
		2>>"$dir/log" && echo "message-$1"
}
nullmailer_peer_start() { sink_start; }
nullmailer_peer_stop() { sink_stop; }
nullmailer_ids() { sink_ids; }

# ---- Postfix ---------------------------------------------------------------------------------
postfix_set_up() {
	local root=$dir/postfix/tree
	chroot "$root" postconf -e relayhost='[127.0.0.1]:2525' inet_interfaces=loopback-only mydestination= \
		myhostname=yizhan.test minimal_backoff_time=1s maximal_backoff_time=30s queue_run_delay=1s \
		maillog_file=/var/log/postfix.log smtp_dns_support_level=disabled
}
postfix_start() {
	local root=$dir/postfix/tree
	rm -f "$root/var/spool/postfix/pid/master.pid"
	chroot "$root" /usr/lib/postfix/sbin/master -d >>"$dir/log" 2>&1 &
	daemon=$!
}
postfix_kill() { kill_all; }
postfix_hand() {
	printf 'Subject: x\n\nmessage-%s\n' "$1" | chroot "$dir/postfix/tree" sendmail -f a@yizhan.test b@yizhan.test \
		2>>"$dir/log" && echo "message-$1"
}
postfix_peer_start() { sink_start; }
postfix_peer_stop() { sink_stop; }
postfix_ids() { sink_ids; }

# ---- yizhan ----------------------------------------------------------------------------------
sender=$build/yizhan-sync
yizhan_set_up() {
	exec 8>&- 9<&-
	rm -rf "$dir/orders" "$dir/receipts" "$dir/station" "$dir/port" "$dir"/platform.db*
	mkfifo "$dir/orders" "$dir/receipts"
	"$build/tests/fault/peer_clerk" "$dir/station" <"$dir/orders" >"$dir/receipts" 2>>"$dir/log" &
	exec 8>"$dir/orders" 9<"$dir/receipts"
	read -r _ <&9
	"$build/tests/platform/platform" --db "$dir/platform.db" --token-file "$dir/token" --port-file "$dir/port" \
		>/dev/null 2>>"$dir/log" &
	sink=$!
	until [ -s "$dir/port" ]; do sleep 0.05; done
	printf '[station]\ndir = .\n[platform]\nurl = http://127.0.0.1:%s\ntoken_file = %s\n' \
		"$(cat "$dir/port")" "$dir/token" >"$dir/station/yizhan.conf"
	sink_stop
}
yizhan_start() {
	$sender -c "$dir/station/yizhan.conf" 2>>"$dir/log" &
	daemon=$!
}
yizhan_kill() { kill -9 "$daemon"; wait "$daemon" 2>/dev/null; }
yizhan_hand() {
	local id
	echo "$1" >&8 && read -r id <&9 && echo "$id"
}
yizhan_peer_start() {
	"$build/tests/platform/platform" --db "$dir/platform.db" --token-file "$dir/token" --port "$(cat "$dir/port")" \
		>/dev/null 2>>"$dir/log" &
	sink=$!
}
yizhan_peer_stop() { sink_stop; }
yizhan_ids() { sqlite3 "$dir/platform.db" "SELECT op_id FROM op WHERE status = 'applied'" 2>/dev/null; }

# ---- the script, the same for all ------------------------------------------------------------
now_ms() { echo $(($(date +%s%N) / 1000000)); }

play() { # play WHO
	local who=$1 n back first at lost twice resumed drained most moved
	rm -rf "$dir/got"
	: >"$dir/$who.handed"
	"${who}_set_up" && "${who}_peer_start" && "${who}_start" || return
	for n in $(seq "$messages"); do
		[ "$n" = $((messages * 3 / 5)) ] && "${who}_peer_stop"
		"${who}_hand" "$n" >>"$dir/$who.handed"
		sleep 0.06
		if [ $((n % 5)) = 0 ]; then
			"${who}_kill"
			"${who}_start"
		fi
	done
	sleep 10
	"${who}_ids" | sort -u >"$dir/$who.before"
	"${who}_peer_start"
	back=$(now_ms) first=
	most=$(wc -l <"$dir/$who.before") moved=$back
	# until all are there, or nothing has come for longer than the longest pause of any of them
	while [ $(($(now_ms) - moved)) -lt "$patience_ms" ]; do
		"${who}_ids" | sort >"$dir/$who.ids"
		at=$(sort -u "$dir/$who.ids" | wc -l)
		if [ "$at" -gt "$most" ]; then
			most=$at moved=$(now_ms)
			first=${first:-$moved}
		fi
		[ "$at" -ge "$(sort -u "$dir/$who.handed" | wc -l)" ] && break
		sleep 0.1
	done
	drained=$moved
	sleep 2 # whatever still wants to come twice
	"${who}_ids" | sort >"$dir/$who.ids"
	"${who}_kill"
	"${who}_peer_stop"
	lost=$(comm -23 <(sort -u "$dir/$who.handed") <(sort -u "$dir/$who.ids") | wc -l)
	twice=$(uniq -d "$dir/$who.ids" | wc -l)
	resumed=$((${first:-$drained} - back)) drained=$((drained - back))
	printf '%s: %d accepted, %d kills, %d lost, %d duplicated, resumed %d ms and done %d ms after the peer' \
		"$who" "$(wc -l <"$dir/$who.handed")" $((messages / 5)) "$lost" "$twice" "$resumed" "$drained"
	[ "$lost$twice" = 00 ]
}

twin() { # the same with a sender that calls an operation sent before it is: it has to lose some
	messages=50 patience_ms=10000 sender="$build/tests/fault/twin_sync --ack-first"
	! play yizhan >"$dir/twin"
}

case ${1:-} in
"") # outside: a mount namespace, the packages, then a network namespace
	[ "$(id -u)" = 0 ] || skip "the peers need root, for their overlays"
	command -v ps >/dev/null && command -v sqlite3 >/dev/null || skip "ps (procps) or sqlite3 is missing"
	dir=$(mktemp -d /tmp/yizhan-XXXXXX) && chmod 755 "$dir" || exit 3
	trap 'rm -rf --one-file-system "$dir"' EXIT
	dir=$dir unshare -m --propagation private "$self" overlays
	;;
overlays)
	mount -t tmpfs tmpfs "$dir" && chmod 755 "$dir" || skip "no mounts are allowed here"
	overlay nullmailer nullmailer && overlay postfix postfix ||
		skip "nullmailer and Postfix could not be had: $(tail -q -n 1 "$dir"/*.apt | tr '\n' ' ')"
	"$build/tests/link/linkem" "$self inside" "exec sleep 100000"
	;;
inside)
	for who in ${YZ_PEERS:-nullmailer postfix}; do
		printf 'fault 20: %s\n' "$(play "$who")"
	done
	figures=$(play yizhan)
	held=$?
	echo "$figures" # the twin may still be cut off
	(twin) && failed='twin failed' || failed="the twin did not fail: $(cat "$dir/twin")"
	printf 'fault 20: %s, %s\n' "$figures" "$failed"
	[ $held = 0 ] && [ "$failed" = 'twin failed' ]
	;;
esac
