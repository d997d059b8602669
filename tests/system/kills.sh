#!/usr/bin/env bash
# Whatever ends a run, nothing under a final name is damaged or says more than it holds: kill -9 at
# random moments (KILLS of them, 100 by hand), SIGTERM, a full disk, flipped bytes.
. "$(dirname "$0")/lib.sh"
kills=${KILLS:-8}
flips=${FLIPS:-40}
cd "$work"
RANDOM=${SEED:-1}
run=("$simrun" -q -s trace.instructions=yes -s trace.memory=yes -s output.interval=10K
    -s system.max_instructions=300K "$root/configs/ooo4.ini" -- "$build/workloads/hashtable")

cat >whole.py <<'END'
"""Each file named is whole, and every dataset in it can be read: prints what is not."""
import sys
import warnings
import h5py
from simresult import Result

warnings.simplefilter("ignore")
for path in sys.argv[1:]:
    try:
        with Result(path) as r:
            r.file.visititems(lambda name, o: o[()] if isinstance(o, h5py.Dataset) else None)
            rows, instructions = len(r.trace()["pc"]), r.stats["core.instructions"]
            if r.status not in ("complete", "limit", "killed") or rows != instructions:
                print(f"{path}: {r.status}, {rows} rows, {instructions} instructions")
    except Exception as error:
        print(f"{path}: {error!r}")
END
python=(env PYTHONPATH="$root/analysis" PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3)
whole() { [ $# -eq 0 ] || "${python[@]}" whole.py "$@"; }

# kill_after SECONDS SIGNAL COMMAND...: the command's process group is killed after so long.
kill_after() {
    local after=$1 signal=$2 pid
    shift 2
    setsid "$@" >/dev/null 2>&1 </dev/null &
    pid=$!
    sleep "$after"
    kill -"$signal" -- "-$pid" 2>/dev/null || true
    { wait "$pid"; } 2>/dev/null || true
}

start=$(date +%s%N)
"${run[@]:0:2}" -o one.h5 "${run[@]:2}" >/dev/null </dev/null || [ $? -eq 124 ]
took=$((($(date +%s%N) - start) / 1000000 + 1)) # ms
check "a run that nobody kills" "$(whole one.h5)" [ -z "$(whole one.h5)" ]

for ((n = 0; n < kills; n++)); do
    kill_after "$(printf '%d.%03d' $((t = RANDOM * took / 24000, t / 1000)) $((t % 1000)))" 9 \
        "${run[@]:0:2}" -o "k$n.h5" "${run[@]:2}"
done
finals=$(ls k*.h5 2>/dev/null || true)
check "kill -9 of $kills runs: what has its final name is whole ($(echo $finals | wc -w) have)" \
    "$(whole $finals)" [ -z "$(whole $finals)" ]
part=$(find . -name 'k*.h5.part' | head -n 1)
if [ -z "$part" ]; then # all were too quick
    part=torn.h5.part
    head -c 5000 one.h5 >"$part"
fi
"${run[@]:0:2}" -o "${part%.part}" "${run[@]:2}" >/dev/null </dev/null || [ $? -eq 124 ]
check "what they left behind is in nobody's way" "$part" [ ! -e "$part" -a -e "${part%.part}" ]

cat >many.ini <<END
[sweep]
config = $root/configs/ooo4.ini
l2.size = 128KiB, 256KiB, 512KiB, 1MiB
trace.instructions = yes
system.max_instructions = 50K
[workload.hashtable]
program = $build/workloads/hashtable
END
for ((n = 0; n < kills; n++)); do
    kill_after "0.$((RANDOM % 9))" 9 "$simrun" sweep -j 2 many.ini
done
results=$(find many -name result.h5)
check "kill -9 of sweeps: what has its final name is whole ($(echo $results | wc -w) have)" \
    "$(whole $results)" [ -z "$(whole $results)" ]
capture again "$simrun" sweep -j 2 many.ini
results=$(find many -name result.h5)
check "... and the last call does what is left" "$(tail -n 3 again.err) $(whole $results)" \
    [ "$(status_of again)$(echo $results | wc -w)$(whole $results)" = 04 ]

long=("${run[@]}")
long[9]=system.max_instructions=1G
"${long[@]:0:2}" -o term.h5 "${long[@]:2}" >/dev/null 2>&1 </dev/null &
for ((n = 0; n < 600; n++)); do # until something has been recorded
    [ "$(stat -c %s term.h5.part 2>/dev/null || echo 0)" -lt 100000 ] || break
    sleep 0.1
done
kill -TERM $!
wait $! || true
check "SIGTERM: all that was recorded" "$(whole term.h5)" [ -z "$(whole term.h5)" ]
check "SIGTERM: and says so" "$(h5dump -a /status term.h5)" \
    grep -q '"killed"' <(h5dump -a /status term.h5)

for blocks in 8 200 1000; do # of 1024 bytes
    capture full bash -c "ulimit -f $blocks; exec \"\$@\"" bash "${run[@]:0:2}" -o full.h5 \
        "${run[@]:2}"
    left=$(find . -name 'full.h5*')
    check "no more than $blocks KiB: one clear error, no file" \
        "$(status_of full): $(cat full.err) $left" \
        [ "$(status_of full)$(grep -c 'full.h5.part: cannot write' full.err)$left" = 1251 ]
done

size=$(stat -c %s one.h5) passed_as_whole=
for ((n = 0; n < flips; n++)); do
    at=$(((RANDOM * 32768 + RANDOM) % (size - 24)))
    cp one.h5 flipped.h5
    byte=$(od -An -tu1 -j $at -N 1 one.h5)
    printf "\\x$(printf %02x $((byte ^ (1 << RANDOM % 8))))" |
        dd of=flipped.h5 bs=1 seek=$at conv=notrunc status=none
    for command in "$build/simstat summary" "$simrun verify"; do
        capture flipped $command flipped.h5
        [ "$(status_of flipped)$(grep -c 'flipped.h5: damaged' flipped.err)" = 1251 ] ||
            passed_as_whole="$passed_as_whole $at"
    done
done
check "$flips flipped bits are told" "at $passed_as_whole" [ -z "$passed_as_whole" ]
check "Python is told, too" "it was not" grep -q 'OSError.*damaged' <(whole flipped.h5)
finish
