#!/bin/sh
# Who may include whom: the folders of the house, and each library in its one place.
. "$(dirname "$0")/common"

c_files | xargs -r awk '
	function layer(path) { return match(path, /^[a-z]+\//) ? substr(path, 1, RLENGTH - 1) : "" }
	function wrong(why) { printf "%s:%d: %s\n", FILENAME, FNR, why }
	function only(header, where) {
		if (name ~ header && FILENAME !~ where) wrong(name " belongs in " where " only")
	}
	BEGIN {
		may["base"] = "base"
		may["store"] = "base store"
		may["station"] = "base store station"
		may["net"] = "base store station net"
		may["print"] = "base store station print"
		may["tui"] = "base store station tui"
		may["ctl"] = "base store station net print ctl"
	}
	/^[ \t]*#[ \t]*include[ \t]*[<"]/ {
		name = $0
		sub(/^[^<"]*[<"]/, "", name)
		sub(/[>"].*/, "", name)
		from = layer(FILENAME)
		to = layer(name)
		if ($0 ~ /"/ && from in may && to in may && index(" " may[from] " ", " " to " ") == 0)
			wrong(from "/ may not include " to "/")
		if ($0 ~ /"\.\./) wrong("include from the top folder, not with ..")
		if (from == "tests") next
		only("^(n?curses|ncursesw/|term\\.h|panel\\.h|form\\.h|menu\\.h)", "^tui/")
		only("^curl/", "^net/")
		only("^sqlite3\\.h", "^store/")
		only("^c?[jJ][sS][oO][nN]/|^cJSON", "^(station/opbody|net/wire[a-z_]*|ctl/[a-z_]+)\\.c$")
		only("^libxml/", "^(print/template[a-z_]*\\.c$|ctl/)")
		only("^(cairo|pango|zint)", "^print/")
		if (name ~ /^cups\//) { cups[FILENAME] = FNR; if (from != "print") wrong("cups belongs in print/ only") }
	}
	END {
		for (f in cups) n++
		if (n > 1) for (f in cups) printf "%s:%d: cups belongs in one file only, here are %d\n", f, cups[f], n
	}' >"$found"
verdict
