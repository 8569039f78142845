# scripts/lib.sh: what ./demo, ./check and .ci/run share: places, Debian packages, build trees.
# To be sourced by bash with $top set to the top folder of the source.
# shellcheck shell=bash disable=SC2034,SC2154

# Nothing of the caller's surroundings may change an answer: no locale, no odd umask; a user's
# PATH lacks sbin.
export PATH="${PATH:-/usr/bin:/bin}:/usr/local/sbin:/usr/sbin:/sbin"
export LC_ALL=C.UTF-8 TERM="${TERM:-dumb}"
unset LANG LANGUAGE CDPATH GREP_OPTIONS MAKEFLAGS MAKELEVEL CUPS_SERVER
umask 022

jobs=$(nproc)

say() { printf '%s\n' "$*"; }
die() { # die STATUS SENTENCE...
	local status=$1
	shift
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit "$status"
}

# ---- packages: the one list. A word a package, by what it is for. -------------------------------
packages_build="autoconf automake gcc libc6-dev make pkgconf gettext bzip2 unicode-data libncurses-dev
	libcurl4-openssl-dev libssl-dev libcjson-dev libxml2-dev libcups2-dev libsqlite3-dev libsodium-dev libzint-dev
	libcairo2-dev libpango1.0-dev libinih-dev zlib1g-dev liblzma-dev libcmocka-dev libmicrohttpd-dev
	libgnutls28-dev libvterm-dev"
packages_demo="fonts-wqy-microhei fonts-noto-cjk cups-daemon cups-client cups-ipp-utils cups-filters
	poppler-utils sqlite3 zbar-tools"
packages_check="tmux"
packages_contract="curl openssl" # and nodejs and npm, unless they are there in another way
packages_all="clang clang-format clang-tidy libclang-rt-14-dev cppcheck valgrind shellcheck"

packages_missing() { # packages_missing PACKAGE...: those of them that are not installed
	local have p
	have=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null)
	for p in "$@"; do
		[[ $'\n'$have$'\n' == *$'\n'"installed $p"$'\n'* ]] || printf '%s ' "$p"
	done
}

# Installs what is missing; apt and the network are left alone when nothing is. Exit 75 when that
# takes
# somebody else's rights.
packages_need() { # packages_need PACKAGE...
	local missing as_root log
	command -v dpkg-query >/dev/null ||
		die 3 "this is not Debian: install by hand what packages_* in scripts/lib.sh names"
	missing=$(packages_missing "$@")
	missing=${missing% }
	[ -n "$missing" ] || return 0
	if [ "$(id -u)" = 0 ]; then
		as_root="env"
	elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
		as_root="sudo -n env"
	else
		say "Packages are missing. Run this one line as root, then start again:"
		say "apt-get update && apt-get install -y --no-install-recommends $missing"
		exit 75
	fi
	say "installing with apt: $missing"
	log=$(mktemp /tmp/yizhan-apt-XXXXXX)
	# shellcheck disable=SC2086 # words on purpose
	if ! { $as_root apt-get update && $as_root DEBIAN_FRONTEND=noninteractive apt-get install -y \
		--no-install-recommends -o DPkg::Lock::Timeout=600 $missing; } >"$log" 2>&1 </dev/null; then
		tail -n 30 "$log" >&2
		rm -f "$log"
		die 3 "apt could not install the packages (its last lines are above)"
	fi
	rm -f "$log"
}

# ---- build trees --------------------------------------------------------------------------------
# build/ is the plain optimised build; every other kind has a folder of its own inside it.
quietly() { # quietly LOG COMMAND...: the output goes to LOG and is shown only when the command fails
	local log=$1
	shift
	if ! "$@" >"$log" 2>&1 </dev/null; then
		grep -E -A 8 -m 5 '(error|Error|undefined reference|warning):' "$log" >&2 || tail -n 60 "$log" >&2
		say "failed: $*" >&2
		say "whole log: $log" >&2
		return 1
	fi
}

make_configure() {
	local made=$top/configure
	[ -f "$top/Makefile.in" ] && [ "$made" -nt "$top/configure.ac" ] &&
		[ "$top/Makefile.in" -nt "$top/Makefile.am" ] && return 0
	quietly "$top/build/autogen.log" "$top/autogen.sh" && touch "$top/configure" "$top/Makefile.in"
}

tree_configure() { # tree_configure FOLDER [CONFIGURE ARGUMENT]...: again only if the arguments changed
	local folder=$1
	shift
	mkdir -p "$folder" && make_configure || return 1
	if [ ! -f "$folder/Makefile" ] || [ "$(cat "$folder/arguments" 2>/dev/null)" != "$*" ] ||
		[ "$top/configure" -nt "$folder/config.status" ]; then
		(cd "$folder" && quietly "$folder/configure.log" "$top/configure" "$@") || return 1
		printf '%s\n' "$*" >"$folder/arguments"
	fi
}

tree_make() { # tree_make FOLDER TARGET...
	local folder=$1
	shift
	quietly "$folder/make.log" make -C "$folder" -j"$jobs" "$@"
}

# Builds TARGETs in a tree; two copies of a script in one clone build after one another.
tree_build() { # tree_build FOLDER [CONFIGURE ARGUMENT]... -- TARGET...
	local folder=$1 arguments=()
	shift
	while [ "$1" != -- ]; do
		arguments+=("$1")
		shift
	done
	shift
	mkdir -p "$top/build"
	(
		flock 9
		tree_configure "$folder" "${arguments[@]}" && tree_make "$folder" "$@"
	) 9>"$top/build/lock"
}
