#!/bin/sh
# Makes the figures of analysis/README.md: runs what they are drawn from, unless it is there
# already, and draws.
# usage: analysis/figures.sh BUILD [FOLDER]
set -eu
cd "$(dirname "$0")/.."
build=$1
to=${2:-analysis/figures}
python="${PYTHON:-/usr/bin/python3} -B -W ignore"
runs=$build/study/machines
mkdir -p "$runs" "$to"

for machine in base ooo4; do
    for program in calls sort interp matmul hashtable lz; do
        result=$runs/$machine-$program.h5
        labelled="${labelled:-} $machine=$result"
        [ -e "$result" ] || "$build/simrun" -q -o "$result" -s sample.warmup=500K \
            -s output.interval=20K -s system.max_instructions=2M "configs/$machine.ini" -- \
            "$build/workloads/$program" >/dev/null || [ $? -eq 124 ]
    done
done
"$build/simrun" sweep configs/sweeps/predictors.ini
"$build/simrun" sweep configs/sweeps/sizes.ini

$python analysis/plot_bars.py $labelled --metric ipc -o "$to/ipc.png"
$python analysis/plot_intervals.py "$runs/ooo4-lz.h5" -o "$to/intervals.png"
$python analysis/plot_bars.py build/study/predictors/sweep.h5 --by core.bpred.direction \
    --metric mpki -o "$to/mispredicts.png"
$python analysis/plot_misses.py build/study/sizes/sweep.h5 --cache l1d -o "$to/misses.png"
