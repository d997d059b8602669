#!/bin/bash
# Random memory systems and cores of each pipeline; MACHINES=500 for a long run, SEED=1000 for
# others. A quarter of them once more with a program of cache management instructions, and with
# programs of several threads on several cores. Of those of one core each fourth is timed in part
# and warmed in between.
. "$(dirname "$0")/lib.sh"
: "${MACHINES:=40}" "${SEED:=220}"
powerpc64le-linux-gnu-gcc -O2 -mcpu=power9 -static "$root/tests/system/guest/cache_ops.c" \
    -o "$work/cache_ops"

"${GUEST_CC:-powerpc64le-linux-gnu-gcc}" -D_GNU_SOURCE -O2 -static -pthread -o "$work/threads" \
    "$root/tests/system/several/guest.c"

# random_machines CONFIG MODEL PROGRAM COUNT [CORES]
random_machines() {
    check "$4 random machines after $1.ini run ${3##*/}" "see above" \
        /usr/bin/python3 "$root/tests/system/random_machines.py" "$simrun" \
        "$root/configs/$1.ini" "$2" "$3" "$4" "$SEED" "${5:-1}"
}

for machine in "base inorder" "ooo4 ooo"; do
    set -- $machine
    random_machines "$1" "$2" "$build/workloads/hashtable" "$MACHINES"
    random_machines "$1" "$2" "$work/cache_ops" "$(((MACHINES + 3) / 4))"
    random_machines "$1" "$2" "$work/threads mutex 4 20" "$(((MACHINES + 3) / 4))" 4
    random_machines "$1" "$2" "$work/threads producer_consumer 2 40" "$(((MACHINES + 3) / 4))" 2
done
finish
