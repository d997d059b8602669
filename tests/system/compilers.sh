#!/bin/bash
# The same results, whichever compiler has built the simulator and at whatever level: clang -O1 and
# gcc -O3 beside the build under test, on each of the pipelines.
. "$(dirname "$0")/lib.sh"

# build_with COMPILER LEVEL: simrun in a build directory of its own.
build_with() {
    make --no-print-directory -C "$root" -j"$(nproc)" BUILD="$build-$1$2" CC="$1" OPT="$2 -w" \
        "$build-$1$2/simrun" >"$work/build.log" 2>&1 || tail -n 20 "$work/build.log"
    [ -x "$build-$1$2/simrun" ]
}

# run SIMRUN RESULT CONFIG PROGRAM OPTION...: a short run, to its end or limit.
run() {
    local simrun=$1 result=$2 config=$3 program=$4 status=0
    shift 4
    timeout "$limit" "$simrun" -q --max-insts 300K -o "$result" "$@" "$root/configs/$config.ini" \
        -- "$program" >/dev/null || status=$?
    [ $status -eq 0 -o $status -eq 124 ]
}

# run_all SIMRUN FOLDER: each pipeline, with all that a result may hold.
run_all() {
    local all=(-s output.sites=yes -s output.functions=yes -s trace.instructions=yes)
    mkdir "$2"
    run "$1" "$2/base.h5" base "$build/workloads/nbody" "${all[@]}" &&
        run "$1" "$2/ooo4.h5" ooo4 "$build/workloads/format" "${all[@]}" &&
        run "$1" "$2/microwatt.h5" microwatt "$root/tests/rtl/images/crc32.elf"
}

# same A B: h5diff finds nothing, and has nothing to say.
same() {
    h5diff --exclude-path /meta "$1" "$2" >"$work/h5diff.out" 2>&1 && [ ! -s "$work/h5diff.out" ]
}

check "the build under test runs" "see above" run_all "$simrun" "$work/own"
for other in "clang -O1" "gcc -O3"; do
    set -- $other
    check "$other builds" "see above" build_with "$1" "$2"
    check "$other runs" "see above" run_all "$build-$1$2/simrun" "$work/$1$2"
    for machine in base ooo4 microwatt; do
        check "$machine: the results of $other" "they differ" same \
            "$work/own/$machine.h5" "$work/$1$2/$machine.h5"
    done
done
finish
