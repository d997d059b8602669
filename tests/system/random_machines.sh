#!/bin/bash
# Random memory systems below each pipeline; MACHINES=500 for a long run, SEED=1000 for others.
. "$(dirname "$0")/lib.sh"
: "${MACHINES:=40}" "${SEED:=220}" # the 22nd woke a core in a cycle that it had been through
for machine in base ooo4; do
    check "$MACHINES random memory systems below $machine.ini" "see above" \
        /usr/bin/python3 "$root/tests/system/random_machines.py" "$simrun" \
        "$root/configs/$machine.ini" "$build/workloads/hashtable" "$MACHINES" "$SEED"
done
finish
