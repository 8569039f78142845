# Makes base/width.inc: ranges of zero and double width from EastAsianWidth.txt (first file) and
# UnicodeData.txt (second file). Planes 2 and 3 are wide whether assigned or not. No gawk
# extensions.
function hex(s,   i, v) {
	v = 0
	for (i = 1; i <= length(s); i++)
		v = v * 16 + index("0123456789ABCDEF", toupper(substr(s, i, 1))) - 1
	return v
}
BEGIN { FS = ";" }
NR == FNR {
	if ($0 ~ /^#/ || $0 == "") next
	split($2, w, /[ #]/)
	if (w[1] != "W" && w[1] != "F") next
	n = split($1, r, /\.\./)
	a = hex(r[1]); b = n > 1 ? hex(r[2]) : a
	if (a >= 131072) next
	for (c = a; c <= b; c++) wide[c] = 1
	next
}
{
	c = hex($1)
	if ($3 == "Mn" || $3 == "Me" || ($3 == "Cf" && c != 173)) zero[c] = 1
}
END {
	for (c = 4448; c <= 4607; c++) zero[c] = 1 # Hangul vowels and finals join the syllable before them
	first = -1; kind = 0
	for (c = 768; c <= 131072; c++) {
		k = c == 131072 ? 0 : zero[c] ? 1 : wide[c] ? 2 : 0
		if (k == kind) continue
		if (kind) printf "{0x%X, 0x%X, %d},\n", first, c - 1, kind == 2 ? 2 : 0
		first = c; kind = k
	}
	print "{0x20000, 0x3FFFD, 2},"
	print "{0xE0001, 0xE01EF, 0},"
}
