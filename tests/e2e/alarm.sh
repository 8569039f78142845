#!/bin/sh
# alarm.sh: what a clerk sees when the station is in trouble: numbers that run low, a disk that is
# nearly full, a damaged database. Nothing typed may be lost, no parcel taken that cannot be kept.
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
printf 'courier,first,last,check\nZTO,73100000000001,73100000000012,none\n' >"$dir/numbers.csv"
"$ctl" -c "$conf" import numbers "$dir/numbers.csv" >>"$dir/log" || exit 99
echo 246802 | "$ctl" -c "$conf" user add demo --name 王秀英 >>"$dir/log" || exit 99
failed=0

# journey NAME CONF: as a clerk who signs in, runs the script on standard input.
journey() {
	{ printf 'wait 登录名\nfield demo\nfield 246802\n' && cat; } >"$dir/$1"
	"$pty" -w 20000 "$dir/$1" "$kiosk" -c "$2" >"$dir/out" || {
		echo "journey $1 failed"
		failed=1
	}
}

journey numbers-run-low "$conf" <<'STEPS'
wait 中通快递 的单号只剩 12 个
type dl
wait 中通快递 的单号只剩 12 个
quit
STEPS

cat >"$dir/full" <<'STEPS'
wait 磁盘快满了: 不要收件
expect [磁盘快满]
type 1
wait 磁盘快满了: 不要收件
paste 王秀英 13888888888 云南省曲靖市宣威市宝山镇1号
key Enter
paste 张三 13987654321 湖北省恩施土家族苗族自治州恩施市三岔镇黄泥坡村二组12号
key Enter
wait 恩施市三岔镇
field 小黄姜
key Enter
field 12斤
wait 中通快递
key Enter 2
field 4321
field 1
key Enter 5
key Space
key Enter
key Space
key Enter
key Space
key F2
wait 清理磁盘
expect 黄泥坡村二组12号
key Esc
wait 今日   开单 0
type 1
wait 黄泥坡村二组12号
quit
STEPS
# A disk of 56 MiB of our own, where this machine lets us have one.
if unshare -Urm true 2>/dev/null; then
	mkdir "$dir/small"
	# shellcheck disable=SC2016 # expanded by the inner shell
	unshare -Urm sh -c 'mount -t tmpfs -o size=56m tmpfs "$1/small" && mkdir "$1/small/station" &&
		cp "$1"/station/station.db* "$1/station/yizhan.conf" "$1/small/station/" || exit 98
		{ printf "wait 登录名\nfield demo\nfield 246802\n" && cat "$1/full"; } >"$1/full.keys"
		exec "$2" -w 20000 "$1/full.keys" "$3" -c "$1/small/station/yizhan.conf"' \
		sh "$dir" "$pty" "$kiosk" >"$dir/out" || {
		echo "journey disk-nearly-full failed"
		failed=1
	}
else
	echo "no file system of our own here: the nearly full disk was not tried"
fi

echo 'table product: 1 row is not as it was written' >"$dir/station/damaged"
journey damaged "$conf" <<'STEPS'
wait 只读不写
expect table product: 1 row
expect 不要在这台机上收件收钱
key Esc
wait 数据库损坏: 只能查看
type 1
wait 马上叫站长
expect 主菜单
type 5
wait HZTD
key Enter
wait 会泽马铃薯
key F2
wait 不能保存
key Esc
wait HZTD
key Esc
wait 主菜单
type dl
wait 数据库损坏: 只能查看
quit
STEPS
exit "$failed"
