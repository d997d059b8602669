#!/bin/bash
# output.bbv and simstat phases: vectors add up and are the same in every mode; a program of three
# known phases has three; what stands for a phase tells its CPI.
. "$(dirname "$0")/lib.sh"
cd "$work"

# Three loops of different code and different CPI, in turn: dependent divides, independent adds,
# memory.
cat >three.c <<'C'
#include <stdint.h>
#include <stdio.h>
static uint64_t memory[1 << 16];
__attribute__((noinline)) static uint64_t divides(uint64_t n)
{
    uint64_t x = ~0ull;
    while (n--)
        x = (x / 3) | 1ull << 63;
    return x;
}
__attribute__((noinline)) static uint64_t adds(uint64_t n)
{
    uint64_t a = 1, b = 2, c = 3;
    while (n--) {
        a += n;
        b ^= n;
        c -= n;
    }
    return a + b + c;
}
__attribute__((noinline)) static uint64_t walks(uint64_t n)
{
    uint64_t x = 0;
    while (n--)
        x = memory[x] = (x * 5 + 12347) & 0xffff;
    return x;
}
int main(int argc, char **argv)
{
    uint64_t sum = argc;
    for (int round = 0; round < 4; round++) {
        sum += divides(100000);
        sum += adds(100000);
        sum += walks(100000);
    }
    printf("%llu\n", (unsigned long long)sum);
    return argv[0] == 0;
}
C
powerpc64le-linux-gnu-gcc -O1 -fno-unroll-loops -static three.c -o three

record() { # TAG OPTION... CONFIG -- PROGRAM ARG...
    local tag=$1
    shift
    capture "$tag" "$simrun" -q -o "$tag.h5" -s output.bbv=yes -s output.bbv_interval=50K "$@"
    check "$tag: runs" "$(tail -n 3 "$tag.err")" [ -s "$tag.h5" ]
}
cat >sums.py <<'PY'
import sys, warnings
sys.path.insert(0, sys.argv[1])
warnings.simplefilter("ignore")
import numpy as np
from simresult import Result
r = Result(sys.argv[2])
g = r.file["bbv"]
start, count, instructions = g["indptr"][()], g["count"][()], g["instructions"][()]
length = g.attrs["interval_instructions"]
executed = r.stats["core.instructions"] + r.stats["system.fast_forwarded"]
assert count.sum() == instructions.sum() == executed, (count.sum(), instructions.sum(), executed)
assert (instructions[:-1] == length).all() and 0 < instructions[-1] <= length
for n in range(len(instructions)):
    rows = slice(int(start[n]), int(start[n + 1]))
    assert count[rows].sum() == instructions[n]
    assert (np.diff(g["block"][rows].astype(int)) > 0).all()
assert start[0] == 0 and start[-1] == len(count) == len(g["block"]) and (count > 0).all()
assert len(set(zip(g["pc"][()], g["asid"][()]))) == len(g["pc"])
assert g["cycles"][()].sum() <= r.stats["core.cycles"]
assert g["count"].dims[0][0].name and g["instructions"].dims[0][0] == g["interval"]
PY
sums() {
    capture sums /usr/bin/python3 sums.py "$root/analysis" "$1.h5"
    check "$1: vectors add up to the instructions" "$(tail -n 3 sums.err)" \
        [ "$(status_of sums)" = 0 ]
}
same_vectors() { # TAG TAG
    local name
    for name in pc asid function block count indptr instructions; do
        capture same h5diff "$1.h5" "$2.h5" "/bbv/$name" "/bbv/$name"
        check "$1 and $2: the same $name" "$(head -n 3 same.out same.err)" \
            [ "$(status_of same)" = 0 ]
    done
}
in_all_modes() { # TAG PROGRAM ARG...
    local tag=$1
    shift
    record "$tag-functional" -m functional "$base" -- "$@"
    record "$tag-timing" "$base" -- "$@"
    record "$tag-both" -s sample.fast_forward=123457 "$root/configs/ooo4.ini" -- "$@"
    for mode in functional timing both; do sums "$tag-$mode"; done
    same_vectors "$tag-functional" "$tag-timing"
    same_vectors "$tag-functional" "$tag-both"
}
in_all_modes three ./three
in_all_modes calls "$build/workloads/calls"
# Signals, threads and processes leave blocks in their middle.
make -s -C "$root" BUILD="$build" "$build"/guest/powerpc64le/{signals,threads,processes} \
    >make.log 2>&1
for guest in signals threads processes; do
    record "$guest-functional" -m functional "$base" -- "$build/guest/powerpc64le/$guest"
    record "$guest-timing" "$base" -- "$build/guest/powerpc64le/$guest"
    for mode in functional timing; do sums "$guest-$mode"; done
    same_vectors "$guest-functional" "$guest-timing"
done

# The three phases.
simstat=$build/simstat
capture csv "$simstat" phases --csv three-both.h5
capture again "$simstat" phases --csv three-functional.h5
capture timed "$simstat" phases --csv -o points three-timing.h5
phases_in() { # TAG: functions of phases with a tenth of the run or more
    awk -F, 'NR > 1 && $3 > 0.1 { print $10 }' "$1.out" | sort -u | tr '\n' ' '
}
check "three phases are found" "$(cat timed.out)" [ "$(phases_in timed)" = "adds divides walks " ]
check "whatever the mode" "$(cat again.out)" [ "$(cut -d, -f1-3,6-8 again.out)" = \
    "$(cut -d, -f1-3,6-8 timed.out)" ]
capture repeat "$simstat" phases --csv three-timing.h5
check "twice the same" "$(diff timed.out repeat.out)" cmp -s timed.out repeat.out
capture text "$simstat" phases three-timing.h5
error=$(sed -n 's/^CPI of the whole .*: \([-+0-9.]*\) %,.*/\1/p' text.out)
check "they tell the CPI within 2 %: $error" "$(cat text.out)" \
    awk "BEGIN { exit !(\"$error\" != \"\" && $error < 2 && $error > -2) }"
check "weights are all of the run" "$(cat points)" \
    awk '!/^#/ { n += $3 } END { exit !(n > 0.9999 && n < 1.0001) }' points
capture each "$simstat" phases --csv --all three-timing.h5
check "each interval has its phase" "$(head -n 3 each.out)" \
    [ "$(($(wc -l <each.out) - 1))" = "$(sed -n 's/^\([0-9]*\) intervals of.*/\1/p' text.out)" ]
capture five "$simstat" phases --csv --phases 5 --seed 9 three-timing.h5
check "so many as asked for" "$(cat five.out)" [ "$(grep -c '^[0-9]' five.out)" = 5 ]

capture short "$simrun" -q -o one.h5 -s output.bbv=yes -s output.bbv_interval=1G "$base" -- ./three
capture one "$simstat" phases --csv one.h5
check "a run of one short interval is one phase" "$(cat one.out one.err)" \
    [ "$(grep -c '^0,1,1,' one.out)" = 1 ]

# Only what stands for the phases is timed, with fast-forwarding in between.
sampled() { # TAG FULL OPTION... CONFIG: the error of the estimate in percent
    local tag=$1 full=$2
    shift 2
    capture "$tag" "$simrun" -q -o "$tag.h5" -s sample.points=points -s output.histograms=yes \
        "$@" -- ./three
    check "$tag: runs" "$(tail -n 3 "$tag.err")" [ -s "$tag.h5" ]
    capture estimate "$simstat" phases --csv "$tag.h5"
    local cpi whole
    cpi=$(awk -F, '$1 == "estimate" { print $6 }' estimate.out)
    whole=$("$simstat" summary "$full.h5" | awk '$1 == "instructions" { n = $2 }
        $1 == "cycles" { print $2 / n }')
    check "$tag: CPI $cpi is that of the whole, $whole, within 3 %" "$(cat estimate.out)" \
        awk "BEGIN { exit !(${cpi:-0} < 1.03 * $whole && ${cpi:-0} > 0.97 * $whole) }"
    # The ends of a point are those of cycles: up to a commit group more or less.
    check "$tag: every point has its instructions" "$(cat points estimate.out)" \
        awk -F'[ ,]' 'BEGIN { n = k = 0 }
            NR == FNR { if (!/^#/) { first[n] = $1; count[n++] = $2 } next }
            /^point[0-9]/ { d = $3 - count[k]; bad += d > 8 || d < -8 || $2 != first[k++] }
            END { exit bad || k != n }' points estimate.out
}
sampled inorder three-timing -s sample.warmup=30K "$base"
capture whole "$simrun" -q -o whole.h5 "$root/configs/ooo4.ini" -- ./three
sampled ooo whole -s sample.warmup=30K "$root/configs/ooo4.ini"
sampled cold whole "$root/configs/ooo4.ini"

refused() { # NAME PATTERN COMMAND...
    local name=$1 pattern=$2
    shift 2
    capture refused "$@"
    check "refused: $name" "$(cat refused.err refused.out)" grep -q "$pattern" refused.err
    check "with status 125: $name" "$(status_of refused)" [ "$(status_of refused)" = 125 ]
}
refused "a file without vectors" "run with output.bbv = yes" \
    sh -c "'$simrun' -q -o none.h5 -m functional '$base' -- ./three >&2; '$simstat' phases none.h5"
points() { printf "$1" >bad; }
points '0 1000 0.5\n500 1000 0.5\n'
refused "points that overlap" "bad:2: begins at 500, before the end of the point above, 1000" \
    "$simrun" -q -o none -s sample.points=bad "$base" -- ./three
points '# none\n'
refused "no points" "bad: has no points" \
    "$simrun" -q -o none -s sample.points=bad "$base" -- ./three
points '0 0 1\n'
refused "an empty point" "bad:1: not a point" \
    "$simrun" -q -o none -s sample.points=bad "$base" -- ./three
refused "a missing file" "sample.points=absent: absent: No such file" \
    "$simrun" -q -o none -s sample.points=absent "$base" -- ./three
refused "two ways to say what is timed" "fast_forward.*sample.points says" \
    "$simrun" -q -o none -s sample.points=points -s sample.fast_forward=1M "$base" -- ./three
refused "points on the scalar pipeline" "scalar times a run as a whole" \
    "$simrun" -q -o none -s sample.points=points -s sample.markers=no -s system.time=instructions \
    "$root/configs/microwatt.ini" -- "$root/tests/rtl/images/crc32.elf"
refused "no file to record in" "output.bbv.*no file to record in" \
    "$simrun" -q -o none -s output.bbv=yes "$base" -- ./three
refused "more phases than intervals" "the run has" "$simstat" phases --phases 99 three-timing.h5
refused "a wrong number" "not a whole number from 1 to 100" \
    "$simstat" phases --most 0 three-timing.h5
finish
