# scripts/demo-auto.sh: ./demo --auto: a script works at the kiosk, and what came of it is compared.
# To be sourced by demo, with the station up.
# shellcheck shell=bash
# shellcheck disable=SC2154 # the names of tests/fixtures/station.sh

# The new papers of this run, sorted by their width: a label is 100 mm wide, a receipt 80 mm.
collect_papers() { # collect_papers DIR
	local document size
	for document in "$run"/cups/got/*.pwg "$run"/cups/got/*.pdf; do
		[ -e "$document" ] || continue
		size=$(paper_picture "$document" "$run/paper.png") || continue
		case $size in
		79[0-9]*) mv "$run/paper.png" "$1/waybill.png" && papers+="waybill " ;;
		*) mv "$run/paper.png" "$1/receipt.png" && papers+="receipt " ;;
		esac
	done
}

courier_name() { # courier_name WAYBILL: as the couriers' file has it
	local code
	code=$(sqlite3 -readonly "$state/station/station.db" \
		"SELECT courier FROM shipment WHERE waybill_no = '$1'")
	awk -F, -v code="$code" '$1 == code { print $2 }' "$top/data/couriers.csv"
}

# What the label says, from the station's records, in the shape that the template reads.
label_data() { # label_data WAYBILL
	sqlite3 -readonly "$state/station/station.db" "
		WITH s AS (SELECT * FROM shipment WHERE waybill_no = '$1'),
			p(role, who) AS (SELECT role, json_object('name', name, 'phone', phone, 'region', region,
				'detail', detail) FROM party WHERE shipment = (SELECT seq FROM s))
		SELECT json_object('station', (SELECT json_object('id', id, 'name', name, 'phone', phone,
				'address', region || detail) FROM station), 'waybill', json_object('no', waybill_no), 'order_no', station_no,
			'courier', json_object('code', courier, 'name', '$(courier_name "$1")'), 'service', service,
			'sender', (SELECT json(who) FROM p WHERE role = 0),
			'receiver', (SELECT json(who) FROM p WHERE role = 1),
			'goods', (SELECT group_concat(name, '、') FROM line WHERE shipment = s.seq),
			'pieces', pieces, 'weight_g', weight_g, 'billed_g', billed_g,
			'freight_fen', freight_fen, 'insured_fen', insured_fen,
			'insurance_fen', insurance_fen, 'packing_fen', packing_fen,
			'total_fen', total_fen, 'payer', payer,
			'identity_seen', iif(identity_seen, 'yes', ''), 'inspected', iif(inspected, 'yes', ''),
			'terms_read', iif(terms_read, 'yes', ''), 'print_no', 1,
			'booked_at', strftime('%Y-%m-%dT%H:%M:%S+08:00', booked_ms / 1000 + 28800, 'unixepoch'))
		FROM s"
}

is_on_platform() { [ "$(platform_count "$1")" = 1 ]; }

is_printed() { # both papers have arrived
	[ "$(find "$run/cups/got" -name '*.pwg' -o -name '*.pdf' | wc -l)" -ge 2 ]
}

is_settled() { # no paper is still on its way: else the next run finds it forgotten by a new CUPS
	[ "$(sqlite3 -readonly "$state/station/station.db" \
		"SELECT count(*) FROM print_job WHERE state IN (0, 1)")" = 0 ]
}

demo_auto() { # demo_auto DIR
	local to waybill code papers="" pages
	mkdir -p "$1/screens" && to=$(cd "$1" && pwd -P) || die 3 "cannot write to $1"
	rm -f "$to"/*.png "$to"/waybill.* "$to/platform.json" "$to"/screens/*.txt

	SCREENS=$to/screens LOGIN=$station_clerk PIN=$station_pin COURIER=3 \
		"$built/tests/e2e/pty" -s 24x80 -w 20000 "$top/tests/e2e/demo.keys" \
		"$built/yizhan" -c "$conf" >"$run/log/keys" || {
		tail -n 20 "$run"/log/{sync,print} >&2
		die 3 "the kiosk did not do what the script expected (above)"
	}
	grep -v '^waybill=' "$run/log/keys"
	waybill=$(sed -n 's/^waybill=//p' "$run/log/keys")
	[ -n "$waybill" ] || die 3 "the kiosk showed no waybill number"
	say "booked: waybill $waybill"

	wait_for 60 is_printed || die 1 "the printer did not receive the label and the receipt"
	wait_for 60 is_settled || die 1 "the station does not know that the papers came out"
	collect_papers "$to"
	say "printed: $papers"
	[ -f "$to/waybill.png" ] && [ -f "$to/receipt.png" ] || die 1 "a paper is missing"

	wait_for 60 is_on_platform "$waybill" ||
		die 1 "the platform holds $(platform_count "$waybill") shipments of waybill $waybill"
	platform_get /test/dump >"$to/platform.json" || die 3 "the platform does not answer"
	say "posted: the platform holds it once"

	label_data "$waybill" >"$run/label.json"
	"$built/yizhanctl" render waybill-100x180 --data "$run/label.json" \
		--as pdf -o "$to/waybill.pdf" || die 1 "the label could not be drawn as a PDF"
	say "drawn: waybill.pdf"

	for code in $(barcodes "$to/waybill.png"); do
		pages=$(platform_count "$code")
		[ "$code" != "$waybill" ] || [ "$pages" != 1 ] || {
			say "read: the barcode of the label is waybill $code, once on the platform"
			return 0
		}
	done
	die 1 "no barcode of the label is the waybill number of one shipment on the platform"
}
