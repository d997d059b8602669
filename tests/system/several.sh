#!/bin/bash
# Machines of several cores: programs give what they give on one, runs repeat, sharing costs what it
# must, the parts of the CPI stack sum on each core.
. "$(dirname "$0")/lib.sh"
guest=$work/guest
"${GUEST_CC:-powerpc64le-linux-gnu-gcc}" -D_GNU_SOURCE -O2 -Wall -static -pthread -o "$guest" \
    "$root/tests/system/several/guest.c"

# on TAG CORES CONFIG WHAT THREADS ROUNDS [OPTION...]: a timed run with a result file.
on() {
    local tag=$1 cores=$2 config=$3 what=$4 threads=$5 rounds=$6
    shift 6
    capture "$tag" "$simrun" --force -o "$work/$tag.h5" -s system.cores="$cores" "$@" \
        "$root/configs/$config.ini" -- "$guest" "$what" "$threads" "$rounds"
}

cycles_of() { awk '$1 == "simrun:" && $2 == "cycles" { print $3 }' "$work/$1.err"; }

# Every program on every machine: the output of the functional run, all laws held.
for what in atomic mutex false_sharing padded producer_consumer matmul token reservation bound; do
    for cores in 2 4; do
        capture plain "$simrun" -q -m functional -o none -s system.cores=$cores "$base" -- \
            "$guest" $what $cores 200
        for machine in base ooo4 "ooo4 -s l2.shared=no" \
            "ooo4 -s l2.shared=no -s l3.inclusion=inclusive -s l2.inclusion=inclusive"; do
            set -- $machine
            config=$1
            shift
            on timed $cores "$config" $what $cores 200 "$@"
            if [ $what = bound ]; then
                check "$what, $cores cores, $machine" "$(cat "$work/timed.out")" \
                    grep -q "^bound $cores, $cores cores$" "$work/timed.out"
            else
                why=$(differs plain timed out status)
                check "$what, $cores cores, $machine" "$why $(tail -1 "$work/timed.err")" \
                    [ -z "$why" ]
            fi
        done
    done
done

on lost 2 base reservation 2 1
check "a store of another core takes a reservation, whatever it stores" "$(cat "$work/lost.out")" \
    grep -q "^reservation 2, " "$work/lost.out"

# A run repeats bit for bit, and jumps in time change nothing.
for what in mutex producer_consumer token; do
    on once 4 ooo4 $what 4 300 -s l2.shared=no
    on again 4 ooo4 $what 4 300 -s l2.shared=no
    check "$what repeats" "the files differ" \
        h5diff -q --exclude-path /meta "$work/once.h5" "$work/again.h5"
    on every 4 ooo4 $what 4 300 -s l2.shared=no -s system.skip_idle=no
    check "$what without jumps in time" "statistics differ" \
        h5diff -q "$work/once.h5" "$work/every.h5" /stats/values
done
"$simrun" -q --force -o "$work/once.h5" -s system.cores=4 "$base" -- \
    "$guest" mutex 4 300 >/dev/null
capture verify "$simrun" verify "$work/once.h5"
check "simrun verify" "$(tail -1 "$work/verify.err")" [ "$(status_of verify)" = 0 ]

# Nothing shared: N cores take little more than an N-th of the time.
for cores in 1 2 4; do
    on n$cores $cores base independent $cores 800000
done
one=$(cycles_of n1)
check "two cores are nearly twice as fast" "$one $(cycles_of n2)" \
    [ $((one * 100 / $(cycles_of n2))) -ge 185 ]
check "four cores are nearly four times as fast" "$one $(cycles_of n4)" \
    [ $((one * 100 / $(cycles_of n4))) -ge 340 ]

# Four counters in one line go from core to core, in lines of their own they stay.
on shared 4 base false_sharing 4 9000
on apart 4 base padded 4 9000
check "false sharing costs at least twice the cycles" "$(cycles_of shared) $(cycles_of apart)" \
    [ "$(cycles_of shared)" -ge $((2 * $(cycles_of apart))) ]
for tag in shared apart; do
    "$build/simstat" summary "$work/$tag.h5" >"$work/$tag.summary"
done
peer() { awk '$1 == "dcache_peer" { print int($3) }' "$work/$1.summary"; }
check "and the CPI stack says why" "$(peer shared) $(peer apart)" \
    [ "$(peer shared)" -gt $((5 * $(peer apart))) ]

# The tools read what is written.
for verb in "summary" "cpi" "intervals" "histograms" "report -o $work/report.html"; do
    capture tool "$build/simstat" $verb "$work/shared.h5"
    check "simstat ${verb%% *}" "$(tail -1 "$work/tool.err")" [ "$(status_of tool)" = 0 ]
done
capture tool "$build/simstat" compare "$work/shared.h5" "$work/apart.h5"
check "simstat compare" "$(tail -1 "$work/tool.err")" [ "$(status_of tool)" -le 1 ]
cat >"$work/cycles.py" <<'PY'
import sys, h5py
f = h5py.File(sys.argv[1])
print(f["/stats/values"][:, list(f["/stats/names"].asstr()[:]).index(sys.argv[2])].sum())
PY
for core in 0 3; do
    capture one "$build/simstat" summary --core $core "$work/shared.h5"
    check "summary of core $core" "$(cat "$work/one.out" "$work/one.err")" \
        [ "$(awk '$1 == "cycles" { print $2 }' "$work/one.out")" = \
        "$(/usr/bin/python3 "$work/cycles.py" "$work/shared.h5" core.$core.cycles)" ]
done
capture one "$build/simstat" summary --core 4 "$work/shared.h5"
check "summary of a core that is not there" "$(cat "$work/one.err")" \
    grep -q "has no core 4; its cores are 0 to 3" "$work/one.err"
"$build/simstat" cpi "$work/shared.h5" >"$work/cpi"
check "the CPI stack of each core" "not four" [ "$(grep -c "^core [0-3]:" "$work/cpi")" = 4 ]

# Cores of two kinds, of one that is told about and of some that cannot be.
on mixed 2 ooo4 atomic 2 300 -s core.1.model=inorder
capture plain "$simrun" -q -m functional -o none -s system.cores=2 "$base" -- \
    "$guest" atomic 2 300
why=$(differs plain mixed out status)
check "an in-order core beside an out-of-order one" "$why $(tail -1 "$work/mixed.err")" \
    [ -z "$why" ]
capture limited "$simrun" -o none --max-insts 50K -s system.cores=4 "$base" -- \
    "$guest" independent 4 800000
check "a limit counts the instructions of all cores" "$(instructions_of limited)" \
    [ "$(instructions_of limited)" = 50000 ]

# refused NAME MESSAGE OPTION...
refused() {
    local name=$1 message=$2
    shift 2
    capture refused "$simrun" -o none "$@" "$base" -- "$guest" atomic 2 10
    check "refused: $name" "$(cat "$work/refused.err")" grep -q "$message" "$work/refused.err"
}
refused "a core that is not there" "there is no \[core.2\] with system.cores = 2" \
    -s system.cores=2 -s core.2.window=8
refused "another clock" "all cores have one clock" -s system.cores=2 -s core.1.clock=1500MHz
refused "profiles" "is for one core: needs system.cores = 1" -s system.cores=2 \
    -s output.functions=yes
refused "traces" "is for one core: needs system.cores = 1" -s system.cores=2 \
    -s trace.instructions=yes
refused "debugging with timing" "gdb in timing mode is for one core" --gdb 0 -s system.cores=2
refused "the scalar pipeline" "a machine with this pipeline has one core" -s system.cores=2 \
    -s core.model=scalar
finish
