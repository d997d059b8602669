#!/bin/sh
# Runs the whole suite, a line a part, with each part's output in BUILD/log; the last line counts
# the parts.
# usage: tests/run.sh BUILD
set -u
cd "$(dirname "$0")/.." || exit 1
build=$1
passed=0
failed=0
mkdir -p "$build/log"

part() {
    name=$1
    shift
    start=$(date +%s)
    if "$@" >"$build/log/$name.log" 2>&1 </dev/null; then
        passed=$((passed + 1))
        echo "ok     $name ($(($(date +%s) - start)) s)"
    else
        failed=$((failed + 1))
        echo "FAILED $name ($(($(date +%s) - start)) s), from $build/log/$name.log:"
        grep -n FAILED "$build/log/$name.log" | head -n 20
        echo "its end:"
        tail -n 12 "$build/log/$name.log"
    fi
}

make="make --no-print-directory BUILD=$build"
part tidy $make tidy
for test in $(find "$build/tests" -name '*_test' -type f | sort); do
    part "$(echo "${test#"$build/tests/"}" | tr / -)" "$test"
done
part isa $make test-isa
part disassembler $make test-disasm
part linux $make test-linux
part fuzz $make test-fuzz
part torture $make test-torture SAMPLE=250 TIMING=20
for script in tests/system/*.sh; do
    name=$(basename "$script" .sh)
    case $name in lib | compare) continue ;; esac
    part "$name" env BUILD="$build" "$script"
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
