#!/bin/bash
# yizhanctl verify on a station that is whole, one with a changed row, and a marked one.
set -u
ctl=$YZ_BUILDDIR/yizhanctl
dir=$(mktemp -d /tmp/yizhan-XXXXXX) || exit 3
trap 'rm -rf "$dir"' EXIT
failed=0
export LC_ALL=en_US.UTF-8

# expect CODE TEXT ARGS...: the exit code, and a text in either output.
expect() {
	local want=$1 text=$2 code=0
	shift 2
	"$ctl" -c "$dir/s/yizhan.conf" "$@" >"$dir/out" 2>&1 || code=$?
	if [ $code -ne "$want" ] || ! grep -qF -- "$text" "$dir/out"; then
		echo "yizhanctl $*: exit $code, wanted $want and '$text'; it said:"
		cat "$dir/out"
		failed=1
	fi
}

expect 0 'is set up' init "$dir/s" --id QJ1 --name 站 --code 530381100
expect 0 'whole' verify
expect 0 'whole' verify "$dir/s"
expect 0 '"ok":true' --json verify "$dir/s/station.db"
expect 2 'Use it' verify one two
expect 3 'No such file' verify "$dir/nowhere.db"

# One row changed behind the store's back: nothing more is saved until it is mended.
sqlite3 "$dir/s/station.db" "UPDATE station SET phone = '13800000000'"
expect 1 'rows of station are not those' verify
expect 1 'rescue' verify
[ -s "$dir/s/damaged" ] || { echo "the station is not marked"; failed=1; }
echo 739105 | "$ctl" -c "$dir/s/yizhan.conf" user add wang --name 王 >"$dir/out" 2>&1 &&
	{ echo "a damaged station takes a clerk"; failed=1; }
grep -q 'nothing new can be saved' "$dir/out" || { echo "it does not say why:"; cat "$dir/out"; failed=1; }
expect 0 '[]' --json outbox list
sqlite3 "$dir/s/station.db" "UPDATE station SET phone = ''"
expect 0 'whole' verify
[ -e "$dir/s/damaged" ] && { echo "a whole station stays marked"; failed=1; }

# A restore that was cut off stays marked, however sound the file of the moment is.
echo 'the database was being replaced' >"$dir/s/replacing"
expect 1 'was cut off' verify
[ -s "$dir/s/replacing" ] || { echo "verify took the mark of a replacement away"; failed=1; }
rm "$dir/s/replacing"
expect 0 'whole' verify
exit $failed
