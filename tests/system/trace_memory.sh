#!/usr/bin/env bash
# /trace/mem: it counts what the caches count, every reader sees the same rows, windows are exact.
. "$(dirname "$0")/lib.sh"

cat >"$work/check.py" <<'END'
"""What a trace of requests must be like; one function a check, its name is the first argument."""
import sys
import numpy as np
from simresult import Result

NEVER = 2**64 - 1
OUTCOMES = ("hit", "delayed_hit", "miss")


def load(path):
    with Result(path) as r:
        return r.trace_mem(), r.trace_mem_names(), r.stats


def counters(path):
    """Rows by level, kind and outcome are the caches' and the memory's own counts. Walks are loads
    to them; requests that only send lines away have counters of their own."""
    t, names, s = load(path)
    code = {name: number for number, name in names["kind"].items()}
    checked = 0
    for level, name in names["level"].items():
        here = t["level"] == level
        reads = here & np.isin(t["kind"], [code[k] for k in ("fetch", "load", "store", "prefetch",
                                                             "walk")])
        if name == "mem":
            assert np.count_nonzero(reads) == s["mem.reads"]
            assert t["bytes"][reads].sum() == s["mem.read_bytes"]
            assert t["bytes"][here & ~reads].sum() == s["mem.written_bytes"]
            continue
        for kind in ("fetch", "load", "store", "write", "writeback", "evict", "prefetch"):
            rows = here & (t["kind"] == code[kind])
            rows |= here & (t["kind"] == code["walk"]) & (kind == "load")
            for number, outcome in enumerate(OUTCOMES):
                found = np.count_nonzero(rows & (t["outcome"] == number))
                suffix = {"hit": "hits", "delayed_hit": "delayed_hits", "miss": "misses"}[outcome]
                assert found == s[f"{name}.{kind}_{suffix}"], (name, kind, outcome, found)
                checked += found
            assert t["bytes"][rows].sum() == s[f"{name}.{kind}_bytes"], (name, kind)
    assert checked > 1000


def answers(path):
    """Nothing is answered before it is asked; a hit is answered by who was asked, in the time that
    the configuration gives."""
    t, names, _ = load(path)
    levels = {name: level for level, name in names["level"].items()}
    assert (np.diff(t["cycle"].astype(np.int64)) >= 0).all()
    done = t["answered"] != NEVER
    assert (t["answered"][done] >= t["cycle"][done]).all()
    assert done[:-100].all(), "only the limit of the run takes answers away"
    t = {name: column[done] for name, column in t.items()}
    latency = (t["answered"] - t["cycle"]).astype(np.int64)
    hits = t["outcome"] == 0
    assert (t["answered_by"][hits] == t["level"][hits]).all()
    with Result(path) as r:
        for name in ("l1d", "l2"):
            here = (t["level"] == levels[name]) & hits
            assert latency[here].min() == int(r.config[f"{name}.latency"].number), name
    loads = (t["level"] == levels["l1d"]) & (t["outcome"] == 2) & (t["kind"] == 1)
    far = loads & (t["answered_by"] == levels["mem"])
    near = loads & (t["answered_by"] == levels["l2"])
    assert latency[far].mean() > latency[near].mean() > latency[hits & (t["kind"] == 1)].mean()


def pieces(path):
    with Result(path) as r:
        whole = r.trace_mem()
        for first in range(0, len(whole["cycle"]), 30011):
            for name, column in r.trace_mem(first, 777).items():
                assert (column == whole[name][first:first + 777]).all(), (name, first)
        middle = int(whole["cycle"][len(whole["cycle"]) // 2])
        window = r.trace_mem(cycles=(middle, middle + 500))
        chosen = (whole["cycle"] >= middle) & (whole["cycle"] < middle + 500)
        for name, column in window.items():
            assert (column == whole[name][chosen]).all(), name
        assert len(window["cycle"])


def size(path):
    with Result(path) as r:
        group = r.file["trace/mem"]
        per = sum(group[n].id.get_storage_size() for n in group) / group["cycle"].size
        print(f"{per:.2f} bytes a request")
        assert per < 6, per


def csv(path, exported):
    t, names, _ = load(path)
    lines = open(exported).read().splitlines()
    assert len(lines) == 5001
    for n, line in enumerate(lines[1:]):
        f = line.split(",")
        assert (int(f[0]), int(f[1]), int(f[2])) == (n, t["cycle"][n], t["core"][n])
        assert (int(f[3] or "0", 16), int(f[4], 16)) == (t["pc"][n], t["address"][n]), line
        assert int(f[5]) == t["bytes"][n] and int(f[10]) == t["answered"][n], line
        assert f[6:10] == [names[c][int(t[c][n])]
                           for c in ("kind", "level", "outcome", "answered_by")], line


def cycles(path, whole, first, last):
    """A window in cycles has the rows of the whole trace."""
    part, all_of_it = load(path)[0], load(whole)[0]
    chosen = (all_of_it["cycle"] >= int(first)) & (all_of_it["cycle"] < int(last))
    assert np.count_nonzero(chosen) > 1000
    for name in part:
        assert (part[name] == all_of_it[name][chosen]).all(), name


def youngest(path, whole, count):
    part, all_of_it = load(path)[0], load(whole)[0]
    assert len(part["cycle"]) == int(count)
    for name in part:
        assert (part[name] == all_of_it[name][-int(count):]).all(), name


globals()[sys.argv[1]](*sys.argv[2:])
END
checked() { # NAME FUNCTION ARGUMENT...
    local name=$1 function=$2
    shift 2
    capture "$function" env PYTHONWARNINGS=ignore PYTHONPATH="$root/analysis" \
        PYTHONDONTWRITEBYTECODE=1 \
        /usr/bin/python3 "$work/check.py" "$function" "$@"
    check "$name" "$(cat "$work/$function.err")" [ "$(status_of "$function")" -eq 0 ]
}
program=$build/workloads/hashtable
record() { # FILE CONFIG OPTION...
    local file=$1 config=$2
    shift 2
    "$simrun" -q --force -o "$file" -s trace.memory=yes "$@" "$config" -- "$program" \
        >/dev/null </dev/null || [ $? -eq 124 ]
}

t=$work/t.h5 u=$work/u.h5
small="-s l1d.size=2KiB -s l1d.ways=2 -s l2.size=8KiB -s l2.ways=2"
some="-s system.max_instructions=200K"
exclusive="-s l3.inclusion=exclusive -s l3.size=32KiB -s l3.ways=2"
through="-s l1d.write=through -s l1d.write_allocate=no"
for run in "base " "ooo4 " "ooo4 $small $exclusive" "base $small $through" \
    "base $small -s l1d.prefetcher=stride -s l2.prefetcher=stream"; do
    record "$t" "$root/configs/${run%% *}.ini" $some ${run#* }
    checked "${run% }: rows are what the caches counted" counters "$t"
    [ "$run" != "ooo4 " ] || checked "a row is small" size "$t"
done
record "$t" "$root/configs/ooo4.ini" $some $small
checked "answers come from where they are said to come" answers "$t"
checked "any piece can be read alone" pieces "$t"
"$build/simstat" export --format requests --count 5000 -o "$work/t.csv" "$t" 2>/dev/null
checked "export: requests" csv "$t" "$work/t.csv"

"$simrun" -q --force -o "$u" $some $small "$root/configs/ooo4.ini" -- "$program" >/dev/null \
    </dev/null || [ $? -eq 124 ]
check "who looks on changes no statistic" "$(h5diff "$t" "$u" /stats/values 2>&1)" \
    h5diff "$t" "$u" /stats/values
record "$u" "$root/configs/ooo4.ini" $some $small -s trace.from=cycle:20K -s trace.to=cycle:30K
checked "a window in cycles" cycles "$u" "$t" 20000 30000
record "$u" "$root/configs/ooo4.ini" $some $small -s trace.last=12345
checked "the last ones only" youngest "$u" "$t" 12345

refused() { # NAME WORDS COMMAND...
    local name=$1 words=$2
    shift 2
    capture refused "$simrun" -q --force -o "$u" -s trace.memory=yes "$@"
    check "refused: $name" "$(cat "$work/refused.err")" \
        [ "$(status_of refused)$(grep -c "$words" "$work/refused.err")" = 1251 ]
}
refused "a core with caches of its own" "caches of its own" "$root/configs/microwatt.ini" -- \
    "$root/tests/rtl/images/crc32.elf"
refused "functional mode" "nothing has cycles" -m functional "$base" -- "$program"
capture none "$simrun" -q -o none -s trace.memory=yes "$base" -- "$program"
check "no file to record in" "$(cat "$work/none.err")" \
    [ "$(status_of none)$(grep -c "no file to record in" "$work/none.err")" = 1251 ]
capture none "$build/simstat" export --format requests "$root/README.md"
check "no file" "$(cat "$work/none.err")" [ "$(status_of none)" -eq 125 ]
finish
