# scripts/steps-all.sh: the slower steps of ./check: other compilers, analysers, fuzzing, coverage,
# measurements. To be sourced after steps.sh.
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2086,SC2046 # $top, $out, $jobs come from the caller; lists are split on purpose

clang=$top/build/clang
cov=$top/build/cov

# DWARF 4, because Debian's valgrind does not read what clang 14 writes by default.
build_clang() {
	tree_build "$clang" --enable-werror CC=clang "CFLAGS=-O1 -gdwarf-4" -- check TESTS=
}

run_distcheck() {
	tree_build "$top/build/dist" -- distcheck "TESTS=\$(UNIT_TESTS)" \
		DISTCHECK_CONFIGURE_FLAGS=--enable-werror
}

step_valgrind() {
	say "== unit tests under valgrind"
	result skip "valgrind tests/unit/test_store" "it waits for a lock by SIGRTMAX, which valgrind keeps for itself"
	tests_of "$clang" unit | grep -vx tests/unit/test_store | YZ_TEST_LIMIT_S=900 run_list valgrind "$clang" "$clang" \
		valgrind -q --num-callers=40 --error-exitcode=99 --suppressions="$top/tests/valgrind.supp" --leak-check=full --errors-for-leak-kinds=definite,indirect
}

sources() { # the .c files of the programs
	(cd "$top" && ls base/*.c store/*.c station/*.c net/*.c print/*.c tui/*.c tui/*/*.c ctl/*.c 2>/dev/null)
}

run_cppcheck() {
	cd "$top" && sources | cppcheck --file-list=- -q -j "$jobs" --std=c11 --language=c \
		--enable=warning,portability,performance --inline-suppr --error-exitcode=1 \
		--suppress=missingInclude --suppress=missingIncludeSystem --suppress=unknownMacro \
		--suppress=normalCheckLevelMaxBranches --library=posix -I "$top" -I "$asan" -DHAVE_CONFIG_H
}

compile_flags() { # what the compiler is told in build/clang, for tools that read the code
	make -s -C "$clang" list-flags
}

run_clang_tidy() {
	local flags
	flags=$(compile_flags)
	# one file a run: clang-tidy 14 sees uninitialised va_lists where it reads several
	cd "$top" && sources | xargs -P "$jobs" -n 1 sh -c '
		flags=$1
		shift
		clang-tidy --quiet "$@" -- $flags' sh "$flags"
}

# Each target runs for its share of the time on its corpus; what it finds new stays in build/fuzz.
step_fuzz() { # step_fuzz SECONDS
	local target name each list
	list=$(cd "$top" && ls tests/fuzz/fuzz_*.c 2>/dev/null)
	[ -n "$list" ] || {
		result skip "fuzzing" "there is no target in tests/fuzz"
		return
	}
	packages_need $packages_build $packages_all
	step "build for fuzzing" tree_build "$top/build/fuzz" CC=clang \
		"CFLAGS=-O1 -g -fsanitize=fuzzer-no-link,address" -- libs || return
	each=$(($1 / $(wc -w <<<"$list")))
	for target in $list; do
		name=$(basename "$target" .c)
		step "fuzz $name" fuzz_one "$target" "$name" $((each > 0 ? each : 1))
	done
}

fuzz_one() { # fuzz_one SOURCE NAME SECONDS
	local folder=$top/build/fuzz/$2 corpus=$top/tests/fuzz/corpus/${2#fuzz_}
	mkdir -p "$folder/found" && cd "$top/build/fuzz" || return 1
	clang -O1 -g -std=c11 -fsanitize=fuzzer,address -I "$top" -I . $(make -s list-flags) \
		-o "$folder/run" "$top/$1" $(make -s list-libs) || return 1
	[ -d "$corpus" ] || corpus=
	YZ_SRCDIR=$top "$folder/run" -max_total_time="$3" -max_len=4096 -timeout=10 -print_final_stats=1 \
		-artifact_prefix="$folder/" "$folder/found" $corpus
}

# Lines that ran, by folder, against the floors.
step_coverage() {
	packages_need $packages_build $packages_demo $packages_check
	step "build for coverage" tree_build "$cov" --enable-coverage -- check TESTS= || return
	find "$cov" -name '*.gcda' -delete
	step_unit "$cov"
	step_e2e "$cov"
	find "$cov" -name '*.gcno' -not -path '*/tests/*' | (cd "$cov" && xargs -r gcov -t 2>/dev/null) |
		awk -v top="$top/" -f "$top/scripts/coverage.awk" >"$top/build/coverage.txt"
	cat "$top/build/coverage.txt"
	while read -r folder floor; do
		step "coverage of $folder at least $floor %" awk -v folder="$folder" -v floor="$floor" '
			$1 == folder { print; if ($2 >= floor) ok = 1 }
			END { exit !ok }' "$top/build/coverage.txt"
	done < <(grep -v '^#' "$top/tests/coverage-floors")
}

step_bench() {
	packages_need $packages_build $packages_demo $packages_check
	step "build to measure" tree_build "$top/build" -- check TESTS= || return
	step "bench" "$top/tests/bench/run" "$top/build"
	cat "$top/build/bench.json" 2>/dev/null
	while IFS='|' read -r bar why; do
		result skip "$bar" "$why"
	done < <(sqlite3 :memory: "SELECT b.value->>'name', b.value->>'skipped'
		FROM json_each(readfile('$top/build/bench.json'), '\$.skipped') b" 2>/dev/null)
}

fault_rows() { # fault_rows [AREA]: the rows of tests/fault/areas
	awk -v area="${1:-}" '!/^#/ && NF && (area == "" || $1 == area)' "$top/tests/fault/areas"
}

step_faults() { # step_faults AREA
	local areas
	areas=$(fault_rows | cut -d ' ' -f 1 | sort -u)
	[ -n "$1" ] && [ -n "$(fault_rows "$1")" ] ||
		die 2 "no fault area \"$1\"; there are: $(echo ${areas:-none yet})"
	packages_need $packages_build $packages_demo $packages_check
	step "build the programs" tree_build "$top/build" -- check TESTS= || return
	fault_rows "$1" | (
		cd "$top" || exit 1
		export YZ_SRCDIR=$top YZ_BUILDDIR=$top/build
		xargs -r -P "$jobs" -L 1 "$top/scripts/run-fault" "$out"
	)
}

step_soak() { # step_soak HOURS
	packages_need $packages_build $packages_demo $packages_check
	step "build the programs" tree_build "$top/build" -- check TESTS= || return
	(
		cd "$top" || exit 1
		export YZ_SRCDIR=$top YZ_BUILDDIR=$top/build
		"$top/scripts/run-fault" "$out" sync 16 tests/fault/soak $(($1 * 3600)) $(($1 * 3600 + 60))
	)
}

step_contract() {
	packages_need $packages_build $packages_demo $packages_check $packages_contract \
		$(command -v node >/dev/null && command -v npm >/dev/null || echo nodejs npm)
	step "build with gcc and sanitizers" build_asan || return
	echo tests/contract/contract.sh | run_list contract "$asan" "$top"
}

steps_all() {
	packages_need $packages_all
	step "build with clang" build_clang && step_valgrind
	step "make distcheck" run_distcheck
	step "cppcheck" run_cppcheck
	step "clang-tidy" run_clang_tidy
	step_fuzz 60
	step_coverage
}
