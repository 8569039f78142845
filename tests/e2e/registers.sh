#!/bin/sh
# The registers as a clerk uses them: a farmer with consent and a product, found again by initials; a wrong phone keeps the
# form; a form that was cut off by kill -9 comes back. The database must say the same as the screen.
set -u
build=${YZ_BUILDDIR:?} data=${YZ_SRCDIR:?}/data
ctl=$build/yizhanctl pty=$build/tests/e2e/pty kiosk=$build/yizhan
dir=$(mktemp -d /tmp/yizhan-XXXXXX) || exit 99
trap 'rm -rf "$dir"' EXIT
conf=$dir/station/yizhan.conf
unset LC_ALL LC_MESSAGES LANG NO_COLOR
failed=0

"$ctl" init "$dir/station" --id QJ530381001 --name 宝山镇电商公共服务站 --code 530381100 >"$dir/log" || exit 99
for kind in divisions units; do
	"$ctl" -c "$conf" import $kind "$data/$kind.csv" >>"$dir/log" || exit 99
done
echo 246802 | "$ctl" -c "$conf" user add demo --name 王秀英 >>"$dir/log" || exit 99

# journey NAME: signs in and runs the script on standard input; a failed step shows itself and the screen.
journey() {
	printf 'wait 登录名\nfield demo\nfield 246802\nwait 今日\n' >"$dir/$1"
	cat >>"$dir/$1"
	"$pty" -w 20000 "$dir/$1" "$kiosk" -c "$conf" >"$dir/out" || {
		echo "journey $1 failed"
		failed=1
	}
}

# fact TEXT: a text that the outbox must hold; no_fact: must not.
fact() {
	"$ctl" -c "$conf" --json outbox list >"$dir/outbox"
	grep -qF -- "$1" "$dir/outbox" || { echo "no \"$1\" in the outbox:"; cat "$dir/outbox"; failed=1; }
}
no_fact() {
	"$ctl" -c "$conf" --json outbox list >"$dir/outbox"
	if grep -qF -- "$1" "$dir/outbox"; then echo "\"$1\" is in the outbox"; failed=1; fi
}

# Without consent nothing goes out; a wrong phone keeps what was typed.
journey refuse <<'STEPS'
type NH
wait 还没有内容
key Ctrl-N
wait 新农户
field 李桂香
field 1388741234
wait 位
field
field xw
wait 云南省曲靖市宣威市
field 虎场村2组
key F2
wait 电话:
expect 1388741234
expect 虎场村2组
field 13887412340
key F2
wait 已保存: 李桂香
expect 138******40
key F12
wait 今日
key F10
key F2
end
STEPS
no_fact farmer.upsert

# One pasted line, the identity number locked away, the tick, then a product of this farmer.
journey register <<'STEPS'
type NH
wait 李桂香
key Ctrl-N
paste 张有福 13887412345 云南省曲靖市宣威市宝山镇虎场村3组12号
key Enter
wait 请核对姓名
expect 云南省曲靖市宣威市宝山镇
key PgDn
key Up 4
wait >
field 530381197001010018
wait 校验
key Up
key Ctrl-U
field 530381197001010017
wait 末四位 0017
gone 530381197001010017
key PgDn
key Space
wait [x]
key F2
wait 已保存: 张有福
type zyf
wait 第 1/1 条
expect 138******45
# the same person pasted again is the one in the book, not a second one
key Ctrl-N
wait 新农户
paste 张有福 13887412345 云南省曲靖市宣威市宝山镇虎场村3组15号
key Enter
wait 3组15号
expect 末四位 0017
gone 新农户
key F2
wait 已保存: 张有福
type zyf
wait 第 1/1 条
key F12
wait 今日
type SP
key Ctrl-N
wait 新商品
field
field 小黄姜
field zyf
wait 张有福
expect 云南省曲靖市宣威市
field
field
field 箱
key F2
wait 光有单位
field 10斤
wait 5.000 kg
field 45
key F2
wait 已保存: 小黄姜
type xhj
wait 第 1/1 条
expect 45.00
key F12
wait 今日
key F10
key F2
end
STEPS
for kind in contact.upsert consent.give farmer.upsert product.upsert; do fact "$kind"; done
if grep -aqF 530381197001010017 "$dir"/station/station.db*; then
	echo "the identity number stands in the database"
	failed=1
fi

# The program is killed in the middle of a form: the next one begins with what was typed.
cat >"$dir/cut" <<STEPS
wait 登录名
field demo
field 246802
wait 今日
type LX
key Ctrl-N
wait 新联系人
field 陈志强
field 13987400001
field 宣威土特产店
shot $dir/cut.txt
wait 没有这行字
STEPS
"$pty" -w 30000 "$dir/cut" "$kiosk" -c "$conf" >/dev/null 2>&1 &
driver=$!
tries=0
until [ -s "$dir/cut.txt" ] || [ $tries -ge 200 ]; do
	sleep 0.1
	tries=$((tries + 1))
done
sleep 1 # drafts are written beside the loop
pkill -9 -P "$driver" || { echo "the kiosk was not there to be killed"; failed=1; }
wait "$driver"
journey restored <<'STEPS'
expect 未完成草稿
type LX
key Ctrl-N
wait 已接着上次
expect 陈志强
expect 13987400001
expect 宣威土特产店
key F8
key F2
gone 陈志强
key F12
key F12
wait 今日
key F10
key F2
end
STEPS
exit $failed
