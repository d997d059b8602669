#!/usr/bin/env bash
# /trace/inst and its exports: counters agree, every reader sees the same rows, windows are exact,
# and the formats are what their tools read.
. "$(dirname "$0")/lib.sh"

cat >"$work/check.py" <<'END'
"""What a trace must be like; one function a check, its name is the first argument."""
import json, struct, subprocess, sys
import numpy as np
from simresult import Result

TAKEN, LOAD, STORE, SYSTEM, BRANCH = 1, 2, 4, 32, 64
PARTIAL, SQUASHED, REACHED = 128, 256, {"decode": 512, "issue": 1024, "done": 2048}
STAGES = ("fetch", "decode", "issue", "done", "retire")


def counters(path):
    with Result(path) as r:
        t, s = r.trace(), r.stats
        flags = t["flags"]
        assert len(flags) == s["core.instructions"], len(flags)
        assert np.count_nonzero(flags & LOAD) == s["core.loads"]
        assert np.count_nonzero(flags & STORE) == s["core.stores"]
        assert np.count_nonzero(flags & BRANCH) == s["bpred.branches"]
        assert np.count_nonzero(flags & TAKEN) == s["bpred.taken"]


def order(path):
    with Result(path) as r:
        t = r.trace()
        for a, b in zip(STAGES, STAGES[1:]):
            assert (t[a] <= t[b]).all(), (a, b)
        assert (np.diff(t["retire"].astype(np.int64)) >= 0).all()
        # Straight on, but after taken branches and through the system.
        odd = np.flatnonzero(np.diff(t["pc"].astype(np.int64)) != 4)
        assert (t["flags"][odd] & (TAKEN | SYSTEM)).all()


def squashed(path, without):
    """Squashed rows are as many as were squashed, and the others those of a trace without them."""
    with Result(path) as r, Result(without) as other:
        t, expected = r.trace(), other.trace()
        vain = t["flags"] & SQUASHED > 0
        assert np.count_nonzero(vain) == r.stats["core.squashed_instructions"] > 1000
        for name, column in expected.items():
            assert (t[name][~vain] == column).all(), name
        assert (np.diff(t["retire"].astype(np.int64)) >= 0).all()
        assert not (t["flags"][~vain] & sum(REACHED.values())).any()
        before = vain
        for stage, flag in REACHED.items():
            reached = vain & (t["flags"] & flag > 0)
            assert not (reached & ~before).any(), stage
            assert (t[stage][vain & ~reached] == t["retire"][vain & ~reached]).all(), stage
            assert 0 < np.count_nonzero(reached) < np.count_nonzero(vain), stage
            before = reached


def flushed(path, exported):
    """Konata is told of them as flushed, in the stages that they reached."""
    flushes, seen = {}, {}
    for line in open(exported).read().splitlines()[2:]:
        f = line.split("\t")
        if f[0] == "S":
            seen.setdefault(f[1], []).append(f[3])
        elif f[0] == "R":
            flushes[int(f[2])] = (f[3], "".join(seen[f[1]]))
    with Result(path) as r:
        flags = r.trace(0, len(flushes))["flags"]
    assert len(flushes) == 5000
    for row, (kind, stages) in flushes.items():
        vain = bool(flags[row] & SQUASHED)
        all_of_it = "F" + "".join(s for s, flag in zip("DXW", REACHED.values())
                                  if flags[row] & flag or not vain)
        assert kind == str(int(vain)) and stages == all_of_it, (row, kind, stages)
    assert any(kind == "1" for kind, _ in flushes.values())


def halves(path):
    """Markers are whole; each load with update, of which this program has some, is in halves."""
    with Result(path) as r:
        t = r.trace()
        marker = np.isin(t["word"], [0x7f5ad378, 0x7f9ce378])
        partial = t["flags"] & PARTIAL != 0
        assert marker.sum() == 4 and not partial[marker].any()
        assert 0 < partial.sum() < len(partial) / 2, partial.sum()


def pieces(path):
    with Result(path) as r:
        whole = r.trace()
        rows = len(whole["pc"])
        for first in range(0, rows, 30011):
            piece = r.trace(first, 777)
            for name, column in piece.items():
                assert (column == whole[name][first:first + 777]).all(), (name, first)


def size(path):
    with Result(path) as r:
        inst = r.file["trace/inst"]
        stored = sum(inst[n].id.get_storage_size() for n in inst)
        per = stored / inst["pc"].size
        print(f"{per:.2f} bytes an instruction")
        assert per < 6


def csv(path, exported):
    with Result(path) as r:
        t = r.trace(0, 5000)
        lines = open(exported).read().splitlines()
        assert len(lines) == len(t["pc"]) + 1
        for n, line in enumerate(lines[1:]):
            head, text, tail = line.split('"')
            row, pc, word, _ = head.split(",")
            fields = tail.split(",")
            assert (int(row), int(pc, 16), int(word, 16)) == (n, t["pc"][n], t["word"][n])
            assert int(fields[2] or "0", 16) == t["ea"][n], line
            assert [int(x) for x in fields[5:]] == [t[s][n] for s in STAGES], line


def konata(path, exported):
    """A strict reader of Kanata 0004."""
    lines = open(exported).read().splitlines()
    assert lines[0] == "Kanata\t0004" and lines[1].startswith("C=\t")
    now, open_ids, stage, retired, seen = int(lines[1].split("\t")[1]), {}, {}, [], {}
    for line in lines[2:]:
        f = line.split("\t")
        if f[0] == "C":
            assert len(f) == 2 and int(f[1]) > 0
            now += int(f[1])
        elif f[0] == "I":
            assert len(f) == 4 and int(f[1]) not in open_ids and f[3] == "0"
            open_ids[int(f[1])] = int(f[2])
            seen[int(f[1])] = {}
        elif f[0] == "L":
            assert len(f) == 4 and int(f[1]) in open_ids and f[2] in "01" and f[3]
        elif f[0] == "S":
            assert len(f) == 4 and int(f[1]) in open_ids and f[2] == "0" and f[3] in "FDXW"
            seen[int(f[1])][f[3]] = now
        elif f[0] == "R":
            assert len(f) == 4 and f[3] == "0" and open_ids.pop(int(f[1])) == int(f[2])
            seen[int(f[1])]["R"] = now
            retired.append(int(f[2]))
        else:
            raise AssertionError(line)
    assert not open_ids and retired == sorted(retired)
    with Result(path) as r:
        t = r.trace(0, len(retired))
        for n in range(len(retired)):
            assert [seen[n][s] for s in "FDXWR"] == [t[s][n] for s in STAGES]


def perfetto(path, exported):
    events = json.load(open(exported))["traceEvents"]
    lanes = {}
    for e in events:
        assert e["ph"] == "X" and e["pid"] == 1 and e["dur"] > 0 and e["ts"] >= 0 and e["name"]
        if "args" in e:  # an instruction: none of its lane overlaps it
            assert lanes.get(e["tid"], 0) <= e["ts"]
            lanes[e["tid"]] = e["ts"] + e["dur"]
            inside = e
        else:
            assert inside["ts"] <= e["ts"]
            assert e["ts"] + e["dur"] <= inside["ts"] + inside["dur"] and e["tid"] == inside["tid"]
    with Result(path) as r:
        assert sum("args" in e for e in events) == min(5000, len(r.trace()["pc"]))


def champsim(path, exported):
    data = open(exported, "rb").read()
    with Result(path) as r:
        t = r.trace()
        assert len(data) == 64 * len(t["pc"])
        kinds = {}
        for n in range(len(t["pc"])):
            ip, branch, taken, d0, d1, s0, s1, s2, s3, dm0, dm1, *sm = struct.unpack_from(
                "<QBB2B4B2Q4Q", data, 64 * n)
            flags = t["flags"][n]
            assert ip == t["pc"][n] and bool(branch) == bool(flags & BRANCH)
            assert bool(taken) == bool(flags & TAKEN and branch)
            assert dm0 == (t["ea"][n] if flags & STORE and t["bytes"][n] else 0) and dm1 == 0
            assert sm[0] == (t["ea"][n] if flags & LOAD and t["bytes"][n] else 0)
            if branch:  # as ChampSim's tracereader tells them apart
                sources = {s0, s1, s2, s3}
                writes_sp, reads_sp = 6 in (d0, d1), 6 in sources
                reads_ip, flag, other = 26 in sources, 25 in sources, 99 in sources
                assert 26 in (d0, d1)
                kind = ("return" if reads_sp and not reads_ip and writes_sp else
                        "call" if writes_sp and reads_sp and reads_ip else
                        "conditional" if flag else "indirect" if other else "jump")
                kinds[kind] = kinds.get(kind, 0) + 1
        assert kinds["call"] and kinds["return"] and kinds["conditional"], kinds
        assert abs(kinds["call"] - kinds["return"]) < 0.1 * kinds["call"], kinds


globals()[sys.argv[1]](*sys.argv[2:])
END
checked() { # NAME TAG FUNCTION ARGUMENT...
    local name=$1 function=$2
    shift 2
    capture "$function" env PYTHONWARNINGS=ignore PYTHONPATH="$root/analysis" \
        PYTHONDONTWRITEBYTECODE=1 \
        /usr/bin/python3 "$work/check.py" "$function" "$@"
    check "$name" "$(cat "$work/$function.err")" [ "$(status_of "$function")" -eq 0 ]
}
record() { # FILE CONFIG OPTION...
    local file=$1 config=$2
    shift 2
    "$simrun" -q --force -o "$file" -s trace.instructions=yes "$@" "$config" -- \
        "$build/workloads/calls" >/dev/null </dev/null || [ $? -eq 124 ]
}
rows_of() {
    h5dump -H -d /trace/inst/pc "$1" |
        sed -n 's/.*DATASPACE *SIMPLE { ( \([0-9]*\) ).*/\1/p' | head -n 1
}

t=$work/t.h5
for model in base ooo4; do
    config=$root/configs/$model.ini
    record "$t" "$config" -s system.max_instructions=200K
    checked "$model: counts from the trace equal the counters" counters "$t"
    checked "$model: stages follow each other, and the program goes on" order "$t"
    checked "$model: any piece can be read alone" pieces "$t"
    checked "$model: a row is small" size "$t"
done
for format in csv konata perfetto; do
    "$build/simstat" export --format $format --count 5000 -o "$work/t.$format" "$t" 2>/dev/null
    checked "export: $format" $format "$t" "$work/t.$format"
done
"$build/simstat" export --format champsim -o "$work/t.champsim" "$t" 2>/dev/null
checked "export: champsim" champsim "$t" "$work/t.champsim"

"$simrun" -q --force -o "$work/mw.h5" -s trace.instructions=yes -s sample.markers=yes \
    "$root/configs/microwatt.ini" -- "$root/tests/rtl/images/ldu_stdu.elf"
checked "markers are no halves of instructions" halves "$work/mw.h5"

# What was fetched in vain.
record "$work/vain.h5" "$root/configs/ooo4.ini" -s system.max_instructions=200K \
    -s trace.squashed=yes
checked "squashed: as many as counted, and nothing else changes" squashed "$work/vain.h5" "$t"
"$build/simstat" export --format konata --count 5000 -o "$work/t.konata" "$work/vain.h5" \
    2>/dev/null
checked "squashed: Konata shows them as flushed" flushed "$work/vain.h5" "$work/t.konata"
"$build/simstat" export --format champsim -o "$work/vain.champsim" "$work/vain.h5" 2>/dev/null
check "squashed: ChampSim does not see them" "they differ" \
    cmp "$work/t.champsim" "$work/vain.champsim"
record "$work/part.h5" "$root/configs/ooo4.ini" -s system.max_instructions=200K \
    -s trace.squashed=yes -s trace.last=5K
for file in vain part; do
    "$build/simstat" export --format csv "$work/$file.h5" 2>/dev/null | sed 's/^[0-9]*,//' |
        tail -n 5000 >"$work/$file.csv"
done
check "squashed: the last ones only" "they differ" cmp "$work/vain.csv" "$work/part.csv"

record "$work/w.h5" "$base" -s trace.from=instruction:50K -s trace.to=instruction:60K
check "a window by instructions" "$(rows_of "$work/w.h5")" [ "$(rows_of "$work/w.h5")" -eq 10000 ]
"$build/simstat" export --format csv "$work/w.h5" 2>/dev/null | sed 's/^[0-9]*,//' >"$work/w.csv"
record "$work/all.h5" "$base" -s system.max_instructions=70K
"$build/simstat" export --format csv --first 50K --count 10K "$work/all.h5" 2>/dev/null |
    sed 's/^[0-9]*,//' >"$work/all.csv"
check "... has the rows of the whole trace" "they differ" cmp "$work/w.csv" "$work/all.csv"
record "$work/last.h5" "$base" -s trace.last=1234 -s system.max_instructions=70K
"$build/simstat" export --format csv "$work/last.h5" 2>/dev/null | sed 's/^[0-9]*,//' | tail -n 5 \
    >"$work/last.csv"
"$build/simstat" export --format csv --first 69995 "$work/all.h5" 2>/dev/null |
    sed 's/^[0-9]*,//' | tail -n 5 >"$work/end.csv"
check "the last ones only" "$(rows_of "$work/last.h5")" [ "$(rows_of "$work/last.h5")" -eq 1234 ]
check "... are the last ones" "they differ" cmp "$work/last.csv" "$work/end.csv"
record "$work/main.h5" "$base" -s trace.from=symbol:main -s system.max_instructions=200K
main=$(powerpc64le-linux-gnu-nm "$build/workloads/calls" | awk '$3 == "main" { print $1 }')
first=$("$build/simstat" export --format csv --count 1 "$work/main.h5" 2>/dev/null |
    sed -n '2s/[0-9]*,0x\([0-9a-f]*\),.*/\1/p')
check "a window from a function on" "$first is not $main" [ $((16#$first)) -eq $((16#$main)) ]

# The profile: totals of callgrind's own reader, and of the folded stacks, are the counters.
"$simrun" -q --force -o "$work/p.h5" -s output.functions=yes -s system.max_instructions=200K \
    "$root/configs/ooo4.ini" -- "$build/workloads/calls" >/dev/null </dev/null || true
"$build/simstat" export --format callgrind -o "$work/callgrind.out" "$work/p.h5"
"$build/simstat" export --format flame -o "$work/folded" "$work/p.h5"
slots=$(awk '{ sum += $NF } END { printf "%d", sum }' "$work/folded")
counted=$(PYTHONWARNINGS=ignore PYTHONPATH="$root/analysis" PYTHONDONTWRITEBYTECODE=1 \
    /usr/bin/python3 -c "from simresult import Result
r = Result('$work/p.h5')
print(r.stats['core.cycles'] * 4, r.stats['core.instructions'])")
check "export: flame: all slots" "$slots, counted $counted" [ "$slots" = "${counted% *}" ]
check "export: callgrind: all instructions and slots" "$(tail -n 1 "$work/callgrind.out")" \
    grep -q "^totals: ${counted#* } ${counted% *} " "$work/callgrind.out"
if command -v callgrind_annotate >/dev/null; then
    callgrind_annotate "$work/callgrind.out" >"$work/annotated" 2>&1 || true
    check "... as callgrind_annotate reads them" "$(head -n 20 "$work/annotated")" \
        grep -q "$(echo "${counted#* }" | sed ':a;s/\B[0-9]\{3\}\>/,&/;ta').*PROGRAM TOTALS" \
        "$work/annotated"
fi

refused() { # NAME MESSAGE OPTION...
    local name=$1 message=$2
    shift 2
    capture refused "$simrun" -q --force -o "$t" "$@" "$base" -- "$build/workloads/calls"
    check "$name" "$(cat "$work/refused.err")" \
        [ "$(status_of refused)$(grep -c "$message" "$work/refused.err")" = 1251 ]
}
refused "a window that is none" "write instruction:N" -s trace.instructions=yes -s trace.from=main
refused "a function that is none" "no such function" -s trace.instructions=yes \
    -s trace.to=symbol:nowhere
refused "nothing is squashed in order" "executes nothing in vain" -s trace.instructions=yes \
    -s trace.squashed=yes
refused "no file to record in" "no file to record in" -s trace.instructions=yes -o none
capture none "$build/simstat" export --format csv "$work/none.h5"
check "no file" "$(cat "$work/none.err")" [ "$(status_of none)" -eq 125 ]

finish
