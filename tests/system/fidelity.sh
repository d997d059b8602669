#!/bin/bash
# The presets against their references: no error has grown beyond what the tree records, the page
# says what is measured, and the model counts the same whether or not it sleeps through idle cycles.
. "$(dirname "$0")/lib.sh"
rtl=$root/tests/rtl

capture rules /usr/bin/python3 "$root/tests/fidelity/table_check.py"
check "what is accepted" "$(tail -n 3 "$work/rules.err")" [ "$(status_of rules)" = 0 ]

limit=900 capture table /usr/bin/python3 "$root/tests/fidelity/fidelity.py" --build "$build" \
    --output "$work/fidelity.h5" --page "$work/page"
why=$(grep -E '^(wrong|worse|better|gone):' "$work/table.out"; tail -n 3 "$work/table.err")
check table "$why" \
    [ "$(status_of table)" = 0 ]
page=$root/tests/fidelity/README.md
check "page" "make fidelity-record: $(diff "$page" "$work/page/README.md")" \
    cmp -s "$page" "$work/page/README.md"
check "picture" "$(tail -n 3 "$work/table.err")" [ -s "$work/page/accuracy.png" ]

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
