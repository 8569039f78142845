#!/bin/bash
# repair.sh: what the platform refuses is mended, withdrawn or booked anew at the real kiosk, and the
# platform then holds it exactly once; and a clerk who watches the queue screen while the line dies
# and comes back sees it without touching a key. No printer: papers wait.
set -u
top=${YZ_SRCDIR:-$(cd "$(dirname "$0")/../.." && pwd -P)}
built=${YZ_BUILDDIR:-$top/build}
# shellcheck source=tests/fixtures/trial.sh
. "$top/tests/fixtures/trial.sh"

# clerk NAME: types the steps on standard input at the kiosk; what it says goes to $run/NAME.
clerk() {
	{ printf 'wait 登录名\nfield %s\nfield %s\nwait 今日\n' "$station_clerk" "$station_pin" && cat; } >"$run/$1.keys"
	"$built/tests/e2e/pty" -w 30000 "$run/$1.keys" "$built/yizhan" -c "$conf" >"$run/$1" || fail "$1"
}

ops() { # ops KIND: how many of it the platform holds
	platform_get /test/dump >"$run/dump.json" &&
		sqlite3 :memory: "SELECT count(*) FROM json_each(readfile('$run/dump.json'), '\$.operations') o
			WHERE o.value->>'kind' = '$1'"
}
has() { [ "$(ops "$1")" = "$2" ]; }
says() { grep -q "$2" "$run/$1" 2>/dev/null; }

station_open && platform_up || fail "the platform did not start"
mkdir "$run/cups" && printf 'port_cups=1\nport_ipp=1\n' >"$run/cups/ports"
station_set_up 8 >"$run/log/set-up" && sync_up || fail "the station did not start"
rm "$run/cups/ports" # there is no CUPS to stop

platform_fault reject contact.upsert /data/phone 手机号不是实名
clerk farmer <<-'END'
	type NH
	key Ctrl-N
	wait 新农户
	paste 李桂芬 13887412345 云南省曲靖市会泽县金钟街道通宝路12号
	key Enter
	wait 通宝路12号
	key PgDn
	key Space
	key F2
	wait 已保存: 李桂芬
	wait 退回 1
	key F12
	type DL
	wait 电话: 手机号不是实名
	expect 要等被退回的: 联系人
	key Down
	key Enter
	wait 去看它在等的那一条
	type 1
	wait 光标停在"电话"
	type 1
	wait 退回: 电话: 手机号不是实名
	wait > 13887412345
	field 13887412399
	key F2
	wait 新的一条代替被退回的那条
	wait 已传
	key F12
	wait 不用处理
	quit
END
platform_fault reject product.upsert /data/price_fen 单价太高 # one of a kind at a time
clerk product <<-'END'
	type SP
	wait HZTD
	key Enter
	wait 会泽马铃薯
	key F2
	wait 已保存: 会泽马铃薯
	wait 退回 1
	key F12
	type DL
	wait 单价 元: 单价太高
	key Enter
	wait 撤回: 不再传给平台
	type 4
	wait 本站自己的登记还在
	type 2
	key F2
	wait 已撤回
	wait 已传
	key F12
	wait 不用处理
	quit
END
wait_for 30 has contact.upsert 1 || fail "the platform holds $(ops contact.upsert) contacts"
has farmer.upsert 1 || fail "the farmer behind the refused contact did not go"
has operation.cancel 1 || fail "the withdrawal did not go"
has product.upsert 0 || fail "a withdrawn product is on the platform"

platform_fault reject shipment.book /data/receiver/phone 收件人停机
clerk parcel <<-'END'
	type 1
	wait 填好收件地和重量后
	paste 李桂芬 13887412399 云南省曲靖市会泽县金钟街道通宝路12号
	key Enter
	paste 王小明 13905711234 浙江省杭州市西湖区古荡街道文二路391号3栋2单元501室
	key Enter
	wait 浙江省杭州市西湖区
	field 会泽洋芋
	key Enter
	field 12斤
	wait 中通快递
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
	grab OLD 运单号
	wait 退回 1
	key F12
	type DL
	wait 收件人电话: 收件人停机
	key Enter
	wait 改单重开
	type 1
	wait 改单重开, 代替
	wait > 13905711234
	type 13905719999
	key F2
	wait 查验寄件人身份
	key Esc
	wait 改单重开
	type 1
	wait > 13905719999
	expect 4321
	key F2
	wait 查验寄件人身份
	key Space
	key F2
	wait 先开箱验视
	key Space
	key F2
	key Space
	key F2
	wait 已重开
	grab NEW 已重开:
	wait 已传
	key F12
	wait 退回 0
	gone 要等
	quit
END
number=$(sed -n 's/^OLD=//p' "$run/parcel")
wait_for 30 has shipment.book 1 || fail "the platform holds $(ops shipment.book) parcels"
has shipment.cancel 1 || fail "the platform was not told of the parcel that is void"
[ "$(platform_count "$number")" = 1 ] || fail "waybill $number is there $(platform_count "$number") times"
grep -q 13905719999 "$run/dump.json" || fail "the platform has the old phone"

# The queue screen is left open; no key is pressed while the line goes and comes.
clerk watch <<-'END' &
	type DL
	wait 网络正常
	say UP
	wait 平台没有应答
	expect 起离线
	expect 照常办理
	say DOWN
	wait 网络正常
	gone 离线
	say BACK
	wait 传输程序没有启动
	expect 请站长启动
	gone 在线
	say KILLED
	wait 网络正常
	quit
END
watcher=$!
wait_for 60 says watch UP || fail "the queue screen does not say that the line is up"
platform_down
wait_for 90 says watch DOWN || fail "the queue screen does not say that the line is down"
platform_up || fail "the platform did not come back"
wait_for 60 says watch BACK || fail "the queue screen does not say that the line is back"
end sync KILL # it tells nobody
wait_for 60 says watch KILLED || fail "the queue screen does not say that nothing sends"
sync_up || fail "yizhan-sync did not start again"
wait "$watcher" || fail "the queue screen does not say that the line is up again"
