#!/bin/sh
# The kiosk as a clerk uses it: the real program on a terminal, the whole job by keyboard, then the terminal's rules
# (tests/e2e/test_kiosk). No printer and no platform here: what it saved must wait in the queue.
set -u
build=${YZ_BUILDDIR:?} data=${YZ_SRCDIR:?}/data
ctl=$build/yizhanctl pty=$build/tests/e2e/pty kiosk=$build/yizhan
dir=$(mktemp -d /tmp/yizhan-XXXXXX) || exit 99
trap 'rm -rf "$dir"' EXIT
conf=$dir/station/yizhan.conf
unset LC_ALL LC_MESSAGES LANG NO_COLOR

"$ctl" init "$dir/station" --id QJ530381001 --name 宝山镇电商公共服务站 --code 530381 >"$dir/log" || exit 99
for kind in divisions couriers units catalogue; do
	"$ctl" -c "$conf" import $kind "$data/$kind.csv" >>"$dir/log" || exit 99
done
"$ctl" -c "$conf" import tariff "$data/tariff-example.csv" >>"$dir/log" || exit 99
"$ctl" -c "$conf" import numbers "$data/numbers-example.csv" >>"$dir/log" || exit 99
echo 246802 | "$ctl" -c "$conf" user add demo --name 王秀英 >>"$dir/log" || exit 99
failed=0

# journey NAME [PTY-OPTIONS...]: runs the script on standard input; a failed step shows itself and the screen.
journey() {
	name=$1
	shift
	cat >"$dir/$name"
	"$pty" -w 20000 "$@" "$dir/$name" "$kiosk" -c "$conf" >"$dir/out" || {
		echo "journey $name failed"
		failed=1
	}
}

journey wrong-pin <<'STEPS'
wait 登录名
field demo
field 135790
wait 登录名或 PIN 不对
field 246802
wait 主菜单
key F8
wait 登录名
key F10
end
STEPS

journey book <<'STEPS'
wait 登录名
field demo
field 246802
wait 今日
type 1
wait 填好收件地和重量后
type 王秀英
wait 王秀英
field
field 138888
wait 手机号
key S-Tab
field 13888888888
field 宣威
wait 云南省曲靖市宣威市
field 宝山镇1号
paste 张三 13987654321\n湖北省恩施土家族苗族自治州恩施市三岔镇黄泥坡村二组12号
key Enter
wait 恩施市三岔镇
field 小黄姜
field 2
field 12斤
wait 12 斤 = 6.000 kg
wait 中通快递
field
field
field 123X
field 1
field
field
field 2+1.5
wait 3.50
key F2
wait 查验寄件人身份
key Space
key F2
wait 先开箱验视
key Space
key Enter
key Space
key F2
wait 已保存, 运单号
expect 单据等打印机好了再打
grab NO 运单号
wait 待传 1
key F1
wait 存并打印
key F1
key Esc
wait 今日   开单 1
key F10
wait 要退出程序吗
key F2
end
STEPS
no=$(sed -n 's/^NO=//p' "$dir/out")
[ -n "$no" ] || { echo "no waybill number on the screen"; failed=1; }
NO=$no
export NO

journey find-reprint-void <<'STEPS'
wait 登录名
field demo
field 246802
wait 今日
type dd
wait ${NO}
type zs
wait ${NO}
key Enter
wait 138******88
key F6
wait 重打哪一种
type 1
wait 原因
key F2
wait 此项必填
type 1
key F2
wait 标明补打
wait 面单 第 2 次
key F8
wait 要作废这一单吗
type 2
key F2
wait 已作废: 客人不寄了
key F8
wait 只有未交给快递的
key Esc
key Ctrl-K
wait 用途
type dl
key Enter
wait 退款单
key F6
key Esc
wait ${NO}
key Esc
wait 今日   开单 1   作废 1
quit
STEPS

journey numbers-scanned-one-after-the-other <<'STEPS'
wait 登录名
field demo
field 246802
wait 今日
type dd
wait ${NO}
field ${NO}
wait 138******88
field 88000001
wait 没有查到 88000001
gone 138******88
field ${NO}
wait 138******88
quit
STEPS

journey goods-by-initials-and-the-truth-about-the-queue <<'STEPS'
wait 登录名
field demo
field 246802
wait 今日
type 1
wait 填好收件地和重量后
key Down 8
type xhj
key Enter
wait 罗平小黄姜 10斤装
key Esc
wait 物品      > xhj
key F4
wait 罗平小黄姜 10斤装
key Enter
wait 物品        罗平小黄姜
key F8
wait 要重填吗
key F2
wait 填好收件地和重量后
key Esc
wait 今日
type dl
wait 没有设置平台
expect 打印程序没有启动
expect 待传
quit
STEPS

journey draft-after-the-line-drops <<'STEPS'
wait 登录名
field demo
field 246802
wait 今日
type 1
wait 填好收件地和重量后
key F7
wait 13888888888
type 李四
wait 李四
quit
STEPS
journey draft-comes-back <<'STEPS'
wait 登录名
field demo
field 246802
wait 未完成草稿
type 1
wait 已接着上次
expect 李四
expect 13888888888
key F8
wait 要重填吗
key F2
wait 填好收件地和重量后
key Esc
wait 今日
quit
STEPS

journey places-by-initials <<'STEPS'
wait 登录名
field demo
field 246802
wait 今日
type 1
wait 填好收件地和重量后
key Down 6
key F4
wait 全国
type 罗平
wait 530324
key Enter
wait 罗雄
key F2
wait 云南省曲靖市罗平县
quit
STEPS

journey pick-people-and-couriers <<'STEPS'
wait 登录名
field demo
field 246802
wait 今日
type 1
wait 填好收件地和重量后
key F4
wait 联系人
type wxy
wait 第 1/1 条
key Enter
wait 宝山镇1号
key F7
wait 黄泥坡村二组12号
field 火腿
field
field 5kg
wait 中国邮政EMS
field
field
field 1234
key F4
wait 现在不能选的原因
wait 单号要联网取
key Down 4
key Enter
wait 原因写在该行
key Home
key Enter
wait 中通快递 标准快递
key F5
wait 运费
key F8
wait 要重填吗
key F2
wait 填好收件地和重量后
quit
STEPS

# A clerk who walks away is locked out, and comes back to the same form.
{ cat "$conf"; printf '[kiosk]\nidle_s = 2\n'; } >"$dir/station/idle.conf"
printf 'wait 今日\ntype 1\nwait 填好收件地和重量后\ntype 赵六\nwait 已锁定\nkey Esc\nfield 135790\nwait 不对\nfield 246802\nwait 收寄开单\nexpect 赵六\nquit\n' >"$dir/lock"
"$pty" "$dir/lock" "$kiosk" -c "$dir/station/idle.conf" --sign-in-as demo --pin-fd 9 9<<'PIN' || failed=1
246802
PIN

# What cannot start says why, names the file, and is no crash.
refuses() {
	code=$1 text=$2
	shift 2
	"$@" </dev/null >"$dir/out" 2>&1
	got=$?
	[ "$got" -eq "$code" ] && grep -qF -- "$text" "$dir/out" || {
		echo "$*: exit $got, not $code, or no \"$text\":"
		cat "$dir/out"
		failed=1
	}
}
refuses 3 "$dir/none.conf" "$kiosk" -c "$dir/none.conf"
refuses 3 需要终端 "$kiosk" -c "$conf"
refuses 2 用法 "$kiosk" --no-such-option
mkdir "$dir/empty"
printf '[station]\ndir = .\n' >"$dir/empty/yizhan.conf"
refuses 3 "$dir/empty" "$kiosk" -c "$dir/empty/yizhan.conf"
printf 'not a database' >"$dir/empty/station.db"
refuses 3 "$dir/empty" "$kiosk" -c "$dir/empty/yizhan.conf"

YZ_KIOSK_CONF=$conf "$build/tests/e2e/test_kiosk" >"$dir/out" 2>&1 || {
	cat "$dir/out"
	failed=1
}
exit "$failed"
