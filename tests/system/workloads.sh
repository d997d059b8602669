#!/bin/bash
# Every bundled program, built three ways, prints what its expected.txt says: under qemu, under
# simrun in functional mode and on both pipelines; and all execute the same number of instructions.
# workloads.sh [NAME...]: only these programs. FULL=1: all builds out of order, not the first alone.
. "$(dirname "$0")/lib.sh"

# The expectation itself must not come from a simulator: the host's compiler has to agree.
check_expectation() {
    local name=$1
    cc -std=c17 -O2 -I"$root" "$root/workloads/$name/$name.c" -lm -o "$work/native"
    capture native "$work/native"
    check "$name native" "output is not expected.txt" cmp -s "$work/native.out" "$work/expected.out"
}

# check_run NAME TAG COMMAND...
check_run() {
    local name=$1 tag=$2 why
    shift 2
    capture "$tag" "$@"
    why=$(differs expected "$tag" status out)
    [ -z "$why" ] || why="$why $(head -n 1 "$work/$tag.err")"
    check "$name $tag" "$why" [ -z "$why" ]
}

check_variant() {
    local name=$1 program=$build/workloads/$1 functional timing ooo
    check_run "$name" qemu "${qemu[@]}" "$program"
    for mode in functional timing; do
        check_run "$name" "$mode" "$simrun" -m "$mode" -o none "$base" -- "$program"
    done
    check_run "$name" ooo "$simrun" -o none "$root/configs/ooo4.ini" -- "$program"
    functional=$(instructions_of functional)
    timing=$(instructions_of timing)
    ooo=$(instructions_of ooo)
    check "$name instruction counts" "functional '$functional', timing '$timing', ooo '$ooo'" \
        [ -n "$functional" -a "$functional" = "$timing" -a "$timing" = "$ooo" ]
}

# All of them: every other one in a process of its own beside this one.
if [ $# -eq 0 ]; then
    names=($(cd "$root/workloads" && ls -d */ | tr -d /))
    others=()
    for n in "${!names[@]}"; do
        [ $((n % 2)) -eq 0 ] || continue
        others+=("${names[n]}")
        unset "names[n]"
    done
    status=0
    "$0" "${others[@]}" >"$work/others" 2>&1 &
    "$0" "${names[@]}" || status=1
    wait $! || status=1
    cat "$work/others"
    exit "$status"
fi
for name in "$@"; do
    cp "$root/workloads/$name/expected.txt" "$work/expected.out"
    echo 0 >"$work/expected.status"
    check_expectation "$name"
    for variant in "" -O0 -O3p9; do
        check_variant "$name$variant"
    done
done
finish
