#!/bin/bash
# /hist: what the recorded instructions say of the same run, sums, phases, and how it is shown.
. "$(dirname "$0")/lib.sh"
cd "$work"

cat >histograms.py <<'PY'
import sys
import numpy as np
sys.path.insert(0, sys.argv[1])
from simresult import Result
r = Result(sys.argv[2])
causes = sys.argv[3] == "causes"
t, stats = r.trace(), r.stats
def binned(name, values):
    """The histogram of these values by the file's own edges, and their sum."""
    edges, counts, total = r.hist(name)
    mine = np.histogram(values, np.append(edges[:-1], np.uint64(2**63)).astype(float))[0]
    assert mine.tolist() == counts.tolist(), (name, mine, counts)
    assert total == int(values.sum()), (name, total, values.sum())
PARTIAL, LOAD, FAULT, BRANCH = 128, 2, 16, 64
whole = (t["flags"] & (PARTIAL | FAULT)) == 0
fetch, retire = t["fetch"][whole], t["retire"][whole]
binned("core.fetch_to_retire", retire - fetch)
cycles = stats["core.cycles"]
retired = np.bincount(retire.astype(int), minlength=cycles)
binned("core.retired_per_cycle", retired.astype(np.uint64))
if causes:
    levels = [n for n in r.hists if n.startswith("core.load_") and n != "core.load_queue"]
    counts = sum(int(r.hist(n)[1].sum()) for n in levels)
    assert counts == stats["core.loads"] == int((t["flags"][whole] & LOAD != 0).sum())
    assert len(levels) == 5
    assert int(r.hist("core.branch_resolution")[1].sum()) == stats["bpred.branches"]
    assert int(r.hist("core.mispredict_run")[1].sum()) == stats["bpred.mispredicts"]
    assert r.hist("core.mispredict_run")[2] <= stats["core.instructions"]
for n in r.hists:
    edges, counts, total = r.hist(n)
    assert edges[0] == 0 and (np.diff(edges.astype(object)) > 0).all()
    assert len(edges) == len(counts) + 1
    low = int((edges[:-1].astype(object) * counts.astype(object)).sum())
    high = int(((edges[1:].astype(object) - 1) * counts.astype(object)).sum())
    assert low <= total <= high, (n, low, total, high)
    if n.endswith(".mshrs"):
        assert int(counts.sum()) == stats["system.ticks"]
f = r.file
for name, g in f["hist"].items():
    assert g["counts"].dims[0][0] == g["phase"] and g["counts"].dims[1][0] == g["bin"], name
    assert all((d.attrs["units"] or n == "phase") and d.attrs["long_name"] for n, d in g.items())
    assert (sum(r.hist(name, p)[1] for p in r.phases) == r.hist(name)[1]).all()
PY
traced() { # TAG CONFIG causes|none OPTION... -- PROGRAM ARG...
    local tag=$1 config=$2 causes=$3
    shift 3
    capture "$tag" "$simrun" -q -o "$tag.h5" -s output.histograms=yes -s trace.instructions=yes \
        "$@"
    check "$tag: runs" "$(tail -n 3 "$tag.err")" [ -s "$tag.h5" ]
    capture "$tag.py" /usr/bin/python3 -W ignore histograms.py "$root/analysis" "$tag.h5" \
        "$causes"
    check "$tag: as the recorded instructions" "$(tail -n 3 "$tag.py.err")" \
        [ "$(status_of "$tag.py")" = 0 ]
}
run_with() { # TAG CONFIG causes|none PROGRAM OPTION...
    local tag=$1 config=$2 causes=$3 program=$4
    shift 4
    traced "$tag" "$config" "$causes" -s system.max_instructions=300K "$@" \
        "$root/configs/$config.ini" -- "$program"
}
run_with base base causes "$build/workloads/sort"
run_with ooo4 ooo4 causes "$build/workloads/interp"
run_with power9 power9 causes "$build/workloads/hashtable" -s sample.warmup=100K
run_with microwatt microwatt none "$root/tests/rtl/images/crc32.elf" -s sample.markers=no

# What idle cycles are skipped makes no difference.
capture slow "$simrun" -q -o slow.h5 -s output.histograms=yes -s system.skip_idle=no \
    -s system.max_instructions=100K "$root/configs/ooo4.ini" -- "$build/workloads/sort"
capture fast "$simrun" -q -o fast.h5 -s output.histograms=yes -s system.max_instructions=100K \
    "$root/configs/ooo4.ini" -- "$build/workloads/sort"
capture same h5diff slow.h5 fast.h5 /hist /hist
check "skipped cycles are counted" "$(head -n 5 same.out)" [ "$(status_of same)" = 0 ]

# Nothing is timed, and no law broken.
for options in "-m functional" "-s sample.fast_forward=10M" "-s sample.fast_forward=50K"; do
    capture untimed "$simrun" -q -o none -s output.histograms=yes $options \
        -s system.max_instructions=100K "$root/configs/base.ini" -- "$build/workloads/sort"
    check "laws hold with $options" "$(cat untimed.err)" [ "$(status_of untimed)" = 124 ]
done

# Of several cores each has its own.
make -s -C "$root" BUILD="$build" "$build/guest/powerpc64le/threads" >make.log 2>&1
for machine in base ooo4; do
    capture several "$simrun" -q -o "two-$machine.h5" -s output.histograms=yes -s system.cores=2 \
        "$root/configs/$machine.ini" -- "$build/guest/powerpc64le/threads"
    check "$machine: laws hold on two cores" "$(cat several.err)" [ "$(status_of several)" = 0 ]
    capture several "$build/simstat" histograms "two-$machine.h5"
    check "$machine: each core has its histograms" "$(cat several.out)" \
        [ "$(grep -c '^core.[01].fetch_to_retire ' several.out)" = 2 ]
done

# How it is shown.
simstat=$build/simstat
capture summary "$simstat" summary --histograms ooo4.h5
check "summary has a line for each" "$(cat summary.out)" grep -q '^core.rob  *[1-9]' summary.out
capture bins "$simstat" histograms --columns core.rob,l1d.mshrs ooo4.h5
check "bins with bars" "$(cat bins.out)" grep -q '^l1d.mshrs: lines on their way' bins.out
capture csv "$simstat" histograms --csv ooo4.h5
check "CSV has every count" "$(head -n 3 csv.out)" [ "$(awk -F, '$1 == "core.rob" { n += $4 }
    END { print n }' csv.out)" = "$(awk '$1 == "cycles" { print $2 }' summary.out)" ]
check "CSV has both units" "$(grep -m 1 '^l1d.mshrs' csv.out)" \
    grep -Eq '^l1d.mshrs,0,0,[0-9]+,1,ps$' csv.out
check "time is told in a unit of people's" "$(cat bins.out)" \
    grep -Eq '^l1d.mshrs +[0-9.]+ [um]s ' bins.out
capture latency "$simstat" histograms --columns mem.read_latency ooo4.h5
check "a figure that is a bin's end says so, in ns" "$(cat latency.out)" \
    grep -Eq "^mem.read_latency +[0-9]+ +[0-9.]+ +<=[0-9.]+ .*<=[0-9.]+  ns$" latency.out
check "and the exact ones do not" "$(cat bins.out)" \
    grep -Eq '^l1d.mshrs .* [0-9]+ +[0-9]+ +[0-9]+ +[0-9]+  1$' bins.out
capture unknown "$simstat" histograms --columns core.rib ooo4.h5
check "an unknown one is refused" "$(cat unknown.err)" \
    grep -q 'no histogram is named core.rib' unknown.err
/usr/bin/python3 -c 'import h5py; del h5py.File("ooo4.h5", "r+")["hist"]'
capture old "$simstat" summary ooo4.h5
check "a file without opens as before" "$(cat old.err)" [ "$(status_of old)" = 0 ]
capture old "$simstat" histograms ooo4.h5
check "and says that it has none" "$(cat old.err)" grep -q 'has no histograms' old.err
finish
