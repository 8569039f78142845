#!/bin/bash
# day.sh BUILD STATION URL TOKEN-FILE: a short day at a station through the real programs: a farmer, a
# product, a parcel, which is then made void; all of it is posted to URL.
set -u
unset LC_ALL LC_MESSAGES LANG LANGUAGE
built=$1 station=$2 url=$3 token=$4
top=${srcdir:?}
conf=$station/yizhan.conf
screens=$(dirname "$station")/screens

ctl() { "$built/yizhanctl" -c "$conf" "$@"; }

set_up() {
	local kind
	"$built/yizhanctl" init "$station" --id QJ530326001 --name 会泽县金钟街道电商公共服务站 --code 530326001 \
		--phone 0874-5123456 --region 云南省曲靖市会泽县金钟街道 --detail 通宝路88号 || return
	printf '[station]\ndir = .\n[platform]\nurl = %s\ntoken_file = %s\npoll_s = 1\n[data]\ndir = %s\n' \
		"$url" "$token" "$top/data" >"$conf"
	for kind in divisions divisions-old reporting-units units couriers prohibited catalogue; do
		ctl import "$kind" "$top/data/$kind.csv" || return
	done
	ctl import tariff "$top/data/tariff-example.csv" || return
	printf 'courier,first,last,check\nZTO,73155510000001,73155510009999,none\n' >"$station/numbers.csv"
	ctl import numbers "$station/numbers.csv" && echo 246810 | ctl user add demo --name 张会琼
}

void() {
	printf '%s\n' 'wait 登录' 'field demo' 'field 246810' 'wait 主菜单' 'type DD' 'wait 中通快递' 'key Enter' \
		'key F8' 'wait 要作废这一单吗' 'type 2' 'key F2' 'wait 已作废' quit >"$station/void.keys"
	"$built/tests/e2e/pty" -w 60000 "$station/void.keys" "$built/yizhan" -c "$conf"
}

mkdir -p "$screens" && set_up || exit 1
SCREENS=$screens LOGIN=demo PIN=246810 COURIER=${COURIER:-1} \
	"$built/tests/e2e/pty" -w 60000 "$top/tests/e2e/demo.keys" "$built/yizhan" -c "$conf" || exit 1
"$built/yizhan-sync" -c "$conf" --once || exit 1
void || exit 1
"$built/yizhan-sync" -c "$conf" --once
