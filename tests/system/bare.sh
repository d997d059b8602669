#!/bin/bash
# Programs in supervisor state: those of tests/rtl in both modes and on both pipelines give the
# result that real hardware gave, in the same number of instructions a marked phase; those of
# tests/system/bare provoke every interrupt and check what comes; and how a bare program ends.
. "$(dirname "$0")/lib.sh"
rtl=$root/tests/rtl
for machine in bare ooo; do
    cat >"$work/$machine.ini" <<END
include = $([ $machine = ooo ] && echo "$root/configs/ooo4.ini" || echo "$base")
[system]
kind = bare
[core]
isa = microwatt
[sample]
markers = yes
END
done

# expectation PROGRAM: instructions of both passes and the result
expectation() {
    awk -F, -v program="$1" '$1 == program && $4 == 0 { print $3, $8, $9 }' "$rtl/rtl-cycles.csv"
}

# What the summary in $1 says of the same.
outcome() {
    awk '/ phase pass/ { pass[substr($3, 5)] = $4 } / result  / { result = $3 }
         END { for (p = 0; p < 2; p++) print p, pass[p], result }' "$1"
}

# check_program PROGRAM WHAT OPTION...
check_program() {
    local program=$1 what=$2
    shift 2
    capture run "$simrun" -o none "$@" -- "$rtl/images/$program.elf"
    check "$program $what" "$(head -n 1 "$work/run.err")" \
        [ "$(cat "$work/run.status") $(outcome "$work/run.err")" = "0 $(expectation "$program")" ]
}

# assemble NAME: tests/system/bare/NAME.S, and the same as a flat image.
assemble() {
    local from=$root/tests/system/bare
    powerpc64le-linux-gnu-gcc -mcpu=power9 -c -I"$from" "$from/$1.S" -o "$work/$1.o"
    powerpc64le-linux-gnu-ld -static -n --no-warn-rwx-segments -T "$from/link.ld" "$work/$1.o" \
        -o "$work/$1.elf"
    powerpc64le-linux-gnu-objcopy -O binary "$work/$1.elf" "$work/$1.bin"
}

# check_steps NAME COUNT: the program's own checks, all of them, in each mode.
check_steps() {
    local mode
    assemble "$1"
    for mode in "-m functional" "-m timing" "-s system.time=cycles"; do
        # shellcheck disable=SC2086
        capture run "$simrun" $mode -o none "$work/power9.ini" -- "$work/$1.elf"
        check "$1 $mode" "$(head -n 1 "$work/run.err")" \
            [ "$(awk '/ result  / { print $3 }' "$work/run.err")" = "$(printf '0x%016x' "$2")" ]
    done
}

# says STATUS MESSAGE: of the last run.
says() { [ "$(status_of run)" = "$1" ] && { [ -z "$2" ] || grep -q "$2" "$work/run.err"; }; }

# check_end NAME STATUS MESSAGE OPTION... -- PROGRAM
check_end() {
    local name=$1 status=$2 message=$3
    shift 3
    capture run "$simrun" -q -m functional -o none "$work/power9.ini" "$@"
    check "$name" "status $(cat "$work/run.status"): $(head -n 1 "$work/run.err")" \
        says "$status" "$message"
}

printf 'include = %s\n[system]\nkind = bare\n' "$base" >"$work/power9.ini"
check_steps storage 23
check_steps timers 6
check_steps views 10
printf '\0\x40\x60\x3c\0\0\x83\x80' >"$work/astray.bin" # lis r3,0x4000; lwz r4,0(r3)
check_end "a flat image" 0 "" -- "$work/views.bin"
check_end "a branch to itself that nothing ends" 124 "" -s board.end=never --max-insts 1M \
    -- "$work/views.elf"
check_end "no result was stored" 1 "board.done_address" -s board.done_address=0x50 \
    -- "$work/views.elf"
check_end "no result is wanted" 0 "" -s board.end=spin -s board.done_address=0x50 \
    -- "$work/views.elf"
check_end "an image larger than memory" 126 "board.ram_size" -s board.ram_size=1MiB \
    -- "$work/storage.elf"
check_end "a checkstop" 1 "checkstop" -s board.load_address=0x100000 \
    -- "$work/astray.bin"
head -c 64 /dev/zero >"$work/zero.bin" # an illegal instruction at every vector
for mode in functional timing; do
    check_end "vectors that interrupt in turn, $mode" 1 "no instruction completes" \
        -m "$mode" -- "$work/zero.bin"
done
check_end "arguments" 125 "takes no arguments" -- "$work/views.elf" one
check_end "an older processor" 125 "3.0 or microwatt" -s core.isa=2.07 -- "$work/views.elf"
check_end "markers and a warm-up" 125 "sample.markers" -s sample.markers=yes \
    -s sample.warmup=1K -- "$work/views.elf"

# The result is a difference of the time base, the rest the cycles of the four phases.
assemble microwatt
capture run "$simrun" -o none "$root/configs/microwatt.ini" -- "$work/microwatt.elf"
check "microwatt: dcbz within a block, darn, mcrxrx, an interrupt, the time base" \
    "$(head -n 1 "$work/run.err")" \
    [ "$(cat "$work/run.status") $(awk '/ phase pass/ { printf "%s ", $6 }
        / result / { print $3 }' "$work/run.err")" = "0 14 20 14 12 0x0000000000000020" ]

# In every phase of the result file the parts of the CPI stack sum to its cycles, and instructions
# are those between the markers.
check_phases() {
    /usr/bin/python3 - "$1" "$(expectation "$2")" <<'END'
import sys, h5py
with h5py.File(sys.argv[1]) as f:
    expected = sys.argv[2].split()
    names = [n.decode() for n in f["phases/name"]]
    width = f["cpi/slots"].attrs["width"]
    stats = [n.decode() for n in f["stats/names"]]
    instructions = f["stats/values"][:, stats.index("core.instructions")]
    cycles = f["phases/end_cycle"][:] - f["phases/start_cycle"][:]
    assert names == ["outside0", "pass0", "outside1", "pass1", "outside2"], names
    assert (f["cpi/slots"][:].sum(axis=(1, 2)) == width * cycles).all(), cycles
    assert [instructions[1], instructions[3]] == [int(expected[1]), int(expected[4])], instructions
    assert f["meta/program_result"][()] == int(expected[2], 0)
END
}

for machine in bare ooo; do
    for program in matmul_i ld_str4096 icache_24k; do
        capture run "$simrun" -q --force -o "$work/run.h5" "$work/$machine.ini" \
            -- "$rtl/images/$program.elf"
        check "phases of $program, $machine" "$(head -n 1 "$work/run.err")" \
            check_phases "$work/run.h5" "$program"
    done
done

for image in "$rtl"/images/*.elf; do
    program=$(basename "$image" .elf)
    check_program "$program" functional -m functional "$work/bare.ini"
    check_program "$program" timing "$work/bare.ini"
    check_program "$program" out-of-order "$work/ooo.ini"
done
finish
