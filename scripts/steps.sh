# scripts/steps.sh: the steps of ./check. Each leaves its results as *.res in $out; summary adds
# them up.
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2086,SC2034 # $top, $out, $jobs come from the caller; lists of words are split on purpose

asan=$top/build/asan

result() { # result pass|fail|skip NAME [REASON]
	printf '%s\t%s\t%s\t%s\n' "$1" "$2" "${3:-}" "${2//[\/ ]/_}" >>"$out/steps.res"
}

step() { # step NAME COMMAND...: one case; its output is the log
	local name=$1 log
	shift
	log=$out/${name//[\/ ]/_}.log
	say "== $name"
	if "$@" >"$log" 2>&1 </dev/null; then
		result pass "$name"
	else
		result fail "$name" "exit status $?"
		return 1
	fi
}

# Shows skips with reasons and the logs of what failed, then the one line that counts.
summary() {
	local passed failed skipped log
	cat "$out"/*.res >"$out/all" 2>/dev/null
	awk -F '\t' '$1 == "skip" { print "skipped: " $2 ": " $3 }' "$out/all"
	for log in $(awk -F '\t' '$1 == "fail" { print $4 }' "$out/all" | sort -u); do
		say "---- log of $log"
		tail -n 300 "$out/$log.log" 2>/dev/null
		say "----"
	done
	awk -F '\t' '$1 == "fail" { print "FAILED: " $2 ($3 == "" ? "" : ": " $3) }' "$out/all"
	passed=$(grep -c '^pass' "$out/all")
	failed=$(grep -c '^fail' "$out/all")
	skipped=$(grep -c '^skip' "$out/all")
	[ $((passed + failed)) -gt 0 ] || failed=1 # a check that checked nothing is red
	say "$passed passed, $failed failed$([ "$skipped" = 0 ] || printf ', %d skipped' "$skipped")"
	[ "$failed" = 0 ]
}

# Runs the tests named on standard input in FOLDER, several at once.
run_list() { # run_list KIND BUILD FOLDER [WRAPPER...]
	local kind=$1 build=$2 folder=$3
	shift 3
	(
		cd "$folder" || exit 1
		export YZ_SRCDIR=$top YZ_BUILDDIR=$build
		xargs -r -P "$jobs" -I '{}' "$top/scripts/run-one" "$out" "$kind" '{}' "$@" '{}'
	)
}

tests_of() { # tests_of FOLDER unit|e2e: absolute paths are no names, so names are relative to the build
	make -s -C "$1" "list-$2" | grep .
}

step_unit() { # step_unit FOLDER
	say "== unit tests"
	tests_of "$1" unit | run_list unit "$1" "$1"
}

step_e2e() { # step_e2e FOLDER
	say "== end-to-end tests"
	tests_of "$1" e2e | run_list e2e "$1" "$top"
	grep -hE '^fault [0-9][0-9]: ' "$out/${1##*/}"_e2e_tests_fault_*.log 2>/dev/null | sort
}

step_lint() {
	say "== lint"
	(cd "$top" && printf '%s\n' tests/lint/*.sh) | run_list lint "$asan" "$top"
}

build_asan() {
	tree_build "$asan" --enable-werror --enable-sanitizers -- check TESTS=
}

# The sanitizers stop at the first fault.
export ASAN_OPTIONS=abort_on_error=0:detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1

steps_default() {
	packages_need $packages_build $packages_demo $packages_check
	step "build with gcc and sanitizers" build_asan || return 0
	step_unit "$asan"
	step_e2e "$asan"
	step_lint
}
