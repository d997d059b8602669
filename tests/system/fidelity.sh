#!/bin/bash
# The presets against their references: no error has grown beyond what the tree records, and the
# model counts the same whether or not it sleeps through idle cycles.
. "$(dirname "$0")/lib.sh"
rtl=$root/tests/rtl

limit=600 capture table /usr/bin/python3 "$root/tests/fidelity.py" --simrun "$simrun"
check table "$(grep worse "$work/table.out")" [ "$(status_of table)" = 0 ]

# Cycles of all phases, and the CPI stack, with and without looking at every cycle.
counted() {
    capture run "$simrun" -o none -s core.bus.extra_cycles=20 -s "system.skip_idle=$2" \
        "$root/configs/microwatt.ini" -- "$rtl/images/$1.elf"
    grep -E 'phase|result|%$|#$' "$work/run.err"
}

for program in ld_str64_64k fdiv mixbench vm_l2tlb icbi_isync; do
    check "$program sleeping" "" [ "$(counted $program yes)" = "$(counted $program no)" ]
done
finish
