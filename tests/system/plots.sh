#!/usr/bin/env bash
# The figures of analysis/ are drawn from results and sweeps, with the figures that simstat prints;
# mistakes are told in a line.
. "$(dirname "$0")/lib.sh"
cd "$work"
plot() { # TAG SCRIPT ARGUMENT...
    local tag=$1 script=$2
    shift 2
    capture "$tag" env PYTHONDONTWRITEBYTECODE=1 PYTHONWARNINGS=ignore \
        /usr/bin/python3 "$root/analysis/$script.py" "$@"
}
drawn() { # NAME TAG SVG TEXT...: the figure was drawn, and says so
    local name=$1 tag=$2 svg=$3 text why=""
    shift 3
    [ "$(status_of "$tag")" = 0 ] || why=$(tail -n 1 "$tag.err")
    for text; do
        grep -q -e ">$text<" "$svg" || why="$why; not in it: $text"
    done
    check "$name" "$why" [ -z "$why" ]
}

cat >s.ini <<END
[sweep]
config = $root/configs/base.ini
directory = s
core.bpred.direction = bimodal, gshare
l1d.size = 4KiB, 8KiB, 16KiB
l1d.ways = 2
system.max_instructions = 30K
[workload.calls]
program = $build/workloads/calls
[workload.sort]
program = $build/workloads/sort
END
"$simrun" sweep s.ini >sweep.out 2>&1
for machine in base ooo4; do
    for program in calls sort; do
        "$simrun" -q -o $machine-$program.h5 -s system.max_instructions=50K \
            -s output.interval=5K "$root/configs/$machine.ini" -- "$build/workloads/$program" \
            >/dev/null </dev/null || [ $? -eq 124 ]
    done
done

results="base=base-calls.h5 base=base-sort.h5 ooo4=ooo4-calls.h5 ooo4=ooo4-sort.h5"
plot bars plot_bars $results --metric ipc -o bars.svg
mean=$(for f in base-calls base-sort; do
    "$build/simstat" summary $f.h5 | awk '$1 == "IPC" { print $2 }'
done | awk '{ p = p ? p * $1 : $1 } END { printf "%.2f", sqrt(p) }')
drawn "IPC of results with the geometric mean" bars bars.svg calls sort base ooo4 "$mean" \
    "geometric mean" "instructions per cycle"
plot mpki plot_bars s/sweep.h5 --by core.bpred.direction --metric mpki -o mpki.svg
drawn "mispredicts by predictor" mpki mpki.svg bimodal gshare mean \
    "mispredicts per 1000 instructions"
plot misses plot_misses s/sweep.h5 --cache l1d -o misses.svg
drawn "miss curves" misses misses.svg calls sort 4KiB 16KiB "misses per 1000 instructions"
plot sweep plot_sweep s/sweep.h5 --x l1d.size --by core.bpred.direction -o sweep.png
check "a sweep" "$(cat sweep.err)" [ "$(status_of sweep)" = 0 -a -s sweep.png ]
plot time plot_intervals ooo4-sort.h5 -o time.png
check "CPI stack over time" "$(cat time.err)" [ "$(status_of time)" = 0 -a -s time.png ]

capture notebook env BUILD="$build" "$root/analysis/notebook.sh" --check
check "the cells of the notebook run" "$(tail -n 2 notebook.err)" [ "$(status_of notebook)" = 0 ]
check "and its stored outputs are whole and of no host" "they are not" /usr/bin/python3 - <<END
import json
cells = [c for c in json.load(open("$root/analysis/tour.ipynb"))["cells"]
         if c["cell_type"] == "code"]
outputs = json.dumps([c["outputs"] for c in cells])
assert [c["execution_count"] for c in cells] == list(range(1, len(cells) + 1))
assert outputs.count("image/png") == 3 and '"error"' not in outputs and '"stderr"' not in outputs
assert not any(f"/{folder}/" in outputs for folder in ("home", "root", "tmp")), "paths"
assert "$root/" not in outputs
END

mistake() { # NAME WORDS SCRIPT ARGUMENT...
    local name=$1 words=$2
    shift 2
    plot mistake "$@"
    check "mistake: $name" "$(status_of mistake): $(cat mistake.err)" \
        [ "$(status_of mistake) $(wc -l <mistake.err) $(grep -c "$words" mistake.err)" = "125 1 1" ]
}
mistake "two results of one name" "label them" plot_bars base-calls.h5 base-calls.h5
mistake "no such statistic" "l9.misses" plot_bars s/sweep.h5 --metric l9.misses
mistake "no such parameter" "there are" plot_misses s/sweep.h5 --cache l2
mistake "no such file" "nothing.h5" plot_misses nothing.h5
finish
