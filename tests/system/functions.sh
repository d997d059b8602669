#!/bin/bash
# The CPI stack by function and by source line: on each ABI the right names with the right counts,
# and sums that are exactly those of the stack.
. "$(dirname "$0")/lib.sh"
cd "$work"

# Each function has a loop of its own, of a count that tells it; `adds` is one line a pass.
cat >hot.c <<'C'
#include <stdio.h>
static volatile unsigned sink;
__attribute__((noinline)) static void adds(unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        sink += i;
    }
}
__attribute__((noinline)) void divides(unsigned n)
{
    unsigned x = 7;
    for (unsigned i = 1; i <= n; i++)
        x = (x + 0x7fffffff) / i;
    sink = x;
}
int main(void)
{
    adds(100000);
    divides(20000);
    puts("done");
    return 0;
}
C

# sum_of FILE.csv COLUMN: of all rows.
sum_of() {
    awk -F, -v name="$2" 'NR == 1 { for (n = 1; n <= NF; n++) if ($n == name) at = n; next }
        { sum += $at } END { print sum }' "$1"
}

# count_of FILE NAME: instructions of the place, a file being named with its folder.
count_of() {
    awk -F'","|",' -v name="[\"/]$2\$" '$1 ~ name { split($3, n, ","); print n[1] }' "$1"
}

# same_sums TAG KIND PHASE...: every part of the stack, and the instructions.
same_sums() {
    local tag=$1 kind=$2 why="" part slots
    shift 2
    "$build/simstat" cpi --csv "$@" "$tag.h5" >stack.csv
    "$build/simstat" cpi "--$kind" --csv "$@" "$tag.h5" >"$tag.$kind.csv"
    while IFS=, read -r _ part slots _; do
        [ "$part" = part ] || [ "$(sum_of "$tag.$kind.csv" "$part")" = "$slots" ] ||
            why="$why $part: $(sum_of "$tag.$kind.csv" "$part"), not $slots;"
    done <stack.csv
    check "$tag: sums by $kind $*" "$why" [ -z "$why" -a -s stack.csv ]
}

for abi in powerpc64le powerpc64 powerpc; do
    $abi-linux-gnu-gcc -g -O1 -static hot.c -o "hot-$abi"
    capture "$abi" "$simrun" -q -o "$abi.h5" -s output.functions=yes -s sample.warmup=50K "$base" \
        -- "./hot-$abi"
    check "$abi: runs" "$(cat "$abi.err")" [ "$(status_of "$abi")" = 0 ]
    for kind in functions lines; do
        same_sums "$abi" $kind
        same_sums "$abi" $kind --phase warmup
        same_sums "$abi" $kind
    done
    adds=$(count_of "$abi.functions.csv" adds)
    divides=$(count_of "$abi.functions.csv" divides)
    check "$abi: adds is a loop of 100000 passes" "$adds instructions" \
        [ "${adds:-0}" -ge 400000 -a "${adds:-0}" -lt 1000000 ]
    check "$abi: divides is one of 20000" "$divides instructions" \
        [ "${divides:-0}" -ge 80000 -a "${divides:-0}" -lt 200000 ]
    line=$(count_of "$abi.lines.csv" hot.c:6)
    check "$abi: line 6 is executed in each pass" "$line instructions" \
        [ "${line:-0}" -ge 300000 -a "${line:-0}" -le "${adds:-0}" ]
    cause=$("$build/simstat" cpi --functions "$abi.h5" | grep ' divides ')
    check "$abi: divides waits for its divider" "$cause" \
        grep -q 'dep_divide [5-9][0-9]%' <<<"$cause"
done

# The out-of-order core, which cracks and fuses.
capture ooo "$simrun" -q -o ooo.h5 -s output.functions=yes -s sample.warmup=50K \
    "$root/configs/ooo4.ini" -- ./hot-powerpc64le
same_sums ooo functions
same_sums ooo lines --phase roi
in_order=$(count_of powerpc64le.functions.csv divides)
out_of_order=$(count_of ooo.functions.csv divides)
check "the same instructions out of order" "$out_of_order, not $in_order" \
    [ "$out_of_order" = "$in_order" ]

# Without the key nothing is kept, and no cycle is another.
capture off "$simrun" -o off.h5 -s sample.warmup=50K "$base" -- ./hot-powerpc64le
cycles() { "$build/simstat" cpi "$1" | grep -o '[0-9]* cycles'; }
check "the same cycles without" "$(cycles off.h5), not $(cycles powerpc64le.h5)" \
    [ "$(cycles off.h5)" = "$(cycles powerpc64le.h5)" ]
capture none "$build/simstat" cpi --functions off.h5
check "a run without says how to have it" "$(cat none.err)" grep -q 'output.functions=yes' none.err

# A program without symbols still has its sums; libraries are found below the sysroot.
cp hot-powerpc64le bare
powerpc64le-linux-gnu-strip bare
capture stripped "$simrun" -q -o stripped.h5 -s output.functions=yes "$base" -- ./bare
same_sums stripped functions
capture stripped "$build/simstat" cpi --lines stripped.h5
check "no lines without debug information" "$(cat stripped.err)" grep -q 'built -g' stripped.err
powerpc64le-linux-gnu-gcc -g -O1 hot.c -o dynamic
capture dynamic "$simrun" -q -o dynamic.h5 -s output.functions=yes \
    -s workload.sysroot=/usr/powerpc64le-linux-gnu "$base" -- ./dynamic
same_sums dynamic functions
check "a library's functions have names" "$(head -n 3 dynamic.functions.csv)" \
    grep -Eq '^"(_IO_)?puts","[^"]*libc.so.6"' dynamic.functions.csv
check "and those of a program that is loaded anywhere" "$(head -n 3 dynamic.functions.csv)" \
    grep -q '^"adds","./dynamic"' dynamic.functions.csv

# Processes that come and go, with their programs: a child's own function, and another program.
cat >parent.c <<'C'
#include <sys/wait.h>
#include <unistd.h>
volatile unsigned sum;
__attribute__((noinline)) void childs_work(void)
{
    for (unsigned i = 0; i < 30000; i++)
        sum += i;
}
int main(void)
{
    for (int n = 0; n < 2; n++)
        if (!fork()) {
            childs_work();
            if (n)
                execl("dynamic", "dynamic", (char *)0);
            _exit(0);
        }
    while (wait(0) > 0)
        ;
    return 0;
}
C
powerpc64le-linux-gnu-gcc -g -O1 parent.c -o parent
capture processes "$simrun" -q -o processes.h5 -s output.functions=yes \
    -s workload.sysroot=/usr/powerpc64le-linux-gnu "$base" -- ./parent
same_sums processes functions
same_sums processes lines
work_of_two=$(count_of processes.functions.csv childs_work)
check "children's work is that of their function" "$work_of_two instructions" \
    [ "${work_of_two:-0}" -ge 240000 -a "${work_of_two:-0}" -lt 600000 ]
check "another program's is that of its own" "$(head -n 4 processes.functions.csv)" \
    grep -Eq '^"adds","[^"]*dynamic",[4-9][0-9]{5},' processes.functions.csv

# Branches and loads one by one: their sums are the counters, phase by phase.
cat >sites.py <<'PY'
import sys, h5py
f = h5py.File(sys.argv[1])
names = [n.decode() for n in f["/stats/names"][:]]
stat = lambda name: f["/stats/values"][:, names.index(name)]
b, l = f["/branches"], f["/loads"]
pairs = [(b["count"][:].sum(1), stat("bpred.branches")),
         (b["taken"][:].sum(1), stat("bpred.taken")),
         (b["mispredicts"][:].sum(1), stat("bpred.mispredicts")),
         (l["served"][:].sum((1, 2)), l["count"][:].sum(1))]
assert all((x == y).all() for x, y in pairs), pairs
assert (l["count"][:].sum(1) == stat("core.loads")).all()
assert (l["latency"][:] >= l["count"][:]).all()
assert (l["served"][:, :, 0] == 0).all()
adds = [n for n in range(len(l["line"])) if l["function"][n] == b"adds" and l["line"][n] == 6]
assert [int(l["count"][:, n].sum()) for n in adds] == [100000], adds
loop = [n for n in range(len(b["line"])) if b["function"][n] == b"adds" and b["line"][n] == 5]
taken = sum(int(b["taken"][:, n].sum()) for n in loop)
assert 99990 <= taken <= 100010, taken
PY
for config in base ooo4; do
    capture sites "$simrun" -q -o "sites-$config.h5" -s output.sites=yes -s sample.warmup=50K \
        "$root/configs/$config.ini" -- ./hot-powerpc64le
    capture sums /usr/bin/python3 sites.py "sites-$config.h5"
    check "branches and loads, $config" "$(tail -n 1 sites.err) $(tail -n 1 sums.err)" \
        [ "$(status_of sums)" = 0 ]
done

# The stack's parts of some weight are explained, all of them when asked.
capture legend "$build/simstat" cpi sites-ooo4.h5
check "parts are explained" "$(tail -n 3 legend.out)" \
    grep -Eq '^  base +slots that did useful work$' legend.out
capture legends "$build/simstat" cpi --all sites-ooo4.h5
parts=$(h5ls sites-ooo4.h5/cpi/part | grep -o '[0-9]*' | tail -n 1)
check "... each of them" "$parts" [ "$(sed '1,/^meaning/d' legends.out | wc -l)" = "$parts" ]

# The same tables as simstat prints them and as Python opens them.
cat >tables.py <<'PY'
import csv, io, subprocess, sys
simstat, path, analysis = sys.argv[1:]
sys.path.insert(0, analysis)
from simresult import Result
def printed(verb):
    run = subprocess.run([simstat, verb, "--csv", path], check=True, capture_output=True, text=True)
    return list(csv.DictReader(io.StringIO(run.stdout)))
with Result(path) as r:
    b, l = r.branches(), r.loads(pandas=True)
    assert [int(row["mispredicts"]) for row in printed("branches")] == b["mispredicts"].tolist()
    assert b["mispredicts"].sum() == r.stats["bpred.mispredicts"]
    assert b["count"].sum() == r.stats["bpred.branches"] and b["function"].shape == b["taken"].shape
    rows = printed("loads")
    assert [int(row["cycles"]) for row in rows] == l["latency"].tolist()
    levels = [k for k in rows[0] if k[0] == "L" or k == "memory"]
    assert levels == (["L1", "L2", "memory"] if "base" in path else ["L1", "L2", "L3", "memory"])
    for n, level in enumerate(levels):
        assert [int(row[level]) for row in rows] == l[f"served{n + 1}"].tolist(), level
    phases = [r.branches(phase)["count"].sum() for phase in ("warmup", "roi")]
    assert sum(phases) == b["count"].sum() and min(phases) > 0
PY
for config in base ooo4; do
    capture tables /usr/bin/python3 tables.py "$build/simstat" "sites-$config.h5" "$root/analysis"
    check "the tables of simstat and of Python, $config" "$(tail -n 1 tables.err)" \
        [ "$(status_of tables)" = 0 ]
done
capture worst "$build/simstat" loads sites-ooo4.h5
check "the slowest load first" "$(head -n 3 worst.out)" \
    awk 'NR == 2 { most = $3 } NR > 1 && /^ +0x/ && $3 > most { exit 1 }' worst.out
capture without "$build/simstat" branches powerpc64le.h5
check "no tables: how to have them" "$(cat without.err)" grep -q "output.sites=yes" without.err
capture places /usr/bin/python3 -c "
import sys; sys.path.insert(0, '$root/analysis')
from simresult import Result
r = Result('powerpc64le.h5'); f, l = r.functions(), r.lines(pandas=True)
slots = sum(v.sum() for k, v in f.items() if v.dtype.kind == 'u' and k not in ('address',
                                                                                'instructions'))
assert slots == r.file['cpi/slots'][()].sum() and 'adds' in f['name'].tolist()
assert l['instructions'].sum() == f['instructions'].sum()"
check "functions and lines in Python" "$(tail -n 1 places.err)" [ "$(status_of places)" = 0 ]

# A C++ name, as the linker has it in the file, and as its programmer would say it.
(echo 'void divides(unsigned n) __asm__("_ZN4unit7dividesEj");' && cat hot.c) >plus.c
powerpc64le-linux-gnu-gcc -O1 -static plus.c -o plus
capture plus "$simrun" -q -o plus.h5 -s output.functions=yes "$base" -- ./plus
capture names "$build/simstat" cpi --functions plus.h5
check "C++ names are demangled" "$(head -n 8 names.out)" grep -q 'unit::divides(unsigned int)' \
    names.out
capture flame "$build/simstat" export --format flame -o plus.flame plus.h5
check "and in exported profiles" "$(head -n 2 plus.flame)" grep -q 'unit::divides(unsigned int)' \
    plus.flame

# The same twice.
capture again "$simrun" -q -o again.h5 -s output.functions=yes -s sample.warmup=50K "$base" \
    -- ./hot-powerpc64le
check "a run repeats" "differs" h5diff --exclude-path /meta powerpc64le.h5 again.h5
finish
