#!/bin/bash
# A bundled program that is led down wrong paths behind its branches, four deep and 100 instructions
# long, prints what it prints without, and leaves the same registers, the same memory, and as many
# touched pages behind. wrong_paths.sh [NAME...]: only these programs.
. "$(dirname "$0")/lib.sh"
run=$build/tests/system/run_functional

# The output goes nowhere: what a program finds out about its descriptor is part of its memory.
left_behind() {
    "$run" -v "$@" 2>&1 >/dev/null | grep "state [0-9a-f]*$"
}

[ $# -gt 0 ] || set -- $(cd "$root/workloads" && ls -d */ | tr -d /)
for name in "$@"; do
    for program in "$build/workloads/$name" "$build/workloads/$name-O3p9"; do
        capture ours "$run" -d 250 "$program"
        check "$(basename "$program") output" "$(head -n 1 "$work/ours.err")" \
            cmp -s "$root/workloads/$name/expected.txt" "$work/ours.out"
        plain=$(left_behind "$program")
        led=$(left_behind -d 251 "$program")
        check "$(basename "$program") state" "'$plain', with wrong paths '$led'" \
            [ -n "$plain" -a "$plain" = "$led" ]
    done
done
finish
