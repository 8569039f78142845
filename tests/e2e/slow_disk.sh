#!/bin/sh
# slow_disk.sh: the kiosk on a disk whose syncs take as long as the test likes; its twin waits for drafts.
set -u
build=${YZ_BUILDDIR:?} data=${YZ_SRCDIR:?}/data
dir=$(mktemp -d /tmp/yizhan-XXXXXX) || exit 99
trap 'rm -rf "$dir"' EXIT
unset LC_ALL LC_MESSAGES LANG NO_COLOR

ctl() { "$build/yizhanctl" -c "$dir/station/yizhan.conf" "$@" >>"$dir/log"; }

"$build/yizhanctl" init "$dir/station" --id QJ530381001 --name 宝山镇电商公共服务站 --code 530381 >"$dir/log" || exit 99
for kind in divisions couriers units catalogue; do
	ctl import $kind "$data/$kind.csv" || exit 99
done
ctl import tariff "$data/tariff-example.csv" && ctl import numbers "$data/numbers-example.csv" || exit 99
echo 246810 | ctl user add demo --name 王秀英 || exit 99
# A program finds its words in a folder beside it.
cp "$build/tests/e2e/twin_drafts" "$dir/" && ln -s "$build/locale" "$dir/locale" || exit 99
YZ_KIOSK_CONF=$dir/station/yizhan.conf YZ_SLOW_DIR=$dir "$build/tests/e2e/test_slow_disk"
