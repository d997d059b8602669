#!/bin/bash
# Random memory systems; MACHINES=500 for a long run, SEED=1000 for others.
. "$(dirname "$0")/lib.sh"
for program in lz hashtable; do
    check "$program on ${MACHINES:=40} random machines" "see above" \
        /usr/bin/python3 "$root/tests/system/random_machines.py" "$simrun" "$base" \
        "$build/workloads/$program" "$MACHINES" "${SEED:-0}"
done
finish
