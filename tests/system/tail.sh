#!/bin/bash
# simstat tail: rows before the run ends, the same rows as afterwards, and an end in every case.
. "$(dirname "$0")/lib.sh"
cd "$work"

touch live.err killed.err

# start TAG: a run without end in the background; 1024 rows, which HDF5 writes at once, would take
# minutes.
start() {
    "$simrun" -q -o "$1.h5" -s output.interval=500K "$root/configs/ooo4.ini" -- \
        "$build/workloads/lz" 100000 >/dev/null 2>"$1.run.err" &
    run=$!
}
# until_true SECONDS COMMAND...: false when it does not become true.
until_true() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        [ $SECONDS -lt $end ] || return 1
        sleep 0.1
    done
}
has_rows() { grep -q '^ *[0-9]' "$1" 2>/dev/null; }

# What is seen was written before the run's end.
start live
until_true 20 [ -e live.h5.part ]
timeout "$limit" "$build/simstat" tail --csv live.h5 >live.out 2>live.err &
tail=$!
check "rows before the end" "$(cat live.err)" until_true 60 has_rows live.out
check "of a file under way" "$(ls)" [ -e live.h5.part -a ! -e live.h5 ]
sleep 3
kill -TERM "$run"
wait "$run" || true
check "ends with the run" "$(tail -n 2 live.out live.err)" wait "$tail"
check "and says how it ended" "$(tail -n 1 live.out)" \
    grep -q '^#live.h5: status killed after [0-9]* intervals$' live.out
"$build/simstat" intervals --csv --columns instructions,cycles,ipc live.h5 | grep '^[0-9]' >after
grep '^[0-9]' live.out | cut -d, -f1-4 >seen
check "the same rows as afterwards" "$(diff seen after | head -n 3)" cmp -s seen after

# Per 1000 instructions, of a file that is complete.
"$build/simstat" intervals --csv --columns instructions,l1d.misses live.h5 |
    awk -F, '/^[0-9]/ { printf "%.6g\n", 1000 * $3 / $2 }' >rates
awk -F, 'NR == 1 { for (n = 1; n <= NF; n++) if ($n == "l1d.misses_per_1000") at = n }
    /^[0-9]/ { printf "%.6g\n", $at }' live.out >printed
check "misses of 1000 instructions" "$(diff rates printed | head -n 3)" cmp -s rates printed
capture again "$build/simstat" tail --csv live.h5
check "a complete file at once" "$(diff again.out live.out | head -n 3)" cmp -s again.out live.out

# A run that is killed leaves its .part; the lock of a living one is what tells.
start killed
until_true 20 [ -e killed.h5.part ]
timeout "$limit" "$build/simstat" tail killed.h5.part >killed.out 2>killed.err &
tail=$!
check "a table" "$(cat killed.err)" until_true 60 has_rows killed.out
kill -KILL "$run"
wait "$run" 2>/dev/null || true
check "ends when the run is killed" "$(cat killed.err)" wait "$tail"
check "and says so" "$(tail -n 1 killed.out)" \
    grep -Eq '^killed.h5.part: status running after [0-9]+ .*; its run was cut off$' killed.out

# A file that vanishes, one that never was, one that is none.
start gone
until_true 20 [ -e gone.h5.part ]
timeout "$limit" "$build/simstat" tail gone.h5 >gone.out 2>gone.err &
tail=$!
until_true 60 has_rows gone.out || true
rm gone.h5.part
code=0
wait "$tail" || code=$?
kill -KILL "$run"
wait "$run" 2>/dev/null || true
check "a file that vanishes" "$code: $(cat gone.err)" \
    [ "$code" = 125 -a "$(grep -c 'has given up and kept no result' gone.err)" = 1 ]
capture absent "$build/simstat" tail absent.h5
check "a file that never was" "$(cat absent.err)" grep -q 'and no run is writing it' absent.err
echo text >text.h5
capture text "$build/simstat" tail text.h5
check "a file that is none" "$(cat text.err)" grep -q 'not a result file' text.err
finish
