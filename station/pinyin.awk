# Makes station/pinyin.inc from Unihan_Readings.txt: the list of toneless syllables, then per character its readings.
# Order of trust: kMandarin (the usual reading), kHanyuPinlu (by frequency), kTGHZ2013, kXHC1983. kHanyuPinyin is left
# out where any of them knows the character: its many ancient readings only make searches vague. No gawk extensions.
function hex(s,   i, v) {
	v = 0
	for (i = 1; i <= length(s); i++)
		v = v * 16 + index("0123456789ABCDEF", substr(s, i, 1)) - 1
	return v
}
function plain(s,   i) {
	for (i = 1; i <= marks; i++)
		gsub(from[i], to[i], s)
	return s
}
function add(c, s) {
	s = plain(s)
	if (s !~ /^[a-z]+$/ || index(" " r[c] " ", " " s " ") || n[c] >= 8) return
	r[c] = r[c] (n[c] ? " " : "") s
	n[c]++
	if (!(s in syllable)) { syllable[s] = 1; list[++syllables] = s }
}
function pair(f, t) { from[++marks] = f; to[marks] = t }
BEGIN {
	FS = "\t"
	split("ā á ǎ à", a, " "); for (i = 1; i <= 4; i++) pair(a[i], "a")
	split("ē é ě è ê̄ ế ê̌ ề ê", a, " "); for (i = 1; i <= 9; i++) pair(a[i], "e")
	split("ī í ǐ ì", a, " "); for (i = 1; i <= 4; i++) pair(a[i], "i")
	split("ō ó ǒ ò", a, " "); for (i = 1; i <= 4; i++) pair(a[i], "o")
	split("ū ú ǔ ù", a, " "); for (i = 1; i <= 4; i++) pair(a[i], "u")
	split("ǖ ǘ ǚ ǜ ü", a, " "); for (i = 1; i <= 5; i++) pair(a[i], "v")
	split("ń ň ǹ", a, " "); for (i = 1; i <= 3; i++) pair(a[i], "n")
	split("ḿ", a, " "); pair(a[1], "m")
	pair("̀", ""); pair("̄", ""); pair("̌", "")
}
$2 == "kMandarin" { m[substr($1, 3)] = $3; seen[substr($1, 3)] = 1 }
$2 == "kHanyuPinlu" { l[substr($1, 3)] = $3; seen[substr($1, 3)] = 1 }
$2 == "kTGHZ2013" || $2 == "kXHC1983" { x[substr($1, 3)] = x[substr($1, 3)] " " $3; seen[substr($1, 3)] = 1 }
$2 == "kHanyuPinyin" { h[substr($1, 3)] = $3; seen[substr($1, 3)] = 1 }
END {
	for (c in seen) {
		k = split(m[c], w, " ")
		for (i = 1; i <= k; i++) add(c, w[i])
		k = split(l[c], w, " ")
		for (i = 1; i <= k; i++) { sub(/\(.*/, "", w[i]); add(c, w[i]) }
		k = split(x[c], w, " ")
		for (i = 1; i <= k; i++) {
			sub(/^.*:/, "", w[i])
			q = split(w[i], v, ",")
			for (j = 1; j <= q; j++) add(c, v[j])
		}
		if (!n[c]) {
			k = split(h[c], w, " ")
			for (i = 1; i <= k; i++) {
				sub(/^.*:/, "", w[i])
				q = split(w[i], v, ",")
				for (j = 1; j <= q; j++) add(c, v[j])
			}
		}
	}
	print "static const char *const syllables[] = {"
	for (i = 1; i <= syllables; i++) { printf "\"%s\",%s", list[i], i % 10 ? " " : "\n"; number[list[i]] = i - 1 }
	print "};"
	# a character's readings are `count` entries of readings[] from `first` on; in code order
	at = 0
	print "static const uint16_t readings[] = {"
	top = hex("323AF")
	for (c in seen) byhex[hex(c)] = c
	for (u = hex("3400"); u <= top; u++) {
		if (!(u in byhex) || !n[byhex[u]]) continue
		k = split(r[byhex[u]], w, " ")
		for (i = 1; i <= k; i++) printf "%d,%s", number[w[i]], ++at % 20 ? "" : "\n"
		order[++chars] = u; first[chars] = at - k; count[chars] = k
	}
	print "};"
	# code << 4 | count, ascending; and where the readings start
	print "static const uint32_t characters[] = {"
	for (i = 1; i <= chars; i++) printf "%d,%s", order[i] * 16 + count[i], i % 12 ? "" : "\n"
	print "};\nstatic const uint16_t starts[] = {"
	for (i = 1; i <= chars; i++) printf "%d,%s", first[i], i % 16 ? "" : "\n"
	print "};"
}
