#!/bin/bash
# simstat fit: the least squares of numpy, what is left out and what is refused.
. "$(dirname "$0")/lib.sh"
cd "$work"

# Two runs with intervals that differ, of a core that has every kind of event.
machine=$root/configs/ooo4.ini
simulate() { # TAG PROGRAM ARG...
    local tag=$1
    shift
    capture "$tag" "$simrun" -q -o "$tag.h5" -s output.interval=10K -s l1d.size=4KiB \
        -s system.max_instructions=2M "$machine" -- "$build/workloads/$1" "${@:2}"
    check "$tag: runs" "$(cat "$tag.err")" [ -s "$tag.h5" ]
}
simulate lz lz 8
simulate sort sort 20000

# least_squares.py FIT.csv FILE...: compares with numpy's solution, the usual formula of the
# standard errors, and R^2 of fits with and without each event.
cat >least_squares.py <<'PY'
import csv, sys
import h5py, numpy as np
rows = list(csv.DictReader(open(sys.argv[1])))
events = [r["event"] for r in rows[1:]]
x, y = [], []
for path in sys.argv[2:]:
    g = h5py.File(path)["/intervals"]
    n, c = g["instructions"][:, 0].astype(float), g["cycles"][:, 0].astype(float)
    keep = (n >= n.max() // 2) & (c > 0)
    y.append((c / n)[keep])
    x.append(np.column_stack([(g[e][:, 0] / n)[keep] for e in events]))
x, y = np.vstack(x), np.concatenate(y)
def solve(columns):
    a = np.column_stack([np.ones(len(y))] + [x[:, i] for i in columns])
    scale = np.abs(a).max(0)
    c = np.linalg.lstsq(a / scale, y, rcond=None)[0] / scale
    left = ((y - a @ c) ** 2).sum()
    return a, c, left, 1 - left / ((y - y.mean()) ** 2).sum()
every = list(range(len(events)))
a, c, left, r2 = solve(every)
q, r = np.linalg.qr(a)
inverse = np.linalg.inv(r)
error = np.sqrt(left / (len(y) - len(c)) * (inverse @ inverse.T).diagonal())
def same(what, ours, theirs):
    assert abs(float(ours) - theirs) <= 1e-6 * max(abs(theirs), 1e-3), (what, ours, theirs)
for i, row in enumerate(rows):
    same(row["event"], row["cycles"], c[i])
    same(row["event"] + " error", row["standard_error"], error[i])
for i, row in enumerate(rows[1:]):
    same(row["event"] + " alone", row["r2_alone"], solve([i])[3])
    without = solve([k for k in every if k != i])[3]
    same(row["event"] + " unique", row["r2_unique"], r2 - without)
    others = np.column_stack([np.ones(len(y))] + [x[:, k] for k in every if k != i])
    others = others / np.abs(others).max(0)
    z = x[:, i]
    rest = ((z - others @ np.linalg.lstsq(others, z, rcond=None)[0]) ** 2).sum()
    same(row["event"] + " vif", row["vif"], ((z - z.mean()) ** 2).sum() / rest)
# Shares: the R^2 that each adds, over all orders; the sets of up to eight others are all tried.
from itertools import combinations
from math import factorial
known = {(): 0.0}
def r2_of(columns):
    key = tuple(sorted(columns))
    if key not in known:
        known[key] = solve(list(key))[3]
    return known[key]
for i, row in enumerate(rows[1:]):
    others, p, share = [k for k in every if k != i], len(every), 0.0
    for size in range(p):
        for chosen in combinations(others, size):
            share += factorial(size) * factorial(p - size - 1) / factorial(p) * \
                (r2_of(chosen + (i,)) - r2_of(chosen))
    same(row["event"] + " share", row["share"], share)
same("shares", sum(float(row["share"]) for row in rows[1:]), r2)
same("mean", sum(float(row["cpi"]) for row in rows), y.mean())
print(len(y), "%.4f" % r2)
PY
as_numpy() { # TAG OPTION... -- FILE...
    local tag=$1 options=()
    shift
    while [ "$1" != -- ]; do options+=("$1") && shift; done
    shift
    capture "$tag" "$build/simstat" fit --csv "${options[@]}" "$@"
    capture "$tag.numpy" /usr/bin/python3 least_squares.py "$tag.out" "$@"
    check "$tag: as numpy" "$(tail -n 3 "$tag.err" "$tag.numpy.err")" \
        [ "$(status_of "$tag.numpy")" = 0 ]
    capture "$tag.text" "$build/simstat" fit "${options[@]}" "$@"
    local count r2
    read -r count r2 <"$tag.numpy.out" || true
    check "$tag: R2 and the number of intervals" "$(tail -n 6 "$tag.text.out"), not $count $r2" \
        grep -q "^$count intervals, .* R2 $r2 " "$tag.text.out"
}
as_numpy one -- lz.h5
as_numpy pooled -- lz.h5 sort.h5
as_numpy named --columns bpred.mispredicts,core.l1d.misses,l2.accesses -- sort.h5
check "what cannot be told apart is left out" "$(cat pooled.err one.err)" \
    [ "$(awk -F, 'FNR > 2 && $8 > 100' one.out pooled.out)" = "" ]
check "TLB misses are events" "$(cat pooled.out)" grep -q '^dtlb.misses' pooled.out

# A CPI made of known costs has these coefficients, and no residuals.
cp lz.h5 made.h5
/usr/bin/python3 - <<'PY'
import h5py
f = h5py.File("made.h5", "r+")["/intervals"]
f["cycles"][:] = 2 * f["instructions"][:] + 17 * f["bpred.mispredicts"][:] + 5 * f["l1d.misses"][:]
f["l2.misses"][:] = 3 * f["l1d.misses"][:] + f["l1i.misses"][:]
f["l3.misses"][:] = 0
PY
capture made "$build/simstat" fit --csv made.h5
cost_of() { awk -F, -v e="$1" '$1 == e { printf "%.6f", $2 }' made.out; }
check "made of costs" "$(cat made.out)" \
    [ "$(cost_of base) $(cost_of bpred.mispredicts) $(cost_of l1d.misses)" = \
    "2.000000 17.000000 5.000000" ]
check "constant columns are left out with a word" "$(cat made.err)" \
    grep -q '^left out: l3.misses is 0 in every interval' made.err
check "and those that follow from others" "$(cat made.err)" \
    grep -q '^left out: l2.misses is a linear function' made.err

# A cost that comes out negative is told as such, and can be forbidden.
cp lz.h5 saved.h5
/usr/bin/python3 - <<'PY'
import h5py, numpy as np
f = h5py.File("saved.h5", "r+")["/intervals"]
noise = np.random.default_rng(7).integers(0, 40, f["cycles"].shape).astype(np.uint64)
f["cycles"][:] = 3 * f["instructions"][:] + 20 * f["bpred.mispredicts"][:] + noise - \
    f["l1d.misses"][:]
PY
events=bpred.mispredicts,l1d.misses
capture negative "$build/simstat" fit --columns $events saved.h5
check "a negative cost has a remark" "$(cat negative.out negative.err)" \
    grep -q '^negative: l1d.misses, -.* cycles: goes along with something cheap' negative.out
check "which says that it is none" "$(tail -n 4 negative.out)" \
    grep -q '^A negative cost is not a physical one' negative.out
capture negative.csv "$build/simstat" fit --csv --columns $events saved.h5
check "not among comma separated values" "$(cat negative.csv.out)" \
    [ "$(grep -c '^negative' negative.csv.out)$(grep -c '^negative' negative.csv.err)" = 01 ]
capture positive "$build/simstat" fit --non-negative --columns $events saved.h5
check "--non-negative leaves it out" "$(cat positive.out)" \
    grep -q '^cost 0: l1d.misses, which would be negative' positive.out
check "... and fits the others" "$(cat positive.out)" \
    [ "$(awk '$1 == "bpred.mispredicts" { print ($2 > 15 && $2 < 20) }' positive.out)" = 1 ]
capture as_usual "$build/simstat" fit made.h5
check "no remark when there is none" "$(cat as_usual.out)" \
    [ "$(grep -c negative as_usual.out)" = 0 ]

refused() { # NAME PATTERN ARGUMENT...
    local name=$1 pattern=$2
    shift 2
    capture refused "$build/simstat" fit "$@"
    check "refused: $name" "$(cat refused.err refused.out)" \
        [ "$(status_of refused)" = 125 -a "$(grep -c "$pattern" refused.err)" = 1 ]
}
refused "collinear columns by name" "l2.misses is a linear function of the columns before it" \
    --columns l1d.misses,l1i.misses,l2.misses made.h5
refused "a column twice" "listed twice" --columns l1d.misses,core.l1d.misses lz.h5
refused "an unknown column" "no column is named l9.misses" --columns l9.misses lz.h5
refused "no file" "at least 1 file"
capture short "$simrun" -q -o short.h5 -s output.interval=10K -s system.max_instructions=50K \
    "$machine" -- "$build/workloads/lz" 8
refused "too few intervals" \
    "too few for .* coefficients: at least 1[0-9] are needed" short.h5
capture functional "$simrun" -q -m functional -o functional.h5 -s output.interval=10K \
    -s system.max_instructions=1M "$machine" -- "$build/workloads/lz" 8
refused "a run without cycles" "no interval has cycles" functional.h5
for verb in cpi intervals "compare lz.h5"; do
    capture refused "$build/simstat" $verb functional.h5
    check "$verb: refused without cycles" "$(cat refused.err)" [ "$(status_of refused)$(
        grep -c "functional.h5: has no timing: the run was" refused.err)" = 1251 ]
done
capture both "$build/simstat" compare functional.h5 functional.h5
check "two functional runs have counters to compare, and no CPI" "$(cat both.out)" \
    [ "$(status_of both) $(tail -n 1 both.out | grep -c "Neither run has timing")" = "0 1" ]
finish
