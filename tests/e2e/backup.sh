#!/bin/bash
# Backups: made while a station works, sealed, kept by number; a restore gives nothing out twice.
set -u
ctl=${YZ_BUILDDIR:?}/yizhanctl
data=${YZ_SRCDIR:?}/data
dir=$(mktemp -d /tmp/yizhan-XXXXXX) || exit 99
trap 'rm -rf "$dir"' EXIT
failed=0
export LC_ALL=en_US.UTF-8

# expect CODE TEXT ARGS...: the exit code, and a text that standard output or error must hold.
expect() {
	code=$1 text=$2
	shift 2
	"$ctl" -c "$dir/s/yizhan.conf" --data "$data" "$@" >"$dir/out" 2>&1 </dev/null
	got=$?
	[ "$got" -eq "$code" ] || { echo "$*: exit $got, not $code"; cat "$dir/out"; failed=1; }
	grep -qF -- "$text" "$dir/out" || { echo "$*: no \"$text\" in:"; cat "$dir/out"; failed=1; }
}

wrong() { echo "$1"; failed=1; }
sql() { sqlite3 -readonly "$dir/s/station.db" "$1"; }

expect 0 'is set up' init "$dir/s" --id QJ1 --name 站 --code 530381100 --phone 13800000001
printf 'courier,first,last,check\nZTO,73100000000001,73100000000500,none\n' >"$dir/n.csv"
expect 0 '1 row' import numbers "$dir/n.csv"
expect 3 'owner key' backup
expect 1 'There is no owner key' doctor
expect 0 'two sticks' owner-key new "$dir/key"
[ "$(stat -c %a "$dir/key")" = 600 ] || wrong "the owner's key is not 0600"
expect 3 'never written over' owner-key new "$dir/key"
expect 1 'No backup was made yet' doctor
expect 1 'No old copy of the database' doctor
umask 022 # root's; the timer's user must be able to go on
expect 0 'made, checked and sealed' backup
[ "$(stat -c %a "$dir/s/backups")" = 2770 ] || [ "$(stat -c %a "$dir/s/backups")" = 770 ] ||
	wrong "the folder of the backups is $(stat -c %a "$dir/s/backups")"
[ "$(stat -c %a "$dir/s/run/backup.lock")" = 660 ] || wrong "backup.lock is not its group's"
expect 1 'The last backup is 0 minutes old' doctor
first=$(echo "$dir"/s/backups/QJ1-000001-*.yzbak)
[ -s "$first" ] || wrong "no backup 1"
grep -aq 13800000001 "$first" && wrong "a phone stands in the sealed backup"
[ -e "$dir/s/backup.tmp" ] && wrong "the open copy was left"

# 24 by the hour and the last of 14 days are kept; the number orders them, whatever the clock says.
for n in $(seq -w 2 40); do
	: >"$dir/s/backups/QJ1-0000$n-202611$(printf %02d $((10#$n / 2)))-1$((10#$n % 10))0000.yzbak"
done
: >"$dir/s/backups/notes.txt"
expect 0 '"kept":25' --json backup
[ -e "$dir/s/backups/notes.txt" ] || wrong "a file that is no backup was removed"
compgen -G "$dir/s/backups/QJ1-000041-*" >/dev/null || wrong "the newest has not number 41"
expect 0 'made' backup --to "$dir/stick"
ls "$dir"/stick/QJ1-000001-*.yzbak >/dev/null || wrong "no backup on the stick"
last=$(echo "$dir"/stick/QJ1-000001-*.yzbak)

# Work after the backup: numbers that only the replaced database knows.
sqlite3 "$dir/s/station.db" "UPDATE pool SET next = next + 7; INSERT INTO counter VALUES('order', 41)"
cp "$dir/key" "$dir/other" && sed -i 's/key-1:...../key-1:AAAAA/' "$dir/other"
expect 3 'another key' restore "$last" --key "$dir/other"
head -c $(($(stat -c %s "$last") / 2)) "$last" >"$dir/cut.yzbak"
expect 3 'cut short' restore "$dir/cut.yzbak" --key "$dir/key"
sed '1s/^YZVAULT1/YZVAULT2/' "$last" >"$dir/changed.yzbak"
expect 3 'no backup of yizhan' restore "$dir/changed.yzbak" --key "$dir/key"
cp "$dir/key" "$dir/open" && chmod 644 "$dir/open"
expect 3 'can read the secret key' restore "$last" --key "$dir/open"
[ "$(sql "SELECT value FROM counter WHERE name = 'order'")" = 41 ] || wrong "a refused restore changed something"

# Not while a program of the station runs.
"$YZ_BUILDDIR/yizhan-print" -c "$dir/s/yizhan.conf" >"$dir/print.log" 2>&1 &
printer=$!
for _ in $(seq 300); do [ -S "$dir/s/run/print" ] && break; sleep 0.1; done
expect 75 'still run' restore "$last" --key "$dir/key"
kill "$printer"; wait "$printer" 2>/dev/null

# An operation that only the replaced database holds is not left behind by the way.
sqlite3 "$dir/s/station.db" "INSERT INTO outbox(id, ord, agg, agg_ver, kind, schema, digest, created_ms,
	mono_ms, boot_id, trust, state, attempts, next_ms, code, reason, field, server_id) VALUES(
	randomblob(16), 1, 'shipment:1', 1, 'shipment.book', 1, randomblob(32), 1, 1, 'b', 0, 0, 0, 0, '', '', '', '')"
expect 3 'are not sent yet' restore "$last" --key "$dir/key"
[ -e "$dir/s/station.db.kept-1" ] && wrong "a refused restore replaced the database"
expect 0 '1 operations that were never sent stand only in' restore "$last" --key "$dir/key" --leave-unsent
[ -s "$dir/s/station.db.kept-1" ] || wrong "the replaced database was not kept"
[ -e "$dir/s/restore.tmp" ] && wrong "the workshop was left"
[ "$(stat -c %a "$dir/s/station.db")" = 660 ] || wrong "the restored database is not 0660"
expect 0 'whole' verify
[ "$(sql "SELECT value FROM meta WHERE key = 'agent.epoch'")" = 2 ] || wrong "agent.epoch is not 2"
[ "$(sql "SELECT value > 41 FROM counter WHERE name = 'order'")" = 1 ] || wrong "station numbers start again"
[ "$(sql "SELECT sum(hi - next + 1) FROM pool")" = 0 ] || wrong "a number may be given out twice"

expect 1 'not sealed: station.db.kept-1' doctor

# A lost disk: nothing to compare with, and the epoch still goes up, far.
rm -f "$dir"/s/station.db*
expect 0 'in place' restore "$last" --key "$dir/key"
[ "$(sql "SELECT value > 1000 FROM meta WHERE key = 'agent.epoch'")" = 1 ] || wrong "the epoch may be an old one"
[ "$(sql "SELECT value >= 100000 FROM counter WHERE name = 'order'")" = 1 ] || wrong "station numbers may start again"
expect 0 '"ok":true' --json verify

# Rescue: from the damaged file alone, and with a backup what only that still has.
sqlite3 "$dir/s/station.db" 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
page=$(sql "SELECT rootpage FROM sqlite_schema WHERE name = 'recipient'")
dd if=/dev/urandom of="$dir/s/station.db" bs=2048 seek=$((page - 1)) count=1 conv=notrunc 2>/dev/null
expect 1 'rescue' verify
expect 3 'damaged' import numbers "$dir/n.csv"
expect 2 'Use it' rescue --key "$dir/key"
cp "$dir/s/station.db" "$dir/was"
expect 0 'In 1 tables' rescue
cmp -s "$dir/was" "$dir/s/station.db.kept-1" || wrong "the damaged file was not kept as it was"
expect 0 'whole' verify
expect 3 'owner key' backup
cp "$dir/was" "$dir/s/station.db" && rm -f "$dir"/s/station.db-*
expect 1 'damaged' verify
expect 0 'from the backup' rescue --backup "$last" --key "$dir/key"
expect 0 '"ok":true' --json verify
[ -e "$dir/s/damaged" ] && wrong "a rescued station stays marked"
expect 0 'made' backup

# Another station's backup is no help, and where the damaged one cannot say whose it is, one must.
"$ctl" init "$dir/o" --id QJ2 --name 邻站 --code 530381100 >/dev/null &&
	"$ctl" -c "$dir/o/yizhan.conf" owner-key new "$dir/okey" >/dev/null &&
	"$ctl" -c "$dir/o/yizhan.conf" backup --to "$dir/ostick" >/dev/null || wrong "no second station"
theirs=$(echo "$dir"/ostick/QJ2-*.yzbak)
expect 3 'of another station' rescue --backup "$theirs" --key "$dir/okey"
[ "$(sql 'SELECT id FROM station')" = QJ1 ] || wrong "a refused rescue changed the station"
echo 'no database' >"$dir/s/station.db" && rm -f "$dir"/s/station.db-*
expect 3 'Restore the newest backup' rescue
expect 3 'name the station with --id' rescue --backup "$theirs" --key "$dir/okey"
expect 3 'of another station' rescue --backup "$theirs" --key "$dir/okey" --id QJ1
expect 0 'from the backup' rescue --backup "$last" --key "$dir/key" --id QJ1
[ "$(sql 'SELECT id FROM station')" = QJ1 ] || wrong "the rescue is of another station"
exit $failed
