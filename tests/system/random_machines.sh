#!/bin/bash
# Random memory systems and cores of each pipeline; MACHINES=500 for a long run, SEED=1000 for
# others.
. "$(dirname "$0")/lib.sh"
: "${MACHINES:=40}" "${SEED:=220}"
for machine in "base inorder" "ooo4 ooo"; do
    set -- $machine
    check "$MACHINES random machines after $1.ini" "see above" \
        /usr/bin/python3 "$root/tests/system/random_machines.py" "$simrun" \
        "$root/configs/$1.ini" "$2" "$build/workloads/hashtable" "$MACHINES" "$SEED"
done
finish
