#!/bin/bash
# sample.warming = functional: what fast-forwarding leaves in caches and predictors makes the
# figures of what is timed those of the whole run; the guest, the vectors and the counts of what is
# timed know nothing of it; it repeats.
. "$(dirname "$0")/lib.sh"
cd "$work"
# By a name of their own: the path is on the guest's stack and shifts it, and the points' errors
# with it (lz of ooo4 0.7 to 1.6 % over eight lengths of path); the figures hold for this length.
ln -s "$build/workloads" w
simstat=$build/simstat
ooo4=$root/configs/ooo4.ini
warming="-s sample.warming=functional"

statistic() { # FILE NAME PHASE-PATTERN: the sum over the phases that match
    /usr/bin/python3 - "$root/analysis" "$@" <<'PY'
import re, sys, warnings
sys.path.insert(0, sys.argv[1])
warnings.simplefilter("ignore")
from simresult import Result
r = Result(sys.argv[2])
stats = r.file["stats"]
names = [n.decode() for n in stats["names"][()]]
phases = [p.decode() for p in stats["phase"][()]]
rows = [n for n, p in enumerate(phases) if re.fullmatch(sys.argv[4], p)]
assert rows, phases
print(sum(int(stats["values"][n, names.index(sys.argv[3])]) for n in rows))
PY
}

# The same points, sizes and warm-up with and without: the estimate's error in hundredths of a
# percent.
error_of() { # TAG FULL-CPI OPTION... -- PROGRAM
    local tag=$1 full=$2
    shift 2
    capture "$tag" "$simrun" -q -o "$tag.h5" -s sample.points=points "$@"
    capture estimate "$simstat" phases --csv "$tag.h5"
    awk -F, -v full="$full" '$1 == "estimate" {
        error = 10000 * ($6 / full - 1)
        printf "%d", error < 0 ? -error : error
    }' estimate.out
}
compare() { # MACHINE WORKLOAD WARM-UP
    local name="${1##*/} $2, warm-up of $3" program=w/$2 cpi cold warm
    capture full "$simrun" -o none "$1" -- "$program"
    cpi=$(awk '$2 == "instructions" { n = $3 } $2 == "cycles" { print $3 / n; exit }' full.err)
    capture bbv "$simrun" -q --force -o bbv.h5 -m functional -s output.bbv=yes \
        -s output.bbv_interval=200K "$1" -- "$program"
    capture points "$simstat" phases -o points bbv.h5
    cold=$(error_of "cold-$2-$3" "$cpi" -s sample.warmup="$3" "$1" -- "$program")
    warm=$(error_of "warm-$2-$3" "$cpi" -s sample.warmup="$3" $warming "$1" -- "$program")
    check "$name: the error falls to a third, and below 1.5 % ($cold, $warm / 10000)" \
        "$(tail -n 3 "cold-$2-$3.err" "warm-$2-$3.err")" \
        [ "${warm:-9999}" -lt 150 -a "$((3 * ${warm:-9999}))" -lt "${cold:-0}" ]
}
compare "$base" lz 0
compare "$base" hashtable 10K
compare "$ooo4" sort 0
compare "$ooo4" lz 10K

# Counts: nothing is executed in time while warming, and nothing warmed in what is timed.
capture counted "$simrun" -q -o counted.h5 -s sample.points=points $warming "$ooo4" -- \
    "w/lz"
for name in core.instructions core.cycles bpred.branches bpred.mispredicts l1i.accesses \
    l1d.accesses l1d.misses l2.accesses dtlb.accesses walker.requests mem.reads mem.writes; do
    value=$(statistic counted.h5 $name 'fast_forward[0-9]*')
    check "$name while fast-forwarding" "$value" [ "$value" = 0 ]
done
for name in l1d.warm_fills l2.warm_fills dtlb.fills; do
    value=$(statistic counted.h5 $name 'fast_forward[0-9]*')
    check "$name while fast-forwarding: $value" "none" [ "$value" -gt 0 ]
done
for name in l1i l1d l2 l3; do
    value=$(statistic counted.h5 $name.warm_fills 'point[0-9]*')
    check "$name.warm_fills while timed" "$value" [ "$value" = 0 ]
done
capture counted2 "$simrun" -q -o counted2.h5 -s sample.points=points $warming "$ooo4" -- \
    "w/lz"
capture same h5diff --exclude-path /meta counted.h5 counted2.h5
check "twice the same" "$(head -n 3 same.out)" [ "$(status_of same)" = 0 ]
capture verify "$simrun" verify counted.h5
check "simrun verify" "$(tail -n 2 verify.err)" [ "$(status_of verify)" = 0 ]

# The guest: signals, timers, threads and processes come and go at the same instructions.
make -s -C "$root" BUILD="$build" "$build"/guest/powerpc64le/{signals,threads,processes} \
    >make.log 2>&1
guest() { # NAME OPTION...: the last run's output is kept as GUEST-TAG
    local tag=$1 name=$2
    shift 2
    capture "$name-$tag" "$simrun" -q --force -o "$name-$tag.h5" -s output.bbv=yes \
        -s output.bbv_interval=50K "$@" "$ooo4" -- "$build/guest/powerpc64le/$name"
}
for name in signals threads processes; do
    guest cold $name -s sample.fast_forward=71234
    guest warm $name -s sample.fast_forward=71234 $warming
    guest all $name -s sample.fast_forward=1G $warming
    for tag in warm all; do
        check "$name, $tag: the same guest" "$(differs $name-cold $name-$tag out status)" \
            [ -z "$(differs $name-cold $name-$tag out status)" ]
        capture same h5diff "$name-cold.h5" "$name-$tag.h5" /bbv/indptr /bbv/indptr
        check "$name, $tag: the same basic blocks" "$(head -n 3 same.out)" \
            [ "$(status_of same)" = 0 ]
        for part in pc asid block count instructions; do
            capture same h5diff "$name-cold.h5" "$name-$tag.h5" "/bbv/$part" "/bbv/$part"
            check "$name, $tag: the same basic blocks, $part" "$(head -n 3 same.out)" \
                [ "$(status_of same)" = 0 ]
        done
    done
done

# Plug-ins are warmed by the operations they have.
for source in cache/repl/examples/nru.c pipeline/bpred/examples/gag.c; do
    "${CC:-gcc}" -std=c17 -O2 -shared -fPIC -I "$root" -o "$(basename "$source" .c).so" \
        "$root/models/$source"
done
for n in 1 2; do
    capture plugins "$simrun" -q -o plugins$n.h5 -s sample.points=points $warming \
        -s l1d.replacement=./nru.so -s core.bpred.direction=./gag.so "$base" -- \
        "w/lz"
done
check "plug-ins run" "$(tail -n 3 plugins.err)" [ "$(status_of plugins)" = 124 ]
capture same h5diff --exclude-path /meta plugins1.h5 plugins2.h5
check "plug-ins: twice the same" "$(head -n 3 same.out)" [ "$(status_of same)" = 0 ]

# What cannot be.
program=w/lz
cat >machine.ini <<INI
include = $base
[sample]
warming = functional
INI
wrong "nothing is passed by" 125 "machine\.ini:3: \[sample\] warming = functional: .*fast_forward" \
    -o result.h5 machine.ini -- "$program"
wrong "several cores" 125 "warming = functional: is for one core" -o result.h5 \
    -s system.cores=2 -s sample.fast_forward=1M machine.ini -- "$program"
wrong "a debugger" 125 "warming = functional: is without a debugger" -o result.h5 --gdb 0 \
    -s sample.fast_forward=1M machine.ini -- "$program"
wrong "a trace of a cache" 125 "l1d.trace=yes: would lack the accesses of sample.warming" \
    -o result.h5 -s l1d.trace=yes -s sample.fast_forward=1M machine.ini -- "$program"
sed "s,base.ini,microwatt.ini," machine.ini >scalar.ini
wrong "the scalar pipeline" 125 "scalar\.ini:3: .*warming.*core.model = scalar has caches of its" \
    -o result.h5 -s sample.markers=no -s sample.fast_forward=1K scalar.ini -- \
    "$root/tests/rtl/images/crc32.elf"
wrong "another word" 125 "warming=warm: no such choice; allowed: one of none, functional" \
    -o result.h5 -s sample.warming=warm machine.ini -- "$program"
capture mode "$simrun" -q -o none -m functional machine.ini -- "w/queens"
check "functional mode is warned of" "$(cat mode.err)" grep -q \
    "warning: machine.ini:3: .*warming = functional: without effect in functional mode" mode.err
finish
