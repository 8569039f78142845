# Reads gcov's text for many objects and prints a line a folder: "folder percent lines-run lines".
# A line counts once, however many objects hold it. -v top= is the source's folder with its slash.
{
	n = index($0, ":")
	count = substr($0, 1, n - 1)
	rest = substr($0, n + 1)
	m = index(rest, ":")
	line = substr(rest, 1, m - 1) + 0
	text = substr(rest, m + 1)
	gsub(/ /, "", count)
}
line == 0 && text ~ /^Source:/ {
	file = substr(text, 8)
	sub(/^(\.\.\/)+/, "", file)
	if (index(file, top) == 1) file = substr(file, length(top) + 1)
	folder = file
	sub(/\/.*/, "", folder)
	use = folder ~ /^(base|store|station|net|print|tui|ctl)$/ && file !~ /^\//
	next
}
line > 0 && use && count != "-" {
	key = file ":" line
	if (!(key in seen)) { seen[key] = 1; lines[folder]++ }
	if (count !~ /^[#=]/ && !(key in ran)) { ran[key] = 1; hit[folder]++ }
}
END {
	for (f in lines) printf "%s %.1f %d %d\n", f, 100 * hit[f] / lines[f], hit[f], lines[f] | "sort"
}
