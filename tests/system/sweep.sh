#!/usr/bin/env bash
# simrun sweep and simrun verify: points equal single runs, nothing is run twice or lost, whatever
# is killed.
. "$(dirname "$0")/lib.sh"

programs=$build/workloads
sweep=$work/study.ini
points=12

write_sweep() { # LIMIT
    cat >"$sweep" <<END
[sweep]
config = $base
directory = $work/study
core.issue_width = 1, 2
l2.size = 128KiB .. 512KiB * 2
system.max_instructions = $1
names = core.issue_width:width

[workload.sort]
program = $programs/sort

[workload.matmul]
program = $programs/matmul
END
}

run_sweep() { # TAG [OPTION...]
    local tag=$1
    shift
    capture "$tag" "$simrun" sweep "$@" "$sweep"
}

# count_of STATE: points in this state.
count_of() { "$simrun" sweep --dry-run "$sweep" 2>/dev/null | awk -v s="$1" '$2 == s' | wc -l; }

results() { find "$work/study/points" -name result.h5 2>/dev/null | wc -l; }

# The same single run as the point's, from the command line.
equals_single_run() {
    local point=$1
    "$simrun" -q -o "$work/single.h5" --force "$point/config.ini" >"$work/single.out" </dev/null ||
        [ $? -eq 124 ]
    h5diff --exclude-path /meta "$point/result.h5" "$work/single.h5" &&
        cmp "$point/stdout" "$work/single.out"
}

all_equal_single_runs() {
    local point
    for point in "$work"/study/points/*; do
        equals_single_run "$point" || return 1
    done
}

write_sweep 100K
run_sweep list --dry-run
check "a dry run lists every point" "$(cat "$work/list.out")" \
    [ "$(grep -c queued "$work/list.out")" -eq $points ]
check "... and runs none" "results are there" [ "$(results)" -eq 0 ]

run_sweep first -j2
check "a sweep ends well" "$(cat "$work/first.err")" [ "$(status_of first)" -eq 0 ]
check "every point has a result" "$(results)" [ "$(results)" -eq $points ]
check "points equal single runs" "they differ" all_equal_single_runs
run_sweep second -j2
check "finished points are not run again" "$(cat "$work/second.err")" \
    [ "$(grep -c '^simrun: \[' "$work/second.err")" -eq 0 ]

# The table holds what the files hold; means and ratios are what another program computes.
table=$work/study/sweep.h5
cat >"$work/means.py" <<'END'
import re, subprocess, sys, h5py, numpy as np
simstat, path = sys.argv[1:]
with h5py.File(path) as f:
    names = list(f["/stats/names"].asstr()[:])
    done = f["/points/is_done"][:]
    values, cases = f["/stats/values"][:], f["/points/case"].asstr()[:]
    width, size = f["/parameters/width"][:], f["/parameters/l2.size"][:]
    for n, point in enumerate(f["/points/id"].asstr()[:]):
        one = f["/results"][point]
        assert list(one["stats/names"].asstr()[:]) == names
        assert (one["stats/values"][-1] == values[n]).all()
assert done.all() and len(cases) == 12
cpi = values[:, names.index("core.cycles")] / values[:, names.index("core.instructions")]
lines = subprocess.check_output([simstat, "sweep", path], text=True).splitlines()
rows = [l.split() for l in lines if re.match(r" *\d+[KM]iB .*\.\.", l)]
assert len(rows) == 6
assert "12 points: 12 ended by a limit" in lines[0], lines[0]
assert any(l.split()[:4] == ["l2.size", "width", "workloads", "cpi"] for l in lines)
def bytes_of(text): # sizes are shown as they are typed
    return int(text[:-3]) << {"KiB": 10, "MiB": 20}[text[-3:]]
first = np.log(cpi[(width == 1) & (size == 128 << 10)])
for row in rows:
    logs = np.log(cpi[(size == bytes_of(row[0])) & (width == int(row[1]))])
    assert abs(float(row[3]) / np.exp(logs.mean()) - 1) < 1e-5, row
    ratio = logs - first
    assert abs(float(row[4]) - np.exp(ratio.mean())) < 1e-4, row
    half = 12.7062 * ratio.std(ddof=1) / 2 ** .5 # Student's t, one degree of freedom, 97.5 %
    assert abs(float(row[7]) - np.exp(ratio.mean() + half)) < 1e-3, row
csv = subprocess.check_output([simstat, "sweep", "--csv", path], text=True).splitlines()
assert len(csv) == 13 and all(l.count(",") == 3 for l in csv)
assert all(l.split(",")[1].isdigit() for l in csv[1:]) # for programs: bytes
END
check "sweep.h5 and simstat sweep agree with the results" "see above" \
    /usr/bin/python3 "$work/means.py" "$build/simstat" "$table"
check "a sweep is drawn" "plot_sweep.py fails" /usr/bin/python3 "$root/analysis/plot_sweep.py" \
    "$table" --x l2.size --by width -o "$work/sweep.png"

"$build/simstat" report "$table" -o "$work/sweep.html"
cat >"$work/page.py" <<'END'
import re, sys, html.parser
text = open(sys.argv[1]).read()
class Page(html.parser.HTMLParser):
    open_tags, paths, rows = [], 0, 0
    def handle_starttag(self, tag, attributes):
        assert not any(k in ("src", "href") for k, _ in attributes), attributes
        self.paths += tag == "path"
        self.rows += tag == "tr"
        if tag not in ("meta", "rect", "path"):
            self.open_tags.append(tag)
    def handle_endtag(self, tag):
        if tag not in ("rect", "path"):
            assert self.open_tags.pop() == tag, tag
page = Page()
page.feed(text)
assert not page.open_tags and "://" not in text
assert page.paths >= 4, page.paths      # two workloads, two or more lines each
assert "12 points: 12 ended by a limit." in text and "Means of cpi" in text
assert "cpi along l2.size" in text or "cpi along width" in text
assert "128KiB" in text and "131072" not in text
assert page.rows == 1 + 6 + 1 + 3, page.rows # means of six combinations; three effects
END
check "the report of a sweep is a page of its own" "not what was expected" \
    /usr/bin/python3 "$work/page.py" "$work/sweep.html"

# A comment is not a change; a program with another byte at its end is.
cp "$base" "$work/base.ini"
sed -i "s,^config = .*,config = $work/base.ini," "$sweep"
echo '# nothing' >>"$work/base.ini"
check "a changed comment changes no point" "$(count_of queued) queued" \
    [ "$(count_of queued)" -eq 0 ]
cp "$programs/sort" "$work/sort"
sed -i "s,^program = .*/sort,program = $work/sort," "$sweep"
run_sweep moved -j2
echo >>"$work/sort"
check "a changed program is run anew" "$(count_of queued) queued" \
    [ "$(count_of queued)" -eq $((points / 2)) ]

# Duplicates: two axes of which one value is the other's.
cat >"$work/twice.ini" <<END
[sweep]
config = $base
directory = $work/twice
l2.size = 128KiB, 131072
system.max_instructions = 50K
workload.program = $programs/queens
END
sweep=$work/twice.ini
run_sweep twice
check "duplicate points are run once" "$(cat "$work/twice.err")" \
    [ "$(find "$work/twice/points" -name result.h5 | wc -l)" -eq 1 ]

# A failing point never stops the others, and says why.
cat >"$work/limited.ini" <<END
[sweep]
config = $base
directory = $work/limited
memory = 64MiB
system.max_instructions = 50K
l2.size = 128KiB, 1GiB
workload.program = $programs/queens
END
sweep=$work/limited.ini
run_sweep limited
check "a point that fails leaves the others alone" "$(cat "$work/limited.err")" \
    [ "$(count_of limit)" -eq 1 ]
check "... and the exit status says so" "$(status_of limited)" [ "$(status_of limited)" -eq 1 ]
run_sweep limited2
check "... is not tried again unasked" "$(cat "$work/limited2.err")" \
    [ "$(grep -c '^simrun: \[' "$work/limited2.err")" -eq 0 ]
run_sweep limited3 --retry --memory 8GiB
check "... but by --retry, which may give it more" "$(cat "$work/limited3.err")" \
    [ "$(status_of limited3)" -eq 0 ]

printf '.globl _start\n_start: b _start\n' >"$work/endless.S"
powerpc64le-linux-gnu-gcc -nostdlib -static "$work/endless.S" -o "$work/endless"
cat >"$work/slow.ini" <<END
[sweep]
config = $base
directory = $work/slow
workload.program = $work/endless
END
sweep=$work/slow.ini
run_sweep slow --timeout 1s
check "a point that takes too long is stopped" "$(cat "$work/slow.err")" \
    [ "$(count_of timeout)" -eq 1 ]

# Two sweeps at once.
sweep=$work/study.ini
rm -rf "$work/study"
write_sweep 300K
"$simrun" sweep -j1 "$sweep" >"$work/other.out" 2>"$work/other.err" &
other=$!
run_sweep shared -j1
other_status=0
wait "$other" || other_status=$?
check "two sweeps share the points, and both end well" \
    "$(cat "$work/other.err" "$work/shared.err")" \
    [ "$other_status$(status_of shared)$(results)" = "00$points" ]
grep -h '^simrun: \[' "$work/other.err" "$work/shared.err" | grep -v '(elsewhere)' |
    cut -d ' ' -f 3 | sort >"$work/ran"
check "... each point run once" "$(cat "$work/ran")" \
    [ "$(wc -l <"$work/ran")$(uniq <"$work/ran" | wc -l)" = "$points$points" ]

# Killed at many moments: the sweep, or one of its workers.
rm -rf "$work/study"
write_sweep 4M
for n in $(seq "${KILLS:-8}"); do
    "$simrun" sweep -q -j2 "$sweep" >/dev/null 2>&1 &
    victim=$!
    sleep "0.$((RANDOM % 5 + 1))"
    if [ $((n % 2)) -eq 0 ]; then
        worker=$(pgrep -P "$victim" | head -n 1) || true
        [ -z "$worker" ] || kill -KILL "$worker" 2>/dev/null || true
        kill -INT "$victim" 2>/dev/null || true
    else
        kill -KILL "$victim" 2>/dev/null || true
    fi
    { wait "$victim" || true; } 2>/dev/null
done
echo "$(results) of $points before the last call"
run_sweep resumed -j2
check "after kills the next call finishes" "$(cat "$work/resumed.err")" \
    [ "$(status_of resumed)$(results)" = "0$points" ]
check "... with results as of single runs" "they differ" all_equal_single_runs
check "... and leaves no claims" "$(find "$work/study" -name claim)" \
    [ -z "$(find "$work/study" -name claim -o -name 'old.*')" ]

# An interrupt: status, and what was done stays.
rm -rf "$work/study"
write_sweep 2M
"$simrun" sweep -q -j2 "$sweep" >/dev/null 2>&1 &
victim=$!
sleep 0.5
kill -INT "$victim"
status=0
wait "$victim" || status=$?
check "an interrupted sweep says so" "$status" [ "$status" -eq 130 ]

# verify
one=$work/one.h5
"$simrun" -q -o "$one" -s system.max_instructions=200K "$base" -- "$programs/format" </dev/null \
    >/dev/null 2>&1 || true
capture same "$simrun" verify "$one"
check "a result verifies" "$(cat "$work/same.err")" [ "$(status_of same)" -eq 0 ]
mkdir -p "$work/there/bin" "$work/moved/bin"
cp "$programs/format" "$work/there/bin"
(cd "$work/there" && "$simrun" -q -o "$work/relative.h5" -s system.max_instructions=200K \
    "$base" -- bin/format </dev/null >/dev/null 2>&1 || true)
capture same "$simrun" verify "$work/relative.h5"
check "a program by a relative name, from elsewhere" "$(cat "$work/same.err")" \
    grep -q "figures are equal" "$work/same.err"
mv "$work/there/bin/format" "$work/moved/bin"
capture same "$simrun" verify "$work/relative.h5"
check "... that has gone" "$(cat "$work/same.err")" \
    grep -q "the program $work/there/bin/format cannot be read: No such file" "$work/same.err"
(cd "$work/moved" && capture same "$simrun" verify "$work/relative.h5")
check "... and is where verify is called" "$(cat "$work/same.err")" \
    grep -q "figures are equal" "$work/same.err"
/usr/bin/python3 - "$one" <<'END'
import sys, h5py
with h5py.File(sys.argv[1], "r+") as f:
    f["/stats/values"][-1, 3] += 1
END
capture other "$simrun" verify "$one"
check "a changed figure does not" "$(cat "$work/other.err")" [ "$(status_of other)" -eq 1 ]
check "... and is named" "$(cat "$work/other.err")" grep -q " was " "$work/other.err"


# Points of one and of two cores have figures by other names, and functional ones have no cycles.
other_sweep() { # KEY=VALUE
    printf '[sweep]\nconfig = %s\ndirectory = %s/other\nsystem.max_instructions = 20K\n%s\n' \
        "$base" "$work" "$1" >"$work/other.ini"
    printf '[workload.sort]\nprogram = %s\n' "$programs/sort" >>"$work/other.ini"
    capture other "$simrun" sweep "$work/other.ini"
}
other_sweep "system.cores = 1, 2"
capture other "$build/simstat" sweep "$work/other/sweep.h5"
check "CPI of one and of two cores" "$(cat "$work/other.err" "$work/other.out")" \
    [ "$(grep -Ec '^ +[12] +1 +[0-9.]+ +[0-9.]+$' "$work/other.out")" = 2 ]
rm -r "$work/other"
other_sweep "system.mode = functional"
capture other "$build/simstat" sweep "$work/other/sweep.h5"
check "no CPI of functional points" "$(cat "$work/other.err" "$work/other.out")" \
    grep -q "no point that is done has a figure for cpi: functional runs have no cycles" \
    "$work/other.err"
# Machines are an axis, too: each point is the single run on its machine.
cat >"$work/machines.ini" <<END
[sweep]
config = $base, $root/configs/ooo4.ini
directory = $work/machines
system.max_instructions = 50K
names = config:machine
[workload.sort]
program = $programs/sort
END
capture machines "$simrun" sweep "$work/machines.ini"
check "a sweep over machines" "$(tail -n 3 "$work/machines.err")" [ "$(status_of machines)" = 0 ]
cat >"$work/table.py" <<'PY'
import sys
sys.path.insert(0, sys.argv[1])
from simsweep import Sweep
sweep = Sweep(sys.argv[2])
names = [name.rsplit("/", 1)[1] for name in sweep.parameters["machine"]]
assert names == ["base.ini", "ooo4.ini"] and sweep.done.all(), names
assert sweep.figure("ipc")[0] < sweep.figure("ipc")[1], sweep.figure("ipc")
PY
capture table /usr/bin/python3 "$work/table.py" "$root/analysis" "$work/machines/sweep.h5"
check "... is told by machine" "$(tail -n 1 "$work/table.err")" [ "$(status_of table)" = 0 ]
for point in "$work"/machines/points/*; do
    check "... and equals single runs" "${point##*/}" equals_single_run "$point"
done
finish
